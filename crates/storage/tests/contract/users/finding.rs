//! Finding accounts by what names them, and page by page.

use domain::user::Identifiers;
use domain::{Identifier, IdentifierKind, RoleName, User};
use storage::users::{SortKey, SortOrder};
use storage::{Store, users};
use testkit::{Database, on_every_backend};

use crate::given::{self, later};

on_every_backend!(Database::fresh =>
    an_account_is_found_by_each_of_its_identifiers,
    what_nobody_can_be_called_finds_nobody,
    a_restoration_token_finds_its_account,
    pages_follow_each_other_without_the_purged,
    an_account_is_found_by_its_number,
    whoever_is_listed_has_the_roles_that_are_found,
    sorted_pages_hold_who_is_present,
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

async fn an_account_is_found_by_its_number(database: Database) {
    let ann = given::ann(&database.store).await;
    let mut read = database.store.read().await.expect("a connection");
    let found = users::find_by_number(&mut read, ann.number).await.expect("an answer");
    assert_eq!(found, Some(ann.clone()));
    for number in [ann.number + 1, 0, -1, i64::MIN, i64::MAX] {
        let found = users::find_by_number(&mut read, number).await.expect("an answer");
        assert_eq!(found, None, "{number}");
    }
}

async fn sorted_pages_hold_who_is_present(database: Database) {
    let store = &database.store;
    // Made in this order; `Émile` sorts behind by bytes, who has no username behind all.
    let bob = given::user(store, &given::named("bob")).await;
    let ann = given::user(store, &given::named("Ann")).await;
    let nameless = given::user(store, &given::mailed("a@example.org")).await;
    let emile = given::user(store, &given::named("Émile")).await;
    let deleted = given::user(store, &given::named("aaa")).await;
    let changed: storage::Result<()> = storage::transact!(store, |tx| {
        users::change(tx, &ann, later(60)).await?;
        users::block(tx, bob.id, later(61)).await?;
        users::delete(tx, deleted.id, later(1), later(2), None).await?;
    });
    changed.expect("the accounts are changed");
    let mut read = store.read().await.expect("a connection");
    for (limit, expected) in [(i64::MAX, 4), (4, 4), (3, 3)] {
        assert_eq!(users::count_present(&mut read, limit).await.expect("an answer"), expected);
    }
    let (up, down) = (SortOrder::Ascending, SortOrder::Descending);
    let all = [bob.number, ann.number, nameless.number, emile.number];
    for (key, order, expected) in [
        (SortKey::Number, up, all),
        (SortKey::Number, down, [all[3], all[2], all[1], all[0]]),
        (SortKey::Username, up, [all[1], all[0], all[3], all[2]]),
        (SortKey::Username, down, [all[3], all[0], all[1], all[2]]),
        (SortKey::CreatedAt, up, all),
        (SortKey::CreatedAt, down, [all[3], all[2], all[1], all[0]]),
        (SortKey::UpdatedAt, up, [all[0], all[2], all[3], all[1]]),
        (SortKey::UpdatedAt, down, [all[1], all[3], all[2], all[0]]),
    ] {
        let mut numbers = Vec::new();
        for offset in [0, 3] {
            let page = users::page(&mut read, key, order, 3, offset).await.expect("a page");
            numbers.extend(page.iter().map(|user| user.number));
        }
        assert_eq!(numbers, expected, "{key:?} {order:?}");
        for (offset, expected) in (0..).zip(expected) {
            let page = users::page(&mut read, key, order, 1, offset).await.expect("a page");
            assert_eq!(page[0].number, expected, "{key:?} {order:?} after {offset}");
        }
    }
    let beyond = users::page(&mut read, SortKey::Number, up, 3, i64::MAX).await.expect("a page");
    assert!(beyond.is_empty());
}

/// Roles of a list are asked for together; they are those that each account has by itself.
async fn whoever_is_listed_has_the_roles_that_are_found(database: Database) {
    let store = &database.store;
    let mut made = Vec::new();
    for number in 0..40 {
        made.push(given::user(store, &given::named(&format!("user{number}"))).await);
    }
    let granted: storage::Result<()> = storage::transact!(store, |tx| {
        for (user, roles) in [(&made[0], ["user", "admin"]), (&made[39], ["moderator", "user"])] {
            for role in roles {
                storage::roles::grant(tx, user.id, &RoleName::new(role), later(0)).await?;
            }
        }
    });
    granted.expect("the roles are granted");
    let mut read = store.read().await.expect("a connection");
    // Close together, and so far apart that each is asked for by itself.
    let list = users::list(&mut read, 0, 40).await.expect("a list");
    let admin = RoleName::new("admin");
    let holders = users::list_holders(&mut read, &admin, 5).await.expect("a list");
    let (key, order) = (SortKey::Username, SortOrder::Descending);
    let page = users::page(&mut read, key, order, 2, 0).await.expect("a page");
    let ends = users::page(&mut read, SortKey::UpdatedAt, order, 40, 0).await.expect("a page");
    assert_eq!((list.len(), holders.len(), page.len(), ends.len()), (40, 1, 2, 40));
    for user in list.iter().chain(&holders).chain(&page).chain(&ends) {
        let found = users::find(&mut read, user.id).await.expect("an answer").expect("an account");
        assert_eq!(*user, found);
    }
    assert_eq!(list[0].roles, [RoleName::new("admin"), RoleName::new("user")]);
    assert!(list[1].roles.is_empty());
}
