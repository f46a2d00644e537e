//! The socket as TLS and hyper see it: tells the pulse of every byte, and comes back when hyper is done.

use std::io::{self, ErrorKind, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::pulse::Pulse;

/// How long, and how much, we listen to a peer after our last word.
const LINGER: Duration = Duration::from_secs(1);
const LINGER_BYTES: u64 = 256 * 1024;

/// A socket, or TLS over one.
pub(super) trait Transport: AsyncRead + AsyncWrite + Unpin + Send + 'static {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send + 'static> Transport for T {}

/// The socket itself: tells the pulse whether the kernel takes what is written.
///
/// Below TLS, which says yes to 64 KiB that no peer has taken, and sends them while it is flushed or
/// closed.
pub(super) struct WatchedSocket {
    socket: TcpStream,
    pulse: Arc<Pulse>,
    is_blocked: bool,
}

impl WatchedSocket {
    pub(super) fn new(socket: TcpStream, pulse: Arc<Pulse>) -> Self {
        Self { socket, pulse, is_blocked: false }
    }

    fn note<W>(&mut self, written: Poll<W>) -> Poll<W> {
        if written.is_pending() != self.is_blocked {
            self.is_blocked = written.is_pending();
            if self.is_blocked {
                self.pulse.blocked();
            } else {
                self.pulse.unblocked();
            }
        }
        written
    }
}

impl AsyncRead for WatchedSocket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_read(context, buffer)
    }
}

impl AsyncWrite for WatchedSocket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.socket).poll_write(context, bytes);
        self.note(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.socket).poll_write_vectored(context, slices);
        self.note(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(context)
    }
}

/// What hyper is given: tells the pulse of every byte that was read.
pub(super) struct WatchedStream<T> {
    /// `None` only while being dropped.
    stream: Option<T>,
    home: Option<oneshot::Sender<T>>,
    pulse: Arc<Pulse>,
}

impl<T: Transport> WatchedStream<T> {
    /// The receiver gets the stream back when hyper drops it.
    pub(super) fn new(stream: T, pulse: Arc<Pulse>) -> (Self, oneshot::Receiver<T>) {
        let (home, returned) = oneshot::channel();
        let watched = Self { stream: Some(stream), home: Some(home), pulse };
        (watched, returned)
    }

    fn stream(&mut self) -> io::Result<Pin<&mut T>> {
        let gone = || io::Error::from(ErrorKind::NotConnected);
        self.stream.as_mut().map(Pin::new).ok_or_else(gone)
    }
}

impl<T: Transport> AsyncRead for WatchedStream<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = self.stream()?.poll_read(context, buffer);
        if buffer.filled().len() > before {
            self.pulse.received();
        }
        read
    }
}

impl<T: Transport> AsyncWrite for WatchedStream<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.stream()?.poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.stream()?.poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.as_ref().is_some_and(AsyncWrite::is_write_vectored)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream()?.poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream()?.poll_shutdown(context)
    }
}

impl<T> Drop for WatchedStream<T> {
    fn drop(&mut self) {
        if let (Some(stream), Some(home)) = (self.stream.take(), self.home.take()) {
            // Nobody waits for it when the connection was cut.
            let _ = home.send(stream);
        }
    }
}

/// Closes a socket so that the peer can read our last answer.
///
/// A peer may still be sending when we refuse what it sends; closing over unread bytes makes the
/// kernel reset the connection, and the reset may overtake the 431 or 413. Nobody watches any more,
/// so all of it has one limit: TLS first writes what the peer has not taken.
pub(super) async fn linger<T: Transport>(mut stream: T) {
    let closing = async {
        stream.shutdown().await?;
        let mut rest = stream.take(LINGER_BYTES);
        tokio::io::copy(&mut rest, &mut tokio::io::sink()).await
    };
    let _ = timeout(LINGER, closing).await;
}
