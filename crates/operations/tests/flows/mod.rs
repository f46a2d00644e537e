//! What is done in several steps, each confirmed by a code of four digits (security.md §1.4, §4.2).

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod binding;
mod recovery;
mod registration;
mod sign_in;
mod strangers;

use std::time::Duration;

use domain::token::SecretToken;
use domain::{Identifier, Password, Surface};
use operations::accounts::{NewIdentifiers, Register};
use operations::flows::{ShownKey, begin_registration, confirm_recovery, confirm_registration};
use operations::sessions::SignIn;
use operations::{Client, Context, Result};
use testkit::{App, Backend, Mail};

const PASSWORD: &str = "Example7";

async fn hardened(backend: Backend) -> App {
    let settings = [
        ("VESTIBULE_DIALECTS__MAILED_CODES__PROFILE", "hardened"),
        ("VESTIBULE_ACCOUNTS__VERIFY_NEW_ADDRESSES", "true"),
    ];
    App::with(&settings).start(backend).await
}

fn ctx(app: &App) -> Context {
    app.services.stranger(Surface::MailedCodes, Client::default(), None)
}

fn email(name: &str) -> String {
    format!("{name}@example.org")
}

/// `name`, with the address `name@example.org`.
fn registration(name: &str) -> Register {
    let identifiers =
        NewIdentifiers { username: Some(name.to_owned()), email: Some(email(name)), phone: None };
    let password = Password::new(PASSWORD);
    let (first_name, last_name, idempotency_key) = (None, None, None);
    Register { identifiers, password, first_name, last_name, roles: Vec::new(), idempotency_key }
}

/// A second later: mails of one moment come in no order.
async fn ask(app: &App, request: &Register) -> Result<SecretToken> {
    app.advance(Duration::from_secs(1));
    begin_registration(&app.services, &ctx(app), request).await
}

async fn show(app: &App, key: &SecretToken, code: &str) -> Result<domain::User> {
    confirm_registration(&app.services, &ctx(app), Some(key), code).await
}

/// Shows the code of a recovery.
async fn recovered(app: &App, key: &SecretToken, code: &str) -> Result<()> {
    let shown = ShownKey { key: key.clone(), may_be_planted: false };
    confirm_recovery(&app.services, &ctx(app), Some(&shown), code).await.map(drop)
}

/// An account that was made on this surface.
async fn registered(app: &App, name: &str) -> domain::User {
    let key = ask(app, &registration(name)).await.expect("a key");
    show(app, &key, &mailed(app, name).await.code()).await.expect("an account")
}

fn sign_in(name: &str, password: &str) -> SignIn {
    SignIn { identifier: Identifier::recognise(name), password: Password::new(password) }
}

/// The newest mail to `name` that has a code.
async fn mailed(app: &App, name: &str) -> Mail {
    app.run_jobs().await;
    let mails = app.mailbox.mails();
    let to = email(name);
    let mut mails = mails.into_iter().rev();
    mails.find(|mail| mail.to == to && mail.find_code().is_some()).expect("a mail with a code")
}

fn about(app: &App, name: &str, words: &str) -> usize {
    let (mails, to) = (app.mailbox.mails(), email(name));
    mails.iter().filter(|mail| mail.to == to && mail.subject.contains(words)).count()
}

/// Another code of as many digits.
fn wrong(code: &str, nth: u64) -> String {
    let codes = 10_u64.pow(u32::try_from(code.len()).expect("few"));
    let number: u64 = code.parse().expect("digits");
    format!("{:0width$}", (number + 1 + nth) % codes, width = code.len())
}
