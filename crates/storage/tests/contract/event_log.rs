//! The log: numbered by whoever leads, read by everybody.

use std::time::Duration;

use domain::{Actor, Event, EventId, RoleName, Surface, UserId};
use storage::event_cursors::{self, Cursor, Failing, Refused};
use storage::event_dead_letters::{self, DeadLetter};
use storage::event_leader::{self, Epoch, Leader};
use storage::event_log::{self, Logged};
use storage::event_replays::{self, Replay, ReplayOf};
use storage::events::{self, NewEvent};
use storage::{Error, Result, Store, Tx, roles, users};
use testkit::{Database, on_every_backend};

use crate::given::{self, NOW, later};
use crate::plans::assert_by_index;
use crate::raw::Raw;

on_every_backend!(Database::fresh =>
    numbers_are_dense_and_in_the_order_of_each_user,
    r_06_an_event_that_commits_late_gets_a_later_number,
    what_follows_an_event_that_is_not_among_them_waits,
    one_leads_until_its_lease_is_over_and_then_writes_nothing_any_more,
    a_cursor_moves_for_the_leader_only,
    what_is_refused_is_parked_and_what_is_asked_for_is_told_again,
    the_log_is_read_from_its_end_back,
    the_accounts_of_a_part_of_the_log_are_read_together,
    the_log_is_read_by_its_indexes,
);

const POSITION: &str = "events_position_unique|sqlite_autoindex_events_2|events_unnumbered";
const LEASE: Duration = Duration::from_secs(10);

async fn push(tx: &mut Tx, user_id: UserId) -> Result<()> {
    let new = NewEvent {
        id: EventId::new(NOW, given::chance()),
        user_id,
        event: &Event::UserUnblocked,
        actor: Actor::Operator,
        surface: Surface::Operator,
        request_id: None,
        address: None,
        agent: None,
        now: NOW,
    };
    events::push(tx, &new).await
}

async fn push_alone(store: &Store, user_id: UserId) {
    let pushed: Result<()> = storage::transact!(store, |tx| { push(tx, user_id).await? });
    pushed.expect("pushed");
}

async fn lead(store: &Store, lease: Duration) -> Option<Epoch> {
    let led: Result<Option<Epoch>> =
        storage::transact!(store, |tx| { event_leader::lead(tx, lease).await? });
    led.expect("an answer")
}

async fn number(store: &Store, epoch: Epoch, limit: i64) -> Result<usize> {
    storage::transact!(store, |tx| { event_log::number(tx, epoch, limit).await? })
}

async fn log(store: &Store) -> Vec<Logged> {
    let mut read = store.read().await.expect("a connection");
    event_log::after(&mut read, 0, i64::MAX, 1000).await.expect("an answer")
}

fn of(log: &[Logged], user: UserId) -> Vec<i64> {
    log.iter().filter(|logged| logged.user_id == user).map(|logged| logged.user_version).collect()
}

async fn numbers_are_dense_and_in_the_order_of_each_user(database: Database) {
    let store = &database.store;
    let ann = given::ann(store).await.id;
    let bob = given::user(store, &given::named("bob")).await.id;
    for user in [ann, bob, ann, ann, bob] {
        push_alone(store, user).await;
    }
    // A clock that steps back between two transactions.
    let mut raw = Raw::connect(&database).await;
    raw.execute("UPDATE events SET recorded_at = recorded_at - 60000000 WHERE user_version = 3")
        .await;
    let epoch = lead(store, LEASE).await.expect("nobody leads");
    assert_eq!(number(store, epoch, 100).await.expect("numbered"), 5);
    assert_eq!(number(store, epoch, 100).await.expect("numbered"), 0);
    let log = log(store).await;
    let positions: Vec<i64> = log.iter().map(|logged| logged.position).collect();
    assert_eq!(positions, [1, 2, 3, 4, 5]);
    assert_eq!((of(&log, ann), of(&log, bob)), (vec![1, 2, 3], vec![1, 2]));
    let first = &log[0];
    assert_eq!((first.name.as_str(), first.data.as_str()), ("vestibule.user.unblocked.v1", "{}"));
    assert_eq!((first.actor.as_str(), first.actor_id), ("operator", None));
    assert_eq!(first.occurred_at, NOW);

    let mut read = store.read().await.expect("a connection");
    let some = event_log::after(&mut read, 1, 4, 2).await.expect("an answer");
    assert_eq!(some.iter().map(|logged| logged.position).collect::<Vec<_>>(), [2, 3]);
    let bobs = event_log::of_user_after(&mut read, bob, 0, 5, 9).await.expect("an answer");
    assert_eq!(of(&bobs, bob), [1, 2]);
    assert_eq!(bobs.len(), 2);
    let state = event_leader::state(&mut read).await.expect("an answer");
    assert_eq!(state, Leader { epoch, position: 5, is_led: true });
}

