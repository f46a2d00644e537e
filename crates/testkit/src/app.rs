//! The whole application, in process: built by the server's own constructor.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::Router;
use domain::Identifier;
use http::Method;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use operations::events::{LeaderSettings, relay_due};
use operations::jobs::{Schedules, run_due, schedule};
use operations::{Context, Services};
use serde_json::{Value, json};
use server::World;
use server::config::{Settings, Sources};
use storage::Backend;

use crate::clock::FixedClock;
use crate::database::Database;
use crate::entropy::SeededEntropy;
use crate::mailbox::Mailbox;
use crate::request::{Call, Reply};

/// A password that every policy of ours accepts.
pub const PASSWORD: &str = "correct horse battery staple";

/// Limits that no test runs into by accident.
const GENEROUS: [&str; 15] = [
    "REGISTER",
    "REGISTER_ALL",
    "SETUP",
    "LOGIN",
    "LOGIN_FAILURES",
    "SERVICE_FAILURES",
    "SEND_CODE",
    "RECOVER",
    "CODE_FAILURES",
    "UPDATE",
    "DELETE",
    "RESTORE",
    "REFRESH",
    "REFRESH_SESSION",
    "ADMIN",
];

pub struct App {
    pub services: Arc<Services>,
    pub database: Arc<Database>,
    pub clock: Arc<FixedClock>,
    pub mailbox: Mailbox,
    pub draining: api::Draining,
    router: Router,
    builder: AppBuilder,
}

/// An application about to start, with settings of its own.
#[derive(Clone)]
pub struct AppBuilder {
    settings: Vec<(String, String)>,
    /// Instances that share a database share it: no two have the same chance.
    next_seed: Arc<AtomicU64>,
}

impl App {
    /// With default settings but for cheap hashing, on a fresh database.
    pub async fn on(backend: Backend) -> Self {
        Self::with(&[]).start(backend).await
    }

    /// With these environment variables (`VESTIBULE_…`) beside the defaults of tests.
    pub fn with(settings: &[(&str, &str)]) -> AppBuilder {
        let settings = settings.iter().map(|(key, value)| ((*key).into(), (*value).into()));
        AppBuilder { settings: settings.collect(), next_seed: Arc::new(AtomicU64::new(1)) }
    }

    /// Another instance on the same database, with the same settings and clock.
    pub async fn beside(&self) -> Self {
        let builder = self.builder.clone();
        Box::pin(builder.assemble(Arc::clone(&self.database), Arc::clone(&self.clock))).await
    }

    /// For who serves it on a socket.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    pub fn call(&self, method: Method, path: &str) -> Call {
        Call::new(self.router.clone(), method, path)
    }

    pub fn get(&self, path: &str) -> Call {
        self.call(Method::GET, path)
    }

    pub fn post(&self, path: &str, body: &Value) -> Call {
        self.call(Method::POST, path).json(body)
    }

    pub fn patch(&self, path: &str, body: &Value) -> Call {
        self.call(Method::PATCH, path).json(body)
    }

    pub fn delete(&self, path: &str, body: &Value) -> Call {
        self.call(Method::DELETE, path).json(body)
    }

    /// The context of a stranger on the native API.
    pub fn stranger(&self) -> Context {
        self.services.native(operations::Client::default(), None)
    }

    /// Runs every job that is due.
    pub async fn run_jobs(&self) -> u64 {
        run_due(&self.services).await.expect("jobs can be run")
    }

    /// Numbers every event that has no number, and carries them to Kafka where there is one; answers how
    /// many were carried.
    pub async fn relay_events(&self) -> usize {
        relay_due(&self.services, &LeaderSettings::default()).await.expect("events are numbered")
    }

    /// Promises the hourly sweep, lets its hour come and runs it.
    pub async fn sweep(&self) {
        schedule(&self.services, &Schedules::default()).await.expect("a sweep is promised");
        self.advance(Duration::from_hours(1));
        self.run_jobs().await;
    }

    pub fn now(&self) -> domain::Timestamp {
        operations::ports::Clock::now(&*self.clock)
    }

    pub fn advance(&self, by: Duration) {
        self.clock.advance(by);
    }

    /// Registers `name` with the address `name@example.org` and [`PASSWORD`].
    pub async fn register(&self, name: &str) -> Value {
        let body = json!({
            "username": name, "email": format!("{name}@example.org"), "password": PASSWORD,
        });
        self.post("/api/v1/auth/register", &body).send().await.expect(201).json()
    }

    /// Signs in with [`PASSWORD`].
    pub async fn sign_in(&self, identifier: &str) -> Value {
        self.try_sign_in(identifier, PASSWORD).await.expect(200).json()
    }

    pub async fn try_sign_in(&self, identifier: &str, password: &str) -> Reply {
        let body = json!({ "identifier": identifier, "password": password });
        self.post("/api/v1/auth/login", &body).send().await
    }

    /// Registers and signs in; answers the access token.
    pub async fn newcomer(&self, name: &str) -> String {
        self.register(name).await;
        access_token(&self.sign_in(name).await)
    }

    /// The account, as operators see it.
    pub async fn account(&self, identifier: &str) -> domain::User {
        let identifier = Identifier::recognise(identifier);
        operations::accounts::find(&self.services, &identifier).await.expect("an account")
    }
}

