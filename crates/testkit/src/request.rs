//! Requests as a client makes them, without a socket.

use std::net::{IpAddr, SocketAddr};

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, SET_COOKIE};
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

/// A request in the making.
pub struct Call {
    router: Router,
    request: http::request::Builder,
    body: Body,
    peer: SocketAddr,
}

/// An answer.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Call {
    pub(crate) fn new(router: Router, method: Method, path: &str) -> Self {
        Self {
            router,
            request: Request::builder().method(method).uri(path),
            body: Body::empty(),
            peer: SocketAddr::from(([192, 0, 2, 1], 4711)),
        }
    }

    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.header(CONTENT_TYPE.as_str(), "application/json").body(body.to_string())
    }

    /// As a browser sends a form off.
    #[must_use]
    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        let body =
            url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.header(CONTENT_TYPE.as_str(), "application/x-www-form-urlencoded").body(body)
    }

    #[must_use]
    pub fn body(self, body: impl Into<Body>) -> Self {
        Self { body: body.into(), ..self }
    }

    #[must_use]
    pub fn header(self, name: &str, value: &str) -> Self {
        Self { request: self.request.header(name, value), ..self }
    }

    /// For values that are no text.
    #[must_use]
    pub fn header_bytes(self, name: &str, value: &[u8]) -> Self {
        Self { request: self.request.header(name, value), ..self }
    }

    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.header(AUTHORIZATION.as_str(), &format!("Bearer {token}"))
    }

    #[must_use]
    pub fn cookie(self, name: &str, value: &str) -> Self {
        self.header(COOKIE.as_str(), &format!("{name}={value}"))
    }

    /// Whose socket the request comes from.
    #[must_use]
    pub fn from(self, peer: IpAddr) -> Self {
        Self { peer: SocketAddr::new(peer, 4711), ..self }
    }

    /// For an answer that comes piece by piece.
    pub async fn send_streaming(self) -> http::Response<Body> {
        let mut request = self.request.body(self.body).expect("a request that HTTP can carry");
        request.extensions_mut().insert(ConnectInfo(self.peer));
        let Ok(response) = self.router.oneshot(request).await;
        response
    }

    pub async fn send(self) -> Reply {
        let (parts, body) = self.send_streaming().await.into_parts();
        let bytes = body.collect().await.expect("a body that ends").to_bytes();
        Reply {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8(bytes.to_vec()).expect("text"),
        }
    }
}

impl Reply {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text)
            .unwrap_or_else(|error| panic!("not JSON ({error}): {}", self.text))
    }

    /// The text at a JSON pointer such as `/errors/0/code`.
    pub fn text_at(&self, pointer: &str) -> String {
        let value = self.json().pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        value.unwrap_or_else(|| panic!("no text at {pointer} in {}", self.text))
    }

    /// Fails with the whole answer when the status is another one.
    #[track_caller]
    #[expect(clippy::return_self_not_must_use, reason = "often the status is all that matters")]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("text"))
    }

    /// The value that a cookie was set to, with its attributes.
    pub fn set_cookie(&self, name: &str) -> Option<String> {
        let cookies = self.headers.get_all(SET_COOKIE).iter();
        let mut cookies = cookies.map(|value| value.to_str().expect("text"));
        cookies.find_map(|text| text.strip_prefix(&format!("{name}="))).map(str::to_owned)
    }
}