async fn r_06_an_event_that_commits_late_gets_a_later_number(database: Database) {
    let ann = given::ann(&database.store).await.id;
    let bob = given::user(&database.store, &given::named("bob")).await.id;
    let rival = database.connect_again().await;
    let epoch = lead(&database.store, LEASE).await.expect("nobody leads");
    let mut late = database.store.write().await.expect("begun");
    push(&mut late, ann).await.expect("pushed");
    if database.backend == testkit::Backend::Sqlite {
        // One writer: nobody can be later than the others.
        late.commit().await.expect("committed");
        push_alone(&rival, bob).await;
        assert_eq!(number(&rival, epoch, 10).await.expect("numbered"), 2);
        return;
    }
    push_alone(&rival, bob).await;
    assert_eq!(number(&rival, epoch, 10).await.expect("numbered"), 1);
    late.commit().await.expect("committed");
    assert_eq!(number(&rival, epoch, 10).await.expect("numbered"), 1);
    let log = log(&rival).await;
    assert_eq!(log.iter().map(|logged| logged.user_id).collect::<Vec<_>>(), [bob, ann]);
    assert_eq!((log[0].position, log[1].position), (1, 2));
}

async fn what_follows_an_event_that_is_not_among_them_waits(database: Database) {
    let store = &database.store;
    let ann = given::ann(store).await.id;
    for _ in 0..4 {
        push_alone(store, ann).await;
    }
    let mut raw = Raw::connect(&database).await;
    raw.execute("UPDATE events SET recorded_at = recorded_at + 60000000 WHERE user_version = 1")
        .await;
    let epoch = lead(store, LEASE).await.expect("nobody leads");
    assert_eq!(number(store, epoch, 2).await.expect("numbered"), 0, "the first is not among them");
    assert_eq!(number(store, epoch, 4).await.expect("numbered"), 4);
    assert_eq!(of(&log(store).await, ann), [1, 2, 3, 4]);
}

async fn one_leads_until_its_lease_is_over_and_then_writes_nothing_any_more(database: Database) {
    let store = &database.store;
    let ann = given::ann(store).await.id;
    let first = lead(store, Duration::from_millis(300)).await.expect("nobody leads");
    assert_eq!(lead(store, LEASE).await, None);
    let keep = async |epoch| -> Result<bool> {
        storage::transact!(store, |tx| { event_leader::keep(tx, epoch, LEASE).await? })
    };
    assert!(keep(first).await.expect("an answer"));
    let resigned: Result<()> =
        storage::transact!(store, |tx| { event_leader::resign(tx, first).await? });
    resigned.expect("resigned");
    let second = lead(store, LEASE).await.expect("the first has resigned");
    assert_ne!(first, second);
    assert!(!keep(first).await.expect("an answer"));
    push_alone(store, ann).await;
    assert!(matches!(number(store, first, 10).await, Err(Error::Stale)));
    assert!(log(store).await.is_empty());
    assert_eq!(number(store, second, 10).await.expect("numbered"), 1);
}

