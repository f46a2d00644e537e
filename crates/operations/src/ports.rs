//! What operations need from outside, as seen from inside.

use async_trait::async_trait;
use domain::Timestamp;
use domain::limit::{Quotas, Verdict};
use futures_util::stream::BoxStream;

use crate::commands::DeadLetter;

/// Tells the time. Two exist: the system's and the one that tests turn.
pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;
}

/// Unpredictable bytes. Two exist: the system's and the seeded one of tests.
pub trait Entropy: Send + Sync {
    fn fill(&self, bytes: &mut [u8]);
}

impl dyn Entropy + '_ {
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }
}

/// Keeps how often something happened. Three exist: memory, a table, Redis.
#[async_trait]
pub trait RateLimiter: Send + Sync {
    /// Takes one place of `quotas` under `key`, in one atomic step, or none.
    async fn take(&self, key: &LimitKey, quotas: &Quotas, now: Timestamp)
    -> LimiterResult<Verdict>;

    /// Takes back one place that was granted.
    async fn give_back(&self, key: &LimitKey, quotas: &Quotas, now: Timestamp)
    -> LimiterResult<()>;

    /// Asks a store that may be away whether it answers.
    async fn ping(&self) -> LimiterResult<()> {
        Ok(())
    }

    /// Whether each instance counts alone, because the shared store does not answer.
    fn is_degraded(&self) -> bool {
        false
    }

    /// Forgets what is over; answers how much that was. A store that forgets by itself does nothing.
    async fn sweep(&self, _now: Timestamp) -> LimiterResult<u64> {
        Ok(0)
    }
}

/// Under what something is counted: a fingerprint, so that no store holds an address in clear.
pub type LimitKey = [u8; 32];

pub type LimiterResult<T> = Result<T, LimiterError>;

/// The store of limits does not answer.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
pub struct LimiterError(pub String);

/// Carries messages between the instances of a deployment; they may get lost. Redis does, where
/// there is one.
#[async_trait]
pub trait Broadcast: Send + Sync {
    /// To every instance that listens now, this one too.
    async fn send(&self, message: &[u8]) -> Result<(), BroadcastError>;

    /// What is sent from now on; it ends when the connection does.
    async fn listen(&self) -> Result<BoxStream<'static, Vec<u8>>, BroadcastError>;
}

/// Messages do not get through.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BroadcastError(pub String);

/// Hands mails over to whoever delivers them.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Accepted for delivery when it returns: the job is then done.
    async fn send(&self, mail: &OutgoingMail) -> Result<(), MailError>;

    /// Whether the way out is open, for `doctor`; sends nothing.
    async fn check(&self) -> Result<String, MailError>;
}

/// A composed mail. What it says is not printed: it may carry a token.
#[derive(Clone)]
pub struct OutgoingMail {
    /// Becomes part of the `Message-ID`: a repeated attempt is recognised by it.
    pub id: String,
    /// Which of our messages it is, and in which language it was composed.
    pub message: &'static str,
    pub locale: Option<String>,
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub now: Timestamp,
}

impl std::fmt::Debug for OutgoingMail {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("OutgoingMail").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Why a mail did not leave. What it says is shown to operators and kept with the job: one line that
/// names neither the recipient nor a secret (LIF-06).
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// This mail never: trying again cannot help, the address or the mail itself is refused.
    #[error("refused for good: {0}")]
    Refused(String),
    /// This mail not now; others may leave.
    #[error("not now: {0}")]
    Unavailable(String),
    /// No mail now: the way out itself is closed, or does not know us. Nothing that who is written to
    /// can bring about, so that nobody can close the way of all.
    #[error("the way out is closed: {0}")]
    Unreachable(String),
}

/// Hands text messages over to whoever delivers them to phones.
#[async_trait]
pub trait Texter: Send + Sync {
    /// Accepted for delivery when it returns: the job is then done.
    async fn send(&self, text: &OutgoingText) -> Result<(), TextError>;

    /// Whether the way out is open, for `doctor`; sends nothing.
    async fn check(&self) -> Result<String, TextError>;
}

/// A composed text message. What it says is not printed: it may carry a code.
#[derive(Clone)]
pub struct OutgoingText {
    /// A repeated attempt is recognised by it.
    pub id: String,
    /// In E.164 form.
    pub to: String,
    pub text: String,
    pub now: Timestamp,
}

impl std::fmt::Debug for OutgoingText {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("OutgoingText").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Why a text message did not leave: as of a mail.
#[derive(Debug, thiserror::Error)]
pub enum TextError {
    /// This message never.
    #[error("refused for good: {0}")]
    Refused(String),
    /// This message not now.
    #[error("not now: {0}")]
    Unavailable(String),
    /// No message now.
    #[error("the way out is closed: {0}")]
    Unreachable(String),
}

/// Where commands of other services come from. Kafka does; tests have one of their own.
#[async_trait]
pub trait CommandQueues: Send + Sync {
    /// Begins after what was last done for good.
    async fn open(&self) -> Result<Box<dyn CommandQueue>, QueueError>;
}

/// Messages in their order. Dropped, it tells again what was not done for good.
#[async_trait]
pub trait CommandQueue: Send {
    /// The next one, when it comes. Whoever stops waiting loses none.
    async fn next(&mut self) -> Result<QueuedMessage, QueueError>;

