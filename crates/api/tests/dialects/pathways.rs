//! LGN-15: in whatever state an account may not act, no way leads to a token.

use std::time::Duration;

use operations::accounts;
use serde_json::{Value, json};
use testkit::{App, Reply, on_every_backend};

use super::one_account::{ALL, On, PASSWORD};

const NEW_PASSWORD: &str = "anotherPassword";

on_every_backend!(App::on => lgn_15_no_state_that_shuts_an_account_out_has_a_way_in);

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

/// What its owner holds from better days.
struct Held {
    refresh: Vec<(On, String)>,
    recovery: String,
}

async fn lgn_15_no_state_that_shuts_an_account_out_has_a_way_in(app: App) {
    let strict = App::with(&[("VESTIBULE_ACCOUNTS__SIGN_IN_NEEDS_VERIFICATION", "true")]);
    let strict = strict.beside(&app).await;
    for (number, state) in STATES.into_iter().enumerate() {
        let name = format!("ann_{number}");
        let held = better_days(&app, &name).await;
        reach(&app, state, &name).await;
        let app = if state == State::Unverified { &strict } else { &app };
        for on in ALL {
            let reply = on.try_sign_in(app, &name, PASSWORD).await;
            assert_no_token(&reply, &format!("{state:?}: sign-in on {on:?}"));
        }
        for (on, refresh) in &held.refresh {
            // A session is as good as the password that opened it, and outlives its disabling.
            if state != State::PasswordDisabled {
                let reply = refresh_on(app, *on, refresh).await;
                assert_no_token(&reply, &format!("{state:?}: refresh on {on:?}"));
            }
        }
        // Whoever recovers has shown that the address is his, and has a new password.
        if !matches!(state, State::Unverified | State::PasswordDisabled) {
            recover(app, &held.recovery, &format!("{state:?}")).await;
            for on in ALL {
                let reply = on.try_sign_in(app, &name, NEW_PASSWORD).await;
                assert_no_token(&reply, &format!("{state:?}: new password on {on:?}"));
            }
        }
    }
}

async fn better_days(app: &App, name: &str) -> Held {
    On::Native.register(app, name).await;
    let mut refresh = Vec::new();
    for on in ALL {
        let pair = on.try_sign_in(app, name, PASSWORD).await.expect(200).json();
        let token = ["refresh_token", "refresh"].into_iter().find_map(|field| pair[field].as_str());
        refresh.extend(token.map(|token| (on, token.to_owned())));
    }
    assert_eq!(refresh.len(), 3);
    app.post("/api/v1/auth/recover", &json!({ "identifier": name })).send().await.expect(202);
    app.run_jobs().await;
    let mails = app.mailbox.mails().into_iter().rev();
    let mut mails = mails.filter(|mail| mail.to == format!("{name}@example.org"));
    let mail = mails.find(|mail| mail.subject.contains("get back")).expect("a mail");
    Held { refresh, recovery: mail.link_token() }
}

async fn reach(app: &App, state: State, name: &str) {
    let (services, operator) = (&app.services, app.services.operator());
    let id = app.account(name).await.id;
    match state {
        State::Blocked => drop(accounts::block(services, &operator, id).await.expect("blocked")),
        State::Deleted => drop(accounts::delete(services, &operator, id).await.expect("deleted")),
        State::Purged => {
            accounts::delete(services, &operator, id).await.expect("deleted");
            app.advance(Duration::from_hours(31 * 24));
            app.run_jobs().await;
        }
        State::Unverified => {}
        State::PasswordDisabled => {
            for _ in 0..100 {
                On::Native.try_sign_in(app, name, "wrongPassword").await.expect(401);
                app.advance(Duration::from_mins(16));
            }
        }
    }
}

async fn refresh_on(app: &App, on: On, token: &str) -> Reply {
    let (path, field) = match on {
        On::Native => ("/api/v1/auth/refresh", "refresh_token"),
        On::JwtAccounts => ("/auth/refresh", "refresh_token"),
        On::Djoser => ("/api/auth/jwt/refresh/", "refresh"),
        On::UserManagement => unreachable!("it has no refresh tokens"),
    };
    app.post(path, &json!({ field: token })).send().await
}

async fn recover(app: &App, link: &str, case: &str) {
    let verify = app.post("/api/v1/auth/recover/verify", &json!({ "token": link })).send().await;
    assert_no_token(&verify, case);
    let ticket = verify.json()["reset_ticket"].clone();
    assert_eq!(ticket, Value::Null, "{case}: RCV-07");
    let body = json!({ "reset_ticket": link, "password": NEW_PASSWORD });
    let reply = app.post("/api/v1/auth/recover/password", &body).send().await;
    assert_no_token(&reply, case);
}

/// Neither in the body nor as a cookie, under whatever name.
fn assert_no_token(reply: &Reply, case: &str) {
    assert!(reply.status.is_client_error(), "{case}: {} {}", reply.status, reply.text);
    for name in ["access_token", "refresh_token", "\"access\"", "\"refresh\"", "\"token\""] {
        assert!(!reply.text.contains(name), "{case}: {}", reply.text);
    }
    let cookie = reply.set_cookie("access_token").unwrap_or_default();
    assert!(cookie.is_empty() || cookie.starts_with(';'), "{case}: {cookie}");
}
