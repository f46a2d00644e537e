//! One verb for many accounts, when there is no time for all of them at once.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::time::Duration;

use domain::{Fragment, Refusal, UserId};
use operations::accounts::{
    BlockTerms, Bulk, BulkAction, BulkCursor, BulkPlan, BulkRun, UserFilter, Whom,
    open_bulk_cursor, plan_bulk, run_bulk, seal_bulk_cursor,
};
use testkit::App;

use crate::crowd::crowded;
use crate::support::{refusal, registered};

testkit::on_every_backend!(crowded =>
    whoever_fits_without_an_index_is_found_in_several_requests,
    a_change_goes_on_where_it_ended_until_nobody_is_left,
    what_changed_meanwhile_ends_a_change_before_it_does_more,
    a_list_of_ids_goes_on_where_it_ended,
    auz_10_a_cursor_is_good_for_its_own_change_only,
);

/// Twelve of the crowd, in all of its pieces: ten at its beginning, `user1000` and `user2000`.
const FITTING: usize = 12;

/// There is time for one piece of the search and one account in each request.
fn bulk(action: BulkAction, whom: Whom) -> Bulk {
    Bulk { action, whom, after: BulkCursor::START, patience: Duration::ZERO }
}

fn fitting(action: BulkAction) -> Bulk {
    let contains = Some(Fragment::parse("000").expect("a fragment"));
    bulk(action, Whom::Fitting(Box::new(UserFilter { contains, ..UserFilter::default() })))
}

fn block() -> BulkAction {
    BulkAction::Block(BlockTerms::default())
}

/// As over HTTP: what leads on is sealed and comes back.
fn lead_on(app: &App, bulk: &mut Bulk, next: BulkCursor) {
    let text = seal_bulk_cursor(&app.services, bulk, next).expect("sealed");
    bulk.after = open_bulk_cursor(&app.services, bulk, &text).expect("ours");
    assert_eq!(bulk.after, next);
}

async fn plan(app: &App, bulk: &Bulk) -> BulkPlan {
    plan_bulk(&app.services, &app.services.operator(), bulk).await.expect("a plan")
}

async fn run(app: &App, bulk: &Bulk, expected: usize) -> BulkRun {
    run_bulk(&app.services, &app.services.operator(), bulk, expected).await.expect("a run")
}

/// All of it, and how many requests that took.
async fn whole(app: &App, mut bulk: Bulk, expected: usize) -> (BulkRun, usize) {
    let mut whole = run(app, &bulk, expected).await;
    let mut requests = 1;
    while let Some(next) = whole.next {
        assert!(requests < 100, "it never ends");
        lead_on(app, &mut bulk, next);
        whole.add(run(app, &bulk, expected).await);
        requests += 1;
    }
    (whole, requests)
}

async fn whoever_fits_without_an_index_is_found_in_several_requests(app: App) {
    let mut bulk = fitting(block());
    let mut planned = plan(&app, &bulk).await;
    assert_eq!((planned.count, planned.next.is_some()), (10, true), "the first thousand");
    while let Some(next) = planned.next {
        lead_on(&app, &mut bulk, next);
        planned.add(plan(&app, &bulk).await);
    }
    assert_eq!(planned.count, FITTING);
    let names = planned.first.iter().map(|one| one.user.display_name());
    let expected = (0..10).chain([1_000, 2_000]).map(|number| format!("user{number:04}"));
    assert_eq!(names.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
}

async fn a_change_goes_on_where_it_ended_until_nobody_is_left(app: App) {
    let first = run(&app, &fitting(block()), FITTING).await;
    assert_eq!((first.changed, first.left, first.next.is_some()), (1, FITTING - 1, true));
    // Beginning anew, who is blocked already takes as long as who is not, and all are met.
    let (whole_run, requests) = whole(&app, fitting(block()), FITTING).await;
    let counts = (whole_run.changed, whole_run.unchanged, whole_run.left);
    assert_eq!(counts, (FITTING - 1, 1, 0));
    assert!(requests >= FITTING, "{requests}");
    // The sessions of nobody end as often as one likes; and who fits may become fewer.
    let (ended, _) = whole(&app, fitting(BulkAction::EndSessions), FITTING).await;
    assert_eq!((ended.changed, ended.left), (FITTING, 0));
    let (deleted, _) = whole(&app, fitting(BulkAction::Delete), FITTING).await;
    assert_eq!((deleted.changed, deleted.left), (FITTING, 0));
    let (restored, _) = whole(&app, fitting(BulkAction::Restore), FITTING).await;
    assert_eq!((restored.changed, restored.left), (FITTING, 0));
}

async fn what_changed_meanwhile_ends_a_change_before_it_does_more(app: App) {
    let operator = app.services.operator();
    // Fewer are expected than the first piece holds: nothing is done.
    let outcome = run_bulk(&app.services, &operator, &fitting(block()), 9).await;
    assert_eq!(refusal(outcome), Refusal::SelectionChanged { count: 10 });
    // More are expected than there are: that is known when the last piece was looked at.
    let mut bulk = fitting(block());
    let mut done = run(&app, &bulk, FITTING + 1).await;
    let refused = loop {
        lead_on(&app, &mut bulk, done.next.expect("not all were found"));
        match run_bulk(&app.services, &operator, &bulk, FITTING + 1).await {
            Ok(more) => done.add(more),
            refused @ Err(_) => break refusal(refused),
        }
    };
    assert_eq!(refused, Refusal::SelectionChanged { count: FITTING });
    // With what is now expected it goes on.
    done.add(run(&app, &bulk, FITTING).await);
    while let Some(next) = done.next {
        lead_on(&app, &mut bulk, next);
        done.add(run(&app, &bulk, FITTING).await);
    }
    assert_eq!((done.changed, done.left), (FITTING, 0));
}

async fn a_list_of_ids_goes_on_where_it_ended(app: App) {
    let mut ids = Vec::new();
    for name in ["ann", "bob", "kim"] {
        ids.push(registered(&app.services, name).await.id);
    }
    let twice = ids.iter().chain(&ids).copied().collect();
    let (whole_run, requests) = whole(&app, bulk(block(), Whom::These(twice)), 3).await;
    assert_eq!((whole_run.changed, whole_run.left, requests), (3, 0, 3));
    let many = (0..=10_000).map(|place: u16| {
        let mut chance = [0; 10];
        chance[4..6].copy_from_slice(&place.to_be_bytes());
        UserId::new(app.now(), chance)
    });
    let bulk = bulk(block(), Whom::These(many.collect()));
    let outcome = plan_bulk(&app.services, &app.services.operator(), &bulk).await;
    assert_eq!(refusal(outcome), Refusal::SelectionTooLarge { most: 10_000 });
}

async fn auz_10_a_cursor_is_good_for_its_own_change_only(app: App) {
    let mine = fitting(block());
    let text = seal_bulk_cursor(&app.services, &mine, BulkCursor::START).expect("sealed");
    open_bulk_cursor(&app.services, &mine, &text).expect("ours");
    let others = [
        fitting(BulkAction::Delete),
        bulk(block(), Whom::Fitting(Box::default())),
        bulk(block(), Whom::These(Vec::new())),
    ];
    for other in others {
        open_bulk_cursor(&app.services, &other, &text).expect_err("of another change");
    }
    for forged in ["", "!", "AAAA", &text[1..]] {
        open_bulk_cursor(&app.services, &mine, forged).expect_err("not ours");
    }
}
