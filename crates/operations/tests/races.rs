//! Signing in while the account is taken away (LIF-07, SES-09, I5, I8).

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use domain::{Password, Refusal, TokenDefect, UserId};
use operations::accounts::{
    AccountChange, Change, DeleteOwn, UpdateOwn, block, delete_own, update_own,
};
use operations::sessions::{SignedIn, revoke};
use operations::{Error, Result, Services};
use testkit::{App, PASSWORD};

use crate::support::{acting, is_dead, refusal, registered, signed_in, try_sign_in};

const ROUNDS: usize = 20;
const NEW_PASSWORD: &str = "an altogether different phrase";

testkit::on_every_backend!(App::on =>
    lif_07_no_session_outlives_a_deletion_that_was_acknowledged,
    no_session_outlives_a_block_that_was_acknowledged,
    ses_09_no_session_of_the_old_password_outlives_its_change,
    ses_10_what_was_asked_for_by_an_ended_session_is_not_done,
    ses_10_of_a_deletion_and_the_end_of_its_session_the_first_wins,
    lif_07_an_old_password_deletes_nothing_after_it_was_changed,
);

async fn lif_07_no_session_outlives_a_deletion_that_was_acknowledged(app: App) {
    let beside = app.beside().await;
    for round in 0..ROUNDS {
        let (name, id) = somebody(&app, round).await;
        let remove = async { crate::support::delete(&beside.services, id).await };
        let (opened, ()) = tokio::join!(sign_in_often(&app.services, &name), remove);
        all_are_dead(&app.services, opened, round).await;
    }
    fsck_is_clean(&app).await;
}

async fn no_session_outlives_a_block_that_was_acknowledged(app: App) {
    let beside = app.beside().await;
    let operator = beside.services.operator();
    for round in 0..ROUNDS {
        let (name, id) = somebody(&app, round).await;
        let blocking = block(&beside.services, &operator, id);
        let (opened, blocked) = tokio::join!(sign_in_often(&app.services, &name), blocking);
        blocked.expect("acknowledged");
        all_are_dead(&app.services, opened, round).await;
    }
    fsck_is_clean(&app).await;
}

async fn ses_09_no_session_of_the_old_password_outlives_its_change(app: App) {
    let beside = app.beside().await;
    for round in 0..ROUNDS {
        let (name, _) = somebody(&app, round).await;
        let own = signed_in(&app.services, &name).await;
        let (user, session, ctx) = acting(&beside.services, &own).await;
        let request = UpdateOwn {
            password: Some(Password::new(NEW_PASSWORD)),
            current_password: Some(Password::new(PASSWORD)),
            ..UpdateOwn::default()
        };
        let change = update_own(&beside.services, &ctx, &user, session, &request);
        let (opened, changed) = tokio::join!(sign_in_often(&app.services, &name), change);
        changed.expect("acknowledged");
        all_are_dead(&app.services, opened, round).await;
        assert!(!is_dead(&app.services, &own).await, "round {round}: the changer's own stays");
        // I11: old never, new always.
        refusal(try_sign_in(&app.services, &name, PASSWORD).await);
        // Beyond the delay that the old one may have caused.
        app.advance(std::time::Duration::from_mins(15));
        try_sign_in(&app.services, &name, NEW_PASSWORD).await.expect("the new one works");
    }
    fsck_is_clean(&app).await;
}

/// The request came while the session lived, and is carried out after it was ended.
async fn ses_10_what_was_asked_for_by_an_ended_session_is_not_done(app: App) {
    let (name, _) = somebody(&app, 0).await;
    let (own, foreign) =
        (signed_in(&app.services, &name).await, signed_in(&app.services, &name).await);
    let (user, session, ctx) = acting(&app.services, &own).await;
    let (thief, foreign_session, thief_ctx) = acting(&app.services, &foreign).await;
    revoke(&app.services, &ctx, user.id, session, foreign_session).await.expect("ended");
    let first_name = Change::Set("Eve".to_owned());
    let change = AccountChange { first_name, ..AccountChange::default() };
    let change = UpdateOwn::from(change);
    let late = update_own(&app.services, &thief_ctx, &thief, foreign_session, &change).await;
    assert_eq!(refusal(late), Refusal::InvalidToken(TokenDefect::Revoked));
    let deletion = DeleteOwn { current_password: Some(Password::new(PASSWORD)) };
    let late = delete_own(&app.services, &thief_ctx, &thief, foreign_session, &deletion).await;
    assert_eq!(refusal(late), Refusal::InvalidToken(TokenDefect::Revoked));
    update_own(&app.services, &ctx, &user, session, &change).await.expect("the owner may");
}

