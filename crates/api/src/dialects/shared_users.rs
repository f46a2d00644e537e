//! `GET` and `DELETE /users`, which `user_management` and `jwt_accounts` both answer: one answer
//! that clients of either understand.

use axum::Json;
use axum::extract::State;
use domain::policy::Reauthentication;
use domain::token::SecretToken;
use domain::{AccountPolicy, Refusal, Rule, Surface, User};
use http::{HeaderMap, Method, StatusCode};
use operations::accounts::delete_own;
use operations::limits::Limit;
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};
use utoipa_axum::routes;

use super::Dialects;
use super::jwt_accounts::{Account, JwtAccounts};
use super::user_management::to_the_second;
use crate::kit::fastapi::{DeleteOwnBody, Detail, FastApi, Texts};
use crate::kit::{
    Answer, Bearer, BearerScheme, Dialect, Failure, Front, Mount, Reader, Rejection, Routes,
    StrayBody, bare_or_bearer,
};

/// The words of `jwt_accounts`; tokens as either sends them.
enum SharedUsers {}

#[derive(OpenApi)]
#[openapi(modifiers(&BearerScheme), info(
    title = "Shared by user_management and jwt_accounts",
    license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
))]
struct Document;

/// The fields of both.
#[derive(Serialize, ToSchema)]
struct SharedAccount {
    #[serde(flatten)]
    account: Account,
    #[schema(example = "2023-11-17T13:23:45")]
    registration_date: String,
}

/// Where both answer below one prefix.
pub(super) fn mount(dialects: &Dialects) -> Option<Mount> {
    let one = dialects.get(Surface::UserManagement)?;
    let other = dialects.get(Surface::JwtAccounts)?;
    let limits = [(Method::GET, Limit::Read), (Method::DELETE, Limit::Delete)];
    let routes =
        || Routes::<SharedUsers>::new(Document::openapi()).limited(&limits, routes!(read, delete));
    (one.prefix == other.prefix).then(|| routes().mount(&one.prefix, &["/users"]))
}

/// The stricter of the two: a session of either is enough, what was deleted is kept the longer.
/// The rest, and what is recorded, is that of `jwt_accounts`.
pub(super) fn policy(policies: &[(Surface, AccountPolicy)]) -> Option<AccountPolicy> {
    let of = |surface| policies.iter().find(|(of, _)| *of == surface).map(|(_, policy)| policy);
    let (one, other) = (of(Surface::UserManagement)?, of(Surface::JwtAccounts)?);
    let asks = one.deletion_reauthentication.asks_for_password()
        || other.deletion_reauthentication.asks_for_password();
    Some(AccountPolicy {
        deletion: one.deletion.stricter(other.deletion),
        deletion_reauthentication: if asks {
            Reauthentication::CurrentPassword
        } else {
            Reauthentication::OwnSession(&[Surface::UserManagement, Surface::JwtAccounts])
        },
        takes_secrets_of: &[Surface::UserManagement, Surface::JwtAccounts],
        ..other.clone()
    })
}

/// Read one's own account
#[utoipa::path(
    get, path = "/users", tag = "users",
    responses(
        (status = 200, description = "The account", body = SharedAccount),
        (status = 401, description = "No good token, or a blocked account", body = Detail),
    ),
    security(("bearer" = [])),
)]
async fn read(Reader(bearer): Reader<SharedUsers>) -> Json<SharedAccount> {
    Json(SharedAccount::from(&*bearer.user))
}

/// Delete one's own account
#[utoipa::path(
    delete, path = "/users", tag = "users",
    responses(
        (status = 204, description = "Deleted"),
        (status = 401, description = "No good token, or a blocked account", body = Detail),
    ),
    security(("bearer" = [])),
)]
async fn delete(
    State(front): State<Front>,
    bearer: Bearer<SharedUsers>,
    body: StrayBody<SharedUsers, DeleteOwnBody>,
) -> Result<StatusCode, Failure<SharedUsers>> {
    let StrayBody { value: DeleteOwnBody(request), .. } = &body;
    delete_own(&front.services, &bearer.ctx, &bearer.user, bearer.session.id, request).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<&User> for SharedAccount {
    fn from(user: &User) -> Self {
        let registration_date = to_the_second(user.created_at);
        Self { account: Account::from(user), registration_date }
    }
}

impl Dialect for SharedUsers {
    const SURFACE: Surface = Surface::SharedUsers;
    type Manners = FastApi;

    fn refuse(refusal: &Refusal) -> Answer {
        JwtAccounts::refuse(refusal)
    }

    fn reject(rejection: &Rejection) -> Answer {
        JwtAccounts::reject(rejection)
    }

    fn fail() -> Answer {
        JwtAccounts::fail()
    }

    fn unavailable() -> Answer {
        JwtAccounts::unavailable()
    }

    fn token(headers: &HeaderMap) -> Result<Option<SecretToken>, Rejection> {
        Ok(bare_or_bearer(headers))
    }
}

impl Texts for SharedUsers {
    fn say_rule(rule: &Rule) -> &'static str {
        JwtAccounts::say_rule(rule)
    }
}
