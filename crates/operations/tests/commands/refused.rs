//! What a source may not: ask for more than it is allowed, too late, or above itself.

use std::time::Duration;

use domain::{RoleName, UserId};
use operations::commands::{CommandKind, Outcome};
use operations::roles::grant;
use serde_json::{Value, json};
use testkit::App;

use super::{DAY, billing, event, only, reason, send, signed};
use crate::support::{events_of, make_moderator, registered};

testkit::on_every_backend!(App::on =>
    what_no_account_is_there_for_is_set_aside,
    administrators_are_out_of_reach_unless_they_are_not,
    whoever_may_more_than_the_source_is_out_of_its_reach,
    admin_is_granted_only_where_it_is_named,
);

async fn what_no_account_is_there_for_is_set_aside(app: App) {
    let settings = only(billing());
    let nobody = UserId(uuid::Uuid::from_u128(1));
    let message = signed(&event(&app, CommandKind::Block, "1", nobody, &json!({})));
    assert_eq!(reason(&app, &settings, &message).await, "user_not_found");
    let gone = registered(&app.services, "ann").await.id;
    crate::support::delete(&app.services, gone).await;
    for (id, kind) in [("2", CommandKind::Block), ("3", CommandKind::UpdateProfile)] {
        let message = signed(&event(&app, kind, id, gone, &json!({})));
        assert_eq!(reason(&app, &settings, &message).await, "user_not_found");
    }
}

async fn administrator(app: &App, name: &str) -> UserId {
    let id = registered(&app.services, name).await.id;
    let admin = RoleName::new(RoleName::ADMIN);
    grant(&app.services, &app.services.operator(), id, &admin).await.expect("granted");
    id
}

async fn administrators_are_out_of_reach_unless_they_are_not(app: App) {
    let ann = administrator(&app, "ann").await;
    let before = events_of(&app, ann).await;
    let settings = only(billing());
    let all: [(CommandKind, Value); 4] = [
        (CommandKind::Block, json!({})),
        (CommandKind::Delete, json!({})),
        (CommandKind::UpdateProfile, json!({ "first_name": "Eve" })),
        (CommandKind::GrantRole, json!({ "role": "moderator" })),
    ];
    for (index, (kind, data)) in all.iter().enumerate() {
        let message = signed(&event(&app, *kind, &index.to_string(), ann, data));
        assert_eq!(reason(&app, &settings, &message).await, "permission_missing", "{kind:?}");
    }
    assert_eq!(events_of(&app, ann).await, before);

    let mut trusted = billing();
    trusted.manages_administrators = true;
    let settings = only(trusted);
    for (id, kind) in [("last-1", CommandKind::Block), ("last-2", CommandKind::Delete)] {
        let message = signed(&event(&app, kind, id, ann, &json!({})));
        assert_eq!(reason(&app, &settings, &message).await, "last_admin", "AUZ-08");
    }
    administrator(&app, "ben").await;
    let message = signed(&event(&app, CommandKind::Block, "one-of-two", ann, &json!({})));
    assert_eq!(send(&app, &settings, &message).await, Outcome::Applied);
}

async fn whoever_may_more_than_the_source_is_out_of_its_reach(app: App) {
    let moderator = registered(&app.services, "mod").await.id;
    make_moderator(&app, moderator).await;
    let mut source = billing();
    source.commands = vec![CommandKind::Block];
    let message = signed(&event(&app, CommandKind::Block, "1", moderator, &json!({})));
    assert_eq!(reason(&app, &only(source), &message).await, "permission_missing", "AUZ-05");
    assert_eq!(events_of(&app, moderator).await, ["user.registered"]);
}

async fn admin_is_granted_only_where_it_is_named(app: App) {
    let ann = registered(&app.services, "ann").await.id;
    let role = json!({ "role": "admin" });
    let mut trusted = billing();
    trusted.manages_administrators = true;
    let message = signed(&event(&app, CommandKind::GrantRole, "1", ann, &role));
    assert_eq!(reason(&app, &only(trusted.clone()), &message).await, "role_not_allowed");
    assert_eq!(events_of(&app, ann).await, ["user.registered"]);
    trusted.roles.push(RoleName::new(RoleName::ADMIN));
    assert_eq!(send(&app, &only(trusted), &message).await, Outcome::Applied, "nothing was tried");
}

#[tokio::test]
async fn what_is_not_allowed_or_not_of_now_is_not_tried() {
    let app = App::on(storage::Backend::Sqlite).await;
    let ann = registered(&app.services, "ann").await.id;
    let mut source = billing();
    source.commands = vec![CommandKind::Unblock];
    let settings = only(source);
    let block = signed(&event(&app, CommandKind::Block, "1", ann, &json!({})));
    assert_eq!(reason(&app, &settings, &block).await, "command_not_allowed");

    let settings = only(billing());
    let at = |time: domain::Timestamp| {
        let mut event = event(&app, CommandKind::Block, "2", ann, &json!({}));
        event["time"] = json!(time.to_rfc3339());
        signed(&event)
    };
    let tick = Duration::from_millis(1);
    let now = app.now();
    assert_eq!(reason(&app, &settings, &at(now - DAY - tick)).await, "too_old");
    let ahead = Duration::from_mins(5);
    assert_eq!(reason(&app, &settings, &at(now + ahead + tick)).await, "in_future");
    assert_eq!(events_of(&app, ann).await, ["user.registered"]);
    assert_eq!(app.database.count("command_inbox").await, 0);
    assert_eq!(send(&app, &settings, &at(now + ahead)).await, Outcome::Applied);
}
