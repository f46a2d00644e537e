//! Whether a browser sends cookies on behalf of a page that may (WEB-02).

use http::header::ORIGIN;
use http::{HeaderMap, Method};

use super::state::ApiSettings;

const FETCH_SITE: &str = "sec-fetch-site";

/// Whether a request that cookies vouch for must be refused. Both headers missing is no browser,
/// or one so old that only same-site cookies protect it; that is allowed by contract.
pub(super) fn is_foreign(method: &Method, headers: &HeaderMap, settings: &ApiSettings) -> bool {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return false;
    }
    if let Some(origin) = headers.get(ORIGIN) {
        return !is_allowed(origin.to_str().unwrap_or(""), settings);
    }
    let site = headers.get(FETCH_SITE).and_then(|value| value.to_str().ok());
    site.is_some_and(|site| !matches!(site, "same-origin" | "none"))
}

fn is_allowed(origin: &str, settings: &ApiSettings) -> bool {
    origin == settings.public_url.origin().ascii_serialization()
        || settings.cors_origins.iter().any(|allowed| allowed == origin)
}
