//! What administrators do to the accounts of others, and what lesser ones may not.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::time::Duration;

use domain::{Field, Permission, Refusal, RoleName, Rule, Status, UserId};
use operations::accounts::{
    AccountChange, Block, BlockTerms, Change, Create, NewIdentifiers, UpdateOther, block, block_on,
    create, delete, delete_for_good, find_block, restore_by_operator, unblock, update_other,
};
use operations::passwords::set_by_operator;
use operations::recovery::send_recovery;
use operations::roles::{self, NewRole, grant, revoke, set};
use operations::sessions::revoke_all_of;
use operations::{Context, Result, Services};
use testkit::{App, PASSWORD};

use crate::support::{acting, events_of, is_dead, refusal, registered, signed_in, try_sign_in};

testkit::on_every_backend!(App::on =>
    whoever_may_not_hears_so_whether_there_is_such_an_account_or_not,
    auz_05_nobody_acts_on_somebody_who_may_more,
    auz_05_nobody_gives_what_he_does_not_hold,
    auz_06_who_was_demoted_does_nothing_more,
    what_an_old_sign_in_must_not_do,
    pwd_07_an_administrators_own_account_asks_for_its_password,
    an_account_is_made_without_a_password,
    reg_15_an_administrator_vouches_for_addresses,
    a_new_address_holds_at_once_and_the_old_one_is_told,
    lif_08_deleting_and_restoring_twice_changes_nothing,
    what_was_deleted_can_be_deleted_for_good,
    all_roles_are_set_at_once,
);

/// Somebody with a role of his own that permits this, signed in just now.
async fn helper(services: &Services, name: &str, permissions: &[Permission]) -> (UserId, Context) {
    let user = registered(services, name).await;
    let permissions = permissions.iter().map(|may| may.as_str().to_owned()).collect();
    let new = NewRole { name: format!("of-{name}"), permissions, ..NewRole::default() };
    let role = roles::create(services, &services.operator(), &new).await.expect("made").name;
    grant(services, &services.operator(), user.id, &role).await.expect("granted");
    let signed_in = Box::pin(signed_in(services, name)).await;
    (user.id, acting(services, &signed_in).await.2)
}

async fn administrator(services: &Services, name: &str) -> (UserId, Context) {
    let user = registered(services, name).await;
    grant(services, &services.operator(), user.id, &role("admin")).await.expect("granted");
    (user.id, acting(services, &signed_in(services, name).await).await.2)
}

fn role(name: &str) -> RoleName {
    RoleName::new(name)
}

fn renaming() -> UpdateOther {
    let first_name = Change::Set("Robert".to_owned());
    let change = AccountChange { first_name, ..AccountChange::default() };
    UpdateOther { change, ..UpdateOther::default() }
}

fn moving(address: &str) -> UpdateOther {
    let email = Change::Set(address.to_owned());
    let change = AccountChange { email, ..AccountChange::default() };
    UpdateOther { change, ..UpdateOther::default() }
}

/// Everything that is done to an account, each with the permission that it needs.
async fn everything(
    services: &Services,
    ctx: &Context,
    id: UserId,
) -> Vec<(Permission, Result<()>)> {
    use Permission as P;
    let moderator = role("moderator");
    vec![
        (P::UsersWrite, update_other(services, ctx, id, &renaming()).await.map(drop)),
        (P::UsersBlock, block(services, ctx, id).await.map(drop)),
        (P::UsersBlock, unblock(services, ctx, id).await.map(drop)),
        (P::UsersBlock, revoke_all_of(services, ctx, id).await),
        (P::UsersCredentials, send_recovery(services, ctx, id).await),
        (P::RolesGrant, set(services, ctx, id, &[]).await.map(drop)),
        (P::RolesGrant, grant(services, ctx, id, &moderator).await.map(drop)),
        (P::RolesGrant, revoke(services, ctx, id, &moderator).await.map(drop)),
        (P::UsersDelete, delete(services, ctx, id).await.map(drop)),
        (P::UsersDelete, restore_by_operator(services, ctx, id).await.map(drop)),
        (P::UsersDelete, delete_for_good(services, ctx, id).await.map(drop)),
    ]
}

