//! What a connection may cost.

use std::sync::Arc;
use std::time::Duration;

use rustls::ServerConfig;

/// The defaults suit a listener that faces the internet; see each field for the one behind a
/// proxy.
#[derive(Clone, Debug)]
pub struct ListenerSettings {
    /// Spoken on every connection; none where a proxy does it.
    pub tls: Option<Arc<ServerConfig>>,
    /// Whether people reach the service by TLS, ours or a proxy's.
    pub is_https: bool,
    /// From the greeting to the first byte, and with TLS to the end of the handshake.
    pub first_byte_timeout: Duration,
    /// From the first byte of a request to the end of its headers.
    pub header_timeout: Duration,
    /// How long a peer may refuse to take the next piece of an answer.
    pub write_timeout: Duration,
    /// From the end of an answer to the next request. Longer than the proxy's own limit, else the
    /// proxy sends into a connection that we are closing.
    pub keep_alive: Duration,
    /// Request line and headers together; hyper allows no less than 8 KiB.
    pub max_header_bytes: u32,
    pub max_headers: usize,
    /// Path and query, with scheme and host when the peer sends them.
    pub max_url_bytes: usize,
    /// At this number nobody is accepted until somebody leaves.
    pub max_connections: usize,
    /// IPv6 is counted by /64. Behind a proxy every peer has the proxy's address: as many as
    /// `max_connections` then.
    pub max_connections_per_address: usize,
    /// Concurrent HTTP/2 streams of one connection.
    pub max_streams: u32,
    /// After the stop, how long an HTTP/1 connection without a request stays open: a request that
    /// is already on its way is answered instead of being reset.
    pub idle_grace: Duration,
    /// After the stop, how long answers may take.
    pub drain: Duration,
}

impl Default for ListenerSettings {
    fn default() -> Self {
        Self {
            tls: None,
            is_https: false,
            first_byte_timeout: Duration::from_secs(10),
            header_timeout: Duration::from_secs(10),
            write_timeout: Duration::from_mins(1),
            keep_alive: Duration::from_mins(1),
            max_header_bytes: 16 * 1024,
            max_headers: 100,
            max_url_bytes: 8 * 1024,
            max_connections: 10_000,
            max_connections_per_address: 200,
            max_streams: 100,
            idle_grace: Duration::from_secs(1),
            drain: Duration::from_secs(30),
        }
    }
}
