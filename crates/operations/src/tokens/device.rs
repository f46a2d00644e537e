//! A device whose owner has signed in on it before (OWASP's device cookie): not a credential, only
//! a place in the line of those who are known. Nothing of it is stored. It ends with the password
//! that was used, and with its time.

use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use domain::token::SecretToken;
use domain::{Timestamp, UserId};
use subtle::ConstantTimeEq;

use crate::ports::Entropy;
use crate::vault::Vault;

const PURPOSE: &str = "known device";
const DAY: Duration = Duration::from_hours(24);
/// What is not renewed for so long is known no more.
const LIFE: Duration = DAY.saturating_mul(180);
/// A sign-in with an older one gets a new one.
const RENEWED_AFTER: Duration = DAY.saturating_mul(90);

/// Whose device, and since when the password is what it is.
#[derive(Clone, Copy)]
pub(crate) struct DeviceOf {
    pub(crate) user_id: UserId,
    pub(crate) password_set_at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeviceStanding {
    Unknown,
    Known,
    /// Known, and old enough for a new one.
    Ageing,
}

impl DeviceOf {
    /// nonce ‖ `.` ‖ seconds ‖ `.` ‖ MAC over both, the account and the age of its password.
    pub(crate) fn new_token(
        self,
        vault: &Vault,
        entropy: &dyn Entropy,
        now: Timestamp,
    ) -> SecretToken {
        let nonce = BASE64URL_NOPAD.encode(&entropy.bytes::<16>());
        let issued_at = now.as_seconds().to_string();
        let mac = BASE64URL_NOPAD.encode(&self.mac(vault, &nonce, &issued_at));
        SecretToken::new(format!("{nonce}.{issued_at}.{mac}"))
    }

    pub(crate) fn standing(
        self,
        vault: &Vault,
        token: Option<&SecretToken>,
        now: Timestamp,
    ) -> DeviceStanding {
        let issued_at = token.and_then(|token| self.issued_at(vault, token));
        match issued_at.map(|issued_at| now.since(issued_at)) {
            Some(age) if age < RENEWED_AFTER => DeviceStanding::Known,
            Some(age) if age < LIFE => DeviceStanding::Ageing,
            Some(_) | None => DeviceStanding::Unknown,
        }
    }

    /// When the token was issued, if it is one of ours.
    fn issued_at(self, vault: &Vault, token: &SecretToken) -> Option<Timestamp> {
        let (nonce, rest) = token.reveal().split_once('.')?;
        let (issued_at, sent) = rest.split_once('.')?;
        let sent = BASE64URL_NOPAD.decode(sent.as_bytes()).ok()?;
        let is_ours = bool::from(self.mac(vault, nonce, issued_at).ct_eq(&sent));
        let seconds = issued_at.parse().ok().filter(|_| is_ours)?;
        Some(Timestamp::from_seconds(seconds))
    }

    fn mac(self, vault: &Vault, nonce: &str, issued_at: &str) -> Vec<u8> {
        let (user, password) =
            (self.user_id.to_string(), self.password_set_at.as_micros().to_string());
        vault.fingerprint(PURPOSE, &[&user, &password, nonce, issued_at].map(Some))
    }
}
