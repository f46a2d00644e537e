//! What tests stand on.
//!
//! Nothing here stands in for a component that can be had: databases are real servers, and a test
//! whose server is missing fails and says how to get it.

#![expect(clippy::expect_used, reason = "a test whose stage cannot be set fails there and then")]

mod backends;
mod database;

pub use database::Database;
pub use storage::Backend;
