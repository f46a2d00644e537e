//! `user_management`: register, sign in and look after oneself below `/users`, in Russian
//! (`docs/dialects/user_management.md`).

mod current;
mod errors;
mod policy;
mod register;
mod sessions;
mod texts;
mod wire;

use utoipa::OpenApi;
use utoipa_axum::routes;

pub(crate) use errors::UserManagement;
pub(super) use errors::bare_or_bearer;
pub(super) use policy::{defaults, policy};
pub(super) use wire::to_the_second;

use crate::kit::Routes;

#[derive(OpenApi)]
#[openapi(info(
    title = "user_management",
    description = "The user service whose clients this dialect serves. Errors are \
                   `{\"detail\": …}` in Russian.",
    license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
))]
struct Document;

/// `GET` and `DELETE /users` are left to whom they are shared with.
pub(crate) fn routes(is_sharing: bool) -> Routes<UserManagement> {
    let routes = Routes::new(Document::openapi())
        .add(routes!(register::register))
        .add(routes!(sessions::login))
        .add(routes!(sessions::logout));
    if is_sharing {
        routes.add(routes!(current::replace))
    } else {
        routes.add(routes!(current::read, current::replace, current::delete))
    }
}
