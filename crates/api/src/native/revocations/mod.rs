//! `GET /api/v1/revocations`: what resource servers refuse although it has not expired.

mod query;
mod stream;
mod view;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::Permission;
use http::header::{ACCEPT, ETAG, HeaderMap, HeaderValue, IF_NONE_MATCH};
use http::{StatusCode, header};
use operations::revocations::{self, Revocations};

use self::query::FeedQuery;
use self::view::RevocationsView;
use super::problem::{Native, PROBLEM, Problem};
use crate::kit::{ByService, Failure, Front, Needs};

pub(super) enum ToReadRevocations {}

impl Needs for ToReadRevocations {
    const PERMISSION: Permission = Permission::RevocationsRead;
}

/// Read what was revoked
///
/// Without `since`, everything that has not expired by itself. With it, what came later; an entry
/// may come twice. Refuse every access token whose `sid` is listed, and those of `sub` whose `iat`
/// is earlier than `before`; forget an entry after `until`. With `wait`, the answer comes as soon
/// as there is something new. With `Accept: text/event-stream`, answers come one after the other,
/// each with its `next` as the id of the event. Needs `revocations:read`.
#[utoipa::path(
    get, path = "/api/v1/revocations", tag = "tokens",
    operation_id = "read_revocations",
    security(("basic" = [])),
    params(
        ("since" = Option<String>, Query, description = "The `next` of the last answer"),
        ("wait" = Option<i64>, Query, minimum = 0, maximum = 30, description = "Seconds to wait for something new, at most; shortened to what a request may take"),
        ("If-None-Match" = Option<String>, Header, description = "The `ETag` of the last answer"),
    ),
    responses(
        (status = 200, description = "What was revoked", body = RevocationsView),
        (status = 304, description = "The same as last time"),
        (status = 401, description = "No service has these credentials", body = Problem, content_type = PROBLEM),
        (status = 403, description = "The service lacks the permission", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Wrong credentials too often; see Retry-After", body = Problem, content_type = PROBLEM),
        (status = 422, description = "Not a cursor of this feed", body = Problem, content_type = PROBLEM),
        (status = 503, description = "The database does not answer", body = Problem, content_type = PROBLEM),
    ),
)]
pub(in crate::native) async fn read(
    State(front): State<Front>,
    service: ByService<Native, ToReadRevocations>,
    query: FeedQuery,
    headers: HeaderMap,
) -> Result<Response, Failure<Native>> {
    let last_event = headers.get("last-event-id");
    let since = query.since.or(last_event.and_then(|id| id.to_str().ok()?.parse().ok()));
    if wants_stream(&headers) {
        return Ok(stream::stream(front, service.ctx, since).await?.into_response());
    }
    let (services, ctx) = (&front.services, &service.ctx);
    let found = match since {
        Some(since) if !query.wait.is_zero() => {
            let patience = query.wait.min(front.settings.longest_wait());
            revocations::wait(services, ctx, since, patience, front.draining.begun()).await?
        }
        since => revocations::list(services, ctx, since).await?,
    };
    Ok(answer(&found, since.is_none(), &headers))
}

fn wants_stream(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let mut kinds = accepted.flat_map(|value| value.split(','));
    kinds.any(|kind| kind.split(';').next().is_some_and(|name| name.trim() == stream::MEDIA_TYPE))
}

fn answer(found: &Revocations, is_first: bool, headers: &HeaderMap) -> Response {
    let view = RevocationsView::from(found);
    let tag = HeaderValue::try_from(view.tag(is_first)).unwrap_or(HeaderValue::from_static("\"\""));
    let is_known = headers.get_all(IF_NONE_MATCH).iter().any(|known| names(known, &tag));
    if is_known {
        return (StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response();
    }
    ([(ETAG, tag), (header::VARY, HeaderValue::from_static("Accept"))], Json(view)).into_response()
}

/// Weakly compared, as RFC 9110 §13.1.2 asks for.
fn names(known: &HeaderValue, tag: &HeaderValue) -> bool {
    let (Ok(known), Ok(tag)) = (known.to_str(), tag.to_str()) else { return false };
    let mut known = known.split(',').map(|one| one.trim().trim_start_matches("W/"));
    known.any(|one| one == "*" || one == tag)
}
