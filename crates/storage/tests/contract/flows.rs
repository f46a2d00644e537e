//! The `flows` table.

use domain::flow::{FlowKind, FlowStep};
use domain::{Surface, Timestamp, UserId};
use storage::flows::{self, Flow, Place};
use storage::{Result, Store};
use testkit::{Database, on_every_backend};

use crate::given::{self, NOW, later};

on_every_backend!(Database::fresh =>
    a_flow_is_found_where_it_is_and_nowhere_else,
    what_is_over_is_not_found_and_forgotten,
    those_of_an_account_are_forgotten_with_it,
);

/// Bytes that are no text in any character set.
const KEY: [u8; 32] = [0xff; 32];
const NEXT: [u8; 32] = [0xfd; 32];
const SEALED: &[u8] = &[0, 0xff, 0x80];

const fn place(key_hash: &[u8]) -> Place<'_> {
    let (surface, kind, step) = (Surface::MailedCodes, FlowKind::Recovery, FlowStep::Code);
    Place { key_hash, surface, kind, step }
}

async fn insert(store: &Store, key_hash: &[u8], user_id: Option<UserId>, expires_at: Timestamp) {
    let flow = Flow { user_id, sealed: SEALED.to_vec() };
    let inserted: Result<()> = storage::transact!(store, |tx| {
        flows::insert(tx, place(key_hash), &flow, expires_at).await?;
    });
    inserted.expect("inserted");
}

async fn find(store: &Store, place: Place<'_>, now: Timestamp) -> Option<Flow> {
    let found: Result<Option<Flow>> =
        storage::transact!(store, |tx| { flows::find(tx, place, now).await? });
    found.expect("a read")
}

async fn a_flow_is_found_where_it_is_and_nowhere_else(database: Database) {
    let store = &database.store;
    insert(store, &KEY, None, later(60)).await;
    let found = find(store, place(&KEY), NOW).await.expect("there");
    assert_eq!(found, Flow { user_id: None, sealed: SEALED.to_vec() });
    for elsewhere in [
        place(&[0xfe; 32]),
        Place { surface: Surface::Native, ..place(&KEY) },
        Place { kind: FlowKind::SignIn, ..place(&KEY) },
        Place { step: FlowStep::NewPassword, ..place(&KEY) },
    ] {
        assert_eq!(find(store, elsewhere, NOW).await, None, "{elsewhere:?}");
    }
    let moved: Result<()> = storage::transact!(store, |tx| {
        flows::go_on(tx, &KEY, &NEXT, FlowStep::NewPassword, b"more", later(120)).await?;
    });
    moved.expect("moved");
    assert_eq!(find(store, place(&KEY), NOW).await, None);
    let old = Place { step: FlowStep::NewPassword, ..place(&KEY) };
    assert_eq!(find(store, old, NOW).await, None, "the key is another one");
    let next = Place { step: FlowStep::NewPassword, ..place(&NEXT) };
    assert_eq!(find(store, next, later(119)).await.expect("there").sealed, b"more");
    let deleted: Result<()> = storage::transact!(store, |tx| { flows::delete(tx, &NEXT).await? });
    deleted.expect("deleted");
    assert_eq!(find(store, next, NOW).await, None);
}

async fn what_is_over_is_not_found_and_forgotten(database: Database) {
    let store = &database.store;
    insert(store, &KEY, None, later(60)).await;
    insert(store, &[1; 32], None, later(61)).await;
    assert_eq!(find(store, place(&KEY), later(60)).await, None);
    let forgotten: Result<u64> =
        storage::transact!(store, |tx| { flows::delete_over(tx, later(60)).await? });
    assert_eq!(forgotten.expect("forgotten"), 1);
    assert_eq!(database.count("flows").await, 1);
}

async fn those_of_an_account_are_forgotten_with_it(database: Database) {
    let store = &database.store;
    let ann = given::ann(store).await.id;
    insert(store, &KEY, Some(ann), later(60)).await;
    insert(store, &[1; 32], None, later(60)).await;
    let forgotten: Result<()> =
        storage::transact!(store, |tx| { flows::delete_of_user(tx, ann).await? });
    forgotten.expect("forgotten");
    assert_eq!(find(store, place(&KEY), NOW).await, None);
    assert_eq!(database.count("flows").await, 1);
}
