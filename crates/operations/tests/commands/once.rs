//! Exactly once, however often a message comes.

use std::time::Duration;

use operations::commands::{CommandKind, Outcome, Source};
use serde_json::json;
use testkit::App;

use super::{DAY, billing, event, only, reason, send, signed};
use crate::support::{events_of, registered};

testkit::on_every_backend!(App::on =>
    a_repeat_does_nothing,
    of_rivals_with_one_message_one_does_it,
    another_message_with_the_same_id_is_set_aside,
    a_refused_one_is_refused_again_and_never_done_later,
    what_was_done_is_known_while_the_message_may_come,
);

async fn a_repeat_does_nothing(app: App) {
    let ann = registered(&app.services, "ann").await.id;
    let settings = only(billing());
    let block = signed(&event(&app, CommandKind::Block, "1", ann, &json!({})));
    let unblock = signed(&event(&app, CommandKind::Unblock, "2", ann, &json!({})));
    for (message, expected) in [
        (&block, Outcome::Applied),
        (&block, Outcome::Repeated),
        (&unblock, Outcome::Applied),
        (&block, Outcome::Repeated),
        (&unblock, Outcome::Repeated),
    ] {
        assert_eq!(send(&app, &settings, message).await, expected);
    }
    let told = events_of(&app, ann).await;
    assert_eq!(told, ["user.registered", "user.blocked", "user.unblocked"]);
    assert_eq!(app.database.count("audit_calls").await, 2);
}

async fn of_rivals_with_one_message_one_does_it(app: App) {
    let ann = registered(&app.services, "ann").await.id;
    let other = app.beside().await;
    let settings = only(billing());
    for round in 0..5 {
        let kind = if round % 2 == 0 { CommandKind::Block } else { CommandKind::Unblock };
        let message = signed(&event(&app, kind, &format!("round-{round}"), ann, &json!({})));
        let rivals = [&app, &other, &app, &other].map(|app| send(app, &settings, &message));
        let outcomes = futures_util::future::join_all(rivals).await;
        let applied = outcomes.iter().filter(|outcome| **outcome == Outcome::Applied).count();
        let repeated = outcomes.iter().filter(|outcome| **outcome == Outcome::Repeated).count();
        assert_eq!((applied, repeated), (1, 3), "{outcomes:?}");
    }
    assert_eq!(events_of(&app, ann).await.len(), 6, "the registration and five changes");
}

async fn another_message_with_the_same_id_is_set_aside(app: App) {
    let ann = registered(&app.services, "ann").await.id;
    let settings = only(billing());
    let first = event(&app, CommandKind::Block, "1", ann, &json!({}));
    assert_eq!(send(&app, &settings, &signed(&first)).await, Outcome::Applied);
    let other = event(&app, CommandKind::Unblock, "1", ann, &json!({}));
    assert_eq!(reason(&app, &settings, &signed(&other)).await, "id_reused");
    assert_eq!(send(&app, &settings, &signed(&first)).await, Outcome::Repeated);
    assert_eq!(events_of(&app, ann).await, ["user.registered", "user.blocked"]);

    // Another source may have chosen the same id.
    let shop = Source { name: "shop".to_owned(), ..billing() };
    let mut same = event(&app, CommandKind::Unblock, "1", ann, &json!({}));
    same["source"] = json!("shop");
    assert_eq!(send(&app, &only(shop), &signed(&same)).await, Outcome::Applied);
}

async fn a_refused_one_is_refused_again_and_never_done_later(app: App) {
    let ann = registered(&app.services, "ann").await.id;
    let settings = only(billing());
    // Refused by the rules of accounts.
    let long = json!({ "reason": "x".repeat(501) });
    let message = signed(&event(&app, CommandKind::Block, "1", ann, &long));
    assert_eq!(reason(&app, &settings, &message).await, "invalid");
    let role = json!({ "role": "vip" });
    let mut source = billing();
    source.roles = vec![domain::RoleName::new("vip")];
    let settings = only(source);
    let message = signed(&event(&app, CommandKind::GrantRole, "2", ann, &role));
    assert_eq!(reason(&app, &settings, &message).await, "role_not_found");
    let new = operations::roles::NewRole {
        name: "vip".to_owned(),
        description: String::new(),
        permissions: Vec::new(),
    };
    let operator = app.services.operator();
    operations::roles::create(&app.services, &operator, &new).await.expect("a role");
    assert_eq!(reason(&app, &settings, &message).await, "role_not_found", "as it was told");
    let again = signed(&event(&app, CommandKind::GrantRole, "3", ann, &role));
    assert_eq!(send(&app, &settings, &again).await, Outcome::Applied, "under an id of its own");
    let told = events_of(&app, ann).await;
    assert_eq!(told, ["user.registered", "user.role_granted"]);
    let dump = app.database.dump().await;
    let mut calls: Vec<_> =
        dump.rows("audit_calls").iter().map(|call| call.text("outcome")).collect();
    calls.sort();
    assert_eq!(calls, ["done", "invalid", "role_not_found"], "each once");
}

async fn what_was_done_is_known_while_the_message_may_come(app: App) {
    let ann = registered(&app.services, "ann").await.id;
    let settings = only(billing());
    let message = signed(&event(&app, CommandKind::Block, "1", ann, &json!({})));
    assert_eq!(send(&app, &settings, &message).await, Outcome::Applied);
    // Done, but not known to be, for longer than it would be done at all.
    app.advance(DAY + Duration::from_hours(1));
    app.sweep().await;
    assert_eq!(send(&app, &settings, &message).await, Outcome::Repeated);
    app.advance(DAY);
    app.sweep().await;
    assert_eq!(app.database.count("command_inbox").await, 0);
    assert_eq!(reason(&app, &settings, &message).await, "too_old", "and is not done again");
    assert_eq!(events_of(&app, ann).await, ["user.registered", "user.blocked"]);
}
