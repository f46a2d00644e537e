//! `GET /api/v1/admin/policy/report`: what a candidate policy would refuse.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use domain::Timestamp;
use operations::candidate::{PolicyReport, report};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::kit::{Bearer, Failure, Front, Routes};
use crate::native::problem::{Native, PROBLEM, Problem};

/// As for lists of accounts.
const PATIENCE: Duration = Duration::from_secs(2);

pub(super) fn add(routes: Routes<Native>) -> Routes<Native> {
    routes.add(routes!(read_report))
}

/// Counts of accounts that signed in since the candidate is what it is.
#[derive(Serialize, ToSchema)]
#[schema(title = "PolicyReport")]
struct PolicyReportView {
    /// `null` where none is set: then nothing is looked at.
    candidate: Option<CandidateView>,
    /// Whether all were counted. If not, time was over, and there are more than these.
    complete: bool,
    accounts_seen: i64,
    accounts_passing: i64,
    first_seen_at: Option<String>,
    last_seen_at: Option<String>,
    /// An account may break several.
    rules: Vec<RuleCountView>,
}

#[derive(Serialize, ToSchema)]
#[schema(title = "CandidatePolicy")]
struct CandidateView {
    min_length: usize,
    blocklist: bool,
}

#[derive(Serialize, ToSchema)]
#[schema(title = "RuleCount")]
struct RuleCountView {
    #[schema(example = "password.too_short")]
    rule: String,
    accounts: i64,
}

/// Count what a candidate policy would refuse
///
/// What is kept of an account are the names of the rules that its password or its username broke at
/// its last sign-in. Counts for two seconds at most; `vestibule policy report` counts all.
#[utoipa::path(
    get, path = "/api/v1/admin/policy/report", tag = "administration",
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "The counts", body = PolicyReportView),
        (status = 401, description = "No good token", body = Problem, content_type = PROBLEM),
        (status = 403, description = "This needs the permission users:read", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Asked too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
async fn read_report(
    State(front): State<Front>,
    Bearer { ctx, .. }: Bearer<Native>,
) -> Result<Json<PolicyReportView>, Failure<Native>> {
    let found = report(&front.services, &ctx, PATIENCE).await?;
    Ok(Json(PolicyReportView::from(found)))
}

impl From<PolicyReport> for PolicyReportView {
    fn from(report: PolicyReport) -> Self {
        let blocklist = report.has_blocklist();
        let candidate = report.candidate;
        let rules = report.rules.into_iter();
        Self {
            candidate: candidate.map(|policy| CandidateView { min_length: policy.min, blocklist }),
            complete: report.is_complete,
            accounts_seen: report.accounts_seen,
            accounts_passing: report.accounts_passing,
            first_seen_at: report.first_seen_at.map(Timestamp::to_rfc3339),
            last_seen_at: report.last_seen_at.map(Timestamp::to_rfc3339),
            rules: rules
                .map(|count| RuleCountView { rule: count.rule, accounts: count.accounts })
                .collect(),
        }
    }
}
