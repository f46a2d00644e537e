//! Who may do what: every path and method of every document, asked by everybody, against a table
//! that is committed beside this file (AUZ-01, AUZ-02).
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod bodies;
mod people;
mod router;
mod routes;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;

use testkit::{App, Backend};

use people::{People, Who};
use routes::{Credentials, Route};

/// Rewrites the table instead of comparing with it.
const UPDATE: &str = "VESTIBULE_UPDATE_GOLDEN";

const HEAD: &str = "\
# What each path answers to whom. `owner` is whoever the ids of the path belong to, `other` another
# account without any role; `service` is a service with every permission of services.
# Made by: VESTIBULE_UPDATE_GOLDEN=1 cargo test -p api matrix
";

/// At least so many lines are about administrators.
const ADMINISTRATIVE: usize = 28;

fn file() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/matrix/golden.txt")
}

/// Rights do not depend on the database.
#[tokio::test]
async fn auz_01_every_route_answers_everybody_as_the_table_says() {
    let app = App::on(Backend::Sqlite).await;
    let routes = routes::all(&app).await;
    let mut people = People::new(&app).await;
    let mut table = BTreeMap::new();
    for route in &routes {
        let mut statuses = Vec::new();
        for who in Who::ALL {
            statuses.push(ask(&app, &mut people, route, who).await);
        }
        // Where everybody gets 401, it is what stood in the body that was no good.
        let opens = statuses[0] == 401 && statuses.iter().any(|status| *status != 401);
        let says = route.credentials;
        let is_true = says == Credentials::Optional || opens == (says == Credentials::Needed);
        assert!(is_true, "{route}: {statuses:?}, but the document says {says:?}");
        assert!(table.insert(route.to_string(), statuses).is_none(), "{route} is there twice");
    }
    let found = written(&table);
    if is_update() {
        std::fs::write(file(), &found).expect("the table can be written");
        return;
    }
    let committed = std::fs::read_to_string(file()).unwrap_or_default();
    let differences = differences(&committed, &found);
    assert!(
        differences.is_empty(),
        "rights are not as {} says:\n{differences}\nIf each line with + is meant, write the table \
         anew: {UPDATE}=1 cargo test -p api matrix",
        file().display(),
    );
}

#[expect(clippy::disallowed_methods, reason = "whoever runs the test says so; no setting of ours")]
fn is_update() -> bool {
    std::env::var(UPDATE).is_ok()
}

/// As fresh people, so that no answer depends on an earlier one.
async fn ask(app: &App, people: &mut People, route: &Route, who: Who) -> u16 {
    let scene = people.scene(app, route, who).await;
    let path = scene.fill(&route.path);
    let call = app.call(route.method.clone(), &path);
    let call = match bodies::body(route, &scene) {
        Some((kind, body)) => call.header("content-type", &kind).body(body),
        None => call,
    };
    scene.sign(call).send().await.status.as_u16()
}

fn written(table: &BTreeMap<String, Vec<u16>>) -> String {
    let width = table.keys().map(String::len).max().unwrap_or(0);
    let mut text = HEAD.to_owned();
    let mut line = |route: &str, cells: Vec<String>| {
        let cells: Vec<String> = cells.iter().map(|cell| format!("{cell:>9}")).collect();
        writeln!(text, "{route:width$}{}", cells.concat()).expect("a text grows");
    };
    line("", Who::ALL.iter().map(|who| who.name().to_owned()).collect());
    for (route, statuses) in table {
        line(route, statuses.iter().map(u16::to_string).collect());
    }
    text
}

/// Lines of one text that the other does not have, as a diff shows them.
fn differences(committed: &str, found: &str) -> String {
    let lines = |text: &str| -> Vec<String> {
        text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    };
    let (committed, found) = (lines(committed), lines(found));
    let gone =
        committed.iter().filter(|line| !found.contains(line)).map(|line| format!("- {line}"));
    let new = found.iter().filter(|line| !committed.contains(line)).map(|line| format!("+ {line}"));
    gone.chain(new).collect::<Vec<_>>().join("\n")
}

/// What the table is for, read off it: a mistake in it is not committed by rewriting it.
#[test]
fn auz_01_the_table_says_what_is_meant() {
    let committed = std::fs::read_to_string(file()).expect("the table is committed");
    let administrative: Vec<&str> =
        committed.lines().filter(|line| line.contains("/api/v1/admin/")).collect();
    assert!(administrative.len() >= ADMINISTRATIVE, "{committed}");
    for line in administrative {
        let cells: Vec<&str> = line.split_whitespace().skip(2).collect();
        let [anonymous, owner, other, _, admin, service] = cells[..] else { panic!("{line}") };
        assert_eq!([anonymous, service], ["401", "401"], "{line}");
        assert_eq!([owner, other], ["403", "403"], "{line}");
        assert!(admin.starts_with('2'), "{line}");
    }
    let own: Vec<&str> = committed.lines().filter(|line| line.contains("/users/current")).collect();
    assert!(own.len() >= 6, "{committed}");
    for line in own {
        assert_eq!(line.split_whitespace().nth(2), Some("401"), "{line}");
    }
}
