//! A topic of states holds every account, also those whose events are not kept any more (0041).

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use domain::User;
use operations::events::{AskReplay, Contents, LeaderSettings, LogStatus, Sink};
use operations::events::{relay_due, replay, skip, status};
use operations::ports::{EventStream, StreamError, StreamMessage};
use operations::{Services, accounts};
use serde_json::Value;
use testkit::{Database, FixedClock};

use crate::stand::{MASTER_KEY, TestMailer, parts};
use crate::support::registered;

testkit::on_every_backend!(Database::fresh =>
    a_topic_of_states_that_begins_late_is_told_of_every_account,
    a_topic_of_states_that_is_told_all_again_is_told_of_every_account,
    r_05_states_of_all_go_on_where_they_were_broken_off,
    r_14_an_account_that_is_refused_is_parked_and_passed,
);

/// What a topic was told, and how it takes it.
#[derive(Default)]
struct Topic {
    told: Mutex<Vec<StreamMessage>>,
    /// It takes so many batches; then the broker says something else.
    takes: Mutex<Option<usize>>,
    /// The account that it will never take.
    refuses: Mutex<Option<String>>,
}

#[async_trait]
impl EventStream for Topic {
    async fn claim(&self) -> Result<(), StreamError> {
        Ok(())
    }

    async fn publish(&self, messages: &[StreamMessage]) -> Result<(), StreamError> {
        if let Some(left) = &mut *self.takes.lock().expect("a lock") {
            if *left == 0 {
                return Err(StreamError::Unavailable("not now".to_owned()));
            }
            *left -= 1;
        }
        let refused = self.refuses.lock().expect("a lock").clone();
        let mut keys = messages.iter().map(|message| Some(&message.key));
        if let Some(at) = keys.position(|key| key == refused.as_ref()) {
            return Err(StreamError::Refused { at, reason: "too large".to_owned() });
        }
        self.told.lock().expect("a lock").extend_from_slice(messages);
        Ok(())
    }
}

impl Topic {
    /// The names of the accounts and their versions, in the order in which they came.
    fn states(&self) -> Vec<(String, i64)> {
        let told = std::mem::take(&mut *self.told.lock().expect("a lock"));
        let state = |message: StreamMessage| {
            let body = message.body.expect("no tombstone");
            let state: Value = serde_json::from_slice(&body).expect("JSON");
            assert_eq!(state["id"], message.key.as_str());
            let name = state["username"].as_str().expect("a name").to_owned();
            (name, state["userversion"].as_i64().expect("a version"))
        };
        told.into_iter().map(state).collect()
    }
}

struct Stage {
    services: Services,
    topic: Arc<Topic>,
    users: Vec<User>,
}

/// Five accounts; of the third something else happened, and the fourth is purged. All that is forgotten.
async fn stage(database: &Database, is_known: bool) -> Stage {
    let (clock, mailer) = (Arc::<FixedClock>::default(), Arc::<TestMailer>::default());
    let mut parts = parts(database, &clock, &mailer, MASTER_KEY).await;
    let topic = Arc::<Topic>::default();
    let stream: Arc<dyn EventStream> = Arc::<Topic>::clone(&topic);
    let sink = Sink::topic(Sink::STATE, Contents::State, stream);
    parts.sinks = vec![Sink { batch: 2, ..sink }];
    let services = Services::assemble(parts).await.expect("the services start");
    let operator = services.operator();
    let mut users = Vec::new();
    for name in ["ann", "bob", "cid", "dan", "eve"] {
        users.push(registered(&services, name).await);
    }
    accounts::block(&services, &operator, users[2].id).await.expect("blocked");
    database.execute("UPDATE users SET status = 'purged' WHERE username = 'dan'").await;
    let stage = Stage { services, topic, users };
    stage.relay().await;
    stage.topic.told.lock().expect("a lock").clear();
    if !is_known {
        database.execute("DELETE FROM event_cursors").await;
    }
    database.execute("DELETE FROM events").await;
    stage
}

fn settings() -> LeaderSettings {
    LeaderSettings::default()
}

fn all(of: &[(&str, i64)]) -> Vec<(String, i64)> {
    of.iter().map(|(name, version)| ((*name).to_owned(), *version)).collect()
}

