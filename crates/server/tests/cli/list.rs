//! `user list`: a table for people, lines for machines.

use testkit::Backend;

use super::Stage;

async fn five() -> Stage {
    let stage = Stage::migrated(Backend::Sqlite).await;
    for name in ["ann", "bob", "cid", "dan", "eve"] {
        stage.create(name);
    }
    stage
}

#[tokio::test]
async fn pages_meet_without_gap_or_overlap() {
    let stage = five().await;
    let (mut after, mut names) = ("0".to_owned(), Vec::new());
    loop {
        let page = stage.run(&["user", "list", "--json", "--limit", "2", "--after", &after]).is(0);
        let users = page.json();
        names.extend(users.iter().map(|user| user["username"].as_str().unwrap().to_owned()));
        let last = users.last().unwrap()["number"].to_string();
        if !page.err.contains("more:") {
            break;
        }
        page.says(&format!("more: vestibule user list --after {last}"));
        after = last;
    }
    assert_eq!(names, ["ann", "bob", "cid", "dan", "eve"]);
}

#[tokio::test]
async fn people_get_a_table_that_names_everybody() {
    let stage = five().await;
    stage.run(&["user", "delete", "cid", "--yes"]).is(0);
    let table = stage.run(&["user", "list"]).is(0);
    let lines: Vec<Vec<&str>> =
        table.out.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0], ["NUMBER", "USERNAME", "E-MAIL", "PHONE", "STATUS", "ROLES", "MADE"]);
    assert_eq!(lines[3][..6], ["3", "cid", "cid@example.org", "-", "deleted", "user"]);
    assert_eq!(lines.len(), 6);
    assert_eq!(table.err, "");
}

#[tokio::test]
async fn a_page_has_a_size() {
    let stage = Stage::migrated(Backend::Sqlite).await;
    for size in ["0", "1001", "-1", "all"] {
        stage.run(&["user", "list", "--limit", size]).is(2);
    }
}
