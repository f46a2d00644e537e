//! At a sign-in, when the password was right and is at hand.

use domain::{Password, UserId};
use storage::{Tx, policy_findings, users};

use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// What was found, not yet kept.
pub(crate) struct Observed {
    policy: Vec<u8>,
    rules: Vec<String>,
}

impl Services {
    /// Outside any transaction. Who cannot be looked at signs in all the same.
    pub(crate) async fn observe(&self, user_id: UserId, password: &Password) -> Option<Observed> {
        let candidate = self.candidate.as_ref()?;
        let found = async { Ok(users::find(&mut self.store.read().await?, user_id).await?) }.await;
        let found: Result<_> = found;
        let user = match found {
            Ok(user) => user?,
            Err(error) => {
                tracing::warn!(reason = error.chain(), "the candidate policy was not asked");
                return None;
            }
        };
        let rules = candidate.broken_rules(&user, password);
        Some(Observed { policy: candidate.fingerprint.clone(), rules })
    }
}

impl Observed {
    /// With the sign-in that it was found at. The account's row is locked by the caller.
    pub(crate) async fn keep(&self, ctx: &Context, tx: &mut Tx, user_id: UserId) -> Result<()> {
        Ok(policy_findings::replace(tx, user_id, &self.policy, &self.rules, ctx.now).await?)
    }
}
