//! `POST /api/v1/auth/register`

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::Password;
use http::StatusCode;
use operations::accounts::{NewIdentifiers, Register, Registered, register_or_accept};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::problem::{Native, PROBLEM, Problem};
use super::user::UserView;
use crate::kit::{Body, Caller, Failure, Fields, FromFields, Front, IdempotencyKey};

/// At least one of `username`, `email`, `phone`.
#[derive(Deserialize, ToSchema)]
#[schema(title = "Register")]
pub(super) struct RegisterBody {
    #[schema(nullable = false, min_length = 3, max_length = 50, example = "ann")]
    username: Option<String>,
    #[schema(nullable = false, format = Email, example = "ann@example.org")]
    email: Option<String>,
    #[schema(nullable = false, example = "+15551234567")]
    phone: Option<String>,
    #[schema(format = Password, min_length = 8, max_length = 128)]
    password: String,
    #[schema(nullable = false)]
    first_name: Option<String>,
    #[schema(nullable = false)]
    last_name: Option<String>,
}

/// The same for everybody.
#[derive(Serialize, ToSchema)]
#[schema(title = "Accepted")]
pub(super) struct AcceptedView {
    message: &'static str,
}

const ACCEPTED: AcceptedView = AcceptedView {
    message: "If nobody has this address or number yet, the account is made. A mail says more.",
};

impl FromFields for RegisterBody {
    fn from_fields(fields: &mut Fields) -> Self {
        Self {
            username: fields.optional_text("username"),
            email: fields.optional_text("email"),
            phone: fields.optional_text("phone"),
            password: fields.required_text("password"),
            first_name: fields.optional_text("first_name"),
            last_name: fields.optional_text("last_name"),
        }
    }
}

/// Register an account
///
/// A client that got no answer asks again with the same `Idempotency-Key`, and is told about the
/// account that its first request made.
#[utoipa::path(
    post, path = "/api/v1/auth/register", tag = "sign-in", request_body = RegisterBody,
    params(("Idempotency-Key" = Option<String>, Header, description = "Up to 255 visible ASCII characters; kept for a day")),
    responses(
        (status = 201, description = "Registered; sign in next", body = UserView),
        (status = 202, description = "With `accounts.registration_reveals` off, for an e-mail address or a phone number: taken or not, which only a mail says", body = AcceptedView),
        (status = 409, description = "An identifier is taken; `code` says which", body = Problem, content_type = PROBLEM),
        (status = 422, description = "Fields break rules", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Tried too often; see Retry-After", body = Problem, content_type = PROBLEM),
        (status = 503, description = "Too much at once; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
pub(super) async fn register(
    State(front): State<Front>,
    Caller { ctx, .. }: Caller<Native>,
    IdempotencyKey(idempotency_key): IdempotencyKey,
    body: Body<Native, RegisterBody>,
) -> Result<Response, Failure<Native>> {
    let RegisterBody { username, email, phone, password, first_name, last_name } = body.value;
    let request = Register {
        identifiers: NewIdentifiers { username, email, phone },
        password: Password::new(&password),
        first_name,
        last_name,
        roles: Vec::new(),
        idempotency_key,
    };
    let registered = register_or_accept(&front.services, &ctx, &request).await?;
    Ok(match registered {
        Registered::Made(user) => {
            (StatusCode::CREATED, Json(UserView::from(&user))).into_response()
        }
        Registered::Accepted(_) => (StatusCode::ACCEPTED, Json(ACCEPTED)).into_response(),
    })
}
