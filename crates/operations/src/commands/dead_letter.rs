//! Why a command is set aside.

use std::borrow::Cow;

use domain::Refusal;

/// In characters: a message may call a field anything.
const LONGEST_DETAIL: usize = 300;

/// What is wrong with a message by itself; the rules of accounts refuse in words of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Defect {
    TooLarge,
    Malformed,
    UnknownSource,
    SignatureMissing,
    SignatureWrong,
    UnknownType,
    Schema,
    TooOld,
    InFuture,
    CommandNotAllowed,
    RoleNotAllowed,
    /// Another message of the source has this id.
    IdReused,
    /// It failed for our reasons, again and again.
    Fault,
}

impl Defect {
    /// The stable name, as headers and metrics carry it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::Malformed => "malformed",
            Self::UnknownSource => "unknown_source",
            Self::SignatureMissing => "signature_missing",
            Self::SignatureWrong => "signature_wrong",
            Self::UnknownType => "unknown_type",
            Self::Schema => "schema",
            Self::TooOld => "too_old",
            Self::InFuture => "in_future",
            Self::CommandNotAllowed => "command_not_allowed",
            Self::RoleNotAllowed => "role_not_allowed",
            Self::IdReused => "id_reused",
            Self::Fault => "fault",
        }
    }

    pub(super) fn because(self, detail: impl Into<String>) -> DeadLetter {
        let mut detail = detail.into();
        if let Some((end, _)) = detail.char_indices().nth(LONGEST_DETAIL) {
            detail.truncate(end);
        }
        DeadLetter { reason: Cow::Borrowed(self.code()), detail }
    }
}

/// What is written beside a message that is set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetter {
    /// The code of a [`Defect`] or of a refusal.
    pub reason: Cow<'static, str>,
    /// For people. It may quote the message, beside which it stands: no line of a log.
    pub detail: String,
}

impl DeadLetter {
    pub(super) fn refused(refusal: &Refusal) -> Self {
        Self { reason: Cow::Borrowed(refusal.code()), detail: refusal.to_string() }
    }

    /// A message that was refused comes again.
    pub(super) fn again(code: String) -> Self {
        Self { reason: Cow::Owned(code), detail: "refused before; nothing was tried".to_owned() }
    }
}
