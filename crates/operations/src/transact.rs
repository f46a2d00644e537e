//! The write transaction of an operation, with the error of operations.

/// [`storage::transact!`], refusing and failing as operations do.
macro_rules! transact {
    ($services:expr, |$tx:ident| $body:block) => {{
        let outcome: $crate::error::Result<_> = storage::transact!($services.store, |$tx| $body);
        outcome
    }};
}
