//! An answer's body that knows whether the peer takes it.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};

use super::pulse::UnderWay;

/// hyper asks for the next piece once the peer has room for it: for HTTP/1 in the socket, for
/// HTTP/2 in the stream's window. A piece handed out and no further question is a stalled peer.
pub(super) struct WatchedBody {
    body: Body,
    request: UnderWay,
}

impl WatchedBody {
    pub(super) fn new(body: Body, request: UnderWay) -> Self {
        request.handed_out();
        Self { body, request }
    }
}

impl HttpBody for WatchedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let piece = Pin::new(&mut self.body).poll_frame(context);
        match &piece {
            Poll::Ready(Some(_)) => self.request.handed_out(),
            Poll::Ready(None) | Poll::Pending => self.request.asked(),
        }
        piece
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
