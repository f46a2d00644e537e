//! LGN-15: in whatever state an account may not act, no way leads to a token.

use std::time::Duration;

use operations::accounts;
use serde_json::{Value, json};
use storage::Backend;
use testkit::{App, Mail, Reply, on_every_backend};

use super::one_account::{ALL, On, PASSWORD};

const NEW_PASSWORD: &str = "anotherPassword";
const TICKET: &str = "/api/v1/auth/recover/password";

on_every_backend!(asking =>
    lgn_15_no_password_and_no_session_opens_an_account_that_is_shut,
    lgn_15_no_code_link_or_ticket_opens_an_account_that_is_shut,
);

async fn asking(backend: Backend) -> App {
    App::with(&[("VESTIBULE_ACCOUNTS__VERIFY_NEW_ADDRESSES", "true")]).start(backend).await
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Blocked,
    Deleted,
    Purged,
    /// Where nobody signs in before an address is verified.
    Unverified,
    /// After a hundred wrong passwords.
    PasswordDisabled,
}

const STATES: [State; 5] =
    [State::Blocked, State::Deleted, State::Purged, State::Unverified, State::PasswordDisabled];

/// What somebody may have been sent, and kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kept {
    RecoveryCode,
    RecoveryLink,
    Ticket,
    VerificationCode,
    VerificationLink,
    UndoLink,
    RestorationToken,
}

const KEPT: [Kept; 7] = [
    Kept::RecoveryCode,
    Kept::RecoveryLink,
    Kept::Ticket,
    Kept::VerificationCode,
    Kept::VerificationLink,
    Kept::UndoLink,
    Kept::RestorationToken,
];

impl Kept {
    /// Whoever shows that an address is his verifies it, and recovers what he has no password of. He
    /// who deleted the account brings it back. Nobody opens what is blocked or gone.
    fn is_good_in(self, state: State) -> bool {
        match state {
            State::Blocked | State::Purged => false,
            State::Deleted => self == Self::RestorationToken,
            State::Unverified | State::PasswordDisabled => self != Self::RestorationToken,
        }
    }

    fn is_good_for_minutes(self) -> bool {
        !matches!(self, Self::UndoLink | Self::RestorationToken)
    }

    /// Whether the account, with the password that its holder has then, opens in the state.
    fn opens(self, state: State) -> bool {
        // To verify an address sets no password; every other way ends with a good one.
        !matches!(self, Self::VerificationCode | Self::VerificationLink)
            || state == State::Unverified
    }
}

async fn lgn_15_no_password_and_no_session_opens_an_account_that_is_shut(app: App) {
    let strict = strict(&app).await;
    for (number, state) in STATES.into_iter().enumerate() {
        let name = format!("ann_{number}");
        On::Native.register(&app, &name).await;
        let refresh = refresh_tokens(&app, &name).await;
        reach(&app, state, &name).await;
        let app = if state == State::Unverified { &strict } else { &app };
        for on in ALL {
            let reply = on.try_sign_in(app, &name, PASSWORD).await;
            assert_no_token(&reply, &format!("{state:?}: sign-in on {on:?}"));
        }
        for (on, refresh) in refresh {
            let reply = refresh_on(app, on, &refresh).await;
            // A session is as good as the password that opened it, and outlives its disabling; but for
            // those of Djoser, which are over in a day, and a hundred guesses take longer.
            if state == State::PasswordDisabled && on != On::Djoser {
                assert!(reply.status.is_success(), "{on:?}: {}", reply.text);
            } else {
                assert_no_token(&reply, &format!("{state:?}: refresh on {on:?}"));
            }
        }
    }
}

