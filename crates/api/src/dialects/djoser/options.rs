//! `OPTIONS`: what Django REST framework tells of a view.

use std::sync::Arc;

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::Method;
use http::request::Parts;
use serde_json::json;

use crate::kit::{Dialect, Failure, Rejection};

/// The names of views by the end of their path.
const NAMES: [(&str, &str); 8] = [
    ("/users", "User List"),
    ("/me", "Me"),
    ("/set_password", "Set password"),
    ("/set_username", "Set username"),
    ("/jwt/create", "Token Obtain Pair"),
    ("/jwt/refresh", "Token Refresh"),
    ("/jwt/verify", "Token Verify"),
    ("/logout", "Token Blacklist"),
];

/// Tells of the view, or refuses the method.
pub(super) fn or_refuse<D: Dialect>(parts: &Parts, allow: Arc<str>) -> Response {
    if parts.method != Method::OPTIONS {
        let rejection = Rejection::MethodNotAllowed { method: parts.method.clone(), allow };
        return Failure::<D>::from(rejection).into_response();
    }
    let path = parts.uri.path().trim_end_matches('/');
    let name = NAMES.iter().find(|(end, _)| path.ends_with(end)).map(|(_, name)| *name);
    let is_one_of_many = path.rsplit_once('/').is_some_and(|(above, _)| above.ends_with("/users"));
    let other = if is_one_of_many { "User Instance" } else { "Api Root" };
    let view = json!({
        "name": name.unwrap_or(other),
        "description": "",
        "renders": ["application/json"],
        "parses": [
            "application/json", "application/x-www-form-urlencoded", "multipart/form-data",
        ],
    });
    Json(view).into_response()
}
