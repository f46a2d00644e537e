//! `/api/v1/admin/jobs`: what waits to be done, and what became of it.

mod query;
mod view;

use axum::Json;
use axum::extract::State;
use domain::JobId;
use operations::jobs::{find, list, park, retry};
use utoipa_axum::routes;

use self::query::JobsQuery;
use self::view::{JobView, JobsView};
use super::permitted::{Permitted, ToManageJobs, ToReadJobs};
use crate::kit::{Failure, Front, Routes};
use crate::native::path_ids::PathIds;
use crate::native::problem::{Native, PROBLEM, Problem};

pub(super) fn add(routes: Routes<Native>) -> Routes<Native> {
    routes
        .add(routes!(list_jobs))
        .add(routes!(read_job))
        .add(routes!(retry_job))
        .add(routes!(park_job))
}

/// List jobs
///
/// Mails and text messages, erasures, and what happens again and again: the newest promise first. What
/// they carry is told to nobody.
#[utoipa::path(
    get, path = "/api/v1/admin/jobs", tag = "administration",
    params(
        ("state" = Option<String>, Query, description = "ready, running, done or parked", example = "parked"),
        ("kind" = Option<String>, Query, description = "What is to be done", example = "deliver_mail"),
        ("user_id" = Option<Uuid>, Query, description = "The account that they are about"),
        ("cursor" = Option<Uuid>, Query, description = "The next of the page before"),
        ("limit" = Option<i64>, Query, minimum = 1, maximum = 200, description = "50 unless given"),
    ),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "A page of them", body = JobsView),
        (status = 401, description = "No good token", body = Problem, content_type = PROBLEM),
        (status = 403, description = "This needs the permission jobs:read", body = Problem, content_type = PROBLEM),
        (status = 422, description = "A parameter is not as it should be", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Asked too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
async fn list_jobs(
    State(front): State<Front>,
    Permitted { ctx, .. }: Permitted<ToReadJobs>,
    JobsQuery(question): JobsQuery,
) -> Result<Json<JobsView>, Failure<Native>> {
    let page = list(&front.services, &ctx, &question).await?;
    Ok(Json(JobsView::from(&page)))
}

/// Read one job
#[utoipa::path(
    get, path = "/api/v1/admin/jobs/{id}", tag = "administration",
    params(("id" = Uuid, Path)),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "The job", body = JobView),
        (status = 401, description = "No good token", body = Problem, content_type = PROBLEM),
        (status = 403, description = "This needs the permission jobs:read", body = Problem, content_type = PROBLEM),
        (status = 404, description = "There is no such job; those that are done are forgotten after a week", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Asked too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
async fn read_job(
    State(front): State<Front>,
    Permitted { ctx, .. }: Permitted<ToReadJobs>,
    ids: PathIds<1>,
) -> Result<Json<JobView>, Failure<Native>> {
    let PathIds([id]) = ids;
    let job = find(&front.services, &ctx, JobId(id)).await?;
    Ok(Json(JobView::from(&job)))
}

/// Run a job again
///
/// One that was parked, or one that waits for its next attempt: due at once, with all its attempts
/// before it.
#[utoipa::path(
    post, path = "/api/v1/admin/jobs/{id}/retry", tag = "administration",
    params(("id" = Uuid, Path)),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "The job, which is due", body = JobView),
        (status = 401, description = "No good token, or one from another surface", body = Problem, content_type = PROBLEM),
        (status = 403, description = "Without jobs:manage, or a sign-in long ago", body = Problem, content_type = PROBLEM),
        (status = 404, description = "There is no such job", body = Problem, content_type = PROBLEM),
        (status = 409, description = "It runs, is done, or nothing is left of it", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Asked too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
async fn retry_job(
    State(front): State<Front>,
    Permitted { ctx, .. }: Permitted<ToManageJobs>,
    ids: PathIds<1>,
) -> Result<Json<JobView>, Failure<Native>> {
    let PathIds([id]) = ids;
    let job = retry(&front.services, &ctx, JobId(id)).await?;
    Ok(Json(JobView::from(&job)))
}

/// Set a job aside
///
/// Nobody does it until it is run again.
#[utoipa::path(
    post, path = "/api/v1/admin/jobs/{id}/park", tag = "administration",
    params(("id" = Uuid, Path)),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "The job, which is parked", body = JobView),
        (status = 401, description = "No good token, or one from another surface", body = Problem, content_type = PROBLEM),
        (status = 403, description = "Without jobs:manage, or a sign-in long ago", body = Problem, content_type = PROBLEM),
        (status = 404, description = "There is no such job", body = Problem, content_type = PROBLEM),
        (status = 409, description = "It does not wait", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Asked too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
async fn park_job(
    State(front): State<Front>,
    Permitted { ctx, .. }: Permitted<ToManageJobs>,
    ids: PathIds<1>,
) -> Result<Json<JobView>, Failure<Native>> {
    let PathIds([id]) = ids;
    let job = park(&front.services, &ctx, JobId(id)).await?;
    Ok(Json(JobView::from(&job)))
}
