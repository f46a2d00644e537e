//! Events on the wire.

use std::borrow::Cow;

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue, LINK, VARY};
use operations::events::{self, CloudEvent, FeedPage};
use serde::Serialize;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::format::Format;

/// A `CloudEvent` as its schemas describe it: docs/reference/events has one for each type.
#[derive(Serialize)]
#[serde(transparent)]
pub(in crate::native) struct EventView(pub(in crate::native) CloudEvent);

impl PartialSchema for EventView {
    fn schema() -> RefOr<Schema> {
        // What all events have in common was built of constants, of keywords that both know.
        serde_json::from_value(events::envelope()).unwrap_or_default()
    }
}

impl ToSchema for EventView {
    fn name() -> Cow<'static, str> {
        "EventView".into()
    }
}

#[derive(Serialize, ToSchema)]
#[schema(title = "Events")]
pub(super) struct EventsView {
    events: Vec<EventView>,
    /// Where to go on: the `after` of the next request.
    #[schema(example = "00000000000000000042")]
    next: String,
}

pub(super) fn answer(format: Format, page: FeedPage, next: &str) -> Response {
    let cursor = page.next.to_string();
    let events: Vec<EventView> = page.events.into_iter().map(EventView).collect();
    let mut response = match format {
        Format::Batch => Json(events).into_response(),
        Format::Json | Format::Stream => Json(EventsView { events, next: cursor }).into_response(),
    };
    let mut add = |name: HeaderName, text: &str| {
        if let Ok(value) = HeaderValue::from_str(text) {
            response.headers_mut().insert(name, value);
        }
    };
    add(CONTENT_TYPE, format.name());
    add(VARY, "Accept");
    add(LINK, &format!("<{next}>; rel=\"next\""));
    response
}
