//! A sound database has no findings; each damage is found by its own counter and no other.

use domain::user::Identifiers;
use domain::{Actor, Event, EventId, RoleName, Session, SessionId, Surface, UserId};
use storage::consistency::{self, Findings};
use storage::events::{self, NewEvent};
use storage::{Result, Tx, passwords, roles, sessions, users};
use testkit::{Backend, Database, on_every_backend};

use crate::given::{self, NOW, later};
use crate::raw::Raw;

on_every_backend!(Database::fresh =>
    a_sound_database_has_no_findings,
    doubled_identifiers_are_found,
    events_amiss_are_found,
    sessions_amiss_are_found,
    accounts_amiss_are_found,
    orphans_are_found,
);

const SOUND: Findings = Findings {
    doubled_identifiers: 0,
    changes_without_event: 0,
    events_without_account: 0,
    gaps_in_events: 0,
    sessions_amiss: 0,
    sessions_of_inactive: 0,
    active_admins: 1,
    orphans: 0,
    nameless_accounts: 0,
    purged_with_data: 0,
};

/// ann is admin; bob is signed in; cid has events only; dan, eve and fay have one row elsewhere
/// and no events; zoe is purged.
async fn furnish(database: &Database) {
    let furnished: Result<()> = storage::transact!(database.store, |tx| {
        let ann = insert(tx, "ann").await?;
        roles::grant(tx, ann, &RoleName::new("admin"), NOW).await?;
        let bob = insert(tx, "bob").await?;
        sessions::insert(tx, &session(bob)).await?;
        let cid = insert(tx, "cid").await?;
        for user in [ann, cid, cid, cid] {
            events::push(tx, &event(user)).await?;
        }
        let dan = insert(tx, "dan").await?;
        passwords::set(tx, dan, "hash", NOW).await?;
        let eve = insert(tx, "eve").await?;
        sessions::insert(tx, &session(eve)).await?;
        let fay = insert(tx, "fay").await?;
        roles::grant(tx, fay, &RoleName::new("user"), NOW).await?;
        let zoe = insert(tx, "zoe").await?;
        users::purge(tx, zoe).await?;
    });
    furnished.expect("a furnished database");
}

async fn insert(tx: &mut Tx, name: &str) -> Result<UserId> {
    let identifiers = Identifiers {
        username: Some(given::username(name)),
        email: Some(given::email(&format!("{name}@example.org"))),
        phone: None,
    };
    given::insert(tx, &identifiers).await
}

fn session(user_id: UserId) -> Session {
    Session {
        id: SessionId::new(NOW, given::chance()),
        user_id,
        surface: Surface::Native,
        generation: 0,
        rotated_at: NOW,
        refresh_secret: vec![7; 32],
        created_at: NOW,
        last_seen_at: NOW,
        idle_expires_at: Some(later(10)),
        expires_at: later(10),
        ended_at: None,
        address: None,
        agent: None,
    }
}

fn event(user_id: UserId) -> NewEvent<'static> {
    NewEvent {
        id: EventId::new(NOW, given::chance()),
        user_id,
        event: &Event::UserUnblocked,
        actor: Actor::System,
        surface: Surface::Native,
        request_id: None,
        address: None,
        agent: None,
        now: NOW,
    }
}

async fn findings(database: &Database) -> Findings {
    let mut read = database.store.read().await.expect("a connection");
    consistency::findings(&mut read).await.expect("an answer")
}

async fn a_sound_database_has_no_findings(database: Database) {
    assert_eq!(findings(&database).await, Findings::default());
    furnish(&database).await;
    assert_eq!(findings(&database).await, SOUND);
}

