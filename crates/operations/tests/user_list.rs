//! Lists of more accounts than one statement looks at.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::time::Duration;

use domain::user::Identifiers;
use domain::username::{Alphabet, UsernamePolicy};
use domain::{Actor, Fragment, Permission, Prefix, Profile, Refusal, UserId, Username};
use operations::accounts::{
    ListUsers, ListedUsers, Sort, SortOrder, Start, UserFilter, list, open_cursor,
};
use storage::users::{self, NewUser};
use testkit::App;

use crate::support::{acting, refusal, registered, signed_in};

testkit::on_every_backend!(crowded =>
    what_is_found_late_is_found_piece_by_piece,
    pages_of_a_walk_meet_without_gap_or_overlap,
    whoever_may_not_read_accounts_lists_none,
);

const CROWD: u16 = 2_300;

/// Accounts `user0000` to `user2299`, their last names being their numbers backwards.
async fn crowded(backend: testkit::Backend) -> App {
    let app = App::on(backend).await;
    let store = &app.database.store;
    let policy = UsernamePolicy { min: 1, max: 50, alphabet: Alphabet::Words, classes: &[] };
    let all: Vec<u16> = (0..CROWD).collect();
    for some in all.chunks(500) {
        let inserted: storage::Result<()> = storage::transact!(store, |tx| {
            for number in some {
                let digits = format!("{number:04}");
                let name = Username::parse(&format!("user{digits}"), &policy).expect("a name");
                let identifiers = Identifiers { username: Some(name), ..Identifiers::default() };
                let profile = Profile {
                    last_name: digits.chars().rev().collect(),
                    metadata: "{}".to_owned(),
                    ..Profile::default()
                };
                let mut chance = [0; 10];
                chance[..2].copy_from_slice(&number.to_be_bytes());
                let id = UserId::new(app.now(), chance);
                let new =
                    NewUser { id, identifiers: &identifiers, profile: &profile, now: app.now() };
                users::insert(tx, &new).await?;
            }
        });
        inserted.expect("a crowd");
    }
    app
}

fn request(filter: UserFilter, sort: Sort, limit: usize) -> ListUsers {
    ListUsers {
        filter,
        sort,
        order: SortOrder::Descending,
        start: Start::First,
        limit,
        with_total: true,
        patience: Duration::ZERO,
    }
}

fn names(listed: &ListedUsers) -> Vec<&str> {
    listed.users.iter().map(|one| one.user.display_name()).collect()
}

/// Goes on where `listed` ended.
fn continued(app: &App, request: &ListUsers, listed: &ListedUsers) -> Option<ListUsers> {
    let ListUsers { filter, sort, order, .. } = request;
    let next = listed.next.as_deref()?;
    let cursor = open_cursor(&app.services, filter, *sort, *order, next).expect("ours");
    Some(ListUsers { start: Start::After(cursor), ..request.clone() })
}

async fn what_is_found_late_is_found_piece_by_piece(app: App) {
    // Of the account that comes last: its last name is 7000.
    let contains = Some(Fragment::parse("7000").expect("a fragment"));
    let filter = UserFilter { contains, ..UserFilter::default() };
    let mut asked = request(filter, Sort::Username, 1);
    let (mut answers, mut found) = (0, Vec::new());
    loop {
        let listed = list(&app.services, &app.services.operator(), &asked).await.expect("a list");
        answers += 1;
        assert_eq!(listed.total, None, "that takes longer than no time at all");
        found.extend(names(&listed).into_iter().map(str::to_owned));
        match continued(&app, &asked, &listed) {
            Some(next) => {
                assert_eq!(listed.is_complete, !listed.users.is_empty());
                asked = next;
            }
            None => break,
        }
    }
    assert_eq!(found, ["user0007"]);
    assert!((4..30).contains(&answers), "{answers}");
    asked = ListUsers { start: Start::First, patience: Duration::from_secs(20), ..asked };
    let listed = list(&app.services, &app.services.operator(), &asked).await.expect("a list");
    assert_eq!(
        (names(&listed), listed.is_complete, listed.total),
        (vec!["user0007"], true, Some(1))
    );
}

async fn pages_of_a_walk_meet_without_gap_or_overlap(app: App) {
    let expected: Vec<String> = (0..CROWD).rev().map(|number| format!("user{number:04}")).collect();
    // All were made in one instant: ties are in the order of numbers.
    for sort in [Sort::Number, Sort::CreatedAt, Sort::LastLoginAt, Sort::Username, Sort::Email] {
        for filter in [UserFilter::default(), prefixed("user")] {
            let mut asked = request(filter, sort, 700);
            let mut met = Vec::new();
            loop {
                asked.patience = Duration::from_secs(20);
                let listed = list(&app.services, &app.services.operator(), &asked).await;
                let listed = listed.expect("a list");
                assert_eq!(listed.total, Some(usize::from(CROWD)), "{sort:?}");
                met.extend(names(&listed).into_iter().map(str::to_owned));
                match continued(&app, &asked, &listed) {
                    Some(next) => asked = next,
                    None => break,
                }
            }
            assert_eq!(met, expected, "{sort:?}");
        }
    }
    let skipping = Start::Skipping(2_000);
    let far = ListUsers { start: skipping, ..request(UserFilter::default(), Sort::Number, 2) };
    let far = ListUsers { patience: Duration::from_secs(20), ..far };
    let listed = list(&app.services, &app.services.operator(), &far).await.expect("a list");
    assert_eq!(names(&listed), ["user0299", "user0298"]);
}

fn prefixed(text: &str) -> UserFilter {
    UserFilter { search: Some(Prefix::parse(text).expect("a prefix")), ..UserFilter::default() }
}

async fn whoever_may_not_read_accounts_lists_none(app: App) {
    registered(&app.services, "ann").await;
    let (_, _, ctx) = acting(&app.services, &signed_in(&app.services, "ann").await).await;
    let asked = request(UserFilter::default(), Sort::Number, 1);
    let missing = Refusal::PermissionMissing(Permission::UsersRead);
    assert_eq!(refusal(list(&app.services, &ctx, &asked).await), missing);
    let nobody = ctx.acting_as(Actor::Anonymous);
    assert_eq!(refusal(list(&app.services, &nobody, &asked).await).code(), "token_missing");
}
