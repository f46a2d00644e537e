//! What these tests have in common: people, and what they do every day.

#![expect(clippy::expect_used, reason = "a helper that fails ends its test")]

use std::time::Duration;

use domain::token::SecretToken;
use domain::{Identifier, Password, Refusal, Surface, User, UserId};
use operations::accounts::{
    self, AccountChange, Change, NewIdentifiers, Register, UpdateOwn, update_own,
};
use operations::recovery::{recover_by_code, recover_by_link, request_recovery, reset_password};
use operations::sessions::{SignIn, SignedIn, authenticate, sign_in};
use operations::{Client, Context, Error, Result, Services};
use testkit::{App, Mail, PASSWORD};

pub(crate) const DAY: Duration = Duration::from_hours(24);

/// `name`, with the address `name@example.org` and [`PASSWORD`].
pub(crate) fn registration(name: &str) -> Register {
    Register {
        identifiers: NewIdentifiers {
            username: Some(name.to_owned()),
            email: Some(format!("{name}@example.org")),
            phone: None,
        },
        password: Password::new(PASSWORD),
        first_name: None,
        last_name: None,
        roles: Vec::new(),
        idempotency_key: None,
    }
}

pub(crate) async fn registered(services: &Services, name: &str) -> User {
    let ctx = services.native(Client::default(), None);
    accounts::register(services, &ctx, &registration(name)).await.expect("a new account")
}

pub(crate) async fn try_sign_in(services: &Services, name: &str, with: &str) -> Result<SignedIn> {
    let ctx = services.native(Client::default(), None);
    let request = SignIn { identifier: Identifier::recognise(name), password: Password::new(with) };
    sign_in(services, &ctx, &request).await
}

pub(crate) async fn signed_in(services: &Services, name: &str) -> SignedIn {
    try_sign_in(services, name, PASSWORD).await.expect("the password is right")
}

/// The refresh token; every native session has one.
pub(crate) fn refresh_of(signed_in: &SignedIn) -> SecretToken {
    signed_in.tokens.refresh.as_ref().expect("a refresh token").token.clone()
}

/// The session of `signed_in` and the context in which its owner acts.
pub(crate) async fn acting(
    services: &Services,
    signed_in: &SignedIn,
) -> (User, domain::SessionId, Context) {
    let ctx = services.native(Client::default(), None);
    let who = authenticate(services, &ctx, &signed_in.tokens.access.token).await;
    let who = who.expect("a live session");
    (User::clone(&who.user), who.session.id, who.context(&ctx))
}

/// Changes the account of somebody who is signed in and has [`PASSWORD`], by the rules of `surface`.
/// A second later: mails of one moment come in no order.
pub(crate) async fn change_on(
    app: &App,
    who: &SignedIn,
    surface: Surface,
    change: AccountChange,
) -> Result<User> {
    app.advance(Duration::from_secs(1));
    let stranger = app.stranger();
    let who = authenticate(&app.services, &stranger, &who.tokens.access.token).await?;
    let policy = app.services.policy(surface).clone();
    let ctx = Context { policy, ..who.context(&stranger) };
    let current_password = Some(Password::new(PASSWORD));
    let request = UpdateOwn { change, password: None, current_password };
    update_own(&app.services, &ctx, &who.user, who.session.id, &request).await
}

pub(crate) fn to_email(email: &str) -> AccountChange {
    AccountChange { email: Change::Set(email.to_owned()), ..AccountChange::default() }
}

pub(crate) fn to_phone(phone: &str) -> AccountChange {
    AccountChange { phone: Change::Set(phone.to_owned()), ..AccountChange::default() }
}

/// Whether anything that was handed out still opens a door.
pub(crate) async fn is_dead(services: &Services, signed_in: &SignedIn) -> bool {
    let ctx = services.native(Client::default(), None);
    let access = authenticate(services, &ctx, &signed_in.tokens.access.token).await;
    let refresh = operations::sessions::refresh(services, &ctx, &refresh_of(signed_in)).await;
    matches!((access, refresh), (Err(Error::Refused(_)), Err(Error::Refused(_))))
}

/// Deletes restorably.
pub(crate) async fn delete(services: &Services, id: UserId) {
    accounts::delete(services, &services.operator(), id)
        .await
        .expect("the account is there to be deleted");
}

pub(crate) fn refusal<T>(outcome: Result<T>) -> Refusal {
    match outcome {
        Ok(_) => panic!("it was not refused"),
        Err(Error::Refused(refusal)) => refusal,
        Err(Error::Fault(fault)) => panic!("a fault: {}", fault.chain()),
    }
}

/// What happened to the account, oldest first, without the common prefix and version.
pub(crate) async fn events_of(app: &App, id: UserId) -> Vec<String> {
    let mut read = app.database.store.read().await.expect("a connection");
    let events = storage::events::of_user(&mut read, id).await.expect("the log");
    for (index, event) in events.iter().enumerate() {
        assert_eq!(event.user_version, i64::try_from(index).expect("few") + 1, "I9: dense");
    }
    let short = |name: &str| {
        let name = name.strip_prefix("vestibule.").and_then(|name| name.strip_suffix(".v1"));
        name.expect("a name of ours").to_owned()
    };
    events.iter().map(|event| short(&event.name)).collect()
}

/// Asks for a way back, by the address or by the name before its `@`, and answers the mail.
pub(crate) async fn recover(app: &App, name: &str) -> Mail {
    let named = Identifier::recognise(name);
    let asked = request_recovery(&app.services, &app.stranger(), &named).await;
    asked.expect("not asked too often");
    let name = name.trim_end_matches("@example.org");
    mail_to(app, &format!("{name}@example.org"), "get back").await
}

/// The newest mail with these words in its subject. Mails of one moment come in no order.
pub(crate) async fn mail_to(app: &App, address: &str, about: &str) -> Mail {
    app.run_jobs().await;
    let mails = app.mailbox.mails();
    let mut mails = mails.into_iter().rev();
    let found = mails.find(|mail| mail.to == address && mail.subject.contains(about));
    found.unwrap_or_else(|| panic!("nothing about {about:?} to {address}"))
}

pub(crate) async fn try_code(app: &App, name: &str, code: &str) -> Result<SecretToken> {
    recover_by_code(&app.services, &app.stranger(), &Identifier::recognise(name), code).await
}

pub(crate) async fn try_link(app: &App, link: &str) -> Result<SecretToken> {
    recover_by_link(&app.services, &app.stranger(), &SecretToken::new(link)).await
}

pub(crate) async fn set_password(app: &App, ticket: &SecretToken, password: &str) -> Result<User> {
    let password = Password::new(password);
    reset_password(&app.services, &app.stranger(), ticket, &password).await
}

/// Without a word in the log.
pub(crate) async fn make_moderator(app: &App, id: UserId) {
    let moderator = domain::RoleName::new(domain::RoleName::MODERATOR);
    let granted: storage::Result<bool> = storage::transact!(app.database.store, |tx| {
        storage::roles::grant(tx, id, &moderator, app.now()).await?
    });
    assert!(granted.expect("granted"));
}
