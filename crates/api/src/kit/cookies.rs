//! The two token cookies and the one of the device, read and written.

use domain::Timestamp;
use domain::token::SecretToken;
use http::header::{COOKIE, HeaderValue, SET_COOKIE};
use http::{HeaderMap, HeaderName};
use operations::sessions::Tokens;

use super::state::ApiSettings;

const ACCESS: &str = "access_token";
const REFRESH: &str = "refresh_token";
/// About as long as browsers keep a cookie at all.
const DEVICE_LIFE: i64 = 180 * 24 * 60 * 60;
const DEVICE: &str = "device";
const HOST_PREFIX: &str = "__Host-";
const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");
/// Not `"cookies"`: that takes the cookies of every service on the registered domain along.
const KEPT_BY_PAGES: &str = "\"cache\", \"storage\"";

/// The tokens that a browser sent.
#[derive(Default)]
pub(crate) struct Cookies {
    pub(crate) access: Option<SecretToken>,
    pub(crate) refresh: Option<SecretToken>,
}

impl Cookies {
    pub(crate) fn read(headers: &HeaderMap, settings: &ApiSettings) -> Self {
        let find = |name| find(name, headers, settings);
        Self { access: find(ACCESS), refresh: find(REFRESH) }
    }
}

/// What shows that the owner of some account signed in from this browser before. It stays when
/// one signs out, and gives no access to anything.
pub(super) fn device(headers: &HeaderMap, settings: &ApiSettings) -> Option<SecretToken> {
    find(DEVICE, headers, settings)
}

fn find(name: &str, headers: &HeaderMap, settings: &ApiSettings) -> Option<SecretToken> {
    sent_cookie(&named(name, settings), headers)
}

/// The cookie of exactly this name, if it says something.
pub(super) fn sent_cookie(name: &str, headers: &HeaderMap) -> Option<SecretToken> {
    sent_cookies(name, headers).next()
}

/// One for the whole site and others for narrower paths may be sent together.
pub(super) fn sent_cookies(name: &str, headers: &HeaderMap) -> impl Iterator<Item = SecretToken> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(move |(key, value)| *key == name && !value.is_empty())
        .map(|(_, value)| SecretToken::new(value))
}

/// Headers that set or remove the token cookies.
pub(crate) struct TokenCookies;

impl TokenCookies {
    pub(crate) fn set(
        tokens: &Tokens,
        now: Timestamp,
        settings: &ApiSettings,
    ) -> Vec<(HeaderName, HeaderValue)> {
        let access = Some((ACCESS, &tokens.access.token, tokens.access.expires_at));
        let refresh = tokens.refresh.as_ref();
        let refresh = refresh.map(|refresh| (REFRESH, &refresh.token, refresh.expires_at));
        let cookies = access.into_iter().chain(refresh);
        cookies
            .filter_map(|(name, token, expires_at)| {
                let seconds = expires_at.as_seconds().saturating_sub(now.as_seconds());
                cookie(name, token.reveal(), seconds, settings)
            })
            .collect()
    }

    pub(crate) fn set_device(
        token: &SecretToken,
        settings: &ApiSettings,
    ) -> Option<(HeaderName, HeaderValue)> {
        cookie(DEVICE, token.reveal(), DEVICE_LIFE, settings)
    }

    /// Also asks the browser to forget what our pages kept (WEB-06).
    pub(crate) fn remove(settings: &ApiSettings) -> Vec<(HeaderName, HeaderValue)> {
        let names = [ACCESS, REFRESH].into_iter();
        let clear = (CLEAR_SITE_DATA, HeaderValue::from_static(KEPT_BY_PAGES));
        names.filter_map(|name| cookie(name, "", 0, settings)).chain([clear]).collect()
    }
}

fn cookie(
    name: &str,
    value: &str,
    max_age: i64,
    settings: &ApiSettings,
) -> Option<(HeaderName, HeaderValue)> {
    set_cookie(&named(name, settings), value, max_age, settings)
}

/// A cookie of exactly this name, for `max_age` seconds, that no script reads and no other site sends.
pub(crate) fn set_cookie(
    name: &str,
    value: &str,
    max_age: i64,
    settings: &ApiSettings,
) -> Option<(HeaderName, HeaderValue)> {
    let secure = if settings.secure_cookies { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; Max-Age={max_age}; HttpOnly; SameSite=Lax{secure}");
    let mut value = HeaderValue::from_str(&text).ok()?;
    value.set_sensitive(true);
    Some((SET_COOKIE, value))
}

fn named(name: &str, settings: &ApiSettings) -> String {
    if settings.cookie_host_prefix { format!("{HOST_PREFIX}{name}") } else { name.to_owned() }
}
