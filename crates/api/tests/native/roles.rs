//! What a change of roles does to tokens (SES-09, SES-11).

use domain::RoleName;
use operations::roles;
use testkit::{App, access_token, on_every_backend, refresh_token};

use super::support::{CURRENT, assert_problem, refresh, standing};

on_every_backend!(App::on =>
    access_tokens_from_before_a_change_of_roles_are_refused,
    who_loses_admin_signs_in_anew,
);

async fn set(app: &App, name: &str, role: &str, is_granted: bool) {
    let (id, role) = (app.account(name).await.id, RoleName::new(role));
    let (services, operator) = (&app.services, app.services.operator());
    let changed = if is_granted {
        roles::grant(services, &operator, id, &role).await
    } else {
        roles::revoke(services, &operator, id, &role).await
    };
    changed.expect("changed");
}

async fn roles_of(app: &App, access: &str) -> serde_json::Value {
    let reply = app.get(CURRENT).bearer(access).send().await.expect(200);
    reply.json()["roles"].clone()
}

/// The refresh token mints the new roles.
async fn access_tokens_from_before_a_change_of_roles_are_refused(app: App) {
    app.register("ann").await;
    let other = app.beside().await;
    let mut pair = app.sign_in("ann").await;
    for (is_granted, roles) in [(true, vec!["moderator", "user"]), (false, vec!["user"])] {
        let before = access_token(&pair);
        set(&app, "ann", "moderator", is_granted).await;
        for node in [&app, &other] {
            let reply = node.get(CURRENT).bearer(&before).send().await;
            assert_problem(&reply, 401, "token_revoked");
        }
        pair = refresh(&app, &refresh_token(&pair)).await.expect(200).json();
        assert_eq!(roles_of(&other, &access_token(&pair)).await, serde_json::json!(roles));
        assert_eq!(standing(&app, &before).await, 401);
    }
    set(&app, "ann", "user", true).await;
    let unchanged = access_token(&pair);
    assert_eq!(standing(&app, &unchanged).await, 200, "she had that role already");
}

async fn who_loses_admin_signs_in_anew(app: App) {
    for name in ["ann", "bob"] {
        app.register(name).await;
        set(&app, name, "admin", true).await;
    }
    let pair = app.sign_in("ann").await;
    set(&app, "ann", "admin", false).await;
    assert_eq!(standing(&app, &access_token(&pair)).await, 401);
    assert_problem(&refresh(&app, &refresh_token(&pair)).await, 401, "token_revoked");
    let access = access_token(&app.sign_in("ann").await);
    assert_eq!(roles_of(&app, &access).await, serde_json::json!(["user"]));
}
