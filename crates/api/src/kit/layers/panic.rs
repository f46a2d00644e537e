//! A panic ends one request, not the process (API-15).

use std::any::Any;
use std::sync::Arc;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::{CatchPanicLayer, ResponseForPanic};

use crate::kit::dialect::Dialect;
use crate::kit::failure::FaultNote;

pub(super) fn catch<D: Dialect>() -> CatchPanicLayer<Speak<D>> {
    CatchPanicLayer::custom(Speak::<D>(std::marker::PhantomData))
}

pub(super) struct Speak<D>(std::marker::PhantomData<D>);

impl<D> Clone for Speak<D> {
    fn clone(&self) -> Self {
        Self(std::marker::PhantomData)
    }
}

impl<D: Dialect> ResponseForPanic for Speak<D> {
    type ResponseBody = Body;

    fn response_for_panic(&mut self, _: Box<dyn Any + Send + 'static>) -> Response {
        let mut response = D::fail().into_response();
        // The panic hook has logged where; its text may hold anything, so it is not repeated.
        response.extensions_mut().insert(FaultNote::Fault(Arc::from("a handler panicked")));
        response
    }
}
