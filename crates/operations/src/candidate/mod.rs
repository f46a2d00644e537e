//! A policy that somebody thinks of using: what it would refuse is counted, and nothing is refused
//! (docs/decisions/0026).

mod observe;
mod policy;
mod report;

pub(crate) use observe::Observed;
pub(crate) use policy::Candidate;
pub use report::{PolicyReport, RuleCount, report};
