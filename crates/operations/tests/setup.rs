//! The setup token (AUZ-07): who gets in by it, once, and never again.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use domain::token::SecretToken;
use domain::{Field, Password, Permission, Refusal, RoleName, User};
use operations::roles::{bootstrap_admin, grant, revoke};
use operations::setup::{Claim, Offer, Standing, claim, offer, renew, standing};
use operations::{Context, Result, Services};
use testkit::App;

use crate::support::{events_of, refusal, registered, registration};

const RIVALS: usize = 50;

testkit::on_every_backend!(App::on =>
    auz_07_of_instances_that_start_together_one_makes_the_token,
    auz_07_the_token_makes_one_administrator_and_no_second,
    auz_07_fifty_uses_at_once_on_three_instances_make_one_administrator,
    auz_07_it_never_opens_again,
    auz_07_an_administrator_by_any_other_way_closes_it,
    a_deployment_that_had_an_administrator_before_is_closed_at_the_start,
    a_lost_token_is_replaced_by_the_operator_alone,
    a_request_that_breaks_rules_leaves_the_token_good,
);

fn request(token: &SecretToken, name: &str) -> Claim {
    Claim { token: token.clone(), register: registration(name) }
}

async fn made(services: &Services) -> SecretToken {
    match offer(services, &services.operator()).await.expect("an answer") {
        Offer::Made(token) => token,
        Offer::Closed | Offer::Waiting { .. } => panic!("there was none"),
    }
}

async fn use_it(app: &App, token: &SecretToken, name: &str) -> Result<User> {
    claim(&app.services, &app.stranger(), &request(token, name)).await
}

async fn is_closed(app: &App) -> bool {
    standing(&app.services).await.expect("an answer") == Standing::Closed
}

async fn auz_07_of_instances_that_start_together_one_makes_the_token(app: App) {
    let (two, three) = (app.beside().await, app.beside().await);
    let ctx: Context = app.services.operator();
    let offers = tokio::join!(
        offer(&app.services, &ctx),
        offer(&two.services, &ctx),
        offer(&three.services, &ctx),
    );
    let offers = [offers.0, offers.1, offers.2].map(|offer| offer.expect("an answer"));
    let tokens: Vec<&SecretToken> = offers
        .iter()
        .filter_map(|offer| match offer {
            Offer::Made(token) => Some(token),
            Offer::Waiting { .. } | Offer::Closed => None,
        })
        .collect();
    assert_eq!(tokens.len(), 1);
    assert_eq!(tokens[0].reveal().len(), 43, "256 bits");
    let dump = app.database.dump().await;
    assert_eq!(dump.rows("setup").len(), 1);
    assert!(dump.places_of(tokens[0].reveal()).is_empty(), "what is kept is a digest");
    use_it(&three, tokens[0], "root").await.expect("good on every instance");
}

async fn auz_07_the_token_makes_one_administrator_and_no_second(app: App) {
    let token = made(&app.services).await;
    let wrong = SecretToken::new("A".repeat(43));
    assert_eq!(refusal(use_it(&app, &wrong, "eve").await), Refusal::SetupRefused);
    let root = use_it(&app, &token, "root").await.expect("the token is good");
    assert!(root.is_admin() && root.may(Permission::RolesGrant));
    assert_eq!(events_of(&app, root.id).await, ["user.registered", "user.role_granted"]);
    for (token, name) in [(&token, "eve"), (&token, "root"), (&wrong, "eve")] {
        assert_eq!(refusal(use_it(&app, token, name).await), Refusal::SetupRefused);
    }
    assert_eq!(app.database.count("users").await, 1);
}

async fn auz_07_fifty_uses_at_once_on_three_instances_make_one_administrator(app: App) {
    let token = made(&app.services).await;
    let apps = [app.beside().await, app.beside().await, app];
    let uses = (0..RIVALS).map(|rival| {
        let services = std::sync::Arc::clone(&apps[rival % apps.len()].services);
        let (ctx, request) = (apps[0].stranger(), request(&token, &format!("root{rival}")));
        async move { claim(&services, &ctx, &request).await }
    });
    let mut running: tokio::task::JoinSet<Result<User>> = uses.collect();
    let mut admins = 0;
    while let Some(outcome) = running.join_next().await {
        match outcome.expect("nobody panics") {
            Ok(user) => admins += usize::from(user.is_admin()),
            refused => assert_eq!(refusal(refused), Refusal::SetupRefused),
        }
    }
    assert_eq!(admins, 1);
    assert_eq!(apps[0].database.count("users").await, 1, "the others leave nothing behind");
}

