//! The public vocabulary of "no".
//!
//! Codes never change once released; what a surface makes of them is its own affair.

use std::fmt;
use std::time::Duration;

use crate::flow::{FlowKind, FlowStep};
use crate::identifier::IdentifierKind;
use crate::role::Permission;
use crate::rule::{Field, FieldError, Rule};

/// Why an operation said no. Every surface answers every variant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// One or more fields break a rule; nothing was written.
    Invalid(Vec<FieldError>),
    /// Other accounts hold these identifiers.
    IdentifierTaken(Taken),
    /// Unknown, deleted or passwordless account, or a wrong password: one answer for all.
    InvalidCredentials,
    /// The account exists and the proof was right, but an administrator blocked it.
    AccountBlocked,
    /// The token was good, but its account exists no more.
    AccountGone,
    /// The access or refresh token cannot be accepted.
    InvalidToken(TokenDefect),
    /// This idempotency key was used for another request.
    IdempotencyMismatch,
    /// The current password, asked for again before a sensitive change, was wrong.
    WrongCurrentPassword,
    /// The session was opened on another surface, and this one asks for no password before a
    /// sensitive change: sign in here first.
    SignInHere,
    /// The session is good, but too old for this: its owner proved long ago who he is.
    SignInAgain,
    /// The account is right and the proof, too, but its address waits to be verified.
    AccountUnverified,
    /// Wrong, used, too late, or never sent: one answer for all.
    CodeInvalid,
    /// What is asked for comes after a step that was not done, or too long ago.
    StepMissing(FlowKind, FlowStep),
    /// A link or ticket that is wrong, used, too late, or never given: one answer for all.
    LinkInvalid,
    /// There is no address that waits to be verified.
    NothingToVerify,
    /// Nothing can be sent this way: the deployment has no means to.
    ChannelMissing,
    /// The caller is known but may not do this.
    PermissionMissing(Permission),
    /// Whoever asks has means of his own for his own account, which ask for his password.
    OwnAccount,
    /// There is no such account.
    UserNotFound,
    /// The account has no such live session.
    SessionNotFound,
    /// There is no such role.
    RoleNotFound,
    /// Another role has this name.
    RoleNameTaken,
    /// Somebody holds the role: taking it from all of them is to be asked for.
    RoleHeld,
    /// The role is one of ours: it is neither deleted, nor is `admin` permitted less.
    RoleBuiltIn,
    /// The deployment would be left without an administrator.
    LastAdmin,
    /// More accounts are meant than are changed together.
    SelectionTooLarge { most: usize },
    /// So many accounts are meant now, which is not what whoever asks has seen.
    SelectionChanged { count: usize },
    /// The setup token is wrong, used or replaced, or there is or was an administrator: one answer
    /// for all.
    SetupRefused,
    /// The restoration token fits no deleted account, or was used.
    RestorationInvalid,
    /// The restoration token is right, but its time is over.
    RestorationExpired,
    /// Not the credentials of any service: unknown, deleted, or a wrong secret.
    InvalidClient,
    /// There is no such service.
    ServiceNotFound,
    /// Another service has this name.
    ServiceNameTaken,
    /// There is no such key.
    KeyNotFound,
    /// The key is the secret of the settings: it is exchanged there.
    KeyFromSettings,
    /// There is no such job.
    JobNotFound,
    /// The job does not wait: it runs, is done, or nothing is left of what it would do.
    JobNotWaiting,
    /// There is no such webhook.
    WebhookNotFound,
    /// Nothing of this name was ever told of events.
    StreamNotFound,
    /// It is told of events, or will be again.
    StreamInUse,
    /// No event is in its way.
    StreamNotStuck,
    /// The next event after the cursor is not kept any more.
    EventsForgotten,
    /// Asked for too often, or guessed too often: the same may be tried after this.
    TooManyRequests { retry_after: Duration },
    /// More work waits than can be done in time.
    Overloaded { retry_after: Duration },
}

/// Identifiers that somebody asked for and others hold: at least one, in our order of kinds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    first: (IdentifierKind, String),
    others: Vec<(IdentifierKind, String)>,
}

/// What is wrong with a token, in the order in which it is found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenDefect {
    /// The request carries none.
    Missing,
    /// No token at all: it cannot be taken apart.
    Malformed,
    /// A token, but no key of ours fits its signature: changed, or signed by somebody else.
    BadSignature,
    /// Right signature, wrong issuer, audience or kind.
    WrongType,
    Expired,
    /// Its session was ended: signed out, replayed, revoked.
    Revoked,
}

