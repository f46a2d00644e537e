//! What the transcripts of `djoser` cannot say: bytes, the insides of tokens, and the headers of
//! every status at once.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use http::Method;
use serde_json::{Value, json};
use testkit::{App, Call, Reply, on_every_backend};

use super::support::claims;

const USERS: &str = "/api/auth/users/";
const ME: &str = "/api/auth/users/me/";
const CREATE: &str = "/api/auth/jwt/create/";
const PASSWORD: &str = "Str0ng-Pass.9";
const FORM: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data; boundary=BB";

on_every_backend!(App::on =>
    tokens_begin_with_the_claims_that_their_readers_know,
    every_status_carries_the_headers_of_django,
    multipart_forms_are_read_as_other_forms,
    of_a_multipart_form_counts_what_can_be_read,
    two_headers_with_tokens_are_one_of_three_words,
    bytes_that_are_no_text_are_named_by_their_place,
    a_large_body_is_refused_in_these_words,
    nothing_odd_is_our_fault_or_repeats_a_password,
    of_two_who_register_one_address_at_once_one_is_told_that_it_is_taken,
    a_long_list_is_whole,
    pwd_07_an_administrator_with_a_token_from_elsewhere_changes_nobody,
);

async fn tokens_begin_with_the_claims_that_their_readers_know(app: App) {
    let pair = newcomer(&app, "ann@example.org").await;
    for (kind, life) in [("access", 5 * 60), ("refresh", 24 * 60 * 60)] {
        let claims = claims(pair[kind].as_str().expect("a token"));
        let names: Vec<&str> =
            claims.as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!(names[..5], ["token_type", "exp", "iat", "jti", "user_id"]);
        assert_eq!(claims["token_type"], kind);
        assert_eq!(claims["user_id"], 1);
        let (exp, iat) = (claims["exp"].as_i64(), claims["iat"].as_i64());
        assert_eq!(exp.expect("a number") - iat.expect("a number"), life);
        let jti = claims["jti"].as_str().expect("a text");
        assert!(jti.len() == 32 && jti.bytes().all(|byte| byte.is_ascii_hexdigit()), "{jti}");
    }
}

