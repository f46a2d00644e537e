//! Commands as other services send them.

use aws_lc_rs::hmac;
use data_encoding::BASE64;

/// The header `vestibule-signature` of a command, as its source makes it.
pub fn command_signature(key: &[u8], value: &str) -> String {
    let signature = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), value.as_bytes());
    format!("v1,{}", BASE64.encode(signature.as_ref()))
}
