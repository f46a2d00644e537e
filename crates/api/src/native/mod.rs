//! The native API below `/api/v1`.

mod admin;
mod current;
mod error_reference;
mod events;
mod export;
mod jwks;
mod parameters;
mod path_ids;
mod problem;
mod recovery;
mod register;
mod restore;
mod revocations;
mod security;
mod session_list;
mod sessions;
mod setup;
mod texts;
mod tokens;
mod user;
mod verification;

use http::Method;
use operations::limits::Limit;
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
        (name = "addresses", description = "Show that an address is one's own"),
        (name = "recovery", description = "Back into an account without its password"),
        (name = "sessions", description = "Where one is signed in"),
        (name = "administration", description = "The accounts of others, by permission"),
        (name = "services", description = "Clients that are no people; for administrators"),
        (name = "webhooks", description = "Where events are sent; for administrators"),
        (name = "tokens", description = "What services ask about tokens, by HTTP Basic"),
        (name = "events", description = "What happens to accounts, for services, by HTTP Basic"),
        (name = "keys", description = "What resource servers verify tokens with"),
    ),
)]
struct Document;

const OWN_ACCOUNT: [(Method, Limit); 3] =
    [(Method::GET, Limit::Read), (Method::PATCH, Limit::Update), (Method::DELETE, Limit::Delete)];

pub(crate) fn routes() -> Routes<Native> {
    let routes = Routes::new(Document::openapi())
        .limited(&[(Method::POST, Limit::Register)], routes!(register::register))
        .limited(&[(Method::POST, Limit::Setup)], routes!(setup::setup))
        .limited(&[(Method::POST, Limit::Login)], routes!(sessions::login))
        .limited(&[(Method::POST, Limit::Refresh)], routes!(sessions::refresh))
        .add(routes!(sessions::logout))
        .add(routes!(sessions::logout_all))
        .limited(&OWN_ACCOUNT, routes!(current::read, current::update, current::delete))
        .limited(&[(Method::GET, Limit::Read)], routes!(export::export))
        .add(routes!(session_list::list_sessions, session_list::end_other_sessions))
        .add(routes!(session_list::end_session))
        .limited(&[(Method::POST, Limit::Restore)], routes!(restore::restore))
        .limited(&[(Method::POST, Limit::Restore)], routes!(verification::verify_email))
        .limited(&[(Method::POST, Limit::Restore)], routes!(verification::verify_phone))
        .limited(&[(Method::POST, Limit::SendCode)], routes!(verification::send_email))
        .limited(&[(Method::POST, Limit::SendCode)], routes!(verification::send_phone))
        .limited(&[(Method::POST, Limit::Recover)], routes!(recovery::request))
        .limited(&[(Method::POST, Limit::Restore)], routes!(recovery::verify))
        .limited(&[(Method::POST, Limit::Restore)], routes!(recovery::set_password))
        .limited(&[(Method::POST, Limit::Restore)], routes!(recovery::take_back))
        .add(routes!(tokens::introspect))
        .add(routes!(tokens::revoke))
        .add(routes!(revocations::read))
        .add(routes!(events::read))
        .add(routes!(jwks::jwks));
    admin::add(routes)
}
