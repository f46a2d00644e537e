//! The `blocks` table.

use domain::Status;
use storage::blocks::{self, Block};
use storage::{Store, users};
use testkit::{Database, on_every_backend};

use crate::given::{self, NOW, later};

on_every_backend!(Database::fresh =>
    a_block_is_read_back_replaced_and_forgotten,
    a_blocked_account_says_until_when,
);

async fn known(store: &Store, id: domain::UserId) -> Option<Block> {
    let mut read = store.read().await.expect("a connection");
    blocks::find(&mut read, id).await.expect("an answer")
}

async fn a_block_is_read_back_replaced_and_forgotten(database: Database) {
    let store = &database.store;
    let (ann, bob) =
        (given::ann(store).await.id, given::user(store, &given::named("bob")).await.id);
    assert_eq!(known(store, ann).await, None);
    let longest = Block { reason: Some("😀".repeat(500)), until: Some(later(1)) };
    for block in [longest, Block { reason: None, until: Some(later(2)) }, Block::default()] {
        let set: storage::Result<()> =
            storage::transact!(store, |tx| { blocks::set(tx, ann, &block).await? });
        set.expect("written");
        assert_eq!(known(store, ann).await, Some(block));
    }
    let forgotten: storage::Result<()> = storage::transact!(store, |tx| {
        blocks::set(tx, bob, &Block::default()).await?;
        blocks::delete(tx, ann).await?;
    });
    forgotten.expect("written");
    assert_eq!(known(store, ann).await, None);
    assert_eq!(known(store, bob).await, Some(Block::default()));
}

async fn a_blocked_account_says_until_when(database: Database) {
    let store = &database.store;
    let ann = given::ann(store).await.id;
    for until in [Some(later(9)), None] {
        let blocked: storage::Result<()> = storage::transact!(store, |tx| {
            users::block(tx, ann, NOW).await?;
            blocks::set(tx, ann, &Block { reason: None, until }).await?;
        });
        blocked.expect("written");
        assert_eq!(given::read(store, ann).await.status, Status::Blocked { until });
    }
}