async fn lgn_15_no_code_link_or_ticket_opens_an_account_that_is_shut(app: App) {
    let strict = strict(&app).await;
    for (number, state) in STATES.into_iter().enumerate() {
        for (nth, kept) in KEPT.into_iter().enumerate() {
            let (name, case) = (format!("bob_{number}_{nth}"), format!("{state:?}, {kept:?}"));
            On::Native.register(&app, &name).await;
            // A hundred wrong passwords take longer than anything of this is good.
            let is_late = state == State::PasswordDisabled && kept.is_good_for_minutes();
            let (secret, newest) = if is_late {
                let newest = reach(&app, state, &name).await;
                (keep(&app, kept, &name).await, newest)
            } else {
                let secret = keep(&app, kept, &name).await;
                (secret, reach(&app, state, &name).await)
            };
            let secret = newest.filter(|_| kept == Kept::RestorationToken).unwrap_or(secret);
            let app = if state == State::Unverified { &strict } else { &app };
            if kept.is_good_in(state) {
                let password = use_well(app, kept, &name, &secret, &case).await;
                let opens = kept.opens(state);
                for on in ALL {
                    let reply = on.try_sign_in(app, &name, password).await;
                    assert_eq!(
                        reply.status.is_success(),
                        opens,
                        "{case} on {on:?}: {}",
                        reply.text
                    );
                }
                continue;
            }
            let reply = kept.show(app, &name, &secret).await;
            assert_no_token(&reply, &case);
            assert!([400, 410].contains(&reply.status.as_u16()), "{case}: {}", reply.text);
            assert!(!reply.text.contains("reset_ticket"), "{case}: RCV-07: {}", reply.text);
            for on in ALL {
                for password in [PASSWORD, NEW_PASSWORD] {
                    let reply = on.try_sign_in(app, &name, password).await;
                    assert_no_token(&reply, &format!("{case} on {on:?}"));
                }
            }
        }
    }
}

async fn strict(app: &App) -> App {
    App::with(&[("VESTIBULE_ACCOUNTS__SIGN_IN_NEEDS_VERIFICATION", "true")]).beside(app).await
}

async fn refresh_tokens(app: &App, name: &str) -> Vec<(On, String)> {
    let mut refresh = Vec::new();
    for on in ALL {
        let pair = on.try_sign_in(app, name, PASSWORD).await.expect(200).json();
        let token = ["refresh_token", "refresh"].into_iter().find_map(|field| pair[field].as_str());
        refresh.extend(token.map(|token| (on, token.to_owned())));
    }
    assert_eq!(refresh.len(), 3);
    refresh
}

/// Lets somebody be sent what he keeps.
async fn keep(app: &App, kept: Kept, name: &str) -> String {
    let address = format!("{name}@example.org");
    match kept {
        Kept::RecoveryCode => asked_for_recovery(app, name).await.code(),
        Kept::RecoveryLink => asked_for_recovery(app, name).await.link_token(),
        Kept::Ticket => {
            let link = asked_for_recovery(app, name).await.link_token();
            let reply = app.post("/api/v1/auth/recover/verify", &json!({ "token": link }));
            text(&reply.send().await.expect(200).json()["reset_ticket"])
        }
        Kept::VerificationCode | Kept::VerificationLink => {
            app.advance(Duration::from_mins(2));
            let body = json!({ "email": address });
            app.post("/api/v1/auth/verify/email/send", &body).send().await.expect(202);
            let mail = mail_about(app, &address, "Confirm").await;
            if kept == Kept::VerificationCode { mail.code() } else { mail.link_token() }
        }
        Kept::UndoLink => {
            let token = On::Djoser.sign_in(app, name).await;
            let email = format!("{name}@changed.example");
            On::Djoser.change_email(app, &token, &email).await.expect(200);
            mail_about(app, &address, "was replaced").await.link_token()
        }
        Kept::RestorationToken => {
            let id = app.account(name).await.id;
            let operator = app.services.operator();
            accounts::delete(&app.services, &operator, id).await.expect("deleted");
            let token = mail_about(app, &address, "deleted").await.token();
            accounts::restore_by_operator(&app.services, &operator, id).await.expect("restored");
            token
        }
    }
}

async fn asked_for_recovery(app: &App, name: &str) -> Mail {
    app.post("/api/v1/auth/recover", &json!({ "identifier": name })).send().await.expect(202);
    mail_about(app, &format!("{name}@example.org"), "get back").await
}

async fn mail_about(app: &App, address: &str, about: &str) -> Mail {
    app.run_jobs().await;
    let mut mails = app.mailbox.mails().into_iter().rev();
    let found = mails.find(|mail| mail.to == address && mail.subject.contains(about));
    found.unwrap_or_else(|| panic!("nothing about {about:?} to {address}"))
}

