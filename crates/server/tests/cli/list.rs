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
        page.says(&format!("more: the same with --after {last}"));
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

#[tokio::test]
async fn some_are_found_in_the_order_asked_for_and_counted() {
    let stage = five().await;
    stage.run(&["user", "block", "bob"]).is(0);
    stage.run(&["user", "delete", "cid", "--yes"]).is(0);
    let names = |arguments: &[&str]| {
        let ended = stage.run(&[&["user", "list", "--json"], arguments].concat()).is(0);
        let users = ended.json();
        let name = |user: &serde_json::Value| user["username"].as_str().unwrap().to_owned();
        (users.iter().map(name).collect::<Vec<_>>(), ended.err)
    };
    for (arguments, expected) in [
        (vec!["--search", "B"], vec!["bob"]),
        (vec!["--contains", "EXAMPLE", "--status", "blocked,deleted"], vec!["bob", "cid"]),
        (vec!["--sort", "username", "--order", "desc", "--limit", "2"], vec!["eve", "dan"]),
        (vec!["--role", "user", "--status", "active"], vec!["ann", "dan", "eve"]),
        (vec!["--created-before", "2020-01-01"], vec![]),
        (vec!["--email-verified", "true"], vec![]),
    ] {
        assert_eq!(names(&arguments).0, expected, "{arguments:?}");
    }
    assert_eq!(names(&["--total", "--after", "3"]).1, "5 in all\n");

    let order = ["--sort", "email", "--limit", "3"];
    let (first, said) = names(&order);
    let cursor = said.trim().strip_prefix("more: the same with --cursor ").unwrap();
    let (second, _) = names(&[&order[..], &["--cursor", cursor]].concat());
    assert_eq!([first, second].concat(), ["ann", "bob", "cid", "dan", "eve"]);
    let other = stage.run(&["user", "list", "--sort", "username", "--cursor", cursor]).is(2);
    other.says("not of a list with this filter and order");
    let hyphen = stage.run(&["user", "list", "--cursor", "-4Zk"]).is(2);
    hyphen.says("not of a list with this filter and order");
    for wrong in [["--contains", "ab"], ["--status", "purged"], ["--created-after", "now"]] {
        stage.run(&[&["user", "list"], &wrong[..]].concat()).is(2);
    }
}

#[tokio::test]
async fn many_are_changed_at_once_after_a_look() {
    let stage = five().await;
    let status = |name: &str| stage.account(name)["status"].as_str().unwrap().to_owned();
    let all = ["user", "bulk", "block", "--contains", "example.org", "--reason", "spam"];
    stage.run(&all).is(0).says("5 accounts; nothing was done: add --apply --expect 5");
    assert_eq!(status("ann"), "active");
    let apply = |more: &[&str]| stage.run(&[&all[..], &["--apply"], more].concat());
    apply(&["--expect", "4"]).is(4).says("by now 5 accounts are meant");
    assert_eq!(status("ann"), "active");
    apply(&["--expect", "5"]).is(0).says("5 changed, 0 were so already");
    assert_eq!(status("eve"), "blocked");
    let told = apply(&["--json"]).is(0).json();
    let expected = serde_json::json!({
        "dry_run": false, "changed": 0, "unchanged": 5, "failed": [], "left": 0,
    });
    assert_eq!(told, [expected]);

    stage.run(&["user", "bulk", "delete", "--search", "bob", "--apply"]).is(0).says("1 changed");
    let restored = stage.run(&["user", "bulk", "restore", "--search", "bob", "--apply"]).is(0);
    restored.says("1 changed");
    let role = ["user", "bulk", "grant-role", "moderator", "--search", "cid", "--apply"];
    stage.run(&role).is(0).says("1 changed");
    let role = ["user", "bulk", "grant-role", "nobody", "--search", "cid", "--apply"];
    stage.run(&role).is(4).says("role_not_found").says("1 accounts stay as they are");
    for wrong in [
        vec!["block"],
        vec!["unblock", "--search", "ann", "--reason", "x"],
        vec!["delete", "moderator", "--search", "ann"],
        vec!["grant-role", "--search", "ann"],
        vec!["block", "--search", "ann", "--expect", "1"],
    ] {
        stage.run(&[&["user", "bulk"], &wrong[..]].concat()).is(2);
    }
    stage.run(&["fsck"]).is(0);
}
