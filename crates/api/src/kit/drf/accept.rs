//! Which media types a client takes.

use http::HeaderMap;
use http::header::ACCEPT;

/// JSON, and the pages for browsers that the original served beside it, to whose readers we send
/// JSON.
const RENDERED: [&str; 5] = ["*/*", "application/*", "application/json", "text/*", "text/html"];

/// Whether JSON will do. Parameters, `q` among them, count as little as in the original.
pub(super) fn is_acceptable(headers: &HeaderMap) -> bool {
    let mut values = headers.get_all(ACCEPT).iter().peekable();
    let is_silent = values.peek().is_none();
    is_silent
        || values.any(|value| {
            String::from_utf8_lossy(value.as_bytes()).split(',').any(|range| {
                let range = range.split(';').next().unwrap_or_default().trim();
                range.is_empty() || RENDERED.iter().any(|known| known.eq_ignore_ascii_case(range))
            })
        })
}
