//! Does Redis answer?

use integrations::redis::{RedisError, RedisLink};
use secrecy::{ExposeSecret, SecretString};

use super::PATIENCE;
use super::finding::Finding;

const CHECK: &str = "redis";

pub(super) async fn check(url: &SecretString) -> Finding {
    let mend = "check redis.url and that the server runs, or leave redis.url empty";
    match tokio::time::timeout(PATIENCE, ping(url)).await {
        Ok(Ok(())) => Finding::ok(CHECK, "answers"),
        Ok(Err(error)) => Finding::problem(CHECK, error.to_string(), mend),
        Err(_) => Finding::problem(CHECK, "it does not answer", mend),
    }
}

async fn ping(url: &SecretString) -> Result<(), RedisError> {
    RedisLink::new(url.expose_secret(), "")?.ping().await
}
