//! `GET /api/v1/admin/users`

use axum::Json;
use axum::extract::{RawQuery, State};
use operations::accounts::list;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::query::read_list;
use super::view::AdminUserView;
use crate::kit::{Failure, Front};
use crate::native::admin::permitted::{Permitted, ToRead};
use crate::native::problem::{Native, PROBLEM, Problem};

#[derive(Serialize, ToSchema)]
#[schema(title = "Users")]
pub(super) struct UsersView {
    users: Vec<AdminUserView>,
    /// The `cursor` with which the same list goes on; `null` at its end.
    next: Option<String>,
    /// Whether the page is full or the list at its end. If not, time was over: go on with `next`.
    complete: bool,
    /// How many fit, where it was asked for; `null` when they could not be counted in time.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    total: Option<Value>,
}

/// Whoever is there, unless `status` says otherwise.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the shape for the document; parameters are read one by one")]
pub(super) struct FilterParameters {
    /// What the username, the e-mail address or the phone number begins with
    #[param(max_length = 255, example = "ann")]
    search: Option<String>,
    /// What stands somewhere in an identifier, or in the first or last name
    #[param(min_length = 3, max_length = 255)]
    contains: Option<String>,
    /// One or more of active, blocked and deleted, between commas
    #[param(example = "active,blocked")]
    status: Option<String>,
    /// A role that is held
    #[param(max_length = 64, example = "moderator")]
    role: Option<String>,
    /// `false`: there is an address, and it is not verified
    email_verified: Option<bool>,
    phone_verified: Option<bool>,
    /// A time of RFC 3339 or a date; from then on
    #[param(example = "2026-11-01")]
    created_after: Option<String>,
    /// Before then
    created_before: Option<String>,
    last_login_after: Option<String>,
    last_login_before: Option<String>,
}

#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the shape for the document; parameters are read one by one")]
pub(super) struct PageParameters {
    /// One of number, `created_at`, `last_login_at`, username and email; who has none comes last
    #[param(example = "number")]
    sort: Option<String>,
    /// `asc` or `desc`
    #[param(example = "asc")]
    order: Option<String>,
    #[param(minimum = 1, maximum = 100, example = 50)]
    page_size: Option<i64>,
    /// Among the first 100 000 accounts; beyond them, and for speed, there is `cursor`
    #[param(minimum = 1)]
    page: Option<i64>,
    /// The `next` of the answer before, with the same filter and order
    cursor: Option<String>,
    /// Whether to count them all
    total: Option<bool>,
}

/// List accounts
///
/// Looks for two seconds at most, and then answers what was found so far.
#[utoipa::path(
    get, path = "/api/v1/admin/users", tag = "administration",
    params(FilterParameters, PageParameters),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "Accounts, and how to go on", body = UsersView),
        (status = 401, description = "No good token", body = Problem, content_type = PROBLEM),
        (status = 403, description = "This needs the permission users:read", body = Problem, content_type = PROBLEM),
        (status = 422, description = "Parameters are not as they should be", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Asked too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
pub(super) async fn list_users(
    State(front): State<Front>,
    Permitted { ctx, .. }: Permitted<ToRead>,
    RawQuery(query): RawQuery,
) -> Result<Json<UsersView>, Failure<Native>> {
    let request = read_list(&front.services, &query.unwrap_or_default())?;
    let listed = list(&front.services, &ctx, &request).await?;
    Ok(Json(UsersView {
        users: listed.users.iter().map(AdminUserView::from).collect(),
        next: listed.next,
        complete: listed.is_complete,
        total: request.with_total.then(|| json!(listed.total)),
    }))
}
