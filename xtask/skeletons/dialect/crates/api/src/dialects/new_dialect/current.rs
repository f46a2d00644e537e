//! `GET /me`: oneself.

use axum::Json;

use super::errors::NewDialect;
use super::wire::Account;
use crate::kit::Reader;
use crate::kit::fastapi::Detail;

/// Read one's own account
#[utoipa::path(
    get, path = "/me", tag = "accounts",
    responses(
        (status = 200, description = "The account", body = Account),
        (status = 401, description = "No good token", body = Detail),
    ),
)]
pub(super) async fn read(Reader(bearer): Reader<NewDialect>) -> Json<Account> {
    Json(Account::from(&*bearer.user))
}
