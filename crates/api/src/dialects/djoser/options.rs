//! `OPTIONS`: what Django REST framework tells of a view.

use std::sync::Arc;

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::Method;
use http::request::Parts;
use serde_json::json;

use crate::kit::{Dialect, Failure, Rejection};

/// The names and descriptions of views by the end of their path.
const NAMES: [(&str, &str, &str); 14] = [
    ("/users", "User List", ""),
    ("/me", "Me", ""),
    ("/set_password", "Set password", ""),
    ("/set_username", "Set username", ""),
    ("/activation", "Activation", ""),
    ("/resend_activation", "Resend activation", ""),
    ("/reset_password", "Reset password", ""),
    ("/reset_password_confirm", "Reset password confirm", ""),
    ("/reset_username", "Reset username", ""),
    ("/reset_username_confirm", "Reset username confirm", ""),
    (
        "/jwt/create",
        "Token Obtain Pair",
        "Takes a set of user credentials and returns an access and refresh JSON web\ntoken pair to \
         prove the authentication of those credentials.",
    ),
    (
        "/jwt/refresh",
        "Token Refresh",
        "Takes a refresh type JSON web token and returns an access type JSON web\ntoken if the \
         refresh token is valid.",
    ),
    (
        "/jwt/verify",
        "Token Verify",
        "Takes a token and indicates if it is valid.  This view provides no\ninformation about a \
         token's fitness for a particular use.",
    ),
    (
        "/logout",
        "Token Blacklist",
        "Takes a token and blacklists it. Must be used with the\n\
         `rest_framework_simplejwt.token_blacklist` app installed.",
    ),
];

/// Tells of the view, or refuses the method.
pub(super) fn or_refuse<D: Dialect>(parts: &Parts, allow: Arc<str>) -> Response {
    if parts.method != Method::OPTIONS {
        let (method, allow) = (parts.method.clone(), Some(allow));
        let rejection = Rejection::MethodNotAllowed { method, allow };
        return Failure::<D>::from(rejection).into_response();
    }
    let path = parts.uri.path().trim_end_matches('/');
    let known = NAMES.iter().find(|(end, ..)| path.ends_with(end));
    let is_one_of_many = path.rsplit_once('/').is_some_and(|(above, _)| above.ends_with("/users"));
    let (name, description) = match known {
        Some((_, name, description)) => (*name, *description),
        None if is_one_of_many => ("User Instance", ""),
        None => ("Api Root", "The default basic root view for DefaultRouter"),
    };
    let view = json!({
        "name": name,
        "description": description,
        "renders": ["application/json"],
        "parses": [
            "application/json", "application/x-www-form-urlencoded", "multipart/form-data",
        ],
    });
    Json(view).into_response()
}
