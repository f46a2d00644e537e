//! `POST /api/v1/tokens/{introspect, revoke}`: RFC 7662 and RFC 7009, for services.

use axum::Json;
use axum::extract::State;
use domain::{Permission, RoleName};
use http::StatusCode;
use operations::sessions::{self, Introspection, TokenKind};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::problem::{Native, PROBLEM, Problem};
use crate::kit::{ByService, Failure, Front, Needs, TokenForm};

const FORM: &str = "application/x-www-form-urlencoded";

pub(super) enum ToIntrospect {}
pub(super) enum ToRevoke {}

impl Needs for ToIntrospect {
    const PERMISSION: Permission = Permission::TokensIntrospect;
}

impl Needs for ToRevoke {
    const PERMISSION: Permission = Permission::TokensRevoke;
}

#[derive(ToSchema)]
#[schema(title = "Token")]
#[expect(dead_code, reason = "the shape for the document; the kit reads the form")]
pub(super) struct TokenShape {
    /// An access or a refresh token.
    token: String,
    /// Not needed: what a token is can be seen.
    #[schema(nullable = false)]
    token_type_hint: Option<String>,
}

/// Of a token that is not good now there is nothing but `active`.
#[derive(Serialize, ToSchema)]
#[schema(title = "Introspection")]
#[serde(untagged)]
pub(super) enum IntrospectionView {
    Active(Box<ActiveView>),
    Inactive(InactiveView),
}

#[derive(Serialize, ToSchema)]
#[schema(title = "Inactive")]
pub(super) struct InactiveView {
    #[schema(example = false)]
    active: bool,
}

#[derive(Serialize, ToSchema)]
#[schema(title = "Active")]
pub(super) struct ActiveView {
    #[schema(example = true)]
    active: bool,
    /// `Bearer`, or `refresh_token`, which no resource server should take.
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// The account.
    sub: Uuid,
    /// The session.
    sid: Uuid,
    /// The surface on which the session was opened.
    #[schema(example = "native")]
    client_id: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    /// The permissions of the account, with blanks between them.
    scope: String,
    roles: Vec<String>,
    iss: String,
    aud: String,
    iat: i64,
    nbf: i64,
    exp: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    jti: Option<String>,
}

/// Ask about a token
///
/// RFC 7662. Needs `tokens:introspect`.
#[utoipa::path(
    post, path = "/api/v1/tokens/introspect", tag = "tokens",
    operation_id = "introspect_token",
    request_body(content = TokenShape, content_type = FORM),
    security(("basic" = [])),
    responses(
        (status = 200, description = "What it is; of a token that is not good now only that", body = IntrospectionView),
        (status = 400, description = "Not a form with one token", body = Problem, content_type = PROBLEM),
        (status = 401, description = "No service has these credentials", body = Problem, content_type = PROBLEM),
        (status = 403, description = "The service lacks the permission", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Wrong credentials too often; see Retry-After", body = Problem, content_type = PROBLEM),
        (status = 503, description = "The database does not answer: nothing is known", body = Problem, content_type = PROBLEM),
    ),
)]
pub(super) async fn introspect(
    State(front): State<Front>,
    service: ByService<Native, ToIntrospect>,
    form: TokenForm<Native>,
) -> Result<Json<IntrospectionView>, Failure<Native>> {
    let found = sessions::introspect(&front.services, &service.ctx, &form.token).await?;
    Ok(Json(match found {
        Some(found) => IntrospectionView::Active(Box::new(ActiveView::from(&found))),
        None => IntrospectionView::Inactive(InactiveView { active: false }),
    }))
}

/// End the session of a token
///
/// RFC 7009. Every token of the session is dead at once. Needs `tokens:revoke`.
#[utoipa::path(
    post, path = "/api/v1/tokens/revoke", tag = "tokens",
    operation_id = "revoke_token",
    request_body(content = TokenShape, content_type = FORM),
    security(("basic" = [])),
    responses(
        (status = 200, description = "It is no good any more, or never was"),
        (status = 400, description = "Not a form with one token", body = Problem, content_type = PROBLEM),
        (status = 401, description = "No service has these credentials", body = Problem, content_type = PROBLEM),
        (status = 403, description = "The service lacks the permission", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Wrong credentials too often; see Retry-After", body = Problem, content_type = PROBLEM),
        (status = 503, description = "The database does not answer: nothing was revoked", body = Problem, content_type = PROBLEM),
    ),
)]
pub(super) async fn revoke(
    State(front): State<Front>,
    service: ByService<Native, ToRevoke>,
    form: TokenForm<Native>,
) -> Result<StatusCode, Failure<Native>> {
    sessions::revoke_token(&front.services, &service.ctx, &form.token).await?;
    Ok(StatusCode::OK)
}

impl From<&Introspection> for ActiveView {
    fn from(found: &Introspection) -> Self {
        let Introspection { user, session, .. } = found;
        let permissions: Vec<&str> = user.permissions.iter().map(|may| may.as_str()).collect();
        Self {
            active: true,
            token_type: match found.kind {
                TokenKind::Access => "Bearer",
                TokenKind::Refresh => "refresh_token",
            },
            sub: user.id.0,
            sid: session.id.0,
            client_id: session.surface.as_str(),
            username: user.username.clone(),
            scope: permissions.join(" "),
            roles: user.roles.iter().map(RoleName::to_string).collect(),
            iss: found.issuer.clone(),
            aud: found.audience.clone(),
            iat: found.issued_at.as_seconds(),
            nbf: found.issued_at.as_seconds(),
            exp: found.expires_at.as_seconds(),
            jti: found.id.clone(),
        }
    }
}
