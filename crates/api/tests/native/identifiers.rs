//! What may not be an identifier, wherever one is chosen (REG-01, REG-06, REG-07).

use serde_json::json;
use testkit::{App, on_every_backend};

use super::support::{CURRENT, assert_field, assert_problem, names, register};

on_every_backend!(App::on =>
    no_bad_address_is_registered,
    no_bad_username_is_registered,
    no_bad_number_is_registered,
    a_username_that_looks_like_another_kind_harms_nobody,
    what_may_not_be_registered_may_not_be_changed_to,
    strange_but_lawful_identifiers_are_welcome,
    no_identifier_breaks_a_look_up,
);

/// REG-07, API-08: control, bidi, zero-width, line breaks, NUL, two `@`, quoted local parts, …
async fn no_bad_address_is_registered(app: App) {
    let long_local = format!("{}@x.io", "a".repeat(65));
    let long_label = format!("a@{}.io", "b".repeat(64));
    let long = format!("{}@{}.io", "a".repeat(60), vec!["b".repeat(60); 4].join("."));
    let corpus = [
        "",
        " ",
        "a",
        "@",
        "a@",
        "@x.io",
        "a@x",
        "a@x.",
        "a@.io",
        "a@x..io",
        "a@-x.io",
        "a@x-.io",
        "a@b@c.io",
        "a@@x.io",
        "a b@x.io",
        "a@x .io",
        " a@x.io",
        "a@x.io ",
        "a@x.io\t",
        "\"a b\"@x.io",
        "\"a\"@x.io",
        "a@[127.0.0.1]",
        "a@127.0.0.1",
        "a@x.123",
        ".a@x.io",
        "a.@x.io",
        "a..b@x.io",
        "a(comment)@x.io",
        "Ann <a@x.io>",
        "a@x.io,b@x.io",
        "a@x.io;b@x.io",
        "mailto:a@x.io",
        "a@x.io\r\nBcc: eve@x.io",
        "a@x.io\n",
        "a\r@x.io",
        "a\0@x.io",
        "a@x\0.io",
        "a\u{1}@x.io",
        "a\u{7f}@x.io",
        "a\u{85}@x.io",
        "a\u{a0}@x.io",
        "a\u{200b}@x.io",
        "a\u{200d}@x.io",
        "a\u{202e}@x.io",
        "a\u{2066}@x.io",
        "a\u{2028}@x.io",
        "a\u{feff}@x.io",
        "a\u{e000}@x.io",
        "a\u{fffd}@x.io",
        "a@x\u{3002}io",
        "a\u{ff20}x.io",
        "a\\@x.io",
        "a'; DROP TABLE users; --@x.io",
        "{{7*7}}@x.i o",
        "a@x.io/../..",
        "a@x.io?b",
        "a@*.io",
        "a@xn--\u{fc}.io",
        "a@xn--a.io",
        &long_local,
        &long_label,
        &long,
    ];
    assert!(corpus.len() >= 40);
    for email in corpus {
        let reply = register(&app, json!({ "email": email })).await;
        assert_problem(&reply, 422, "invalid");
        let is_named = names(&reply, "email", "not_an_email") || names(&reply, "email", "too_long");
        assert!(is_named, "{email:?}: {}", reply.text);
    }
    assert_eq!(app.database.count("users").await, 0);
    assert!(app.mailbox.mails().is_empty());
}

async fn no_bad_username_is_registered(app: App) {
    let long = "a".repeat(51);
    let corpus = [
        "",
        "a",
        "ab",
        " ann",
        "ann ",
        "an n",
        "ann\t",
        "ann\n",
        "ann\r\nX: y",
        "ann\0",
        "a\u{1}nn",
        "ann\u{7f}",
        "ann\u{200b}",
        "ann\u{200d}",
        "\u{202e}ann",
        "ann\u{2066}",
        "ann\u{2028}",
        "ann\u{feff}",
        "ann\u{ad}",
        "ann\u{e000}",
        "ann/..",
        "../ann",
        "ann<b>",
        "ann'--",
        "ann\"",
        "ann;",
        "ann,",
        "{{7*7}}",
        "${ann}",
        "%00ann",
        "ann\u{1f600}",
        "ann\u{2460}",
        "\u{ff41}nn",
        "\u{fb01}nn",
        "\u{2122}ann",
        "ann:",
        "ann\\",
        "ann=",
        "ann\u{a0}",
        &long,
    ];
    assert!(corpus.len() >= 40);
    for username in corpus {
        let reply = register(&app, json!({ "username": username })).await;
        assert_problem(&reply, 422, "invalid");
        let codes = ["forbidden_character", "too_short", "too_long"];
        let is_named = codes.iter().any(|code| names(&reply, "username", code));
        assert!(is_named, "{username:?}: {}", reply.text);
    }
    assert_eq!(app.database.count("users").await, 0);
}

