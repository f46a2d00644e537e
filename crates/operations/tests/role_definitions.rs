//! What roles permit: who defines them, and when a change is felt (AUZ-05, AUZ-06).

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use domain::token::SecretToken;
use domain::{Field, Permission, Refusal, Role, RoleName, Rule, TokenDefect, UserId};
use operations::cache::Follower;
use operations::revocations::{self, Revocation};
use operations::roles::{self, NewRole, RoleChange, create, delete, grant, update};
use operations::sessions::{authenticate, authenticate_reader, refresh};
use operations::{Context, Services};
use testkit::App;

use crate::support::{acting, events_of, refresh_of, refusal, registered, signed_in};

testkit::on_every_backend!(App::on =>
    a_role_is_made_changed_and_deleted,
    what_breaks_a_rule_is_named_and_nothing_is_made,
    built_in_roles_stay,
    auz_05_nobody_defines_a_role_that_permits_more_than_he_may,
    auz_06_what_a_role_permits_no_more_is_refused_at_once,
    what_is_remembered_elsewhere_is_forgotten_when_the_log_is_read,
    access_tokens_of_all_holders_are_refused_bit_by_bit,
    a_role_that_is_held_is_taken_from_everybody_only_when_asked_for,
);

/// More than one piece.
const HOLDERS: usize = 60;

fn support() -> RoleName {
    RoleName::new("support")
}

fn names(permissions: &[Permission]) -> Vec<String> {
    permissions.iter().map(|permission| permission.as_str().to_owned()).collect()
}

async fn made(services: &Services, permissions: &[Permission]) -> Role {
    let new = NewRole {
        name: support().to_string(),
        description: "First line".to_owned(),
        permissions: names(permissions),
    };
    create(services, &services.operator(), &new).await.expect("made")
}

async fn redefined(services: &Services, permissions: &[Permission]) -> Role {
    let change = RoleChange { permissions: Some(names(permissions)), ..RoleChange::default() };
    update(services, &services.operator(), &support(), &change).await.expect("changed")
}

async fn holder(services: &Services, name: &str) -> UserId {
    let user = registered(services, name).await;
    grant(services, &services.operator(), user.id, &support()).await.expect("granted").id
}

async fn a_role_is_made_changed_and_deleted(app: App) {
    let (services, operator) = (&app.services, app.services.operator());
    let role = made(services, &[Permission::UsersWrite, Permission::UsersRead]).await;
    assert_eq!(role.permissions, [Permission::UsersRead, Permission::UsersWrite]);
    assert_eq!(roles::find(services, &operator, &support()).await.expect("found"), role);
    let twice = NewRole { name: "support".into(), ..NewRole::default() };
    assert_eq!(refusal(create(services, &operator, &twice).await), Refusal::RoleNameTaken);
    let change = RoleChange { description: Some(String::new()), permissions: None };
    let changed = update(services, &operator, &support(), &change).await.expect("changed");
    assert_eq!(changed, Role { description: String::new(), ..role });
    let listed = roles::list(services, &operator).await.expect("listed");
    let listed: Vec<&str> = listed.iter().map(|role| role.name.as_str()).collect();
    assert_eq!(listed, ["admin", "moderator", "support", "user"]);
    delete(services, &operator, &support(), false).await.expect("nobody holds it");
    for outcome in [
        delete(services, &operator, &support(), true).await,
        roles::find(services, &operator, &support()).await.map(drop),
        update(services, &operator, &support(), &RoleChange::default()).await.map(drop),
    ] {
        assert_eq!(refusal(outcome), Refusal::RoleNotFound);
    }
}

async fn what_breaks_a_rule_is_named_and_nothing_is_made(app: App) {
    let (services, operator) = (&app.services, app.services.operator());
    for name in ["", "Support", "a b", "_a", "админ", &"x".repeat(65)] {
        let new = NewRole { name: name.to_owned(), ..NewRole::default() };
        let refused = refusal(create(services, &operator, &new).await);
        let Refusal::Invalid(errors) = refused else { panic!("{refused:?}") };
        assert_eq!(errors[0].field, Field::RoleName, "{name:?}");
    }
    for permission in ["nonsense", "tokens:revoke", ""] {
        let permissions = vec!["users:read".to_owned(), permission.to_owned()];
        let new = NewRole { name: "support".into(), permissions, ..NewRole::default() };
        let rule = Rule::NoPermissionOfRoles(permission.to_owned());
        let refused = create(services, &operator, &new).await;
        assert_eq!(refusal(refused), Refusal::invalid(Field::Permissions, rule));
    }
    let new =
        NewRole { name: "support".into(), description: "x".repeat(256), ..NewRole::default() };
    let refused = create(services, &operator, &new).await;
    let rule = Rule::TooLong { max: 255 };
    assert_eq!(refusal(refused), Refusal::invalid(Field::Description, rule));
    assert_eq!(roles::list(services, &operator).await.expect("listed").len(), 3);
}

