//! What the product does: one public verb, one file.

pub mod passwords;
