//! Which passwords are taken, and that the whole of one counts (docs/REQUIREMENTS.md).

use std::time::Duration;

use serde_json::{Value, json};
use testkit::{App, Reply, on_every_backend};

use super::support::{CURRENT, LOGIN, REGISTER, any, assert_field, assert_problem, names};

on_every_backend!(App::on =>
    the_whole_password_counts,
    two_spellings_of_one_character_are_one,
    an_imported_hash_is_replaced_at_the_next_sign_in,
);

async fn register(app: &App, username: &str, password: &str) -> Reply {
    let body = json!({ "username": username, "password": password });
    app.post(REGISTER, &body).send().await
}

/// PWD-01: code points are counted, not bytes.
#[tokio::test]
async fn eight_characters_are_enough_and_seven_are_not() {
    let app = any().await;
    let reply = register(&app, "ann", "7zQk#pW").await;
    assert_field(&reply, "password", "too_short");
    assert!(reply.text.contains("At least 8"), "{}", reply.text);
    register(&app, "ann", "8zQk#pWx").await.expect(201);
    register(&app, "bob", "🦔🌆🐌🍄🌵🎈🪁🧶").await.expect(201);
    assert_field(&register(&app, "eve", "🦔🌆🐌🍄🌵🎈🪁").await, "password", "too_short");
}

/// The profile for a password that is the only factor, where `hardened` puts it too.
#[tokio::test]
async fn pwd_01_fifteen_characters_are_enough_in_nist_and_fourteen_are_not() {
    let settings = [
        ("VESTIBULE_PASSWORDS__PROFILE", "nist"),
        ("VESTIBULE_DIALECTS__DJOSER__PROFILE", "hardened"),
    ];
    let app = super::support::any_with(&settings).await;
    for (name, password) in
        [("ann", "mauve tepid gravel"), ("bob", "🦔🌆🐌🍄🌵🎈🪁🧶🦔🌆🐌🍄🌵🎈🪁")]
    {
        let short: String = password.chars().take(14).collect();
        let reply = register(&app, name, &short).await;
        assert_field(&reply, "password", "too_short");
        assert!(reply.text.contains("At least 15"), "{}", reply.text);
        let enough: String = password.chars().take(15).collect();
        register(&app, name, &enough).await.expect(201);
    }
    let body = json!({ "email": "kim@example.org", "password": "mauve tepid gr" });
    let reply = app.post("/api/auth/users/", &body).send().await.expect(400);
    assert!(reply.text.contains("at least 15 characters"), "{}", reply.text);
    assert_field(&register(&app, "eve", "passwordpassword").await, "password", "common_password");
}

/// PWD-02
#[tokio::test]
async fn a_hundred_and_twenty_eight_characters_are_the_most() {
    let app = any().await;
    for (name, password) in
        [("ann", "zQk#pWx8".repeat(8)), ("bob", "zQk#pWx8".repeat(16)), ("kim", "🦔".repeat(128))]
    {
        register(&app, name, &password).await.expect(201);
        app.try_sign_in(name, &password).await.expect(200);
    }
    for password in ["x".repeat(129), "🦔".repeat(129), "e\u{301}".repeat(400)] {
        let started = std::time::Instant::now();
        assert_field(&register(&app, "eve", &password).await, "password", "too_long");
        assert!(started.elapsed().as_millis() < 500, "refused before it is hashed");
    }
}

/// PWD-03: any printable, no composition rules.
#[tokio::test]
async fn no_rule_says_what_a_password_is_made_of() {
    let app = any().await;
    for (number, password) in [
        "mauve tepid gravel",
        "73019582640173958264",
        "тихий вечер в саду",
        "  leading and trailing  ",
        "ночь🌌и утро☕",
        "\u{5e9}\u{5dc}\u{5d5}\u{5dd} \u{5e2}\u{5d5}\u{5dc}\u{5dd}",
        "tab\there and there",
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("ann{number}");
        register(&app, &name, password).await.expect(201);
        app.try_sign_in(&name, password).await.expect(200);
    }
}

/// PWD-06: the reason is given.
#[tokio::test]
async fn a_password_that_attackers_try_first_is_refused() {
    let app = any().await;
    for common in ["password", "12345678", "PassWord1", "qwertyuiop", "iloveyou", "1q2w3e4r5t"] {
        let reply = register(&app, "ann", common).await;
        assert_field(&reply, "password", "common_password");
        assert!(reply.text.contains("attackers try"), "{}", reply.text);
    }
    let body = |password: &str| {
        json!({
            "username": "annabella", "email": "zebrafish@x.io", "phone": "+15550100000",
            "first_name": "Wilhelmina", "password": password,
        })
    };
    for guessable in [
        "vestibule",
        "Vestibule2026!",
        "annabella",
        "ANNABELLA1",
        "zebrafish",
        "1555 010 0000",
        "wilhelmina7",
        "zebrafish@x.io",
    ] {
        let reply = app.post(REGISTER, &body(guessable)).send().await;
        // A name may stand on the list of common passwords as well.
        let reasons = ["context_word", "common_password"];
        assert!(
            reasons.iter().any(|code| names(&reply, "password", code)),
            "{guessable}: {}",
            reply.text
        );
        assert_problem(&reply, 422, "invalid");
    }
    let reply = app.post(REGISTER, &body("Vestibule2026!")).send().await;
    assert_field(&reply, "password", "context_word");
    assert_eq!(app.database.count("users").await, 0);
    app.post(REGISTER, &body("unrelated gravel")).send().await.expect(201);
}

