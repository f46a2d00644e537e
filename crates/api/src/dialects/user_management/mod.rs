//! `user_management`: register, sign in and look after oneself below `/users`, in Russian
//! (`docs/dialects/user_management.md`).

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

use errors::UserManagement;
pub(super) use wire::to_the_second;

use crate::dialects::kind::{Kind, Sharing};
use crate::kit::{BearerScheme, Routes};

#[derive(OpenApi)]
#[openapi(modifiers(&BearerScheme), info(
    title = "user_management",
    description = "The user service whose clients this dialect serves. Errors are \
                   `{\"detail\": …}` in Russian.",
    license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
))]
struct Document;

pub(super) const KIND: Kind = Kind {
    surface: Surface::UserManagement,
    defaults: policy::defaults,
    policy: policy::policy,
    mount: |settings, sharing| routes(sharing).mount(&settings.prefix, &["/users"]),
};

const OWN_ACCOUNT: [(Method, Limit); 3] =
    [(Method::GET, Limit::Read), (Method::PUT, Limit::Update), (Method::DELETE, Limit::Delete)];

fn routes(sharing: Sharing) -> Routes<UserManagement> {
    let routes = Routes::new(Document::openapi())
        .limited(&[(Method::POST, Limit::Register)], routes!(register::register))
        .limited(&[(Method::POST, Limit::Login)], routes!(sessions::login))
        .add(routes!(sessions::logout));
    match sharing {
        Sharing::Shared => routes.limited(&OWN_ACCOUNT, routes!(current::replace)),
        Sharing::Alone => {
            routes.limited(&OWN_ACCOUNT, routes!(current::read, current::replace, current::delete))
        }
    }
}
