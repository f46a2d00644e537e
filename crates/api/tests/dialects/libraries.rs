//! Tokens under a dialect's own secret, read and made by the libraries of the originals.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::{App, Backend, JwtLibraries};

use super::one_account::On;
use super::own_secret::{SECRETS, let_in, pair, present};
use super::support::claims;

const HOUR: Duration = Duration::from_hours(1);

/// By the clock of this machine, by which the libraries judge.
async fn today(accepts_legacy: &str) -> App {
    let app = App::with(&[
        ("VESTIBULE_DIALECTS__USER_MANAGEMENT__SECRET", SECRETS[0].1),
        ("VESTIBULE_DIALECTS__JWT_ACCOUNTS__SECRET", SECRETS[1].1),
        ("VESTIBULE_DIALECTS__DJOSER__SECRET", SECRETS[2].1),
        ("VESTIBULE_DIALECTS__USER_MANAGEMENT__ACCEPT_LEGACY_TOKENS", accepts_legacy),
        ("VESTIBULE_DIALECTS__DJOSER__ACCEPT_LEGACY_TOKENS", accepts_legacy),
    ]);
    let app = app.start(Backend::Sqlite).await;
    app.clock.advance_to_today();
    app
}

#[tokio::test]
async fn the_libraries_of_the_originals_verify_what_a_dialects_secret_signed() {
    let libraries = JwtLibraries::start();
    let app = today("false").await;
    On::Native.register(&app, "ann").await;
    let mut tokens = Vec::new();
    for (own, secret) in SECRETS {
        tokens.push((own.sign_in(&app, "ann").await, secret));
    }
    let refresh = pair(&app, "/auth/login").await["refresh_token"].clone();
    tokens.push((refresh.as_str().expect("a token").to_owned(), SECRETS[1].1));
    let refresh = pair(&app, "/api/auth/jwt/create/").await["refresh"].clone();
    tokens.push((refresh.as_str().expect("a token").to_owned(), SECRETS[2].1));
    for (token, secret) in &tokens {
        for reader in JwtLibraries::READERS {
            let read = libraries.read(reader, token, secret);
            assert_eq!(read, json!({ "claims": claims(token) }), "{reader}");
            let other = libraries.read(reader, token, "another secret of at least 32 bytes");
            assert!(other["wrong"].is_string(), "{reader}: {other}");
        }
    }
    // What the deployment's key signs, none of them takes: it is why a dialect has a secret.
    let native = On::Native.sign_in(&app, "ann").await;
    for reader in JwtLibraries::READERS {
        let read = libraries.read(reader, &native, SECRETS[2].1);
        assert!(read["wrong"].is_string(), "{reader}: {read}");
    }
}

#[tokio::test]
async fn what_the_libraries_of_the_originals_sign_is_a_token_of_the_old_service() {
    let libraries = JwtLibraries::start();
    let app = today("true").await;
    On::Native.register(&app, "ann").await;
    // The secret is known for as long as the account is.
    app.advance(HOUR);
    let now = app.now().as_seconds();
    let number = app.account("ann").await.number;
    let of_djoser: Value = json!({
        "token_type": "access", "exp": now + 240, "iat": now, "jti": "0".repeat(32),
        "user_id": number,
    });
    for writer in JwtLibraries::WRITERS {
        let token = libraries.write(writer, &of_djoser, SECRETS[2].1);
        let reply = present(&app, On::Djoser, &token).await;
        assert_eq!(reply.status.as_u16(), let_in(On::Djoser), "{writer}: {}", reply.text);
        let foreign = libraries.write(writer, &of_djoser, "another secret of at least 32 bytes");
        assert_eq!(present(&app, On::Djoser, &foreign).await.status, 401, "{writer}");
    }
}
