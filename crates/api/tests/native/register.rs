//! `POST /api/v1/auth/register`: who is let in, and who is there already.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use testkit::{App, PASSWORD, access_token, on_every_backend};

use super::support::{
    LOGIN, REGISTER, any, assert_field, assert_problem, at_once, events_of, register, statuses,
};

on_every_backend!(App::on =>
    a_newcomer_is_shown_as_registered,
    each_identifier_is_enough_alone,
    all_identifiers_go_together,
    a_taken_identifier_is_named_by_the_code,
    r_44_of_several_taken_identifiers_every_backend_names_the_same,
    two_spellings_of_an_identifier_never_make_two_accounts,
    names_that_only_look_alike_are_two_accounts,
    a_number_is_one_account_however_it_is_written,
    registering_again_changes_nothing_for_the_owner,
);
mod crowds {
    use super::super::support::roomy;
    use super::{fifty_different_people_at_once_all_get_in, many_at_once_make_one_account};

    testkit::on_every_backend!(roomy =>
        many_at_once_make_one_account,
        fifty_different_people_at_once_all_get_in,
    );
}

async fn a_newcomer_is_shown_as_registered(app: App) {
    let body = json!({ "username": "Ann", "email": "Ann@Example.ORG", "password": PASSWORD });
    let user = app.post(REGISTER, &body).send().await.expect(201).json();
    assert_eq!(user["username"], "Ann");
    assert_eq!(user["email"], "Ann@example.org");
    assert_eq!(user["number"], 1);
    assert_eq!(user["roles"], json!(["user"]));
    assert_eq!(user["permissions"], json!([]));
    assert_eq!(user["status"], "active");
    assert_eq!(user["email_verified"], false);
    assert_eq!(user["phone_verified"], false);
    assert_eq!(user["created_at"], "2026-01-01T00:00:00.000000Z");
    assert_eq!(user["updated_at"], user["created_at"]);
    assert_eq!(user["last_login_at"], Value::Null);
    assert_eq!(user["metadata"], json!({}));
    for absent in ["password", "hash", "access_token"] {
        assert_eq!(user.get(absent), None, "{user}");
    }
    assert_eq!(events_of(&app, &user).await, ["user.registered.v1"]);
}

async fn each_identifier_is_enough_alone(app: App) {
    for (number, fields) in [
        json!({ "username": "ann" }),
        json!({ "email": "bob@x.io" }),
        json!({ "phone": "+15550100001" }),
    ]
    .into_iter()
    .enumerate()
    {
        let user = register(&app, fields.clone()).await.expect(201).json();
        assert_eq!(user["number"], number + 1);
        for field in ["username", "email", "phone"] {
            assert_eq!(user[field], fields[field], "{field}");
        }
    }
}

async fn all_identifiers_go_together(app: App) {
    let fields = json!({
        "username": "ann", "email": "ann@x.io", "phone": "+1 (555) 010-0000",
        "first_name": "  Ann ", "last_name": "Żółć-O'Neil",
    });
    let user = register(&app, fields).await.expect(201).json();
    assert_eq!(user["phone"], "+15550100000");
    assert_eq!(user["first_name"], "Ann");
    assert_eq!(user["last_name"], "Żółć-O'Neil");
}

async fn a_taken_identifier_is_named_by_the_code(app: App) {
    let all = json!({ "username": "ann", "email": "ann@x.io", "phone": "+15550100000" });
    register(&app, all).await.expect(201);
    for (fields, code) in [
        (json!({ "username": "ANN" }), "username_taken"),
        (json!({ "email": "ann@X.IO" }), "email_taken"),
        (json!({ "phone": "1-555-010-0000" }), "phone_taken"),
        (json!({ "username": "bob", "email": "ann@x.io" }), "email_taken"),
        (json!({ "username": "bob", "email": "b@x.io", "phone": "+15550100000" }), "phone_taken"),
    ] {
        assert_problem(&register(&app, fields).await, 409, code);
    }
    assert_eq!(app.database.count("users").await, 1);
}

