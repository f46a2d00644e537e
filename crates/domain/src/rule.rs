//! The rules that fields keep, named for whoever breaks one.

use crate::characters::CharacterClass;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    pub field: Field,
    pub rule: Rule,
}

/// The fields of operations; a surface maps them to its own names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    Username,
    Email,
    Phone,
    Password,
    CurrentPassword,
    FirstName,
    LastName,
    Locale,
    Metadata,
    Identifier,
    RestorationToken,
    RefreshToken,
    IdempotencyKey,
    ServiceName,
    Permissions,
    RoleName,
    Description,
    /// Where events are sent.
    WebhookUrl,
    /// Which events are sent.
    EventTypes,
    /// Why somebody is blocked.
    Reason,
    /// For how long somebody is blocked.
    Until,
}

/// The rule that a field breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    Required,
    /// In the unit of the field: code points of texts, bytes of addresses.
    TooShort {
        min: usize,
    },
    TooLong {
        max: usize,
    },
    ForbiddenCharacter,
    MissingClass(CharacterClass),
    NotAnEmail,
    NotAPhone,
    LooksLikeEmail,
    LooksLikePhone,
    NotALocale,
    /// On the list of passwords that attackers try first.
    CommonPassword,
    /// Made of a word that anyone could guess about this account or service.
    ContextWord,
    /// Only digits (a rule of one surface).
    OnlyDigits,
    /// Too much like the value of this field (a rule of one surface).
    TooSimilar(Field),
    /// Metadata is an object of limited size.
    NotAnObject,
    /// No permission that a service can be given.
    UnknownPermission(String),
    /// No permission that a role can have.
    NoPermissionOfRoles(String),
    /// No address to which events may be sent, and why.
    NoWebhook(&'static str),
    /// No type of an event.
    UnknownEventType(String),
    /// A time that is over already.
    NotInFuture,
}

impl Rule {
    /// Whether it is about how hard a password is to guess.
    pub const fn is_strength(&self) -> bool {
        matches!(
            self,
            Self::TooShort { .. }
                | Self::MissingClass(_)
                | Self::CommonPassword
                | Self::ContextWord
                | Self::OnlyDigits
                | Self::TooSimilar(_)
        )
    }

    /// The stable name of this rule, as field errors carry it.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::TooShort { .. } => "too_short",
            Self::TooLong { .. } => "too_long",
            Self::ForbiddenCharacter => "forbidden_character",
            Self::MissingClass(_) => "missing_character_class",
            Self::NotAnEmail => "not_an_email",
            Self::NotAPhone => "not_a_phone",
            Self::LooksLikeEmail => "looks_like_email",
            Self::LooksLikePhone => "looks_like_phone",
            Self::NotALocale => "not_a_locale",
            Self::CommonPassword => "common_password",
            Self::ContextWord => "context_word",
            Self::OnlyDigits => "only_digits",
            Self::TooSimilar(_) => "too_similar",
            Self::NotAnObject => "not_an_object",
            Self::UnknownPermission(_) | Self::NoPermissionOfRoles(_) => "unknown_permission",
            Self::NoWebhook(_) => "url_not_allowed",
            Self::UnknownEventType(_) => "unknown_event_type",
            Self::NotInFuture => "not_in_future",
        }
    }
}