    /// Where somebody looks for what could not be done; it is there for good when this returns.
    async fn set_aside(
        &mut self,
        message: &QueuedMessage,
        why: &DeadLetter,
    ) -> Result<(), QueueError>;

    /// It need not be told again; for good soon after.
    async fn done(&mut self, message: &QueuedMessage) -> Result<(), QueueError>;

    /// What was done is done for good.
    async fn close(self: Box<Self>);
}

/// A message as it came. What it says is not printed: nobody knows yet whose it is.
#[derive(Clone)]
pub struct QueuedMessage {
    pub topic: String,
    pub partition: i32,
    pub offset: i64,
    pub key: Option<Vec<u8>>,
    pub value: Option<Vec<u8>>,
    pub headers: Vec<(String, Option<Vec<u8>>)>,
}

impl std::fmt::Debug for QueuedMessage {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("QueuedMessage")
            .field("topic", &self.topic)
            .field("partition", &self.partition)
            .field("offset", &self.offset)
            .finish_non_exhaustive()
    }
}

/// The queue does not answer, or not as it should; what it said of its reason.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
pub struct QueueError(pub String);

/// A log elsewhere to which a part of ours is copied: a topic of Kafka.
#[async_trait]
pub trait EventStream: Send + Sync {
    /// Ends what earlier writers have begun, here and elsewhere; what they write fails from now on.
    async fn claim(&self) -> Result<(), StreamError>;

    /// All of them in this order, durable when it returns, or none.
    async fn publish(&self, messages: &[StreamMessage]) -> Result<(), StreamError>;
}

#[derive(Clone, PartialEq, Eq)]
pub struct StreamMessage {
    /// The same whenever it is told: of the event.
    pub id: String,
    /// Messages with one key stay in their order.
    pub key: String,
    pub headers: Vec<(&'static str, String)>,
    /// None: whatever there was under the key is to be forgotten.
    pub body: Option<Vec<u8>>,
}

/// Values stand in some of them.
impl std::fmt::Debug for StreamMessage {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("StreamMessage").field("key", &self.key).finish_non_exhaustive()
    }
}

/// Why messages were not taken. What it says is shown to operators.
#[derive(Debug, thiserror::Error)]
pub enum StreamError {
    /// The message at this place will never be taken; without it the others may be.
    #[error("message {at} is refused: {reason}")]
    Refused { at: usize, reason: String },
    /// One of them will never be taken, and it is not known which: fewer together tell more.
    #[error("some of the messages are refused: {0}")]
    RefusedTogether(String),
    /// Whoever took messages wants none any more.
    #[error("nothing is wanted any more: {0}")]
    Closed(String),
    /// Somebody else has claimed it.
    #[error("another writer has taken over")]
    Fenced,
    /// Nobody is there, or it is about us: so it would be with every message.
    #[error("{0}")]
    Unreachable(String),
    /// Somebody answers, but does not take them: it may be one of these messages that he breaks at.
    #[error("{0}")]
    Unavailable(String),
}

/// Hands signed requests over to addresses that others chose.
#[async_trait]
pub trait WebhookClient: Send + Sync {
    /// The address as it is kept, if something may be sent there as far as it tells.
    fn check(&self, url: &str) -> Result<String, WebhookProblem>;

    /// Taken when it returns.
    async fn send(&self, request: &WebhookRequest) -> Result<(), WebhookError>;
}

/// One event for one address, as Standard Webhooks has it. What it says is not printed.
pub struct WebhookRequest {
    pub url: String,
    /// The same at every attempt: who has it knows the event again.
    pub id: String,
    pub content_type: String,
    pub body: Vec<u8>,
    /// Each signs.
    pub secrets: Vec<Vec<u8>>,
    pub now: Timestamp,
}

/// Why nothing may be sent to an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WebhookProblem {
    NotAUrl,
    Superfluous,
    Plain,
    Private,
}

impl WebhookProblem {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotAUrl => "is not a URL that begins with https://",
            Self::Superfluous => "must not hold a user or a fragment",
            Self::Plain => "must begin with https://",
            Self::Private => {
                "leads to an address that is not public, nor in `webhooks.allowed_networks`"
            }
        }
    }
}

/// Why an event was not taken. What it says is shown to operators.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// Nothing is wanted there any more: status 410.
    #[error("the address wants nothing any more: {0}")]
    Gone(String),
    /// This event, perhaps; others may be taken.
    #[error("{0}")]
    Refused(String),
    /// Nobody answers there, whatever is sent.
    #[error("{0}")]
    Unreachable(String),
    #[error("{0}")]
    Unavailable(String),
}
