//! `GET, PATCH, DELETE /api/v1/users/current`

use axum::Json;
use axum::extract::State;
use axum::response::AppendHeaders;
use domain::Password;
use domain::deletion::{Deletion, RestorationNotice};
use http::{HeaderName, HeaderValue};
use operations::accounts::{AccountChange, DeleteOwn, UpdateOwn, delete_own, update_own};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::problem::{Native, PROBLEM, Problem};
use super::user::UserView;
use crate::kit::{
    Bearer, Body, Failure, Fields, FromFields, Front, OptionalBody, Reader, TokenCookies,
};

/// What is absent stays; `null` clears.
#[derive(ToSchema)]
#[schema(title = "Update")]
#[expect(dead_code, reason = "the shape for the document; the request is read field by field")]
pub(super) struct UpdateShape {
    #[schema(min_length = 3, max_length = 50)]
    username: Option<String>,
    /// Waits in `pending_email` until it is verified.
    #[schema(format = Email)]
    email: Option<String>,
    phone: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    #[schema(example = "en")]
    locale: Option<String>,
    #[schema(value_type = Option<Object>)]
    metadata: Option<String>,
    #[schema(nullable = false, format = Password, min_length = 8, max_length = 128)]
    password: Option<String>,
    /// Needed when e-mail, phone or password change.
    #[schema(format = Password)]
    current_password: Option<String>,
}

pub(super) struct UpdateBody(UpdateOwn);

#[derive(Deserialize, ToSchema)]
#[schema(title = "Delete")]
pub(super) struct DeleteBody {
    #[schema(format = Password)]
    current_password: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(title = "Deleted")]
pub(super) struct DeletedView {
    /// How the account can be restored.
    message: &'static str,
    #[schema(format = DateTime)]
    deleted_at: String,
    /// When personal data is erased.
    #[schema(format = DateTime)]
    purge_at: String,
}

impl FromFields for UpdateBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let password = |text: String| Password::new(&text);
        let change = AccountChange {
            username: fields.text_change("username"),
            email: fields.text_change("email"),
            phone: fields.text_change("phone"),
            first_name: fields.text_change("first_name"),
            last_name: fields.text_change("last_name"),
            locale: fields.text_change("locale"),
            metadata: fields.object_change("metadata"),
        };
        Self(UpdateOwn {
            change,
            password: fields.optional_text("password").map(password),
            current_password: fields.nullable_text("current_password").map(password),
        })
    }
}

impl FromFields for DeleteBody {
    fn from_fields(fields: &mut Fields) -> Self {
        Self { current_password: fields.nullable_text("current_password") }
    }
}

impl From<&Deletion> for DeletedView {
    fn from(deletion: &Deletion) -> Self {
        let message = match deletion.notice {
            RestorationNotice::Mailed => {
                "The account is deleted. A mail says how to restore it until then."
            }
            RestorationNotice::Texted => {
                "The account is deleted. A text message says how to restore it until then."
            }
            RestorationNotice::OnlyByAdministrator => {
                "The account is deleted. Nothing can be sent to it: only an administrator can \
                 restore it until then."
            }
            RestorationNotice::None => "The account is deleted for good.",
        };
        Self {
            message,
            deleted_at: deletion.deleted_at.to_rfc3339(),
            purge_at: deletion.purge_at.to_rfc3339(),
        }
    }
}

/// Read one's own account
#[utoipa::path(
    get, path = "/api/v1/users/current", tag = "account",
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "The account", body = UserView),
        (status = 401, description = "No good token", body = Problem, content_type = PROBLEM),
        (status = 403, description = "The account is blocked", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Tried too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
pub(super) async fn read(Reader(bearer): Reader<Native>) -> Json<UserView> {
    Json(UserView::from(&*bearer.user))
}

/// Change one's own account
#[utoipa::path(
    patch, path = "/api/v1/users/current", tag = "account", request_body = UpdateShape,
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "The account as it is now", body = UserView),
        (status = 401, description = "No good token, or a wrong current password", body = Problem, content_type = PROBLEM),
        (status = 409, description = "An identifier is taken; `code` says which", body = Problem, content_type = PROBLEM),
        (status = 422, description = "Fields break rules; nothing was changed", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Tried too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
pub(super) async fn update(
    State(front): State<Front>,
    bearer: Bearer<Native>,
    body: Body<Native, UpdateBody>,
) -> Result<Json<UserView>, Failure<Native>> {
    let Bearer { user, session, ctx, .. } = &bearer;
    let UpdateBody(request) = &body.value;
    let user = update_own(&front.services, ctx, user, session.id, request).await?;
    Ok(Json(UserView::from(&user)))
}

/// Delete one's own account
#[utoipa::path(
    delete, path = "/api/v1/users/current", tag = "account", request_body = DeleteBody,
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "Deleted; every session is over", body = DeletedView),
        (status = 401, description = "No good token, or a wrong current password", body = Problem, content_type = PROBLEM),
        (status = 409, description = "The last administrator must stay", body = Problem, content_type = PROBLEM),
        (status = 422, description = "The current password is missing", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Tried too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
pub(super) async fn delete(
    State(front): State<Front>,
    bearer: Bearer<Native>,
    body: OptionalBody<Native, DeleteBody>,
) -> Result<(AppendHeaders<Vec<(HeaderName, HeaderValue)>>, Json<DeletedView>), Failure<Native>> {
    let current_password = body.value.current_password.as_deref().map(Password::new);
    let request = DeleteOwn { current_password };
    let deletion =
        delete_own(&front.services, &bearer.ctx, &bearer.user, bearer.session.id, &request).await?;
    let cookies = AppendHeaders(TokenCookies::remove(&front.settings));
    Ok((cookies, Json(DeletedView::from(&deletion))))
}