async fn whoever_may_not_hears_so_whether_there_is_such_an_account_or_not(app: App) {
    let services = &app.services;
    let target = registered(services, "bob").await.id;
    let (_, ctx) = helper(services, "ann", &[Permission::UsersRead]).await;
    for id in [target, UserId(uuid::Uuid::nil())] {
        for (needed, outcome) in everything(services, &ctx, id).await {
            assert_eq!(refusal(outcome), Refusal::PermissionMissing(needed));
        }
    }
    let (_, ctx) = administrator(services, "root").await;
    for (_, outcome) in everything(services, &ctx, UserId(uuid::Uuid::nil())).await {
        assert_eq!(refusal(outcome), Refusal::UserNotFound);
    }
    for (_, outcome) in everything(services, &app.stranger(), target).await {
        assert!(matches!(refusal(outcome), Refusal::InvalidToken(_)));
    }
    assert!(app.account("bob").await.is_present());
}

/// `manage-users` edits the administrator's e-mail address, and is the administrator.
async fn auz_05_nobody_acts_on_somebody_who_may_more(app: App) {
    let services = &app.services;
    let (root, _) = administrator(services, "root").await;
    let above = [Permission::UsersRead, Permission::ServicesManage];
    let (auditor, _) = helper(services, "auditor", &above).await;
    let all: Vec<_> =
        Permission::of_roles().filter(|may| *may != Permission::ServicesManage).collect();
    let (_, ctx) = helper(services, "ann", &all).await;
    let before = (app.account("root").await, app.account("auditor").await);
    let targets = [(root, Permission::RolesGrant), (auditor, Permission::ServicesManage)];
    for (target, missing) in targets {
        for (_, outcome) in everything(services, &ctx, target).await {
            assert_eq!(refusal(outcome), Refusal::PermissionMissing(missing));
        }
    }
    assert_eq!((app.account("root").await, app.account("auditor").await), before);
    let peer = registered(services, "bob").await.id;
    for (_, outcome) in everything(services, &ctx, peer).await.into_iter().take(3) {
        outcome.expect("nobody special");
    }
}

async fn auz_05_nobody_gives_what_he_does_not_hold(app: App) {
    let services = &app.services;
    let all: Vec<_> = Permission::of_roles().collect();
    let (own, ctx) = helper(services, "ann", &all).await;
    let bob = registered(services, "bob").await.id;
    // Not even who may everything gives what administrators are by name.
    for id in [own, bob] {
        for outcome in [
            grant(services, &ctx, id, &role("admin")).await,
            set(services, &ctx, id, &[role("admin")]).await,
        ] {
            assert_eq!(refusal(outcome), Refusal::PermissionMissing(Permission::RolesGrant));
        }
    }
    let some = [Permission::UsersRead, Permission::UsersWrite, Permission::RolesGrant];
    let (own, ctx) = helper(services, "eve", &some).await;
    for id in [own, bob] {
        let given = grant(services, &ctx, id, &role("moderator")).await;
        assert_eq!(refusal(given), Refusal::PermissionMissing(Permission::UsersBlock));
    }
    let request = Create { roles: vec![role("moderator")], ..named("cid") };
    let made = create(services, &ctx, &request).await;
    assert_eq!(refusal(made), Refusal::PermissionMissing(Permission::UsersBlock));
    grant(services, &ctx, bob, &role("of-eve")).await.expect("what she holds herself");
    let (_, ctx) = helper(services, "fay", &[Permission::UsersWrite]).await;
    let request = Create { roles: vec![role("user")], ..named("cid") };
    let made = create(services, &ctx, &request).await;
    assert_eq!(refusal(made), Refusal::PermissionMissing(Permission::RolesGrant));
    create(services, &ctx, &named("cid")).await.expect("without roles");
    let roles = app.account("bob").await.roles;
    assert_eq!(roles, [role("of-eve"), role("user")]);
}

