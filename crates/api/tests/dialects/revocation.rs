//! Each trigger of a revocation, on each surface that has it, for both kinds of tokens (SES-09).

use domain::{Password, RoleName};
use http::Method;
use operations::{accounts, passwords, roles};
use serde_json::{Value, json};
use testkit::{App, on_every_backend};

use super::mailed_codes;
use super::one_account::{ALL, On, PASSWORD, access_of};

const NEW_PASSWORD: &str = "anotherPassword";

on_every_backend!(App::on =>
    ses_09_every_trigger_ends_what_it_must_and_nothing_else,
);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trigger {
    SignOut,
    SignOutEverywhere,
    EndOthers,
    ChangePassword,
    ChangeEmail,
    ClearEmail,
    DeleteOwn,
    /// By somebody else.
    ChangeEmailOf,
    EndAllOf,
    BlockAndUnblock,
    Delete,
    DeleteAndRestore,
    SetPassword,
    LoseAdmin,
}

/// What is alive afterwards.
#[derive(Clone, Copy, Debug)]
enum Kept {
    Everything,
    Others,
    Own,
    Nothing,
}

/// On which surface the owner acts; those of the operator stand with the native one.
const TABLE: [(Trigger, On, Kept); 26] = [
    (Trigger::SignOut, On::Native, Kept::Others),
    (Trigger::SignOut, On::UserManagement, Kept::Others),
    (Trigger::SignOut, On::Djoser, Kept::Others),
    (Trigger::SignOut, On::MailedCodes, Kept::Others),
    (Trigger::SignOutEverywhere, On::Native, Kept::Nothing),
    (Trigger::EndOthers, On::Native, Kept::Own),
    (Trigger::ChangePassword, On::Native, Kept::Own),
    (Trigger::ChangePassword, On::UserManagement, Kept::Own),
    (Trigger::ChangePassword, On::JwtAccounts, Kept::Nothing),
    (Trigger::ChangePassword, On::Djoser, Kept::Own),
    (Trigger::ChangePassword, On::MailedCodes, Kept::Nothing),
    // The new address waits to be verified.
    (Trigger::ChangeEmail, On::Native, Kept::Everything),
    (Trigger::ChangeEmail, On::UserManagement, Kept::Own),
    (Trigger::ChangeEmail, On::JwtAccounts, Kept::Own),
    (Trigger::ChangeEmail, On::Djoser, Kept::Own),
    (Trigger::ClearEmail, On::Native, Kept::Own),
    (Trigger::ChangeEmailOf, On::Djoser, Kept::Nothing),
    (Trigger::DeleteOwn, On::Native, Kept::Nothing),
    (Trigger::DeleteOwn, On::JwtAccounts, Kept::Nothing),
    (Trigger::DeleteOwn, On::Djoser, Kept::Nothing),
    (Trigger::EndAllOf, On::Native, Kept::Nothing),
    (Trigger::BlockAndUnblock, On::Native, Kept::Nothing),
    (Trigger::Delete, On::Native, Kept::Nothing),
    (Trigger::DeleteAndRestore, On::Native, Kept::Nothing),
    (Trigger::SetPassword, On::Native, Kept::Nothing),
    (Trigger::LoseAdmin, On::Native, Kept::Nothing),
];

/// What somebody got at sign-in.
struct Held {
    on: On,
    access: String,
    refresh: Option<String>,
}

async fn sign_in(app: &App, on: On, name: &str) -> Held {
    let pair = on.try_sign_in(app, name, PASSWORD).await.expect(200).json();
    let access = access_of(&pair).expect("an access token").to_owned();
    let refresh = ["refresh_token", "refresh"].into_iter().find_map(|name| pair[name].as_str());
    Held { on, access, refresh: refresh.map(str::to_owned) }
}

impl Held {
    async fn assert_alive(&self, node: &App, is_alive: bool, case: &str) {
        let expected = if is_alive { 200 } else { 401 };
        let path = "/api/v1/users/current";
        let reply = node.get(path).bearer(&self.access).send().await;
        assert_eq!(reply.status, expected, "{case}: access, {:?}: {}", self.on, reply.text);
        let Some(refresh) = &self.refresh else { return };
        let (path, field) = match self.on {
            On::Native => ("/api/v1/auth/refresh", "refresh_token"),
            On::JwtAccounts => ("/auth/refresh", "refresh_token"),
            On::Djoser => ("/api/auth/jwt/refresh/", "refresh"),
            On::UserManagement | On::MailedCodes => unreachable!("it has no refresh tokens"),
        };
        let reply = node.post(path, &json!({ field: refresh })).send().await;
        assert_eq!(reply.status, expected, "{case}: refresh, {:?}: {}", self.on, reply.text);
    }

    async fn ask(&self, app: &App, method: Method, path: &str, body: &Value) -> testkit::Reply {
        app.call(method, path).json(body).bearer(&self.access).send().await
    }
}

