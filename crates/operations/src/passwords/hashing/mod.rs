//! Password hashing on threads of its own (docs/REQUIREMENTS.md; ).
//!
//! Never on the runtime's threads: a hash is tens of milliseconds and megabytes. How many run at
//! once, what they may cost and how long one may wait for them is decided here and nowhere else.

mod arena;
mod formats;
mod pool;
mod recipe;
mod settings;
#[cfg(test)]
mod tests;
mod text;

use std::sync::Arc;
use std::time::Duration;

use domain::Password;
use subtle::ConstantTimeEq;
use thiserror::Error;

use self::formats::Stored;
use self::pool::{NoAnswer, Pool};
use self::recipe::Recipe;
pub use self::settings::{HashSettings, Scheme, StartError};
pub use self::text::HashText;
use crate::ports::Entropy;

/// Hashes and compares passwords. Clones share one pool of threads.
#[derive(Clone)]
pub struct Passwords(Arc<Inner>);

struct Inner {
    pool: Pool,
    scheme: Scheme,
    salts: Arc<dyn Entropy>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Wrong,
    Right,
    /// Right, but stored by another scheme or with other costs: hash it anew and store that.
    RightButOutdated,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum HashError {
    /// Nothing was hashed: more waits than can be done in time.
    #[error("too many password hashes wait")]
    Overloaded { retry_after: Duration },
    /// No answer will come: the pool was stopped, or this one hash failed.
    #[error("the password could not be hashed")]
    Stopped,
}

impl Passwords {
    /// Starts the threads; they end when the last clone is dropped.
    pub fn start(settings: HashSettings, salts: Arc<dyn Entropy>) -> Result<Self, StartError> {
        settings.check()?;
        let usual = settings.scheme.decoy();
        let pool = Pool::start(settings.threads, settings.max_wait, &usual, Recipe::compute)?;
        Ok(Self(Arc::new(Inner { pool, scheme: settings.scheme, salts })))
    }

    /// A hash to store, with a salt of its own.
    pub async fn hash(&self, password: &Password) -> Result<HashText, HashError> {
        let scheme = self.0.scheme;
        let salt = scheme.new_salt(&*self.0.salts);
        let output = self.compute(scheme.recipe(salt.clone()), password).await?;
        let output = output.ok_or(HashError::Stopped)?;
        Ok(HashText::new(formats::write(scheme, &salt, &output)))
    }

    /// Compares against `stored`, or against a decoy of the same cost when there is none, so that
    /// both take equally long (PWD-12). What cannot be read or costs too much is compared against
    /// the decoy as well (PWD-11).
    ///
    /// An imported hash takes the time of its own scheme until it is replaced.
    pub async fn verify(
        &self,
        stored: Option<&str>,
        password: &Password,
    ) -> Result<Verdict, HashError> {
        // No account can have such a password, so an answer without work tells nothing about any.
        if password.is_oversized() {
            return Ok(Verdict::Wrong);
        }
        let stored = stored.and_then(|text| read(text).map(|stored| (text, stored)));
        let recipe = self.recipe_for(stored.as_ref().map(|(_, stored)| stored));
        let output = self.compute(recipe, password).await?;
        let (Some((text, stored)), Some(output)) = (stored, output) else {
            return Ok(Verdict::Wrong);
        };
        if !bool::from(output.ct_eq(&stored.expected)) {
            return Ok(Verdict::Wrong);
        }
        Ok(if stored.is_current(self.0.scheme, text) {
            Verdict::Right
        } else {
            Verdict::RightButOutdated
        })
    }

    /// Waiting callers get [`HashError::Stopped`]; hashes that run are finished.
    pub fn stop(&self) {
        self.0.pool.stop();
    }

    /// What is computed to compare with `stored`.
    fn recipe_for(&self, stored: Option<&Stored>) -> Recipe {
        stored.map_or_else(|| self.0.scheme.decoy(), |stored| stored.recipe.clone())
    }

    async fn compute(
        &self,
        recipe: Recipe,
        password: &Password,
    ) -> Result<Option<Vec<u8>>, HashError> {
        self.0.pool.compute(recipe, password.clone()).await.map_err(|refusal| match refusal {
            NoAnswer::Overloaded => HashError::Overloaded { retry_after: self.retry_after() },
            NoAnswer::Stopped => HashError::Stopped,
        })
    }

    /// One to five seconds, spread so that those sent away do not come back all at once.
    fn retry_after(&self) -> Duration {
        let mut byte = [0];
        self.0.salts.fill(&mut byte);
        Duration::from_secs(1 + u64::from(byte[0] % 5))
    }
}

fn read(text: &str) -> Option<Stored> {
    formats::read(text)
        .inspect_err(|reason| tracing::warn!(%reason, "a stored password hash cannot be verified"))
        .ok()
}
