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

use domain::Surface;
use http::Method;
use operations::limits::Limit;
use utoipa::OpenApi;
use utoipa_axum::routes;

pub(super) use errors::JwtAccounts;
pub(super) use wire::Account;

use crate::dialects::kind::{Kind, Sharing};
use crate::kit::{BearerScheme, Routes};

#[derive(OpenApi)]
#[openapi(modifiers(&BearerScheme), info(
    title = "jwt_accounts",
    description = "The account service whose clients this dialect serves. Errors are \
                   `{\"detail\": …}`.",
    license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
))]
struct Document;

pub(super) const KIND: Kind = Kind {
    surface: Surface::JwtAccounts,
    defaults: policy::defaults,
    policy: policy::policy,
    mount: |settings, sharing| routes(sharing).mount(&settings.prefix, &["/auth", "/users"]),
};

const USERS: [(Method, Limit); 4] = [
    (Method::POST, Limit::Register),
    (Method::GET, Limit::Read),
    (Method::PATCH, Limit::Update),
    (Method::DELETE, Limit::Delete),
];

fn routes(sharing: Sharing) -> Routes<JwtAccounts> {
    let routes = Routes::new(Document::openapi())
        .add(routes!(status::status))
        .limited(&[(Method::POST, Limit::Login)], routes!(tokens::token))
        .limited(&[(Method::POST, Limit::Login)], routes!(tokens::login))
        .limited(&[(Method::POST, Limit::Refresh)], routes!(tokens::refresh))
        .add(routes!(admin::list));
    match sharing {
        Sharing::Shared => routes.limited(&USERS, routes!(register::register, current::update)),
        Sharing::Alone => routes.limited(
            &USERS,
            routes!(register::register, current::read, current::update, current::delete),
        ),
    }
}
