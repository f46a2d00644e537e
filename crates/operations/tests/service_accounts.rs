//! Services: how they are made, known and forgotten.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::time::Duration;

use domain::token::SecretToken;
use domain::{Field, Permission, Refusal, RoleName, Rule, ServiceAccount, ServiceAccountId};
use operations::service_accounts::{
    NewServiceAccount, OVERLAP, authenticate_service, create, delete, find, find_by_name, forbid,
    list, permit, rotate,
};
use operations::{Context, Result, roles};
use testkit::{App, Backend, on_every_backend};
use tokio::task::JoinSet;

use crate::support::{acting, refusal, registered, signed_in};

const INTROSPECT: Permission = Permission::TokensIntrospect;

on_every_backend!(App::on =>
    a_service_is_known_by_its_secret_alone,
    a_secret_is_exchanged_with_an_overlap,
    a_leaked_secret_is_exchanged_at_once,
    a_deleted_service_is_unknown,
    permissions_come_and_go,
    auz_01_only_who_may_manage_services_does,
    auz_09_an_old_sign_in_makes_no_secret,
    of_twenty_services_of_one_name_one_is_made,
    a_busy_service_is_noted_once_a_minute,
);

async fn made(app: &App, name: &str, permissions: &[&str]) -> (ServiceAccount, SecretToken) {
    let ctx = app.services.operator();
    create(&app.services, &ctx, &request(name, permissions)).await.expect("a new service")
}

fn request(name: &str, permissions: &[&str]) -> NewServiceAccount {
    let permissions = permissions.iter().map(|&name| name.to_owned()).collect();
    NewServiceAccount { name: name.to_owned(), permissions }
}

/// Everything that is done about services, by this one.
async fn everything(app: &App, ctx: &Context, id: ServiceAccountId) -> [Result<()>; 8] {
    let (services, names) = (&app.services, ["tokens:revoke".to_owned()]);
    [
        list(services, ctx).await.map(drop),
        find(services, ctx, id).await.map(drop),
        find_by_name(services, ctx, "gateway").await.map(drop),
        forbid(services, ctx, id, &names).await.map(drop),
        permit(services, ctx, id, &names).await.map(drop),
        rotate(services, ctx, id, OVERLAP).await.map(drop),
        create(services, ctx, &request("another", &[])).await.map(drop),
        delete(services, ctx, id).await,
    ]
}

/// The one service, as far as a change would show.
async fn state(app: &App) -> Vec<ServiceAccount> {
    list(&app.services, &app.services.operator()).await.expect("a list")
}

async fn auz_01_only_who_may_manage_services_does(app: App) {
    let services = &app.services;
    let (gateway, _) = made(&app, "gateway", &["tokens:introspect"]).await;
    let before = state(&app).await;
    registered(services, "ann").await;
    let ann = acting(services, &signed_in(services, "ann").await).await.2;
    for outcome in everything(&app, &ann, gateway.id).await {
        let missing = Refusal::PermissionMissing(Permission::ServicesManage);
        assert_eq!(refusal(outcome), missing);
    }
    for outcome in everything(&app, &app.stranger(), gateway.id).await {
        assert!(matches!(refusal(outcome), Refusal::InvalidToken(_)));
    }
    assert_eq!(state(&app).await, before);
}

/// With a token that was stolen long after the sign-in nobody makes what outlives it.
async fn auz_09_an_old_sign_in_makes_no_secret(app: App) {
    let services = &app.services;
    let (gateway, _) = made(&app, "gateway", &["tokens:introspect"]).await;
    let before = state(&app).await;
    let ann = registered(services, "ann").await.id;
    let admin = RoleName::new(RoleName::ADMIN);
    roles::grant(services, &services.operator(), ann, &admin).await.expect("granted");
    let ctx = acting(services, &signed_in(services, "ann").await).await.2;
    app.advance(Duration::from_mins(16));
    let ctx = Context { now: app.now(), ..ctx };
    let [listed, found, by_name, forbidden, permitted, rotated, made, deleted] =
        everything(&app, &ctx, gateway.id).await;
    for outcome in [permitted, rotated, made] {
        assert_eq!(refusal(outcome), Refusal::SignInAgain);
    }
    for outcome in [listed, found, by_name, forbidden, deleted] {
        outcome.expect("looking and taking away does not wait");
    }
    assert_eq!((before.len(), state(&app).await.len()), (1, 0));
}