async fn built_in_roles_stay(app: App) {
    let (services, operator) = (&app.services, app.services.operator());
    for name in ["admin", "moderator", "user"] {
        let deleted = delete(services, &operator, &RoleName::new(name), true).await;
        assert_eq!(refusal(deleted), Refusal::RoleBuiltIn, "{name}");
    }
    let admin = RoleName::new("admin");
    let weaker = RoleChange { permissions: Some(vec![]), ..RoleChange::default() };
    let refused = update(services, &operator, &admin, &weaker).await;
    assert_eq!(refusal(refused), Refusal::RoleBuiltIn);
    let role = roles::find(services, &operator, &admin).await.expect("found");
    assert_eq!(role.permissions, Permission::of_roles().collect::<Vec<_>>());
    update(services, &operator, &RoleName::new("moderator"), &weaker).await.expect("weaker");
}

async fn auz_05_nobody_defines_a_role_that_permits_more_than_he_may(app: App) {
    let (services, operator) = (&app.services, app.services.operator());
    let ann = registered(services, "ann").await.id;
    let new = NewRole {
        name: "definer".into(),
        permissions: names(&[Permission::UsersRead, Permission::RolesManage]),
        ..NewRole::default()
    };
    create(services, &operator, &new).await.expect("made");
    grant(services, &operator, ann, &RoleName::new("definer")).await.expect("granted");
    let ctx = acting(services, &signed_in(services, "ann").await).await.2;
    let missing = |permission| Refusal::PermissionMissing(permission);
    let more = Some(names(&[Permission::UsersRead, Permission::UsersDelete]));
    let new = NewRole { name: "more".into(), permissions: more.clone().expect("some"), ..new };
    let refused = create(services, &ctx, &new).await;
    assert_eq!(refusal(refused), missing(Permission::UsersDelete));
    // Her own, too.
    let change = RoleChange { permissions: more, ..RoleChange::default() };
    for name in ["definer", "user"] {
        let refused = update(services, &ctx, &RoleName::new(name), &change).await;
        assert_eq!(refusal(refused), missing(Permission::UsersDelete), "{name}");
    }
    // What permits more than she may is not hers to take away either.
    let weaker = RoleChange { permissions: Some(vec![]), ..RoleChange::default() };
    let refused = update(services, &ctx, &RoleName::new("moderator"), &weaker).await;
    assert_eq!(refusal(refused), missing(Permission::UsersBlock));
    let new = NewRole { name: "less".into(), permissions: names(&[Permission::UsersRead]), ..new };
    create(services, &ctx, &new).await.expect("what she may herself");
    delete(services, &ctx, &RoleName::new("less"), false).await.expect("hers to delete");

    let bob = registered(services, "bob").await.id;
    grant(services, &operator, bob, &RoleName::new("moderator")).await.expect("granted");
    let ctx = acting(services, &signed_in(services, "bob").await).await.2;
    let nobody = RoleName::new("nobody");
    for outcome in [
        create(services, &ctx, &NewRole::default()).await.map(drop),
        update(services, &ctx, &nobody, &weaker).await.map(drop),
        delete(services, &ctx, &nobody, true).await,
    ] {
        assert_eq!(refusal(outcome), missing(Permission::RolesManage));
    }
    roles::list(services, &ctx).await.expect("whoever sees accounts sees what their roles mean");
}

/// On every instance, by whoever asks for something, before any job ran.
async fn auz_06_what_a_role_permits_no_more_is_refused_at_once(app: App) {
    let elsewhere = app.beside().await;
    made(&app.services, &[Permission::UsersBlock]).await;
    holder(&app.services, "ann").await;
    let bob = registered(&app.services, "bob").await.id;
    let session = signed_in(&app.services, "ann").await;
    let ctx = acting(&elsewhere.services, &session).await.2;
    let block = async |ctx: &Context| {
        operations::accounts::block(&elsewhere.services, ctx, bob).await.map(drop)
    };
    block(&ctx).await.expect("she may");
    redefined(&app.services, &[Permission::UsersRead]).await;
    assert_eq!(refusal(block(&ctx).await), Refusal::PermissionMissing(Permission::UsersBlock));
    let (ann, ..) = acting(&elsewhere.services, &session).await;
    assert_eq!(ann.permissions, [Permission::UsersRead]);
    redefined(&app.services, &[Permission::UsersBlock]).await;
    block(&ctx).await.expect("she may again");
}

