//! How Python reads and writes, for the dialects whose originals were written in it.

mod json;
mod number;

pub(super) use json::parse;
pub(super) use number::Numbers;
