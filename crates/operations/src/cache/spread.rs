//! Telling other instances at once what changed here, where something carries the news.
//!
//! Nothing depends on it: what gets lost is found in the log within a second. So nobody waits for
//! it, and when it is slow, news is left out.

use std::time::{Duration, Instant};

use domain::UserId;
use futures_util::StreamExt;
use tokio::sync::broadcast::error::RecvError;
use uuid::Uuid;

use super::Cache;
use crate::ports::{Broadcast, BroadcastError};
use crate::services::Services;

/// How long to wait before connecting again.
const PAUSE: Duration = Duration::from_secs(1);
/// How often it is said that news does not get through (LOG-07).
const COMPLAIN_EVERY: Duration = Duration::from_secs(10);

const ID: usize = 16;

/// Tells and hears until `stop` resolves; returns at once where nothing carries news.
pub async fn spread(services: &Services, stop: impl Future<Output = ()>) {
    let Some(broadcast) = services.broadcast.as_deref() else { return };
    // Who hears itself forgets twice; an id of this process alone keeps that apart.
    let own = Uuid::from_bytes(services.entropy.bytes());
    tokio::select! {
        () = stop => {}
        () = tell(&services.cache, broadcast, own) => {}
        () = hear(&services.cache, broadcast, own) => {}
    }
}

async fn tell(cache: &Cache, broadcast: &dyn Broadcast, own: Uuid) {
    let mut changes = cache.changes();
    let mut complaint = Complaint::default();
    loop {
        let users = match changes.recv().await {
            Ok(users) => users,
            Err(RecvError::Lagged(_)) => continue,
            Err(RecvError::Closed) => return std::future::pending().await,
        };
        if let Err(error) = broadcast.send(&write(own, &users)).await {
            complaint.say(&error);
        }
    }
}

async fn hear(cache: &Cache, broadcast: &dyn Broadcast, own: Uuid) {
    let mut complaint = Complaint::default();
    loop {
        match broadcast.listen().await {
            Ok(mut messages) => {
                while let Some(message) = messages.next().await {
                    if let Some((sender, users)) = read(&message)
                        && sender != own
                    {
                        cache.forget(&users);
                    }
                }
            }
            Err(error) => complaint.say(&error),
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// The sender, then the accounts.
fn write(sender: Uuid, users: &[UserId]) -> Vec<u8> {
    let ids = users.iter().map(|user| user.0);
    std::iter::once(sender).chain(ids).flat_map(Uuid::into_bytes).collect()
}

/// Anybody who reaches Redis can send something: the worst that it does is to make us ask the
/// database.
fn read(message: &[u8]) -> Option<(Uuid, Vec<UserId>)> {
    let (ids, rest) = message.as_chunks::<ID>();
    let (sender, users) = ids.split_first().filter(|_| rest.is_empty())?;
    let users = users.iter().map(|id| UserId(Uuid::from_bytes(*id)));
    Some((Uuid::from_bytes(*sender), users.collect()))
}

#[derive(Default)]
struct Complaint(Option<Instant>);

impl Complaint {
    fn say(&mut self, error: &BroadcastError) {
        if self.0.is_none_or(|at| at.elapsed() >= COMPLAIN_EVERY) {
            self.0 = Some(Instant::now());
            tracing::warn!(%error, "other instances learn of changes from the log alone");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_says_who_sent_it_and_which_accounts_changed() {
        let id = |byte| Uuid::from_bytes([byte; ID]);
        let users = vec![UserId(id(2)), UserId(id(3))];
        assert_eq!(read(&write(id(1), &users)), Some((id(1), users)));
        assert_eq!(read(&write(id(1), &[])), Some((id(1), vec![])));
        assert_eq!(read(&[]), None);
        assert_eq!(read(&[1; 33]), None);
    }
}
