//! Proof that somebody knows the password of an account.
//!
//! The only place where a password is compared.

use domain::policy::Reauthentication;
use domain::{Field, Password, Refusal, Rule, UserId};
use storage::passwords;

use super::hashing::{HashError, HashText, Verdict};
use crate::context::Context;
use crate::error::{Error, Fault, Result};
use crate::services::Services;

/// The password was right.
pub(crate) struct Proof {
    /// A hash of today's strength, when the stored one is of another scheme or weaker (PWD-10).
    pub(crate) upgraded: Option<HashText>,
}

impl Services {
    /// Compares with `stored`, or with a decoy that takes as long.
    pub(crate) async fn prove(
        &self,
        stored: Option<&str>,
        password: &Password,
    ) -> Result<Option<Proof>> {
        match self.passwords.verify(stored, password).await? {
            Verdict::Wrong => Ok(None),
            Verdict::Right => Ok(Some(Proof { upgraded: None })),
            Verdict::RightButOutdated => match self.hash(password).await {
                Ok(upgraded) => Ok(Some(Proof { upgraded: Some(upgraded) })),
                // Who proved the password gets in; the upgrade can wait for a calmer moment.
                Err(Error::Refused(_)) => Ok(Some(Proof { upgraded: None })),
                Err(fault) => Err(fault),
            },
        }
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
            return self.reauthenticate(user_id, password).await;
        }
        if ctx.session_suffices(asked) { Ok(()) } else { Err(Refusal::SignInHere.into()) }
    }

    /// Asks for the current password again.
    async fn reauthenticate(&self, user_id: UserId, password: Option<&Password>) -> Result<()> {
        let password =
            password.ok_or_else(|| Refusal::invalid(Field::CurrentPassword, Rule::Required))?;
        let stored = passwords::find(&mut self.store.read().await?, user_id).await?;
        match self.prove(stored.as_deref(), password).await? {
            Some(_) => Ok(()),
            None => Err(Refusal::WrongCurrentPassword.into()),
        }
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
