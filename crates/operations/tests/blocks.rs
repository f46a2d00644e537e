//! Blocks that end by themselves, at every door (LGN-15, SES-09).

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::time::Duration;

use domain::{Field, Refusal, Rule, Status, Timestamp, UserId};
use operations::accounts::{
    BlockTerms, DeleteOwn, block, block_on, delete, delete_own, restore_by_operator, unblock,
};
use operations::cache::Follower;
use operations::sessions::{authenticate, authenticate_reader, refresh};
use testkit::{App, PASSWORD};

use crate::support::{
    acting, events_of, is_dead, refresh_of, refusal, registered, signed_in, try_sign_in,
};

const HOUR: Duration = Duration::from_hours(1);
const TICK: Duration = Duration::from_micros(1);

testkit::on_every_backend!(App::on =>
    a_block_for_a_while_shuts_every_door_until_its_time_and_no_longer,
    a_block_is_lifted_for_good_by_its_job,
    an_older_job_undoes_no_later_block,
    a_later_block_replaces_the_terms,
    a_block_that_ended_while_the_account_was_deleted_is_over,
    whose_block_is_over_may_be_blocked_again_and_deleted,
    its_owner_is_told_without_the_reason,
    bad_terms_are_refused_and_block_nobody,
);

fn until(time: Timestamp) -> BlockTerms {
    BlockTerms { until: Some(time), ..BlockTerms::default() }
}

async fn blocked_for(app: &App, id: UserId, length: Duration) {
    let ctx = app.services.operator();
    let blocked = block_on(&app.services, &ctx, id, &until(app.now() + length)).await;
    assert!(matches!(blocked.expect("blocked").status, Status::Blocked { until: Some(_) }));
}

async fn fsck_is_clean(app: &App) {
    let findings = operations::health::fsck(&app.services).await.expect("findings");
    assert_eq!(findings, storage::consistency::Findings::default());
}

async fn a_block_for_a_while_shuts_every_door_until_its_time_and_no_longer(app: App) {
    let elsewhere = app.beside().await;
    let ann = registered(&app.services, "ann").await.id;
    let before = signed_in(&app.services, "ann").await;
    let token = &before.tokens.access.token;
    // Remembered on another instance.
    let mut log = Follower::default();
    log.catch_up(&elsewhere.services).await.expect("the log is read");
    let read =
        async || authenticate_reader(&elsewhere.services, &elsewhere.stranger(), token).await;
    read().await.expect("a live session");
    blocked_for(&app, ann, HOUR).await;
    log.catch_up(&elsewhere.services).await.expect("the log is read");
    for passed in [Duration::ZERO, HOUR.saturating_sub(TICK)] {
        app.advance(passed);
        let (services, ctx) = (&app.services, app.stranger());
        let refused = try_sign_in(services, "ann", PASSWORD).await.map(drop);
        assert_eq!(refusal(refused), Refusal::AccountBlocked);
        let refused = refresh(services, &ctx, &refresh_of(&before)).await.map(drop);
        assert_eq!(refusal(refused), Refusal::AccountBlocked);
        if passed.is_zero() {
            let refused = authenticate(services, &ctx, token).await.map(drop);
            assert_eq!(refusal(refused), Refusal::AccountBlocked);
            assert_eq!(refusal(read().await.map(drop)), Refusal::AccountBlocked);
        }
    }
    // No job ran, and the time is over to the microsecond.
    app.advance(TICK);
    assert!(is_dead(&app.services, &before).await, "what was ended stays so");
    let after = signed_in(&app.services, "ann").await;
    acting(&app.services, &after).await;
    let tokens = refresh(&elsewhere.services, &elsewhere.stranger(), &refresh_of(&after)).await;
    tokens.expect("a live session");
    assert_eq!(app.account("ann").await.status, Status::Active, "true from the sign-in on");
    let expected =
        ["user.registered", "user.signed_in", "user.blocked", "user.unblocked", "user.signed_in"];
    assert_eq!(events_of(&app, ann).await, expected);
    app.run_jobs().await;
    assert_eq!(events_of(&app, ann).await, expected, "the job finds nothing to do");
    fsck_is_clean(&app).await;
}

async fn a_block_is_lifted_for_good_by_its_job(app: App) {
    let ann = registered(&app.services, "ann").await.id;
    blocked_for(&app, ann, HOUR).await;
    app.run_jobs().await;
    assert!(matches!(app.account("ann").await.status, Status::Blocked { .. }));
    app.advance(HOUR);
    app.run_jobs().await;
    assert_eq!(app.account("ann").await.status, Status::Active);
    let expected = ["user.registered", "user.blocked", "user.unblocked"];
    assert_eq!(events_of(&app, ann).await, expected);
    assert_eq!(app.database.count("blocks").await, 0);
}

