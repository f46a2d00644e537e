//! Who calls, before we know who it is: address, agent, request id.

use std::convert::Infallible;
use std::marker::PhantomData;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use http::HeaderMap;
use http::header::USER_AGENT;
use http::request::Parts;
use ipnet::IpNet;
use operations::{Client, Context};

use super::cookies::device;
use super::dialect::Dialect;
use super::request_id::RequestId;
use super::state::Front;

/// What is stored of a `User-Agent`, in characters.
const MAX_AGENT: usize = 255;
const FORWARDED_FOR: &str = "x-forwarded-for";

/// The context of a request whose sender is not known yet.
pub(crate) struct Caller<D> {
    pub(crate) ctx: Context,
    dialect: PhantomData<D>,
}

impl<D: Dialect> FromRequestParts<Front> for Caller<D> {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, front: &Front) -> Result<Self, Infallible> {
        let address = address(parts, &front.settings.trusted_proxies);
        let agent = parts.headers.get(USER_AGENT).and_then(|value| value.to_str().ok());
        let client = Client {
            address: address.map(|address| address.to_string()),
            agent: agent.map(|agent| agent.chars().take(MAX_AGENT).collect()),
            device: if D::COOKIES { device(&parts.headers, &front.settings) } else { None },
        };
        let request_id = parts.extensions.get::<RequestId>().map(|id| Arc::clone(&id.0));
        let ctx = front.services.stranger(D::SURFACE, client, request_id);
        Ok(Self { ctx, dialect: PhantomData })
    }
}

/// The peer, or whom a trusted proxy speaks for (LGN-07).
pub(super) fn address(parts: &Parts, trusted: &[IpNet]) -> Option<IpAddr> {
    let ConnectInfo(peer) = parts.extensions.get::<ConnectInfo<SocketAddr>>()?;
    Some(behind_proxies(peer.ip().to_canonical(), &parts.headers, trusted))
}

/// Walks `X-Forwarded-For` from the right, as far as the speaker is trusted.
fn behind_proxies(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut nearest = peer;
    // A line that is not text counts too: skipped, it would lend its place to the one before,
    // which a client may have written.
    let lines = headers.get_all(FORWARDED_FOR).iter().map(http::HeaderValue::as_bytes);
    let hops: Vec<&[u8]> = lines.flat_map(|line| line.split(|byte| *byte == b',')).collect();
    for hop in hops.into_iter().rev() {
        if !is_trusted(&nearest) {
            break;
        }
        // What is not an address was not written by a proxy of ours.
        let text = std::str::from_utf8(hop).unwrap_or_default();
        let Ok(address) = text.trim().parse::<IpAddr>() else { break };
        nearest = address.to_canonical();
    }
    nearest
}