const EVERYBODY: [(&str, i64); 4] = [("ann", 1), ("bob", 1), ("cid", 2), ("eve", 1)];

impl Stage {
    async fn relay(&self) -> usize {
        relay_due(&self.services, &settings()).await.expect("it leads")
    }

    async fn status(&self) -> LogStatus {
        status(&self.services, &self.services.operator()).await.expect("a status")
    }

    async fn replay(&self, user: Option<&User>) -> usize {
        let asked = AskReplay {
            sink: Some(Sink::STATE.to_owned()),
            user_id: user.map(|user| user.id),
            since: None,
        };
        let operator = self.services.operator();
        replay(&self.services, &operator, asked).await.expect("promised")
    }
}

async fn a_topic_of_states_that_begins_late_is_told_of_every_account(database: Database) {
    let stage = Box::pin(stage(&database, false)).await;
    stage.relay().await;
    assert_eq!(stage.topic.states(), all(&EVERYBODY), "the log tells of nobody");
    let told = stage.status().await.sinks.remove(0);
    assert_eq!((told.lag, told.open_replays, told.failing), (0, 0, None));
    stage.relay().await;
    assert_eq!(stage.topic.states(), [], "once");

    // With a log that begins with somebody who came later.
    registered(&stage.services, "fay").await;
    stage.relay().await;
    assert_eq!(stage.topic.states(), all(&[("fay", 1)]), "the log goes on");
    database.execute("DELETE FROM event_cursors").await;
    stage.relay().await;
    let mut told = stage.topic.states();
    told.sort();
    told.dedup();
    assert_eq!(told, all(&[&EVERYBODY[..], &[("fay", 1)]].concat()));
}

async fn a_topic_of_states_that_is_told_all_again_is_told_of_every_account(database: Database) {
    let stage = Box::pin(stage(&database, true)).await;
    stage.relay().await;
    assert_eq!(stage.topic.states(), [], "nobody asked");
    assert_eq!(stage.replay(None).await, 1);
    stage.relay().await;
    assert_eq!(stage.topic.states(), all(&EVERYBODY));
    assert_eq!(stage.replay(Some(&stage.users[2])).await, 1);
    stage.relay().await;
    assert_eq!(stage.topic.states(), all(&[("cid", 2)]), "of one alone");
}

/// Whoever leads next does not begin anew, and nothing that is told of accounts keeps events.
async fn r_05_states_of_all_go_on_where_they_were_broken_off(database: Database) {
    let stage = Box::pin(stage(&database, true)).await;
    stage.replay(None).await;
    *stage.topic.takes.lock().expect("a lock") = Some(1);
    stage.relay().await;
    assert_eq!(stage.topic.states(), all(&EVERYBODY[..2]));
    let told = stage.status().await.sinks.remove(0);
    // What the log has is told again before or after.
    assert!(told.open_replays > 0 && told.failing.is_some(), "{told:?}");
    // Which is an event in its way: the third account.
    let operator = stage.services.operator();
    let letter = skip(&stage.services, &operator, Sink::STATE).await.expect("skipped");
    assert_eq!(letter.position, -stage.users[2].number);
    *stage.topic.takes.lock().expect("a lock") = None;
    stage.relay().await;
    assert_eq!(stage.topic.states(), all(&EVERYBODY[3..]));
    assert_eq!(stage.status().await.sinks[0].open_replays, 0);
}

async fn r_14_an_account_that_is_refused_is_parked_and_passed(database: Database) {
    let stage = Box::pin(stage(&database, true)).await;
    *stage.topic.refuses.lock().expect("a lock") = Some(stage.users[1].id.to_string());
    stage.replay(None).await;
    stage.relay().await;
    assert_eq!(stage.topic.states(), all(&[EVERYBODY[0], EVERYBODY[2], EVERYBODY[3]]));
    let parked = stage.status().await.dead_letters;
    let parked: Vec<_> = parked.iter().map(|one| (one.position, one.reason.as_str())).collect();
    assert_eq!(parked, [(-stage.users[1].number, "too large")]);
    *stage.topic.refuses.lock().expect("a lock") = None;
    stage.replay(None).await;
    stage.relay().await;
    assert_eq!(stage.topic.states(), all(&EVERYBODY));
    assert!(stage.status().await.dead_letters.is_empty(), "it was taken after all");
}
