//! `[dialects.djoser]`: its tokens, which mails it sends, and where the links in them lead.

use api::dialects::{DialectMails, DialectSettings, Lifetimes};
use domain::mail_pages::{TOKEN_PLACE, UID_PLACE};
use domain::{MailPages, Surface};
use url::Url;

use super::section::{Common, DAY, Deployment, Section, keys, second_to};
use crate::config::Http;
use crate::config::reader::Reader;
use crate::config::urls::web_url;
use crate::config::written::{as_toml, quoted};

pub(super) const SECTION: Section =
    Section { surface: Surface::Djoser, keys: keys!("djoser"), settings };

const SITE: &str = "dialects.djoser.site_url";

fn settings(reader: &mut Reader, common: Common, deployment: &Deployment<'_>) -> DialectSettings {
    let refresh = reader.duration("dialects.djoser.refresh_lifetime", second_to(365 * DAY));
    let rotates = reader.boolean("dialects.djoser.rotate_refresh_tokens");
    let longest = deployment.tokens.refresh_absolute;
    let session = if rotates { refresh.max(longest) } else { refresh };
    DialectSettings {
        prefix: common.prefix,
        profile: common.profile,
        lifetimes: Lifetimes { access: common.access, refresh, session, rotates },
        codes: None,
        mails: mails(reader, deployment.http),
    }
}

fn mails(reader: &mut Reader, http: &Http) -> DialectMails {
    DialectMails {
        pages: MailPages {
            site: site(reader, http),
            verify_email: Some(page(reader, "dialects.djoser.activation_url")),
            recover: Some(page(reader, "dialects.djoser.password_reset_confirm_url")),
            reset_username: Some(page(reader, "dialects.djoser.username_reset_confirm_url")),
        },
        activates: reader.boolean("dialects.djoser.send_activation_email"),
        welcomes: reader.boolean("dialects.djoser.send_confirmation_email"),
        tells_of_new_username: reader
            .boolean("dialects.djoser.username_changed_email_confirmation"),
    }
}

fn site(reader: &mut Reader, http: &Http) -> Option<String> {
    let site = reader.optional_parsed(SITE, "URL", web_url);
    let Some(site) = site else {
        reader.derive(SITE, as_toml(http.public_base()), "http.public_url");
        return None;
    };
    if site.scheme() == "http" && !http.allow_plain_public_url {
        reader.refuse_in_production(SITE, "must begin with https://: the links are credentials");
    }
    Some(site.as_str().trim_end_matches('/').to_owned())
}

fn page(reader: &mut Reader, key: &'static str) -> String {
    reader.parsed(key, "end of a URL with {uid} and {token} in it", parse_page)
}

fn parse_page(text: &str) -> Result<String, String> {
    let has_once = |place: &str| text.matches(place).count() == 1;
    let filled = text.replace(UID_PLACE, "uid").replace(TOKEN_PLACE, "token");
    let is_end = Url::parse(&format!("https://site.example/{filled}")).is_ok();
    let is_whole = filled.contains("://");
    let is_plain = !filled.contains(|letter: char| {
        letter.is_whitespace() || letter.is_control() || "{}<>\"\\".contains(letter)
    });
    if !has_once(UID_PLACE) || !has_once(TOKEN_PLACE) || !is_end || is_whole || !is_plain {
        return Err(format!(
            "{} is not the end of a URL with {UID_PLACE} and {TOKEN_PLACE} in it once each, such as \
             \"#/activate/{UID_PLACE}/{TOKEN_PLACE}\"",
            quoted(text),
        ));
    }
    Ok(text.to_owned())
}
