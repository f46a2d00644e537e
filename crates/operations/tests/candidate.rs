//! A candidate policy in observe mode: what it counts, and that it refuses nobody.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::time::Duration;

use domain::{Password, Permission, Refusal, RoleName, Surface};
use operations::Client;
use operations::accounts::{self, NewIdentifiers, Register, UpdateOwn};
use operations::candidate::{PolicyReport, report};
use operations::passwords::set_by_operator;
use operations::roles::grant;
use storage::policy_findings;
use storage::users::{self, Position, Sort, SortOrder};
use testkit::{App, Backend};

use crate::crowd::{CROWD, people};
use crate::support::{DAY, acting, delete, refusal, registered, registration, try_sign_in};

testkit::on_every_backend!(with_candidate =>
    sign_ins_are_counted_by_the_rules_that_they_would_break,
    what_was_found_goes_with_the_password_and_with_the_account,
    only_who_may_read_accounts_reads_the_report,
    more_than_can_be_counted_in_time_is_said_to_be_more,
);

const CANDIDATE: [(&str, &str); 2] = [
    ("VESTIBULE_PASSWORDS__CANDIDATE__PROFILE", "nist"),
    ("VESTIBULE_PASSWORDS__CANDIDATE__SERVICE_WORDS", "harbourmasters"),
];
const A_LOT: Duration = Duration::from_secs(20);
const SHORT: &str = "zq9vk3wxb7";

async fn with_candidate(backend: Backend) -> App {
    App::with(&CANDIDATE).start(backend).await
}

async fn register(app: &App, name: &str, password: &str) {
    let request = Register { password: Password::new(password), ..registration(name) };
    accounts::register(&app.services, &app.stranger(), &request).await.expect("registered");
}

async fn sign_in(app: &App, name: &str, password: &str) {
    try_sign_in(&app.services, name, password).await.expect("nobody is refused");
}

async fn found(app: &App) -> PolicyReport {
    report(&app.services, &app.services.operator(), A_LOT).await.expect("a report")
}

fn rules(report: &PolicyReport) -> Vec<(&str, i64)> {
    report.rules.iter().map(|count| (count.rule.as_str(), count.accounts)).collect()
}

async fn sign_ins_are_counted_by_the_rules_that_they_would_break(app: App) {
    register(&app, "ann", SHORT).await;
    register(&app, "bob", "harbourmasters2026").await;
    registered(&app.services, "kim").await;
    // As a surface with looser rules lets it in.
    let djoser = app.services.stranger(Surface::Djoser, Client::default(), None);
    let request = Register {
        identifiers: NewIdentifiers {
            username: Some("x y".to_owned()),
            ..NewIdentifiers::default()
        },
        password: Password::new(SHORT),
        ..registration("xy")
    };
    accounts::register(&app.services, &djoser, &request).await.expect("registered");
    assert_eq!(found(&app).await.accounts_seen, 0, "registering is no sign-in");
    let first = app.now();
    sign_in(&app, "ann", SHORT).await;
    app.advance(DAY);
    sign_in(&app, "ann@example.org", SHORT).await;
    sign_in(&app, "bob", "harbourmasters2026").await;
    sign_in(&app, "x y", SHORT).await;
    refusal(try_sign_in(&app.services, "kim", SHORT).await);
    sign_in(&app, "kim", testkit::PASSWORD).await;
    let report = found(&app).await;
    assert_eq!(report.candidate.expect("set").min, 15);
    assert_eq!((report.accounts_seen, report.accounts_passing), (4, 1));
    assert_eq!(
        rules(&report),
        [
            ("password.context_word", 1),
            ("password.too_short", 2),
            ("username.forbidden_character", 1)
        ]
    );
    assert_eq!(report.first_seen_at, Some(first + DAY), "each account counts by its last sign-in");
    assert_eq!(report.last_seen_at, Some(app.now()));

    // Only ids of rules: neither the password nor anything made of it.
    let dump = app.database.dump().await;
    assert!(dump.places_of(SHORT).is_empty());
    assert_eq!(dump.rows("policy_findings").len(), 5, "x y broke two rules");
    assert!(dump.places_of("zq9vk").is_empty());

    // Another candidate begins anew.
    let other = App::with(&[("VESTIBULE_PASSWORDS__CANDIDATE__PROFILE", "default")]);
    let other = other.beside(&app).await;
    assert_eq!(found(&other).await.accounts_seen, 0);
    sign_in(&other, "ann", SHORT).await;
    assert_eq!(found(&other).await.accounts_passing, 1);
    assert_eq!(found(&app).await.accounts_seen, 3);
    let none = App::with(&[]).beside(&app).await;
    assert_eq!(found(&none).await, PolicyReport::default());
    sign_in(&none, "bob", "harbourmasters2026").await;
    assert_eq!(found(&app).await.accounts_seen, 3, "without a candidate nothing is touched");
}

