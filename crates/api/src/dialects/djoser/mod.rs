//! `djoser`: Djoser with SimpleJWT and its blacklist, e-mail or phone as username
//! (`docs/dialects/djoser.md`).

mod activation;
mod credentials;
mod errors;
mod jwt;
mod links;
mod mailbox;
mod me;
mod options;
mod policy;
mod resets;
mod root;
mod target;
mod texts;
mod user;
mod users;
mod wire;

use domain::Surface;
use http::Method;
use operations::limits::Limit;
use utoipa::OpenApi;
use utoipa_axum::routes;

use errors::{Djoser, DjoserJwt};

use crate::dialects::DialectSettings;
use crate::dialects::kind::Kind;
use crate::kit::{BearerScheme, Mount, Routes};

#[derive(OpenApi)]
#[openapi(modifiers(&BearerScheme), info(
    title = "djoser",
    description = "Djoser 2.2 with SimpleJWT 5.3 and its blacklist, whose clients this dialect \
                   serves.",
    license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
))]
struct Document;

pub(super) const KIND: Kind = Kind {
    surface: Surface::Djoser,
    defaults: policy::defaults,
    policy: policy::policy,
    mount: |settings, _| mount(settings),
};

/// Tokens are answered in words of their own, whatever stands in the header.
fn mount(settings: &DialectSettings) -> Mount {
    users().mount(&settings.prefix, &["/"]).and(jwt().mount(&settings.prefix, &[]))
}

const ONE_ACCOUNT: [(Method, Limit); 4] = [
    (Method::GET, Limit::Read),
    (Method::PUT, Limit::Update),
    (Method::PATCH, Limit::Update),
    (Method::DELETE, Limit::Delete),
];

fn users() -> Routes<Djoser> {
    Routes::new(Document::openapi())
        .add(routes!(root::root))
        .limited(&[(Method::POST, Limit::Register)], routes!(users::list, users::register))
        .limited(&ONE_ACCOUNT, routes!(me::read, me::replace, me::update, me::delete))
        .limited(&[(Method::POST, Limit::Update)], routes!(credentials::set_password))
        .limited(&[(Method::POST, Limit::Update)], routes!(credentials::set_username))
        .limited(&[(Method::POST, Limit::Restore)], routes!(activation::activation))
        .limited(&[(Method::POST, Limit::SendCode)], routes!(activation::resend_activation))
        .limited(&[(Method::POST, Limit::Recover)], routes!(resets::reset_password))
        .limited(&[(Method::POST, Limit::Restore)], routes!(resets::reset_password_confirm))
        .limited(&[(Method::POST, Limit::Recover)], routes!(resets::reset_username))
        .limited(&[(Method::POST, Limit::Restore)], routes!(resets::reset_username_confirm))
        .limited(&ONE_ACCOUNT, routes!(user::read, user::replace, user::update, user::delete))
}

fn jwt() -> Routes<DjoserJwt> {
    Routes::new(Document::openapi())
        .limited(&[(Method::POST, Limit::Login)], routes!(jwt::create))
        .limited(&[(Method::POST, Limit::Refresh)], routes!(jwt::refresh))
        .add(routes!(jwt::verify))
        .add(routes!(jwt::logout))
}
