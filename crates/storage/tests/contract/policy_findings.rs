//! The `policy_findings` table.

use domain::{Timestamp, UserId};
use storage::policy_findings::{self, Totals};
use storage::{Result, Store, users};
use testkit::{Database, on_every_backend};

use crate::given::{self, NOW, later};

on_every_backend!(Database::fresh =>
    findings_are_replaced_and_counted_by_rule,
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

async fn counts(store: &Store, policy: &[u8]) -> (Vec<(String, i64)>, Totals) {
    let mut read = store.read().await.expect("a connection");
    let rules = policy_findings::count_by_rule(&mut read, policy).await.expect("counts");
    (rules, policy_findings::totals(&mut read, policy).await.expect("totals"))
}

fn counted(rules: &[(&str, i64)]) -> Vec<(String, i64)> {
    rules.iter().map(|(rule, count)| ((*rule).to_owned(), *count)).collect()
}

async fn findings_are_replaced_and_counted_by_rule(database: Database) {
    let store = &database.store;
    assert_eq!(counts(store, &POLICY).await, (Vec::new(), Totals::default()));
    let ann = given::ann(store).await.id;
    let bob = given::user(store, &given::named("bob")).await.id;
    let kim = given::user(store, &given::named("kim")).await.id;
    replace(store, ann, &POLICY, &["b", "a"], later(1)).await;
    replace(store, bob, &POLICY, &["b"], later(2)).await;
    replace(store, kim, &OTHER, &["b"], later(3)).await;
    let totals =
        Totals { accounts: 2, first_seen_at: Some(later(1)), last_seen_at: Some(later(2)) };
    assert_eq!(counts(store, &POLICY).await, (counted(&[("a", 1), ("b", 2)]), totals));
    replace(store, ann, &POLICY, &["c"], later(4)).await;
    let totals = Totals { first_seen_at: Some(later(2)), last_seen_at: Some(later(4)), ..totals };
    assert_eq!(counts(store, &POLICY).await, (counted(&[("b", 1), ("c", 1)]), totals));
    // Who is gone does not count, even before the purge.
    let deleted: Result<()> = storage::transact!(store, |tx| {
        users::delete(tx, bob, NOW, later(9), None).await?;
        policy_findings::delete_of_user(tx, kim).await?;
    });
    deleted.expect("deleted");
    assert_eq!(counts(store, &POLICY).await.0, counted(&[("c", 1)]));
    assert_eq!(counts(store, &OTHER).await, (Vec::new(), Totals::default()));
}

async fn a_finding_belongs_to_an_account(database: Database) {
    let nobody = given::user_id();
    let nobodys: Result<()> = storage::transact!(database.store, |tx| {
        policy_findings::replace(tx, nobody, &POLICY, &["a".to_owned()], NOW).await?;
    });
    nobodys.expect_err("there is no such account");
}
