//! The native API below `/api/v1`.

mod current;
mod error_reference;
mod jwks;
mod problem;
mod register;
mod restore;
mod security;
mod service_accounts;
mod sessions;
mod texts;
mod tokens;
mod user;

use utoipa::OpenApi;
use utoipa_axum::routes;

pub use error_reference::error_reference;
pub(crate) use problem::Native;

use crate::kit::Routes;
use security::Schemes;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Vestibule",
        description = "Accounts, sign-in and tokens. Errors are problem documents (RFC 9457) \
                       whose `code` never changes.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    components(schemas(problem::Problem)),
    modifiers(&Schemes),
    tags(
        (name = "sign-in", description = "Register, sign in, stay signed in, sign out"),
        (name = "account", description = "One's own account"),
        (name = "services", description = "Clients that are no people; for administrators"),
        (name = "tokens", description = "What services ask about tokens, by HTTP Basic"),
        (name = "keys", description = "What resource servers verify tokens with"),
    ),
)]
struct Document;

pub(crate) fn routes() -> Routes<Native> {
    let routes = Routes::new(Document::openapi())
        .add(routes!(register::register))
        .add(routes!(sessions::login))
        .add(routes!(sessions::refresh))
        .add(routes!(sessions::logout))
        .add(routes!(sessions::logout_all))
        .add(routes!(current::read, current::update, current::delete))
        .add(routes!(restore::restore))
        .add(routes!(tokens::introspect))
        .add(routes!(tokens::revoke))
        .add(routes!(jwks::jwks));
    service_accounts::add(routes)
}
