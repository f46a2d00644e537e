//! Everything operations work with, built once.

use std::sync::Arc;
use std::time::Duration;

use domain::{AccountPolicy, Actor, Surface};
use storage::Store;

use crate::accounts::RememberedCount;
use crate::audit::Order;
use crate::cache::{Cache, CacheSettings};
use crate::candidate::Candidate;
use crate::context::{Client, Context};
use crate::error::Error;
use crate::events::{Bell, Contents, EventSource, KnownHead, Sink};
use crate::jobs::{Aftermath, Lanes};
use crate::limits::{FailureAlarm, Gates, LimitSettings};
use crate::mail::Templates;
use crate::passwords::hashing::Passwords;
use crate::passwords::{LostSlots, UntoldFailures};
use crate::ports::{Broadcast, Clock, Entropy, Mailer, RateLimiter, Texter, WebhookClient};
use crate::service_accounts::ServiceGuesses;
use crate::sessions::{LastSeen, SessionSettings};
use crate::texts::TextRules;
use crate::tokens::{KeyRing, KeySource, TokenSettings};
use crate::vault::{MasterKey, Vault};

/// Shared by every surface and worker. Its fields are for operations only.
pub struct Services {
    pub(crate) store: Store,
    pub(crate) cache: Arc<Cache>,
    pub(crate) broadcast: Option<Arc<dyn Broadcast>>,
    pub(crate) last_seen: LastSeen,
    pub(crate) vault: Vault,
    pub(crate) keys: KeyRing,
    pub(crate) passwords: Passwords,
    pub(crate) sessions: SessionSettings,
    pub(crate) mailer: Arc<dyn Mailer>,
    pub(crate) texter: Option<Arc<dyn Texter>>,
    pub(crate) texts: TextRules,
    pub(crate) templates: Templates,
    pub(crate) limits: LimitSettings,
    pub(crate) limiter: Arc<dyn RateLimiter>,
    pub(crate) gates: Gates,
    pub(crate) untold_failures: UntoldFailures,
    pub(crate) lost_slots: LostSlots,
    pub(crate) failure_alarm: FailureAlarm,
    pub(crate) service_guesses: ServiceGuesses,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) order: Order,
    /// How many accounts there are, where they are many.
    pub(crate) present: RememberedCount,
    pub(crate) candidate: Option<Box<Candidate>>,
    /// How long the audit trail knows what administrators asked for.
    pub(crate) keep_calls: Duration,
    /// How long it is known which commands of other services were dealt with.
    pub(crate) keep_commands: Duration,
    pub(crate) keep_events: Option<Duration>,
    /// Wakes the worker of this process when an operation promised something.
    pub(crate) lanes: Arc<Lanes>,
    /// Wakes whoever waits for the log in this process.
    pub(crate) bell: Arc<Bell>,
    pub(crate) event_source: EventSource,
    /// For all who wait for the log in this process.
    pub(crate) event_head: KnownHead,
    /// Who is told of every event.
    pub(crate) sinks: Vec<Sink>,
    pub(crate) webhooks: Arc<dyn WebhookClient>,
    policies: Policies,
}

struct Policies {
    native: Arc<AccountPolicy>,
    operator: Arc<AccountPolicy>,
    dialects: Vec<(Surface, Arc<AccountPolicy>)>,
}

/// What [`Services`] are made of.
pub struct Parts {
    pub store: Store,
    pub master_key: MasterKey,
    pub passwords: Passwords,
    pub sessions: SessionSettings,
    pub mailer: Arc<dyn Mailer>,
    /// Where there is a way to send text messages.
    pub texter: Option<Arc<dyn Texter>>,
    pub texts: TextRules,
    pub limits: LimitSettings,
    pub limiter: Arc<dyn RateLimiter>,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
    pub tokens: TokenSettings,
    /// Whether tokens are handed out here, as they are not by commands of the operator.
    pub signs: bool,
    pub cache: CacheSettings,
    /// Where there is something that carries news between instances.
    pub broadcast: Option<Arc<dyn Broadcast>>,
    pub native_policy: AccountPolicy,
    /// Of every dialect that answers; a surface without sessions is recorded as another.
    pub dialect_policies: Vec<(Surface, AccountPolicy)>,
    /// What is only tried on passwords that are right, and refuses nobody.
    pub candidate_policy: Option<Box<AccountPolicy>>,
    /// How long the audit trail knows what administrators asked for; what they changed it knows for
    /// good.
    pub keep_calls: Duration,
    /// How long it is known which commands of other services were dealt with.
    pub keep_commands: Duration,
    /// How long events are kept; for good without it.
    pub keep_events: Option<Duration>,
    pub templates: Templates,
    pub event_source: EventSource,
    /// Who is told of every event.
    pub sinks: Vec<Sink>,
    /// Who sends events to the addresses that want them.
    pub webhooks: Arc<dyn WebhookClient>,
}

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("the keys in the database were sealed under another master key")]
    WrongMasterKey,
    #[error("the services could not be started: {0}")]
    Fault(String),
}

