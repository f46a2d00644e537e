//! Cross-origin calls: off, or from an exact list of origins (WEB-03).

use std::time::Duration;

use http::Method;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::request_id::NAME as REQUEST_ID;
use crate::kit::flow_key::HEADER as SESSION_KEY;
use crate::kit::idempotency::NAME as IDEMPOTENCY_KEY;
use crate::kit::state::ApiSettings;

const PREFLIGHT_KEPT: Duration = Duration::from_mins(10);

/// No layer at all when nobody is allowed: answers then do not even vary by origin.
pub(super) fn cors(settings: &ApiSettings) -> Option<CorsLayer> {
    let origins: Vec<HeaderValue> = settings
        .cors_origins
        .iter()
        .filter_map(|origin| HeaderValue::from_str(origin).ok())
        .collect();
    if origins.is_empty() {
        return None;
    }
    let layer = CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_credentials(true)
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers([AUTHORIZATION, CONTENT_TYPE, IDEMPOTENCY_KEY, REQUEST_ID, SESSION_KEY])
        .expose_headers([REQUEST_ID, RETRY_AFTER, SESSION_KEY, WWW_AUTHENTICATE])
        .max_age(PREFLIGHT_KEPT);
    Some(layer)
}