async fn auz_07_it_never_opens_again(app: App) {
    let token = made(&app.services).await;
    let root = use_it(&app, &token, "root").await.expect("the token is good");
    let (services, ctx) = (&app.services, app.services.operator());
    let admin = RoleName::new(RoleName::ADMIN);
    assert_eq!(refusal(revoke(services, &ctx, root.id, &admin).await), Refusal::LastAdmin);
    let gone = operations::accounts::delete(services, &ctx, root.id).await;
    assert_eq!(refusal(gone), Refusal::LastAdmin);
    // Even if somebody reaches into the database.
    app.database.execute("DELETE FROM user_roles WHERE role = 'admin'").await;
    assert!(!operations::health::has_admin(services).await.expect("an answer"));
    assert!(is_closed(&app).await);
    assert!(matches!(offer(services, &ctx).await, Ok(Offer::Closed)));
    assert_eq!(refusal(renew(services, &ctx).await), Refusal::SetupRefused);
    assert_eq!(refusal(use_it(&app, &token, "eve").await), Refusal::SetupRefused);
    let from_settings = bootstrap_admin(services, &ctx, &registration("eve")).await;
    assert!(from_settings.expect("no failure").is_none());
    grant(services, &ctx, root.id, &admin).await.expect("the operator still can");
}

async fn auz_07_an_administrator_by_any_other_way_closes_it(app: App) {
    let token = made(&app.services).await;
    let ann = registered(&app.services, "ann").await;
    assert!(!is_closed(&app).await);
    let ctx = app.services.operator();
    grant(&app.services, &ctx, ann.id, &RoleName::new(RoleName::ADMIN)).await.expect("granted");
    assert!(is_closed(&app).await);
    assert_eq!(refusal(use_it(&app, &token, "eve").await), Refusal::SetupRefused);

    let other = app.services.operator();
    assert_eq!(refusal(renew(&app.services, &other).await), Refusal::SetupRefused);
}

async fn a_deployment_that_had_an_administrator_before_is_closed_at_the_start(app: App) {
    let ctx = app.services.operator();
    bootstrap_admin(&app.services, &ctx, &registration("root")).await.expect("made");
    // As an older release left it, which knew nothing of the mark.
    app.database.execute("UPDATE setup SET closed_at = NULL").await;
    assert!(matches!(offer(&app.services, &ctx).await, Ok(Offer::Closed)));
    let mut read = app.database.store.read().await.expect("a connection");
    let found = storage::setup::find(&mut read).await.expect("the row");
    assert!(found.closed_at.is_some(), "and it is written down");
}

async fn a_lost_token_is_replaced_by_the_operator_alone(app: App) {
    let lost = made(&app.services).await;
    let stranger = app.stranger();
    assert!(matches!(
        refusal(renew(&app.services, &stranger).await),
        Refusal::PermissionMissing(_)
    ));
    let token = renew(&app.services, &app.services.operator()).await.expect("a new one");
    let waiting = offer(&app.services, &app.services.operator()).await;
    assert!(matches!(waiting, Ok(Offer::Waiting { since }) if since == app.now()));
    assert_eq!(refusal(use_it(&app, &lost, "eve").await), Refusal::SetupRefused);
    assert!(use_it(&app, &token, "root").await.expect("the new one is good").is_admin());
}

async fn a_request_that_breaks_rules_leaves_the_token_good(app: App) {
    let token = made(&app.services).await;
    registered(&app.services, "ann").await;
    let mut weak = request(&token, "root");
    weak.register.password = Password::new("root2026!");
    let broken = refusal(claim(&app.services, &app.stranger(), &weak).await);
    assert!(matches!(broken, Refusal::Invalid(errors) if errors[0].field == Field::Password));
    let squatted = refusal(use_it(&app, &token, "ann").await);
    assert!(matches!(squatted, Refusal::IdentifierTaken(_)));
    assert!(!app.account("ann").await.is_admin());
    assert!(use_it(&app, &token, "root").await.expect("still good").is_admin());
}
