//! What each command does, and what the log and the audit trail say of it.

use domain::{Actor, RoleName, Status, Timestamp, UserId};
use operations::commands::{CommandKind, CommandSettings, Outcome, Source};
use operations::{accounts, roles};
use serde_json::{Value, json};
use storage::events;
use testkit::App;

use super::{DAY, billing, event, only, send, signed};
use crate::support::{events_of, registered};

testkit::on_every_backend!(App::on =>
    each_command_does_what_the_same_by_hand_does,
    what_is_so_already_stays_so,
    the_log_and_the_trail_say_which_source_it_was,
);

struct Sender {
    app: App,
    settings: CommandSettings,
    user: UserId,
    sent: u32,
}

impl Sender {
    async fn new(app: App) -> Self {
        let user = registered(&app.services, "ann").await.id;
        Self { app, settings: only(billing()), user, sent: 0 }
    }

    async fn ask(&mut self, kind: CommandKind, data: Value) -> Outcome {
        self.sent += 1;
        let event = event(&self.app, kind, &self.sent.to_string(), self.user, &data);
        send(&self.app, &self.settings, &signed(&event)).await
    }

    async fn account(&self) -> domain::User {
        let ctx = self.app.services.operator();
        accounts::read(&self.app.services, &ctx, self.user).await.expect("an account").user
    }
}

async fn each_command_does_what_the_same_by_hand_does(app: App) {
    let until = (app.now() + DAY).to_rfc3339();
    let mut sender = Sender::new(app).await;
    let block = json!({ "until": until, "reason": "unpaid" });
    assert_eq!(sender.ask(CommandKind::Block, block).await, Outcome::Applied);
    let blocked = Status::Blocked { until: Timestamp::parse_rfc3339(&until) };
    assert_eq!(sender.account().await.status, blocked);
    let (services, ctx) = (&sender.app.services, sender.app.services.operator());
    let known = accounts::find_block(services, &ctx, sender.user).await.expect("an answer");
    assert_eq!(known.and_then(|block| block.reason).as_deref(), Some("unpaid"));

    assert_eq!(sender.ask(CommandKind::Unblock, Value::Null).await, Outcome::Applied);
    assert_eq!(sender.account().await.status, Status::Active);

    let grant = json!({ "role": "moderator" });
    assert_eq!(sender.ask(CommandKind::GrantRole, grant).await, Outcome::Applied);
    assert!(sender.account().await.roles.contains(&RoleName::new(RoleName::MODERATOR)));
    let (services, ctx) = (&sender.app.services, sender.app.services.operator());
    let moderator = RoleName::new(RoleName::MODERATOR);
    roles::revoke(services, &ctx, sender.user, &moderator).await.expect("taken back");

    let profile = json!({ "first_name": "Ann", "locale": "en", "metadata": { "plan": "gold" } });
    assert_eq!(sender.ask(CommandKind::UpdateProfile, profile).await, Outcome::Applied);
    let account = sender.account().await;
    assert_eq!(account.profile.first_name, "Ann");
    assert_eq!(account.profile.locale.as_deref(), Some("en"));
    assert_eq!(account.profile.metadata, r#"{"plan":"gold"}"#);
    let cleared = json!({ "first_name": null, "metadata": null });
    assert_eq!(sender.ask(CommandKind::UpdateProfile, cleared).await, Outcome::Applied);
    let account = sender.account().await;
    assert_eq!(
        (account.profile.first_name.as_str(), account.profile.metadata.as_str()),
        ("", "{}")
    );
    assert_eq!(account.profile.locale.as_deref(), Some("en"), "what is absent stays");

    assert_eq!(sender.ask(CommandKind::Delete, json!({})).await, Outcome::Applied);
    assert!(matches!(sender.account().await.status, Status::Deleted { .. }), "restorable");
    assert_eq!(
        events_of(&sender.app, sender.user).await,
        [
            "user.registered",
            "user.blocked",
            "user.unblocked",
            "user.role_granted",
            "user.role_revoked",
            "user.profile_updated",
            "user.profile_updated",
            "user.deleted",
        ]
    );
}

async fn what_is_so_already_stays_so(app: App) {
    let mut sender = Sender::new(app).await;
    // Whoever holds the role may more than the source.
    let trusted = Source { manages_administrators: true, ..billing() };
    sender.settings = only(trusted);
    let before = events_of(&sender.app, sender.user).await.len();
    assert_eq!(sender.ask(CommandKind::Unblock, json!({})).await, Outcome::Unchanged);
    assert_eq!(sender.ask(CommandKind::UpdateProfile, json!({})).await, Outcome::Unchanged);
    for expected in [Outcome::Applied, Outcome::Unchanged] {
        assert_eq!(sender.ask(CommandKind::Block, json!({})).await, expected);
    }
    for expected in [Outcome::Applied, Outcome::Unchanged] {
        let grant = json!({ "role": "moderator" });
        assert_eq!(sender.ask(CommandKind::GrantRole, grant).await, expected);
    }
    let (services, ctx) = (&sender.app.services, sender.app.services.operator());
    let moderator = RoleName::new(RoleName::MODERATOR);
    roles::revoke(services, &ctx, sender.user, &moderator).await.expect("taken back");
    for expected in [Outcome::Applied, Outcome::Unchanged] {
        assert_eq!(sender.ask(CommandKind::Delete, json!({})).await, expected);
    }
    let told = events_of(&sender.app, sender.user).await;
    let expected = ["user.blocked", "user.role_granted", "user.role_revoked", "user.deleted"];
    assert_eq!(told[before..], expected);
    let dump = sender.app.database.dump().await;
    let outcomes = dump.rows("command_inbox").iter().map(|row| row.text("outcome"));
    let mut outcomes: Vec<_> = outcomes.collect();
    outcomes.sort();
    let expected = ["applied", "applied", "applied"].into_iter().chain(["unchanged"; 5]);
    assert_eq!(outcomes, expected.collect::<Vec<_>>(), "no-ops are known, too");
}

async fn the_log_and_the_trail_say_which_source_it_was(app: App) {
    let mut sender = Sender::new(app).await;
    sender.ask(CommandKind::Block, json!({})).await;
    let app = &sender.app;
    let mut read = app.database.store.read().await.expect("a connection");
    let event = domain::Event::UserBlocked { until: None };
    let blocked = events::newest(&mut read, sender.user, &event).await.expect("the log");
    let blocked = blocked.expect("an event");
    assert_eq!(blocked.actor, "source");
    assert!(Actor::NAMES.contains(&blocked.actor.as_str()), "the schemas of events allow it");
    // uuid5(NAMESPACE_URL, "billing"), as Python says.
    let id = "a869d9b3-90bc-5a7e-983c-104a2cb71562";
    assert_eq!(blocked.actor_id.map(|id| id.to_string()).as_deref(), Some(id));
    drop(read);

    let dump = app.database.dump().await;
    let [call] = dump.rows("audit_calls") else { panic!("one call") };
    assert_eq!(
        ["action", "actor", "subject", "outcome", "request_id"].map(|column| call.text(column)),
        ["users.block", "source", "billing", "done", "1"]
    );
    // As each database shows it.
    let user = sender.user.0;
    let shown = [user.as_bytes().to_vec(), user.to_string().into_bytes()];
    assert!(call.bytes("target_id").is_some_and(|target| shown.contains(&target.to_vec())));
}
