//! `GET /api/v1/users/current/export`: everything that is kept about oneself.

mod view;

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::UserId;
use futures_util::stream::try_unfold;
use http::HeaderValue;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use operations::Services;
use operations::accounts::{ExportedEvents, export_events, export_own};

use self::view::ExportView;
use super::admin::EntryView;
use super::problem::{Native, PROBLEM, Problem};
use crate::kit::{Bearer, Failure, Front};

/// Closes the list of events and the object, of which it is the last member.
const END: &str = "]}";

/// Export one's own data
///
/// Everything that is kept about the account, without secrets. For whoever signed in on this API a
/// moment ago; otherwise sign in again. However much it is, it comes piece by piece; one that fails
/// in the middle breaks off.
#[utoipa::path(
    get, path = "/api/v1/users/current/export", tag = "account",
    operation_id = "export_own",
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "One JSON object", body = ExportView),
        (status = 401, description = "No good token, or one from another surface", body = Problem, content_type = PROBLEM),
        (status = 403, description = "Signed in too long ago, or blocked", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Asked too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
pub(super) async fn export(
    State(front): State<Front>,
    Bearer { user, session, ctx, .. }: Bearer<Native>,
) -> Result<Response, Failure<Native>> {
    let export = export_own(&front.services, &ctx, &user).await?;
    let head = serde_json::to_string(&ExportView::head(&export, session.id)).unwrap_or_default();
    let Some(head) = head.strip_suffix(END) else {
        return Err(Failure::broken("an export does not end with its events"));
    };
    let rest = events(Arc::clone(&front.services), user.id, head.to_owned(), export.events);
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"account.json\"")),
    ];
    Ok((headers, rest).into_response())
}

/// `head` and the first piece, then the others, each read when the one before was sent.
fn events(services: Arc<Services>, id: UserId, head: String, first: ExportedEvents) -> Body {
    Body::from_stream(try_unfold(Some((head, first)), move |left| {
        let services = Arc::clone(&services);
        async move {
            let Some((mut text, piece)) = left else { return Ok::<_, axum::BoxError>(None) };
            for entry in &piece.entries {
                if !text.ends_with('[') && !text.is_empty() {
                    text.push(',');
                }
                text.push_str(&serde_json::to_string(&EntryView::from(entry))?);
            }
            let Some(next) = piece.next else {
                text.push_str(END);
                return Ok(Some((Bytes::from(text), None)));
            };
            // What follows a piece that is not the last is never empty.
            text.push(',');
            let piece = export_events(&services, id, Some(next)).await.map_err(broken_off)?;
            Ok(Some((Bytes::from(text), Some((String::new(), piece)))))
        }
    }))
}

fn broken_off(error: operations::Error) -> axum::BoxError {
    tracing::error!(error = error.chain(), "an export broke off");
    error.into()
}
