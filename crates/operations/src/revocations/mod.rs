//! What resource servers that verify tokens by themselves have to refuse before it expires.

mod cursor;
mod list;
mod wait;

pub use cursor::Cursor;
pub use list::{Revocation, Revocations, list};
pub use wait::wait;
