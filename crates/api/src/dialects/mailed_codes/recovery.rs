//! `POST /authorization/recover…`

use axum::Json;
use axum::extract::State;
use axum::response::AppendHeaders;
use operations::flows::{begin_recovery, confirm_recovery, recover_password};

use super::errors::MailedCodes;
use super::texts;
use super::wire::{Code, Message, NewPassword, Recovering, Recovery, Step, as_shown};
use crate::kit::fastapi::ValidationDetail;
use crate::kit::flow_key::{FlowKey, FlowKeyHeader, hand_out, take_back};
use crate::kit::{Body, Caller, Failure, Front};

/// Ask for a new password: a code is mailed
#[utoipa::path(
    post, path = "/authorization/recover", tag = "recovery", request_body = Recovery,
    responses(
        (status = 200, description = "The code was mailed", body = Recovering),
        (status = 400, description = "No such user, in the profile `compat`", body = Message),
        (status = 422, description = "Fields are missing", body = ValidationDetail),
    ),
)]
pub(super) async fn begin(
    State(front): State<Front>,
    Caller { ctx, .. }: Caller<MailedCodes>,
    body: Body<MailedCodes, Recovery>,
) -> Result<Step<Recovering>, Failure<MailedCodes>> {
    let user = body.value.user;
    let key = begin_recovery(&front.services, &ctx, &user).await?;
    Ok((AppendHeaders(hand_out(&key, &front.settings)), Json(Recovering { user: as_shown(&user) })))
}

/// Show the code
#[utoipa::path(
    post, path = "/authorization/recover/reset_code", tag = "recovery", request_body = Code,
    params(FlowKeyHeader),
    responses(
        (status = 200, description = "A new password may be set", body = Message),
        (status = 400, description = "A wrong code, or nobody asked for one", body = Message),
        (status = 422, description = "Fields are missing", body = ValidationDetail),
    ),
)]
pub(super) async fn confirm(
    State(front): State<Front>,
    Caller { ctx, .. }: Caller<MailedCodes>,
    flow: FlowKey<MailedCodes>,
    body: Body<MailedCodes, Code>,
) -> Result<Step<Message>, Failure<MailedCodes>> {
    let (shown, code) = (flow.shown.as_ref(), &body.value.code);
    let next = confirm_recovery(&front.services, &ctx, shown, code).await?;
    Ok((AppendHeaders(hand_out(&next, &front.settings)), Message::of(texts::MAY_CHANGE)))
}

/// Set the new password: every session is dead
#[utoipa::path(
    post, path = "/authorization/recover/reset_code/change_password", tag = "recovery",
    request_body = NewPassword,
    params(FlowKeyHeader),
    responses(
        (status = 200, description = "The password was set", body = Message),
        (status = 400, description = "The passwords differ, or no code before", body = Message),
        (status = 422, description = "The password breaks rules", body = ValidationDetail),
    ),
)]
pub(super) async fn change_password(
    State(front): State<Front>,
    Caller { ctx, .. }: Caller<MailedCodes>,
    flow: FlowKey<MailedCodes>,
    body: Body<MailedCodes, NewPassword>,
) -> Result<Step<Message>, Failure<MailedCodes>> {
    let password = body.value.repeated()?;
    recover_password(&front.services, &ctx, flow.key(), &password).await?;
    Ok((AppendHeaders(take_back(&front.settings)), Message::of(texts::CHANGED)))
}
