//! `POST users/{set_password, set_username}/`

use axum::extract::State;
use domain::Password;
use http::StatusCode;
use operations::accounts::{NewCredential, set_credential};
use serde::Deserialize;
use utoipa::ToSchema;

use super::errors::{Djoser, about};
use crate::kit::{Failure, Fields, FromFields, Front, SentBy};

#[derive(Deserialize, ToSchema)]
#[schema(title = "SetPassword")]
#[expect(dead_code, reason = "the shape for the document; the request is read field by field")]
pub(super) struct SetPasswordShape {
    #[schema(format = Password)]
    new_password: String,
    #[schema(format = Password)]
    current_password: String,
}

#[derive(Deserialize, ToSchema)]
#[schema(title = "SetUsername")]
#[expect(dead_code, reason = "the shape for the document; the request is read field by field")]
pub(super) struct SetUsernameShape {
    #[schema(format = Password)]
    current_password: String,
    new_username: String,
}

pub(super) struct SetPasswordBody {
    current_password: Password,
    new: NewCredential,
}

pub(super) struct SetUsernameBody {
    current_password: Password,
    new: NewCredential,
}

impl FromFields for SetPasswordBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let new = Password::new(&fields.required_text("new_password"));
        let current_password = Password::new(&fields.required_text("current_password"));
        Self { current_password, new: NewCredential::Password(new) }
    }
}

impl FromFields for SetUsernameBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let current_password = Password::new(&fields.required_text("current_password"));
        let new = NewCredential::Name(fields.required_text("new_username"));
        Self { current_password, new }
    }
}

/// Set a new password
#[utoipa::path(
    post, path = "/users/set_password/", tag = "users", request_body = SetPasswordShape,
    responses(
        (status = 204, description = "Set; all other sessions are over"),
        (status = 400, description = "What is wrong with each field"),
        (status = 401, description = "No good token"),
    ),
    security(("bearer" = [])),
)]
pub(super) async fn set_password(
    State(front): State<Front>,
    sent: SentBy<Djoser, SetPasswordBody>,
) -> Result<StatusCode, Failure<Djoser>> {
    let SentBy { bearer, value: SetPasswordBody { current_password, new } } = sent;
    let session = bearer.session.id;
    set_credential(&front.services, &bearer.ctx, &bearer.user, session, &current_password, &new)
        .await
        .map_err(|error| about(error, "new_password"))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Set a new name to sign in with
#[utoipa::path(
    post, path = "/users/set_username/", tag = "users", request_body = SetUsernameShape,
    responses(
        (status = 204, description = "Set"),
        (status = 400, description = "What is wrong with each field"),
        (status = 401, description = "No good token"),
    ),
    security(("bearer" = [])),
)]
pub(super) async fn set_username(
    State(front): State<Front>,
    sent: SentBy<Djoser, SetUsernameBody>,
) -> Result<StatusCode, Failure<Djoser>> {
    let SentBy { bearer, value: SetUsernameBody { current_password, new } } = sent;
    let session = bearer.session.id;
    set_credential(&front.services, &bearer.ctx, &bearer.user, session, &current_password, &new)
        .await
        .map_err(|error| about(error, "new_username"))?;
    Ok(StatusCode::NO_CONTENT)
}