async fn what_was_found_goes_with_the_password_and_with_the_account(app: App) {
    for name in ["ann", "bob", "kim"] {
        register(&app, name, SHORT).await;
        sign_in(&app, name, SHORT).await;
    }
    let signed_in = try_sign_in(&app.services, "ann", SHORT).await.expect("signed in");
    let (ann, session, ctx) = acting(&app.services, &signed_in).await;
    let new = UpdateOwn {
        password: Some(Password::new(testkit::PASSWORD)),
        current_password: Some(Password::new(SHORT)),
        ..UpdateOwn::default()
    };
    accounts::update_own(&app.services, &ctx, &ann, session, &new).await.expect("changed");
    assert_eq!(found(&app).await.accounts_seen, 2);
    let bob = app.account("bob").await.id;
    let password = Password::new(testkit::PASSWORD);
    let ctx = app.services.operator();
    set_by_operator(&app.services, &ctx, bob, &password).await.expect("set");
    assert_eq!(found(&app).await.accounts_seen, 1);
    delete(&app.services, app.account("kim").await.id).await;
    assert_eq!(found(&app).await.accounts_seen, 0, "who is deleted does not count");
    assert_eq!(app.database.count("policy_findings").await, 1, "but may come back");
    app.advance(31 * DAY);
    app.run_jobs().await;
    assert_eq!(app.database.count("policy_findings").await, 0);
}

async fn only_who_may_read_accounts_reads_the_report(app: App) {
    registered(&app.services, "ann").await;
    let signed_in = try_sign_in(&app.services, "ann", testkit::PASSWORD).await.expect("signed in");
    let (ann, _, ctx) = acting(&app.services, &signed_in).await;
    let refused = refusal(report(&app.services, &ctx, A_LOT).await);
    assert_eq!(refused, Refusal::PermissionMissing(Permission::UsersRead));
    refusal(report(&app.services, &app.stranger(), A_LOT).await);
    let moderator = RoleName::new(RoleName::MODERATOR);
    grant(&app.services, &app.services.operator(), ann.id, &moderator).await.expect("granted");
    report(&app.services, &ctx, A_LOT).await.expect("moderators see accounts");
}

async fn more_than_can_be_counted_in_time_is_said_to_be_more(app: App) {
    people(&app).await;
    register(&app, "ann", testkit::PASSWORD).await;
    sign_in(&app, "ann", testkit::PASSWORD).await;
    // What was found of ann, of everybody: under the same candidate.
    let policy = app.database.dump().await.rows("policy_findings")[0]
        .bytes("policy")
        .expect("a fingerprint")
        .to_vec();
    let store = &app.database.store;
    let (mut read, nobody) = (store.read().await.expect("a connection"), RoleName::new(""));
    let (start, most) = (Position::Number(0), 10_000);
    let all =
        users::walk(&mut read, Sort::Number, SortOrder::Ascending, &nobody, &start, most).await;
    drop(read);
    for some in all.expect("everybody").chunks(500) {
        let kept: storage::Result<()> = storage::transact!(store, |tx| {
            for one in some {
                let rules = ["passes".to_owned()];
                policy_findings::replace(tx, one.id, &policy, &rules, app.now()).await?;
            }
        });
        kept.expect("kept");
    }
    let operator = app.services.operator();
    let some = report(&app.services, &operator, Duration::ZERO).await.expect("a report");
    assert!(!some.is_complete && some.accounts_seen < 1_000, "{some:?}");
    assert_eq!(some.accounts_seen, some.accounts_passing);
    let all = found(&app).await;
    assert_eq!((all.is_complete, all.accounts_seen), (true, i64::from(CROWD) + 1));
}
