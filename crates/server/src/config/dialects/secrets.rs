//! `dialects.*.secret`: what the tokens of one dialect are signed and verified with
//! (docs/decisions/0044).

use std::time::Duration;

use data_encoding::BASE64;
use domain::Surface;
use secrecy::{ExposeSecret, SecretString};

use crate::config::Tokens;
use crate::config::reader::Reader;
use crate::config::secrets::{MAKE_ONE, weakness};
use crate::config::written::as_toml;

/// As long as its column.
const LONGEST_ISSUER: usize = 255;

/// The HS256 secret of a dialect, to the letter as other services have it.
#[derive(Debug)]
pub struct DialectSecret {
    pub surface: Surface,
    /// The `iss` of its tokens.
    pub issuer: String,
    pub secret: SecretString,
    /// Verified as long as anything that it signed can be alive.
    pub previous: Option<SecretString>,
    /// Whether tokens that the old service made of it are taken.
    pub accepts_legacy: bool,
    keys: Keys,
}

/// How the settings of the secret of one dialect are called.
#[derive(Clone, Copy, Debug)]
pub(super) struct Keys {
    pub(super) secret: &'static str,
    pub(super) previous_secret: &'static str,
    pub(super) allow_weak_secret: &'static str,
    pub(super) issuer: &'static str,
    pub(super) accept_legacy_tokens: &'static str,
}

/// `None` where the deployment's key signs.
pub(super) fn read(
    reader: &mut Reader,
    surface: Surface,
    keys: Keys,
    tokens: &Tokens,
) -> Option<DialectSecret> {
    let secret = reader.secret(keys.secret);
    let previous = reader.secret(keys.previous_secret);
    let allows_weak = reader.boolean(keys.allow_weak_secret);
    let issuer = reader.optional_parsed(keys.issuer, "text", parse_issuer);
    let accepts_legacy = reader.boolean(keys.accept_legacy_tokens);
    let Some(secret) = secret else {
        let given = [
            (keys.previous_secret, previous.is_some()),
            (keys.issuer, issuer.is_some()),
            (keys.accept_legacy_tokens, accepts_legacy),
        ];
        for (key, _) in given.into_iter().filter(|(_, is_given)| *is_given) {
            reader.refuse(key, format!("is set, but used only with {}", keys.secret));
        }
        return None;
    };
    for (key, secret) in [(keys.secret, Some(&secret)), (keys.previous_secret, previous.as_ref())] {
        let Some(weakness) = secret.and_then(|secret| weakness(secret.expose_secret())) else {
            continue;
        };
        if allows_weak {
            reader.warn(
                key,
                &format!("{weakness}: who finds it out signs in as others; exchange it"),
            );
        } else {
            let allow = keys.allow_weak_secret;
            reader.refuse(
                key,
                format!("{weakness}; {MAKE_ONE}, or set {allow} = true while others know no other"),
            );
        }
    }
    if accepts_legacy {
        reader.warn(
            keys.accept_legacy_tokens,
            "whoever knows the secret can be every mere user here: switch it off when the old tokens \
             have run out",
        );
    }
    let issuer = issuer.unwrap_or_else(|| {
        let issuer = format!("{}/{}", tokens.issuer.trim_end_matches('/'), surface.as_str());
        reader.derive(keys.issuer, as_toml(issuer.as_str()), "tokens.issuer");
        issuer
    });
    Some(DialectSecret { surface, issuer, secret, previous, accepts_legacy, keys })
}

/// A secret or an issuer of two would make a token of one good on the other (JWT-06).
pub(super) fn refuse_shared(reader: &mut Reader, secrets: &[DialectSecret], tokens: &Tokens) {
    let mut known: Vec<(&str, &[u8])> = Vec::new();
    // Written alike they are others, for this one is decoded; but one text is one secret.
    let written = tokens.hs256_secret.as_ref().map(|secret| BASE64.encode(secret.expose_secret()));
    for deployments in [
        tokens.hs256_secret.as_ref().map(ExposeSecret::expose_secret),
        written.as_ref().map(String::as_bytes),
    ] {
        known.extend(deployments.map(|secret| ("tokens.hs256_secret", secret)));
    }
    let mut issuers = vec![("tokens.issuer", tokens.issuer.as_str())];
    for of in secrets {
        let all =
            [(of.keys.secret, Some(&of.secret)), (of.keys.previous_secret, of.previous.as_ref())];
        for (key, secret) in all {
            let Some(secret) = secret.map(|secret| secret.expose_secret().as_bytes()) else {
                continue;
            };
            if let Some((other, _)) = known.iter().find(|(_, known)| *known == secret) {
                reader.refuse(key, format!("is the same as {other}: each has its own"));
            }
            known.push((key, secret));
        }
        let issuer = of.issuer.as_str();
        if let Some((other, _)) = issuers.iter().find(|(_, known)| *known == issuer) {
            reader.refuse(of.keys.issuer, format!("is the same as {other}: each key has its own"));
        }
        issuers.push((of.keys.issuer, issuer));
    }
}

/// `longest` is the life of any token that the dialect takes.
pub(super) fn refuse_forgotten(
    reader: &mut Reader,
    secret: &DialectSecret,
    longest: Duration,
    kept: Option<Duration>,
) {
    if secret.accepts_legacy && kept.is_some_and(|kept| kept <= longest) {
        reader.refuse(
            secret.keys.accept_legacy_tokens,
            "is true, but events.keep is not longer than the longest life of such a token: what ended it \
             has to be known until it runs out",
        );
    }
}

fn parse_issuer(text: &str) -> Result<String, String> {
    let is_good = text.chars().count() <= LONGEST_ISSUER && !text.chars().any(char::is_control);
    if is_good {
        Ok(text.to_owned())
    } else {
        Err(format!("must be at most {LONGEST_ISSUER} characters, without control characters"))
    }
}