/// Each damage is done to a database of its own.
async fn expect(backend: Backend, damages: &[(&'static str, Findings)]) {
    for (damage, expected) in damages {
        let database = Database::fresh(backend).await;
        furnish(&database).await;
        let mut raw = Raw::connect(&database).await;
        raw.ignore_foreign_keys().await;
        assert_ne!(raw.execute(damage).await, 0, "{damage} does nothing");
        assert_eq!(findings(&database).await, *expected, "after {damage}");
    }
}

async fn doubled_identifiers_are_found(database: Database) {
    furnish(&database).await;
    let mut raw = Raw::connect(&database).await;
    raw.ignore_foreign_keys().await;
    // No database lets an identifier be doubled while its key is there.
    match database.backend {
        Backend::Sqlite => {
            raw.execute(
                "CREATE TABLE copy AS SELECT * FROM users; DROP TABLE users; \
                 ALTER TABLE copy RENAME TO users",
            )
            .await
        }
        Backend::Postgres => {
            raw.execute(
                "ALTER TABLE users DROP CONSTRAINT users_username_key_unique, \
                 DROP CONSTRAINT users_email_key_unique, DROP CONSTRAINT users_phone_unique",
            )
            .await
        }
        Backend::MySql => {
            raw.execute(
                "ALTER TABLE users DROP INDEX users_username_key_unique, \
                 DROP INDEX users_email_key_unique, DROP INDEX users_phone_unique",
            )
            .await
        }
    };
    for (doubled_identifiers, damage) in [
        (1, "UPDATE users SET username_key = 'ann' WHERE username = 'bob'"),
        (2, "UPDATE users SET email_key = 'ann@example.org' WHERE username IN ('bob', 'cid')"),
        (3, "UPDATE users SET phone = '+15550000' WHERE username IN ('bob', 'cid')"),
    ] {
        raw.execute(damage).await;
        assert_eq!(
            findings(&database).await,
            Findings { doubled_identifiers, ..SOUND },
            "{damage}"
        );
    }
}

async fn events_amiss_are_found(database: Database) {
    let changes_without_event = Findings { changes_without_event: 1, ..SOUND };
    expect(
        database.backend,
        &[
            ("DELETE FROM events WHERE user_version = 3", changes_without_event),
            (
                "UPDATE users SET event_version = 1 WHERE username_key = 'bob'",
                changes_without_event,
            ),
            ("DELETE FROM events WHERE user_version = 2", Findings { gaps_in_events: 1, ..SOUND }),
            (
                "DELETE FROM users WHERE username_key = 'cid'",
                Findings { events_without_account: 3, ..SOUND },
            ),
        ],
    )
    .await;
}

async fn sessions_amiss_are_found(database: Database) {
    let sessions_amiss = Findings { sessions_amiss: 2, ..SOUND };
    let sessions_of_inactive = Findings { sessions_of_inactive: 1, ..SOUND };
    expect(
        database.backend,
        &[
            ("UPDATE sessions SET generation = -1", sessions_amiss),
            ("UPDATE sessions SET rotated_at = created_at - 1", sessions_amiss),
            ("UPDATE sessions SET idle_expires_at = expires_at + 1", sessions_amiss),
            (
                "UPDATE users SET status = 'blocked' WHERE username_key = 'bob'",
                sessions_of_inactive,
            ),
            (
                "UPDATE users SET status = 'deleted' WHERE username_key = 'bob'",
                sessions_of_inactive,
            ),
        ],
    )
    .await;
}

async fn accounts_amiss_are_found(database: Database) {
    let nobody_rules = Findings { active_admins: 0, ..SOUND };
    let purged_with_data = Findings { purged_with_data: 1, ..SOUND };
    let mut damages = vec![
        ("UPDATE users SET status = 'blocked' WHERE username_key = 'ann'", nobody_rules),
        ("DELETE FROM user_roles WHERE role = 'admin'", nobody_rules),
        (
            "UPDATE users SET username_key = NULL, email_key = NULL, phone = NULL \
             WHERE username_key = 'cid'",
            Findings { nameless_accounts: 1, ..SOUND },
        ),
    ];
    damages.extend(
        [
            "UPDATE users SET username = 'zoe' WHERE status = 'purged'",
            "UPDATE users SET username_key = 'zoe' WHERE status = 'purged'",
            "UPDATE users SET email = 'zoe@example.org' WHERE status = 'purged'",
            "UPDATE users SET email_key = 'zoe@example.org' WHERE status = 'purged'",
            "UPDATE users SET pending_email = 'zoe@example.org' WHERE status = 'purged'",
            "UPDATE users SET phone = '+15559999' WHERE status = 'purged'",
            "UPDATE users SET first_name = 'Zoe' WHERE status = 'purged'",
            "UPDATE users SET last_name = 'Zee' WHERE status = 'purged'",
            "UPDATE users SET locale = 'de' WHERE status = 'purged'",
            "UPDATE users SET metadata = '{\"a\":1}' WHERE status = 'purged'",
            "UPDATE users SET last_login_at = 1 WHERE status = 'purged'",
        ]
        .map(|damage| (damage, purged_with_data)),
    );
    expect(database.backend, &damages).await;
}

async fn orphans_are_found(database: Database) {
    let orphans = Findings { orphans: 1, ..SOUND };
    expect(
        database.backend,
        &[
            ("DELETE FROM users WHERE username_key = 'dan'", orphans),
            ("DELETE FROM users WHERE username_key = 'eve'", orphans),
            ("DELETE FROM users WHERE username_key = 'fay'", orphans),
        ],
    )
    .await;
}
