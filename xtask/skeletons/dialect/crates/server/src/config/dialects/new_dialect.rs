//! `[dialects.new_dialect]`

use api::dialects::{DialectMails, DialectSettings, Lifetimes};
use domain::Surface;

use super::section::{Common, Deployment, Section, keys};
use crate::config::reader::Reader;

pub(super) const SECTION: Section =
    Section { surface: Surface::NewDialect, keys: keys!("new_dialect"), settings };

fn settings(_: &mut Reader, common: Common, _: &Deployment<'_>) -> DialectSettings {
    DialectSettings {
        prefix: common.prefix,
        profile: common.profile,
        lifetimes: Lifetimes::without_refresh(common.access),
        codes: None,
        mails: DialectMails::default(),
    }
}
