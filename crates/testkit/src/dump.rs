//! Everything that a database holds, to look for what must not be there.

use std::collections::BTreeMap;

use sqlx::{Connection, MySqlConnection, PgConnection, Row as _, SqliteConnection};
use storage::Backend;

use crate::database::Database;

/// All rows of all tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dump(BTreeMap<String, Vec<Row>>);

/// From the name of a column to its value, as bytes; what is NULL is left out. Numbers are spelt
/// in decimal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row(BTreeMap<String, Vec<u8>>);

/// Lists the columns, then reads each table; the same for every driver.
macro_rules! dump {
    ($connection:ty, $url:expr, $columns:literal, $as_bytes:expr) => {{
        let mut own = <$connection>::connect($url).await.expect("a connection");
        let listed = sqlx::query_as($columns).fetch_all(&mut own).await;
        let mut tables: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
        for (table, column, kind) in listed.expect("the tables can be listed") {
            let (table, column, kind): (String, String, String) = (table, column, kind);
            let bytes = $as_bytes(&column, &kind);
            tables.entry(table).or_default().push((column, bytes));
        }
        let mut dump = BTreeMap::new();
        for (table, columns) in tables {
            let bytes: Vec<&str> = columns.iter().map(|(_, bytes)| bytes.as_str()).collect();
            let statement = format!("SELECT {} FROM {table}", bytes.join(", "));
            let rows = sqlx::query(sqlx::AssertSqlSafe(statement)).fetch_all(&mut own).await;
            let rows = rows.expect("a table can be read").into_iter().map(|row| {
                let named = columns.iter().enumerate().filter_map(|(index, (column, _))| {
                    let value: Option<Vec<u8>> = row.get(index);
                    value.map(|value| (column.clone(), value))
                });
                Row(named.collect())
            });
            dump.insert(table, rows.collect());
        }
        Dump(dump)
    }};
}

impl Database {
    /// How many rows a table has.
    pub async fn count(&self, table: &str) -> usize {
        self.dump().await.rows(table).len()
    }

    pub async fn dump(&self) -> Dump {
        match self.backend {
            Backend::Sqlite => dump!(
                SqliteConnection,
                &self.url,
                "SELECT m.name, p.name, p.type FROM sqlite_master m \
                 JOIN pragma_table_info(m.name) p WHERE m.type = 'table'",
                |column: &str, _: &str| format!("CAST({column} AS BLOB)")
            ),
            Backend::Postgres => dump!(
                PgConnection,
                &self.url,
                "SELECT table_name::text, column_name::text, data_type::text \
                 FROM information_schema.columns WHERE table_schema = 'public'",
                |column: &str, kind: &str| match kind {
                    "bytea" => column.to_owned(),
                    _ => format!("convert_to({column}::text, 'UTF8')"),
                }
            ),
            Backend::MySql => dump!(
                MySqlConnection,
                &self.url,
                "SELECT CAST(table_name AS CHAR), CAST(column_name AS CHAR), \
                 CAST(data_type AS CHAR) FROM information_schema.columns \
                 WHERE table_schema = DATABASE()",
                |column: &str, _: &str| format!("CAST({column} AS BINARY)")
            ),
        }
    }
}

impl Dump {
    /// The rows of one table.
    pub fn rows(&self, table: &str) -> &[Row] {
        self.0.get(table).unwrap_or_else(|| panic!("no table {table}"))
    }

    /// Where `needle` stands, as `table.column`.
    pub fn places_of(&self, needle: &str) -> Vec<String> {
        let needle = needle.as_bytes();
        let mut places = Vec::new();
        for (table, rows) in &self.0 {
            for (column, value) in rows.iter().flat_map(|row| &row.0) {
                if value.windows(needle.len()).any(|part| part == needle) {
                    places.push(format!("{table}.{column}"));
                }
            }
        }
        places.sort();
        places.dedup();
        places
    }
}

impl Row {
    /// None when it is NULL.
    pub fn bytes(&self, column: &str) -> Option<&[u8]> {
        self.0.get(column).map(Vec::as_slice)
    }

    /// The empty text when it is NULL.
    pub fn text(&self, column: &str) -> String {
        String::from_utf8_lossy(self.bytes(column).unwrap_or_default()).into_owned()
    }

    /// A number.
    pub fn number(&self, column: &str) -> i64 {
        let text = self.text(column);
        text.parse().unwrap_or_else(|error| panic!("{column} is {text:?}: {error}"))
    }
}
