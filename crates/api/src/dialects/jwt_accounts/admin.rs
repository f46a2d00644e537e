//! `GET /users/admin`

use axum::Json;
use axum::extract::State;
use operations::accounts::{self, PageRequest, SortKey, SortOrder};

use super::errors::JwtAccounts;
use super::wire::AccountPage;
use crate::kit::fastapi::{Detail, Query, ValidationDetail};
use crate::kit::{Bearer, Failure, Front};

const SORTS: [&str; 4] = ["id", "username", "create_date", "update_date"];
const KEYS: [SortKey; 4] =
    [SortKey::Number, SortKey::Username, SortKey::CreatedAt, SortKey::UpdatedAt];
const ORDERS: [&str; 2] = ["asc", "desc"];
const DEFAULT_SIZE: i64 = 50;
const LARGEST_SIZE: i64 = 1000;

/// List accounts, page by page
#[utoipa::path(
    get, path = "/users/admin", tag = "users",
    params(
        ("page" = Option<i64>, Query, minimum = 1, description = "1 unless given"),
        ("size" = Option<i64>, Query, minimum = 1, maximum = 1000, description = "50 unless given"),
        ("sort" = Option<String>, Query, description = "id, username, create_date or update_date"),
        ("order" = Option<String>, Query, description = "asc or desc"),
    ),
    responses(
        (status = 200, description = "A page", body = AccountPage),
        (status = 401, description = "No good token, or a blocked account", body = Detail),
        (status = 403, description = "Not an administrator", body = Detail),
        (status = 422, description = "A parameter is out of range", body = ValidationDetail),
    ),
    security(("bearer" = [])),
)]
pub(super) async fn list(
    State(front): State<Front>,
    bearer: Bearer<JwtAccounts>,
    mut query: Query,
) -> Result<Json<AccountPage>, Failure<JwtAccounts>> {
    // Who may not list hears so before what is wrong with the question.
    accounts::ensure_may_list(&bearer.user)?;
    let page = query.integer("page", 1, 1, None);
    let size = query.integer("size", DEFAULT_SIZE, 1, Some(LARGEST_SIZE));
    let sort = KEYS[query.choice("sort", &SORTS)];
    let is_descending = query.choice("order", &ORDERS) == 1;
    query.finish()?;
    let order = if is_descending { SortOrder::Descending } else { SortOrder::Ascending };
    let request = PageRequest { page, size, sort, order };
    let found = accounts::page(&front.services, &bearer.user, &request).await?;
    Ok(Json(AccountPage::new(page, size, &found)))
}
