//! Lists of more accounts than one statement looks at.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::time::Duration;

use domain::{Actor, Fragment, Permission, Prefix, Refusal};
use operations::accounts::{
    ListUsers, ListedUsers, Sort, SortOrder, Start, UserFilter, list, open_cursor,
};
use testkit::App;

use crate::crowd::{CROWD, crowded};
use crate::support::{acting, refusal, registered, signed_in};

testkit::on_every_backend!(crowded =>
    what_is_found_late_is_found_piece_by_piece,
    pages_of_a_walk_meet_without_gap_or_overlap,
    a_far_page_that_takes_several_answers_begins_where_it_should,
    counting_takes_no_time_from_the_page,
    whoever_may_not_read_accounts_lists_none,
);

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
    let contains = Some(fragment("7000"));
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

async fn a_far_page_that_takes_several_answers_begins_where_it_should(app: App) {
    for sort in [Sort::Number, Sort::Username, Sort::LastLoginAt] {
        let filter = UserFilter { contains: Some(fragment("user")), ..UserFilter::default() };
        let skipping = Start::Skipping(2_000);
        let mut asked = ListUsers { start: skipping, ..request(filter, sort, 3) };
        let (mut answers, mut found) = (0, Vec::new());
        while found.is_empty() {
            let listed = list(&app.services, &app.services.operator(), &asked).await;
            let listed = listed.expect("a list");
            answers += 1;
            found.extend(names(&listed).into_iter().map(str::to_owned));
            asked = continued(&app, &asked, &listed).expect("more");
        }
        assert!(answers > 1, "{sort:?}: time was not over");
        assert_eq!(found, ["user0299", "user0298", "user0297"], "{sort:?}");
    }
}

async fn counting_takes_no_time_from_the_page(app: App) {
    // Of the account that comes last: both the page and the count take all pieces.
    let filter = UserFilter { contains: Some(fragment("7000")), ..UserFilter::default() };
    let asked = request(filter, Sort::Username, 1);
    for power in 0..16 {
        let patience = Duration::from_millis(1 << power);
        let asked = ListUsers { patience, ..asked.clone() };
        let listed = list(&app.services, &app.services.operator(), &asked).await.expect("a list");
        if listed.total.is_some() {
            assert!(listed.is_complete, "counted within {patience:?}, but not shown");
            return;
        }
    }
    panic!("not even half a minute was enough");
}

fn fragment(text: &str) -> Fragment {
    Fragment::parse(text).expect("a fragment")
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
