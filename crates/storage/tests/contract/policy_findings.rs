//! The `policy_findings` table.

use domain::{Timestamp, UserId};
use storage::policy_findings;
use storage::{Result, Store, users};
use testkit::{Backend, Database, on_every_backend};

use crate::given::{self, NOW, later};
use crate::plans::assert_by_index;

on_every_backend!(Database::fresh =>
    findings_are_replaced_and_read_in_pieces,
    pieces_are_read_in_the_order_in_which_they_are_kept,
    a_finding_belongs_to_an_account,
);

/// Bytes that are no text in any character set.
const POLICY: [u8; 32] = [0xff; 32];
const OTHER: [u8; 32] = [0; 32];

async fn replace(store: &Store, id: UserId, policy: &[u8], rules: &[&str], now: Timestamp) {
    let rules: Vec<String> = rules.iter().map(|rule| (*rule).to_owned()).collect();
    let replaced: Result<()> = storage::transact!(store, |tx| {
        policy_findings::replace(tx, id, policy, &rules, now).await?;
    });
    replaced.expect("replaced");
}

/// What is found, in pieces of so many rows: whose, which rule, when.
async fn pieces(store: &Store, limit: i64) -> Vec<(UserId, String, Vec<u8>, Timestamp)> {
    let mut read = store.read().await.expect("a connection");
    let (mut all, mut after) = (Vec::new(), UserId(uuid::Uuid::nil()));
    loop {
        let piece = policy_findings::piece(&mut read, after, limit).await.expect("a piece");
        let found = piece.found.into_iter();
        all.extend(found.map(|one| (one.user_id, one.rule, one.policy, one.seen_at)));
        match piece.next {
            Some(next) => after = next,
            None => break,
        }
    }
    all.sort();
    all
}

fn found(
    rows: &[(UserId, &str, [u8; 32], Timestamp)],
) -> Vec<(UserId, String, Vec<u8>, Timestamp)> {
    let rows = rows.iter();
    let mut rows: Vec<_> = rows
        .map(|(id, rule, policy, at)| (*id, (*rule).to_owned(), policy.to_vec(), *at))
        .collect();
    rows.sort();
    rows
}

async fn findings_are_replaced_and_read_in_pieces(database: Database) {
    let store = &database.store;
    assert_eq!(pieces(store, 4).await, []);
    let ann = given::ann(store).await.id;
    let bob = given::user(store, &given::named("bob")).await.id;
    let kim = given::user(store, &given::named("kim")).await.id;
    replace(store, ann, &POLICY, &["b", "a"], later(1)).await;
    replace(store, bob, &POLICY, &["b"], later(2)).await;
    replace(store, kim, &OTHER, &["b"], later(3)).await;
    let (bobs, kims) = ((bob, "b", POLICY, later(2)), (kim, "b", OTHER, later(3)));
    for limit in [3, 4, 5, 100] {
        let expected =
            found(&[(ann, "a", POLICY, later(1)), (ann, "b", POLICY, later(1)), bobs, kims]);
        assert_eq!(pieces(store, limit).await, expected, "by {limit}");
    }
    // The same again is only seen again; another rule, or the same under another policy, is new.
    replace(store, ann, &POLICY, &["a", "b"], later(4)).await;
    let again = [(ann, "a", POLICY, later(4)), (ann, "b", POLICY, later(4)), bobs, kims];
    assert_eq!(pieces(store, 9).await, found(&again));
    replace(store, ann, &POLICY, &["c"], later(5)).await;
    assert_eq!(pieces(store, 9).await, found(&[(ann, "c", POLICY, later(5)), bobs, kims]));
    replace(store, ann, &OTHER, &["c"], later(6)).await;
    let anns = (ann, "c", OTHER, later(6));
    assert_eq!(pieces(store, 9).await, found(&[anns, bobs, kims]));
    // Who is gone does not count, even before the purge.
    let deleted: Result<()> = storage::transact!(store, |tx| {
        users::delete(tx, bob, NOW, later(9), None).await?;
        policy_findings::delete_of_user(tx, kim).await?;
    });
    deleted.expect("deleted");
    assert_eq!(pieces(store, 9).await, found(&[anns]));
}

/// A report reads them from end to end: in the order in which they are kept, not sorted anew.
async fn pieces_are_read_in_the_order_in_which_they_are_kept(database: Database) {
    let store = &database.store;
    for name in ["ann", "bob", "kim"] {
        let id = given::user(store, &given::named(name)).await.id;
        replace(store, id, &POLICY, &["a"], later(1)).await;
    }
    let (nobody, key) = match database.backend {
        Backend::Postgres => ("'00000000-0000-0000-0000-000000000000'", "policy_findings_pkey"),
        Backend::Sqlite => ("X'00'", "sqlite_autoindex_policy_findings_1"),
        Backend::MySql => ("X'00'", "range PRIMARY"),
    };
    assert_by_index(&database, &[("policy_findings::PIECE", &[nobody, "9"], key)]).await;
}

async fn a_finding_belongs_to_an_account(database: Database) {
    let nobody = given::user_id();
    let nobodys: Result<()> = storage::transact!(database.store, |tx| {
        policy_findings::replace(tx, nobody, &POLICY, &["a".to_owned()], NOW).await?;
    });
    nobodys.expect_err("there is no such account");
}