async fn every_status_carries_the_headers_of_django(app: App) {
    let pair = newcomer(&app, "ann@example.org").await;
    let token = format!("JWT {}", pair["access"].as_str().expect("a token"));
    let me = "GET, PUT, PATCH, DELETE, HEAD, OPTIONS";
    let users = "GET, POST, HEAD, OPTIONS";
    let bad = json!({ "current_password": "wrong" });
    let good = json!({ "current_password": PASSWORD });
    let signed = |call: Call| call.header("authorization", &token);
    let (open, closed) = ("Accept, Cookie", "Accept");
    let bob = json!({ "email": "bob@example.org", "password": PASSWORD });
    let absent = app.call(Method::GET, "/api/auth/users/99/");
    for (call, status, allow, vary) in [
        (signed(app.get(ME)), 200, me, closed),
        (app.post(USERS, &bob), 201, users, open),
        (app.post(USERS, &json!({})), 400, users, open),
        (app.get(ME), 401, me, open),
        (app.get(ME).header("authorization", "Bearer"), 401, me, closed),
        (app.get(ME).header("authorization", "Basic x"), 401, me, open),
        (
            app.post(CREATE, &json!({ "username": "x", "password": "x" })),
            401,
            "POST, OPTIONS",
            closed,
        ),
        (signed(absent), 404, me, closed),
        (signed(app.post(ME, &json!({}))), 405, me, closed),
        (app.get(CREATE), 405, "POST, OPTIONS", closed),
        (app.get(ME).header("accept", "application/xml"), 406, me, open),
        (app.call(Method::POST, USERS).body("x"), 415, users, open),
        (app.call(Method::POST, USERS).body("x".repeat(70_000)), 413, users, open),
        (signed(app.delete(ME, &bad)), 400, me, closed),
        (signed(app.delete(ME, &good)), 204, me, closed),
    ] {
        let reply = call.send().await.expect(status);
        for (name, value) in [
            ("x-frame-options", "DENY"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("allow", allow),
            ("vary", vary),
        ] {
            let sent: Vec<_> = reply.headers.get_all(name).iter().collect();
            assert_eq!(sent, [value], "{name} of {status}: {}", reply.text);
        }
        let challenge = (status == 401).then_some("JWT realm=\"api\"");
        assert_eq!(reply.header("www-authenticate"), challenge, "{status}");
        let content_type = (status != 204).then_some("application/json");
        assert_eq!(reply.header("content-type"), content_type, "{status}");
        for name in ["location", "set-cookie", "etag", "last-modified"] {
            assert_eq!(reply.header(name), None, "{name} of {status}");
        }
    }
}

async fn multipart_forms_are_read_as_other_forms(app: App) {
    let ann = form(&[("email", "ann@example.org"), ("phone", ""), ("password", PASSWORD)]);
    let account = multipart(&app, USERS, &ann).await.expect(201).json();
    assert_eq!(account["phone"], Value::Null);
    let login = form(&[("username", "ann@example.org"), ("password", PASSWORD)]);
    multipart(&app, CREATE, &login).await.expect(200);

    let blank = multipart(&app, USERS, &form(&[("email", ""), ("password", "")])).await;
    assert_eq!(blank.expect(400).json(), json!({ "password": ["This field may not be blank."] }));
    let twice = form(&[("email", "bad"), ("email", "bob@example.org"), ("password", PASSWORD)]);
    multipart(&app, USERS, &twice).await.expect(201);

    let files = ["email", "username", "password"].map(|name| {
        let disposition = format!("form-data; name=\"{name}\"; filename=\"a.txt\"");
        format!("--BB\r\nContent-Disposition: {disposition}\r\n\r\nx\r\n")
    });
    let reply = multipart(&app, USERS, &format!("{}--BB--\r\n", files.concat())).await;
    let expected = json!({
        "username": ["Not a valid string."],
        "email": ["Enter a valid email address."],
        "password": ["Not a valid string."],
    });
    assert_eq!(reply.expect(400).json(), expected);
}

async fn of_a_multipart_form_counts_what_can_be_read(app: App) {
    let whole = form(&[("email", "ann@example.org"), ("password", PASSWORD)]);
    let cut = whole.strip_suffix("--BB--\r\n").expect("an end");
    multipart(&app, USERS, cut).await.expect(201);
    for body in ["garbage", "--BB", "--XX\r\n\r\n", "--BB--\r\n", "\r\n\r\n"] {
        let reply = multipart(&app, USERS, body).await.expect(400);
        assert_eq!(reply.json(), json!({ "password": ["This field is required."] }), "{body:?}");
    }
}

async fn two_headers_with_tokens_are_one_of_three_words(app: App) {
    let pair = newcomer(&app, "ann@example.org").await;
    let token = format!("JWT {}", pair["access"].as_str().expect("a token"));
    let call = app.get(ME).header("authorization", &token).header("authorization", &token);
    let reply = call.send().await.expect(401);
    assert_eq!(reply.text_at("/code"), "bad_authorization_header");
    let call = app.get(ME).header_bytes("authorization", b"JWT \xff\xfe");
    assert_eq!(call.send().await.expect(401).text_at("/code"), "token_not_valid");
}

async fn bytes_that_are_no_text_are_named_by_their_place(app: App) {
    let codec = "JSON parse error - 'utf-8' codec can't decode";
    let value = "JSON parse error - Expecting value: line 1 column 1 (char 0)";
    let bom = "Unexpected UTF-8 BOM (decode using utf-8-sig): line 1 column 1 (char 0)";
    for (body, expected) in [
        (&b"{\"a\":\"\xff\"}"[..], format!("{codec} byte 0xff in position 6: invalid start byte")),
        (b"\xc3(", format!("{codec} byte 0xc3 in position 0: invalid continuation byte")),
        (b"\xe2\x82(", format!("{codec} bytes in position 0-1: invalid continuation byte")),
        (b"{\x80", format!("{codec} byte 0x80 in position 1: invalid start byte")),
        // A character that the end cuts off is forgotten.
        (b"\xc3", value.to_owned()),
        (b"\xef\xbb\xbf{}", format!("JSON parse error - {bom}")),
        (b"\0", value.to_owned()),
    ] {
        let call = app.call(Method::POST, USERS).header("content-type", "application/json");
        let reply = call.body(body.to_vec()).send().await.expect(400);
        assert_eq!(reply.json(), json!({ "detail": expected }));
    }
    let call = app.call(Method::POST, USERS).header("content-type", FORM);
    let body = [b"username=%ff%fe&email=ann%40example.org&password=", PASSWORD.as_bytes()].concat();
    let account = call.body(body).send().await.expect(201).json();
    assert_eq!(account["username"], "\u{fffd}\u{fffd}");
}

async fn a_large_body_is_refused_in_these_words(app: App) {
    for path in [USERS, CREATE] {
        let body = json!({ "username": "x".repeat(70_000), "password": PASSWORD });
        let reply = app.post(path, &body).send().await.expect(413);
        assert_eq!(reply.json(), json!({ "detail": "Request body too large." }));
    }
    let call = app.call(Method::POST, USERS).header("content-type", "application/json");
    let reply = call.body("[".repeat(10_000)).send().await.expect(400);
    assert!(reply.text_at("/detail").starts_with("JSON parse error - "), "{}", reply.text);
}

async fn nothing_odd_is_our_fault_or_repeats_a_password(app: App) {
    const SECRET: &str = "hunter2-hunter2";
    let pair = newcomer(&app, "ann@example.org").await;
    let token = format!("JWT {}", pair["access"].as_str().expect("a token"));
    let bodies = [
        json!({ "password": [SECRET], "current_password": { "a": SECRET } }).to_string(),
        json!({ "password": SECRET, "username": SECRET.repeat(40), "email": null }).to_string(),
        json!({ "new_password": SECRET, "current_password": SECRET }).to_string(),
        json!({ "new_username": "\0", "current_password": SECRET }).to_string(),
        json!({ "refresh": SECRET, "token": SECRET, "email": "a@b.c" }).to_string(),
        format!("{{\"password\": \"{SECRET}\", }}"),
        format!("{{\"password\": \"{SECRET}"),
        format!("[\"{SECRET}\"]"),
        format!("\"{SECRET}\""),
        format!(
            "{{\"password\": \"{SECRET}\", \"email\": 1e999, \"phone\": -0, \"username\": [1e999]}}"
        ),
        format!("password={SECRET}&username=%00&email=%ff"),
        String::new(),
    ];
    let last =
        ["me/", "1/", "0/", "-9223372036854775809/", "%00/", "%ff/", "me%2F", "set_password/"];
    let users = last.map(|last| format!("{USERS}{last}"));
    let others = ["", "users/", "jwt/create/", "jwt/refresh/", "jwt/verify/", "logout/", "nope"];
    let paths: Vec<String> = others.map(|path| format!("/api/auth/{path}")).into_iter().collect();
    for path in users.iter().chain(&paths).chain([&format!("{USERS}set_username/")]) {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
            for content_type in ["application/json", FORM, MULTIPART, "application/json; charset=x"]
            {
                for body in &bodies {
                    let call = app
                        .call(method.parse().expect("a method"), path)
                        .header("authorization", &token)
                        .header("content-type", content_type)
                        .body(body.clone());
                    let reply = call.send().await;
                    let place = format!("{method} {path} {content_type} {body}: {}", reply.text);
                    assert!(reply.status.as_u16() < 500, "{place}");
                    // Only a username is shown, and nobody takes this one.
                    assert!(!reply.text.contains(SECRET), "{place}");
                }
            }
        }
    }
}

