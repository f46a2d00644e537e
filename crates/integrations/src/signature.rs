//! Signatures of the Standard Webhooks specification.

use aws_lc_rs::hmac;
use data_encoding::BASE64;

pub(crate) fn key_of_bytes(bytes: &[u8]) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, bytes)
}

/// The header: one signature for each key.
pub(crate) fn signatures(keys: &[hmac::Key], id: &str, timestamp: i64, body: &[u8]) -> String {
    let signed = [format!("{id}.{timestamp}.").as_bytes(), body].concat();
    let sign = |key| {
        let tag = hmac::sign(key, &signed);
        format!("v1,{}", BASE64.encode(tag.as_ref()))
    };
    keys.iter().map(sign).collect::<Vec<_>>().join(" ")
}
