//! `[dialects.mailed_codes]`

use api::dialects::{DialectMails, DialectProfile, DialectSettings, Lifetimes};
use domain::Surface;
use domain::confirmation::{CodeLengths, DIGITS, Purpose, SHORT};

use super::section::{Common, Deployment, Section, keys};
use crate::config::codes::{allowed_short, refuse_short, warn_of_short};
use crate::config::reader::Reader;

pub(super) const SECTION: Section =
    Section { surface: Surface::MailedCodes, keys: keys!("mailed_codes"), settings };

const CODE_DIGITS: &str = "dialects.mailed_codes.code_digits";
const ALLOWED: &str = "dialects.mailed_codes.allow_short_codes";

fn settings(reader: &mut Reader, common: Common, _: &Deployment<'_>) -> DialectSettings {
    DialectSettings {
        prefix: common.prefix,
        profile: common.profile,
        lifetimes: Lifetimes::without_refresh(common.access),
        codes: Some(lengths(reader, common.profile)),
        mails: DialectMails::default(),
    }
}

/// In the profile `hardened` they are as long as native ones, whatever is set here.
fn lengths(reader: &mut Reader, profile: DialectProfile) -> CodeLengths {
    let digits = reader.integer(CODE_DIGITS, DIGITS);
    let short = allowed_short(reader, ALLOWED, &Purpose::OF_FLOWS);
    if digits < SHORT && profile == DialectProfile::Compat {
        for purpose in Purpose::OF_FLOWS.into_iter().filter(|purpose| !short.contains(purpose)) {
            refuse_short(reader, CODE_DIGITS, purpose, ALLOWED);
        }
    }
    let length = |lengths: CodeLengths, purpose| lengths.with(purpose, digits);
    Purpose::OF_FLOWS.into_iter().fold(CodeLengths::default(), length)
}

/// Named deviation of OTP-02, which holds for nobody but in the profile `compat`.
pub(super) fn warn_of_short_codes(reader: &mut Reader, settings: &DialectSettings) {
    let is_short = |lengths: &CodeLengths| Purpose::ALL.iter().any(|it| lengths.of(*it) < SHORT);
    let is_compat = settings.profile == DialectProfile::Compat;
    if is_compat && reader.is_production() && settings.codes.as_ref().is_some_and(is_short) {
        warn_of_short(reader, CODE_DIGITS);
    }
}
