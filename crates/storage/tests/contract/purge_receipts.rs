//! The `purge_receipts` table.

use storage::purge_receipts::{self, PurgeReceipt};
use storage::{Result, users};
use testkit::{Database, on_every_backend};

use crate::given::{self, NOW, later};

on_every_backend!(Database::fresh => a_receipt_is_read_back_and_there_is_one);

async fn a_receipt_is_read_back_and_there_is_one(database: Database) {
    let store = &database.store;
    let ann = given::ann(store).await;
    let written: Result<()> = storage::transact!(store, |tx| {
        users::delete(tx, ann.id, NOW, later(1), None).await?;
        purge_receipts::insert(tx, ann.id, "administrator", later(2)).await?;
    });
    written.expect("a receipt");
    let mut read = store.read().await.expect("a connection");
    let found = purge_receipts::find(&mut read, ann.id).await.expect("an answer");
    let expected = PurgeReceipt {
        number: ann.number,
        deleted_at: NOW,
        deleted_by: "administrator".to_owned(),
        purged_at: later(2),
    };
    assert_eq!(found, Some(expected));
    assert_eq!(purge_receipts::find(&mut read, given::user_id()).await.expect("an answer"), None);
    drop(read);
    let again: Result<()> = storage::transact!(store, |tx| {
        purge_receipts::insert(tx, ann.id, "system", later(3)).await?;
    });
    again.expect_err("one receipt for an account");
}