async fn a_cursor_moves_for_the_leader_only(database: Database) {
    let store = &database.store;
    let epoch = lead(store, LEASE).await.expect("nobody leads");
    let inserted: Result<()> =
        storage::transact!(store, |tx| { event_cursors::insert(tx, "kafka", 3, NOW).await? });
    inserted.expect("inserted");
    let advance = async |epoch, last, next| -> Result<()> {
        storage::transact!(store, |tx| {
            event_cursors::advance(tx, epoch, "kafka", last, next, later(1)).await?;
        })
    };
    assert!(matches!(advance(Epoch(epoch.0 - 1), 3, 4).await, Err(Error::Stale)));
    assert!(matches!(advance(epoch, 2, 4).await, Err(Error::Stale)));
    let fail = async |epoch, at, why| -> Result<()> {
        storage::transact!(store, |tx| {
            event_cursors::fail(tx, epoch, "kafka", why, later(at)).await?;
        })
    };
    let former = Epoch(epoch.0 - 1);
    assert!(matches!(fail(former, 4, "away").await, Err(Error::Stale)));
    for (at, why) in [(5, "away"), (9, "still away")] {
        fail(epoch, at, why).await.expect("noted");
    }
    let refused = Refused { position: 4, since: later(6), times: 2 };
    let refuse = async |epoch| -> Result<()> {
        storage::transact!(store, |tx| {
            event_cursors::refuse(tx, epoch, "kafka", &refused).await?;
        })
    };
    assert!(matches!(refuse(former).await, Err(Error::Stale)));
    refuse(epoch).await.expect("noted");
    let found = async || {
        let mut read = store.read().await.expect("a connection");
        event_cursors::find(&mut read, "kafka").await.expect("an answer").expect("it is there")
    };
    let failing = Failing { since: later(5), reason: "still away".to_owned(), times: 2 };
    let expected = Cursor {
        sink: "kafka".to_owned(),
        position: 3,
        moved_at: NOW,
        failing: Some(failing),
        refused: Some(refused),
    };
    assert_eq!(found().await, expected);
    let recover = async |epoch| -> Result<()> {
        storage::transact!(store, |tx| { event_cursors::recover(tx, epoch, "kafka").await? })
    };
    let pardon = async |epoch| -> Result<()> {
        storage::transact!(store, |tx| { event_cursors::pardon(tx, epoch, "kafka").await? })
    };
    assert!(matches!(recover(former).await, Err(Error::Stale)));
    assert!(matches!(pardon(former).await, Err(Error::Stale)));
    assert_eq!(found().await, expected, "a leader of the past has nothing to say");
    recover(epoch).await.expect("noted");
    assert_eq!(found().await, Cursor { failing: None, ..expected.clone() });
    pardon(epoch).await.expect("noted");
    assert_eq!(found().await.refused, None);
    fail(epoch, 11, "away again").await.expect("noted");
    refuse(epoch).await.expect("noted");
    assert_eq!(found().await.failing.map(|failing| failing.times), Some(1));
    let absolved: Result<()> =
        storage::transact!(store, |tx| { event_cursors::absolve(tx, "kafka").await? });
    absolved.expect("noted");
    advance(epoch, 3, 4).await.expect("moved");
    let (failing, refused) = (None, None);
    let moved = Cursor { position: 4, moved_at: later(1), failing, refused, ..expected };
    assert_eq!(found().await, moved);
    let mut read = store.read().await.expect("a connection");
    assert_eq!(event_cursors::all(&mut read).await.expect("an answer"), [moved]);
    assert_eq!(event_cursors::began_after(&mut read, "kafka").await.expect("an answer"), 3);
    drop(read);
    let passed: Result<()> = storage::transact!(store, |tx| {
        event_cursors::pass(tx, "kafka", 4, 5, later(2)).await?;
    });
    passed.expect("moved, whoever leads");
    let is_there = async || -> bool {
        let held: Result<bool> =
            storage::transact!(store, |tx| { event_cursors::hold(tx, "kafka").await? });
        held.expect("an answer")
    };
    assert!(is_there().await);
    for was_there in [true, false] {
        let removed: Result<bool> =
            storage::transact!(store, |tx| { event_cursors::remove(tx, "kafka").await? });
        assert_eq!(removed.expect("an answer"), was_there);
        assert!(!is_there().await);
    }
    let mut read = store.read().await.expect("a connection");
    assert_eq!(event_cursors::find(&mut read, "kafka").await.expect("an answer"), None);
}

