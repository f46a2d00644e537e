//! Looking for some among many is done by an index, on every backend.

use domain::user::Identifiers;
use storage::users;
use testkit::{Database, on_every_backend};

use crate::given;
use crate::plans::{Planned, assert_by_index};

on_every_backend!(Database::fresh =>
    every_search_and_every_order_has_its_index,
    those_without_a_value_have_an_index_too,
    sorted_pages_have_an_index,
);

const STATEMENTS: [Planned<'_>; 26] = [
    ("narrow::BY_USERNAME", &["'admin'", "'ann'", "'ann~'", "50"], "username_key"),
    ("narrow::BY_EMAIL", &["'admin'", "'ann'", "'ann~'", "50"], "email_key"),
    ("narrow::BY_PHONE", &["'admin'", "'+4930'", "'+4930:'", "50"], "phone"),
    ("narrow::BY_CREATION", &["'admin'", "1", "2", "50"], "users_created_at"),
    ("narrow::BY_LOGIN", &["'admin'", "1", "2", "50"], "users_last_login_at"),
    ("narrow::BY_ROLE", &["'admin'", "'moderator'", "50"], "user_roles_role"),
    ("narrow::BY_STATUS", &["'admin'", "'blocked'", "50"], "users_status"),
    ("narrow::COUNT_BY_USERNAME", &["'ann'", "'ann~'", "50"], "username_key"),
    ("narrow::COUNT_BY_EMAIL", &["'ann'", "'ann~'", "50"], "email_key"),
    ("narrow::COUNT_BY_PHONE", &["'+4930'", "'+4930:'", "50"], "phone"),
    ("narrow::COUNT_BY_CREATION", &["1", "2", "50"], "users_created_at"),
    ("narrow::COUNT_BY_LOGIN", &["1", "2", "50"], "users_last_login_at"),
    ("narrow::COUNT_BY_ROLE", &["'moderator'", "50"], "user_roles_role"),
    ("narrow::COUNT_BY_STATUS", &["'blocked'", "50"], "users_status"),
    ("walk::NUMBER", &["'admin'", "190", "50"], "number"),
    ("walk::CREATED", &["'admin'", "9", "9", "9", "50"], "users_created_at"),
    ("walk::CREATED_DOWN", &["'admin'", "9", "9", "9", "50"], "users_created_at"),
    ("walk::LOGIN", &["'admin'", "9", "9", "9", "50"], "users_last_login_at"),
    ("walk::LOGIN_DOWN", &["'admin'", "9", "9", "9", "50"], "users_last_login_at"),
    ("walk::USERNAME", &["'admin'", "'name9'", "50"], "username_key"),
    ("walk::USERNAME_DOWN", &["'admin'", "'name1'", "50"], "username_key"),
    ("walk::EMAIL", &["'admin'", "'name9'", "50"], "email_key"),
    ("walk::EMAIL_DOWN", &["'admin'", "'name1'", "50"], "email_key"),
    ("walk::NUMBER_DOWN", &["'admin'", "9", "50"], "number"),
    ("walk::STATUS", &["'admin'", "'blocked'", "9", "50"], "users_status"),
    ("walk::STATUS_DOWN", &["'admin'", "'blocked'", "99", "50"], "users_status"),
];

async fn every_search_and_every_order_has_its_index(database: Database) {
    let store = &database.store;
    for place in 0..40 {
        given::user(store, &given::named(&format!("name{place}"))).await;
        given::user(store, &given::mailed(&format!("name{place}@example.org"))).await;
        given::user(store, &given::called(&format!("+49301230{place:02}"))).await;
    }
    assert_by_index(&database, &STATEMENTS).await;
}

/// Hundreds with everything, and some who lack something.
async fn crowd(database: &Database) {
    let store = &database.store;
    for place in 0..200 {
        let identifiers = Identifiers {
            username: Some(given::username(&format!("name{place}"))),
            email: Some(given::email(&format!("name{place}@example.org"))),
            phone: None,
        };
        let user = given::user(store, &identifiers).await;
        let signed_in: storage::Result<()> = storage::transact!(store, |tx| {
            users::record_sign_in(tx, &user, given::later(place)).await?;
        });
        signed_in.expect("signed in");
    }
    for place in 0..6 {
        given::user(store, &given::called(&format!("+49301230{place:02}"))).await;
    }
}

/// Where few lack a value among many who do not, a walk by number would look at all of them.
async fn those_without_a_value_have_an_index_too(database: Database) {
    crowd(&database).await;
    // The keys of SQLite lead on to the number by themselves.
    let username = "users_without_username|username_key=? AND rowid";
    let email = "users_without_email|email_key=? AND rowid";
    let login = "users_without_login|users_last_login_at";
    let (up, down): (&[&str], &[&str]) = (&["'admin'", "9", "50"], &["'admin'", "999", "50"]);
    assert_by_index(
        &database,
        &[
            ("walk::NO_USERNAME", up, username),
            ("walk::NO_USERNAME_DOWN", down, username),
            ("walk::NO_EMAIL", up, email),
            ("walk::NO_EMAIL_DOWN", down, email),
            ("walk::NO_LOGIN", up, login),
            ("walk::NO_LOGIN_DOWN", down, login),
        ],
    )
    .await;
}

async fn sorted_pages_have_an_index(database: Database) {
    crowd(&database).await;
    let first: &[&str] = &["2", "0"];
    assert_by_index(
        &database,
        &[
            ("page::BY_NUMBER", first, "number"),
            ("page::BY_USERNAME", first, "username_key|sqlite_autoindex_users_2"),
            ("page::BY_USERNAME_DOWN", first, "username_key|sqlite_autoindex_users_2"),
            ("page::NAMELESS", first, "users_without_username|username_key=?"),
            ("page::BY_CREATION_DOWN", first, "users_created_at"),
            ("page::BY_UPDATE", first, "users_updated_at"),
            ("page::BY_UPDATE_DOWN", first, "users_updated_at"),
        ],
    )
    .await;
}
