//! What the restoration mail says, and what nobody can make it say (API-09, REG-07, RCV-02).

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use domain::{Password, User};
use operations::accounts::{
    AccountChange, Change, NewIdentifiers, Register, UpdateOwn, register, update_own,
};
use testkit::{App, Backend, Mail, PASSWORD};

use crate::support::{acting, delete, refusal, registered, registration, signed_in};

#[tokio::test]
async fn the_restoration_mail_speaks_english_to_everybody_else() {
    for locale in [None, Some("en"), Some("en-GB"), Some("de")] {
        let mail = mail_in(locale).await;
        assert_eq!(mail.subject, "Your Vestibule account was deleted: how to restore it");
        assert!(mail.text.contains("this token restores the account for 30 days"), "{}", mail.text);
        assert!(mail.html.contains("<html lang=\"en\" dir=\"ltr\">"), "{}", mail.html);
    }
}

#[tokio::test]
async fn the_restoration_mail_speaks_russian_to_russians() {
    for locale in [Some("ru"), Some("ru-RU"), Some("RU")] {
        let mail = mail_in(locale).await;
        assert_eq!(mail.subject, "Аккаунт в Vestibule удалён: как его восстановить");
        assert!(mail.text.contains("в течение 30 дней"), "{}", mail.text);
        assert!(mail.html.contains("<html lang=\"ru\" dir=\"ltr\">"), "{}", mail.html);
    }
}

#[tokio::test]
async fn a_link_leads_to_the_page_that_the_operator_names() {
    let page = "https://app.example.org/restore#token={token}&from=mail";
    let app = App::with(&[("VESTIBULE_LINKS__RESTORE", page)]).start(Backend::Sqlite).await;
    let user = registered(&app.services, "ann").await;
    delete(&app.services, user.id).await;
    app.run_jobs().await;
    let mail = app.mailbox.newest_to("ann@example.org");
    let link = page.replace("{token}", &mail.token());
    assert!(mail.text.lines().any(|line| line == link), "{}", mail.text);
    assert!(!mail.text.contains("/link/"), "{}", mail.text);
}

#[tokio::test]
async fn the_token_stands_alone_on_its_line_before_anything_like_it() {
    for locale in [Some("en"), Some("ru")] {
        let mail = mail_in(locale).await;
        let token = mail.token();
        let is_token_like = |word: &&str| {
            word.len() >= 32
                && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        };
        let first = mail.text.split_whitespace().find(is_token_like);
        assert_eq!(first, Some(token.as_str()));
        assert_eq!(mail.html.matches(&format!(">{token}<")).count(), 1);
    }
}

#[tokio::test]
async fn the_mail_loads_nothing_and_links_only_to_us() {
    for locale in [Some("en"), Some("ru")] {
        let mail = mail_in(locale).await;
        for part in [mail.text.clone(), mail.html.replace("&#x2f;", "/")] {
            for (at, _) in part.match_indices("http") {
                let link = &part[at..];
                assert!(link.starts_with("http://127.0.0.1:8000/"), "{link}");
            }
        }
        for active in ["<img", "<script", "<link", "<iframe", "url(", "@import", "src="] {
            assert!(!mail.html.contains(active), "{active}");
        }
    }
}

#[tokio::test]
async fn the_mail_says_that_a_machine_wrote_it_and_which_one_it_is() {
    let mail = mail_in(None).await;
    let head = mail.source.split("\r\n\r\n").next().expect("a head");
    let header = |name: &str| {
        let mut found = head.lines().filter_map(|line| line.strip_prefix(name));
        let value = found.next().unwrap_or_else(|| panic!("no {name} in {head}"));
        assert!(found.next().is_none(), "{name} twice");
        value.trim().to_owned()
    };
    assert_eq!(header("Auto-Submitted:"), "auto-generated");
    assert_eq!(header("Date:"), "Thu, 01 Jan 2026 00:00:00 +0000");
    assert!(header("Message-ID:").ends_with("@localhost>"));
    assert_eq!(header("From:"), "Vestibule <no-reply@localhost>");
    assert_eq!(header("To:"), "ann@example.org");
    assert!(header("Content-Type:").starts_with("multipart/alternative"));
}

#[tokio::test]
async fn api_09_what_people_call_themselves_is_text_and_nothing_else() {
    let app = App::on(Backend::Sqlite).await;
    // Without a username, the address is what the mail calls its reader.
    let address = "{{7*7}}&{%raw%}'`@example.org";
    let request = Register {
        identifiers: NewIdentifiers { email: Some(address.to_owned()), ..Default::default() },
        first_name: Some("<a href=\"https://evil.example\">click</a>".to_owned()),
        last_name: Some("{{7*7}}".to_owned()),
        ..registration("nobody")
    };
    let user = register(&app.services, &app.stranger(), &request).await.expect("registered");
    let mail = deleted(&app, &user, address).await;
    assert!(mail.text.contains(&format!("Your account {address} at")), "{}", mail.text);
    assert!(!mail.text.contains("49") || mail.token().contains("49"));
    let is_greeted = mail.text.lines().any(|line| line == "Hello,");
    assert!(is_greeted, "an address is no name: {}", mail.text);
    assert!(!mail.html.contains("evil.example"), "{}", mail.html);
    assert!(mail.html.contains("{{7*7}}&amp;{%raw%}"), "{}", mail.html);
}

#[tokio::test]
async fn reg_07_no_line_break_comes_near_a_mail() {
    let app = App::on(Backend::Sqlite).await;
    let breaks = ["\r\n", "\n", "\r", "\0", "\u{2028}", "\u{85}", "\u{202e}"];
    for line_break in breaks {
        let name = format!("ann{line_break}Bcc: eve@example.org");
        let by_name = Register {
            identifiers: NewIdentifiers { username: Some(name.clone()), ..Default::default() },
            ..registration("ann")
        };
        refusal(register(&app.services, &app.stranger(), &by_name).await);
        let by_address = Register {
            identifiers: NewIdentifiers {
                email: Some(format!("ann{line_break}@example.org")),
                ..Default::default()
            },
            ..registration("ann")
        };
        refusal(register(&app.services, &app.stranger(), &by_address).await);
        let by_first_name = Register { first_name: Some(name), ..registration("ann") };
        refusal(register(&app.services, &app.stranger(), &by_first_name).await);
    }
    assert!(app.mailbox.mails().is_empty());
}

async fn mail_in(locale: Option<&str>) -> Mail {
    let app = App::on(Backend::Sqlite).await;
    let user = registered(&app.services, "ann").await;
    if let Some(locale) = locale {
        let session = signed_in(&app.services, "ann").await;
        let (user, own, ctx) = acting(&app.services, &session).await;
        let locale = Change::Set(locale.to_owned());
        let change = UpdateOwn::from(AccountChange { locale, ..AccountChange::default() });
        let changed = Box::pin(update_own(&app.services, &ctx, &user, own, &change)).await;
        changed.expect("changed");
    }
    deleted(&app, &user, "ann@example.org").await
}

async fn deleted(app: &App, user: &User, address: &str) -> Mail {
    delete(&app.services, user.id).await;
    app.run_jobs().await;
    let mail = app.mailbox.newest_to(address);
    assert!(Password::new(PASSWORD).reveal() == PASSWORD && !mail.source.contains(PASSWORD));
    mail
}
