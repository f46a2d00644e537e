//! Secrets do not print, whoever asks for the inside of whatever holds them (LOG-02).

use std::sync::Arc;
use std::time::Duration;

use domain::Password;
use domain::token::SecretToken;
use operations::accounts::UpdateOwn;
use operations::passwords::hashing::{HashSettings, Passwords, Scheme};
use operations::ports::OutgoingMail;
use operations::sessions::authenticate;
use testkit::{App, Backend, PASSWORD, SeededEntropy};

use crate::support::{refresh_of, registered, signed_in};

#[test]
fn log_02_passwords_and_tokens_do_not_print() {
    let password = Password::new(PASSWORD);
    assert!(!format!("{password:?} {password:#?}").contains(PASSWORD));
    let token = SecretToken::new("canary-token");
    assert!(!format!("{token:?} {token:#?}").contains("canary"));
    let request = UpdateOwn {
        password: Some(password.clone()),
        current_password: Some(password),
        ..UpdateOwn::default()
    };
    assert!(!format!("{request:?}").contains(PASSWORD));
}

#[test]
fn log_02_a_mail_prints_what_it_is_not_what_it_says() {
    let mail = OutgoingMail {
        message: "welcome",
        locale: None,
        id: "mail-1".to_owned(),
        to: "ann@example.org".to_owned(),
        subject: "canary-subject".to_owned(),
        text: "canary-token".to_owned(),
        html: "<p>canary-token</p>".to_owned(),
        now: domain::Timestamp::from_seconds(0),
    };
    let printed = format!("{mail:?}");
    assert!(printed.contains("mail-1"), "{printed}");
    assert!(!printed.contains("canary"), "{printed}");
}

#[tokio::test]
async fn log_02_hashes_do_not_print() {
    let scheme = Scheme::Argon2id { memory_kib: 64, iterations: 1, parallelism: 1 };
    let settings = HashSettings {
        scheme,
        max_wait: Duration::from_mins(1),
        allow_weak: true,
        ..HashSettings::new(1)
    };
    let passwords = Passwords::start(settings, Arc::new(SeededEntropy::new(9))).expect("a pool");
    let hash = passwords.hash(&Password::new(PASSWORD)).await.expect("a hash");
    assert!(hash.as_str().contains("argon2id"));
    assert!(!format!("{hash:?}").contains("argon2id"));
}

#[tokio::test]
async fn log_02_sessions_and_what_opens_them_do_not_print() {
    let app = App::on(Backend::Sqlite).await;
    registered(&app.services, "ann").await;
    let signed_in = signed_in(&app.services, "ann").await;
    let access = signed_in.tokens.access.token.clone();
    let who = authenticate(&app.services, &app.stranger(), &access).await.expect("signed in");
    let printed = format!("{signed_in:?} {who:?}");
    assert!(!printed.contains(access.reveal()));
    assert!(!printed.contains(refresh_of(&signed_in).reveal()));
    assert!(!printed.contains(&format!("{:?}", who.session.refresh_secret)));
    assert!(!printed.contains("refresh_secret"));
}
