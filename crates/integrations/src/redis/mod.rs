//! Redis: makes some things faster between instances, and is never needed.

mod broadcast;
mod limiter;
mod link;

pub use broadcast::RedisBroadcast;
pub use limiter::RedisLimiter;
pub use link::{RedisError, RedisLink};
