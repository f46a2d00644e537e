//! Does Redis answer?

use anyhow::Result;

use super::PATIENCE;
use super::finding::Finding;
use crate::assemble;
use crate::config::Redis;

const CHECK: &str = "redis";

/// Nothing, where there is none.
pub(super) async fn check(settings: &Redis) -> Option<Finding> {
    let mend = "check redis.url and that the server runs, or leave redis.url empty; a certificate \
                of your own needs redis.ca_file";
    match tokio::time::timeout(PATIENCE, ping(settings)).await {
        Ok(Ok(true)) => Some(Finding::ok(CHECK, "answers")),
        Ok(Ok(false)) => None,
        Ok(Err(error)) => Some(Finding::problem(CHECK, format!("{error:#}"), mend)),
        Err(_) => Some(Finding::problem(CHECK, "it does not answer", mend)),
    }
}

/// Whether there is one.
async fn ping(settings: &Redis) -> Result<bool> {
    let Some(link) = assemble::redis(settings)? else { return Ok(false) };
    link.ping().await?;
    Ok(true)
}
