//! One account, all surfaces: made on one, it is signed in to, read, changed, blocked and deleted on
//! every other.

use http::Method;
use serde_json::{Value, json};
use testkit::{App, Call, Reply, on_every_backend};

use super::mailed_codes;

/// Good on every surface: letters of both cases and a digit, seven to twenty, on no list.
pub(super) const PASSWORD: &str = "examplePassword1";

on_every_backend!(App::on =>
    an_account_signs_in_on_every_surface,
    a_token_is_good_on_every_surface,
    a_change_is_seen_on_every_surface,
    a_block_is_seen_on_every_surface,
    a_deletion_is_seen_on_every_surface,
    a_restoration_is_seen_on_every_surface,
    a_logout_is_seen_on_every_surface,
    a_token_from_elsewhere_changes_nothing_that_matters,
);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum On {
    Native,
    UserManagement,
    JwtAccounts,
    Djoser,
    MailedCodes,
}

pub(super) const ALL: [On; 5] =
    [On::Native, On::UserManagement, On::JwtAccounts, On::Djoser, On::MailedCodes];

/// Those that change the account, and delete it.
pub(super) const CHANGING: [On; 4] = [On::Native, On::UserManagement, On::JwtAccounts, On::Djoser];

/// Every pair, with a name of its own that is good everywhere.
fn pairs(ones: &[On], others: &[On]) -> impl Iterator<Item = (On, On, String)> {
    let pairs = ones.iter().flat_map(|one| others.iter().map(move |other| (*one, *other)));
    let pairs: Vec<(On, On)> = pairs.collect();
    pairs.into_iter().enumerate().map(|(number, (one, other))| (one, other, named(number)))
}

fn named(number: usize) -> String {
    format!("Smith_{number}")
}

impl On {
    pub(super) async fn register(self, app: &App, name: &str) {
        let email = format!("{name}@example.org");
        let body = json!({ "username": name, "email": email, "password": PASSWORD });
        let (path, status) = match self {
            Self::Native => ("/api/v1/auth/register", 201),
            Self::UserManagement => ("/users/register", 200),
            Self::JwtAccounts => ("/users", 201),
            Self::Djoser => ("/api/auth/users/", 201),
            Self::MailedCodes => return mailed_codes::register(app, name, &email).await,
        };
        app.post(path, &body).send().await.expect(status);
    }

    pub(super) async fn try_sign_in(self, app: &App, name: &str, password: &str) -> Reply {
        let body = json!({ "username": name, "password": password });
        let path = match self {
            Self::Native => "/api/v1/auth/login",
            Self::UserManagement => "/users/login",
            Self::JwtAccounts => "/auth/login",
            Self::Djoser => "/api/auth/jwt/create/",
            Self::MailedCodes => return mailed_codes::sign_in(app, name, password).await,
        };
        app.post(path, &body).send().await
    }

    pub(super) async fn sign_in(self, app: &App, name: &str) -> String {
        let pair = self.try_sign_in(app, name, PASSWORD).await.expect(200).json();
        access_of(&pair).expect("a token").to_owned()
    }

    /// Where the account is shown; what only signs in has no such place of its own.
    pub(super) fn account(self) -> &'static str {
        match self {
            Self::Native | Self::MailedCodes => "/api/v1/users/current",
            Self::UserManagement | Self::JwtAccounts => "/users",
            Self::Djoser => "/api/auth/users/me/",
        }
    }

    fn read(self, app: &App, token: &str) -> Call {
        app.get(self.account()).bearer(token)
    }

    /// Whether the surface takes the token.
    async fn knows(self, app: &App, token: &str) -> bool {
        self.read(app, token).send().await.status == 200
    }

    pub(super) async fn change_email(self, app: &App, token: &str, email: &str) -> Reply {
        let (method, body) = match self {
            Self::Native => {
                (Method::PATCH, json!({ "email": email, "current_password": PASSWORD }))
            }
            Self::UserManagement => (Method::PUT, json!({ "email": email, "password": PASSWORD })),
            Self::JwtAccounts | Self::Djoser => (Method::PATCH, json!({ "email": email })),
            Self::MailedCodes => unreachable!("it changes no address"),
        };
        app.call(method, self.account()).json(&body).bearer(token).send().await
    }

    /// What the blocked are told who know their password: the status, and the whole answer but for
    /// the name that each request has for itself.
    fn blocked(self) -> (u16, Value) {
        let native = json!({
            "type": "urn:vestibule:problem:account_blocked",
            "title": "Forbidden",
            "status": 403,
            "detail": "This account is blocked.",
            "code": "account_blocked",
            "errors": [],
        });
        let of_djoser = "No active account found with the given credentials";
        match self {
            Self::Native => (403, native),
            Self::UserManagement => (401, json!({ "detail": "Учётная запись заблокирована" })),
            Self::JwtAccounts => (401, json!({ "detail": "Your account is blocked" })),
            Self::Djoser => (401, json!({ "detail": of_djoser })),
            Self::MailedCodes => (400, json!({ "message": "Учётная запись заблокирована!" })),
        }
    }

    pub(super) async fn delete(self, app: &App, token: &str) -> Reply {
        let body = json!({ "current_password": PASSWORD });
        app.delete(self.account(), &body).bearer(token).send().await
    }
}

