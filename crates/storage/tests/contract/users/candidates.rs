//! Accounts in every order, and by every index, as those read them who look for some.

use std::collections::BTreeSet;

use domain::user::Identifiers;
use domain::{RoleName, Status, StatusKind};
use storage::blocks::{self, Block};
use storage::users::{self, Candidate, Listed, Narrow, Sort, SortOrder};
use storage::{Store, roles};
use testkit::{Database, on_every_backend};

use crate::given::{self, later};

on_every_backend!(Database::fresh =>
    a_walk_meets_every_account_once_in_its_order,
    a_walk_through_one_state_meets_nobody_in_another,
    an_index_names_whom_it_should_and_nobody_else,
    beginnings_are_compared_byte_by_byte,
    the_listed_have_their_times_and_come_in_the_order_asked_for,
);

const SORTS: [Sort; 5] =
    [Sort::Number, Sort::CreatedAt, Sort::LastLoginAt, Sort::Username, Sort::Email];

fn everything(username: &str, email: &str, phone: &str) -> Identifiers {
    Identifiers {
        username: Some(given::username(username)),
        email: Some(given::email(email)),
        phone: Some(given::phone(phone)),
    }
}

/// Five accounts, each without something that another has.
async fn crowd(store: &Store) {
    let all = [
        everything("Zoe", "bob@example.org", "+493012345"),
        given::named("ann"),
        given::mailed("Ann@example.org"),
        given::called("+4930123"),
        everything("annette", "zed@example.org", "+4930999"),
    ];
    for (place, identifiers) in (1..).zip(&all) {
        let user = given::user(store, identifiers).await;
        let signed_in: storage::Result<()> = storage::transact!(store, |tx| {
            if place % 2 == 1 {
                // Two of them in the same moment.
                let at = later(place / 3);
                users::record_sign_in(tx, &user, at).await?;
            }
            if place == 4 {
                roles::grant(tx, user.id, &moderator(), later(1)).await?;
                users::block(tx, user.id, later(2)).await?;
                let reason = Some("spam".to_owned());
                blocks::set(tx, user.id, &Block { reason, until: Some(later(9)) }).await?;
            }
        });
        signed_in.expect("an account of the crowd");
    }
}

fn moderator() -> RoleName {
    RoleName::new(RoleName::MODERATOR)
}

async fn walk(store: &Store, sort: Sort, order: SortOrder, piece: i64) -> Vec<Candidate> {
    let mut read = store.read().await.expect("a connection");
    let (mut met, mut position) = (Vec::new(), sort.start(order));
    loop {
        let some = users::walk(&mut read, sort, order, &moderator(), &position, piece).await;
        let some = some.expect("a piece");
        position = match some.last() {
            Some(last) => sort.position(last),
            None => match sort.second_half(order, &position) {
                Some(second) => second,
                None => return met,
            },
        };
        met.extend(some);
    }
}

async fn a_walk_meets_every_account_once_in_its_order(database: Database) {
    let store = &database.store;
    crowd(store).await;
    for sort in SORTS {
        for piece in [1, 2, 10] {
            for (order, expected) in
                [SortOrder::Ascending, SortOrder::Descending].into_iter().zip(expected(sort))
            {
                let met = walk(store, sort, order, piece).await;
                let numbers: Vec<i64> = met.iter().map(|one| one.number).collect();
                assert_eq!(numbers, expected, "{sort:?} {order:?} by {piece}");
            }
        }
    }
    let all = walk(store, Sort::Number, SortOrder::Ascending, 10).await;
    let holders: Vec<i64> = all.iter().filter(|one| one.holds_role).map(|one| one.number).collect();
    assert_eq!(holders, [4]);
    assert_eq!(all[3].status, StatusKind::Blocked);
    assert_eq!(all[2].email_key.as_deref(), Some("ann@example.org"));
    assert_eq!(all[0].username_key.as_deref(), Some("zoe"));
    assert_eq!(all[0].last_login_at, Some(later(0)));
}

async fn a_walk_through_one_state_meets_nobody_in_another(database: Database) {
    let store = &database.store;
    crowd(store).await;
    let mut read = store.read().await.expect("a connection");
    for (status, order, after, limit, expected) in [
        (StatusKind::Blocked, SortOrder::Ascending, i64::MIN, 9, vec![4]),
        (StatusKind::Blocked, SortOrder::Descending, i64::MAX, 9, vec![4]),
        (StatusKind::Blocked, SortOrder::Ascending, 4, 9, vec![]),
        (StatusKind::Active, SortOrder::Ascending, 1, 2, vec![2, 3]),
        (StatusKind::Active, SortOrder::Descending, 5, 9, vec![3, 2, 1]),
        (StatusKind::Deleted, SortOrder::Ascending, i64::MIN, 9, vec![]),
    ] {
        let met = users::walk_status(&mut read, status, order, &moderator(), after, limit).await;
        let met = met.expect("a piece");
        let numbers: Vec<i64> = met.iter().map(|one| one.number).collect();
        assert_eq!(numbers, expected, "{status:?} {order:?} after {after}");
        let holders = met.iter().filter(|one| one.holds_role).count();
        assert_eq!(holders, usize::from(status == StatusKind::Blocked && !met.is_empty()));
    }
}

