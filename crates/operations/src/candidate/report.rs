//! How many accounts a candidate policy would refuse, by rule.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::password::{Blocklist, PasswordPolicy};
use domain::{Permission, Timestamp, UserId};
use storage::policy_findings::{self, Found};
use tokio::time::Instant;
use uuid::Uuid;

use super::policy::PASSES;
use crate::authority;
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// Rows that one statement reads.
const PIECE: i64 = 1_000;

/// Of accounts that signed in since the candidate is what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyReport {
    /// None where none is set: then nothing is looked at.
    pub candidate: Option<PasswordPolicy>,
    /// Whether all were counted; else time was over, and there are more than these.
    pub is_complete: bool,
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

/// Counts for so long, and answers how far it came: there is a row or more for each account.
pub async fn report(
    services: &Services,
    ctx: &Context,
    patience: Duration,
) -> Result<PolicyReport> {
    let mut read = services.store.read().await?;
    authority::asking(ctx, &mut read, Permission::UsersRead).await?;
    drop(read);
    let Some(candidate) = &services.candidate else { return Ok(PolicyReport::default()) };
    let deadline = Instant::now() + patience;
    let mut counts = Counts::default();
    let mut after = UserId(Uuid::nil());
    let is_complete = loop {
        // Anew each time: whoever asks for less is not kept from a connection meanwhile.
        let mut read = services.store.read().await?;
        let piece = policy_findings::piece(&mut read, after, PIECE).await?;
        drop(read);
        for found in piece.found.iter().filter(|found| found.policy == candidate.fingerprint) {
            counts.add(found);
        }
        match piece.next {
            None => break true,
            Some(_) if Instant::now() >= deadline => break false,
            Some(next) => after = next,
        }
    };
    Ok(counts.into_report(candidate.policy.password, is_complete))
}

#[derive(Default)]
struct Counts {
    accounts: i64,
    last: Option<UserId>,
    first_seen_at: Option<Timestamp>,
    last_seen_at: Option<Timestamp>,
    by_rule: BTreeMap<String, i64>,
}

impl Counts {
    /// What was found of one account comes together.
    fn add(&mut self, found: &Found) {
        if self.last != Some(found.user_id) {
            self.accounts += 1;
            self.last = Some(found.user_id);
        }
        let at = found.seen_at;
        self.first_seen_at = Some(self.first_seen_at.map_or(at, |first| first.min(at)));
        self.last_seen_at = Some(self.last_seen_at.map_or(at, |last| last.max(at)));
        *self.by_rule.entry(found.rule.clone()).or_default() += 1;
    }

    fn into_report(mut self, candidate: PasswordPolicy, is_complete: bool) -> PolicyReport {
        let accounts_passing = self.by_rule.remove(PASSES).unwrap_or_default();
        let rules = self.by_rule.into_iter();
        PolicyReport {
            candidate: Some(candidate),
            is_complete,
            accounts_seen: self.accounts,
            accounts_passing,
            first_seen_at: self.first_seen_at,
            last_seen_at: self.last_seen_at,
            rules: rules.map(|(rule, accounts)| RuleCount { rule, accounts }).collect(),
        }
    }
}

impl Default for PolicyReport {
    /// Of no candidate.
    fn default() -> Self {
        Self {
            candidate: None,
            is_complete: true,
            accounts_seen: 0,
            accounts_passing: 0,
            first_seen_at: None,
            last_seen_at: None,
            rules: Vec::new(),
        }
    }
}

impl PolicyReport {
    /// Whether the candidate refuses well-known passwords.
    pub fn has_blocklist(&self) -> bool {
        self.candidate.is_some_and(|policy| policy.blocklist != Blocklist::None)
    }
}
