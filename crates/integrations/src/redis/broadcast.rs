//! Messages between instances, over one channel of Redis.

use std::sync::Arc;

use async_trait::async_trait;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use operations::ports::{Broadcast, BroadcastError};

use super::link::{RedisError, RedisLink};

const CHANNEL: &str = "changes";

pub struct RedisBroadcast {
    link: Arc<RedisLink>,
}

impl RedisBroadcast {
    pub fn new(link: Arc<RedisLink>) -> Self {
        Self { link }
    }
}

#[async_trait]
impl Broadcast for RedisBroadcast {
    async fn send(&self, message: &[u8]) -> Result<(), BroadcastError> {
        let mut command = redis::cmd("PUBLISH");
        command.arg(self.link.key(CHANNEL)).arg(message);
        Ok(self.link.ask(&command).await?)
    }

    /// A connection of its own: one that listens can do nothing else.
    async fn listen(&self) -> Result<BoxStream<'static, Vec<u8>>, BroadcastError> {
        let listener = self.link.listen(&self.link.key(CHANNEL)).await?;
        let messages = listener.into_on_message();
        Ok(messages.map(|message| message.get_payload_bytes().to_vec()).boxed())
    }
}

impl From<RedisError> for BroadcastError {
    fn from(error: RedisError) -> Self {
        Self(error.to_string())
    }
}
