//! What is not good: a page in plain words, whatever was sent, and nothing is consumed.

use http::Method;
use serde_json::json;
use testkit::{App, Backend, Call};

use super::support::{assert_page, recovery_mail};

const LINKS: [&str; 5] = ["verify-email", "verify-phone", "recover", "take-back", "restore"];

fn post(app: &App, page: &str) -> Call {
    app.call(Method::POST, &format!("/link/{page}"))
}

#[tokio::test]
async fn a_link_that_is_wrong_is_a_page_in_both_languages() {
    let app = App::on(Backend::Sqlite).await;
    let long = "x".repeat(10_000);
    for token in ["x", "\0", "\u{202e}текст", "' OR 1=1 --", &long, " "] {
        for page in LINKS {
            let reply = post(&app, page).form(&[("token", token)]).send().await;
            let says = match (page, token.trim().is_empty()) {
                ("restore", false) => "does not belong to this account",
                _ => "This link does not work",
            };
            assert_page(&reply, 400, says);
        }
        let ticket = [("ticket", token), ("password", "long enough"), ("repeated", "long enough")];
        let reply = post(&app, "password").form(&ticket).header("accept-language", "ru");
        assert_page(&reply.send().await, 400, "Ссылка не работает");
    }
    for page in LINKS {
        assert_page(&app.get(&format!("/link/{page}")).send().await, 400, "does not work");
        assert_page(&post(&app, page).form(&[]).send().await, 400, "does not work");
    }
}

#[tokio::test]
async fn api_09_what_stands_in_an_address_is_only_text() {
    let app = App::on(Backend::Sqlite).await;
    let path = "/link/recover?token=%22%3E%3Cscript%3Ealert(1)%3C/script%3E";
    let reply = app.get(path).send().await;
    assert_page(&reply, 200, "Set a new password");
    assert!(reply.text.contains("value=\"&quot;&gt;&lt;script&gt;"), "{}", reply.text);
}

#[tokio::test]
async fn web_02_a_page_of_another_site_sends_no_form_of_ours() {
    let app = App::on(Backend::Sqlite).await;
    app.register("ann").await;
    let token = recovery_mail(&app, "ann").await.link_token();
    let own = "http://127.0.0.1:8000";
    let foreign: [&[(&str, &str)]; 4] = [
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site"), ("origin", "null")],
        &[("origin", "https://evil.example")],
        &[("origin", own), ("sec-fetch-site", "cross-site")],
    ];
    for headers in foreign {
        let call = post(&app, "recover").form(&[("token", &token)]);
        let call = headers.iter().fold(call, |call, (name, value)| call.header(name, value));
        assert_page(&call.send().await, 403, "Another site sent this");
    }
    let call = post(&app, "recover").form(&[("token", &token)]);
    let call = call.header("origin", "null").header("sec-fetch-site", "same-origin");
    assert_page(&call.send().await, 200, "Choose a new password");
}

#[tokio::test]
async fn what_is_no_form_is_a_page_as_well() {
    let app = App::on(Backend::Sqlite).await;
    for page in LINKS.into_iter().chain(["password"]) {
        let json = post(&app, page).json(&json!({ "token": "x" })).send().await;
        assert_page(&json, 415, "could not be read");
        let large = post(&app, page).form(&[("token", &"x".repeat(100_000))]).send().await;
        assert_page(&large, 413, "could not be read");
        let put = app.call(Method::PUT, &format!("/link/{page}")).send().await;
        assert_page(&put, 405, "Nothing is shown here");
        assert!(put.header("allow").expect("what is allowed").contains("POST"));
    }
    assert_page(&app.get("/link/password").send().await, 405, "Nothing is shown here");
    for path in ["/link/nowhere", "/link/recover/more", "/link/recover/more/"] {
        assert_page(&app.get(path).send().await, 404, "There is no such page");
    }
}

#[tokio::test]
async fn too_many_are_refused_in_words_and_told_when_to_come_back() {
    let app = App::with(&[("VESTIBULE_LIMITS__RESTORE", "2/min")]).start(Backend::Sqlite).await;
    for _ in 0..2 {
        let reply = post(&app, "restore").form(&[("token", "x"), ("identifier", "ann")]);
        reply.send().await.expect(400);
    }
    let reply = post(&app, "take-back").form(&[("token", "x")]).send().await;
    assert_page(&reply, 429, "tried too often");
    assert!(reply.header("retry-after").is_some());
    app.get("/link/restore?token=x").send().await.expect(200);
    // Each begins a transaction that writes: none is free of limits.
    for (page, nth) in LINKS.into_iter().chain(["password"]).zip(1..) {
        let from = std::net::IpAddr::from([203, 0, 113, nth]);
        for expected in [400, 400, 429] {
            let fields = [("token", "x"), ("ticket", "x"), ("identifier", "ann")];
            let passwords = [("password", "long enough"), ("repeated", "long enough")];
            let form = [&fields[..], &passwords[..]].concat();
            let reply = post(&app, page).form(&form).from(from).send().await;
            assert_eq!(reply.status.as_u16(), expected, "{page}: {}", reply.text);
        }
    }
}
