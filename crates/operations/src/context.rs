//! What every operation is told about the request or job that asks for it.

use std::sync::Arc;

use domain::policy::Reauthentication;
use domain::token::SecretToken;
use domain::{AccountPolicy, Actor, Surface, Timestamp, UserId};

use crate::audit::Call;

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
    /// What the audit trail keeps of it, when it is a call of an administrator or the operator.
    pub call: Option<Arc<Call>>,
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

    /// The same request as a call that the audit trail keeps.
    #[must_use]
    pub fn as_call(&self, call: &Arc<Call>) -> Self {
        Self { call: Some(Arc::clone(call)), ..self.clone() }
    }

    /// Says which account a call is about, when only the operation knows.
    pub fn concerns(&self, user_id: UserId) {
        if let Some(call) = &self.call {
            call.concerns(user_id);
        }
    }

    /// Says what else a call is about.
    pub fn names(&self, subject: &str) {
        if let Some(call) = &self.call {
            call.names(subject);
        }
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
