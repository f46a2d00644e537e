//! Every call below the path of administrators is kept in the audit trail, whatever becomes of it
//! (AUZ-09). Here and not in the handlers, where a new one could forget it.

use std::sync::Arc;

use axum::extract::{FromRequestParts, MatchedPath, RawPathParams, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::UserId;
use http::request::Parts;
use http::{Method, StatusCode};
use operations::audit::{self, Call};
use uuid::Uuid;

use crate::kit::client::Caller;
use crate::kit::dialect::Dialect;
use crate::kit::failure::{Failure, FaultNote};
use crate::kit::state::Front;

/// `Bearer` finds the call in the request, and opens it when it knows who calls.
pub(super) async fn audit<D: Dialect>(
    State(front): State<Front>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    let call = Arc::new(call::<D>(&mut parts).await);
    let Ok(Caller { ctx, .. }) = Caller::<D>::from_request_parts(&mut parts, &front).await;
    parts.extensions.insert(Arc::clone(&call));

    let response = next.run(Request::from_parts(parts, body)).await;

    if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        return response;
    }
    match audit::close(&front.services, &ctx, &call, refused(&response)).await {
        Ok(()) => response,
        Err(error) => Failure::<D>::from(error).into_response(),
    }
}

async fn call<D: Dialect>(parts: &mut Parts) -> Call {
    let route = parts.extensions.get::<MatchedPath>().map(|route| route.as_str().to_owned());
    let route = route.unwrap_or_default();
    let below = D::ADMINISTRATION.and_then(|prefix| route.strip_prefix(prefix)).unwrap_or_default();
    let named = RawPathParams::from_request_parts(parts, &()).await.ok();
    let named = named.and_then(|named| Some(named.iter().next()?.1.to_owned()));
    let is_account = below.starts_with("users/");
    let call = Call::new(action(&parts.method, below), !parts.method.is_safe());
    match (named, is_account) {
        (Some(named), false) => call.names(&named),
        (Some(named), true) => {
            if let Ok(id) = Uuid::parse_str(&named) {
                call.concerns(UserId(id));
            }
        }
        (None, _) => {}
    }
    call
}

/// The stable name of what a method does to a route: its words, and a verb where none of them is
/// one. `POST users/{id}/block` is `users.block`, `GET users/{id}` is `users.read`.
fn action(method: &Method, below: &str) -> String {
    let parts: Vec<&str> = below.split('/').filter(|part| !part.is_empty()).collect();
    let is_one = parts.last().is_some_and(|part| part.starts_with('{'));
    let words: Vec<&str> = parts.into_iter().filter(|part| !part.starts_with('{')).collect();
    let verb = match *method {
        Method::GET | Method::HEAD if is_one => Some("read"),
        Method::GET | Method::HEAD if words.len() == 1 => Some("list"),
        Method::POST if words.len() == 1 => Some("create"),
        Method::PUT => Some("set"),
        Method::PATCH => Some("update"),
        Method::DELETE => Some("delete"),
        _ => None,
    };
    words.into_iter().chain(verb).collect::<Vec<_>>().join(".")
}

/// Why it was not done, if it was not.
fn refused(response: &Response) -> Option<&'static str> {
    let status = response.status();
    match response.extensions().get::<FaultNote>() {
        Some(FaultNote::Refused(code)) => Some(code),
        Some(FaultNote::Fault(_)) => Some("failed"),
        None if status.is_server_error() => Some("failed"),
        None if status.is_client_error() => Some("rejected"),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_called_has_a_stable_name() {
        for (method, below, name) in [
            (Method::GET, "users", "users.list"),
            (Method::POST, "users", "users.create"),
            (Method::GET, "users/{id}/", "users.read"),
            (Method::HEAD, "users/{id}", "users.read"),
            (Method::PATCH, "users/{id}", "users.update"),
            (Method::DELETE, "users/{id}", "users.delete"),
            (Method::POST, "users/{id}/block", "users.block"),
            (Method::POST, "users/bulk", "users.bulk"),
            (Method::PUT, "users/{id}/roles", "users.roles.set"),
            (Method::GET, "users/{id}/sessions", "users.sessions"),
            (Method::DELETE, "users/{id}/sessions/{session_id}", "users.sessions.delete"),
            (Method::GET, "users/{id}/explain", "users.explain"),
            (Method::GET, "audit", "audit.list"),
        ] {
            assert_eq!(action(&method, below), name);
        }
    }
}