async fn an_older_job_undoes_no_later_block(app: App) {
    let (services, operator) = (&app.services, app.services.operator());
    let ann = registered(services, "ann").await.id;
    blocked_for(&app, ann, HOUR).await;
    unblock(services, &operator, ann).await.expect("unblocked");
    block(services, &operator, ann).await.expect("blocked");
    app.advance(HOUR * 2);
    app.run_jobs().await;
    assert_eq!(app.account("ann").await.status, Status::Blocked { until: None });
    refusal(try_sign_in(services, "ann", PASSWORD).await);

    // For longer than at first.
    let bob = registered(services, "bob").await.id;
    blocked_for(&app, bob, HOUR).await;
    blocked_for(&app, bob, HOUR * 3).await;
    app.advance(HOUR * 2);
    app.run_jobs().await;
    assert!(matches!(app.account("bob").await.status, Status::Blocked { .. }));
    app.advance(HOUR);
    app.run_jobs().await;
    assert_eq!(app.account("bob").await.status, Status::Active);
}

async fn a_later_block_replaces_the_terms(app: App) {
    let (services, operator) = (&app.services, app.services.operator());
    let ann = registered(services, "ann").await.id;
    block(services, &operator, ann).await.expect("blocked");
    block(services, &operator, ann).await.expect("so already");
    blocked_for(&app, ann, HOUR).await;
    app.advance(HOUR);
    signed_in(services, "ann").await;
    let events = events_of(&app, ann).await;
    assert_eq!(events.iter().filter(|name| *name == "user.blocked").count(), 2, "{events:?}");
}

async fn a_block_that_ended_while_the_account_was_deleted_is_over(app: App) {
    let (services, operator) = (&app.services, app.services.operator());
    let ann = registered(services, "ann").await.id;
    blocked_for(&app, ann, HOUR).await;
    delete(services, &operator, ann).await.expect("deleted");
    app.advance(HOUR);
    app.run_jobs().await;
    let operator = services.operator();
    let restored = restore_by_operator(services, &operator, ann).await.expect("restored");
    assert_eq!(restored.status, Status::Active);
    signed_in(services, "ann").await;
    let bob = registered(services, "bob").await.id;
    blocked_for(&app, bob, HOUR).await;
    delete(services, &operator, bob).await.expect("deleted");
    let restored = restore_by_operator(services, &operator, bob).await.expect("restored");
    assert!(matches!(restored.status, Status::Blocked { until: Some(_) }), "there is time left");
}

async fn whose_block_is_over_may_be_blocked_again_and_deleted(app: App) {
    let services = &app.services;
    let ann = registered(services, "ann").await.id;
    blocked_for(&app, ann, HOUR).await;
    app.advance(HOUR);
    blocked_for(&app, ann, HOUR).await;
    assert_eq!(refusal(try_sign_in(services, "ann", PASSWORD).await), Refusal::AccountBlocked);
    app.advance(HOUR);
    let (user, session, ctx) = acting(services, &signed_in(services, "ann").await).await;
    let request = DeleteOwn { current_password: Some(domain::Password::new(PASSWORD)) };
    let deletion = delete_own(services, &ctx, &user, session, &request).await.expect("deleted");
    assert_eq!(deletion.notice, domain::deletion::RestorationNotice::Mailed);
}

async fn its_owner_is_told_without_the_reason(app: App) {
    let (services, operator) = (&app.services, app.services.operator());
    let ann = registered(services, "ann").await.id;
    let reason = Some("  owes us money\n(ticket 7)  ".to_owned());
    let terms = BlockTerms { reason: reason.clone(), until: Some(app.now() + HOUR) };
    block_on(services, &operator, ann, &terms).await.expect("blocked");
    // The reason alone is for administrators: nobody is written to.
    let terms = BlockTerms { reason: Some("paid".to_owned()), ..terms };
    block_on(services, &operator, ann, &terms).await.expect("blocked");
    app.run_jobs().await;
    let mails = app.mailbox.mails();
    assert_eq!(mails.len(), 1, "{mails:#?}");
    let mail = app.mailbox.newest_to("ann@example.org");
    assert!(mail.text.contains("blocked") && mail.text.contains("UTC"), "{mail:?}");
    assert!(!mail.source.contains("money") && !mail.html.contains("ticket"));
    let dump = app.database.dump().await;
    assert!(dump.places_of("owes us money").is_empty(), "replaced, and in no event");
    assert_eq!(dump.places_of("paid"), ["blocks.reason"]);
}

async fn bad_terms_are_refused_and_block_nobody(app: App) {
    let (services, operator) = (&app.services, app.services.operator());
    let ann = registered(services, "ann").await.id;
    let long = BlockTerms { reason: Some("x".repeat(501)), until: None };
    let control = BlockTerms { reason: Some("a\u{0}b".to_owned()), until: None };
    let cases = [
        (until(app.now()), Field::Until, Rule::NotInFuture),
        (until(Timestamp::from_micros(0)), Field::Until, Rule::NotInFuture),
        (long, Field::Reason, Rule::TooLong { max: 500 }),
        (control, Field::Reason, Rule::ForbiddenCharacter),
    ];
    for (terms, field, rule) in cases {
        let refused = block_on(services, &operator, ann, &terms).await;
        assert_eq!(refusal(refused), Refusal::invalid(field, rule));
    }
    assert_eq!(app.account("ann").await.status, Status::Active);
    assert_eq!(events_of(&app, ann).await, ["user.registered"]);
}
