//! `jwt_accounts`: two JWTs, a profile and a list for administrators
//! (`docs/dialects/jwt_accounts.md`).

mod admin;
mod current;
mod errors;
mod policy;
mod register;
mod status;
mod texts;
mod tokens;
mod wire;

use utoipa::OpenApi;
use utoipa_axum::routes;

pub(crate) use errors::JwtAccounts;
pub(super) use policy::{defaults, policy};
pub(super) use wire::Account;

use crate::kit::Routes;

#[derive(OpenApi)]
#[openapi(info(
    title = "jwt_accounts",
    description = "The account service whose clients this dialect serves. Errors are \
                   `{\"detail\": …}`.",
    license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
))]
struct Document;

/// `GET` and `DELETE /users` are left to whom they are shared with.
pub(crate) fn routes(is_sharing: bool) -> Routes<JwtAccounts> {
    let routes = Routes::new(Document::openapi())
        .add(routes!(status::status))
        .add(routes!(tokens::token))
        .add(routes!(tokens::login))
        .add(routes!(tokens::refresh))
        .add(routes!(admin::list));
    if is_sharing {
        routes.add(routes!(register::register, current::update))
    } else {
        routes.add(routes!(register::register, current::read, current::update, current::delete))
    }
}
