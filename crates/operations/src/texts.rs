//! To which numbers text messages go, and how many (REG-18).

use domain::limit::{Quota, Quotas};
use std::time::Duration;

/// What each costs is the operator's to bear.
#[derive(Clone, Debug)]
pub struct TextRules {
    /// To numbers that begin alike.
    pub per_prefix: Quotas,
    /// How numbers begin that are written to; every number, when there is none.
    pub allowed_prefixes: Vec<String>,
}

impl Default for TextRules {
    fn default() -> Self {
        const AN_HOUR: u32 = 100;
        let quota = Quota::new(AN_HOUR, Duration::from_hours(1), AN_HOUR);
        let quota = quota.unwrap_or_else(|| unreachable!("these are good numbers"));
        Self { per_prefix: Quotas::new(quota, None), allowed_prefixes: Vec::new() }
    }
}

impl TextRules {
    /// Asked by the worker, where nobody can measure the answer.
    pub(crate) fn allows(&self, number: &str) -> bool {
        let prefixes = &self.allowed_prefixes;
        prefixes.is_empty() || prefixes.iter().any(|prefix| number.starts_with(prefix))
    }
}