/// Upwards and downwards; whoever lacks the value comes last in both.
fn expected(sort: Sort) -> [[i64; 5]; 2] {
    match sort {
        Sort::Number | Sort::CreatedAt => [[1, 2, 3, 4, 5], [5, 4, 3, 2, 1]],
        Sort::LastLoginAt => [[1, 3, 5, 2, 4], [5, 3, 1, 4, 2]],
        Sort::Username => [[2, 5, 1, 3, 4], [1, 5, 2, 4, 3]],
        Sort::Email => [[3, 1, 5, 2, 4], [5, 1, 3, 4, 2]],
    }
}

async fn named(store: &Store, by: Narrow<'_>) -> BTreeSet<i64> {
    let mut read = store.read().await.expect("a connection");
    let found = users::narrow(&mut read, by, &moderator(), 10).await.expect("candidates");
    let count = users::count_narrow(&mut read, by, 10).await.expect("a count");
    assert_eq!(i64::try_from(found.len()), Ok(count), "{by:?}");
    let capped = users::count_narrow(&mut read, by, 1).await.expect("a count");
    assert_eq!(capped, count.min(1), "{by:?}");
    found.iter().map(|one| one.number).collect()
}

async fn an_index_names_whom_it_should_and_nobody_else(database: Database) {
    let store = &database.store;
    crowd(store).await;
    let role = moderator();
    for (by, expected) in [
        (Narrow::Username("ann"), vec![2, 5]),
        (Narrow::Username("annet"), vec![5]),
        (Narrow::Email("ann@"), vec![3]),
        (Narrow::Email("z"), vec![5]),
        (Narrow::Phone("+4930123"), vec![1, 4]),
        (Narrow::Phone("+49309"), vec![5]),
        (Narrow::Phone("+1"), vec![]),
        (Narrow::Role(&role), vec![4]),
        (Narrow::Status(StatusKind::Blocked), vec![4]),
        (Narrow::Status(StatusKind::Deleted), vec![]),
        (Narrow::CreatedAt(later(0), later(1)), vec![1, 2, 3, 4, 5]),
        (Narrow::CreatedAt(later(1), later(2)), vec![]),
        (Narrow::LastLoginAt(later(0), later(1)), vec![1]),
        (Narrow::LastLoginAt(later(1), later(9)), vec![3, 5]),
    ] {
        assert_eq!(named(store, by).await, BTreeSet::from_iter(expected), "{by:?}");
    }
}

/// What `LIKE` would take for a pattern, and letters that collations take for equal.
async fn beginnings_are_compared_byte_by_byte(database: Database) {
    let store = &database.store;
    for name in ["a_b", "axb", "a%b", "äb", "ab", "a😀", "zß"] {
        given::user(store, &given::named(name)).await;
    }
    for (beginning, expected) in [
        ("a_", vec![1]),
        ("a%", vec![3]),
        ("ä", vec![4]),
        ("a", vec![1, 2, 3, 5, 6]),
        ("a😀", vec![6]),
        ("zss", vec![7]),
        ("' OR 1=1 --", vec![]),
    ] {
        let found = named(store, Narrow::Username(beginning)).await;
        assert_eq!(found, BTreeSet::from_iter(expected), "{beginning}");
    }
}

async fn the_listed_have_their_times_and_come_in_the_order_asked_for(database: Database) {
    let store = &database.store;
    crowd(store).await;
    let mut read = store.read().await.expect("a connection");
    let listed = users::list_these(&mut read, &[5, 99, 4, 1]).await.expect("accounts");
    let numbers: Vec<i64> = listed.iter().map(|one| one.user.number).collect();
    assert_eq!(numbers, [5, 4, 1]);
    assert_eq!(listed[1].blocked_at, Some(later(2)));
    assert_eq!(listed[1].blocked_for.as_deref(), Some("spam"));
    assert_eq!(listed[1].user.status, Status::Blocked { until: Some(later(9)) });
    assert_eq!(listed[1].user.roles, [moderator()]);
    let many: Vec<i64> = (1..=23).rev().collect();
    assert_eq!(users::list_these(&mut read, &many).await.expect("accounts").len(), 5);
    assert_eq!(users::list_these(&mut read, &[]).await.expect("accounts"), []);
    let ann = &listed[2].user;
    let found = users::find_listed(&mut read, ann.id).await.expect("an answer");
    let expected =
        Listed { user: ann.clone(), blocked_at: None, blocked_for: None, deleted_at: None };
    assert_eq!(found, Some(expected));
}
