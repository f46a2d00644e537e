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
use utoipa::OpenApi;
use utoipa_axum::routes;

pub(super) use errors::JwtAccounts;
pub(super) use wire::Account;

use crate::dialects::kind::{Kind, Sharing};
use crate::kit::Routes;

#[derive(OpenApi)]
#[openapi(info(
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

fn routes(sharing: Sharing) -> Routes<JwtAccounts> {
    let routes = Routes::new(Document::openapi())
        .add(routes!(status::status))
        .add(routes!(tokens::token))
        .add(routes!(tokens::login))
        .add(routes!(tokens::refresh))
        .add(routes!(admin::list));
    match sharing {
        Sharing::Shared => routes.add(routes!(register::register, current::update)),
        Sharing::Alone => {
            routes.add(routes!(register::register, current::read, current::update, current::delete))
        }
    }
}
