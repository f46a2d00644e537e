//! The native API over HTTP, by path.

mod register;
