//! `GET, POST users/`

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use operations::accounts::{self, list_visible};

use super::errors::Djoser;
use super::wire::{Account, RegisterBody, RegisterShape};
use crate::kit::{Bearer, Body, Caller, Failure, Front, MaybeBearer, user_list};

/// List the accounts that one may see
///
/// Oneself; for administrators, everybody. Without pages.
#[utoipa::path(
    get, path = "/users/", tag = "users",
    responses(
        (status = 200, description = "The accounts", body = Vec<Account>),
        (status = 401, description = "No good token"),
    ),
    security(("bearer" = [])),
)]
pub(super) async fn list(
    State(front): State<Front>,
    bearer: Bearer<Djoser>,
) -> Result<Response, Failure<Djoser>> {
    let (services, reader) = (Arc::clone(&front.services), Arc::new(bearer.user));
    let policy = Arc::clone(&bearer.ctx.policy);
    let first = list_visible(&services, &reader, 0).await?;
    Ok(user_list(
        first,
        move |user| Account::of(user, &policy),
        move |after| {
            let (services, reader) = (Arc::clone(&services), Arc::clone(&reader));
            async move { list_visible(&services, &reader, after).await }
        },
    ))
}

/// Register
#[utoipa::path(
    post, path = "/users/", tag = "users", request_body = RegisterShape,
    responses(
        (status = 201, description = "Registered", body = Account),
        (status = 400, description = "What is wrong with each field"),
        (status = 401, description = "The token in the header, if one is sent, is no good"),
    ),
)]
pub(super) async fn register(
    State(front): State<Front>,
    caller: Visitor,
    body: Body<Djoser, RegisterBody>,
) -> Result<(StatusCode, Json<Account>), Failure<Djoser>> {
    let user = accounts::register(&front.services, &caller.ctx, &body.value.0).await?;
    Ok((StatusCode::CREATED, Json(Account::of(&user, &caller.ctx.policy))))
}

/// Anybody; but a token that is no good is refused even where none is needed. Whose it is does not matter:
/// what is done here is done by whoever has the link.
pub(super) struct Visitor {
    pub(super) ctx: operations::Context,
}

impl axum::extract::FromRequestParts<Front> for Visitor {
    type Rejection = Failure<Djoser>;

    async fn from_request_parts(
        parts: &mut http::request::Parts,
        front: &Front,
    ) -> Result<Self, Failure<Djoser>> {
        MaybeBearer::<Djoser>::from_request_parts(parts, front).await?;
        let Ok(Caller { ctx, .. }) = Caller::<Djoser>::from_request_parts(parts, front).await;
        Ok(Self { ctx })
    }
}
