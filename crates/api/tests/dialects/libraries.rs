//! Tokens under a dialect's own secret, read and made by the libraries of the originals.

use serde_json::json;
use testkit::{App, Backend, JwtLibraries};

use super::legacy::{claims as old_claims, moved};
use super::one_account::On;
use super::own_secret::{SECRETS, let_in, pair, present};
use super::support::claims;

/// By the clock of this machine, by which the libraries judge.
async fn today() -> App {
    let app = App::with(&[
        ("VESTIBULE_DIALECTS__USER_MANAGEMENT__SECRET", SECRETS[0].1),
        ("VESTIBULE_DIALECTS__JWT_ACCOUNTS__SECRET", SECRETS[1].1),
        ("VESTIBULE_DIALECTS__DJOSER__SECRET", SECRETS[2].1),
    ]);
    let app = app.start(Backend::Sqlite).await;
    app.clock.advance_to_today();
    app
}

#[tokio::test]
async fn the_libraries_of_the_originals_verify_what_a_dialects_secret_signed() {
    let libraries = JwtLibraries::start();
    let app = today().await;
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
    let app = App::on(Backend::Sqlite).await;
    let app = moved(&app, &["ann"]).await;
    app.clock.advance_to_today();
    for (own, secret) in SECRETS {
        // That of `jwt_accounts` says a fraction of a second, as each language writes it.
        let said = old_claims(&app, own, "access", "ann").await;
        for writer in JwtLibraries::WRITERS {
            let token = libraries.write(writer, &said, secret);
            let reply = present(&app, own, &token).await;
            assert_eq!(reply.status.as_u16(), let_in(own), "{writer} {own:?}: {}", reply.text);
            let foreign = libraries.write(writer, &said, "another secret of at least 32 bytes");
            assert_eq!(present(&app, own, &foreign).await.status, 401, "{writer} {own:?}");
        }
    }
}
