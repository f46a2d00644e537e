//! How many connections are open, and what the listener refuses by itself, for `/metrics`.

use std::io::{self, ErrorKind};

use crate::measures;

/// Counts a connection as long as it lives.
pub(super) struct Occupied(());

impl Occupied {
    pub(super) fn begin() -> Self {
        metrics::gauge!(measures::HTTP_CONNECTIONS).increment(1.0);
        Self(())
    }
}

impl Drop for Occupied {
    fn drop(&mut self) {
        metrics::gauge!(measures::HTTP_CONNECTIONS).decrement(1.0);
    }
}

/// What is wrong with the head of a request that reaches no router. HTTP/2 does not tell: there the
/// library answers one stream and the connection goes on.
#[derive(Clone, Copy)]
pub(super) enum BadHead {
    UriTooLong,
    TooLarge,
    Malformed,
}

impl BadHead {
    const ALL: [Self; 3] = [Self::UriTooLong, Self::TooLarge, Self::Malformed];

    const fn as_str(self) -> &'static str {
        match self {
            Self::UriTooLong => "uri_too_long",
            Self::TooLarge => "head_too_large",
            Self::Malformed => "malformed",
        }
    }

    /// Of what hyper answered with 400 or 431.
    pub(super) fn found_by_hyper(error: &hyper::Error) -> Option<Self> {
        match (error.is_parse_too_large(), error.is_parse()) {
            (true, _) => Some(Self::TooLarge),
            (false, true) => Some(Self::Malformed),
            (false, false) => None,
        }
    }

    pub(super) fn count(self) {
        metrics::counter!(measures::HTTP_REQUESTS_REFUSED, "reason" => self.as_str()).increment(1);
    }
}

/// Why no TLS came about.
#[derive(Clone, Copy)]
pub(super) enum NoHandshake {
    /// The peer says that it does not want: mostly, that our certificate is not good.
    Refused,
    /// What it says is no TLS, or none that we speak.
    Malformed,
    /// It left in the middle, or before: whoever only looks whether the port is open does.
    Gone,
    TimedOut,
}

impl NoHandshake {
    const ALL: [Self; 4] = [Self::Refused, Self::Malformed, Self::Gone, Self::TimedOut];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Malformed => "malformed",
            Self::Gone => "gone",
            Self::TimedOut => "timeout",
        }
    }

    pub(super) fn of(error: &io::Error) -> Self {
        match error.get_ref().and_then(|inner| inner.downcast_ref()) {
            Some(rustls::Error::AlertReceived(_)) => Self::Refused,
            Some(_) => Self::Malformed,
            None if error.kind() == ErrorKind::InvalidData => Self::Malformed,
            None => Self::Gone,
        }
    }

    pub(super) fn count(self) {
        metrics::counter!(measures::TLS_HANDSHAKES_FAILED, "reason" => self.as_str()).increment(1);
    }
}

/// Counters stand at zero from the start: the first event is then seen to be one.
#[expect(clippy::cast_precision_loss, reason = "nobody has so many connections")]
pub(super) fn begin_counting(capacity: usize, speaks_tls: bool) {
    metrics::gauge!(measures::HTTP_CONNECTIONS_MAX).set(capacity as f64);
    metrics::counter!(measures::HTTP_CONNECTIONS_REFUSED).increment(0);
    for reason in BadHead::ALL {
        metrics::counter!(measures::HTTP_REQUESTS_REFUSED, "reason" => reason.as_str())
            .increment(0);
    }
    for reason in NoHandshake::ALL.into_iter().filter(|_| speaks_tls) {
        metrics::counter!(measures::TLS_HANDSHAKES_FAILED, "reason" => reason.as_str())
            .increment(0);
    }
}

/// Its address holds too many.
pub(super) fn count_refused() {
    metrics::counter!(measures::HTTP_CONNECTIONS_REFUSED).increment(1);
}
