//! `mailed_codes`: every step is confirmed by a code that is mailed, in Russian
//! (`docs/dialects/mailed_codes.md`).

mod authorization;
mod errors;
mod logout;
mod policy;
mod recovery;
mod registration;
mod texts;
mod wire;

use domain::Surface;
use http::Method;
use operations::limits::Limit;
use utoipa::OpenApi;
use utoipa_axum::routes;

use errors::MailedCodes;

use crate::dialects::kind::{Kind, Sharing};
use crate::kit::{BearerScheme, Routes};

#[derive(OpenApi)]
#[openapi(modifiers(&BearerScheme), info(
    title = "mailed_codes",
    description = "The user service whose clients this dialect serves: each step is confirmed by a \
                   code that is mailed, and refused until the one before is done. The steps are tied \
                   together by the cookie `session`, or the header `X-Session-Key`. Errors are \
                   `{\"message\": …}` in Russian.",
    license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
))]
struct Document;

pub(super) const KIND: Kind = Kind {
    surface: Surface::MailedCodes,
    defaults: policy::defaults,
    policy: policy::policy,
    mount: |settings, _: Sharing| routes().mount(&settings.prefix, &TERRITORY),
};

const TERRITORY: [&str; 3] = ["/registration", "/authorization", "/logout"];

fn routes() -> Routes<MailedCodes> {
    Routes::new(Document::openapi())
        .limited(&[(Method::POST, Limit::Register)], routes!(registration::begin))
        .limited(&[(Method::POST, Limit::Restore)], routes!(registration::confirm))
        .limited(&[(Method::POST, Limit::Login)], routes!(authorization::begin))
        .limited(&[(Method::POST, Limit::Restore)], routes!(authorization::verify))
        .limited(&[(Method::POST, Limit::Recover)], routes!(recovery::begin))
        .limited(&[(Method::POST, Limit::Restore)], routes!(recovery::confirm))
        .limited(&[(Method::POST, Limit::Restore)], routes!(recovery::change_password))
        .add(routes!(logout::logout))
}
