//! What every request passes between hyper and the router.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::ConnectInfo;
use http::header::{CONNECTION, CONTENT_TYPE};
use http::{HeaderValue, Request, Response, StatusCode, Uri, Version};
use hyper::body::Incoming;
use tower::{Service, ServiceExt};

use super::House;
use super::body::WatchedBody;
use super::occupancy::BadHead;
use super::pulse::Pulse;

const URI_TOO_LONG: &str = r#"{"type":"about:blank","title":"URI Too Long","status":414}"#;

/// Names the peer to the router, refuses what is too long to route, and tells a peer of HTTP/1
/// that we are leaving.
pub(super) async fn answer<S>(
    house: Arc<House<S>>,
    pulse: Arc<Pulse>,
    peer: SocketAddr,
    request: Request<Incoming>,
) -> Result<Response<WatchedBody>, Infallible>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible> + Clone,
{
    let version = request.version();
    let under_way = pulse.request(version);
    let mut response = if length(request.uri()) > house.settings.max_url_bytes {
        BadHead::UriTooLong.count();
        uri_too_long(house.settings.is_https)
    } else {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        house.service.clone().oneshot(request).await?
    };
    // HTTP/2 has a frame for this and forbids the header.
    if house.leaving.is_cancelled() && version < Version::HTTP_2 {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(response.map(|body| WatchedBody::new(body, under_way)))
}

fn length(uri: &Uri) -> usize {
    let scheme = uri.scheme_str().map_or(0, |scheme| scheme.len() + 3);
    let authority = uri.authority().map_or(0, |host| host.as_str().len());
    let path = uri.path_and_query().map_or(0, |path| path.as_str().len());
    scheme + authority + path
}

fn uri_too_long(is_https: bool) -> Response<Body> {
    let mut response = Response::new(Body::from(URI_TOO_LONG));
    *response.status_mut() = StatusCode::URI_TOO_LONG;
    let headers = response.headers_mut();
    let json = HeaderValue::from_static("application/problem+json");
    headers.insert(CONTENT_TYPE, json);
    api::secure(headers, is_https);
    response
}
