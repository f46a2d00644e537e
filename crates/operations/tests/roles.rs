//! The first administrator, and the last (AUZ-07, AUZ-08, I7).

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use domain::{Refusal, RoleName, UserId};
use operations::accounts::{block, delete, register};
use operations::roles::{bootstrap_admin, grant, revoke, set};
use operations::{Context, Error, Result, Services};
use testkit::App;

use crate::support::{acting, is_dead, refusal, registered, registration, signed_in};

/// How often rivals are set upon each other.
const ROUNDS: usize = 20;

testkit::on_every_backend!(App::on =>
    auz_07_the_first_administrator_is_made_once,
    instances_that_start_together_make_one_administrator,
    instances_that_disagree_on_the_name_make_one_administrator,
    a_squatted_name_is_never_raised,
    the_last_administrator_stays,
    auz_08_administrators_who_remove_each_other_leave_one,
    auz_08_whoever_is_removed_meanwhile_removes_nobody_who_is_needed,
);

async fn auz_07_the_first_administrator_is_made_once(app: App) {
    let ctx = app.services.operator();
    let first = bootstrap_admin(&app.services, &ctx, &registration("root")).await;
    assert!(first.expect("made").expect("there was none").is_admin());
    let second = bootstrap_admin(&app.services, &ctx, &registration("other")).await;
    assert!(second.expect("no failure").is_none());
    assert_eq!(app.database.dump().await.rows("users").len(), 1);
    let again = bootstrap_admin(&app.services, &ctx, &registration("root")).await;
    assert!(again.expect("the name that it has is no failure").is_none());
}

async fn instances_that_start_together_make_one_administrator(app: App) {
    let (two, three) = (app.beside().await, app.beside().await);
    let made = tokio::join!(
        start(&app.services, "root"),
        start(&two.services, "root"),
        start(&three.services, "root"),
    );
    assert_eq!([made.0, made.1, made.2].into_iter().filter(|made| *made).count(), 1);
    assert!(app.account("root").await.is_admin());
}

async fn instances_that_disagree_on_the_name_make_one_administrator(app: App) {
    let (two, three) = (app.beside().await, app.beside().await);
    let made = tokio::join!(
        start(&app.services, "one"),
        start(&two.services, "two"),
        start(&three.services, "three"),
    );
    assert_eq!([made.0, made.1, made.2].into_iter().filter(|made| *made).count(), 1);
    let dump = app.database.dump().await;
    assert_eq!(dump.rows("users").len(), 1, "those who came second leave nothing behind");
}

async fn a_squatted_name_is_never_raised(app: App) {
    registered(&app.services, "root").await;
    let ctx = app.services.operator();
    let outcome = bootstrap_admin(&app.services, &ctx, &registration("root")).await;
    assert!(matches!(refusal(outcome), Refusal::IdentifierTaken(_)));
    assert!(!app.account("root").await.is_admin());
    assert!(!operations::health::has_admin(&app.services).await.expect("an answer"));
}

async fn the_last_administrator_stays(app: App) {
    let root = admin(&app.services, "root").await;
    let session = signed_in(&app.services, "root").await;
    let ctx = app.services.operator();
    let role = RoleName::new(RoleName::ADMIN);
    assert_eq!(refusal(block(&app.services, &ctx, root).await), Refusal::LastAdmin);
    assert_eq!(refusal(delete(&app.services, &ctx, root).await), Refusal::LastAdmin);
    assert_eq!(refusal(revoke(&app.services, &ctx, root, &role).await), Refusal::LastAdmin);
    assert!(!is_dead(&app.services, &session).await, "nothing was changed");

    // A blocked administrator is none.
    let other = admin(&app.services, "other").await;
    block(&app.services, &ctx, other).await.expect("one is left");
    assert_eq!(refusal(delete(&app.services, &ctx, root).await), Refusal::LastAdmin);
    revoke(&app.services, &ctx, other, &role).await.expect("it did not count");
}

async fn auz_08_administrators_who_remove_each_other_leave_one(app: App) {
    let beside = app.beside().await;
    let mut survivor = admin(&app.services, "admin0").await;
    for round in 1..=ROUNDS {
        let rival = admin(&app.services, &format!("admin{round}")).await;
        let (one, two) = tokio::join!(
            remove(&app.services, rival, round),
            remove(&beside.services, survivor, round + 1),
        );
        let left = match (one, two) {
            (Ok(()), Err(_)) => survivor,
            (Err(_), Ok(())) => rival,
            both => panic!("round {round}: {both:?}"),
        };
        let findings = operations::health::fsck(&app.services).await.expect("findings");
        assert_eq!(findings.active_admins, 1, "round {round}");
        survivor = left;
    }
}

/// Three at once, each by his own hand on an instance of his own: at least one is left.
async fn auz_08_whoever_is_removed_meanwhile_removes_nobody_who_is_needed(app: App) {
    let (two, three) = (app.beside().await, app.beside().await);
    let nodes = [&app.services, &two.services, &three.services];
    let mut before: Vec<UserId> = Vec::new();
    for round in 1..=ROUNDS {
        let mut people = Vec::new();
        for (number, node) in nodes.iter().enumerate() {
            let name = format!("admin{round}-{number}");
            let id = admin(node, &name).await;
            people.push((id, acting(node, &signed_in(node, &name).await).await.2));
        }
        for id in before.drain(..) {
            delete(&app.services, &app.services.operator(), id).await.expect("others are left");
        }
        let turn = |number: usize| {
            let (target, _) = people[(number + 1) % 3];
            remove_as(nodes[number], &people[number].1, target, round + number)
        };
        tokio::join!(turn(0), turn(1), turn(2));
        let findings = operations::health::fsck(&app.services).await.expect("findings");
        assert!(findings.active_admins >= 1, "round {round}");
        before = people.into_iter().map(|(id, _)| id).collect();
    }
}

/// Another way in each round.
async fn remove(services: &Services, id: UserId, way: usize) -> Result<()> {
    let outcome = remove_by(services, &services.operator(), id, way).await;
    if let Err(error) = &outcome {
        assert!(matches!(error, Error::Refused(Refusal::LastAdmin)), "{error:?}");
    }
    outcome
}

async fn remove_as(services: &Services, ctx: &Context, id: UserId, way: usize) {
    match remove_by(services, ctx, id, way).await {
        Ok(()) | Err(Error::Refused(_)) => {}
        Err(Error::Fault(fault)) => panic!("{}", fault.chain()),
    }
}

async fn remove_by(services: &Services, ctx: &Context, id: UserId, way: usize) -> Result<()> {
    match way % 4 {
        0 => delete(services, ctx, id).await.map(|_| ()),
        1 => block(services, ctx, id).await.map(|_| ()),
        2 => set(services, ctx, id, &[]).await.map(|_| ()),
        _ => revoke(services, ctx, id, &RoleName::new(RoleName::ADMIN)).await.map(|_| ()),
    }
}

async fn admin(services: &Services, name: &str) -> UserId {
    let ctx = services.operator();
    let user = register(services, &ctx, &registration(name)).await.expect("a new account");
    let role = RoleName::new(RoleName::ADMIN);
    grant(services, &ctx, user.id, &role).await.expect("granted").id
}

/// As an instance does at its start; whether it made the administrator.
async fn start(services: &Services, name: &str) -> bool {
    let made = bootstrap_admin(services, &services.operator(), &registration(name)).await;
    made.expect("coming second is no failure").is_some()
}
