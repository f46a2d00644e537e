//! Limits by address, where the account was used from lately.

use std::net::IpAddr;

use domain::limit::Verdict;

use super::finding::Severity::Warning;
use super::{Asked, Finding};
use crate::error::Result;
use crate::limits::{Limit, LimitsMode};

/// So many addresses are asked about.
const ADDRESSES: usize = 5;

pub(super) async fn find(asked: &Asked<'_>) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    if asked.services.limits.mode != LimitsMode::Enforce {
        return Ok(findings);
    }
    for address in addresses(asked) {
        for limit in [Limit::Login, Limit::LoginFailures] {
            findings.extend(reached(asked, limit, address).await);
        }
    }
    Ok(findings)
}

/// Those that the owner came from, the last first.
fn addresses(asked: &Asked<'_>) -> Vec<IpAddr> {
    let own = asked.events.iter().filter(|event| event.actor_id == Some(asked.user.id.0));
    let mut addresses = Vec::new();
    for address in own.filter_map(|event| event.address.as_deref()?.parse().ok()) {
        if !addresses.contains(&address) && addresses.len() < ADDRESSES {
            addresses.push(address);
        }
    }
    addresses
}

/// A place is taken and given back: nothing else tells whether there is one.
async fn reached(asked: &Asked<'_>, limit: Limit, address: IpAddr) -> Option<Finding> {
    let services = asked.services;
    let (key, quotas) = (services.key_of_address(limit, address), services.quotas(limit)?);
    let now = services.clock.now();
    match services.limiter.take(&key, &quotas, now).await.ok()? {
        Verdict::Granted(_) => {
            if let Err(error) = services.limiter.give_back(&key, &quotas, now).await {
                tracing::debug!(%error, "a place could not be given back");
            }
            None
        }
        Verdict::Denied { retry_after, .. } => {
            let name = limit.as_str();
            let text = format!("the limit {name} is reached at {address}, where the account was");
            Some(Finding::new("address_limited", Warning, text).until(now + retry_after))
        }
    }
}