async fn ses_09_every_trigger_ends_what_it_must_and_nothing_else(app: App) {
    let beside = app.beside().await;
    On::Native.register(&app, "root").await;
    let operator = app.services.operator();
    let (root, admin) = (app.account("root").await.id, RoleName::new("admin"));
    roles::grant(&app.services, &operator, root, &admin).await.expect("granted");
    let root = sign_in(&app, On::Djoser, "root").await;
    for (number, (trigger, on, kept)) in TABLE.into_iter().enumerate() {
        let (case, name) = (format!("{trigger:?} on {on:?}"), format!("ann_{number}"));
        On::Native.register(&app, &name).await;
        if trigger == Trigger::LoseAdmin {
            let id = app.account(&name).await.id;
            roles::grant(&app.services, &operator, id, &admin).await.expect("granted");
        }
        let own = sign_in(&app, on, &name).await;
        let mut others = Vec::new();
        for on in ALL {
            others.push(sign_in(&app, on, &name).await);
        }
        pull(&app, trigger, &name, &own, &root).await;
        let (own_lives, others_live) = match kept {
            Kept::Everything => (true, true),
            Kept::Others => (false, true),
            Kept::Own => (true, false),
            Kept::Nothing => (false, false),
        };
        for node in [&beside, &app] {
            own.assert_alive(node, own_lives, &case).await;
            for other in &others {
                other.assert_alive(node, others_live, &case).await;
            }
        }
    }
    let findings = operations::health::fsck(&app.services).await.expect("findings");
    assert_eq!(findings.sessions_amiss + findings.sessions_of_inactive, 0);
}

async fn pull(app: &App, trigger: Trigger, name: &str, own: &Held, root: &Held) {
    let account = app.account(name).await;
    let (services, operator, id) = (&app.services, app.services.operator(), account.id);
    let email = format!("{name}@changed.example");
    let by_owner = match trigger {
        Trigger::SignOut => match own.on {
            On::Native => own.ask(app, Method::POST, "/api/v1/auth/logout", &json!({})).await,
            On::UserManagement => own.ask(app, Method::POST, "/users/logout", &json!({})).await,
            On::MailedCodes => own.ask(app, Method::POST, "/logout/", &json!({})).await,
            On::Djoser | On::JwtAccounts => {
                let body = json!({ "refresh": own.refresh });
                own.ask(app, Method::POST, "/api/auth/logout/", &body).await
            }
        },
        Trigger::SignOutEverywhere => {
            own.ask(app, Method::POST, "/api/v1/auth/logout/all", &json!({})).await
        }
        Trigger::EndOthers => {
            own.ask(app, Method::DELETE, "/api/v1/users/current/sessions", &json!({})).await
        }
        Trigger::ChangePassword => {
            let body = json!({
                "password": NEW_PASSWORD, "new_password": NEW_PASSWORD, "current_password": PASSWORD,
            });
            match own.on {
                On::Native => {
                    let body = json!({ "password": NEW_PASSWORD, "current_password": PASSWORD });
                    own.ask(app, Method::PATCH, own.on.account(), &body).await
                }
                On::UserManagement => {
                    let body = json!({ "email": account.email, "password": NEW_PASSWORD });
                    own.ask(app, Method::PUT, "/users", &body).await
                }
                On::JwtAccounts => own.ask(app, Method::PATCH, "/users", &body).await,
                On::Djoser => {
                    own.ask(app, Method::POST, "/api/auth/users/set_password/", &body).await
                }
                On::MailedCodes => mailed_codes::recover(app, name, "Another-Password1").await,
            }
        }
        Trigger::ChangeEmail | Trigger::ClearEmail => {
            let body = match (trigger, own.on) {
                (Trigger::ClearEmail, _) => json!({ "email": null, "current_password": PASSWORD }),
                (_, On::Native) => json!({ "email": email, "current_password": PASSWORD }),
                (_, On::UserManagement) => json!({ "email": email, "password": PASSWORD }),
                (_, On::JwtAccounts | On::Djoser) => json!({ "email": email }),
                (_, On::MailedCodes) => unreachable!("it changes no address"),
            };
            let method = if own.on == On::UserManagement { Method::PUT } else { Method::PATCH };
            own.ask(app, method, own.on.account(), &body).await
        }
        Trigger::DeleteOwn => own.on.delete(app, &own.access).await,
        Trigger::ChangeEmailOf => {
            let path = format!("/api/auth/users/{}/", account.number);
            root.ask(app, Method::PATCH, &path, &json!({ "email": email })).await
        }
        Trigger::EndAllOf => {
            let path = format!("/api/v1/admin/users/{id}/sessions");
            root.ask(app, Method::DELETE, &path, &json!({})).await
        }
        // A block is said as such, with 403; what it ended stays so when it is lifted.
        Trigger::BlockAndUnblock => {
            accounts::block(services, &operator, id).await.expect("blocked");
            let path = own.on.account();
            app.get(path).bearer(&own.access).send().await.expect(403);
            accounts::unblock(services, &operator, id).await.expect("unblocked");
            return;
        }
        Trigger::Delete => {
            accounts::delete(services, &operator, id).await.expect("deleted");
            return;
        }
        Trigger::DeleteAndRestore => {
            accounts::delete(services, &operator, id).await.expect("deleted");
            accounts::restore_by_operator(services, &operator, id).await.expect("restored");
            return;
        }
        Trigger::SetPassword => {
            let password = Password::new(NEW_PASSWORD);
            let set = passwords::set_by_operator(services, &operator, id, &password).await;
            set.expect("set");
            return;
        }
        Trigger::LoseAdmin => {
            let admin = RoleName::new("admin");
            roles::revoke(services, &operator, id, &admin).await.expect("revoked");
            return;
        }
    };
    assert!(by_owner.status.is_success(), "{trigger:?} {:?}: {}", own.on, by_owner.text);
}
