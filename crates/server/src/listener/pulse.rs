//! What a connection is waiting for, and since when.
//!
//! One record per connection, written by the stream, the service and the answers' bodies, read by
//! the watch that decides when the peer has had its time. hyper's own header timer is not enough:
//! it starts with the end of the last answer, so it cannot tell a slow header (10 s) from an idle
//! connection (60 s), and it knows nothing of a peer that does not read.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use http::Version;
use tokio::time::{Instant, Sleep, sleep_until};

use super::settings::ListenerSettings;

/// Why a connection has had its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Overdue {
    /// Not a byte since the greeting.
    Silent,
    /// A request that does not come to an end of its headers.
    SlowHead,
    /// Nothing to do since the last answer. The only one that is nobody's fault.
    Idle,
    /// The peer does not take what it asked for.
    Unread,
}

pub(super) struct Pulse {
    state: Mutex<State>,
}

struct State {
    protocol: Protocol,
    requests: usize,
    /// The greeting, before any handshake, or the end of the last request.
    quiet_since: Instant,
    /// The first byte after that.
    head_since: Option<Instant>,
    /// The kernel takes no more bytes.
    blocked_since: Option<Instant>,
    /// Answers of which the peer has not taken the last piece. Only HTTP/2 has more than one, and
    /// there the kernel takes bytes as long as any stream moves.
    unread: Vec<(u64, Instant)>,
    next_answer: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Protocol {
    /// No request yet.
    Unknown,
    Http1,
    Http2,
}

impl Pulse {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self {
            state: Mutex::new(State {
                protocol: Protocol::Unknown,
                requests: 0,
                quiet_since: Instant::now(),
                head_since: None,
                blocked_since: None,
                unread: Vec::new(),
                next_answer: 0,
            }),
        })
    }

    pub(super) fn is_http2(&self) -> bool {
        self.state().protocol == Protocol::Http2
    }

    pub(super) fn received(&self) {
        let mut state = self.state();
        // Between two requests of HTTP/2 there are pings and settings, which begin nothing.
        if state.requests == 0 && state.protocol != Protocol::Http2 && state.head_since.is_none() {
            state.head_since = Some(Instant::now());
        }
    }

    pub(super) fn blocked(&self) {
        self.state().blocked_since = Some(Instant::now());
    }

    pub(super) fn unblocked(&self) {
        self.state().blocked_since = None;
    }

    /// The request is under way until the returned value is dropped.
    pub(super) fn request(self: &Arc<Self>, version: Version) -> UnderWay {
        let mut state = self.state();
        state.protocol = if version == Version::HTTP_2 { Protocol::Http2 } else { Protocol::Http1 };
        state.requests += 1;
        state.head_since = None;
        let answer = state.next_answer;
        state.next_answer += 1;
        drop(state);
        UnderWay { pulse: Arc::clone(self), answer }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn deadline(&self, settings: &ListenerSettings) -> Option<(Instant, Overdue)> {
        let state = self.state();
        let blocked = state.blocked_since;
        let unread = state.unread.iter().map(|(_, since)| *since).min();
        let stalled = blocked
            .into_iter()
            .chain(unread)
            .min()
            .map(|since| (since + settings.write_timeout, Overdue::Unread));
        let waiting = (state.requests == 0).then(|| match (state.head_since, state.protocol) {
            (Some(since), _) => (since + settings.header_timeout, Overdue::SlowHead),
            (None, Protocol::Unknown) => {
                (state.quiet_since + settings.first_byte_timeout, Overdue::Silent)
            }
            (None, Protocol::Http1 | Protocol::Http2) => {
                (state.quiet_since + settings.keep_alive, Overdue::Idle)
            }
        });
        stalled.into_iter().chain(waiting).min_by_key(|(at, _)| *at)
    }
}

/// One request, from its head to the last byte of its answer.
pub(super) struct UnderWay {
    pulse: Arc<Pulse>,
    answer: u64,
}

impl UnderWay {
    /// We have handed out a piece of the answer, or its head, and wait for the peer.
    pub(super) fn handed_out(&self) {
        let mut state = self.pulse.state();
        let now = Instant::now();
        match state.unread.iter_mut().find(|(id, _)| *id == self.answer) {
            Some((_, since)) => *since = now,
            None => state.unread.push((self.answer, now)),
        }
    }

    /// The peer is ready for a piece that we do not have yet.
    pub(super) fn asked(&self) {
        let mut state = self.pulse.state();
        state.unread.retain(|(id, _)| *id != self.answer);
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut state = self.pulse.state();
        state.unread.retain(|(id, _)| *id != self.answer);
        state.requests -= 1;
        if state.requests == 0 {
            state.quiet_since = Instant::now();
            state.head_since = None;
        }
    }
}

/// Becomes ready when the peer has had its time.
///
/// It must be polled after the connection by the task that polls the connection: whatever brings a
/// deadline nearer wakes that task, so nothing has to wake this.
pub(super) struct Watch<'a> {
    pulse: &'a Pulse,
    settings: &'a ListenerSettings,
    sleep: Pin<Box<Sleep>>,
}

impl<'a> Watch<'a> {
    pub(super) fn new(pulse: &'a Pulse, settings: &'a ListenerSettings) -> Self {
        Self {
            pulse,
            settings,
            sleep: Box::pin(sleep_until(Instant::now() + settings.first_byte_timeout)),
        }
    }

    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Overdue> {
        while let Some((at, why)) = self.pulse.deadline(self.settings) {
            // Deadlines mostly move away. Waking too early now and then is cheaper than setting
            // the timer anew for each request.
            if self.sleep.deadline() > at || self.sleep.is_elapsed() {
                self.sleep.as_mut().reset(at);
            }
            if self.sleep.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
            if Instant::now() >= at {
                return Poll::Ready(why);
            }
        }
        Poll::Pending
    }
}
