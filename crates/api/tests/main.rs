//! How we are talked to, seen from outside.

mod browser;
mod docs;
mod native;
