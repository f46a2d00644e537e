//! `[dialects]`: which other services' APIs are spoken, and how.

use std::time::Duration;

use api::dialects::{DialectMails, DialectProfile, DialectSettings, Dialects, Lifetimes};
use domain::Surface;
use domain::confirmation::{CodeLengths, DIGITS, Purpose, SHORT};

use super::codes::{allowed_short, warn_of_short};
use super::dialect_secrets::{self, DialectSecret, keys};
use super::reader::Reader;
use super::written::{as_toml, quoted};
use super::{Http, Tokens, dialect_mails};

const ENABLED: &str = "dialects.enabled";
const CODE_DIGITS: &str = "dialects.mailed_codes.code_digits";
const DAY: Duration = Duration::from_hours(24);

/// Those that answer, and the secrets of those that have one of their own.
pub(super) fn read(
    reader: &mut Reader,
    http: &Http,
    tokens: &Tokens,
) -> (Dialects, Vec<DialectSecret>) {
    let enabled = enabled(reader);
    let mut secrets = Vec::new();
    let mut read_secret = |reader: &mut Reader, surface, keys| {
        secrets.extend(dialect_secrets::read(reader, surface, keys, tokens));
    };
    let user_management = {
        let access = reader.duration("dialects.user_management.access_lifetime", second_to(DAY));
        let settings = DialectSettings {
            prefix: prefix(reader, "dialects.user_management.prefix"),
            profile: profile(reader, "dialects.user_management.profile"),
            lifetimes: Lifetimes { access, refresh: access, session: access, rotates: false },
            codes: None,
            mails: DialectMails::default(),
        };
        read_secret(reader, Surface::UserManagement, keys!("user_management"));
        settings
    };
    let jwt_accounts = {
        let access = reader.duration("dialects.jwt_accounts.access_lifetime", second_to(DAY));
        let refresh =
            reader.duration("dialects.jwt_accounts.refresh_lifetime", second_to(365 * DAY));
        let session = refresh.max(tokens.refresh_absolute);
        let settings = DialectSettings {
            prefix: prefix(reader, "dialects.jwt_accounts.prefix"),
            profile: profile(reader, "dialects.jwt_accounts.profile"),
            lifetimes: Lifetimes { access, refresh, session, rotates: true },
            codes: None,
            mails: DialectMails::default(),
        };
        read_secret(reader, Surface::JwtAccounts, keys!("jwt_accounts"));
        settings
    };
    let djoser = {
        let access = reader.duration("dialects.djoser.access_lifetime", second_to(DAY));
        let refresh = reader.duration("dialects.djoser.refresh_lifetime", second_to(365 * DAY));
        let rotates = reader.boolean("dialects.djoser.rotate_refresh_tokens");
        let session = if rotates { refresh.max(tokens.refresh_absolute) } else { refresh };
        let settings = DialectSettings {
            prefix: prefix(reader, "dialects.djoser.prefix"),
            profile: profile(reader, "dialects.djoser.profile"),
            lifetimes: Lifetimes { access, refresh, session, rotates },
            codes: None,
            mails: dialect_mails::djoser(reader, http),
        };
        read_secret(reader, Surface::Djoser, keys!("djoser"));
        settings
    };
    let mailed_codes = {
        let access = reader.duration("dialects.mailed_codes.access_lifetime", second_to(DAY));
        let profile = profile(reader, "dialects.mailed_codes.profile");
        let settings = DialectSettings {
            prefix: prefix(reader, "dialects.mailed_codes.prefix"),
            profile,
            lifetimes: Lifetimes { access, refresh: access, session: access, rotates: false },
            codes: Some(mailed_lengths(reader)),
            mails: DialectMails::default(),
        };
        read_secret(reader, Surface::MailedCodes, keys!("mailed_codes"));
        settings
    };
    let all = [
        (Surface::UserManagement, "dialects.user_management.profile", user_management),
        (Surface::JwtAccounts, "dialects.jwt_accounts.profile", jwt_accounts),
        (Surface::Djoser, "dialects.djoser.profile", djoser),
        (Surface::MailedCodes, "dialects.mailed_codes.profile", mailed_codes),
    ];
    let enabled = all.into_iter().filter(|(surface, ..)| enabled.contains(surface));
    let dialects: Dialects = enabled
        .map(|(surface, profile, settings)| {
            warn_of_compat(reader, profile, &settings);
            warn_of_short_codes(reader, &settings);
            (surface, settings)
        })
        .collect();
    if let Err(clash) = api::check_mounts(&dialects) {
        reader.refuse(ENABLED, clash.to_string());
    }
    dialect_secrets::refuse_shared(reader, &secrets, tokens);
    secrets.retain(|secret| dialects.get(secret.surface).is_some());
    (dialects, secrets)
}

