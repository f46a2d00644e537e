//! Changes that meet each other.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use domain::{Password, Refusal};
use operations::accounts::{
    AccountChange, Change, NewCredential, UpdateOwn, set_credential, update_own,
};
use testkit::{App, PASSWORD};

use crate::support::{acting, refusal, registered, signed_in};

testkit::on_every_backend!(App::on =>
    a_change_based_on_an_older_reading_undoes_nothing,
    simultaneous_changes_of_different_fields_are_all_kept,
    pwd_07_a_new_credential_is_judged_after_the_current_password,
);

async fn a_change_based_on_an_older_reading_undoes_nothing(app: App) {
    registered(&app.services, "ann").await;
    let session = signed_in(&app.services, "ann").await;
    let (stale, id, ctx) = acting(&app.services, &session).await;
    let first: UpdateOwn =
        AccountChange { first_name: set("Ann"), ..AccountChange::default() }.into();
    let last: UpdateOwn =
        AccountChange { last_name: set("Lee"), ..AccountChange::default() }.into();
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
        let first: UpdateOwn =
            AccountChange { first_name: set(&one), ..AccountChange::default() }.into();
        let last: UpdateOwn =
            AccountChange { last_name: set(&two), ..AccountChange::default() }.into();
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

async fn pwd_07_a_new_credential_is_judged_after_the_current_password(app: App) {
    registered(&app.services, "ann").await;
    let session = signed_in(&app.services, "ann").await;
    let (user, id, ctx) = acting(&app.services, &session).await;
    let wrong = Password::new("wrong password");
    let name = |name: &str| NewCredential::Name(name.to_owned());
    for new in [name("anna"), name("@"), NewCredential::Password(Password::new("short"))] {
        let refused = set_credential(&app.services, &ctx, &user, id, &wrong, &new).await;
        assert_eq!(refusal(refused), Refusal::WrongCurrentPassword);
    }
    let right = Password::new(PASSWORD);
    let refused = set_credential(&app.services, &ctx, &user, id, &right, &name("@")).await;
    assert!(matches!(refusal(refused), Refusal::Invalid(_)));
    assert_eq!(app.account("ann").await.username.as_deref(), Some("ann"));
    set_credential(&app.services, &ctx, &user, id, &right, &name("anna")).await.expect("renamed");
    assert_eq!(app.account("anna").await.id, user.id);
}

fn set(text: &str) -> Change<String> {
    Change::Set(text.to_owned())
}
