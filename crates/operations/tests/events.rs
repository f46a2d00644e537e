//! The one log: a row a change, dense for each account, without personal values (LIF-05, I3, I9).

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::time::Duration;

use domain::token::SecretToken;
use domain::{Identifier, Password, RoleName};
use operations::accounts::{
    AccountChange, Change, DeleteOwn, Restore, UpdateOther, UpdateOwn, block, delete_own, restore,
    unblock, update_other, update_own,
};
use operations::passwords::tell_of_failures;
use operations::roles::{grant, revoke};
use operations::sessions::{
    SignOut, refresh, revoke_all_of, revoke_of, sign_out, sign_out_everywhere,
};
use testkit::{App, PASSWORD};

use crate::support::{
    DAY, acting, events_of, refresh_of, refusal, registered, signed_in, try_sign_in,
};

testkit::on_every_backend!(App::on =>
    every_change_is_one_event_and_what_changes_nothing_is_none,
    every_change_of_an_address_and_every_end_of_a_session_is_one_event,
    events_hold_no_personal_values,
);

async fn every_change_is_one_event_and_what_changes_nothing_is_none(app: App) {
    let services = &app.services;
    let (stranger, operator) = (app.stranger(), services.operator());
    let id = registered(services, "ann").await.id;
    let session = signed_in(services, "ann").await;
    refusal(try_sign_in(services, "ann", "wrong").await);
    tell_of_failures(services).await.expect("told");
    let out = SignOut { access: Some(session.tokens.access.token.clone()), refresh: None };
    for _ in 0..2 {
        sign_out(services, &stranger, &out).await.expect("SES-16: idempotent");
    }
    assert_eq!(
        events_of(&app, id).await,
        ["user.registered", "user.signed_in", "user.sign_in_failed", "user.signed_out"]
    );

    let seen = 4;
    let session = signed_in(services, "ann").await;
    let (user, _, ctx) = acting(services, &session).await;
    sign_out_everywhere(services, &ctx, &user).await.expect("out");
    sign_out_everywhere(services, &ctx, &user).await.expect("out already");
    assert_eq!(events_of(&app, id).await[seen..], ["user.signed_in", "user.sessions_revoked"]);

    let seen = 6;
    let session = signed_in(services, "ann").await;
    let (user, own, ctx) = acting(services, &session).await;
    let names: UpdateOwn =
        AccountChange { first_name: set("Ann"), ..AccountChange::default() }.into();
    let user = update_own(services, &ctx, &user, own, &names).await.expect("changed");
    update_own(services, &ctx, &user, own, &names).await.expect("nothing to change");
    let email = AccountChange { email: set("ann@example.net"), ..AccountChange::default() };
    let email = UpdateOwn { change: email, ..with_password() };
    let user = update_own(services, &ctx, &user, own, &email).await.expect("asked for");
    let password = UpdateOwn { password: Some(Password::new(PASSWORD)), ..with_password() };
    update_own(services, &ctx, &user, own, &password).await.expect("changed");
    assert_eq!(
        events_of(&app, id).await[seen..],
        [
            "user.signed_in",
            "user.profile_updated",
            "user.email_change_requested",
            // Not beyond the password of whoever asked for it.
            "user.profile_updated",
            "user.password_changed",
        ]
    );

    let seen = 11;
    let moderator = RoleName::new(RoleName::MODERATOR);
    for _ in 0..2 {
        block(services, &operator, id).await.expect("blocked");
    }
    for _ in 0..2 {
        unblock(services, &operator, id).await.expect("unblocked");
    }
    for _ in 0..2 {
        grant(services, &operator, id, &moderator).await.expect("granted");
    }
    assert_eq!(
        events_of(&app, id).await[seen..],
        ["user.blocked", "user.unblocked", "user.role_granted",]
    );

    let seen = 14;
    let session = signed_in(services, "ann").await;
    let (first, now) = (refresh_of(&session), stranger.clone());
    refresh(services, &now, &first).await.expect("rotated: no event, nothing changed hands");
    app.advance(Duration::from_secs(11));
    refusal(refresh(services, &app.stranger(), &first).await);
    refusal(refresh(services, &app.stranger(), &first).await);
    assert_eq!(events_of(&app, id).await[seen..], ["user.signed_in", "session.refresh_replayed"]);

    let seen = 16;
    Box::pin(delete_and_restore(&app)).await;
    refusal(revoke(services, &operator, id, &RoleName::new("unheard-of")).await);
    revoke(services, &operator, id, &moderator).await.expect("lost at the restoration already");
    assert_eq!(
        events_of(&app, id).await[seen..],
        ["user.signed_in", "user.deleted", "user.role_revoked", "user.restored",]
    );

    let seen = 20;
    crate::support::delete(services, id).await;
    app.run_jobs().await;
    app.advance(30 * DAY);
    app.run_jobs().await;
    app.run_jobs().await;
    assert_eq!(events_of(&app, id).await[seen..], ["user.deleted", "user.purged"]);
}

