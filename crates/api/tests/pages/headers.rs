//! What a page says about itself to browsers and robots (RCV-11).

use testkit::{App, Backend};

use super::support::assert_page;

#[tokio::test]
async fn rcv_11_no_page_tells_where_it_is_or_loads_anything() {
    let app = App::on(Backend::Sqlite).await;
    let opened = ["verify-email", "verify-phone", "recover", "take-back", "restore"];
    let mut replies = Vec::new();
    for page in opened {
        for end in ["?token=x", "/?token=x", ""] {
            replies.push(app.get(&format!("/link/{page}{end}")).send().await);
        }
        let sent = app.call(http::Method::POST, &format!("/link/{page}"));
        replies.push(sent.form(&[("token", "x")]).send().await);
    }
    replies.push(app.get("/link/nowhere").send().await);
    for reply in replies {
        assert_eq!(reply.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(reply.header("x-robots-tag"), Some("noindex, nofollow"));
        assert_eq!(reply.header("vary"), Some("accept-language"));
        let policy = reply.header("content-security-policy").expect("a policy");
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
        let end = "form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
        assert!(policy.ends_with(end), "{policy}");
        assert!(!reply.text.contains("://"), "{}", reply.text);
        assert!(!reply.text.contains("src="), "{}", reply.text);
    }
}

#[tokio::test]
async fn a_page_speaks_the_language_that_is_asked_for() {
    let app = App::on(Backend::Sqlite).await;
    let (english, russian) = ("Set a new password", "Новый пароль");
    for (asked, title) in [
        ("", english),
        ("ru", russian),
        ("ru-RU,ru;q=0.9,en;q=0.8", russian),
        ("en-GB,en;q=0.9,ru;q=0.8", english),
        ("de, ru;q=0.5", russian),
        ("en;q=0.3, RU;q=0.4", russian),
        ("ru;q=0", english),
        ("ru;q=x, *", english),
        ("fr", english),
    ] {
        let call = app.get("/link/recover?token=x").header("accept-language", asked);
        let reply = call.send().await;
        assert_page(&reply, 200, title);
        let language = if title == russian { "ru" } else { "en" };
        assert_eq!(reply.header("content-language"), Some(language), "{asked}");
        assert!(reply.text.contains(&format!("<html lang=\"{language}\">")), "{asked}");
    }
}
