//! Finding accounts by what names them, and page by page.

use domain::user::Identifiers;
use domain::{Identifier, IdentifierKind, User};
use storage::{Store, users};
use testkit::{Database, on_every_backend};

use crate::given::{self, later};

on_every_backend!(Database::fresh =>
    an_account_is_found_by_each_of_its_identifiers,
    what_nobody_can_be_called_finds_nobody,
    a_restoration_token_finds_its_account,
    pages_follow_each_other_without_the_purged,
);

async fn find(store: &Store, identifier: &Identifier) -> Option<User> {
    let mut read = store.read().await.expect("a connection");
    users::find_by_identifier(&mut read, identifier).await.expect("an answer")
}

async fn an_account_is_found_by_each_of_its_identifiers(database: Database) {
    let identifiers = Identifiers {
        username: Some(given::username("Zoë")),
        email: Some(given::email("Zoë@Bücher.example")),
        phone: Some(given::phone("+1 555 010-0000")),
    };
    let user = given::user(&database.store, &identifiers).await;
    given::ann(&database.store).await;
    for text in ["ZOE\u{308}", "zoë@xn--bcher-kva.example", "ZOË@BÜCHER.example", "15550100000"]
    {
        let found = find(&database.store, &Identifier::recognise(text)).await;
        assert_eq!(found.as_ref(), Some(&user), "{text}");
    }
}

async fn what_nobody_can_be_called_finds_nobody(database: Database) {
    given::ann(&database.store).await;
    given::user(&database.store, &given::called("+15550100")).await;
    let never = ["ann ", "Ánn", "", "ann%", "a_n", "ann'--", "ａｎｎ", "😀", &"x".repeat(5000)];
    for text in never {
        assert_eq!(find(&database.store, &Identifier::recognise(text)).await, None, "{text}");
    }
    let of_no_kind = Identifier::of_kind(IdentifierKind::Phone, "ann");
    assert_eq!(find(&database.store, &of_no_kind).await, None);
}

async fn a_restoration_token_finds_its_account(database: Database) {
    let ann = given::ann(&database.store).await;
    given::user(&database.store, &given::named("bob")).await;
    // Bytes that are no text in any character set, the last of them blank.
    let digest: Vec<u8> = (0..31).map(|n| n * 8 + 7).chain([b' ']).collect();
    let deleted: storage::Result<()> = storage::transact!(database.store, |tx| {
        users::delete(tx, ann.id, later(0), later(1), Some(&digest)).await?;
    });
    deleted.expect("the account is deleted");
    let mut read = database.store.read().await.expect("a connection");
    let found = users::find_by_restoration(&mut read, &digest).await.expect("an answer");
    assert_eq!(found.map(|user| user.id), Some(ann.id));
    let shorter = users::find_by_restoration(&mut read, &digest[..31]).await.expect("an answer");
    assert_eq!(shorter, None);
}

async fn pages_follow_each_other_without_the_purged(database: Database) {
    let store = &database.store;
    let mut expected = Vec::new();
    for name in ["ann", "bob", "cid", "dan", "eve"] {
        expected.push(given::user(store, &given::named(name)).await);
    }
    let purged = expected.remove(1);
    let erased: storage::Result<()> =
        storage::transact!(store, |tx| { users::purge(tx, purged.id).await? });
    erased.expect("the account is purged");

    let mut read = store.read().await.expect("a connection");
    let (mut listed, mut after) = (Vec::new(), 0);
    loop {
        let page = users::list(&mut read, after, 2).await.expect("a page");
        let Some(last) = page.last() else { break };
        after = last.number;
        assert!(page.len() <= 2);
        listed.extend(page);
    }
    assert_eq!(listed, expected);
}