async fn knock(app: &App, id: &str, secret: &SecretToken) -> Result<ServiceAccount> {
    authenticate_service(&app.services, &app.stranger(), id, secret, INTROSPECT).await
}

async fn a_service_is_known_by_its_secret_alone(app: App) {
    let (service, secret) = made(&app, "gateway", &["tokens:introspect"]).await;
    let id = service.id.to_string();
    let known = knock(&app, &id, &secret).await.expect("known");
    assert_eq!((known.id, known.created_by), (service.id, None));
    assert_eq!(secret.reveal().len(), 43, "256 bits");

    let (other, others) = made(&app, "other", &["tokens:introspect"]).await;
    let cut = SecretToken::new(&secret.reveal()[..42]);
    let longer = SecretToken::new(format!("{}A", secret.reveal()));
    let cased = SecretToken::new(secret.reveal().to_lowercase());
    for wrong in [&others, &cut, &longer, &cased, &SecretToken::new("")] {
        assert_eq!(refusal(knock(&app, &id, wrong).await), Refusal::InvalidClient);
    }
    let nobody = ServiceAccountId::new(app.now(), [9; 10]).to_string();
    for unknown in [nobody.as_str(), &other.id.to_string(), "gateway", "", "\0", "ж"] {
        assert_eq!(refusal(knock(&app, unknown, &secret).await), Refusal::InvalidClient);
    }
    // Nothing in the database opens the door.
    let places = app.database.dump().await.places_of(secret.reveal());
    assert!(places.is_empty(), "{places:?}");

    let (weak, weak_secret) = made(&app, "weak", &["events:read"]).await;
    let refused = refusal(knock(&app, &weak.id.to_string(), &weak_secret).await);
    assert_eq!(refused, Refusal::PermissionMissing(INTROSPECT));
}

async fn a_secret_is_exchanged_with_an_overlap(app: App) {
    let (service, first) = made(&app, "gateway", &["tokens:introspect"]).await;
    let id = service.id.to_string();
    let ctx = app.services.operator();
    let (rotated, second) = rotate(&app.services, &ctx, service.id, OVERLAP).await.expect("done");
    assert_eq!(rotated.previous_until, Some(ctx.now + OVERLAP));
    app.advance(OVERLAP.saturating_sub(Duration::from_secs(1)));
    for secret in [&first, &second] {
        knock(&app, &id, secret).await.expect("both are good for a day");
    }
    app.advance(Duration::from_secs(1));
    assert_eq!(refusal(knock(&app, &id, &first).await), Refusal::InvalidClient);
    knock(&app, &id, &second).await.expect("the new one stays");
    let ctx = app.services.operator();
    let (_, third) = rotate(&app.services, &ctx, service.id, OVERLAP).await.expect("done");
    assert_eq!(refusal(knock(&app, &id, &first).await), Refusal::InvalidClient);
    for secret in [&second, &third] {
        knock(&app, &id, secret).await.expect("the last two are good");
    }
}

async fn a_leaked_secret_is_exchanged_at_once(app: App) {
    let (service, first) = made(&app, "gateway", &["tokens:introspect"]).await;
    let id = service.id.to_string();
    let ctx = app.services.operator();
    let rotated = rotate(&app.services, &ctx, service.id, Duration::ZERO).await;
    let (_, second) = rotated.expect("done");
    assert_eq!(refusal(knock(&app, &id, &first).await), Refusal::InvalidClient);
    knock(&app, &id, &second).await.expect("known");
}

