//! `GET /api/v1/events`: what happened to accounts, for services that follow it.

mod format;
mod query;
mod stream;
mod view;

use std::time::Duration;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::Permission;
use operations::events;
use operations::service_accounts::ensure_still_may;

use self::format::Format;
use self::query::FeedQuery;
pub(super) use self::query::{LISTS, filter};
pub(super) use self::view::EventView;
use self::view::{EventsView, answer};
use super::problem::{Native, PROBLEM, Problem};
use crate::kit::{ByService, Failure, Front, Needs, QueryFault, QueryProblem, Rejection};

pub(super) enum ToReadEvents {}

impl Needs for ToReadEvents {
    const PERMISSION: Permission = Permission::EventsRead;
}

/// Read what happened to accounts
///
/// In the order of the log, each event once, as CloudEvents 1.0. Go on with the `next` of the answer as
/// `after`: nothing is missed, also not what was committed late. An answer that is filtered may hold
/// fewer events than there are, or none, and its `next` moves on all the same. With `wait`, the answer
/// comes as soon as there is something, or when much was looked through in vain. With `Accept: text/event-stream`, events come one after the
/// other, each with its cursor as `id`; `Last-Event-ID` goes before `after`. Needs `events:read`.
#[utoipa::path(
    get, path = "/api/v1/events", tag = "events",
    operation_id = "read_events",
    security(("basic" = [])),
    params(
        ("after" = Option<String>, Query, description = "The `next` of the last answer, or `latest` to begin with what happens from now on; from the first event on unless given"),
        ("limit" = Option<i64>, Query, minimum = 1, maximum = 1000, description = "100 unless given"),
        ("wait" = Option<i64>, Query, minimum = 0, maximum = 30, description = "Seconds to wait for something new, at most; shortened to what a request may take"),
        ("type" = Option<Vec<String>>, Query, description = "Only events of this type; may stand often", example = json!(["vestibule.user.deleted.v1"])),
        ("user" = Option<Uuid>, Query, description = "Only events of this account"),
        ("Last-Event-ID" = Option<String>, Header, description = "Where a stream that broke off goes on"),
    ),
    responses(
        (status = 200, description = "What happened", content(
            (EventsView = "application/json"),
            (Vec<EventView> = "application/cloudevents-batch+json"),
            (String = "text/event-stream"),
        ), headers(("Link" = String, description = "The address of what comes next, `rel=\"next\"`"))),
        (status = 401, description = "No service has these credentials", body = Problem, content_type = PROBLEM),
        (status = 403, description = "The service lacks the permission", body = Problem, content_type = PROBLEM),
        (status = 406, description = "None of these media types will do", body = Problem, content_type = PROBLEM),
        (status = 410, description = "The events after the cursor are not kept any more", body = Problem, content_type = PROBLEM),
        (status = 422, description = "A parameter is not as it should be, or not a cursor of this log", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Wrong credentials too often, or too many calls of the service at once; see Retry-After", body = Problem, content_type = PROBLEM),
        (status = 503, description = "The database does not answer", body = Problem, content_type = PROBLEM),
    ),
)]
pub(in crate::native) async fn read(
    State(front): State<Front>,
    service: ByService<Native, ToReadEvents>,
    format: Format,
    query: FeedQuery,
) -> Result<Response, Failure<Native>> {
    let services = &front.services;
    let (parameter, start) = match (format, query.resumed) {
        (Format::Stream, Some(resumed)) => ("Last-Event-ID", resumed),
        (Format::Stream, None) | (Format::Json | Format::Batch, _) => ("after", query.start),
    };
    let reader = events::admit(services, &service.ctx).await?;
    let begin = events::begin(services, start).await?.ok_or_else(|| beyond(parameter))?;
    if format == Format::Stream {
        return Ok(stream::stream(front, service.ctx, reader, query.filter, begin).into_response());
    }
    let patience = query.wait.min(front.settings.longest_wait());
    let page = if patience == Duration::ZERO {
        events::list(services, &reader, &query.filter, begin, query.limit).await?
    } else {
        let stop = front.draining.begun();
        let (filter, limit) = (&query.filter, query.limit);
        let page = events::follow(services, &reader, filter, begin, limit, patience, stop).await?;
        ensure_still_may(services, &service.ctx, Permission::EventsRead).await?;
        page
    };
    let next = query.address(page.next);
    Ok(answer(format, page, &next))
}

fn beyond(parameter: &'static str) -> Failure<Native> {
    let fault = QueryFault::NotACursor;
    let problem = QueryProblem { name: parameter.into(), sent: String::new(), fault };
    Rejection::Query(vec![problem]).into()
}
