//! From settings to services: the one constructor, for the server and for tests.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use api::ApiSettings;
use domain::AccountPolicy;
use domain::policy::{DeletionPolicy, RefreshPolicy, TakenContact};
use integrations::redis::{RedisBroadcast, RedisLimiter, RedisLink};
use integrations::{SystemClock, SystemEntropy};
use operations::events::EventSource;
use operations::limits::{DatabaseLimiter, Degrading, MemoryLimiter};
use operations::mail::{TemplateProblem, Templates};
use operations::passwords::hashing::{self, HashSettings};
use operations::ports::{Broadcast, Clock, Entropy, RateLimiter};
use operations::tokens::{SharedSecret, TokenSettings};
use operations::{Parts, Services};
use secrecy::{ExposeSecret, SecretString};
use storage::{ConnectOptions, DatabaseUrl, Store};

use crate::config::{Database, KeptIn, Passwords, Profile, Redis, Settings};
use crate::{master_key, ways};

/// What the operating system gives, and tests replace: time and chance.
#[derive(Clone)]
pub struct World {
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
}

impl World {
    pub fn system() -> Self {
        Self { clock: Arc::new(SystemClock), entropy: Arc::new(SystemEntropy) }
    }
}

/// The database, waited for.
pub async fn store(settings: &Database) -> Result<Store> {
    let url = DatabaseUrl::from_str(settings.url.expose_secret())?;
    let options = ConnectOptions {
        max_connections: settings.max_connections,
        acquire_timeout: settings.acquire_timeout,
        statement_timeout: settings.statement_timeout,
        wait_at_start: settings.wait_at_start,
    };
    Store::connect(&url, &options)
        .await
        .map_err(|error| anyhow::anyhow!("the database does not answer: {}", error.chain()))
}

/// The services on a database whose schema is up to date.
pub async fn services(settings: &Settings, store: Store, world: World) -> Result<Arc<Services>> {
    assemble(settings, store, world, true).await
}

/// The same for a command of the operator, which signs nothing.
pub(crate) async fn services_of_operator(
    settings: &Settings,
    store: Store,
    world: World,
) -> Result<Arc<Services>> {
    assemble(settings, store, world, false).await
}

async fn assemble(
    settings: &Settings,
    store: Store,
    world: World,
    signs: bool,
) -> Result<Arc<Services>> {
    let native_policy = native_policy(settings);
    let redis = redis(&settings.redis)?;
    let parts = Parts {
        limits: settings.limits.settings.clone(),
        limiter: limiter(settings, &store, redis.as_ref()),
        store,
        master_key: master_key::load(&settings.security, settings.profile)?,
        passwords: passwords(&settings.passwords, settings.profile, &world)?,
        sessions: settings.sessions.settings(),
        mailer: ways::mailer(settings)?,
        texter: ways::texter(settings)?,
        texts: settings.sms.rules.clone(),
        clock: world.clock,
        entropy: world.entropy,
        tokens: token_settings(settings),
        signs,
        cache: settings.cache.into(),
        broadcast: redis.map(|link| Arc::new(RedisBroadcast::new(link)) as Arc<dyn Broadcast>),
        dialect_policies: settings.dialects.policies(&native_policy),
        candidate_policy: settings.passwords.candidate_policy(&native_policy).map(Box::new),
        native_policy,
        keep_calls: settings.audit.keep_calls,
        keep_commands: settings.kafka.commands.keep(),
        keep_events: settings.events.keep,
        templates: templates(settings)?,
        event_source: EventSource(settings.tokens.issuer.clone()),
        sinks: ways::sinks(settings),
        webhooks: ways::webhooks(settings)?,
    };
    Ok(Arc::new(Box::pin(Services::assemble(parts)).await?))
}

/// How long a limit waits for the database: it asks for more later in any case.
const DATABASE_PATIENCE: Duration = Duration::from_secs(1);
const REDIS_PATIENCE: Duration = Duration::from_millis(100);

/// The one connection to Redis, where there is one.
pub(crate) fn redis(settings: &Redis) -> Result<Option<Arc<RedisLink>>> {
    let Some(url) = &settings.url else { return Ok(None) };
    let link = RedisLink::new(url.expose_secret(), settings.prefix.clone());
    let mut link = link.context("redis.url cannot be used")?;
    if let Some(path) = &settings.ca_file {
        let pem = std::fs::read(path)
            .with_context(|| format!("redis.ca_file: {} cannot be read", path.display()))?;
        link = link.trusting(&pem).context("redis.ca_file cannot be used")?;
    }
    Ok(Some(Arc::new(link)))
}