async fn a_deleted_service_is_unknown(app: App) {
    let (service, secret) = made(&app, "gateway", &["tokens:introspect"]).await;
    let ctx = app.services.operator();
    delete(&app.services, &ctx, service.id).await.expect("deleted");
    let refused = refusal(knock(&app, &service.id.to_string(), &secret).await);
    assert_eq!(refused, Refusal::InvalidClient);
    assert_eq!(
        refusal(find(&app.services, &app.services.operator(), service.id).await),
        Refusal::ServiceNotFound
    );
    let again = delete(&app.services, &ctx, service.id).await;
    assert_eq!(refusal(again), Refusal::ServiceNotFound);
    let rotated = rotate(&app.services, &ctx, service.id, OVERLAP).await;
    assert_eq!(refusal(rotated), Refusal::ServiceNotFound);
    let names = ["tokens:revoke".to_owned()];
    let permitted = permit(&app.services, &ctx, service.id, &names).await;
    assert_eq!(refusal(permitted), Refusal::ServiceNotFound);
    assert_eq!(list(&app.services, &app.services.operator()).await.expect("a list"), []);
    made(&app, "gateway", &[]).await;
}

async fn permissions_come_and_go(app: App) {
    let (service, secret) = made(&app, "gateway", &[]).await;
    let (id, ctx) = (service.id.to_string(), app.services.operator());
    let names = ["tokens:introspect".to_owned(), "tokens:introspect".to_owned()];
    for _ in 0..2 {
        let permitted = permit(&app.services, &ctx, service.id, &names).await.expect("permitted");
        assert_eq!(permitted.permissions, [INTROSPECT]);
        knock(&app, &id, &secret).await.expect("permitted");
    }
    for _ in 0..2 {
        let forbidden = forbid(&app.services, &ctx, service.id, &names).await.expect("forbidden");
        assert_eq!(forbidden.permissions, []);
        let refused = refusal(knock(&app, &id, &secret).await);
        assert_eq!(refused, Refusal::PermissionMissing(INTROSPECT));
    }
}

async fn of_twenty_services_of_one_name_one_is_made(app: App) {
    let beside = app.beside().await;
    let mut rivals = JoinSet::new();
    for number in 0..20 {
        let services = if number % 2 == 0 { &app.services } else { &beside.services };
        let services = std::sync::Arc::clone(services);
        rivals.spawn(async move {
            create(&services, &services.operator(), &request("gateway", &["events:read"])).await
        });
    }
    let (mut made, mut taken) = (0, 0);
    for outcome in rivals.join_all().await {
        match outcome {
            Ok(_) => made += 1,
            refused => {
                assert_eq!(refusal(refused), Refusal::ServiceNameTaken);
                taken += 1;
            }
        }
    }
    assert_eq!((made, taken), (1, 19));
    assert_eq!(app.database.count("service_account_permissions").await, 1);
}

async fn a_busy_service_is_noted_once_a_minute(app: App) {
    let (service, secret) = made(&app, "gateway", &["tokens:introspect"]).await;
    let id = service.id.to_string();
    let mut noted = Vec::new();
    for _ in 0..4 {
        knock(&app, &id, &secret).await.expect("known");
        let found =
            find(&app.services, &app.services.operator(), service.id).await.expect("it is there");
        noted.push(found.last_used_at.expect("noted"));
        app.advance(Duration::from_secs(40));
    }
    assert_eq!(noted[0], noted[1]);
    assert_eq!(noted[2], noted[0] + Duration::from_secs(80));
    assert_eq!(noted[3], noted[2]);
}

/// No power over accounts can be given, and every name that is wrong is said.
#[tokio::test]
async fn only_permissions_of_services_can_be_given() {
    let app = App::on(Backend::Sqlite).await;
    let ctx = app.services.operator();
    let request = request("Gate Way", &["users:read", "events:read", "moon:walk", "Events:read"]);
    let refused = refusal(create(&app.services, &ctx, &request).await);
    let Refusal::Invalid(errors) = refused else { panic!("{refused}") };
    let errors: Vec<_> = errors.into_iter().map(|error| (error.field, error.rule)).collect();
    let unknown = |name: &str| (Field::Permissions, Rule::UnknownPermission(name.to_owned()));
    let name = (Field::ServiceName, Rule::ForbiddenCharacter);
    let expected = [name, unknown("users:read"), unknown("moon:walk"), unknown("Events:read")];
    assert_eq!(errors, expected);
    let everything = Permission::ALL.iter().filter(|permission| permission.is_of_services());
    assert_eq!(everything.count(), Permission::OF_SERVICES.len());
    assert_eq!(list(&app.services, &app.services.operator()).await.expect("a list"), []);
}
