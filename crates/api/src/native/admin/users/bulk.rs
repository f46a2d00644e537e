//! `POST /api/v1/admin/users/bulk`

use axum::Json;
use axum::extract::State;
use operations::accounts::{plan_bulk, run_bulk, seal_bulk_cursor};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::bulk_body::{BulkBody, BulkShape};
use super::view::AdminUserView;
use crate::kit::{Body, Failure, Front};
use crate::native::admin::permitted::{Permitted, ToRead};
use crate::native::problem::{Native, PROBLEM, Problem};

#[derive(Serialize, ToSchema)]
#[schema(title = "BulkChanged")]
#[serde(untagged)]
pub(super) enum BulkView {
    Planned(PlannedView),
    Done(DoneView),
}

/// What would be done: nothing was.
#[derive(Serialize, ToSchema)]
#[schema(title = "BulkPlan")]
pub(super) struct PlannedView {
    dry_run: bool,
    /// So many accounts are meant, as far as was looked: at the end the `expected` of what follows.
    count: usize,
    /// The first 20 of those that this request found.
    first: Vec<AdminUserView>,
    /// The `cursor` with which to look on; `null` when all were found.
    next: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(title = "BulkRun")]
pub(super) struct DoneView {
    dry_run: bool,
    changed: usize,
    /// It was so already.
    unchanged: usize,
    failed: Vec<FailedView>,
    /// So many of those expected were not looked at yet.
    left: usize,
    /// Time was over: the `cursor` with which the same goes on; `null` at the end.
    next: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(title = "BulkFailure")]
struct FailedView {
    id: Uuid,
    /// Of the error that the same for this account alone would have answered.
    #[schema(example = "last_admin")]
    code: &'static str,
}

/// Change many accounts
///
/// A dry run unless `dry_run` is false. Each account is changed by itself, as the path for one
/// account would, and needs the same permission beside `users:read`; what one refuses stops no
/// other. Looks for four seconds, and then works for four: with `next` the same goes on.
#[utoipa::path(
    post, path = "/api/v1/admin/users/bulk", tag = "administration", request_body = BulkShape,
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "What would be done, or what was done", body = BulkView),
        (status = 401, description = "No good token, or a sign-in that is long ago", body = Problem, content_type = PROBLEM),
        (status = 403, description = "Without users:read, or what the action needs", body = Problem, content_type = PROBLEM),
        (status = 409, description = "Not as many accounts are meant as were expected; nothing was done", body = Problem, content_type = PROBLEM),
        (status = 422, description = "Fields are not as they should be, or too many accounts; nothing was done", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Asked too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
pub(super) async fn change_users(
    State(front): State<Front>,
    Permitted { ctx, .. }: Permitted<ToRead>,
    body: Body<Native, BulkBody>,
) -> Result<Json<BulkView>, Failure<Native>> {
    let services = &front.services;
    let bulk = body.value.read(services)?;
    let seal = |next| seal_bulk_cursor(services, &bulk, next);
    Ok(Json(match body.value.expected {
        None => {
            let plan = plan_bulk(services, &ctx, &bulk).await?;
            BulkView::Planned(PlannedView {
                dry_run: true,
                count: plan.count,
                first: plan.first.iter().map(AdminUserView::from).collect(),
                next: plan.next.map(seal).transpose()?,
            })
        }
        Some(expected) => {
            let run = run_bulk(services, &ctx, &bulk, expected).await?;
            let failed = run.failed.iter().map(|one| FailedView { id: one.id.0, code: one.code });
            BulkView::Done(DoneView {
                dry_run: false,
                changed: run.changed,
                unchanged: run.unchanged,
                failed: failed.collect(),
                left: run.left,
                next: run.next.map(seal).transpose()?,
            })
        }
    }))
}
