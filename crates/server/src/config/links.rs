//! `[links]`: pages of the operator's own to which links in our messages lead.

use operations::{Links, TOKEN_PLACE};
use url::Url;

use super::Http;
use super::reader::Reader;
use super::written::quoted;

pub(super) fn read(reader: &mut Reader, http: &Http) -> Links {
    let mut page = |key| {
        let page = reader.optional_parsed(key, "URL with {token} in it", page);
        let is_plain = page.as_ref().is_some_and(|page| !page.starts_with("https://"));
        if is_plain && !http.allow_plain_public_url {
            reader.refuse_in_production(key, "must begin with https://: the link is a credential");
        }
        page
    };
    Links {
        verify_email: page("links.verify_email"),
        verify_phone: page("links.verify_phone"),
        recover: page("links.recover"),
        take_back: page("links.take_back"),
        restore: page("links.restore"),
    }
}

fn page(text: &str) -> Result<String, String> {
    let places = text.matches(TOKEN_PLACE).count();
    let url = Url::parse(&text.replace(TOKEN_PLACE, "token"));
    let is_page = url.is_ok_and(|url| url.has_host() && matches!(url.scheme(), "http" | "https"));
    if places != 1 || !is_page || text.contains(char::is_whitespace) {
        return Err(format!(
            "{} is not a URL with {TOKEN_PLACE} in it once, such as \
             \"https://app.example.org/recover?token={TOKEN_PLACE}\"",
            quoted(text),
        ));
    }
    Ok(text.to_owned())
}
