//! Services whose mailer does what the test says, on a database of the test's choice.

#![expect(clippy::expect_used, reason = "a helper that fails ends its test")]

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use domain::AccountPolicy;
use domain::token::SigningAlgorithm;
use integrations::webhooks::{EventWebhooks, Networks, WebhookSettings};
use operations::cache::{CacheSettings, WhenDatabaseIsDown};
use operations::limits::{LimitRules, LimitSettings, LimitsMode, MemoryLimiter};
use operations::mail::{TemplateSettings, Templates};
use operations::passwords::hashing::{HashSettings, Passwords, Scheme};
use operations::ports::{MailError, Mailer, OutgoingMail};
use operations::sessions::SessionSettings;
use operations::tokens::TokenSettings;
use operations::vault::MasterKey;
use operations::{Parts, Result, Services, StartError, TextRules};
use testkit::{Database, FixedClock, SeededEntropy};
use tokio::sync::Notify;

/// What a test waits for comes in milliseconds; this is only for the case that it never comes.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);
pub(crate) const MASTER_KEY: [u8; 32] = [7; 32];

/// Costs at which a test may hash often.
const FAST: Scheme = Scheme::Argon2id { memory_kib: 64, iterations: 1, parallelism: 1 };

/// A mailer that does what the test says, and remembers what it was asked.
#[derive(Default)]
pub(crate) struct TestMailer {
    pub(crate) asked: Mutex<Vec<OutgoingMail>>,
    /// What to answer instead of accepting the mail.
    pub(crate) failure: Mutex<Option<Failure>>,
    /// Somebody asked.
    pub(crate) begun: Notify,
    /// When set, an answer comes only after `release`.
    pub(crate) holds: bool,
    pub(crate) release: Notify,
}

#[derive(Clone, Copy)]
pub(crate) enum Failure {
    Unavailable,
    Unreachable,
    Refused,
    Panic,
}

#[async_trait]
impl Mailer for TestMailer {
    async fn send(&self, mail: &OutgoingMail) -> Result<(), MailError> {
        self.asked.lock().expect("no test panics here").push(mail.clone());
        self.begun.notify_one();
        if self.holds {
            self.release.notified().await;
        }
        let failure = *self.failure.lock().expect("no test panics here");
        match failure {
            None => Ok(()),
            Some(Failure::Unavailable) => Err(MailError::Unavailable("the test says so".into())),
            Some(Failure::Unreachable) => Err(MailError::Unreachable("the test says so".into())),
            Some(Failure::Panic) => panic!("the test says so"),
            Some(Failure::Refused) => Err(MailError::Refused("the test says so".into())),
        }
    }

    async fn check(&self) -> Result<String, MailError> {
        Ok("a test".to_owned())
    }
}

impl TestMailer {
    pub(crate) fn failing(failure: Failure) -> Self {
        Self { failure: Mutex::new(Some(failure)), ..Self::default() }
    }

    pub(crate) fn asked(&self) -> usize {
        self.asked.lock().expect("no test panics here").len()
    }
}

/// Which sends nothing here.
fn webhooks() -> Arc<EventWebhooks> {
    let networks = Arc::new(Networks::new(Vec::new()).expect("networks"));
    let settings = WebhookSettings { timeout: Duration::from_secs(1), authorities: None, networks };
    Arc::new(EventWebhooks::new(settings).expect("a client"))
}

/// Services on `database`, with the mailer and the master key of the test's choice.
pub(crate) async fn assemble(
    database: &Database,
    clock: &Arc<FixedClock>,
    mailer: &Arc<TestMailer>,
    master_key: [u8; 32],
) -> Result<Services, StartError> {
    Services::assemble(parts(database, clock, mailer, master_key).await).await
}

/// What they are made of, for who has something else in its place.
pub(crate) async fn parts(
    database: &Database,
    clock: &Arc<FixedClock>,
    mailer: &Arc<TestMailer>,
    master_key: [u8; 32],
) -> Parts {
    static SEEDS: AtomicU64 = AtomicU64::new(1000);
    let entropy = Arc::new(SeededEntropy::new(SEEDS.fetch_add(1, Ordering::Relaxed)));
    let hashing = HashSettings {
        scheme: FAST,
        max_wait: Duration::from_hours(1),
        allow_weak: true,
        ..HashSettings::new(1)
    };
    let salts = Arc::<SeededEntropy>::clone(&entropy);
    Parts {
        sinks: Vec::new(),
        webhooks: webhooks(),
        event_source: operations::events::EventSource("http://localhost".to_owned()),
        store: database.connect_again().await,
        master_key: MasterKey::new(master_key),
        passwords: Passwords::start(hashing, salts).expect("the pool starts"),
        sessions: SessionSettings::default(),
        mailer: Arc::<TestMailer>::clone(mailer),
        texter: None,
        texts: TextRules::default(),
        limits: LimitSettings {
            mode: LimitsMode::Off,
            rules: LimitRules::from_iter([]),
            max_wait: Duration::from_mins(1),
        },
        limiter: Arc::new(MemoryLimiter::default()),
        clock: Arc::<FixedClock>::clone(clock),
        entropy,
        tokens: TokenSettings {
            algorithm: SigningAlgorithm::EdDsa,
            issuer: "https://accounts.example.org".to_owned(),
            audience: "vestibule".to_owned(),
            hs256_secret: None,
            shared: Vec::new(),
            key_lifetime: 90 * Duration::from_hours(24),
            key_published_ahead: Duration::from_hours(24),
        },
        broadcast: None,
        signs: true,
        cache: CacheSettings {
            max_bytes: 1024 * 1024,
            when_database_is_down: WhenDatabaseIsDown::Refuse,
        },
        candidate_policy: None,
        native_policy: AccountPolicy {
            verifies_new_addresses: false,
            welcomes: false,
            ..AccountPolicy::native()
        },
        dialect_policies: Vec::new(),
        keep_calls: Duration::from_hours(400 * 24),
        keep_commands: Duration::from_hours(400 * 24),
        keep_events: None,
        templates: Templates::new(TemplateSettings {
            service_name: "Vestibule".to_owned(),
            public_url: "https://accounts.example.org".to_owned(),
            default_language: "en".to_owned(),
            ..TemplateSettings::default()
        })
        .expect("templates"),
    }
}
