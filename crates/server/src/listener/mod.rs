//! How connections are taken, watched and let go.
//!
//! Never bare `axum::serve`: it sets no timer, so a peer that says nothing is kept for ever. What
//! a request may cost once it is parsed (body size, its own time limit) is decided by the `api`
//! crate; here live the limits that hold before there is a request.

mod addresses;
mod answer;
mod body;
mod certificate;
mod connection;
mod fitness;
mod occupancy;
mod pulse;
mod settings;
mod stream;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use http::{Request, Response};
use hyper_util::server::conn::auto;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::Service;

use addresses::{Addresses, Seat};
use connection::{Streams, protocols};
use occupancy::Occupied;

pub use certificate::{Certificate, CertificateFiles, keep_certificate};
pub use fitness::Fitness;
pub use settings::ListenerSettings;

/// Out of file descriptors, trying again at once would only burn the processor.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
const ACCEPT_LOG_PAUSE: Duration = Duration::from_secs(1);

/// Closing the listening socket resets what the kernel has accepted and we have not: what arrived
/// before the stop is still taken.
const BACKLOG_PAUSE: Duration = Duration::from_millis(10);
const BACKLOG_LIMIT: Duration = Duration::from_millis(200);

/// How the stop ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drained {
    /// Every answer was given in time.
    Fully,
    /// The time was over; so many connections were cut.
    Cut(usize),
}

/// What answers requests: an `axum::Router`, say. Its futures run on any thread.
pub trait Answering:
    Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future: Send>
    + Clone
    + Send
    + Sync
    + 'static
{
}

impl<S> Answering for S where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future: Send>
        + Clone
        + Send
        + Sync
        + 'static
{
}

/// Takes connections until `shutdown` is cancelled, then finishes what is under way.
///
/// Readiness is not known here: whoever cancels has told the load balancer before.
pub async fn serve<S>(
    listener: TcpListener,
    service: S,
    settings: ListenerSettings,
    shutdown: CancellationToken,
) -> Drained
where
    S: Answering,
{
    let cut = CancellationToken::new();
    let tasks = TaskTracker::new();
    let slots = Arc::new(Semaphore::new(settings.max_connections.min(Semaphore::MAX_PERMITS)));
    let capacity = slots.available_permits();
    occupancy::begin_counting(capacity, settings.tls.is_some());
    let streams = Streams::new(tasks.clone(), cut.clone());
    let house = Arc::new(House {
        addresses: Addresses::new(settings.max_connections_per_address),
        protocols: protocols(&settings, streams),
        settings,
        leaving: shutdown.clone(),
        cut: cut.clone(),
        service,
    });

    let mut accepting = Accepting::default();
    while let Some(slot) = before(&shutdown, free_slot(&slots)).await.flatten() {
        let Some(accepted) = before(&shutdown, listener.accept()).await else {
            break;
        };
        match accepted {
            Ok((stream, peer)) => admit(&house, &tasks, stream, peer, slot),
            Err(error) if concerns_one_peer(&error) => {}
            Err(error) => {
                accepting.report(&error);
                before(&shutdown, sleep(ACCEPT_PAUSE)).await;
            }
        }
    }
    let late = Instant::now() + BACKLOG_LIMIT;
    while Instant::now() < late
        && let Ok(slot) = Arc::clone(&slots).try_acquire_owned()
        && let Ok(Ok((stream, peer))) = timeout(BACKLOG_PAUSE, listener.accept()).await
    {
        admit(&house, &tasks, stream, peer, slot);
    }
    take_last(listener, &slots, |stream, peer, slot| admit(&house, &tasks, stream, peer, slot));

    tasks.close();
    if timeout(house.settings.drain, tasks.wait()).await.is_ok() {
        return Drained::Fully;
    }
    let left = capacity - slots.available_permits();
    cut.cancel();
    tasks.wait().await;
    Drained::Cut(left)
}

/// Closes the door behind those who stand in it: under load somebody always does when the time for
/// the backlog is over. Asks the kernel itself, since the runtime hears of them a moment later.
fn take_last(
    listener: TcpListener,
    slots: &Arc<Semaphore>,
    mut admit: impl FnMut(TcpStream, SocketAddr, OwnedSemaphorePermit),
) {
    let Ok(listener) = listener.into_std() else { return };
    while let Ok(slot) = Arc::clone(slots).try_acquire_owned()
        && let Ok((stream, peer)) = listener.accept()
    {
        let stream = stream.set_nonblocking(true).and_then(|()| TcpStream::from_std(stream));
        if let Ok(stream) = stream {
            admit(stream, peer, slot);
        }
    }
}

/// What all connections share.
struct House<S> {
    settings: ListenerSettings,
    protocols: auto::Builder<Streams>,
    addresses: Arc<Addresses>,
    /// Finish and go.
    leaving: CancellationToken,
    /// Go.
    cut: CancellationToken,
    service: S,
}

/// Held as long as the connection lives.
struct Place {
    _slot: OwnedSemaphorePermit,
    _seat: Seat,
    _counted: Occupied,
}

fn admit<S>(
    house: &Arc<House<S>>,
    tasks: &TaskTracker,
    stream: TcpStream,
    peer: SocketAddr,
    slot: OwnedSemaphorePermit,
) where
    S: Answering,
{
    let Some(seat) = house.addresses.take(peer.ip()) else {
        occupancy::count_refused();
        tracing::debug!(%peer, "refused: the address holds too many connections");
        return;
    };
    let place = Place { _slot: slot, _seat: seat, _counted: Occupied::begin() };
    let house = Arc::clone(house);
    tasks.spawn(async move {
        connection::run(&house, stream, peer).await;
        drop(place);
    });
}

async fn free_slot(slots: &Arc<Semaphore>) -> Option<OwnedSemaphorePermit> {
    Arc::clone(slots).acquire_owned().await.ok()
}

/// `None` when the stop came first.
async fn before<T>(shutdown: &CancellationToken, work: impl Future<Output = T>) -> Option<T> {
    shutdown.run_until_cancelled(work).await
}

/// Keeps a broken `accept` from filling the log.
#[derive(Default)]
struct Accepting {
    reported: Option<Instant>,
    unreported: u64,
}

impl Accepting {
    fn report(&mut self, error: &std::io::Error) {
        let due = self.reported.is_none_or(|at| at.elapsed() >= ACCEPT_LOG_PAUSE);
        if !due {
            self.unreported += 1;
            return;
        }
        tracing::error!(%error, unreported = self.unreported, "cannot accept connections");
        self.reported = Some(Instant::now());
        self.unreported = 0;
    }
}

/// The peer gave up between its greeting and our `accept`; the next one is not affected.
fn concerns_one_peer(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