fn limiter(
    settings: &Settings,
    store: &Store,
    redis: Option<&Arc<RedisLink>>,
) -> Arc<dyn RateLimiter> {
    let nodes = settings.limits.nodes;
    match (settings.limits.kept_in(redis.is_some(), store.backend()), redis) {
        (KeptIn::Redis, Some(link)) => {
            let limiter = Arc::new(RedisLimiter::new(Arc::clone(link)));
            Arc::new(Degrading::new(limiter, REDIS_PATIENCE, nodes))
        }
        (KeptIn::Memory, _) => Arc::new(MemoryLimiter::default()),
        (KeptIn::Database, _) | (KeptIn::Redis, None) => {
            let limiter = Arc::new(DatabaseLimiter::new(store.clone()));
            Arc::new(Degrading::new(limiter, DATABASE_PATIENCE, nodes))
        }
    }
}

/// The native column of the policy table, with what the configuration changes.
pub fn native_policy(settings: &Settings) -> AccountPolicy {
    let reveals = settings.accounts.registration_reveals;
    AccountPolicy {
        taken_contact: if reveals { TakenContact::Revealed } else { TakenContact::Hidden },
        deletion: DeletionPolicy::Restorable { window: settings.accounts.restoration_window },
        verifies_new_addresses: settings.accounts.verify_new_addresses,
        welcomes: settings.accounts.welcome_mail,
        sign_in_needs_verification: settings.accounts.sign_in_needs_verification,
        codes: settings.codes.lengths,
        access_lifetime: settings.tokens.access_lifetime,
        refresh: RefreshPolicy::Opaque {
            idle: settings.tokens.refresh_idle,
            absolute: settings.tokens.refresh_absolute,
        },
        ..settings.passwords.account_policy()
    }
}

pub fn api_settings(settings: &Settings) -> ApiSettings {
    let http = &settings.http;
    ApiSettings {
        public_url: http.public_url.clone(),
        cors_origins: http.cors_origins.clone(),
        trusted_proxies: http.trusted_proxies.clone(),
        secure_cookies: http.secure_cookies,
        cookie_host_prefix: http.cookie_host_prefix,
        max_body_bytes: http.max_body_bytes,
        body_timeout: http.body_timeout,
        request_timeout: http.request_timeout,
        dialects: settings.dialects.clone(),
    }
}

pub(crate) fn passwords(
    settings: &Passwords,
    profile: Profile,
    world: &World,
) -> Result<hashing::Passwords> {
    let hash_settings = HashSettings {
        scheme: settings.hash_scheme(),
        max_wait: settings.max_wait,
        allow_weak: profile == Profile::Development,
        ..HashSettings::new(settings.threads)
    };
    hashing::Passwords::start(hash_settings, Arc::clone(&world.entropy))
        .context("password hashing could not be started")
}

pub(crate) fn token_settings(settings: &Settings) -> TokenSettings {
    let tokens = &settings.tokens;
    TokenSettings {
        algorithm: tokens.algorithm,
        issuer: tokens.issuer.clone(),
        audience: tokens.audience.clone(),
        key_lifetime: tokens.key_lifetime,
        key_published_ahead: tokens.key_published_ahead,
        hs256_secret: tokens.hs256_secret.as_ref().map(|secret| secret.expose_secret().to_vec()),
        shared: shared_secrets(settings),
    }
}

/// To the letter: verifiers take the text itself.
fn shared_secrets(settings: &Settings) -> Vec<SharedSecret> {
    let bytes = |secret: &SecretString| secret.expose_secret().as_bytes().to_vec();
    let policies = settings.dialects.policies(&native_policy(settings));
    let shared = settings.dialect_secrets.iter().map(|own| SharedSecret {
        surface: own.surface,
        issuer: own.issuer.clone(),
        secret: bytes(&own.secret),
        previous: own.previous.as_ref().map(bytes),
        accepts_legacy: own.accepts_legacy,
        longest_life: policies
            .iter()
            .find(|(surface, _)| *surface == own.surface)
            .map_or(Duration::ZERO, |(_, policy)| policy.longest_signed_life()),
    });
    shared.collect()
}

/// The configuration has rendered them all.
pub(crate) fn templates(settings: &Settings) -> Result<Templates> {
    let problems = |found: Vec<TemplateProblem>| {
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        anyhow::anyhow!("mail.templates: {}", found.join("; "))
    };
    Templates::new(settings.templates.clone()).map_err(problems)
}
