//! Changes that meet each other.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use domain::{Field, Password, Refusal, Rule};
use operations::Error;
use operations::accounts::{Change, UpdateOwn, update_own};
use testkit::App;

use crate::support::{acting, registered, signed_in};

testkit::on_every_backend!(App::on =>
    a_change_based_on_an_older_reading_undoes_nothing,
    simultaneous_changes_of_different_fields_are_all_kept,
    a_proof_that_comes_first_is_asked_for_whatever_changes,
);

async fn a_change_based_on_an_older_reading_undoes_nothing(app: App) {
    registered(&app.services, "ann").await;
    let session = signed_in(&app.services, "ann").await;
    let (stale, id, ctx) = acting(&app.services, &session).await;
    let first = UpdateOwn { first_name: set("Ann"), ..UpdateOwn::default() };
    let last = UpdateOwn { last_name: set("Lee"), ..UpdateOwn::default() };
    update_own(&app.services, &ctx, &stale, id, &first).await.expect("changed");
    update_own(&app.services, &ctx, &stale, id, &last).await.expect("changed");
    let profile = app.account("ann").await.profile;
    assert_eq!((profile.first_name.as_str(), profile.last_name.as_str()), ("Ann", "Lee"));
}

async fn simultaneous_changes_of_different_fields_are_all_kept(app: App) {
    let beside = app.beside().await;
    registered(&app.services, "ann").await;
    let session = signed_in(&app.services, "ann").await;
    for round in 0..10 {
        let (user, id, ctx) = acting(&app.services, &session).await;
        let (one, two) = (format!("First {round}"), format!("Last {round}"));
        let first = UpdateOwn { first_name: set(&one), ..UpdateOwn::default() };
        let last = UpdateOwn { last_name: set(&two), ..UpdateOwn::default() };
        let (first, last) = tokio::join!(
            update_own(&app.services, &ctx, &user, id, &first),
            update_own(&beside.services, &ctx, &user, id, &last),
        );
        first.expect("changed");
        last.expect("changed");
        let profile = app.account("ann").await.profile;
        assert_eq!((profile.first_name, profile.last_name), (one, two));
    }
}

async fn a_proof_that_comes_first_is_asked_for_whatever_changes(app: App) {
    registered(&app.services, "ann").await;
    let session = signed_in(&app.services, "ann").await;
    let (user, id, ctx) = acting(&app.services, &session).await;
    let wrong = Some(Password::new("wrong password"));
    for (username, current_password) in [("anna", wrong.clone()), ("@", wrong), ("anna", None)] {
        let is_missing = current_password.is_none();
        let username = set(username);
        let request =
            UpdateOwn { username, current_password, is_proved_first: true, ..UpdateOwn::default() };
        let refused = update_own(&app.services, &ctx, &user, id, &request).await;
        let refused = refused.expect_err("no proof").to_string();
        let expected = if is_missing {
            Refusal::invalid(Field::CurrentPassword, Rule::Required)
        } else {
            Refusal::WrongCurrentPassword
        };
        assert_eq!(refused, Error::from(expected).to_string());
    }
    let user = app.account("ann").await;
    assert_eq!(user.username.as_deref(), Some("ann"));
}

fn set(text: &str) -> Change<String> {
    Change::Set(text.to_owned())
}
