//! `GET /api/v1/admin/events`: the log of events as services are told of it, from its end back.

mod status;

use axum::Json;
use axum::extract::{FromRequestParts, State};
use http::request::Parts;
use operations::events::{Cursor, EventFilter, NewestPage, newest};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::kit::{Bearer, Failure, Front, QueryFault, Routes};
use crate::native::events::{EventView, LISTS, filter};
use crate::native::parameters::Parameters;
use crate::native::problem::{Native, PROBLEM, Problem};

const MOST: usize = 200;
const USUALLY: usize = 50;

#[derive(Serialize, ToSchema)]
#[schema(title = "NewestEvents")]
struct NewestView {
    events: Vec<EventView>,
    /// The `cursor` of the next request; none at the end.
    next: Option<String>,
}

struct EventsQuery {
    filter: EventFilter,
    before: Option<Cursor>,
    limit: usize,
}

pub(super) fn add(routes: Routes<Native>) -> Routes<Native> {
    routes.add(routes!(list_events)).add(routes!(status::read_event_status))
}

/// List events
///
/// As services are told of them, the newest first; `/admin/audit` also shows values before and after,
/// and from where. A page that is filtered may hold fewer events than there are, or none, as long as it
/// has a `next`.
#[utoipa::path(
    get, path = "/api/v1/admin/events", tag = "administration",
    params(
        ("user" = Option<Uuid>, Query, description = "The account that they are about"),
        ("type" = Option<Vec<String>>, Query, description = "Only events of this type; may stand often", example = json!(["vestibule.user.deleted.v1"])),
        ("cursor" = Option<String>, Query, description = "The next of the page before"),
        ("limit" = Option<i64>, Query, minimum = 1, maximum = 200, description = "50 unless given"),
    ),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "A page of them", body = NewestView),
        (status = 401, description = "No good token", body = Problem, content_type = PROBLEM),
        (status = 403, description = "This needs the permission audit:read", body = Problem, content_type = PROBLEM),
        (status = 422, description = "A parameter is not as it should be", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Asked too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
async fn list_events(
    State(front): State<Front>,
    Bearer { ctx, .. }: Bearer<Native>,
    EventsQuery { filter, before, limit }: EventsQuery,
) -> Result<Json<NewestView>, Failure<Native>> {
    let page = newest(&front.services, &ctx, &filter, before, limit).await?;
    Ok(Json(page.into()))
}

impl FromRequestParts<Front> for EventsQuery {
    type Rejection = Failure<Native>;

    async fn from_request_parts(parts: &mut Parts, _: &Front) -> Result<Self, Self::Rejection> {
        let query = parts.uri.query().unwrap_or_default();
        let mut parameters = Parameters::of_query_with_lists(query, LISTS);
        let filter = filter(&mut parameters);
        let before =
            parameters.read("cursor", |text| text.parse().map_err(|_| QueryFault::NotACursor));
        let limit = parameters.count("limit", MOST).unwrap_or(USUALLY);
        parameters.finish()?;
        Ok(Self { filter, before, limit })
    }
}

impl From<NewestPage> for NewestView {
    fn from(page: NewestPage) -> Self {
        let events = page.events.into_iter().map(EventView).collect();
        Self { events, next: page.next.map(|next| next.to_string()) }
    }
}