/// REG-03, REG-04, REG-05: the same pairs, the same verdict, on every backend.
async fn r_44_of_several_taken_identifiers_every_backend_names_the_same(app: App) {
    app.register("ann").await;
    let phone = json!({ "phone": "+15550100", "password": PASSWORD });
    app.post(REGISTER, &phone).send().await.expect(201);
    let (ann, mail, phone) = ("ann", "ann@example.org", "+15550100");
    for (body, code) in [
        (json!({ "phone": phone, "email": mail, "username": ann }), "username_taken"),
        (json!({ "phone": phone, "email": mail, "username": "bea" }), "email_taken"),
        (json!({ "phone": phone, "email": "bea@example.org" }), "phone_taken"),
    ] {
        let mut body = body;
        body["password"] = json!(PASSWORD);
        assert_eq!(app.post(REGISTER, &body).send().await.expect(409).text_at("/code"), code);
    }
}

async fn two_spellings_of_an_identifier_never_make_two_accounts(app: App) {
    let pairs = [
        ("email", "a@x.io", "A@X.IO"),
        ("email", "b@x.io", "b@x.io "),
        ("email", "c@x.io", "c@X.io."),
        ("email", "d\u{e9}@x.io", "de\u{301}@x.io"),
        ("email", "e@x.io", "\u{ff45}@x.io"),
        ("email", "f@b\u{fc}cher.example", "F@xn--bcher-kva.example"),
        ("email", "g@b\u{fc}cher.example", "g@B\u{dc}CHER.example"),
        ("email", "gro\u{df}@x.io", "GROSS@x.io"),
        ("email", "k@x.io", "\u{212a}@x.io"),
        ("email", "s@x.io", "\u{17f}@x.io"),
        ("email", "\u{3c3}\u{3c2}@x.io", "\u{3a3}\u{3a3}@x.io"),
        ("email", "h@x.io", "\"h\"@x.io"),
        ("username", "ann", "ANN"),
        ("username", "zo\u{eb}", "ZOE\u{308}"),
        ("username", "bob", "bob "),
        ("username", "kim", "\u{212a}im"),
        ("username", "stra\u{df}e", "STRASSE"),
        ("username", "fin", "\u{fb01}n"),
        ("username", "tim", "\u{ff54}im"),
    ];
    for (number, (field, first, second)) in pairs.into_iter().enumerate() {
        register(&app, json!({ (field): first })).await.expect(201);
        let again = register(&app, json!({ (field): second })).await;
        assert!(matches!(again.status.as_u16(), 409 | 422), "{second:?}: {}", again.text);
        assert_eq!(app.database.count("users").await, number + 1, "{second:?}");
    }
}

/// REG-04, REG-05: no collation folds accents, and a dotless i is not an i.
async fn names_that_only_look_alike_are_two_accounts(app: App) {
    let names = [
        ("email", "mike@x.io"),
        ("email", "m\u{131}ke@x.io"),
        ("email", "user@x.io"),
        ("email", "us\u{e9}r@x.io"),
        ("username", "zoe"),
        ("username", "zo\u{eb}"),
        ("username", "\u{30cf}\u{30cf}\u{30cf}"),
        ("username", "\u{30d0}\u{30d0}\u{30d0}"),
        ("username", "\u{306f}\u{306f}\u{306f}"),
    ];
    for (field, name) in names {
        register(&app, json!({ (field): name })).await.expect(201);
    }
}

/// REG-19
async fn a_number_is_one_account_however_it_is_written(app: App) {
    let user = register(&app, json!({ "phone": "+1 (555) 010-0000" })).await.expect(201).json();
    assert_eq!(user["phone"], "+15550100000");
    for phone in ["15550100000", "+15550100000", "+1.555.010.0000", "1 555 0100000"] {
        assert_problem(&register(&app, json!({ "phone": phone })).await, 409, "phone_taken");
    }
}

/// REG-13
async fn registering_again_changes_nothing_for_the_owner(app: App) {
    app.register("ann").await;
    let body = json!({ "email": "ann@example.org", "password": "another long password" });
    let reply = app.post(REGISTER, &body).send().await;
    assert_problem(&reply, 409, "email_taken");
    assert_eq!(reply.set_cookie("access_token"), None);
    assert_eq!(reply.json().get("access_token"), None);
    app.try_sign_in("ann", "another long password").await.expect(401);
    access_token(&app.sign_in("ann").await);
}

