//! `[dialects]`: which other services' APIs are spoken, and how.

mod djoser;
mod jwt_accounts;
mod mailed_codes;
mod secrets;
mod section;
mod user_management;

use std::time::Duration;

use api::dialects::{DialectProfile, DialectSettings, Dialects};
use domain::Surface;

use super::reader::Reader;
use super::written::{as_toml, quoted};
use super::{Http, Tokens};
pub use secrets::DialectSecret;
use section::{Deployment, Section};

const ENABLED: &str = "dialects.enabled";

/// Of every dialect there is, in the order of the file.
const SECTIONS: &[Section] =
    &[user_management::SECTION, jwt_accounts::SECTION, djoser::SECTION, mailed_codes::SECTION];

/// Those that answer, and the secrets of those that have one of their own.
pub(super) fn read(
    reader: &mut Reader,
    http: &Http,
    tokens: &Tokens,
) -> (Dialects, Vec<DialectSecret>) {
    let enabled = enabled(reader);
    let deployment = Deployment { http, tokens };
    let mut dialects = Vec::new();
    let mut secrets = Vec::new();
    for section in SECTIONS {
        let settings = section.read(reader, &deployment);
        secrets.extend(secrets::read(reader, section.surface, section.keys.secrets, tokens));
        if enabled.contains(&section.surface) {
            warn_of_compat(reader, section, &settings);
            mailed_codes::warn_of_short_codes(reader, &settings);
            dialects.push((section.surface, settings));
        }
    }
    let dialects: Dialects = dialects.into_iter().collect();
    if let Err(clash) = api::check_mounts(&dialects) {
        reader.refuse(ENABLED, clash.to_string());
    }
    secrets::refuse_shared(reader, &secrets, tokens);
    secrets.retain(|secret| dialects.get(secret.surface).is_some());
    (dialects, secrets)
}

/// What ended an old token that was never seen here is known from the events alone.
pub(super) fn check_memory(
    reader: &mut Reader,
    dialects: &Dialects,
    secrets: &[DialectSecret],
    kept: Option<Duration>,
) {
    for secret in secrets {
        let settings = dialects.get(secret.surface);
        let longest = settings.map(|settings| settings.lifetimes.longest_token());
        secrets::refuse_forgotten(reader, secret, longest.unwrap_or_default(), kept);
    }
}

/// Named deviations of PWD-07, REG-16 and LIF-01: whoever runs them should know.
fn warn_of_compat(reader: &mut Reader, section: &Section, settings: &DialectSettings) {
    if settings.profile == DialectProfile::Compat && reader.is_production() {
        let what = "keeps the weaker rules of the original; \"hardened\" does not";
        reader.warn(section.keys.profile, what);
    }
}

/// Unset, development answers all and production none: what is open there was asked for.
fn enabled(reader: &mut Reader) -> Vec<Surface> {
    let known = Dialects::known();
    let names = Dialects::all_by_default().names().join(", ");
    let parse = |text: &str| {
        let surface = Surface::parse(text);
        let meant = surface.filter(|one| *one == Surface::Native || known.contains(one));
        meant.ok_or_else(|| format!("{} is no dialect: there are {names}", quoted(text)))
    };
    reader.optional_list(ENABLED, "names of dialects", parse).unwrap_or_else(|| {
        let all = if reader.is_production() { Vec::new() } else { known.clone() };
        let shown: Vec<String> = all.iter().map(|surface| surface.as_str().to_owned()).collect();
        reader.derive(ENABLED, as_toml(shown), "profile");
        all
    })
}
