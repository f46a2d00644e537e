//! Every column comes back as it was written.

use domain::user::Identifiers;
use domain::{Profile, Status, User};
use storage::users::{self, NewUser};
use testkit::{Database, on_every_backend};

use crate::given::{self, NOW, later};
use crate::raw::Raw;

on_every_backend!(Database::fresh =>
    the_longest_values_are_read_back,
    absent_values_are_read_back_as_absent,
    columns_that_no_account_shows_are_written,
    since_when_a_phone_is_verified_is_read_back,
    each_setter_changes_its_own_columns,
);

/// 254 bytes, the local part of 64.
fn longest_address() -> String {
    let label = "d".repeat(63);
    format!("{}@{label}.{label}.{}", "é".repeat(32), "d".repeat(61))
}

async fn the_longest_values_are_read_back(database: Database) {
    let identifiers = Identifiers {
        username: Some(given::username(&"😀".repeat(255))),
        email: Some(given::email(&longest_address())),
        phone: Some(given::phone("+123456789012345")),
    };
    let profile = Profile {
        first_name: "😀".repeat(150),
        last_name: "Ж".repeat(150),
        locale: Some("abcdefgh-abcdefgh-abcdefgh-abcdefgh".to_owned()),
        metadata: format!(r#"{{"note":"{}"}}"#, "😀é\\\\'".repeat(20_000)),
    };
    let id = given::user_id();
    let inserted: storage::Result<()> = storage::transact!(database.store, |tx| {
        let new = NewUser { id, identifiers: &identifiers, profile: &profile, now: NOW };
        users::insert(tx, &new).await?;
        users::set_pending_email(tx, id, identifiers.email.as_ref()).await?;
    });
    inserted.expect("the account is inserted");
    let user = given::read(&database.store, id).await;
    assert_eq!(longest_address().len(), 254);
    assert_eq!(
        user,
        User {
            id,
            number: user.number,
            username: Some("😀".repeat(255)),
            email: Some(longest_address()),
            email_verified: false,
            pending_email: Some(longest_address()),
            phone: Some("+123456789012345".to_owned()),
            phone_verified: false,
            profile,
            status: Status::Active,
            roles: Vec::new(),
            permissions: Vec::new(),
            created_at: NOW,
            updated_at: NOW,
            last_login_at: None,
            version: 1,
            security_version: 1,
            roles_version: 1,
        }
    );
}

async fn absent_values_are_read_back_as_absent(database: Database) {
    let user = given::user(&database.store, &given::called("+15550100")).await;
    assert_eq!(
        (&user.username, &user.email, &user.pending_email, user.last_login_at),
        (&None, &None, &None, None)
    );
    assert_eq!(user.profile, given::profile());
}

async fn columns_that_no_account_shows_are_written(database: Database) {
    let identifiers = Identifiers {
        username: Some(given::username("ÁnnStraße")),
        email: Some(given::email("Ánn@Bücher.example")),
        phone: None,
    };
    let user = given::user(&database.store, &identifiers).await;
    let mut raw = Raw::connect(&database).await;
    let keys = "SELECT COUNT(*) FROM users WHERE username = 'ÁnnStraße' \
                AND username_key = 'ánnstrasse' AND email = 'Ánn@bücher.example' \
                AND email_key = 'ánn@xn--bcher-kva.example' AND event_version = 0 \
                AND deleted_at IS NULL AND restoration_hash IS NULL";
    assert_eq!(raw.number(keys).await, 1);

    let deleted: storage::Result<()> = storage::transact!(database.store, |tx| {
        users::delete(tx, user.id, later(1), later(2), Some(b"digest")).await?;
    });
    deleted.expect("the account is deleted");
    let deletion = "SELECT COUNT(*) FROM users WHERE deleted_at = 1790000001123456 \
                    AND purge_at = 1790000002123456 AND restoration_hash IS NOT NULL";
    assert_eq!(raw.number(deletion).await, 1);

    raw.execute("UPDATE users SET email_verified_at = 1, phone_verified_at = 2").await;
    let user = given::read(&database.store, user.id).await;
    assert!(user.email_verified && user.phone_verified);
}

async fn since_when_a_phone_is_verified_is_read_back(database: Database) {
    let ann = given::ann(&database.store).await;
    let read = async || {
        let mut read = database.store.read().await.expect("a connection");
        users::phone_verified_at(&mut read, ann.id).await.expect("an answer")
    };
    assert_eq!(read().await, None);
    let verified: storage::Result<()> = storage::transact!(database.store, |tx| {
        users::verify_phone(tx, ann.id, later(3)).await?;
    });
    verified.expect("written");
    assert_eq!(read().await, Some(later(3)));
}

async fn each_setter_changes_its_own_columns(database: Database) {
    let store = &database.store;
    let before = given::ann(store).await;
    let id = before.id;
    Raw::connect(&database)
        .await
        .execute("UPDATE users SET email_verified_at = 1, phone_verified_at = 2")
        .await;
    let profile = Profile {
        first_name: "Ann".to_owned(),
        last_name: "O'Hara".to_owned(),
        locale: Some("pt-BR".to_owned()),
        metadata: r#"{"a":1}"#.to_owned(),
    };
    let mut expected = User { email_verified: true, phone_verified: true, ..before };

    let set: storage::Result<()> = storage::transact!(store, |tx| {
        users::set_profile(tx, id, &profile).await?;
        users::set_pending_email(tx, id, Some(&given::email("New@example.org"))).await?;
    });
    set.expect("written");
    expected.profile = profile;
    expected.pending_email = Some("New@example.org".to_owned());
    assert_eq!(given::read(store, id).await, expected);

    let set: storage::Result<()> = storage::transact!(store, |tx| {
        users::set_username(tx, id, Some(&given::username("Bob"))).await?;
        users::set_email(tx, id, Some(&given::email("Bob@example.org"))).await?;
        users::set_phone(tx, id, Some(&given::phone("+15550101"))).await?;
    });
    set.expect("written");
    expected.username = Some("Bob".to_owned());
    expected.email = Some("Bob@example.org".to_owned());
    expected.phone = Some("+15550101".to_owned());
    (expected.email_verified, expected.phone_verified, expected.pending_email) =
        (false, false, None);
    assert_eq!(given::read(store, id).await, expected);

    let set: storage::Result<()> = storage::transact!(store, |tx| {
        users::set_username(tx, id, None).await?;
        users::set_email(tx, id, None).await?;
        users::set_phone(tx, id, None).await?;
    });
    set.expect("written");
    (expected.username, expected.email, expected.phone) = (None, None, None);
    assert_eq!(given::read(store, id).await, expected);
}
