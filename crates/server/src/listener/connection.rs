//! One connection, from its greeting to its end.

use std::fmt;
use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::rt::Executor;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use rustls::ServerConfig;
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::Answering;
use super::House;
use super::answer::answer;
use super::occupancy::{BadHead, NoHandshake};
use super::pulse::{Overdue, Pulse, Watch};
use super::settings::ListenerSettings;
use super::stream::{Transport, WatchedSocket, WatchedStream, linger};

/// hyper reserves room on the stack for this many and on the heap, 5 % slower, for any other.
const HEADERS_ON_STACK: usize = 100;

/// What a peer of HTTP/2 can make us keep: received bytes nobody has read, and written bytes it
/// has not taken. hyper's own values are a mebibyte per stream and 400 KiB.
const STREAM_WINDOW: u32 = 64 * 1024;
const CONNECTION_WINDOW: u32 = 512 * 1024;
const SEND_BUFFER: usize = 64 * 1024;

/// Rapid reset (CVE-2023-44487) and its reverse: so many streams may be opened and reset at once.
const RESET_STREAMS: usize = 20;
const LOCAL_RESET_STREAMS: usize = 100;

/// The rules of both protocols.
pub(super) fn protocols(settings: &ListenerSettings, streams: Streams) -> auto::Builder<Streams> {
    let mut builder = auto::Builder::new(streams);
    let header_bytes = usize::try_from(settings.max_header_bytes).unwrap_or(usize::MAX);
    let mut http1 = builder.http1();
    http1
        .timer(TokioTimer::new())
        // Runs from the end of one answer to the end of the next head. The watch is nearly always
        // first; this one sees half a head that came in together with the request before it.
        .header_read_timeout(settings.keep_alive + settings.header_timeout)
        .max_buf_size(header_bytes.max(8 * 1024));
    if settings.max_headers != HEADERS_ON_STACK {
        http1.max_headers(settings.max_headers);
    }
    builder
        .http2()
        .timer(TokioTimer::new())
        // A peer that dribbles a header frame cannot answer a ping in between, so this is the
        // header timeout of every request but the first.
        .keep_alive_interval(settings.header_timeout)
        .keep_alive_timeout(settings.header_timeout / 2)
        .max_concurrent_streams(settings.max_streams)
        .max_header_list_size(settings.max_header_bytes)
        .max_pending_accept_reset_streams(RESET_STREAMS)
        .max_local_error_reset_streams(LOCAL_RESET_STREAMS)
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .max_send_buf_size(SEND_BUFFER);
    builder
}

/// Runs the streams of HTTP/2 where the stop waits for them.
#[derive(Clone)]
pub(super) struct Streams {
    tasks: TaskTracker,
    cut: CancellationToken,
}

impl Streams {
    pub(super) fn new(tasks: TaskTracker, cut: CancellationToken) -> Self {
        Self { tasks, cut }
    }
}

impl<F> Executor<F> for Streams
where
    F: Future + Send + 'static,
    F::Output: Send,
{
    fn execute(&self, stream: F) {
        let cut = self.cut.clone();
        self.tasks.spawn(cut.run_until_cancelled_owned(stream));
    }
}

pub(super) async fn run<S>(house: &Arc<House<S>>, stream: TcpStream, peer: SocketAddr)
where
    S: Answering,
{
    // Answers are written in one piece; waiting for more only costs the peer 40 ms.
    let _ = stream.set_nodelay(true);
    let pulse = Pulse::new();
    let stream = WatchedSocket::new(stream, Arc::clone(&pulse));
    let Some(config) = &house.settings.tls else {
        return attend(house, &pulse, stream, peer).await;
    };
    match shake_hands(house, &pulse, config, stream).await {
        Ok(stream) => attend(house, &pulse, stream, peer).await,
        Err(why) => {
            why.count();
            tracing::debug!(%peer, %why, "no TLS came about");
        }
    }
}