/// REG-10: the unique key decides, whatever the spelling.
async fn many_at_once_make_one_account(app: App) {
    const SPELLINGS: [&str; 5] =
        ["zo\u{eb}@x.io", "ZO\u{cb}@x.io", "zoe\u{308}@X.IO", "Zo\u{eb}@x.io", "ZOE\u{308}@x.io"];
    let calls = (0..50).map(|turn| {
        let email = SPELLINGS[turn % SPELLINGS.len()];
        app.post(REGISTER, &json!({ "email": email, "password": PASSWORD }))
    });
    let replies = at_once(calls).await;
    let one = replies.iter().find(|reply| reply.status == 201).expect("one gets in").json();
    assert_eq!(statuses(&replies), BTreeMap::from([(201, 1), (409, 49)]));
    assert_eq!(app.database.count("users").await, 1);
    assert_eq!(app.database.count("passwords").await, 1);
    assert_eq!(app.database.count("events").await, 1);
    assert_eq!(events_of(&app, &one).await, ["user.registered.v1"]);
}

async fn fifty_different_people_at_once_all_get_in(app: App) {
    let calls = (0..50).map(|turn| {
        app.post(REGISTER, &json!({ "username": format!("ann{turn}"), "password": PASSWORD }))
    });
    let replies = at_once(calls).await;
    assert_eq!(statuses(&replies), BTreeMap::from([(201, 50)]));
}

/// REG-02: what is not documented binds nothing.
#[tokio::test]
async fn nobody_makes_himself_more_than_he_is() {
    let app = any().await;
    let privileged = [
        ("role", json!("admin")),
        ("roles", json!(["admin"])),
        ("is_admin", json!(true)),
        ("is_superuser", json!(true)),
        ("is_staff", json!(true)),
        ("id", json!("00000000-0000-7000-8000-000000000000")),
        ("number", json!(1)),
        ("email_verified", json!(true)),
        ("phone_verified", json!(true)),
        ("status", json!("active")),
        ("created_at", json!("2020-01-01T00:00:00Z")),
        ("deleted_at", Value::Null),
        ("tenant_id", json!("t")),
        ("permissions", json!(["users:read"])),
        ("metadata", json!({ "role": "admin" })),
        ("locale", json!("en")),
        ("user", json!({ "role": "admin" })),
        ("user[role]", json!("admin")),
        ("__proto__", json!({ "role": "admin" })),
    ];
    for (field, value) in privileged {
        let body = json!({ "username": "ann", "password": PASSWORD, (field): value });
        let reply = app.post(REGISTER, &body).send().await;
        assert_field(&reply, field, "unknown_field");
    }
    assert_eq!(app.database.count("users").await, 0);
}

/// REG-09, LGN-13: one place for a value, and never the address.
#[tokio::test]
async fn a_field_in_the_address_is_refused() {
    let app = any().await;
    let body = json!({ "email": "ann@x.io", "password": PASSWORD });
    for query in ["email=eve@x.io", "e%6Dail=eve@x.io", "email[]=eve@x.io", "utm=1&password=x"] {
        for path in [REGISTER, LOGIN] {
            let reply = app.post(&format!("{path}?{query}"), &body).send().await;
            assert_problem(&reply, 400, "field_in_query");
            assert!(!reply.text.contains("eve"), "{}", reply.text);
        }
    }
    assert_eq!(app.database.count("users").await, 0);
    app.post(&format!("{REGISTER}?utm_source=mail"), &body).send().await.expect(201);
}

#[tokio::test]
async fn everything_that_is_wrong_is_said_at_once() {
    let app = any().await;
    let body = json!({ "username": "a", "email": "b", "phone": "c", "password": "d" });
    let reply = app.post(REGISTER, &body).send().await;
    assert_field(&reply, "username", "too_short");
    assert_field(&reply, "email", "not_an_email");
    assert_field(&reply, "phone", "not_a_phone");
    assert_field(&reply, "password", "too_short");
    let reply = app.post(REGISTER, &json!({})).send().await;
    assert_field(&reply, "password", "required");
    let reply = app.post(REGISTER, &json!({ "password": PASSWORD })).send().await;
    assert_field(&reply, "identifier", "required");
}
