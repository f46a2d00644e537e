//! Redis: makes some things faster between instances, and is never needed.

mod limiter;
mod link;

pub use limiter::RedisLimiter;
pub use link::{RedisError, RedisLink};
