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
    let site = headers.get(FETCH_SITE).map(|value| value.to_str().unwrap_or(""));
    let is_other_site = site.is_some_and(|site| !matches!(site, "same-origin" | "none"));
    match headers.get(ORIGIN).map(|value| value.to_str().unwrap_or("")) {
        // Another site by nature, and welcome.
        Some(origin) if settings.cors_origins.iter().any(|allowed| allowed == origin) => false,
        Some(origin) if origin != settings.public_url.origin().ascii_serialization() => true,
        Some(_) | None => is_other_site,
    }
}

/// Whether a page of another site sent a form of ours off. Our pages tell nobody where they are, so
/// that their forms come from the origin `null`.
pub(crate) fn is_foreign_form(headers: &HeaderMap, settings: &ApiSettings) -> bool {
    let is_other = |name: &str, ours: &[&str]| {
        headers
            .get(name)
            .is_some_and(|value| !value.to_str().is_ok_and(|text| ours.contains(&text)))
    };
    let own = settings.public_url.origin().ascii_serialization();
    is_other(FETCH_SITE, &["same-origin", "none"]) || is_other(ORIGIN.as_str(), &[&own, "null"])
}
