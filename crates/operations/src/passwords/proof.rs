//! Proof that somebody knows the password of an account.
//!
//! The only place where a password is compared.

use domain::attempts::Purpose;
use domain::policy::Reauthentication;
use domain::{Field, Password, Refusal, Rule, UserId};
use storage::passwords;

use super::attempts::{Attempt, Whose};
use super::hashing::{HashError, HashText, Verdict};
use crate::context::Context;
use crate::error::{Error, Fault, Result};
use crate::services::Services;

/// The password was right. Its attempt has to be ended by whoever makes use of it.
pub(crate) struct Proof {
    pub(crate) attempt: Attempt,
    /// A hash of today's strength, when the stored one is of another scheme or weaker (PWD-10).
    pub(crate) upgraded: Option<HashText>,
}

enum Compared {
    Wrong,
    Right { upgraded: Option<HashText> },
}

impl Services {
    /// Compares with `stored`, or with a decoy that takes as long. A wrong password is counted
    /// before anybody is told.
    pub(crate) async fn prove(
        &self,
        ctx: &Context,
        attempt: Attempt,
        stored: Option<&str>,
        password: &Password,
    ) -> Result<Option<Proof>> {
        let stored = stored.filter(|_| !attempt.is_disabled);
        match self.compare(stored, password).await {
            Ok(Compared::Right { upgraded }) => {
                self.failure_alarm.count(false, ctx.now);
                Ok(Some(Proof { attempt, upgraded }))
            }
            Ok(Compared::Wrong) => {
                self.failure_alarm.count(true, ctx.now);
                attempt.fail(self, ctx).await?;
                Ok(None)
            }
            Err(error) => {
                attempt.give_back(self).await;
                Err(error)
            }
        }
    }

    async fn compare(&self, stored: Option<&str>, password: &Password) -> Result<Compared> {
        let upgraded = match self.passwords.verify(stored, password).await? {
            Verdict::Wrong => return Ok(Compared::Wrong),
            Verdict::Right => None,
            Verdict::RightButOutdated => match self.hash(password).await {
                Ok(upgraded) => Some(upgraded),
                // Who proved the password gets in; the upgrade can wait for a calmer moment.
                Err(Error::Refused(_)) => None,
                Err(fault) => return Err(fault),
            },
        };
        Ok(Compared::Right { upgraded })
    }

    /// Asks the owner for what `asked` says before a sensitive change (PWD-07). A password that
    /// is given is looked at, whether it was asked for or not.
    pub(crate) async fn prove_owner(
        &self,
        ctx: &Context,
        user_id: UserId,
        asked: Reauthentication,
        password: Option<&Password>,
    ) -> Result<()> {
        if password.is_some() || asked.asks_for_password() {
            return self.reauthenticate(ctx, user_id, password).await;
        }
        if ctx.session_suffices(asked) { Ok(()) } else { Err(Refusal::SignInHere.into()) }
    }

    /// Asks for the current password again.
    async fn reauthenticate(
        &self,
        ctx: &Context,
        user_id: UserId,
        password: Option<&Password>,
    ) -> Result<()> {
        let password =
            password.ok_or_else(|| Refusal::invalid(Field::CurrentPassword, Rule::Required))?;
        let stored = passwords::find(&mut self.store.read().await?, user_id).await?;
        let place = self.take_address_place(ctx).await?;
        // A session is as good as a device that is known: no stranger has one.
        let (whose, purpose) = (Whose::KnownDevice(user_id), Purpose::CurrentPassword);
        let attempt = self.begin_attempt(place, whose, purpose).await?;
        let proof = self.prove(ctx, attempt, stored.as_deref(), password).await?;
        let Proof { attempt, .. } = proof.ok_or(Refusal::WrongCurrentPassword)?;
        let succeeded: Result<i64> = transact!(self, |tx| { attempt.succeed(self, tx).await? });
        match succeeded {
            Ok(_) => attempt.close(self).await,
            Err(error) => {
                attempt.give_back(self).await;
                return Err(error);
            }
        }
        Ok(())
    }

    pub(crate) async fn hash(&self, password: &Password) -> Result<HashText> {
        Ok(self.passwords.hash(password).await?)
    }
}

impl From<HashError> for Error {
    fn from(error: HashError) -> Self {
        match error {
            HashError::Overloaded { retry_after } => Refusal::Overloaded { retry_after }.into(),
            HashError::Stopped => Fault::HashingStopped.into(),
        }
    }
}
