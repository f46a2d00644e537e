//! `[dialects.jwt_accounts]`

use api::dialects::{DialectMails, DialectSettings, Lifetimes};
use domain::Surface;

use super::section::{Common, DAY, Deployment, Section, keys, second_to};
use crate::config::reader::Reader;

pub(super) const SECTION: Section =
    Section { surface: Surface::JwtAccounts, keys: keys!("jwt_accounts"), settings };

fn settings(reader: &mut Reader, common: Common, deployment: &Deployment<'_>) -> DialectSettings {
    let refresh = reader.duration("dialects.jwt_accounts.refresh_lifetime", second_to(365 * DAY));
    let session = refresh.max(deployment.tokens.refresh_absolute);
    DialectSettings {
        prefix: common.prefix,
        profile: common.profile,
        lifetimes: Lifetimes { access: common.access, refresh, session, rotates: true },
        codes: None,
        mails: DialectMails::default(),
    }
}