async fn of_two_who_register_one_address_at_once_one_is_told_that_it_is_taken(app: App) {
    let body = json!({ "email": "ann@example.org", "password": PASSWORD });
    let (one, two) = tokio::join!(app.post(USERS, &body).send(), app.post(USERS, &body).send());
    let (made, refused) = if one.status == 201 { (one, two) } else { (two, one) };
    made.expect(201);
    let expected = json!({ "email": ["user with this email already exists."] });
    assert_eq!(refused.expect(400).json(), expected);
}

async fn a_long_list_is_whole(app: App) {
    let admin = administrator(&app).await;
    let mut expected = vec![app.account("root@example.org").await.number];
    // Two full pieces and one more.
    for at in 0..200 {
        let body = json!({ "email": format!("user{at}@example.org"), "password": PASSWORD });
        let made = app.post(USERS, &body).send().await.expect(201).json();
        expected.push(made["id"].as_i64().expect("a number"));
    }
    for one in [199, 150, 100, 7] {
        let id = app.account(&format!("user{one}@example.org")).await.id;
        let operator = app.services.operator();
        operations::accounts::delete(&app.services, &operator, id).await.expect("deleted");
        expected.remove(one + 1);
        let list = app.get(USERS).bearer(&admin).send().await.expect(200);
        assert_eq!(list.header("content-type"), Some("application/json"));
        let list = list.json();
        let list = list.as_array().expect("a list");
        let numbers: Vec<i64> = list.iter().filter_map(|user| user["id"].as_i64()).collect();
        assert_eq!(numbers, expected);
    }
}

