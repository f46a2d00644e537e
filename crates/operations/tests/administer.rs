//! What is done to the accounts of others.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use domain::{Field, Password, Permission, Refusal, RoleName, Rule, User};
use operations::accounts::{
    AccountChange, Change, DeleteOwn, UpdateVisible, delete_visible, update_visible,
};
use operations::roles::grant;
use operations::{Context, Services};
use testkit::{App, PASSWORD};

use crate::support::{acting, refusal, registered, signed_in};

testkit::on_every_backend!(App::on =>
    pwd_07_whoever_changes_another_proves_to_be_who_he_is,
    auz_05_who_became_administrator_meanwhile_is_not_touched,
    auz_05_permissions_are_asked_for_one_by_one,
);

async fn pwd_07_whoever_changes_another_proves_to_be_who_he_is(app: App) {
    let target = registered(&app.services, "bob").await;
    let (admin, id, ctx) = administrator(&app.services).await;
    let wrong = Some(Password::new("wrong password"));
    let missing = Refusal::invalid(Field::CurrentPassword, Rule::Required);
    for (current_password, expected) in [(None, missing), (wrong, Refusal::WrongCurrentPassword)] {
        let blocking = UpdateVisible { is_blocked: Some(true), ..UpdateVisible::default() };
        for request in [renaming(), blocking] {
            let request = UpdateVisible { current_password: current_password.clone(), ..request };
            let refused = update_visible(&app.services, &ctx, &admin, id, &target, &request).await;
            assert_eq!(refusal(refused), expected);
        }
    }
    assert_eq!(app.account("bob").await, target);
    let request = UpdateVisible { current_password: Some(proof()), ..renaming() };
    update_visible(&app.services, &ctx, &admin, id, &target, &request).await.expect("changed");
    assert_eq!(app.account("bob").await.profile.first_name, "Robert");
}

async fn auz_05_who_became_administrator_meanwhile_is_not_touched(app: App) {
    let target = registered(&app.services, "bob").await;
    let (helper, id, ctx) = helper(&app.services, Permission::ALL).await;
    let admin = RoleName::new(RoleName::ADMIN);
    grant(&app.services, &app.services.operator(), target.id, &admin).await.expect("granted");
    let request = UpdateVisible { current_password: Some(proof()), ..renaming() };
    let refused = update_visible(&app.services, &ctx, &helper, id, &target, &request).await;
    assert_eq!(refusal(refused), Refusal::PermissionMissing(Permission::RolesGrant));
    let request = DeleteOwn { current_password: Some(proof()) };
    let refused = delete_visible(&app.services, &ctx, &helper, id, &target, &request).await;
    assert_eq!(refusal(refused), Refusal::PermissionMissing(Permission::RolesGrant));
    assert!(app.account("bob").await.is_present());
}

async fn auz_05_permissions_are_asked_for_one_by_one(app: App) {
    let target = registered(&app.services, "bob").await;
    let (helper, id, ctx) = helper(&app.services, &[Permission::UsersBlock]).await;
    let request = UpdateVisible { current_password: Some(proof()), ..renaming() };
    let refused = update_visible(&app.services, &ctx, &helper, id, &target, &request).await;
    assert_eq!(refusal(refused), Refusal::PermissionMissing(Permission::UsersWrite));
    let request = DeleteOwn { current_password: Some(proof()) };
    let refused = delete_visible(&app.services, &ctx, &helper, id, &target, &request).await;
    assert_eq!(refusal(refused), Refusal::PermissionMissing(Permission::UsersDelete));
    let request = UpdateVisible {
        is_blocked: Some(true),
        current_password: Some(proof()),
        ..UpdateVisible::default()
    };
    update_visible(&app.services, &ctx, &helper, id, &target, &request).await.expect("blocked");
}

fn renaming() -> UpdateVisible {
    let first_name = Change::Set("Robert".to_owned());
    let change = AccountChange { first_name, ..AccountChange::default() };
    UpdateVisible { change, ..UpdateVisible::default() }
}

fn proof() -> Password {
    Password::new(PASSWORD)
}

async fn administrator(services: &Services) -> (User, domain::SessionId, Context) {
    let user = registered(services, "root").await;
    let role = RoleName::new(RoleName::ADMIN);
    grant(services, &services.operator(), user.id, &role).await.expect("granted");
    acting(services, &signed_in(services, "root").await).await
}

/// Somebody who is no administrator and may all this.
async fn helper(
    services: &Services,
    permissions: &[Permission],
) -> (User, domain::SessionId, Context) {
    registered(services, "helper").await;
    let (user, id, ctx) = acting(services, &signed_in(services, "helper").await).await;
    (User { permissions: permissions.to_vec(), ..user }, id, ctx)
}
