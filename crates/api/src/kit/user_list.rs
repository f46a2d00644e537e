//! A JSON list of any number of accounts, never all of it in memory.

use std::future::Future;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::response::{IntoResponse, Response};
use domain::User;
use futures_util::stream::try_unfold;
use http::HeaderValue;
use http::header::CONTENT_TYPE;
use operations::accounts::VisibleUsers;
use serde::Serialize;

/// `first` is read before anything is answered, so that what fails at once is said in words;
/// `read` gets what follows a number. A list that fails later breaks off, and its client sees
/// that it did.
pub(crate) fn user_list<V, W, R, F>(first: VisibleUsers, view: W, read: R) -> Response
where
    V: Serialize + 'static,
    W: Fn(&User) -> V + Clone + Send + 'static,
    R: Fn(i64) -> F + Send + 'static,
    F: Future<Output = operations::Result<VisibleUsers>> + Send,
{
    if first.next.is_none() {
        return Json(first.users.iter().map(view).collect::<Vec<_>>()).into_response();
    }
    let rest = try_unfold((Some((first, '[')), read, view), |(left, read, view)| async move {
        let Some((piece, opening)) = left else { return Ok(None) };
        let text = render(&piece, opening, &view)?;
        let left = match piece.next {
            Some(number) => Some((read(number).await.map_err(broken_off)?, ',')),
            None => None,
        };
        Ok::<_, axum::BoxError>(Some((text, (left, read, view))))
    });
    let json = HeaderValue::from_static("application/json");
    ([(CONTENT_TYPE, json)], Body::from_stream(rest)).into_response()
}

/// One piece with what stands before it, and after the last one.
fn render<V: Serialize>(
    piece: &VisibleUsers,
    opening: char,
    view: &impl Fn(&User) -> V,
) -> serde_json::Result<Bytes> {
    let mut text = String::new();
    for (index, user) in piece.users.iter().enumerate() {
        text.push(if index == 0 { opening } else { ',' });
        text.push_str(&serde_json::to_string(&view(user))?);
    }
    if piece.next.is_none() {
        text.push(']');
    }
    Ok(text.into())
}

fn broken_off(error: operations::Error) -> axum::BoxError {
    tracing::error!(error = error.chain(), "a list of accounts broke off");
    error.into()
}