async fn an_account_signs_in_on_every_surface(app: App) {
    for (made, used, name) in pairs(&ALL, &ALL) {
        made.register(&app, &name).await;
        let token = used.sign_in(&app, &name).await;
        let shown: Value = used.read(&app, &token).send().await.expect(200).json();
        assert_eq!(shown["username"], name, "{made:?} {used:?}");
        assert_eq!(shown["email"], format!("{name}@example.org"), "{made:?} {used:?}");
        let wrong = used.try_sign_in(&app, &name, "wrongPassword").await;
        let status = if used == On::MailedCodes { 400 } else { 401 };
        assert_eq!(wrong.status, status, "{made:?} {used:?}");
    }
}

async fn a_token_is_good_on_every_surface(app: App) {
    for (signed_in, read, name) in pairs(&ALL, &ALL) {
        On::Native.register(&app, &name).await;
        let token = signed_in.sign_in(&app, &name).await;
        let shown: Value = read.read(&app, &token).send().await.expect(200).json();
        assert_eq!(shown["username"], name, "{signed_in:?} {read:?}");
        if read == On::MailedCodes {
            app.post("/logout/", &json!({})).bearer(&token).send().await.expect(200);
        }
    }
}

/// LIF-04: restored, it is what it was, also where it was not deleted.
async fn a_restoration_is_seen_on_every_surface(app: App) {
    for (made, used, name) in pairs(&ALL, &ALL) {
        made.register(&app, &name).await;
        let id = app.account(&name).await.id;
        let token = On::Native.sign_in(&app, &name).await;
        On::Native.delete(&app, &token).await.expect(200);
        assert!(!used.try_sign_in(&app, &name, PASSWORD).await.status.is_success());
        app.run_jobs().await;
        let to = format!("{name}@example.org");
        let mails = app.mailbox.mails();
        let token =
            mails.iter().rev().filter(|mail| mail.to == to).find_map(testkit::Mail::find_token);
        let body = json!({ "identifier": name, "restoration_token": token.expect("a token") });
        app.post("/api/v1/users/restore", &body).send().await.expect(200);
        let token = used.sign_in(&app, &name).await;
        assert!(used.knows(&app, &token).await, "{made:?} {used:?}");
        assert_eq!(app.account(&name).await.id, id);
    }
}

async fn a_change_is_seen_on_every_surface(app: App) {
    for (changed, seen, name) in pairs(&CHANGING, &ALL) {
        On::JwtAccounts.register(&app, &name).await;
        let token = changed.sign_in(&app, &name).await;
        let email = format!("{name}@changed.example");
        changed.change_email(&app, &token, &email).await.expect(200);
        let token = seen.sign_in(&app, &name).await;
        let shown: Value = seen.read(&app, &token).send().await.expect(200).json();
        // The native surface waits until the new address is verified.
        let kept = format!("{name}@example.org");
        let expected = if changed == On::Native { kept } else { email };
        assert_eq!(shown["email"], expected, "{changed:?} {seen:?}");
    }
}

