//! Who may look into the mailbox: whoever sits at this machine, and no page of another host.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{HOST, ORIGIN};
use http::{HeaderMap, Method, StatusCode};
use url::Url;

const FETCH_SITE: &str = "sec-fetch-site";

/// Under which names the mailbox answers.
pub(super) struct Guard {
    public_host: String,
}

impl Guard {
    pub(super) fn new(public_url: &Url) -> Self {
        Self { public_host: public_url.host_str().unwrap_or_default().to_lowercase() }
    }

    /// A page of another host can call itself ours by a name that it lets point to this machine
    /// (DNS rebinding). It cannot make the browser say another host than its own.
    fn is_ours(&self, authority: &str) -> bool {
        let host = match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => authority,
        };
        let host = host.to_lowercase();
        let is_loopback = host == "localhost"
            || host
                .trim_matches(['[', ']'])
                .parse()
                .is_ok_and(|ip: std::net::IpAddr| ip.is_loopback());
        is_loopback || host == self.public_host
    }

    /// An origin is sent along by pages of other hosts, and by forms. Our pages tell nobody where
    /// they are, so that their forms come from the origin `null`, and the browser says from which
    /// site.
    fn admits(&self, method: &Method, uri_host: Option<&str>, headers: &HeaderMap) -> bool {
        let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
        let host = uri_host.or_else(|| text(HOST.as_str()));
        let is_safe = matches!(*method, Method::GET | Method::HEAD);
        let is_own_site =
            text(FETCH_SITE).is_none_or(|site| matches!(site, "same-origin" | "none"));
        let origin_is_own = text(ORIGIN.as_str()).is_none_or(|origin| match origin {
            "null" => !is_safe && text(FETCH_SITE) == Some("same-origin"),
            origin => origin
                .split_once("://")
                .is_some_and(|(_, authority)| self.is_ours(authority) && host == Some(authority)),
        });
        host.is_some_and(|host| self.is_ours(host)) && origin_is_own && (is_safe || is_own_site)
    }
}

pub(super) async fn admit(
    State(guard): State<Arc<Guard>>,
    request: Request,
    next: Next,
) -> Response {
    let uri_host = request.uri().authority().map(|authority| authority.as_str().to_owned());
    if guard.admits(request.method(), uri_host.as_deref(), request.headers()) {
        next.run(request).await
    } else {
        (StatusCode::FORBIDDEN, "the mailbox is for this machine only").into_response()
    }
}