/// Ends with the stop, too: whoever has not been greeted by then has asked for nothing.
async fn shake_hands<S>(
    house: &Arc<House<S>>,
    pulse: &Arc<Pulse>,
    config: &Arc<ServerConfig>,
    stream: WatchedSocket,
) -> Result<TlsStream<WatchedSocket>, NoTls>
where
    S: Answering,
{
    let handshake = TlsAcceptor::from(Arc::clone(config)).accept(stream);
    tokio::select! {
        biased;
        () = house.cut.cancelled() => Err(NoTls::Leaving),
        ended = timeout(house.settings.first_byte_timeout, handshake) => match ended {
            Ok(ended) => ended.map_err(NoTls::Failed),
            Err(_) => Err(NoTls::Overdue),
        },
        () = told_to_leave(&house.leaving, pulse, house.settings.idle_grace) => Err(NoTls::Leaving),
    }
}

async fn attend<S, T>(house: &Arc<House<S>>, pulse: &Arc<Pulse>, stream: T, peer: SocketAddr)
where
    S: Answering,
    T: Transport,
{
    let (stream, returned) = WatchedStream::new(stream, Arc::clone(pulse));
    let ended = house.cut.run_until_cancelled(converse(house, pulse, stream, peer)).await;
    if ended == Some(End::Peaceful)
        && let Ok(stream) = returned.await
    {
        house.cut.run_until_cancelled(linger(stream)).await;
    }
}

/// Why a handshake came to nothing.
enum NoTls {
    Overdue,
    Failed(io::Error),
    /// Ours is the fault: we stop.
    Leaving,
}

impl NoTls {
    fn count(&self) {
        match self {
            Self::Overdue => NoHandshake::TimedOut.count(),
            Self::Failed(error) => NoHandshake::of(error).count(),
            Self::Leaving => {}
        }
    }
}

impl fmt::Display for NoTls {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Overdue => out.write_str("the handshake has had its time"),
            Self::Failed(error) => error.fmt(out),
            Self::Leaving => out.write_str("we are leaving"),
        }
    }
}

#[derive(PartialEq, Eq)]
enum End {
    /// Ours or the peer's last word was said; the peer may still want to read it.
    Peaceful,
    /// The peer deserves no more of our time.
    Dropped,
}

async fn converse<S, T>(
    house: &Arc<House<S>>,
    pulse: &Arc<Pulse>,
    stream: WatchedStream<T>,
    peer: SocketAddr,
) -> End
where
    S: Answering,
    T: Transport,
{
    let service = service_fn(|request| answer(Arc::clone(house), Arc::clone(pulse), peer, request));
    let mut connection = pin!(house.protocols.serve_connection(TokioIo::new(stream), service));
    let mut watch = Watch::new(pulse, &house.settings);
    let mut leaving = pin!(told_to_leave(&house.leaving, pulse, house.settings.idle_grace));
    let mut is_leaving = false;
    loop {
        tokio::select! {
            biased;
            ended = connection.as_mut() => {
                if let Err(error) = ended {
                    let found = error.downcast_ref().and_then(BadHead::found_by_hyper);
                    found.into_iter().for_each(BadHead::count);
                    tracing::debug!(%peer, %error, "connection ended with an error");
                }
                return End::Peaceful;
            }
            why = poll_fn(|context| watch.poll(context)) => {
                tracing::debug!(%peer, ?why, "connection has had its time");
                if why != Overdue::Idle {
                    return End::Dropped;
                }
                // A request may be on its way: HTTP/2 lets us say goodbye first.
                connection.as_mut().graceful_shutdown();
                let goodbye = timeout(house.settings.header_timeout, connection).await;
                return if goodbye.is_ok() { End::Peaceful } else { End::Dropped };
            }
            () = leaving.as_mut(), if !is_leaving => {
                connection.as_mut().graceful_shutdown();
                is_leaving = true;
            }
        }
    }
}

/// When to close the door. HTTP/2 announces the last stream it will answer, so at once. HTTP/1
/// closes an idle connection under a request that is on its way, so not before the peer had the
/// time to send it and to be told `Connection: close`.
async fn told_to_leave(leaving: &CancellationToken, pulse: &Pulse, idle_grace: Duration) {
    leaving.cancelled().await;
    if !pulse.is_http2() {
        sleep(idle_grace).await;
    }
}
