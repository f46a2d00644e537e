//! What every operation is told about the request or job that asks for it.

use std::sync::Arc;

use domain::policy::Reauthentication;
use domain::token::SecretToken;
use domain::{AccountPolicy, Actor, Surface, Timestamp};

/// Read once at the edge, so that one operation has one time, one actor and one set of rules.
#[derive(Clone, Debug)]
pub struct Context {
    pub now: Timestamp,
    pub actor: Actor,
    /// Where the actor's session was opened; none without a session.
    pub session_surface: Option<Surface>,
    /// When it was opened: when the actor last proved to be who he is.
    pub session_opened_at: Option<Timestamp>,
    pub client: Client,
    pub policy: Arc<AccountPolicy>,
    /// Ties answers, logs and events together.
    pub request_id: Option<Arc<str>>,
}

/// Where a request came from, as far as it can be known.
#[derive(Clone, Debug, Default)]
pub struct Client {
    pub address: Option<String>,
    /// The `User-Agent`, cut to what is stored.
    pub agent: Option<String>,
    /// Shows that the owner of some account signed in from here before.
    pub device: Option<SecretToken>,
}

impl Context {
    /// The same request, now that it is known who asks.
    #[must_use]
    pub fn acting_as(&self, actor: Actor) -> Self {
        Self { actor, ..self.clone() }
    }

    /// Whether the session itself proves enough for what `asked` protects.
    pub(crate) fn session_suffices(&self, asked: Reauthentication) -> bool {
        match asked {
            Reauthentication::CurrentPassword => false,
            Reauthentication::OwnSession(surfaces) => {
                self.session_surface.is_some_and(|surface| surfaces.contains(&surface))
            }
            Reauthentication::None => true,
        }
    }
}
