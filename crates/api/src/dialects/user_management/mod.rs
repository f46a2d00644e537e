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
use utoipa::OpenApi;
use utoipa_axum::routes;

use errors::UserManagement;
pub(super) use errors::bare_or_bearer;
pub(super) use wire::to_the_second;

use crate::dialects::kind::{Kind, Sharing};
use crate::kit::Routes;

#[derive(OpenApi)]
#[openapi(info(
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

fn routes(sharing: Sharing) -> Routes<UserManagement> {
    let routes = Routes::new(Document::openapi())
        .add(routes!(register::register))
        .add(routes!(sessions::login))
        .add(routes!(sessions::logout));
    match sharing {
        Sharing::Shared => routes.add(routes!(current::replace)),
        Sharing::Alone => routes.add(routes!(current::read, current::replace, current::delete)),
    }
}