async fn auz_06_who_was_demoted_does_nothing_more(app: App) {
    let services = &app.services;
    administrator(services, "root").await;
    let (former, ctx) = administrator(services, "ann").await;
    let target = registered(services, "bob").await.id;
    revoke(services, &services.operator(), former, &role("admin")).await.expect("revoked");
    for (needed, outcome) in everything(services, &ctx, target).await {
        assert_eq!(refusal(outcome), Refusal::PermissionMissing(needed));
    }
    let (blocked, ctx) = administrator(services, "cid").await;
    block(services, &services.operator(), blocked).await.expect("blocked");
    for (_, outcome) in everything(services, &ctx, target).await {
        assert_eq!(refusal(outcome), Refusal::AccountBlocked);
    }
}

async fn what_an_old_sign_in_must_not_do(app: App) {
    let services = &app.services;
    let target = registered(services, "bob").await.id;
    let (_, ctx) = administrator(services, "root").await;
    app.advance(Duration::from_mins(16));
    let ctx = Context { now: app.now(), ..ctx };
    let moved = update_other(services, &ctx, target, &moving("bob@example.com")).await;
    let vouching = UpdateOther { is_email_verified: true, ..renaming() };
    let verified = update_other(services, &ctx, target, &vouching).await;
    for outcome in [
        moved.map(drop),
        verified.map(drop),
        set(services, &ctx, target, &[]).await.map(drop),
        grant(services, &ctx, target, &role("moderator")).await.map(drop),
        delete(services, &ctx, target).await.map(drop),
        restore_by_operator(services, &ctx, target).await.map(drop),
        roles::delete(services, &ctx, &role("moderator"), false).await,
    ] {
        assert_eq!(refusal(outcome), Refusal::SignInAgain);
    }
    update_other(services, &ctx, target, &renaming()).await.expect("a name is no identifier");
    block(services, &ctx, target).await.expect("keeping somebody out does not wait");
}

/// With a stolen token he would be his own administrator: no password, no link that undoes it.
async fn pwd_07_an_administrators_own_account_asks_for_its_password(app: App) {
    let services = &app.services;
    administrator(services, "root").await;
    let (ann, ctx) = administrator(services, "ann").await;
    let vouching = UpdateOther { is_email_verified: true, ..renaming() };
    for outcome in [
        update_other(services, &ctx, ann, &moving("evil@example.com")).await.map(drop),
        update_other(services, &ctx, ann, &vouching).await.map(drop),
        delete(services, &ctx, ann).await.map(drop),
        delete_for_good(services, &ctx, ann).await.map(drop),
    ] {
        assert_eq!(refusal(outcome), Refusal::OwnAccount);
    }
    let account = app.account("ann").await;
    assert_eq!(account.email.as_deref(), Some("ann@example.org"));
    assert!(!account.email_verified && account.is_present());
    update_other(services, &ctx, ann, &renaming()).await.expect("a name is no identifier");
}

fn named(name: &str) -> Create {
    let (username, email) = (Some(name.to_owned()), Some(format!("{name}@example.org")));
    let identifiers = NewIdentifiers { username, email, phone: None };
    Create { identifiers, ..Create::default() }
}

