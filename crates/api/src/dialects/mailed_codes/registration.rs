//! `POST /registration/…`

use axum::Json;
use axum::extract::State;
use axum::response::AppendHeaders;
use operations::flows::{begin_registration, confirm_registration};

use super::errors::MailedCodes;
use super::texts;
use super::wire::{Code, Key, Message, Registration, RegistrationShape, Step, as_shown};
use crate::kit::fastapi::ValidationDetail;
use crate::kit::flow_key::{FlowKey, FlowKeyHeader, hand_out, take_back};
use crate::kit::{Body, Caller, Failure, Front};

/// Ask to be registered: a code is mailed
#[utoipa::path(
    post, path = "/registration/", tag = "registration", request_body = RegistrationShape,
    responses(
        (status = 200, description = "The code was mailed", body = Key),
        (status = 400, description = "The passwords differ, or a name is taken", body = Message),
        (status = 422, description = "Fields break rules", body = ValidationDetail),
    ),
)]
pub(super) async fn begin(
    State(front): State<Front>,
    Caller { ctx, .. }: Caller<MailedCodes>,
    body: Body<MailedCodes, Registration>,
) -> Result<Step<Key>, Failure<MailedCodes>> {
    body.value.ensure_repeated()?;
    let Registration { request, email, .. } = body.value;
    let email = as_shown(&email);
    let key = begin_registration(&front.services, &ctx, &request).await?;
    Ok((AppendHeaders(hand_out(&key, &front.settings)), Json(Key { key: email })))
}

/// Show the code: the account is made
#[utoipa::path(
    post, path = "/registration/confirm", tag = "registration", request_body = Code,
    params(FlowKeyHeader),
    responses(
        (status = 200, description = "Registered", body = Message),
        (status = 400, description = "A wrong code, or a name that is taken", body = Message),
        (status = 422, description = "Fields are missing", body = ValidationDetail),
    ),
)]
pub(super) async fn confirm(
    State(front): State<Front>,
    Caller { ctx, .. }: Caller<MailedCodes>,
    flow: FlowKey<MailedCodes>,
    body: Body<MailedCodes, Code>,
) -> Result<Step<Message>, Failure<MailedCodes>> {
    confirm_registration(&front.services, &ctx, flow.key(), &body.value.code).await?;
    Ok((AppendHeaders(take_back(&front.settings)), Message::of(texts::RIGHT_CODE)))
}
