//! Tokens that nobody but the tests would make.

use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::Value;
use testkit::App;

use super::support::any_with;

/// Known to the tests, so that they can sign anything.
const SECRET: &[u8; 32] = &[
    0x9c, 0x1f, 0x53, 0xe2, 0x07, 0xb8, 0x6d, 0xa4, 0x31, 0xfe, 0x88, 0x4a, 0xd5, 0x12, 0x7b, 0xc9,
    0x60, 0x2e, 0xf7, 0x95, 0x3c, 0xab, 0x0d, 0x74, 0xe8, 0x41, 0x9a, 0x56, 0xbf, 0x23, 0xdc, 0x18,
];

/// A token taken apart.
pub(crate) struct Parts {
    pub(crate) header: Value,
    pub(crate) claims: Value,
    pub(crate) signature: String,
}

impl Parts {
    pub(crate) fn of(token: &str) -> Self {
        let mut parts = token.split('.');
        let mut next = || parts.next().expect("three parts");
        let json = |part: &str| {
            let bytes = BASE64URL_NOPAD.decode(part.as_bytes()).expect("base64url");
            serde_json::from_slice(&bytes).expect("JSON")
        };
        Self { header: json(next()), claims: json(next()), signature: next().to_owned() }
    }

    /// Signed with the key of [`hs256`].
    pub(crate) fn signed(&self) -> String {
        sign(&self.header.to_string(), &self.claims.to_string())
    }
}

/// An application that signs with a secret we know.
pub(crate) async fn hs256() -> App {
    let secret = data_encoding::BASE64.encode(SECRET);
    any_with(&[
        ("VESTIBULE_TOKENS__ALGORITHM", "HS256"),
        ("VESTIBULE_TOKENS__HS256_SECRET", &secret),
    ])
    .await
}

/// Header and claims to the letter, under the signature of [`hs256`].
pub(crate) fn sign(header: &str, claims: &str) -> String {
    sign_with(SECRET, header, claims)
}

pub(crate) fn sign_with(secret: &[u8], header: &str, claims: &str) -> String {
    let message = format!("{}.{}", encode(header), encode(claims));
    let key = EncodingKey::from_secret(secret);
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::HS256);
    format!("{message}.{}", signature.expect("HMAC signs anything"))
}

pub(crate) fn encode(text: &str) -> String {
    BASE64URL_NOPAD.encode(text.as_bytes())
}