async fn pwd_07_an_administrator_with_a_token_from_elsewhere_changes_nobody(app: App) {
    administrator(&app).await;
    newcomer(&app, "bob@example.org").await;
    let bob = app.account("bob@example.org").await;
    let body = json!({ "email": "root@example.org", "password": PASSWORD });
    let native = app.post("/api/v1/auth/login", &body).send().await.expect(200).json();
    let token = native["access_token"].as_str().expect("a token");
    let path = format!("{USERS}{}/", bob.number);
    for body in [json!({ "email": "evil@example.org" }), json!({ "is_active": false })] {
        app.patch(&path, &body).bearer(token).send().await.expect(401);
        assert_eq!(app.account("bob@example.org").await, bob);
    }
    let body = json!({ "phone": "+15550100123", "current_password": PASSWORD });
    app.patch(&path, &body).bearer(token).send().await.expect(200);
}

/// The token of an administrator.
async fn administrator(app: &App) -> String {
    newcomer(app, "root@example.org").await;
    let id = app.account("root@example.org").await.id;
    let role = domain::RoleName::new(domain::RoleName::ADMIN);
    let operator = app.services.operator();
    operations::roles::grant(&app.services, &operator, id, &role).await.expect("granted");
    let body = json!({ "username": "root@example.org", "password": PASSWORD });
    let tokens = app.post(CREATE, &body).send().await.expect(200).json();
    tokens["access"].as_str().expect("a token").to_owned()
}

/// Registers and signs in; answers the pair of tokens.
async fn newcomer(app: &App, email: &str) -> Value {
    let body = json!({ "email": email, "password": PASSWORD });
    app.post(USERS, &body).send().await.expect(201);
    let body = json!({ "username": email, "password": PASSWORD });
    app.post(CREATE, &body).send().await.expect(200).json()
}

fn form(fields: &[(&str, &str)]) -> String {
    let part = |(name, value): &(&str, &str)| {
        format!("--BB\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    fields.iter().map(part).collect::<String>() + "--BB--\r\n"
}

async fn multipart(app: &App, path: &str, body: &str) -> Reply {
    let call = app.call(Method::POST, path).header("content-type", MULTIPART);
    call.body(body.to_owned()).send().await
}
