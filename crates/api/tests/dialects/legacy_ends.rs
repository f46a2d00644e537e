//! What ends tokens of the old services: all that ends every session, whether they were presented here
//! before or not (docs/decisions/0044).

use std::time::Duration;

use domain::RoleName;
use operations::{accounts, passwords, roles, sessions};
use serde_json::json;
use testkit::{App, on_every_backend};

use super::legacy::{claims, moved, old_token, signed, with_secrets};
use super::one_account::{On, PASSWORD};
use super::own_secret::{SECRETS, let_in, present};

on_every_backend!(App::on =>
    ses_09_it_dies_with_what_ends_every_session_seen_or_not,
    ses_09_it_dies_unseen_also_where_no_session_was_there_to_end,
    a_name_that_may_have_another_holder_by_now_names_nobody,
);

const NAMES: [&str; 9] = ["ann", "bea", "cat", "dot", "eve", "fay", "gil", "hal", "ivy"];

#[derive(Clone, Copy, Debug)]
enum End {
    SignOutEverywhere,
    SignOutOthers,
    SignOutAllOf,
    ChangePassword,
    SetPassword,
    ChangeEmail,
    LoseAdmin,
    BlockAndUnblock,
    DeleteAndRestore,
}

impl End {
    const ALL: [Self; 9] = [
        Self::SignOutEverywhere,
        Self::SignOutOthers,
        Self::SignOutAllOf,
        Self::ChangePassword,
        Self::SetPassword,
        Self::ChangeEmail,
        Self::LoseAdmin,
        Self::BlockAndUnblock,
        Self::DeleteAndRestore,
    ];

    async fn come(self, app: &App, name: &str) {
        let id = app.account(name).await.id;
        let operator = app.services.operator();
        match self {
            Self::SignOutEverywhere => {
                let token = On::Native.sign_in(app, name).await;
                let everywhere = app.post("/api/v1/auth/logout/all", &json!({}));
                everywhere.bearer(&token).send().await.expect(204);
            }
            Self::SignOutOthers => {
                let token = On::Native.sign_in(app, name).await;
                let others = app.delete("/api/v1/users/current/sessions", &json!({}));
                others.bearer(&token).send().await.expect(204);
            }
            Self::SignOutAllOf => {
                sessions::revoke_all_of(&app.services, &operator, id).await.expect("ended");
            }
            Self::ChangePassword => {
                let token = On::JwtAccounts.sign_in(app, name).await;
                let body = json!({ "password": "anotherPassword" });
                app.patch("/users", &body).bearer(&token).send().await.expect(200);
            }
            Self::SetPassword => {
                let password = domain::Password::new(PASSWORD);
                let set = passwords::set_by_operator(&app.services, &operator, id, &password).await;
                set.expect("set");
            }
            Self::ChangeEmail => {
                let token = On::Djoser.sign_in(app, name).await;
                let email = format!("{name}@another.example");
                On::Djoser.change_email(app, &token, &email).await.expect(200);
            }
            Self::LoseAdmin => {
                let admin = RoleName::new(RoleName::ADMIN);
                roles::grant(&app.services, &operator, id, &admin).await.expect("granted");
                roles::revoke(&app.services, &operator, id, &admin).await.expect("revoked");
            }
            Self::BlockAndUnblock => {
                accounts::block(&app.services, &operator, id).await.expect("blocked");
                accounts::unblock(&app.services, &operator, id).await.expect("as before");
            }
            Self::DeleteAndRestore => {
                accounts::delete(&app.services, &operator, id).await.expect("deleted");
                accounts::restore_by_operator(&app.services, &operator, id)
                    .await
                    .expect("restored");
            }
        }
    }
}

/// With an administrator beside them: the last one would have to stay.
async fn all_moved(app: &App) -> App {
    let app = moved(app, &[&NAMES[..], &["zoe"]].concat()).await;
    let (zoe, admin) = (app.account("zoe").await.id, RoleName::new(RoleName::ADMIN));
    let granted = roles::grant(&app.services, &app.services.operator(), zoe, &admin).await;
    granted.expect("granted");
    app
}

async fn ses_09_it_dies_with_what_ends_every_session_seen_or_not(app: App) {
    let app = all_moved(&app).await;
    for (end, name) in End::ALL.into_iter().zip(NAMES) {
        let mut tokens = Vec::new();
        for (own, _) in SECRETS {
            let seen = claims(&app, own, "access", name).await;
            let mut unseen = seen.clone();
            unseen["jti"] = json!("1".repeat(32));
            let tokens_of = [signed(own, &seen), signed(own, &unseen)];
            let reply = present(&app, own, &tokens_of[0]).await;
            assert_eq!(reply.status.as_u16(), let_in(own), "{own:?}: {}", reply.text);
            tokens.push((own, tokens_of));
        }
        app.advance(Duration::from_secs(5));
        end.come(&app, name).await;
        for (own, tokens_of) in tokens {
            for token in tokens_of {
                let reply = present(&app, own, &token).await;
                assert_eq!(reply.status, 401, "{end:?} at {own:?}: {}", reply.text);
            }
        }
    }
}

/// Nothing but the token itself was there to be ended. And whether old tokens were taken just then
/// does not matter.
async fn ses_09_it_dies_unseen_also_where_no_session_was_there_to_end(app: App) {
    let app = all_moved(&app).await;
    let strict = with_secrets("false").beside(&app).await;
    for (end, name) in End::ALL.into_iter().zip(NAMES) {
        // To know what the third says, one has to sign in.
        let owns = [On::UserManagement, On::Djoser];
        let mut tokens = Vec::new();
        for own in owns {
            tokens.push((own, old_token(&app, own, name).await));
        }
        app.advance(Duration::from_secs(5));
        end.come(&strict, name).await;
        for (own, token) in tokens {
            let reply = present(&app, own, &token).await;
            assert_eq!(reply.status, 401, "{end:?} at {own:?}: {}", reply.text);
        }
    }
}

/// A number is always the same account's; a name may have been another's when the token was made.
async fn a_name_that_may_have_another_holder_by_now_names_nobody(app: App) {
    let app = moved(&app, &["ann", "bob"]).await;
    let rename = async |from: &str, to: &str| {
        let body = json!({ "username": to, "current_password": PASSWORD });
        let token = On::Native.sign_in(&app, from).await;
        app.patch("/api/v1/users/current", &body).bearer(&token).send().await.expect(200);
    };
    let by_number = old_token(&app, On::Djoser, "ann").await;
    let of_ann = claims(&app, On::UserManagement, "access", "ann").await;
    let with = |name: &str, jti: u8| {
        let mut claims = of_ann.clone();
        claims["username"] = json!(name);
        claims["jti"] = json!(jti);
        signed(On::UserManagement, &claims)
    };
    app.advance(Duration::from_secs(5));
    rename("ann", "anna").await;
    let nobodys = present(&app, On::UserManagement, &with("ann", 1)).await;
    assert_eq!(nobodys.status, 404, "{}", nobodys.text);
    let hers_now = present(&app, On::UserManagement, &with("anna", 1)).await;
    assert_eq!(hers_now.status, 401, "{}", hers_now.text);
    // Another's now, and once more the first one's.
    rename("bob", "ann").await;
    assert_eq!(present(&app, On::UserManagement, &with("ann", 2)).await.status, 401);
    rename("ann", "bob").await;
    rename("anna", "ann").await;
    assert_eq!(present(&app, On::UserManagement, &with("ann", 3)).await.status, 401);
    let reply = present(&app, On::Djoser, &by_number).await;
    assert_eq!(reply.status.as_u16(), let_in(On::Djoser), "{}", reply.text);
}
