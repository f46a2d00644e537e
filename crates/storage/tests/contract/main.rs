//! The contract of storage: one suite, every backend.

mod statements;
