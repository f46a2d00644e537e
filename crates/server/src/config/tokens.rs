//! `[tokens]`: what access and refresh tokens are like (docs/REQUIREMENTS.md).

use std::time::Duration;

use domain::token::SigningAlgorithm;
use secrecy::SecretSlice;

use super::Http;
use super::reader::Reader;
use super::urls::{is_local, web_url};
use super::written::as_toml;

const DAY: Duration = Duration::from_hours(24);
/// JWT-14.
const LONGEST_ACCESS: Duration = Duration::from_mins(15);
/// Twice as long as the published keys may be cached, and our instances know it by then too.
const LEAST_AHEAD: Duration = Duration::from_mins(10);

#[derive(Debug)]
pub struct Tokens {
    pub algorithm: SigningAlgorithm,
    /// `iss`, compared to the letter; the public URL unless set.
    pub issuer: String,
    pub audience: String,
    pub access_lifetime: Duration,
    /// A refresh token that nobody uses dies after this.
    pub refresh_idle: Duration,
    /// A session ends after this, however busy.
    pub refresh_absolute: Duration,
    /// How long a key signs before the next takes over.
    pub key_lifetime: Duration,
    /// How long the next key is published before it signs.
    pub key_published_ahead: Duration,
    /// Decoded, 32 bytes or more; there exactly when `algorithm` is HS256.
    pub hs256_secret: Option<SecretSlice<u8>>,
}

impl Tokens {
    pub(super) fn read(reader: &mut Reader, http: &Http) -> Self {
        let algorithms = SigningAlgorithm::ALL.map(|algorithm| (algorithm.as_str(), algorithm));
        let tokens = Self {
            algorithm: reader.choice("tokens.algorithm", &algorithms),
            issuer: issuer(reader, http),
            audience: reader.text("tokens.audience"),
            access_lifetime: reader
                .duration("tokens.access_lifetime", Duration::from_secs(1)..=LONGEST_ACCESS),
            refresh_idle: reader
                .duration("tokens.refresh_idle", Duration::from_secs(1)..=365 * DAY),
            refresh_absolute: reader
                .duration("tokens.refresh_absolute", Duration::from_secs(1)..=365 * DAY),
            key_lifetime: reader.duration("tokens.key_lifetime", DAY..=3650 * DAY),
            key_published_ahead: reader
                .duration("tokens.key_published_ahead", LEAST_AHEAD..=30 * DAY),
            hs256_secret: reader.secret_bytes("tokens.hs256_secret"),
        };
        tokens.validate(reader);
        tokens
    }

    fn validate(&self, reader: &mut Reader) {
        if self.refresh_idle > self.refresh_absolute {
            reader.refuse("tokens.refresh_idle", "must not be longer than tokens.refresh_absolute");
        }
        if self.key_published_ahead >= self.key_lifetime {
            reader.refuse("tokens.key_published_ahead", "must be shorter than tokens.key_lifetime");
        }
        if reader.has_problem("tokens.algorithm") {
            return;
        }
        match (self.algorithm, &self.hs256_secret) {
            (SigningAlgorithm::Hs256, None) => reader.refuse(
                "tokens.hs256_secret",
                "must be set with tokens.algorithm = \"HS256\"; make one with: openssl rand \
                 -base64 32",
            ),
            (
                SigningAlgorithm::EdDsa | SigningAlgorithm::Es256 | SigningAlgorithm::Rs256,
                Some(_),
            ) => reader.refuse(
                "tokens.hs256_secret",
                "is set, but used only with tokens.algorithm = \"HS256\"",
            ),
            (SigningAlgorithm::Hs256, Some(_))
            | (SigningAlgorithm::EdDsa | SigningAlgorithm::Es256 | SigningAlgorithm::Rs256, None) =>
                {}
        }
    }
}

/// Kept as text: parsing and printing a URL would add a slash, and verifiers compare letters.
fn issuer(reader: &mut Reader, http: &Http) -> String {
    const KEY: &str = "tokens.issuer";
    let issuer = reader.optional_parsed(KEY, "URL", |text| {
        let url = web_url(text)?;
        Ok((text.to_owned(), url.scheme() == "http" && !is_local(&url)))
    });
    let Some((issuer, is_plain)) = issuer else {
        reader.derive(KEY, as_toml(http.public_base()), "http.public_url");
        return http.public_base().to_owned();
    };
    if is_plain && !http.allow_plain_public_url {
        reader.refuse_in_production(
            KEY,
            "must begin with https://, or set http.allow_plain_public_url = true",
        );
    }
    issuer
}