/// PWD-06 holds for changes too, with the words of the account as it will be.
#[tokio::test]
async fn a_change_keeps_the_same_rules() {
    let app = any().await;
    let token = app.newcomer("annabella").await;
    let change = async |body: Value| app.patch(CURRENT, &body).bearer(&token).send().await;
    let current = testkit::PASSWORD;
    for (password, code) in [
        ("short", "too_short"),
        ("password", "common_password"),
        ("annabella99", "context_word"),
        ("nul\0nul\0nul", "forbidden_character"),
    ] {
        let reply = change(json!({ "password": password, "current_password": current })).await;
        assert_field(&reply, "password", code);
    }
    let body = json!({
        "username": "clementine", "password": "clementine1", "current_password": current,
    });
    assert_field(&change(body).await, "password", "context_word");
    let body = json!({
        "first_name": "Wilhelmina", "password": "wilhelmina1", "current_password": current,
    });
    assert_field(&change(body).await, "password", "context_word");
    app.sign_in("annabella").await;
}

/// PWD-04
async fn the_whole_password_counts(app: App) {
    let long: String = "Correct-Horse-Battery-Staple-7!".chars().cycle().take(128).collect();
    let name = "n".repeat(50);
    register(&app, &name, &long).await.expect(201);
    let swapped: String = long
        .chars()
        .map(|c| if c.is_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() })
        .collect();
    let last_changed = format!("{}#", &long[..127]);
    let nul = format!("{long}\0");
    let blank = format!("{long} ");
    for wrong in
        [&long[..72], &long[..127], &format!("{long}x"), &swapped, &last_changed, &nul, &blank, ""]
    {
        let reply = app.try_sign_in(&name, wrong).await;
        assert_problem(&reply, 401, "invalid_credentials");
        app.advance(Duration::from_mins(15));
    }
    app.try_sign_in(&name, &long).await.expect(200);
}

/// PWD-05
async fn two_spellings_of_one_character_are_one(app: App) {
    register(&app, "ann", "caf\u{e9} au lait").await.expect(201);
    app.try_sign_in("ann", "cafe\u{301} au lait").await.expect(200);
    register(&app, "bob", "  outer blanks  ").await.expect(201);
    app.try_sign_in("bob", "  outer blanks  ").await.expect(200);
    app.try_sign_in("bob", "outer blanks").await.expect(401);
}

/// PWD-10
async fn an_imported_hash_is_replaced_at_the_next_sign_in(app: App) {
    /// [`testkit::PASSWORD`] by Django 5.0.1.
    const DJANGO: &str =
        "pbkdf2_sha256$1200$SmLSTTkRuRrnoQDBhVr771$CUEiy1Y+wtrZ6cAP/GgqnFcy+kRXG00FSo3hx8gY63o=";
    app.register("ann").await;
    let user = app.account("ann").await;
    let set = async |hash: &str| {
        let mut tx = app.database.store.write().await.expect("a transaction");
        storage::passwords::set(&mut tx, user.id, hash, user.created_at).await.expect("it is set");
        tx.commit().await.expect("it is kept");
    };
    let stored = async || {
        let mut read = app.database.store.read().await.expect("a connection");
        let hash = storage::passwords::find(&mut read, user.id).await.expect("it is read");
        hash.expect("a hash")
    };
    set(DJANGO).await;
    app.try_sign_in("ann", "another long password").await.expect(401);
    assert_eq!(stored().await, DJANGO, "a wrong password proves nothing");
    app.sign_in("ann").await;
    let upgraded = stored().await;
    assert!(upgraded.starts_with("$argon2id$v=19$"), "{upgraded}");
    app.sign_in("ann").await;
    assert_eq!(stored().await, upgraded, "once is enough");

    // PWD-11: what no hasher wrote fits no password, and harms nobody else.
    for hostile in ["", "x", "\u{e9}\u{e9}\u{e9}", "$argon2id$v=19$m=4294967295,t=1,p=1$AAAA$AAAA"]
    {
        set(hostile).await;
        let reply = app.try_sign_in("ann", testkit::PASSWORD).await;
        assert_problem(&reply, 401, "invalid_credentials");
    }
    let body = json!({ "username": "ann", "password": testkit::PASSWORD });
    app.post(LOGIN, &body).send().await.expect(401);
    app.register("bob").await;
    app.sign_in("bob").await;
}
