//! How many accounts a candidate policy would refuse, by rule.

use domain::password::{Blocklist, PasswordPolicy};
use domain::{Permission, Timestamp};
use storage::policy_findings;

use super::policy::PASSES;
use crate::authority;
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// Of accounts that signed in since the candidate is what it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyReport {
    /// None where none is set: then nothing is looked at.
    pub candidate: Option<PasswordPolicy>,
    pub accounts_seen: i64,
    pub accounts_passing: i64,
    pub first_seen_at: Option<Timestamp>,
    pub last_seen_at: Option<Timestamp>,
    /// In the order of their ids. An account may break several.
    pub rules: Vec<RuleCount>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleCount {
    /// The field and the code of the rule: `password.too_short`.
    pub rule: String,
    pub accounts: i64,
}

pub async fn report(services: &Services, ctx: &Context) -> Result<PolicyReport> {
    let mut read = services.store.read().await?;
    authority::asking(ctx, &mut read, Permission::UsersRead).await?;
    let Some(candidate) = &services.candidate else { return Ok(PolicyReport::default()) };
    let policy = candidate.fingerprint.as_slice();
    let totals = policy_findings::totals(&mut read, policy).await?;
    let counts = policy_findings::count_by_rule(&mut read, policy).await?;
    let (passing, broken): (Vec<_>, Vec<_>) =
        counts.into_iter().partition(|(rule, _)| rule == PASSES);
    Ok(PolicyReport {
        candidate: Some(candidate.policy.password),
        accounts_seen: totals.accounts,
        accounts_passing: passing.first().map_or(0, |(_, accounts)| *accounts),
        first_seen_at: totals.first_seen_at,
        last_seen_at: totals.last_seen_at,
        rules: broken.into_iter().map(|(rule, accounts)| RuleCount { rule, accounts }).collect(),
    })
}

impl PolicyReport {
    /// Whether the candidate refuses well-known passwords.
    pub fn has_blocklist(&self) -> bool {
        self.candidate.is_some_and(|policy| policy.blocklist != Blocklist::None)
    }
}