impl Refusal {
    pub fn invalid(field: Field, rule: Rule) -> Self {
        Self::Invalid(vec![FieldError { field, rule }])
    }

    /// The stable name of this refusal, as metrics, logs and problem documents carry it.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "invalid",
            Self::IdentifierTaken(taken) => match taken.kind() {
                IdentifierKind::Username => "username_taken",
                IdentifierKind::Email => "email_taken",
                IdentifierKind::Phone => "phone_taken",
            },
            Self::InvalidCredentials => "invalid_credentials",
            Self::AccountBlocked => "account_blocked",
            Self::AccountGone => "account_gone",
            Self::InvalidToken(defect) => defect.code(),
            Self::IdempotencyMismatch => "idempotency_mismatch",
            Self::WrongCurrentPassword => "wrong_current_password",
            Self::SignInHere => "sign_in_here",
            Self::SignInAgain => "sign_in_again",
            Self::AccountUnverified => "account_unverified",
            Self::CodeInvalid => "code_invalid",
            Self::StepMissing(..) => "step_missing",
            Self::LinkInvalid => "link_invalid",
            Self::NothingToVerify => "nothing_to_verify",
            Self::ChannelMissing => "channel_missing",
            Self::PermissionMissing(_) => "permission_missing",
            Self::OwnAccount => "own_account",
            Self::UserNotFound => "user_not_found",
            Self::SessionNotFound => "session_not_found",
            Self::RoleNotFound => "role_not_found",
            Self::RoleNameTaken => "role_name_taken",
            Self::RoleHeld => "role_held",
            Self::RoleBuiltIn => "role_built_in",
            Self::LastAdmin => "last_admin",
            Self::SelectionTooLarge { .. } => "selection_too_large",
            Self::SelectionChanged { .. } => "selection_changed",
            Self::SetupRefused => "setup_refused",
            Self::RestorationInvalid => "restoration_invalid",
            Self::RestorationExpired => "restoration_expired",
            Self::InvalidClient => "invalid_client",
            Self::ServiceNotFound => "service_not_found",
            Self::ServiceNameTaken => "service_name_taken",
            Self::KeyNotFound => "key_not_found",
            Self::KeyFromSettings => "key_from_settings",
            Self::JobNotFound => "job_not_found",
            Self::JobNotWaiting => "job_not_waiting",
            Self::WebhookNotFound => "webhook_not_found",
            Self::StreamNotFound => "stream_not_found",
            Self::StreamInUse => "stream_in_use",
            Self::StreamNotStuck => "stream_not_stuck",
            Self::EventsForgotten => "events_forgotten",
            Self::TooManyRequests { .. } => "too_many_requests",
            Self::Overloaded { .. } => "overloaded",
        }
    }
}

/// For operators and logs; surfaces have words of their own.
impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.code())?;
        if let Self::Invalid(errors) = self {
            for error in errors {
                write!(out, " {:?}:{}", error.field, error.rule.code())?;
            }
        }
        Ok(())
    }
}

impl Taken {
    pub fn one(kind: IdentifierKind, value: impl Into<String>) -> Self {
        Self { first: (kind, value.into()), others: Vec::new() }
    }

    /// None when the list is empty.
    pub fn from_list(mut held: Vec<(IdentifierKind, String)>) -> Option<Self> {
        if held.is_empty() {
            return None;
        }
        let first = held.remove(0);
        Some(Self { first, others: held })
    }

    /// The kind of the first.
    pub fn kind(&self) -> IdentifierKind {
        self.first.0
    }

    /// The first, as it was asked for.
    pub fn value(&self) -> &str {
        &self.first.1
    }

    pub fn kinds(&self) -> impl Iterator<Item = IdentifierKind> {
        std::iter::once(&self.first).chain(&self.others).map(|(kind, _)| *kind)
    }
}

impl TokenDefect {
    pub const ALL: [Self; 6] = [
        Self::Missing,
        Self::Malformed,
        Self::BadSignature,
        Self::WrongType,
        Self::Expired,
        Self::Revoked,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing => "token_missing",
            Self::Malformed => "token_malformed",
            Self::BadSignature => "token_bad_signature",
            Self::WrongType => "token_wrong_type",
            Self::Expired => "token_expired",
            Self::Revoked => "token_revoked",
        }
    }
}