async fn every_change_of_an_address_and_every_end_of_a_session_is_one_event(app: App) {
    let (services, operator) = (&app.services, app.services.operator());
    let id = registered(services, "ann").await.id;
    let verified = UpdateOther { is_email_verified: true, ..UpdateOther::default() };
    for _ in 0..2 {
        update_other(services, &operator, id, &verified).await.expect("verified");
    }
    let email = AccountChange { email: set("ann@example.net"), ..AccountChange::default() };
    let moved = UpdateOther { change: email, ..UpdateOther::default() };
    for _ in 0..2 {
        update_other(services, &operator, id, &moved).await.expect("changed");
    }
    let phone = AccountChange { phone: set("+15550100123"), ..AccountChange::default() };
    let called = UpdateOther { change: phone, is_phone_verified: true, ..UpdateOther::default() };
    for _ in 0..2 {
        update_other(services, &operator, id, &called).await.expect("changed");
    }
    assert_eq!(
        events_of(&app, id).await,
        [
            "user.registered",
            "user.email_verified",
            "user.email_changed",
            "user.profile_updated",
            "user.phone_verified"
        ]
    );

    let seen = 5;
    let session = signed_in(services, "ann").await;
    let (_, own, _) = acting(services, &session).await;
    revoke_of(services, &operator, id, own).await.expect("ended");
    refusal(revoke_of(services, &operator, id, own).await);
    signed_in(services, "ann").await;
    for _ in 0..2 {
        revoke_all_of(services, &operator, id).await.expect("ended");
    }
    assert_eq!(
        events_of(&app, id).await[seen..],
        ["user.signed_in", "session.revoked", "user.signed_in", "user.sessions_revoked"]
    );
}

async fn events_hold_no_personal_values(app: App) {
    let id = registered(&app.services, "ann").await.id;
    let session = signed_in(&app.services, "ann").await;
    let (user, own, ctx) = acting(&app.services, &session).await;
    let change = AccountChange {
        username: set("ann-the-second"),
        email: set("new-address@example.net"),
        phone: set("+15550100123"),
        first_name: set("Lovelace"),
        metadata: set(r#"{"colour":"green"}"#),
        ..AccountChange::default()
    };
    let change = UpdateOwn {
        change,
        password: Some(Password::new("an altogether different phrase")),
        ..with_password()
    };
    update_own(&app.services, &ctx, &user, own, &change).await.expect("changed");
    crate::support::delete(&app.services, id).await;
    let dump = app.database.dump().await;
    for value in ["ann", "example", "15550100123", "Lovelace", "green", "phrase", "staple"] {
        let places = dump.places_of(value);
        let in_events = places.iter().any(|place| place.starts_with("events."));
        assert!(!in_events, "{value} in {places:?}");
    }
    let fields = "\"fields\":[\"username\",\"phone\",\"first_name\",\"metadata\"]";
    assert_eq!(dump.places_of(fields), ["events.data"], "names of fields, never their values");
}

async fn delete_and_restore(app: &App) {
    let session = signed_in(&app.services, "ann").await;
    let (user, session, ctx) = acting(&app.services, &session).await;
    let request = DeleteOwn { current_password: Some(Password::new(PASSWORD)) };
    delete_own(&app.services, &ctx, &user, session, &request).await.expect("deleted");
    refusal(delete_own(&app.services, &ctx, &user, session, &request).await);
    app.run_jobs().await;
    let request = Restore {
        identifier: Identifier::recognise("ann"),
        token: SecretToken::new(app.mailbox.newest_to("ann@example.org").token()),
    };
    restore(&app.services, &app.stranger(), &request).await.expect("restored");
    refusal(restore(&app.services, &app.stranger(), &request).await);
}

fn with_password() -> UpdateOwn {
    UpdateOwn { current_password: Some(Password::new(PASSWORD)), ..UpdateOwn::default() }
}

fn set(text: &str) -> Change<String> {
    Change::Set(text.to_owned())
}