/// The one recorder of this process: what all tests of a binary do is counted together.
fn recorder() -> PrometheusHandle {
    static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();
    let install = || PrometheusBuilder::new().install_recorder().expect("the only recorder");
    RECORDER.get_or_init(install).clone()
}

/// The access token of a token pair.
pub fn access_token(pair: &Value) -> String {
    pair["access_token"].as_str().expect("an access token").to_owned()
}

/// The refresh token of a token pair.
pub fn refresh_token(pair: &Value) -> String {
    pair["refresh_token"].as_str().expect("a refresh token").to_owned()
}

impl AppBuilder {
    pub async fn start(self, backend: Backend) -> App {
        let database = Arc::new(Database::fresh(backend).await);
        Box::pin(self.assemble(database, Arc::new(FixedClock::default()))).await
    }

    /// With these settings on the database of `app`, with its clock: `app` configured anew.
    pub async fn beside(self, app: &App) -> App {
        let builder = Self { next_seed: Arc::clone(&app.builder.next_seed), ..self };
        Box::pin(builder.assemble(Arc::clone(&app.database), Arc::clone(&app.clock))).await
    }

    async fn assemble(self, database: Arc<Database>, clock: Arc<FixedClock>) -> App {
        let settings = self.load(&database);
        let world = World {
            clock: Arc::<FixedClock>::clone(&clock),
            entropy: Arc::new(SeededEntropy::new(self.next_seed.fetch_add(1, Ordering::Relaxed))),
        };
        // Before the services: what they count is kept from the beginning.
        let metrics = recorder();
        let store = database.connect_again().await;
        let services = server::services(&settings, store, world).await.expect("services start");
        let draining = api::Draining::default();
        let routers = api::routers(api::Parts {
            services: Arc::clone(&services),
            settings: server::api_settings(&settings),
            metrics,
            draining: draining.clone(),
            extra: Router::new(),
            is_apart: settings.http.admin_listen.is_some(),
        });
        let routers = routers.expect("no two surfaces answer one path");
        let mailbox = Mailbox::new(settings.mail.folder.clone());
        App { services, database, clock, mailbox, draining, router: routers.public, builder: self }
    }

    fn load(&self, database: &Database) -> Settings {
        let folder = database.folder();
        let path = |name: &str| folder.join(name).display().to_string();
        let mut environment = vec![
            ("VESTIBULE_DATABASE__URL".to_owned(), database.url.clone()),
            ("VESTIBULE_MAIL__FOLDER".to_owned(), path("mail")),
            ("VESTIBULE_SECURITY__MASTER_KEY_PATH".to_owned(), path("master.key")),
            // Development accepts cheap hashes; what they cost is not what these tests are about.
            ("VESTIBULE_PASSWORDS__MEMORY_KIB".to_owned(), "64".to_owned()),
            ("VESTIBULE_PASSWORDS__ITERATIONS".to_owned(), "1".to_owned()),
            ("VESTIBULE_PASSWORDS__THREADS".to_owned(), "2".to_owned()),
            // Nor are refusals of what a busy machine does not do in time.
            ("VESTIBULE_PASSWORDS__MAX_WAIT".to_owned(), "30s".to_owned()),
            ("VESTIBULE_LIMITS__MAX_WAIT".to_owned(), "30s".to_owned()),
            ("VESTIBULE_DATABASE__ACQUIRE_TIMEOUT".to_owned(), "30s".to_owned()),
            ("VESTIBULE_HTTP__REQUEST_TIMEOUT".to_owned(), "2m".to_owned()),
            ("VESTIBULE_LIMITS__STORE".to_owned(), "memory".to_owned()),
            // A mail a registration would stand between the mails that tests are about.
            ("VESTIBULE_ACCOUNTS__VERIFY_NEW_ADDRESSES".to_owned(), "false".to_owned()),
            ("VESTIBULE_ACCOUNTS__WELCOME_MAIL".to_owned(), "false".to_owned()),
        ];
        // The clock of tests stands still: what they do would all be done in one instant. Those
        // about limits set them.
        environment.extend(
            GENEROUS.map(|limit| (format!("VESTIBULE_LIMITS__{limit}"), "100000/min".to_owned())),
        );
        environment.extend(self.settings.iter().cloned());
        let sources =
            Sources { working_directory: folder.to_owned(), environment, ..Sources::default() };
        Settings::load(&sources).unwrap_or_else(|problems| panic!("{problems}"))
    }
}