async fn no_bad_number_is_registered(app: App) {
    let long = "1".repeat(70);
    for phone in [
        "",
        "+",
        "123456",
        "+123456",
        "1234567890123456",
        "+0123456789",
        "++15550100000",
        "+1555010000a",
        "tel:+15550100000",
        "+1 555 010 0000 ext 5",
        "+1555\u{661}100000",
        "\u{ff0b}15550100000",
        "+1555010\u{200b}0000",
        "+15550100000\n",
        "+15550100000\0",
        &long,
    ] {
        let reply = register(&app, json!({ "phone": phone })).await;
        assert_field(&reply, "phone", "not_a_phone");
    }
    assert_eq!(app.database.count("users").await, 0);
}

/// REG-06
async fn a_username_that_looks_like_another_kind_harms_nobody(app: App) {
    let victim = json!({ "email": "victim@x.io", "phone": "+15551234567" });
    register(&app, victim).await.expect(201);
    for (username, code) in [
        ("victim@x.io", "looks_like_email"),
        ("@victim", "looks_like_email"),
        ("+15551234567", "looks_like_phone"),
        ("15551234567", "looks_like_phone"),
        ("1-555-123-4567", "looks_like_phone"),
    ] {
        let reply = register(&app, json!({ "username": username })).await;
        assert_field(&reply, "username", code);
    }
    app.sign_in("victim@x.io").await;
    app.sign_in("+15551234567").await;
}

async fn what_may_not_be_registered_may_not_be_changed_to(app: App) {
    let token = app.newcomer("ann").await;
    for (field, value, code) in [
        ("username", "victim@x.io", "looks_like_email"),
        ("username", "+15551234567", "looks_like_phone"),
        ("username", "ann\u{202e}", "forbidden_character"),
        ("username", "an", "too_short"),
        ("email", "a@b@c.io", "not_an_email"),
        ("email", "a@x.io\r\nBcc: eve@x.io", "not_an_email"),
        ("phone", "+123", "not_a_phone"),
        ("first_name", "An\u{202e}n", "forbidden_character"),
        ("first_name", "An\0n", "forbidden_character"),
        ("last_name", "A\r\nB", "forbidden_character"),
        ("locale", "e", "not_a_locale"),
        ("locale", "en_US\n", "not_a_locale"),
    ] {
        let reply = app.patch(CURRENT, &json!({ (field): value })).bearer(&token).send().await;
        assert_field(&reply, field, code);
    }
    let long = "n".repeat(151);
    let reply = app.patch(CURRENT, &json!({ "last_name": long })).bearer(&token).send().await;
    assert_field(&reply, "last_name", "too_long");
    let user = app.get(CURRENT).bearer(&token).send().await.json();
    assert_eq!(user["username"], "ann");
    assert_eq!(user["updated_at"], user["created_at"]);
}

async fn strange_but_lawful_identifiers_are_welcome(app: App) {
    for fields in [
        json!({ "username": "\u{42f}\u{43d}\u{430}.\u{41a}-1" }),
        json!({ "username": "123456" }),
        json!({ "username": "\u{91c}\u{94b}\u{936}\u{940}" }),
        json!({ "username": "a".repeat(50) }),
        json!({ "email": "o'neil+tag/x=y@sub.x-y.io" }),
        json!({ "email": "\u{43f}\u{43e}\u{447}\u{442}\u{430}@\u{43f}\u{440}\u{438}\u{43c}\u{435}\u{440}.\u{440}\u{444}" }),
        json!({ "phone": "1234567" }),
        json!({ "phone": "+123456789012345" }),
    ] {
        let user = register(&app, fields.clone()).await.expect(201).json();
        for name in ["username", "email", "phone"] {
            let shown = user[name].as_str();
            if let Some(shown) = shown {
                app.sign_in(shown).await;
            }
        }
    }
}

/// API-08, API-12: what nobody can have finds nobody, on every backend.
async fn no_identifier_breaks_a_look_up(app: App) {
    app.register("ann").await;
    let long = "a".repeat(60_000);
    for identifier in [
        "",
        " ",
        "\0",
        "ann\0",
        "a\0@x.io",
        "' OR 1=1 --",
        "\u{10ffff}",
        "\u{fffd}",
        "%",
        "_nn",
        &long,
    ] {
        for field in ["identifier", "email", "username", "phone"] {
            let body = json!({ (field): identifier, "password": testkit::PASSWORD });
            let reply = app.post("/api/v1/auth/login", &body).send().await;
            assert_problem(&reply, 401, "invalid_credentials");
        }
        let body = json!({ "identifier": identifier, "restoration_token": identifier });
        let reply = app.post("/api/v1/users/restore", &body).send().await;
        assert!(matches!(reply.status.as_u16(), 400 | 413), "{}", reply.text);
    }
}