async fn what_is_refused_is_parked_and_what_is_asked_for_is_told_again(database: Database) {
    let store = &database.store;
    let ann = given::user_id();
    let epoch = lead(store, LEASE).await.expect("nobody leads");
    let letter = |position, reason: &str| DeadLetter {
        sink: "kafka".to_owned(),
        position,
        reason: reason.to_owned(),
        parked_at: NOW,
    };
    let parked: Result<()> = storage::transact!(store, |tx| {
        for (position, reason) in [(7, "too large"), (8, "no"), (7, "still too large")] {
            event_dead_letters::park(tx, &letter(position, reason)).await?;
        }
    });
    parked.expect("parked");
    let mut read = store.read().await.expect("a connection");
    assert_eq!(event_dead_letters::count(&mut read, "kafka").await.expect("an answer"), 2);
    let letters = event_dead_letters::list(&mut read, 9).await.expect("an answer");
    assert_eq!(letters, [letter(8, "no"), letter(7, "still too large")]);
    drop(read);

    let replay = |user_id| {
        let (id, of) = (given::user_id().0, ReplayOf::Events);
        Replay { id, of, user_id, position: 2, until: 9 }
    };
    let (all, anns) = (replay(None), replay(Some(ann)));
    let asked: Result<()> = storage::transact!(store, |tx| {
        event_replays::ask(tx, "kafka", &all, NOW).await?;
        event_replays::ask(tx, "kafka", &anns, later(1)).await?;
    });
    asked.expect("asked");
    let open = async |sink| {
        let mut read = store.read().await.expect("a connection");
        let count = event_replays::count(&mut read, sink).await.expect("an answer");
        (event_replays::open(&mut read, sink).await.expect("an answer"), count)
    };
    assert_eq!(open("kafka").await, (Some(all.clone()), 2));
    assert_eq!(open("other").await, (None, 0));
    let advance = async |epoch, replay: &Replay, next, done| -> Result<()> {
        storage::transact!(store, |tx| {
            event_replays::advance(tx, epoch, replay, next, done).await?;
        })
    };
    assert!(matches!(advance(Epoch(epoch.0 + 1), &all, 5, None).await, Err(Error::Stale)));
    advance(epoch, &all, 5, None).await.expect("moved");
    assert!(matches!(advance(epoch, &all, 6, None).await, Err(Error::Stale)));
    let moved = Replay { position: 5, ..all };
    advance(epoch, &moved, 9, Some(NOW)).await.expect("done");
    assert_eq!(open("kafka").await, (Some(anns.clone()), 1));
    let forget = async |before| -> Result<u64> {
        storage::transact!(store, |tx| { event_replays::delete_done(tx, before).await? })
    };
    assert_eq!(forget(NOW).await.expect("forgotten"), 0, "not done before then");
    assert_eq!(forget(later(1)).await.expect("forgotten"), 1);
    assert_eq!(database.count("event_replays").await, 1);
    assert_eq!(open("kafka").await, (Some(anns), 1), "what is not done stays");
    let accounts = Replay { of: ReplayOf::Accounts, position: 1, until: 4, ..replay(None) };
    let asked: Result<()> =
        storage::transact!(store, |tx| { event_replays::ask(tx, "state", &accounts, NOW).await? });
    asked.expect("asked");
    assert_eq!(open("state").await, (Some(accounts), 1));
    let mut read = store.read().await.expect("a connection");
    let least = event_replays::least(&mut read).await.expect("an answer");
    assert_eq!(least, Some(2), "accounts have no place in the log");
}