impl Services {
    /// Loads the keys, making those that do not exist yet. The schema must be up to date.
    pub async fn assemble(parts: Parts) -> Result<Self, StartError> {
        let vault = Vault::new(&parts.master_key, Arc::clone(&parts.entropy))?;
        let dialects = parts.dialect_policies.iter().map(|(_, policy)| policy);
        let policies = || std::iter::once(&parts.native_policy).chain(dialects.clone());
        let longest_life = policies().map(AccountPolicy::longest_signed_life).max();
        let longest_access = policies().map(|policy| policy.access_lifetime).max();
        let keys = KeyRing::load_or_create(&KeySource {
            store: &parts.store,
            vault: &vault,
            entropy: &*parts.entropy,
            settings: &parts.tokens,
            longest_life: longest_life.unwrap_or_default(),
            signs: parts.signs,
            now: parts.clock.now(),
        })
        .await?;
        let operator = AccountPolicy::operator(&parts.native_policy);
        let cache = Cache::new(parts.cache, longest_access.unwrap_or_default());
        let lanes = Arc::<Lanes>::default();
        let bell = Arc::<Bell>::default();
        let aftermath = Aftermath {
            cache: Arc::clone(&cache),
            lanes: Arc::clone(&lanes),
            bell: Arc::clone(&bell),
        };
        Ok(Self {
            templates: parts.templates,
            store: parts.store.watched_by(Arc::new(aftermath)),
            cache,
            broadcast: parts.broadcast,
            candidate: parts
                .candidate_policy
                .map(|policy| Box::new(Candidate::new(*policy, &vault))),
            last_seen: LastSeen::default(),
            vault,
            keys,
            passwords: parts.passwords,
            sessions: parts.sessions,
            mailer: parts.mailer,
            texter: parts.texter,
            texts: parts.texts,
            limits: parts.limits,
            limiter: parts.limiter,
            gates: Gates::default(),
            untold_failures: UntoldFailures::default(),
            lost_slots: LostSlots::default(),
            failure_alarm: FailureAlarm::default(),
            service_guesses: ServiceGuesses::default(),
            clock: parts.clock,
            entropy: parts.entropy,
            order: Order::default(),
            present: RememberedCount::default(),
            keep_calls: parts.keep_calls,
            keep_commands: parts.keep_commands,
            keep_events: parts.keep_events,
            lanes,
            bell,
            event_source: parts.event_source,
            event_head: KnownHead::default(),
            sinks: parts.sinks,
            webhooks: parts.webhooks,
            policies: Policies {
                native: Arc::new(parts.native_policy),
                operator: Arc::new(operator),
                dialects: parts
                    .dialect_policies
                    .into_iter()
                    .map(|(surface, policy)| (surface, Arc::new(policy)))
                    .collect(),
            },
        })
    }

    /// The rules of a surface; the native ones stand for a dialect that does not answer.
    pub fn policy(&self, surface: Surface) -> &Arc<AccountPolicy> {
        let Policies { native, operator, dialects } = &self.policies;
        let own = dialects.iter().find(|(of, _)| *of == surface).map(|(_, policy)| policy);
        own.unwrap_or(if surface == Surface::Operator { operator } else { native })
    }

    /// As people know the service.
    pub fn service_name(&self) -> &str {
        self.templates.service_name()
    }

    /// Whether there is a way to send text messages.
    pub(crate) const fn sends_texts(&self) -> bool {
        self.texter.is_some()
    }

    /// The streams of the settings, by the names under which it is known how far they are.
    pub(crate) fn topics(&self) -> Vec<&str> {
        self.sinks.iter().map(|sink| &*sink.name).collect()
    }

    /// Whether this topic holds accounts instead of events.
    pub(crate) fn is_of_states(&self, topic: &str) -> bool {
        let mut sinks = self.sinks.iter();
        sinks.any(|sink| &*sink.name == topic && sink.contents == Contents::State)
    }

    /// The rules of every surface on which there are sessions.
    pub(crate) fn policies(&self) -> impl Iterator<Item = &AccountPolicy> {
        let dialects = self.policies.dialects.iter().map(|(_, policy)| &**policy);
        std::iter::once(&*self.policies.native).chain(dialects)
    }

    /// The context of a request whose sender is not known yet.
    pub fn stranger(
        &self,
        surface: Surface,
        client: Client,
        request_id: Option<Arc<str>>,
    ) -> Context {
        Context {
            now: self.clock.now(),
            actor: Actor::Anonymous,
            session_surface: None,
            session_opened_at: None,
            client,
            policy: Arc::clone(self.policy(surface)),
            request_id,
            call: None,
        }
    }

    /// The context of a request on the native API.
    pub fn native(&self, client: Client, request_id: Option<Arc<str>>) -> Context {
        self.stranger(Surface::Native, client, request_id)
    }

    /// The context of a command of the operator.
    pub fn operator(&self) -> Context {
        Context {
            now: self.clock.now(),
            actor: Actor::Operator,
            session_surface: None,
            session_opened_at: None,
            client: Client::default(),
            policy: Arc::clone(&self.policies.operator),
            request_id: None,
            call: None,
        }
    }

    /// The context of a job.
    pub(crate) fn system(&self) -> Context {
        Context { actor: Actor::System, ..self.operator() }
    }

    /// Ends the hash threads and closes the database; what is running is finished first.
    pub async fn stop(&self) {
        self.passwords.stop();
        self.store.close().await;
    }
}

impl From<Error> for StartError {
    fn from(error: Error) -> Self {
        use crate::error::Fault;
        match error {
            Error::Fault(Fault::Sealed) => Self::WrongMasterKey,
            Error::Fault(fault) => Self::Fault(fault.chain()),
            Error::Refused(refusal) => Self::Fault(refusal.code().to_owned()),
        }
    }
}
