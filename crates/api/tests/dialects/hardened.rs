//! Every dialect in the profile `hardened`, on one server.

use serde_json::Value;
use testkit::{App, Backend, Reply, on_every_backend};

use super::one_account::{ALL, CHANGING, On};

on_every_backend!(hardened =>
    an_account_of_each_signs_in_on_all,
    lgn_09_no_sign_in_tells_who_is_registered,
    pwd_07_no_change_of_address_without_the_password,
);

async fn hardened(backend: Backend) -> App {
    let settings = [
        ("VESTIBULE_DIALECTS__USER_MANAGEMENT__PROFILE", "hardened"),
        ("VESTIBULE_DIALECTS__JWT_ACCOUNTS__PROFILE", "hardened"),
        ("VESTIBULE_DIALECTS__DJOSER__PROFILE", "hardened"),
        ("VESTIBULE_DIALECTS__MAILED_CODES__PROFILE", "hardened"),
    ];
    App::with(&settings).start(backend).await
}

fn named(on: On) -> String {
    format!("Smith_{}", on as u8)
}

async fn an_account_of_each_signs_in_on_all(app: App) {
    for made in ALL {
        made.register(&app, &named(made)).await;
        for used in ALL {
            used.sign_in(&app, &named(made)).await;
        }
    }
}

async fn lgn_09_no_sign_in_tells_who_is_registered(app: App) {
    On::Native.register(&app, "Smith_1").await;
    for on in ALL {
        let known = on.try_sign_in(&app, "Smith_1", "not that password").await;
        let unknown = on.try_sign_in(&app, "Nobody_1", "not that password").await;
        assert!([400, 401].contains(&known.status.as_u16()), "{on:?}: {}", known.text);
        assert_eq!(told(&known), told(&unknown), "{on:?}");
    }
}

/// All but the name that each request has for itself.
fn told(reply: &Reply) -> (u16, Value) {
    let mut answer = reply.json();
    answer.as_object_mut().expect("an object").remove("instance");
    (reply.status.as_u16(), answer)
}

async fn pwd_07_no_change_of_address_without_the_password(app: App) {
    for on in CHANGING {
        let name = named(on);
        on.register(&app, &name).await;
        let token = on.sign_in(&app, &name).await;
        if on != On::Native {
            let reply = on.change_email(&app, &token, "thief@example.net").await;
            assert!(reply.status.is_client_error(), "{on:?}: {} {}", reply.status, reply.text);
        }
        let account = app.account(&name).await;
        assert_eq!(account.email, Some(format!("{name}@example.org")), "{on:?}");
        assert_eq!(account.pending_email, None, "{on:?}");
    }
}