impl Kept {
    /// The request that it is kept for.
    async fn show(self, app: &App, name: &str, secret: &str) -> Reply {
        let address = format!("{name}@example.org");
        let (path, body) = match self {
            Self::RecoveryCode => {
                ("/api/v1/auth/recover/verify", json!({ "identifier": name, "code": secret }))
            }
            Self::RecoveryLink => ("/api/v1/auth/recover/verify", json!({ "token": secret })),
            Self::Ticket => (TICKET, json!({ "reset_ticket": secret, "password": NEW_PASSWORD })),
            Self::VerificationCode => {
                ("/api/v1/auth/verify/email", json!({ "email": address, "code": secret }))
            }
            Self::VerificationLink => ("/api/v1/auth/verify/email", json!({ "token": secret })),
            Self::UndoLink => ("/api/v1/users/take-back", json!({ "token": secret })),
            Self::RestorationToken => (
                "/api/v1/users/restore",
                json!({ "identifier": name, "restoration_token": secret }),
            ),
        };
        app.post(path, &body).send().await
    }
}

/// Goes the way to its end; answers the password that is right then. No answer on the way has a
/// token in it.
async fn use_well(app: &App, kept: Kept, name: &str, secret: &str, case: &str) -> &'static str {
    let reply = kept.show(app, name, secret).await;
    assert!(reply.status.is_success(), "{case}: {} {}", reply.status, reply.text);
    assert_nothing_to_sign_in_with(&reply, case);
    match kept {
        Kept::RecoveryCode | Kept::RecoveryLink | Kept::UndoLink => {
            let ticket = text(&reply.json()["reset_ticket"]);
            let reply = Kept::Ticket.show(app, name, &ticket).await;
            assert_eq!(reply.status, 204, "{case}: {}", reply.text);
            assert_nothing_to_sign_in_with(&reply, case);
            NEW_PASSWORD
        }
        Kept::Ticket => NEW_PASSWORD,
        Kept::VerificationCode | Kept::VerificationLink | Kept::RestorationToken => PASSWORD,
    }
}

/// Answers the newest restoration token, where there is one.
async fn reach(app: &App, state: State, name: &str) -> Option<String> {
    let (services, operator) = (&app.services, app.services.operator());
    let id = app.account(name).await.id;
    match state {
        State::Blocked => drop(accounts::block(services, &operator, id).await.expect("blocked")),
        State::Deleted | State::Purged => {
            // Mails of one moment come in no order.
            app.advance(Duration::from_secs(1));
            accounts::delete(services, &operator, id).await.expect("deleted");
            app.run_jobs().await;
            let mails = app.mailbox.mails();
            let newest = mails.iter().rev().find_map(Mail::find_token);
            if state == State::Purged {
                accounts::delete_for_good(services, &operator, id).await.expect("for good");
                app.run_jobs().await;
            }
            return Some(newest.expect("a token"));
        }
        State::Unverified => {}
        State::PasswordDisabled => {
            for _ in 0..100 {
                On::Native.try_sign_in(app, name, "wrongPassword").await.expect(401);
                app.advance(Duration::from_mins(16));
            }
        }
    }
    None
}

async fn refresh_on(app: &App, on: On, token: &str) -> Reply {
    let (path, field) = match on {
        On::Native => ("/api/v1/auth/refresh", "refresh_token"),
        On::JwtAccounts => ("/auth/refresh", "refresh_token"),
        On::Djoser => ("/api/auth/jwt/refresh/", "refresh"),
        On::UserManagement | On::MailedCodes => unreachable!("it has no refresh tokens"),
    };
    app.post(path, &json!({ field: token })).send().await
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn assert_no_token(reply: &Reply, case: &str) {
    assert!(reply.status.is_client_error(), "{case}: {} {}", reply.status, reply.text);
    assert_nothing_to_sign_in_with(reply, case);
}

/// Neither in the body nor as a cookie, under whatever name.
fn assert_nothing_to_sign_in_with(reply: &Reply, case: &str) {
    for name in ["access_token", "refresh_token", "\"access\"", "\"refresh\"", "\"token\""] {
        assert!(!reply.text.contains(name), "{case}: {}", reply.text);
    }
    let cookie = reply.set_cookie("access_token").unwrap_or_default();
    assert!(cookie.is_empty() || cookie.starts_with(';'), "{case}: {cookie}");
}
