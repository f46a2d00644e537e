//! A failed request, rendered in the words of its surface.

use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use axum::response::{IntoResponse, Response};
use domain::Refusal;
use http::header::{HeaderValue, RETRY_AFTER};
use operations::{Error, Fault};

use super::answer::Answer;
use super::dialect::Dialect;
use super::rejection::Rejection;

/// How long to stay away when the database does not answer.
const UNAVAILABLE_FOR: Duration = Duration::from_secs(2);

pub(crate) struct Failure<D> {
    cause: Cause,
    dialect: PhantomData<D>,
}

enum Cause {
    Refused(Refusal),
    Rejected(Rejection),
    Worded { code: &'static str, answer: Answer },
    Unavailable(Fault),
    Fault(Fault),
    Broken(&'static str),
}

/// Left in the response for the layer that logs it, once.
#[derive(Clone)]
pub(crate) enum FaultNote {
    Refused(&'static str),
    Fault(Arc<str>),
}

impl<D> From<Cause> for Failure<D> {
    fn from(cause: Cause) -> Self {
        Self { cause, dialect: PhantomData }
    }
}

impl<D> From<Error> for Failure<D> {
    fn from(error: Error) -> Self {
        let is_unavailable = error.is_unavailable();
        match error {
            Error::Refused(refusal) => Cause::Refused(refusal).into(),
            Error::Fault(fault) if is_unavailable => Cause::Unavailable(fault).into(),
            Error::Fault(fault) => Cause::Fault(fault).into(),
        }
    }
}

impl<D> From<Refusal> for Failure<D> {
    fn from(refusal: Refusal) -> Self {
        Cause::Refused(refusal).into()
    }
}

impl<D> From<Rejection> for Failure<D> {
    fn from(rejection: Rejection) -> Self {
        Cause::Rejected(rejection).into()
    }
}

impl<D> Failure<D> {
    /// A refusal that one path of a surface puts into other words than all the others.
    pub(crate) fn worded(refusal: &Refusal, answer: Answer) -> Self {
        Cause::Worded { code: refusal.code(), answer }.into()
    }

    /// A refusal that only this surface knows: of a form that no operation sees.
    pub(crate) fn own(code: &'static str, answer: Answer) -> Self {
        Cause::Worded { code, answer }.into()
    }

    /// A fault of ours that a surface found: what an operation always gives was not there.
    pub(crate) fn broken(what: &'static str) -> Self {
        Cause::Broken(what).into()
    }
}

impl<D: Dialect> IntoResponse for Failure<D> {
    fn into_response(self) -> Response {
        let (answer, retry_after, note) = match &self.cause {
            Cause::Refused(refusal) => {
                (D::refuse(refusal), retry_after(refusal), Some(FaultNote::Refused(refusal.code())))
            }
            Cause::Rejected(rejection) => {
                let note = rejection.broken_rule().map(FaultNote::Refused);
                (D::reject(rejection), None, note)
            }
            Cause::Worded { code, answer } => {
                (answer.clone(), None, Some(FaultNote::Refused(code)))
            }
            Cause::Unavailable(fault) => {
                (D::unavailable(), Some(UNAVAILABLE_FOR), Some(FaultNote::of(fault)))
            }
            Cause::Fault(fault) => (D::fail(), None, Some(FaultNote::of(fault))),
            Cause::Broken(what) => (D::fail(), None, Some(FaultNote::Fault(Arc::from(*what)))),
        };
        let mut response = answer.into_response();
        if let Some(wait) = retry_after {
            let seconds = wait.as_secs_f64().ceil().max(1.0);
            if let Ok(value) = HeaderValue::from_str(&format!("{seconds:.0}")) {
                response.headers_mut().insert(RETRY_AFTER, value);
            }
        }
        if let Some(note) = note {
            response.extensions_mut().insert(note);
        }
        response
    }
}

impl FaultNote {
    fn of(fault: &Fault) -> Self {
        Self::Fault(fault.chain().into())
    }
}

fn retry_after(refusal: &Refusal) -> Option<Duration> {
    match refusal {
        Refusal::TooManyRequests { retry_after } | Refusal::Overloaded { retry_after } => {
            Some(*retry_after)
        }
        Refusal::Invalid(_)
        | Refusal::IdentifierTaken(_)
        | Refusal::InvalidCredentials
        | Refusal::AccountBlocked
        | Refusal::AccountGone
        | Refusal::InvalidToken(_)
        | Refusal::IdempotencyMismatch
        | Refusal::WrongCurrentPassword
        | Refusal::SignInHere
        | Refusal::SignInAgain
        | Refusal::AccountUnverified
        | Refusal::CodeInvalid
        | Refusal::LinkInvalid
        | Refusal::StepMissing(..)
        | Refusal::NothingToVerify
        | Refusal::ChannelMissing
        | Refusal::PermissionMissing(_)
        | Refusal::UserNotFound
        | Refusal::OwnAccount
        | Refusal::SessionNotFound
        | Refusal::RoleNotFound
        | Refusal::RoleNameTaken
        | Refusal::RoleHeld
        | Refusal::RoleBuiltIn
        | Refusal::SelectionTooLarge { .. }
        | Refusal::SelectionChanged { .. }
        | Refusal::LastAdmin
        | Refusal::SetupRefused
        | Refusal::RestorationInvalid
        | Refusal::RestorationExpired
        | Refusal::InvalidClient
        | Refusal::ServiceNotFound
        | Refusal::ServiceNameTaken
        | Refusal::KeyNotFound
        | Refusal::KeyFromSettings
        | Refusal::JobNotFound
        | Refusal::JobNotWaiting
        | Refusal::WebhookNotFound
        | Refusal::StreamNotFound
        | Refusal::StreamInUse
        | Refusal::StreamNotStuck
        | Refusal::EventsForgotten => None,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::panic, reason = "a test fails by panicking")]

    use domain::Rule;
    use serde_json::Value;

    use super::*;
    use crate::kit::{FieldProblem, Shape};
    use crate::native::Native;

    #[test]
    fn a_broken_rule_counts_as_refused_whoever_found_it() {
        let by_operation = Failure::from(Refusal::invalid(domain::Field::Email, Rule::NotAnEmail));
        assert_eq!(refused(by_operation), Some("invalid"));
        for (shape, expected) in
            [(Shape::Breaks(Rule::NotAnEmail), Some("invalid")), (Shape::Missing, None)]
        {
            let problems = vec![FieldProblem::new("email", shape)];
            let by_review = Rejection::Fields { problems, sent: Value::Null };
            assert_eq!(refused(by_review.into()), expected);
        }
    }

    fn refused(failure: Failure<Native>) -> Option<&'static str> {
        match failure.into_response().extensions().get() {
            Some(FaultNote::Refused(code)) => Some(code),
            Some(FaultNote::Fault(chain)) => panic!("{chain}"),
            None => None,
        }
    }
}
