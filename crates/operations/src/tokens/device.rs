//! A device whose owner has signed in on it before (OWASP's device cookie): not a credential, only
//! a place in the line of its own. Nothing of it is stored.

use data_encoding::BASE64URL_NOPAD;
use domain::UserId;
use domain::token::SecretToken;
use subtle::ConstantTimeEq;

use crate::ports::Entropy;
use crate::vault::Vault;

const PURPOSE: &str = "known device";

/// nonce ‖ `.` ‖ MAC over account and nonce.
pub(crate) fn new_device(vault: &Vault, entropy: &dyn Entropy, user_id: UserId) -> SecretToken {
    let nonce = BASE64URL_NOPAD.encode(&entropy.bytes::<16>());
    let mac = BASE64URL_NOPAD.encode(&mac(vault, user_id, &nonce));
    SecretToken::new(format!("{nonce}.{mac}"))
}

/// The nonce, if the token is one of ours for this account.
pub(crate) fn known_device(vault: &Vault, token: &SecretToken, user_id: UserId) -> Option<String> {
    let (nonce, sent) = token.reveal().split_once('.')?;
    let sent = BASE64URL_NOPAD.decode(sent.as_bytes()).ok()?;
    let is_ours = bool::from(mac(vault, user_id, nonce).ct_eq(&sent));
    is_ours.then(|| nonce.to_owned())
}

fn mac(vault: &Vault, user_id: UserId, nonce: &str) -> Vec<u8> {
    vault.fingerprint(PURPOSE, &[Some(&user_id.to_string()), Some(nonce)])
}
