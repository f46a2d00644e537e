//! What comes back of a link in a mail: the number of the account and the token.

use domain::Refusal;
use operations::NumberedLink;
use serde_json::Value;

use super::errors::{Djoser, about};
use super::texts;
use crate::kit::drf::field_errors;
use crate::kit::{Failure, Fields};

/// Both, each of them required.
pub(super) fn required(fields: &mut Fields) -> NumberedLink {
    let uid = fields.required_text("uid");
    NumberedLink::new(&uid, &fields.required_text("token"))
}

/// The same where the original forgot to declare the fields: what is no text is no good one.
pub(super) fn undeclared(fields: &mut Fields) -> NumberedLink {
    let mut text = |field| match fields.unread(field) {
        Some(Value::String(text)) => text,
        Some(_) | None => String::new(),
    };
    let uid = text("uid");
    NumberedLink::new(&uid, &text("token"))
}

/// The same failure; where there is no such number, of the field that has it.
pub(super) fn about_number(error: operations::Error) -> Failure<Djoser> {
    or_about_number(error, Failure::from)
}

/// The same, and what is wrong with the new value is said of `field`.
pub(super) fn about_link(error: operations::Error, field: &'static str) -> Failure<Djoser> {
    or_about_number(error, |error| about(error, field))
}

fn or_about_number(
    error: operations::Error,
    otherwise: impl FnOnce(operations::Error) -> Failure<Djoser>,
) -> Failure<Djoser> {
    match error {
        operations::Error::Refused(refusal @ Refusal::UserNotFound) => {
            Failure::worded(&refusal, field_errors([("uid", texts::INVALID_UID.to_owned())]))
        }
        error @ (operations::Error::Refused(_) | operations::Error::Fault(_)) => otherwise(error),
    }
}