/// Named deviations of PWD-07, REG-16 and LIF-01: whoever runs them should know.
fn warn_of_compat(reader: &mut Reader, key: &'static str, settings: &DialectSettings) {
    if settings.profile == DialectProfile::Compat && reader.is_production() {
        reader.warn(key, "keeps the weaker rules of the original; \"hardened\" does not");
    }
}

/// Of the purposes that are allowed to be short; the others are as long as codes should be.
fn mailed_lengths(reader: &mut Reader) -> CodeLengths {
    let digits = reader.integer(CODE_DIGITS, DIGITS);
    let short = allowed_short(reader, "dialects.mailed_codes.allow_short_codes");
    let length = |purpose| if short.contains(&purpose) { digits } else { digits.max(SHORT) };
    let mailed = [Purpose::Registration, Purpose::SignIn, Purpose::Recovery];
    mailed
        .into_iter()
        .fold(CodeLengths::default(), |lengths, purpose| lengths.with(purpose, length(purpose)))
}

/// Named deviation of OTP-02, which holds for nobody but in the profile `compat`.
fn warn_of_short_codes(reader: &mut Reader, settings: &DialectSettings) {
    let is_short = |lengths: &CodeLengths| Purpose::ALL.iter().any(|it| lengths.of(*it) < SHORT);
    let is_compat = settings.profile == DialectProfile::Compat;
    if is_compat && reader.is_production() && settings.codes.as_ref().is_some_and(is_short) {
        warn_of_short(reader, CODE_DIGITS);
    }
}

/// Unset, development answers all and production none: what is open there was asked for.
fn enabled(reader: &mut Reader) -> Vec<Surface> {
    let known = Dialects::known();
    let names = known.map(Surface::as_str).join(", ");
    let parse = |text: &str| {
        let surface = Surface::parse(text);
        let meant = surface.filter(|one| *one == Surface::Native || known.contains(one));
        meant.ok_or_else(|| format!("{} is no dialect: there are {names}", quoted(text)))
    };
    reader.optional_list(ENABLED, "names of dialects", parse).unwrap_or_else(|| {
        let all = if reader.is_production() { Vec::new() } else { known.to_vec() };
        let shown: Vec<String> = all.iter().map(|surface| surface.as_str().to_owned()).collect();
        reader.derive(ENABLED, as_toml(shown), "profile");
        all
    })
}

fn prefix(reader: &mut Reader, key: &'static str) -> String {
    let form = "path, such as /legacy";
    reader.optional_parsed(key, form, parse_prefix).unwrap_or_default()
}

fn parse_prefix(text: &str) -> Result<String, String> {
    let may_stand = |c: char| c.is_ascii_alphanumeric() || "/-_.~".contains(c);
    if text == "/" {
        return Ok(String::new());
    }
    let is_path = text.starts_with('/') && !text.ends_with('/') && !text.contains("//");
    let is_plain = text.split('/').all(|part| part != "." && part != "..");
    if !is_path || !is_plain || !text.chars().all(may_stand) {
        return Err(format!(
            "{} is not a path that begins with a slash and ends without one, such as /legacy",
            quoted(text)
        ));
    }
    let is_below = |ours: &str| {
        text.strip_prefix(ours).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    match api::OWN_PATHS.into_iter().find(|ours| is_below(ours)) {
        Some(ours) => Err(format!("{} lies below {ours}, which is taken", quoted(text))),
        None => Ok(text.to_owned()),
    }
}

fn profile(reader: &mut Reader, key: &'static str) -> DialectProfile {
    let choices = [("compat", DialectProfile::Compat), ("hardened", DialectProfile::Hardened)];
    reader.choice(key, &choices)
}

fn second_to(longest: Duration) -> std::ops::RangeInclusive<Duration> {
    Duration::from_secs(1)..=longest
}