async fn the_log_is_read_from_its_end_back(database: Database) {
    let store = &database.store;
    let ann = given::ann(store).await.id;
    let bob = given::user(store, &given::named("bob")).await.id;
    for user in [ann, bob, ann, bob, ann] {
        push_alone(store, user).await;
    }
    let epoch = lead(store, LEASE).await.expect("nobody leads");
    assert_eq!(number(store, epoch, 4).await.expect("numbered"), 4);
    let mut forth = log(store).await;
    forth.reverse();
    let mut read = store.read().await.expect("a connection");
    let back = event_log::before(&mut read, i64::MAX, 100).await.expect("an answer");
    assert_eq!((&back, back.len()), (&forth, 4), "what has no number is not there");
    let some = event_log::before(&mut read, 4, 2).await.expect("an answer");
    assert_eq!(some, forth[1..3]);
    let of_ann = event_log::of_user_before(&mut read, ann, i64::MAX, 1).await.expect("an answer");
    let anns = forth.iter().find(|logged| logged.user_id == ann);
    assert_eq!(of_ann.first(), anns);
    let before = of_ann[0].position;
    let older = event_log::of_user_before(&mut read, ann, before, 9).await.expect("an answer");
    assert!(!older.is_empty() && older.iter().all(|logged| logged.user_id == ann));
    assert!(older.iter().all(|logged| logged.position < before));
}

async fn the_accounts_of_a_part_of_the_log_are_read_together(database: Database) {
    let store = &database.store;
    let names = ["ann", "bob", "cid", "dan"];
    let mut ids = Vec::new();
    for name in names {
        ids.push(given::user(store, &given::named(name)).await.id);
    }
    let [ann, bob, cid, dan] = ids[..] else { panic!("four") };
    let changed: Result<()> = storage::transact!(store, |tx| {
        roles::grant(tx, bob, &RoleName::new("moderator".to_owned()), NOW).await?;
        roles::grant(tx, bob, &RoleName::new("user".to_owned()), NOW).await?;
        roles::grant(tx, cid, &RoleName::new("user".to_owned()), NOW).await?;
    });
    changed.expect("granted");
    for user in [ann, bob, cid, bob, dan] {
        push_alone(store, user).await;
    }
    let epoch = lead(store, LEASE).await.expect("nobody leads");
    assert_eq!(number(store, epoch, 9).await.expect("numbered"), 5);
    let mut read = store.read().await.expect("a connection");
    for (after, until, expected) in
        [(0, 0, &[][..]), (1, 4, &[bob, cid]), (0, 2, &[ann, bob]), (0, 9, &[ann, bob, cid, dan])]
    {
        let mut found = users::of_events(&mut read, after, until).await.expect("an answer");
        found.sort_by_key(|user| user.number);
        assert_eq!(found.iter().map(|user| user.id).collect::<Vec<_>>(), expected);
        for user in found {
            let alone = users::find(&mut read, user.id).await.expect("an answer");
            assert_eq!(alone, Some(user), "as when it is read alone");
        }
    }
}

async fn the_log_is_read_by_its_indexes(database: Database) {
    let id = "'00000000-0000-7000-8000-000000000000'";
    let id = if database.backend == testkit::Backend::Postgres { id } else { "x'00'" };
    let of_user = "events_user_version_unique|sqlite_autoindex_events_3";
    let statements: [(&str, &[&str], &str); 10] = [
        ("storage::event_log::UNNUMBERED", &["100"], "events_unnumbered"),
        ("storage::event_log::OLDEST_UNNUMBERED", &[], "events_unnumbered"),
        ("storage::event_log::AFTER", &["5", "9", "100"], POSITION),
        ("storage::event_log::OF_USER_AFTER", &[id, "5", "9", "100"], of_user),
        ("storage::event_log::BEFORE", &["5", "100"], POSITION),
        ("storage::event_log::OF_USER_BEFORE", &[id, "5", "100"], of_user),
        ("storage::event_log::OLDEST_AFTER", &["5"], POSITION),
        ("storage::event_log::FIRST_SINCE", &["5"], "events_recorded_at"),
        ("storage::event_log::OLDEST", &["100"], POSITION),
        ("storage::event_replays::OPEN", &["'kafka'"], "event_replays_open"),
    ];
    assert_by_index(&database, &statements).await;
}