async fn what_is_remembered_elsewhere_is_forgotten_when_the_log_is_read(app: App) {
    let elsewhere = app.beside().await;
    made(&app.services, &[Permission::UsersBlock]).await;
    holder(&app.services, "ann").await;
    let token = signed_in(&app.services, "ann").await.tokens.access.token;
    let mut logs = [Follower::default(), Follower::default()];
    let catch_up = async |logs: &mut [Follower; 2]| {
        for (log, node) in logs.iter_mut().zip([&app, &elsewhere]) {
            log.catch_up(&node.services).await.expect("the log is read");
        }
    };
    let shown = async |node: &App| {
        let read = authenticate_reader(&node.services, &node.stranger(), &token).await;
        read.expect("a live session").user.permissions.clone()
    };
    catch_up(&mut logs).await;
    for node in [&app, &elsewhere] {
        assert_eq!(shown(node).await, [Permission::UsersBlock]);
    }
    // There and back: still another number than before.
    for permission in [Permission::UsersDelete, Permission::UsersRead] {
        redefined(&app.services, &[permission]).await;
        assert_eq!(shown(&app).await, [permission], "at once where it was changed");
        catch_up(&mut logs).await;
        assert_eq!(shown(&elsewhere).await, [permission]);
    }
}

async fn access_tokens_of_all_holders_are_refused_bit_by_bit(app: App) {
    let services = &app.services;
    made(services, &[Permission::UsersRead]).await;
    let mut sessions = Vec::new();
    for number in 0..HOLDERS {
        let name = format!("user{number}");
        let id = holder(services, &name).await;
        sessions.push((id, signed_in(services, &name).await));
    }
    let other = registered(services, "other").await.id;
    let outside = signed_in(services, "other").await;
    app.run_jobs().await;
    redefined(services, &[]).await;
    app.run_jobs().await;
    let check =
        async |token: &SecretToken| authenticate(services, &app.stranger(), token).await.map(drop);
    for (id, session) in &sessions {
        let refused = check(&session.tokens.access.token).await;
        assert_eq!(refusal(refused), Refusal::InvalidToken(TokenDefect::Revoked));
        let told = events_of(&app, *id).await;
        let told = told.iter().filter(|name| *name == "user.permissions_changed").count();
        assert_eq!(told, 1);
    }
    check(&outside.tokens.access.token).await.expect("it is nothing to her");
    assert!(!events_of(&app, other).await.contains(&"user.permissions_changed".to_owned()));
    let tokens = refresh(services, &app.stranger(), &refresh_of(&sessions[0].1)).await;
    check(&tokens.expect("sessions live on").access.token).await.expect("minted anew");
    let feed = revocations::list(services, &app.stranger(), None).await.expect("the feed");
    let told = |id: UserId| {
        feed.entries
            .iter()
            .any(|entry| matches!(entry, Revocation::IssuedBefore { user, .. } if *user == id))
    };
    assert!(sessions.iter().all(|(id, _)| told(*id)));
    let findings = operations::health::fsck(services).await.expect("findings");
    assert_eq!(findings, storage::consistency::Findings::default());
}

async fn a_role_that_is_held_is_taken_from_everybody_only_when_asked_for(app: App) {
    let (services, operator) = (&app.services, app.services.operator());
    made(services, &[Permission::UsersBlock]).await;
    let mut held = Vec::new();
    for number in 0..HOLDERS {
        held.push(holder(services, &format!("user{number}")).await);
    }
    let session = signed_in(services, "user0").await;
    let ctx = acting(services, &session).await.2;
    assert_eq!(refusal(delete(services, &operator, &support(), false).await), Refusal::RoleHeld);
    delete(services, &operator, &support(), true).await.expect("deleted");
    let user = app.account("user0").await;
    assert_eq!((user.roles, user.permissions), (vec![RoleName::new("user")], vec![]));
    let refused = operations::accounts::block(services, &ctx, held[1]).await;
    assert_eq!(refusal(refused), Refusal::PermissionMissing(Permission::UsersBlock));
    // The name is free before the accounts told.
    made(services, &[]).await;
    app.run_jobs().await;
    for id in held {
        let events = events_of(&app, id).await;
        let revoked = events.iter().filter(|name| *name == "user.role_revoked").count();
        assert_eq!(revoked, 1, "{events:?}");
    }
    let dead = authenticate(services, &app.stranger(), &session.tokens.access.token).await;
    assert_eq!(refusal(dead.map(drop)), Refusal::InvalidToken(TokenDefect::Revoked));
    assert_eq!(app.database.count("role_departures").await, 0);
    let findings = operations::health::fsck(services).await.expect("findings");
    assert_eq!(findings, storage::consistency::Findings::default());
}
