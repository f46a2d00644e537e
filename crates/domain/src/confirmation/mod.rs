//! One-time codes and links: proof that somebody reads what is sent to an address. Pure.
//!
//! What makes short codes acceptable is `docs/decisions/0021`: few guesses a code, few
//! failures an account, codes that grow when they are guessed at, and a brake for everybody.

mod brake;
mod endurance;

pub use brake::{BRAKE_FOR, GuessCounts};
pub use endurance::{Endurance, MOST_GUESSES};

use std::time::Duration;

/// What a code or link proves; it proves nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    Registration,
    SignIn,
    Recovery,
    /// Sets a new password: the ticket that a recovery yields.
    PasswordReset,
    /// Sets a new username, where it was forgotten.
    UsernameReset,
    EmailVerification,
    PhoneVerification,
    /// Takes an address back that was replaced at once.
    AddressReturn,
    Deletion,
    Restoration,
}

/// Codes are not shorter and not longer.
pub const DIGITS: std::ops::RangeInclusive<u8> = 4..=10;
/// Fewer than so many digits are allowed only where somebody says so (OTP-02).
pub const SHORT: u8 = 6;
/// Of codes that were guessed at.
pub const LONG: u8 = 8;
/// Of links that set a password or prove an address.
pub const LINK_LIFETIME: Duration = Duration::from_mins(15);
/// Of the link by which an address is taken back.
pub const RETURN_LIFETIME: Duration = Duration::from_hours(72);

impl Purpose {
    pub const ALL: [Self; 10] = [
        Self::Registration,
        Self::SignIn,
        Self::Recovery,
        Self::PasswordReset,
        Self::UsernameReset,
        Self::EmailVerification,
        Self::PhoneVerification,
        Self::AddressReturn,
        Self::Deletion,
        Self::Restoration,
    ];

    /// Those whose codes tie the steps of a flow together.
    pub const OF_FLOWS: [Self; 3] = [Self::Registration, Self::SignIn, Self::Recovery];

    /// The stable name, as rows, settings and metrics have it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Registration => "registration",
            Self::SignIn => "sign_in",
            Self::Recovery => "recovery",
            Self::PasswordReset => "password_reset",
            Self::UsernameReset => "username_reset",
            Self::EmailVerification => "email_verification",
            Self::PhoneVerification => "phone_verification",
            Self::AddressReturn => "address_return",
            Self::Deletion => "deletion",
            Self::Restoration => "restoration",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.as_str() == text)
    }

    pub const fn link_lifetime(self) -> Duration {
        match self {
            Self::AddressReturn => RETURN_LIFETIME,
            Self::Registration
            | Self::SignIn
            | Self::Recovery
            | Self::PasswordReset
            | Self::UsernameReset
            | Self::EmailVerification
            | Self::PhoneVerification
            | Self::Deletion
            | Self::Restoration => LINK_LIFETIME,
        }
    }
}

/// How many digits the codes of each purpose have while nobody guesses at them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeLengths([u8; Purpose::ALL.len()]);

impl Default for CodeLengths {
    fn default() -> Self {
        Self([SHORT; Purpose::ALL.len()])
    }
}

impl CodeLengths {
    pub const fn of(self, purpose: Purpose) -> u8 {
        self.0[purpose as usize]
    }

    /// Outside of [`DIGITS`] it becomes the nearest that is possible.
    #[must_use]
    pub fn with(mut self, purpose: Purpose, digits: u8) -> Self {
        self.0[purpose as usize] = digits.clamp(*DIGITS.start(), *DIGITS.end());
        self
    }
}

/// How many guesses one code endures (OTP-05).
pub const fn guesses_of(digits: u8) -> i64 {
    if digits < SHORT { 3 } else { 5 }
}

/// How long a code lives (OTP-03).
pub const fn lifetime_of(digits: u8) -> Duration {
    if digits < SHORT { Duration::from_mins(5) } else { Duration::from_mins(10) }
}

/// Whether `text` could be a code at all: digits of ASCII, and nothing beside them (OTP-11).
pub fn is_code(text: &str) -> bool {
    let length = u8::try_from(text.len()).unwrap_or(u8::MAX);
    DIGITS.contains(&length) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A code of `digits`, every one of which is as likely as any other; leading zeros stay (OTP-01).
/// `None` for the few numbers that would make some codes likelier: draw again.
pub fn code_of(digits: u8, random: u64) -> Option<String> {
    let codes = 10_u64.pow(u32::from(digits.clamp(*DIGITS.start(), *DIGITS.end())));
    let fair = u64::MAX - u64::MAX % codes;
    (random < fair).then(|| format!("{:0width$}", random % codes, width = usize::from(digits)))
}
