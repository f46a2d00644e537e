//! `new_dialect` (`docs/dialects/new_dialect.md`).

mod current;
mod errors;
mod policy;
mod register;
mod sessions;
mod texts;
mod wire;

use domain::Surface;
use http::Method;
use operations::limits::Limit;
use utoipa::OpenApi;
use utoipa_axum::routes;

use errors::NewDialect;

use crate::dialects::kind::Kind;
use crate::kit::{BearerScheme, Routes};

#[derive(OpenApi)]
#[openapi(modifiers(&BearerScheme), info(
    title = "new_dialect",
    description = "The user service whose clients this dialect serves.",
    license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
))]
struct Document;

pub(super) const KIND: Kind = Kind {
    surface: Surface::NewDialect,
    defaults: policy::defaults,
    policy: policy::policy,
    mount: |settings, _| routes().mount(&settings.prefix, &["/"]),
};

const OWN_ACCOUNT: [(Method, Limit); 2] =
    [(Method::GET, Limit::Read), (Method::DELETE, Limit::Delete)];

fn routes() -> Routes<NewDialect> {
    Routes::new(Document::openapi())
        .limited(&[(Method::POST, Limit::Register)], routes!(register::register))
        .limited(&[(Method::POST, Limit::Login)], routes!(sessions::login))
        .add(routes!(sessions::logout))
        .limited(&OWN_ACCOUNT, routes!(current::read, current::delete))
}
