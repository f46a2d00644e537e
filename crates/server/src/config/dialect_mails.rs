//! What `[dialects.djoser]` says of mails: which are sent, and where the links in them lead.

use api::dialects::DialectMails;
use domain::MailPages;
use domain::mail_pages::{TOKEN_PLACE, UID_PLACE};
use url::Url;

use super::Http;
use super::reader::Reader;
use super::urls::web_url;
use super::written::{as_toml, quoted};

const SITE: &str = "dialects.djoser.site_url";

pub(super) fn djoser(reader: &mut Reader, http: &Http) -> DialectMails {
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
