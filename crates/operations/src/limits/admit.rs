//! May this be asked for now?

use std::net::IpAddr;
use std::time::Duration;

use domain::limit::{Quotas, Standing, Verdict, network_of};
use domain::{Refusal, Surface, Timestamp, User};

use super::settings::{Limit, LimitsMode};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::measures;
use crate::ports::LimitKey;
use crate::services::Services;

/// What came of asking.
#[derive(Clone, Copy, Debug)]
pub struct Admitted {
    pub may: bool,
    /// When to come back, if not now.
    pub retry_after: Duration,
    /// None where nothing is limited.
    pub shown: Option<Shown>,
}

/// What a client may know about the limit it stands under.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    pub limit: Limit,
    pub count: u32,
    pub period: Duration,
    pub standing: Standing,
}

/// Whom a limit is for that is nobody's in particular.
const EVERYBODY: &str = "everybody";

/// One request from an address. Requests without one are counted together. Who registers takes a
/// place among all who do, too: whoever has many addresses has no more than that (REG-18).
pub async fn admit(
    services: &Services,
    surface: Surface,
    limit: Limit,
    address: Option<IpAddr>,
) -> Admitted {
    let whom = whom(address);
    let admitted = ask(services, services.limit_on(surface, limit), &whom).await;
    if limit != Limit::Register || !admitted.may {
        return admitted;
    }
    let all = ask(services, services.limit_on(surface, Limit::RegisterAll), EVERYBODY).await;
    // Not what is left of it: that would say how many register.
    if all.may { admitted } else { Admitted { shown: None, ..all } }
}

fn whom(address: Option<IpAddr>) -> String {
    address.map_or_else(|| "unknown".to_owned(), |address| network_of(address).to_string())
}

/// One request of an administrator about accounts of others.
pub async fn admit_admin(services: &Services, principal: &User) -> Result<()> {
    services.admit_one(Limit::Admin, &principal.id.to_string()).await
}

impl Services {
    /// One request under `limit` by `whom`: a session, a principal or an address.
    pub(crate) async fn admit_one(&self, limit: Limit, whom: &str) -> Result<()> {
        let admitted = ask(self, limit, whom).await;
        if admitted.may {
            return Ok(());
        }
        Err(Error::from(Refusal::TooManyRequests { retry_after: admitted.retry_after }))
    }

    /// A code to be sent at the request of whoever is at an address. Requests without one are not
    /// told apart, and not counted.
    pub(crate) async fn admit_sender(&self, ctx: &Context) -> Result<()> {
        match ctx.client.address.as_deref().and_then(|address| address.parse::<IpAddr>().ok()) {
            Some(address) => self.admit_one(Limit::SendCode, &whom(Some(address))).await,
            None => Ok(()),
        }
    }

    /// Strict surfaces have a limit of their own for registrations, where there is one.
    fn limit_on(&self, surface: Surface, limit: Limit) -> Limit {
        let strict = Limit::STRICT.into_iter().find(|(usual, _)| *usual == limit);
        strict
            .map(|(_, own)| own)
            .filter(|_| self.policy(surface).is_registration_strict)
            .filter(|own| self.limits.rules.get(*own).is_some())
            .unwrap_or(limit)
    }

    /// What is counted for the address of a request; without one nobody is told apart.
    pub(crate) fn address_key(&self, limit: Limit, ctx: &Context) -> Option<LimitKey> {
        let address = ctx.client.address.as_deref()?.parse::<IpAddr>().ok()?;
        Some(self.key_of_address(limit, address))
    }

    /// What is counted for this address.
    pub(crate) fn key_of_address(&self, limit: Limit, address: IpAddr) -> LimitKey {
        self.limit_key(limit, &whom(Some(address)))
    }

    fn limit_key(&self, limit: Limit, whom: &str) -> LimitKey {
        let digest = self.vault.fingerprint("limit", &[Some(limit.as_str()), Some(whom)]);
        let mut key = LimitKey::default();
        let length = key.len().min(digest.len());
        key[..length].copy_from_slice(&digest[..length]);
        key
    }

    /// The quotas of a limit, unless nothing is counted.
    pub(crate) fn quotas(&self, limit: Limit) -> Option<Quotas> {
        match self.limits.mode {
            LimitsMode::Enforce | LimitsMode::Observe => self.limits.rules.get(limit).copied(),
            LimitsMode::Off => None,
        }
    }

    /// Whether a denial refuses; told to whoever watches in any case.
    pub(crate) fn refuses(&self, limit: Limit) -> bool {
        let name = limit.as_str();
        match self.limits.mode {
            LimitsMode::Enforce => {
                metrics::counter!(measures::LIMITS_REFUSED, "limit" => name).increment(1);
                true
            }
            LimitsMode::Observe => {
                metrics::counter!(measures::LIMITS_WOULD_REFUSE, "limit" => name).increment(1);
                tracing::info!(limit = name, "would have been refused");
                false
            }
            LimitsMode::Off => false,
        }
    }
}

async fn ask(services: &Services, limit: Limit, whom: &str) -> Admitted {
    let free = Admitted { may: true, retry_after: Duration::ZERO, shown: None };
    let Some(quotas) = services.quotas(limit) else { return free };
    let key = services.limit_key(limit, whom);
    let now: Timestamp = services.clock.now();
    let verdict = match services.limiter.take(&key, &quotas, now).await {
        Ok(verdict) => verdict,
        // Stores that can fail are wrapped in one that cannot; this is for a bare one.
        Err(error) => {
            tracing::warn!(%error, "a limit could not be asked");
            return free;
        }
    };
    let short = quotas.short();
    let standing = verdict.standing();
    let shown = Some(Shown { limit, count: short.count(), period: short.period(), standing });
    match verdict {
        Verdict::Granted(_) => Admitted { shown, ..free },
        Verdict::Denied { retry_after, .. } => {
            Admitted { may: !services.refuses(limit), retry_after, shown }
        }
    }
}
