//! Who asks, and about whom.

use data_encoding::BASE64;
use domain::{Permission, RoleName};
use http::header::AUTHORIZATION;
use operations::roles::{NewRole, grant};
use operations::service_accounts::{NewServiceAccount, create};
use operations::webhooks::{self, NewWebhook};
use operations::{jobs, roles, sessions};
use serde_json::json;
use testkit::{App, Call};

use super::routes::Route;

/// Good on every surface.
pub(super) const PASSWORD: &str = "examplePassword";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    Anonymous,
    Owner,
    Other,
    Moderator,
    Admin,
    Service,
}

/// Makes people, each with a name of its own.
pub(super) struct People {
    service: String,
    count: usize,
}

/// One question: who asks, and what the ids of the path name.
pub(super) struct Scene {
    authorization: Option<String>,
    /// Whoever asks; without an account, whom the path is about.
    pub(super) name: String,
    pub(super) new_name: String,
    pub(super) target_id: String,
    ids: Vec<(&'static str, String)>,
}

impl Who {
    pub(super) const ALL: [Self; 6] =
        [Self::Anonymous, Self::Owner, Self::Other, Self::Moderator, Self::Admin, Self::Service];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Owner => "owner",
            Self::Other => "other",
            Self::Moderator => "moderator",
            Self::Admin => "admin",
            Self::Service => "service",
        }
    }

    fn role(self) -> Option<&'static str> {
        match self {
            Self::Moderator => Some(RoleName::MODERATOR),
            Self::Admin => Some(RoleName::ADMIN),
            Self::Anonymous | Self::Owner | Self::Other | Self::Service => None,
        }
    }
}

impl People {
    pub(super) async fn new(app: &App) -> Self {
        // Whoever else is an administrator here is not the last.
        account(app, "root").await;
        give(app, "root", RoleName::ADMIN).await;
        let permissions = Permission::OF_SERVICES.map(|may| may.as_str().to_owned()).to_vec();
        Self { service: service(app, "every-permission", permissions).await.1, count: 0 }
    }

    pub(super) async fn scene(&mut self, app: &App, route: &Route, who: Who) -> Scene {
        self.count += 1;
        let (target, asking) = (format!("t{:04}", self.count), format!("a{:04}", self.count));
        account(app, &target).await;
        let name = match who {
            Who::Owner | Who::Anonymous | Who::Service => target.clone(),
            Who::Other | Who::Moderator | Who::Admin => {
                account(app, &asking).await;
                asking
            }
        };
        if let Some(role) = who.role() {
            give(app, &name, role).await;
        }
        let authorization = match who {
            Who::Anonymous => None,
            Who::Service => Some(self.service.clone()),
            Who::Owner | Who::Other | Who::Moderator | Who::Admin => {
                Some(format!("Bearer {}", sign_in(app, &route.surface, &name).await))
            }
        };
        let user = app.account(&target).await;
        let id = if route.path.contains("/services/") {
            service(app, &format!("of-{target}"), Vec::new()).await.0
        } else if route.path.contains("/webhooks/") {
            webhook(app).await
        } else if route.path.contains("/jobs/") {
            waiting_job(app, &format!("d{:04}", self.count)).await
        } else if route.surface == "djoser" {
            user.number.to_string()
        } else {
            user.id.to_string()
        };
        let mut ids = vec![("{id}", id)];
        if route.path.contains("{session_id}") {
            ids.push(("{session_id}", session(app, &target).await));
        }
        if route.path.contains("{role}") {
            ids.push(("{role}", role(app, &target).await));
        }
        let new_name = format!("n{:04}", self.count);
        Scene { authorization, name, new_name, target_id: user.id.to_string(), ids }
    }
}

impl Scene {
    pub(super) fn fill(&self, path: &str) -> String {
        let filled =
            self.ids.iter().fold(path.to_owned(), |path, (name, id)| path.replace(name, id));
        assert!(!filled.contains('{'), "say what {path} is about");
        filled
    }

    pub(super) fn sign(&self, call: Call) -> Call {
        match &self.authorization {
            Some(value) => call.header(AUTHORIZATION.as_str(), value),
            None => call,
        }
    }
}

/// The erasure of an account of its own, which waits for its time.
async fn waiting_job(app: &App, name: &str) -> String {
    account(app, name).await;
    let (id, ctx) = (app.account(name).await.id, app.services.operator());
    operations::accounts::delete(&app.services, &ctx, id).await.expect("deleted");
    let kind = Some("purge_account".to_owned());
    let question = jobs::Question { kind, user_id: Some(id), ..jobs::Question::default() };
    let page = jobs::list(&app.services, &ctx, &question).await.expect("jobs");
    page.jobs.first().expect("the erasure").id.to_string()
}

async fn account(app: &App, name: &str) {
    let body = json!({
        "username": name, "email": format!("{name}@example.org"), "password": PASSWORD,
    });
    app.post("/api/v1/auth/register", &body).send().await.expect(201);
}

async fn give(app: &App, name: &str, role: &str) {
    let (id, ctx) = (app.account(name).await.id, app.services.operator());
    grant(&app.services, &ctx, id, &RoleName::new(role)).await.expect("granted");
}

/// Where the route is: a session of another surface may less.
async fn sign_in(app: &App, surface: &str, name: &str) -> String {
    let path = match surface {
        "user_management" => "/users/login",
        "jwt_accounts" | "shared_users" => "/auth/login",
        "djoser" => "/api/auth/jwt/create/",
        _ => "/api/v1/auth/login",
    };
    let body = json!({ "username": name, "password": PASSWORD });
    let pair = app.post(path, &body).send().await.expect(200).json();
    let token = ["access_token", "access"].into_iter().find_map(|field| pair[field].as_str());
    token.expect("a token").to_owned()
}

/// A live session of an account, by its id.
async fn session(app: &App, name: &str) -> String {
    sign_in(app, "native", name).await;
    let (id, ctx) = (app.account(name).await.id, app.services.operator());
    let all = sessions::list(&app.services, &ctx, id).await.expect("sessions");
    all.first().expect("the newest").id.to_string()
}

/// The id of a new webhook.
async fn webhook(app: &App) -> String {
    let url = "https://example.org/events".to_owned();
    let request = NewWebhook { url, types: Vec::new() };
    let made = webhooks::create(&app.services, &app.services.operator(), &request).await;
    made.expect("a new webhook").0.id.to_string()
}

/// The id of a new service, and its credentials as a header.
async fn service(app: &App, name: &str, permissions: Vec<String>) -> (String, String) {
    let request = NewServiceAccount { name: name.to_owned(), permissions };
    let made = create(&app.services, &app.services.operator(), &request).await;
    let (service, secret) = made.expect("a new service");
    let credentials = format!("{}:{}", service.id, secret.reveal());
    (service.id.to_string(), format!("Basic {}", BASE64.encode(credentials.as_bytes())))
}

/// A role that nobody holds.
async fn role(app: &App, name: &str) -> String {
    let request = NewRole { name: format!("of-{name}"), ..NewRole::default() };
    let made = roles::create(&app.services, &app.services.operator(), &request).await;
    made.expect("a new role").name.to_string()
}
