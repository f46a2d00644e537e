//! Limits in Redis: one script, one way there and back, and a key that ends by itself.

use std::sync::Arc;

use async_trait::async_trait;
use data_encoding::BASE64URL_NOPAD;
use domain::Timestamp;
use domain::limit::{Arrivals, Quotas, Verdict};
use operations::ports::{LimitKey, LimiterError, LimiterResult, RateLimiter};

use super::link::{RedisError, RedisLink};

/// What `domain::limit` does, over the same numbers. Times are passed in: nodes and Redis need not
/// agree about them. Lua's numbers hold microseconds exactly until 2255, but its own printing
/// does not, hence the format.
const TAKE: &str = r"
local now = tonumber(ARGV[1])
local kept = redis.call('HMGET', KEYS[1], 's', 'l')
local granted, next = 1, {}
for place = 1, 2 do
  local interval, room = tonumber(ARGV[place * 2]), tonumber(ARGV[place * 2 + 1])
  local whole = tonumber(kept[place] or '0') or 0
  if interval > 0 then
    whole = math.max(whole, now) + interval
    if whole > now + room then granted = 0 end
  end
  next[place] = whole
end
if granted == 0 then
  return {0, kept[1] or '', kept[2] or ''}
end
local short, long = string.format('%.0f', next[1]), string.format('%.0f', next[2])
redis.call('HSET', KEYS[1], 's', short, 'l', long)
redis.call('PEXPIRE', KEYS[1], math.ceil((math.max(next[1], next[2]) - now) / 1000) + 1000)
return {1, short, long}
";

const GIVE_BACK: &str = r"
local kept = redis.call('HMGET', KEYS[1], 's', 'l')
if kept[1] then
  local short = string.format('%.0f', tonumber(kept[1]) - tonumber(ARGV[1]))
  local long = string.format('%.0f', math.max(0, tonumber(kept[2]) - tonumber(ARGV[2])))
  redis.call('HSET', KEYS[1], 's', short, 'l', long)
end
return 1
";

pub struct RedisLimiter {
    link: Arc<RedisLink>,
}

impl RedisLimiter {
    pub fn new(link: Arc<RedisLink>) -> Self {
        Self { link }
    }

    /// The key is a fingerprint already: no address stands in Redis.
    fn name(&self, key: &LimitKey) -> String {
        self.link.key(&format!("limit:{}", BASE64URL_NOPAD.encode(key)))
    }
}

#[async_trait]
impl RateLimiter for RedisLimiter {
    async fn take(
        &self,
        key: &LimitKey,
        quotas: &Quotas,
        now: Timestamp,
    ) -> LimiterResult<Verdict> {
        let [short, long] = quotas.numbers();
        let mut command = redis::cmd("EVAL");
        command.arg(TAKE).arg(1).arg(self.name(key)).arg(now.as_micros());
        command.arg(short.0).arg(short.1).arg(long.0).arg(long.1);
        let (granted, short, long): (i64, String, String) =
            self.link.ask(&command).await.map_err(|error| unanswered(&error))?;
        let arrivals: Arrivals = [arrival(&short), arrival(&long)];
        Ok(quotas.judge(granted == 1, arrivals, now))
    }

    async fn give_back(&self, key: &LimitKey, quotas: &Quotas, _: Timestamp) -> LimiterResult<()> {
        let [short, long] = quotas.numbers();
        let mut command = redis::cmd("EVAL");
        command.arg(GIVE_BACK).arg(1).arg(self.name(key)).arg(short.0).arg(long.0);
        self.link.ask::<i64>(&command).await.map(drop).map_err(|error| unanswered(&error))
    }

    async fn ping(&self) -> LimiterResult<()> {
        self.link.ask(&redis::cmd("PING")).await.map_err(|error| unanswered(&error))
    }
}

fn arrival(text: &str) -> Option<Timestamp> {
    text.parse().ok().filter(|micros| *micros > 0).map(Timestamp::from_micros)
}

fn unanswered(error: &RedisError) -> LimiterError {
    LimiterError(error.to_string())
}