/// The owner changes the password; who knows the old one tries to delete at the same moment.
async fn lif_07_an_old_password_deletes_nothing_after_it_was_changed(app: App) {
    let beside = app.beside().await;
    for round in 0..ROUNDS {
        let (name, _) = somebody(&app, round).await;
        let (own, foreign) =
            (signed_in(&app.services, &name).await, signed_in(&app.services, &name).await);
        let (user, session, ctx) = acting(&beside.services, &own).await;
        let change = UpdateOwn {
            password: Some(Password::new(NEW_PASSWORD)),
            current_password: Some(Password::new(PASSWORD)),
            ..UpdateOwn::default()
        };
        let (thief, foreign_session, thief_ctx) = acting(&app.services, &foreign).await;
        let deletion = DeleteOwn { current_password: Some(Password::new(PASSWORD)) };
        let (changed, deleted) = tokio::join!(
            update_own(&beside.services, &ctx, &user, session, &change),
            delete_own(&app.services, &thief_ctx, &thief, foreign_session, &deletion),
        );
        // Whoever is first wins; never both, which would mean that a dead proof was believed.
        assert!(changed.is_ok() != deleted.is_ok(), "round {round}: {changed:?} {deleted:?}");
    }
}

/// The owner ends the session from which somebody deletes the account at the same moment.
async fn ses_10_of_a_deletion_and_the_end_of_its_session_the_first_wins(app: App) {
    let beside = app.beside().await;
    for round in 0..ROUNDS {
        let (name, _) = somebody(&app, round).await;
        let (own, foreign) =
            (signed_in(&app.services, &name).await, signed_in(&app.services, &name).await);
        let (user, session, ctx) = acting(&beside.services, &own).await;
        let (thief, foreign_session, thief_ctx) = acting(&app.services, &foreign).await;
        let deletion = DeleteOwn { current_password: Some(Password::new(PASSWORD)) };
        let (ended, deleted) = tokio::join!(
            revoke(&beside.services, &ctx, user.id, session, foreign_session),
            delete_own(&app.services, &thief_ctx, &thief, foreign_session, &deletion),
        );
        assert!(ended.is_ok() != deleted.is_ok(), "round {round}: {ended:?} {deleted:?}");
        assert_eq!(is_dead(&app.services, &own).await, deleted.is_ok(), "round {round}");
    }
    fsck_is_clean(&app).await;
}

async fn somebody(app: &App, round: usize) -> (String, UserId) {
    let name = format!("user{round}");
    let user = registered(&app.services, &name).await;
    (name, user.id)
}

/// Three at once, and another three after them.
async fn sign_in_often(services: &Services, name: &str) -> Vec<Result<SignedIn>> {
    let mut opened = Vec::new();
    for _ in 0..2 {
        let three = tokio::join!(
            try_sign_in(services, name, PASSWORD),
            try_sign_in(services, name, PASSWORD),
            try_sign_in(services, name, PASSWORD),
        );
        opened.extend([three.0, three.1, three.2]);
    }
    opened
}

async fn all_are_dead(services: &Services, opened: Vec<Result<SignedIn>>, round: usize) {
    for outcome in opened {
        match outcome {
            Ok(session) => assert!(is_dead(services, &session).await, "round {round}"),
            Err(Error::Refused(_)) => {}
            Err(Error::Fault(fault)) => panic!("round {round}: {}", fault.chain()),
        }
    }
}

async fn fsck_is_clean(app: &App) {
    let findings = operations::health::fsck(&app.services).await.expect("findings");
    assert_eq!(findings, storage::consistency::Findings::default());
}
