//! `GET /api/v1/admin/users/{id}/explain`: why somebody cannot get in.

use axum::Json;
use axum::extract::State;
use domain::{Timestamp, UserId};
use operations::explain::{By, Explanation, Finding, explain};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::kit::{Bearer, Failure, Front, Routes};
use crate::native::path_ids::PathIds;
use crate::native::problem::{Native, PROBLEM, Problem};

pub(super) fn add(routes: Routes<Native>) -> Routes<Native> {
    routes.add(routes!(explain_user))
}

#[derive(Serialize, ToSchema)]
#[schema(title = "Explanation")]
struct ExplanationView {
    user_id: Uuid,
    #[schema(example = "active")]
    status: &'static str,
    /// Now, with the right password, from a device that the account does not know.
    could_sign_in: bool,
    /// The most important first.
    findings: Vec<FindingView>,
}

#[derive(Serialize, ToSchema)]
#[schema(title = "Finding")]
struct FindingView {
    /// Stable: programs decide by it.
    #[schema(example = "account_blocked")]
    code: &'static str,
    /// `blocking`, `warning` or `info`.
    #[schema(example = "blocking")]
    severity: &'static str,
    /// For people.
    text: String,
    #[schema(format = DateTime)]
    since: Option<String>,
    #[schema(format = DateTime)]
    until: Option<String>,
    by: Option<ByView>,
}

#[derive(Serialize, ToSchema)]
#[schema(title = "FindingBy")]
struct ByView {
    #[schema(example = "user")]
    actor: String,
    id: Option<Uuid>,
}

impl From<&Explanation> for ExplanationView {
    fn from(explanation: &Explanation) -> Self {
        Self {
            user_id: explanation.user.id.0,
            status: explanation.user.status.as_str(),
            could_sign_in: explanation.could_sign_in,
            findings: explanation.findings.iter().map(FindingView::from).collect(),
        }
    }
}

impl From<&Finding> for FindingView {
    fn from(finding: &Finding) -> Self {
        let by = |by: &By| ByView { actor: by.actor.clone(), id: by.id };
        Self {
            code: finding.code,
            severity: finding.severity.as_str(),
            text: finding.text.clone(),
            since: finding.since.map(Timestamp::to_rfc3339),
            until: finding.until.map(Timestamp::to_rfc3339),
            by: finding.by.as_ref().map(by),
        }
    }
}

/// Explain why somebody cannot get in
///
/// The state of the account, wrong passwords, limits, sessions that ended and by whom, mails and
/// their fate.
#[utoipa::path(
    get, path = "/api/v1/admin/users/{id}/explain", tag = "administration",
    params(("id" = Uuid, Path)),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "What there is to say", body = ExplanationView),
        (status = 401, description = "No good token", body = Problem, content_type = PROBLEM),
        (status = 403, description = "This needs the permission users:read", body = Problem, content_type = PROBLEM),
        (status = 404, description = "There never was such an account", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Asked too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
async fn explain_user(
    State(front): State<Front>,
    Bearer { ctx, .. }: Bearer<Native>,
    ids: PathIds<1>,
) -> Result<Json<ExplanationView>, Failure<Native>> {
    let PathIds([id]) = ids;
    let explanation = explain(&front.services, &ctx, UserId(id)).await?;
    Ok(Json(ExplanationView::from(&explanation)))
}
