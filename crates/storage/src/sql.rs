//! One statement, three spellings.
//!
//! SQL is written once, in the common subset, with placeholders `$1, $2, …` in order; the MySQL
//! spelling is computed while compiling. A backend that must differ is named beside the rest:
//! `sql!("…", mysql: "…")`. See `docs/PORTABLE-SQL.md`.

/// A statement in the spelling of each backend.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sql {
    pub(crate) sqlite: &'static str,
    pub(crate) postgres: &'static str,
    pub(crate) mysql: &'static str,
}

/// Rewrites `$1, $2, …` to `?`, and says how many bytes of the buffer are used.
///
/// A `$` that no digit follows is itself, as in paths of JSON.
///
/// Panics while compiling when a placeholder is skipped, repeated or out of order: MySQL could
/// not bind it.
pub(crate) const fn question_marks<const N: usize>(text: &str) -> ([u8; N], usize) {
    let source = text.as_bytes();
    let mut target = [0_u8; N];
    let (mut read, mut written, mut expected) = (0, 0, 1);
    while read < source.len() {
        if source[read] == b'$' && read + 1 < source.len() && source[read + 1].is_ascii_digit() {
            let mut number = 0;
            read += 1;
            while read < source.len() && source[read].is_ascii_digit() {
                number = number * 10 + (source[read] - b'0') as usize;
                read += 1;
            }
            assert!(number == expected, "placeholders must be $1, $2, … once each, in order");
            expected += 1;
            target[written] = b'?';
        } else {
            target[written] = source[read];
            read += 1;
        }
        written += 1;
    }
    (target, written)
}

macro_rules! mysql_text {
    ($text:expr) => {{
        const TEXT: &str = $text;
        const BUFFER: ([u8; TEXT.len()], usize) =
            $crate::sql::question_marks::<{ TEXT.len() }>(TEXT);
        match std::str::from_utf8(BUFFER.0.split_at(BUFFER.1).0) {
            Ok(text) => text,
            Err(_) => unreachable!(),
        }
    }};
}

/// A portable statement; backends that must differ are named after it.
macro_rules! sql {
    ($all:expr $(,)?) => {
        $crate::sql::Sql { sqlite: $all, postgres: $all, mysql: mysql_text!($all) }
    };
    ($all:expr, sqlite: $sqlite:expr $(,)?) => {
        $crate::sql::Sql { sqlite: $sqlite, postgres: $all, mysql: mysql_text!($all) }
    };
    ($all:expr, postgres: $postgres:expr $(,)?) => {
        $crate::sql::Sql { sqlite: $all, postgres: $postgres, mysql: mysql_text!($all) }
    };
    ($all:expr, sqlite: $sqlite:expr, mysql: $mysql:expr $(,)?) => {
        $crate::sql::Sql { sqlite: $sqlite, postgres: $all, mysql: mysql_text!($mysql) }
    };
    ($all:expr, postgres: $postgres:expr, mysql: $mysql:expr $(,)?) => {
        $crate::sql::Sql { sqlite: $all, postgres: $postgres, mysql: mysql_text!($mysql) }
    };
    ($all:expr, mysql: $mysql:expr $(,)?) => {
        $crate::sql::Sql { sqlite: $all, postgres: $all, mysql: mysql_text!($mysql) }
    };
}

/// The time of the database in microseconds, as of the beginning of the statement: the same for
/// every instance, however wrong their own clocks are.
macro_rules! database_now {
    (sqlite) => {
        "CAST(unixepoch('now', 'subsec') * 1000000 AS INTEGER)"
    };
    (postgres) => {
        "CAST(EXTRACT(EPOCH FROM statement_timestamp()) * 1000000 AS BIGINT)"
    };
    (mysql) => {
        "CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS SIGNED)"
    };
}

/// A statement with the time of the database between its two halves.
macro_rules! recorded {
    ($before:expr, $after:expr) => {
        sql!(
            concat!($before, database_now!(sqlite), $after),
            postgres: concat!($before, database_now!(postgres), $after),
            mysql: concat!($before, database_now!(mysql), $after)
        )
    };
}

/// Deletes at most `$3` rows for which the condition, which ends with a value, holds. Named twice: a
/// row that changes meanwhile is looked at again where it is deleted, and MySQL binds as many.
macro_rules! delete_some {
    ($table:literal, $key:literal, $condition:literal) => {
        sql!(
            concat!(
                "DELETE FROM ", $table, " WHERE ", $condition, "$1 AND (", $key, ") IN (SELECT ",
                $key, " FROM ", $table, " WHERE ", $condition, "$2 LIMIT $3)"
            ),
            mysql: concat!(
                "DELETE FROM ", $table, " WHERE ", $condition, "$1 AND ", $condition, "$2 LIMIT $3"
            )
        )
    };
}

/// Declares the statements of a table and lists them by name for the suite that prepares them.
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $sql:expr;)+) => {
        $($(#[$doc])* const $name: $crate::sql::Sql = $sql;)+

        pub(crate) const STATEMENTS: &[(&str, $crate::sql::Sql)] =
            &[$((concat!(module_path!(), "::", stringify!($name)), $name)),+];
    };
}

/// One row or none, decoded into `$row`.
macro_rules! fetch_optional {
    ($read:expr, $sql:expr, $row:ty $(, $argument:expr)* $(,)?) => {
        on_backend!($read, $sql, |text, connection| {
            $crate::transact::answered(
                sqlx::query_as::<_, $row>(text)$(.bind($argument))*.fetch_optional(connection),
            )
            .await
        })
    };
}

/// Exactly one row, decoded into `$row`.
macro_rules! fetch_one {
    ($read:expr, $sql:expr, $row:ty $(, $argument:expr)* $(,)?) => {
        on_backend!($read, $sql, |text, connection| {
            $crate::transact::answered(
                sqlx::query_as::<_, $row>(text)$(.bind($argument))*.fetch_one(connection),
            )
            .await
        })
    };
}

/// Every row, decoded into `$row`.
macro_rules! fetch_all {
    ($read:expr, $sql:expr, $row:ty $(, $argument:expr)* $(,)?) => {
        on_backend!($read, $sql, |text, connection| {
            $crate::transact::answered(
                sqlx::query_as::<_, $row>(text)$(.bind($argument))*.fetch_all(connection),
            )
            .await
        })
    };
}

/// Runs a writing statement inside a transaction; answers how many rows it matched.
macro_rules! execute {
    ($tx:expr, $sql:expr $(, $argument:expr)* $(,)?) => {{
        let tx: &mut $crate::Tx = $tx;
        on_backend!(tx, $sql, |text, connection| {
            $crate::transact::answered(sqlx::query(text)$(.bind($argument))*.execute(connection))
                .await
                .map(|done| done.rows_affected())
        })
    }};
}
