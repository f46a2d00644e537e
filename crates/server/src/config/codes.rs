//! `[codes]`: how long one-time codes are.

use domain::confirmation::{CodeLengths, DIGITS, Purpose, SHORT};

use super::reader::Reader;
use super::written::quoted;

#[derive(Clone, Debug)]
pub struct Codes {
    pub lengths: CodeLengths,
}

impl Codes {
    pub(super) fn read(reader: &mut Reader) -> Self {
        let mut lengths = CodeLengths::default();
        for (purpose, key) in PURPOSES {
            lengths = lengths.with(purpose, reader.integer(key, DIGITS));
        }
        let short =
            allowed_short(reader, "codes.allow_short", &PURPOSES.map(|(purpose, _)| purpose));
        for (purpose, key) in PURPOSES {
            if lengths.of(purpose) >= SHORT {
                continue;
            }
            if short.contains(&purpose) {
                warn_of_short(reader, key);
            } else {
                refuse_short(reader, key, purpose, "codes.allow_short");
            }
        }
        Self { lengths }
    }
}

/// The purposes whose codes may have fewer than 6 digits, of those that codes are sent for (OTP-02).
pub(super) fn allowed_short(
    reader: &mut Reader,
    key: &'static str,
    of: &[Purpose],
) -> Vec<Purpose> {
    let named = |text: &str| {
        let known = of.iter().find(|purpose| purpose.as_str() == text);
        let all = of.iter().map(|purpose| purpose.as_str()).collect::<Vec<_>>().join(", ");
        known.copied().ok_or_else(|| format!("{} is no purpose: there are {all}", quoted(text)))
    };
    reader.list(key, "purposes", named)
}

pub(super) fn refuse_short(
    reader: &mut Reader,
    key: &'static str,
    purpose: Purpose,
    allowed_by: &str,
) {
    let name = purpose.as_str();
    reader.refuse(key, format!("fewer than 6 digits need \"{name}\" in {allowed_by}"));
}

pub(super) fn warn_of_short(reader: &mut Reader, key: &'static str) {
    reader.warn(key, "fewer than 6 digits are guessed by whoever tries many accounts");
}

const PURPOSES: [(Purpose, &str); 7] = [
    (Purpose::Registration, "codes.registration"),
    (Purpose::SignIn, "codes.sign_in"),
    (Purpose::Recovery, "codes.recovery"),
    (Purpose::EmailVerification, "codes.email_verification"),
    (Purpose::PhoneVerification, "codes.phone_verification"),
    (Purpose::Deletion, "codes.deletion"),
    (Purpose::Restoration, "codes.restoration"),
];