/// LGN-15, SES-09
async fn a_block_is_seen_on_every_surface(app: App) {
    let operator = app.services.operator();
    for surface in ALL {
        let name = named(surface as usize);
        surface.register(&app, &name).await;
        let token = surface.sign_in(&app, &name).await;
        let id = app.account(&name).await.id;
        operations::accounts::block(&app.services, &operator, id).await.expect("blocked");
        for other in ALL {
            assert!(!other.knows(&app, &token).await, "{surface:?} {other:?}");
            let reply = other.try_sign_in(&app, &name, PASSWORD).await;
            let mut answer = reply.json();
            answer.as_object_mut().expect("an object").remove("instance");
            assert_eq!((reply.status.as_u16(), answer), other.blocked(), "{other:?}");
        }
        operations::accounts::unblock(&app.services, &operator, id).await.expect("unblocked");
        for other in ALL {
            assert!(!other.knows(&app, &token).await, "what was ended stays ended");
            other.sign_in(&app, &name).await;
        }
    }
}

/// LIF-01, REG-20
async fn a_deletion_is_seen_on_every_surface(app: App) {
    for (deleted, seen, name) in pairs(&CHANGING, &ALL) {
        On::UserManagement.register(&app, &name).await;
        let number = app.account(&name).await.number;
        let token = deleted.sign_in(&app, &name).await;
        let status = if deleted == On::Native { 200 } else { 204 };
        deleted.delete(&app, &token).await.expect(status);
        assert!(!seen.knows(&app, &token).await, "{deleted:?} {seen:?}");
        let status = match seen {
            On::UserManagement => 404,
            On::MailedCodes => 400,
            On::Native | On::JwtAccounts | On::Djoser => 401,
        };
        seen.try_sign_in(&app, &name, PASSWORD).await.expect(status);
        // Final everywhere but on the native surface, which holds the name for a while.
        if deleted != On::Native {
            seen.register(&app, &name).await;
            assert_ne!(app.account(&name).await.number, number, "a new account");
        }
    }
}

/// SES-07
async fn a_logout_is_seen_on_every_surface(app: App) {
    On::Native.register(&app, "ann").await;
    let token = On::UserManagement.sign_in(&app, "ann").await;
    app.post("/users/logout", &json!({})).bearer(&token).send().await.expect(204);
    let of_djoser: Value = On::Djoser.try_sign_in(&app, "ann", PASSWORD).await.expect(200).json();
    let refresh = json!({ "refresh": of_djoser["refresh"] });
    app.post("/api/auth/logout/", &refresh).send().await.expect(200);
    let pair = On::JwtAccounts.try_sign_in(&app, "ann", PASSWORD).await.expect(200).json();
    let refresh_token = json!({ "refresh_token": pair["refresh_token"] });
    app.post("/api/v1/auth/logout", &refresh_token).send().await.expect(204);
    app.post("/auth/refresh", &refresh_token).send().await.expect(401);
    let mailed = On::MailedCodes.sign_in(&app, "ann").await;
    app.post("/logout/", &json!({})).bearer(&mailed).send().await.expect(200);
    let dead = [token, text(&of_djoser["access"]), text(&pair["access_token"]), mailed];
    for surface in ALL {
        for token in &dead {
            assert!(!surface.knows(&app, token).await, "{surface:?}");
        }
    }
}

/// A surface that asks for no password is no weak door into an account of another one.
async fn a_token_from_elsewhere_changes_nothing_that_matters(app: App) {
    for (signed_in, used, name) in pairs(&ALL, &CHANGING) {
        if used == On::Native || signed_in == used {
            continue;
        }
        On::Native.register(&app, &name).await;
        let token = signed_in.sign_in(&app, &name).await;
        let reply = used.change_email(&app, &token, "thief@example.net").await;
        assert_eq!(reply.status, 401, "{signed_in:?} {used:?}: {}", reply.text);
        let is_shared = [On::UserManagement, On::JwtAccounts].contains(&signed_in);
        if used != On::Djoser && !is_shared {
            let path = used.account();
            let reply = app.call(Method::DELETE, path).bearer(&token).send().await;
            assert_eq!(reply.status, 401, "{signed_in:?} {used:?}: {}", reply.text);
        }
        let email = app.account(&name).await.email;
        assert_eq!(email, Some(format!("{name}@example.org")), "{signed_in:?} {used:?}");
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

/// The access token of what a sign-in answers.
pub(super) fn access_of(pair: &Value) -> Option<&str> {
    ["access_token", "access", "token"].into_iter().find_map(|field| pair[field].as_str())
}