async fn an_account_is_made_without_a_password(app: App) {
    let services = &app.services;
    let (_, ctx) = administrator(services, "root").await;
    let request = Create {
        first_name: Some("Bob".to_owned()),
        locale: Some("ru".to_owned()),
        metadata: Some(r#"{"a":1}"#.to_owned()),
        roles: vec![role("moderator"), role("moderator"), role("user")],
        ..named("bob")
    };
    let bob = create(services, &ctx, &request).await.expect("made");
    assert_eq!(bob.roles, [role("moderator"), role("user")]);
    assert_eq!(bob.profile.locale.as_deref(), Some("ru"));
    assert!(!bob.email_verified && bob.status == Status::Active);
    assert_eq!(events_of(&app, bob.id).await, ["user.registered", "user.role_granted"]);
    for password in ["", PASSWORD] {
        let refused = try_sign_in(services, "bob", password).await;
        assert_eq!(refusal(refused), Refusal::InvalidCredentials);
    }
    let again = create(services, &ctx, &named("bob")).await;
    assert!(matches!(refusal(again), Refusal::IdentifierTaken(_)));
    let nothing = create(services, &ctx, &Create::default()).await;
    assert_eq!(refusal(nothing), Refusal::invalid(Field::Identifier, Rule::Required));
    let unknown = Create { roles: vec![role("emperor")], ..named("cid") };
    assert_eq!(refusal(create(services, &ctx, &unknown).await), Refusal::RoleNotFound);

    let password = domain::Password::new(PASSWORD);
    set_by_operator(services, &services.operator(), bob.id, &password).await.expect("set");
    signed_in(services, "bob").await;
}

async fn reg_15_an_administrator_vouches_for_addresses(app: App) {
    let services = &app.services;
    let (_, ctx) = administrator(services, "root").await;
    let bob = registered(services, "bob").await.id;
    let vouching = UpdateOther { is_email_verified: true, ..UpdateOther::default() };
    for _ in 0..2 {
        let user = update_other(services, &ctx, bob, &vouching).await.expect("vouched");
        assert!(user.email_verified);
    }
    assert_eq!(events_of(&app, bob).await, ["user.registered", "user.email_verified"]);
    // A new address is not the one that somebody vouched for.
    let moved = update_other(services, &ctx, bob, &moving("bob@example.com")).await;
    assert!(!moved.expect("changed").email_verified);
    let vouching = UpdateOther { is_email_verified: true, ..moving("bob@example.net") };
    let moved = update_other(services, &ctx, bob, &vouching).await.expect("changed");
    assert!(moved.email_verified && moved.email.as_deref() == Some("bob@example.net"));
    let vouching = UpdateOther { is_phone_verified: true, ..renaming() };
    let refused = update_other(services, &ctx, bob, &vouching).await;
    assert_eq!(refusal(refused), Refusal::invalid(Field::Phone, Rule::Required));
    assert_eq!(app.account("bob").await.profile.first_name, "", "all of it, or nothing");
}

async fn a_new_address_holds_at_once_and_the_old_one_is_told(app: App) {
    let services = &app.services;
    let (_, ctx) = administrator(services, "root").await;
    let bob = registered(services, "bob").await.id;
    let session = signed_in(services, "bob").await;
    app.run_jobs().await;
    let user = update_other(services, &ctx, bob, &moving("new@example.org")).await;
    let user = user.expect("changed");
    assert_eq!((user.email.as_deref(), user.pending_email), (Some("new@example.org"), None));
    assert!(is_dead(services, &session).await, "who held the account may be somebody else");
    app.run_jobs().await;
    let mail = app.mailbox.newest_to("bob@example.org");
    assert!(mail.subject.contains("e-mail address"), "{mail:?}");
    assert!(!mail.source.contains("new@example.org"), "it is the owner's, not of who reads this");
    assert!(!mail.source.contains("take-back"), "that mailbox may be why somebody asked");
    try_sign_in(services, "new@example.org", PASSWORD).await.expect("it signs in");
    let taken = update_other(services, &ctx, bob, &moving("root@example.org")).await;
    assert!(matches!(refusal(taken), Refusal::IdentifierTaken(_)));
    let mails = app.mailbox.mails().len();
    app.run_jobs().await;
    assert_eq!(app.mailbox.mails().len(), mails, "what was refused is told to nobody");
}

async fn lif_08_deleting_and_restoring_twice_changes_nothing(app: App) {
    let services = &app.services;
    let (root, ctx) = administrator(services, "root").await;
    let bob = registered(services, "bob").await.id;
    assert!(delete(services, &ctx, bob).await.expect("deleted").is_some());
    assert_eq!(delete(services, &ctx, bob).await.expect("so already"), None);
    for _ in 0..2 {
        let restored = restore_by_operator(services, &ctx, bob).await.expect("restored");
        assert_eq!(restored.status, Status::Active);
    }
    let expected = ["user.registered", "user.deleted", "user.restored"];
    assert_eq!(events_of(&app, bob).await, expected);
    let operator = services.operator();
    assert_eq!(refusal(delete(services, &operator, root).await), Refusal::LastAdmin);
    assert_eq!(refusal(delete_for_good(services, &operator, root).await), Refusal::LastAdmin);
}

async fn what_was_deleted_can_be_deleted_for_good(app: App) {
    let services = &app.services;
    let (_, ctx) = administrator(services, "root").await;
    let bob = registered(services, "bob").await.id;
    let terms = BlockTerms { reason: Some("personal".to_owned()), until: None };
    block_on(services, &ctx, bob, &terms).await.expect("blocked");
    let known = find_block(services, &ctx, bob).await.expect("an answer");
    assert_eq!(known, Some(Block { reason: terms.reason, until: None }));
    delete(services, &ctx, bob).await.expect("deleted").expect("it was there");
    let deletion = delete_for_good(services, &ctx, bob).await.expect("deleted").expect("sooner");
    assert_eq!(deletion.purge_at, app.now());
    registered(services, "bob").await;
    let late = restore_by_operator(services, &ctx, bob).await;
    assert_eq!(refusal(late), Refusal::RestorationExpired);
    app.run_jobs().await;
    let dump = app.database.dump().await;
    assert!(dump.places_of("personal").is_empty(), "LIF-06: the reason is personal");
    assert_eq!(delete_for_good(services, &ctx, bob).await.expect("so already"), None);
    app.advance(Duration::from_hours(24 * 31));
    app.run_jobs().await;
    let findings = operations::health::fsck(services).await.expect("findings");
    assert_eq!((findings.purged_with_data, findings.nameless_accounts), (0, 0));
}

async fn all_roles_are_set_at_once(app: App) {
    let services = &app.services;
    let (root, ctx) = administrator(services, "root").await;
    let bob = registered(services, "bob").await.id;
    let before = signed_in(services, "bob").await;
    let wanted = [role("moderator"), role("admin"), role("moderator")];
    let user = set(services, &ctx, bob, &wanted).await.expect("set");
    assert_eq!(user.roles, ["admin", "moderator", "user"].map(role));
    let counted = user.roles_version;
    let user = set(services, &ctx, bob, &wanted).await.expect("so already");
    assert_eq!(user.roles_version, counted, "nothing changed");
    let (stranger, token) = (app.stranger(), &before.tokens.access.token);
    let old = operations::sessions::authenticate(services, &stranger, token).await;
    assert!(matches!(refusal(old.map(drop)), Refusal::InvalidToken(_)));
    let user = set(services, &ctx, bob, &[role("moderator")]).await.expect("set");
    assert_eq!(user.roles, ["moderator", "user"].map(role));
    assert!(is_dead(services, &before).await, "who loses admin signs in anew");
    let unknown = set(services, &ctx, bob, &[role("emperor")]).await;
    assert_eq!(refusal(unknown), Refusal::RoleNotFound);
    let roles: Vec<String> = events_of(&app, bob).await;
    let roles: Vec<&str> =
        roles.iter().filter_map(|name| name.strip_prefix("user.role_")).collect();
    assert_eq!(roles, ["granted", "granted", "revoked"]);
    assert_eq!(refusal(set(services, &ctx, root, &[]).await), Refusal::LastAdmin);
    assert_eq!(app.account("root").await.roles, ["admin", "user"].map(role));
}
