//! How we are talked to.

pub mod docs;
