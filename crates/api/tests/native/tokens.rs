//! `POST /api/v1/tokens/{introspect, revoke}` (RFC 7662, RFC 7009)

use std::time::Duration;

use data_encoding::BASE64;
use domain::UserId;
use operations::service_accounts::{NewServiceAccount, create, delete};
use operations::{accounts, roles};
use serde_json::{Value, json};
use testkit::{App, Call, PASSWORD, Reply, access_token, on_every_backend, refresh_token};

use super::forge::Parts;
use super::support::{any, assert_problem, events_of, refresh, retry_after, standing};

const INTROSPECT: &str = "/api/v1/tokens/introspect";
const REVOKE: &str = "/api/v1/tokens/revoke";

on_every_backend!(App::on =>
    a_good_token_is_described,
    ses_14_whatever_is_not_good_is_inactive_and_nothing_else,
    ses_13_either_token_ends_its_session_on_every_node,
    tokens_of_dialects_are_described_and_revoked,
    wrong_credentials_are_limited_by_address_and_keep_no_service_out,
);

/// The credentials of a new service, as a header.
pub(crate) async fn service(app: &App, name: &str, permissions: &[&str]) -> String {
    let permissions = permissions.iter().map(|&name| name.to_owned()).collect();
    let request = NewServiceAccount { name: name.to_owned(), permissions };
    let made = create(&app.services, &app.services.operator(), &request).await;
    let (service, secret) = made.expect("a new service");
    basic(&service.id.to_string(), secret.reveal())
}

async fn asking(app: &App) -> String {
    service(app, "gateway", &["tokens:introspect", "tokens:revoke"]).await
}

fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", BASE64.encode(format!("{id}:{secret}").as_bytes()))
}

fn form(app: &App, path: &str, body: &str) -> Call {
    let call = app.call(http::Method::POST, path);
    call.header("content-type", "application/x-www-form-urlencoded").body(body.to_owned())
}

pub(crate) async fn ask(app: &App, who: &str, token: &str) -> Value {
    let call = form(app, INTROSPECT, &format!("token={token}"));
    let reply = call.header("authorization", who).send().await.expect(200);
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    reply.json()
}

pub(crate) async fn revoke(app: &App, who: &str, token: &str) -> Reply {
    form(app, REVOKE, &format!("token={token}")).header("authorization", who).send().await
}

fn inactive() -> Value {
    json!({ "active": false })
}

async fn a_good_token_is_described(app: App) {
    let who = asking(&app).await;
    let user = app.register("ann").await;
    let pair = app.sign_in("ann").await;
    let claims = Parts::of(&access_token(&pair)).claims;
    let says = ask(&app, &who, &access_token(&pair)).await;
    let expected = json!({
        "active": true, "token_type": "Bearer", "sub": user["id"], "sid": claims["sid"],
        "client_id": "native", "username": "ann", "scope": "", "roles": ["user"],
        "iss": claims["iss"], "aud": claims["aud"], "iat": claims["iat"], "nbf": claims["nbf"],
        "exp": claims["exp"], "jti": claims["jti"],
    });
    assert_eq!(says, expected, "and no address or number");

    let says = ask(&app, &who, &refresh_token(&pair)).await;
    assert_eq!((&says["active"], &says["token_type"]), (&json!(true), &json!("refresh_token")));
    assert_eq!((&says["sub"], &says["sid"]), (&user["id"], &claims["sid"]));
    let two_weeks = 14 * 24 * 3600;
    assert_eq!(says["exp"], json!(app.now().as_seconds() + two_weeks));

    let next = refresh(&app, &refresh_token(&pair)).await.expect(200).json();
    assert_eq!(ask(&app, &who, &refresh_token(&pair)).await, inactive(), "spent");
    assert_eq!(ask(&app, &who, &refresh_token(&next)).await["active"], true, "and not replayed");

    let ctx = app.services.operator();
    let id = app.account("ann").await.id;
    let moderator = domain::RoleName::new("moderator");
    roles::grant(&app.services, &ctx, id, &moderator).await.expect("granted");
    let says = ask(&app, &who, &access_token(&app.sign_in("ann").await)).await;
    assert_eq!(says["roles"], json!(["moderator", "user"]));
    assert_eq!(says["scope"], "users:read users:block");
}

async fn ses_14_whatever_is_not_good_is_inactive_and_nothing_else(app: App) {
    let (other, who) = (app.beside().await, asking(&app).await);
    let mut endings = 0;
    for way in 0..6 {
        let name = format!("ann{way}");
        app.register(&name).await;
        let pair = app.sign_in(&name).await;
        let (access, refreshing) = (access_token(&pair), refresh_token(&pair));
        for token in [&access, &refreshing] {
            assert_eq!(ask(&app, &who, token).await["active"], true);
        }
        let (ctx, id) = (app.services.operator(), app.account(&name).await.id);
        match way {
            0 => {
                let call = app.call(http::Method::POST, super::support::LOGOUT);
                call.bearer(&access).send().await.expect(204);
            }
            1 => drop(accounts::block(&app.services, &ctx, id).await.expect("blocked")),
            2 => drop(accounts::delete(&app.services, &ctx, id).await.expect("deleted")),
            3 => drop(accounts::delete_for_good(&app.services, &ctx, id).await.expect("deleted")),
            4 => {
                let body = json!({ "password": "another good one", "current_password": PASSWORD });
                let body = app.patch(super::support::CURRENT, &body);
                let elsewhere = access_token(&app.sign_in(&name).await);
                body.bearer(&elsewhere).send().await.expect(200);
            }
            _ => app.advance(Duration::from_hours(31 * 24)),
        }
        for node in [&app, &other] {
            for token in [&access, &refreshing] {
                assert_eq!(ask(node, &who, token).await, inactive(), "way {way}");
                endings += 1;
            }
        }
    }
    assert_eq!(endings, 24);

    let token = app.newcomer("bob").await;
    let (signed, signature) = token.rsplit_once('.').expect("three parts");
    for bad in ["x", "null", "a.b.c", &format!("{signed}.AAAA"), &format!("{token}A"), signature] {
        assert_eq!(ask(&app, &who, bad).await, inactive(), "{bad}");
    }
    app.advance(Duration::from_mins(10));
    assert_eq!(ask(&app, &who, &token).await, inactive(), "expired");
}

async fn ses_13_either_token_ends_its_session_on_every_node(app: App) {
    let (other, who) = (app.beside().await, asking(&app).await);
    let user = app.register("ann").await;
    let bystander = access_token(&app.sign_in("ann").await);
    for by_refresh in [true, false] {
        let pair = app.sign_in("ann").await;
        let (access, refreshing) = (access_token(&pair), refresh_token(&pair));
        for _ in 0..2 {
            let token = if by_refresh { &refreshing } else { &access };
            let reply = revoke(&app, &who, token).await.expect(200);
            assert_eq!(reply.text, "");
            for node in [&app, &other] {
                assert_eq!(standing(node, &access).await, 401);
                assert_problem(&refresh(node, &refreshing).await, 401, "token_revoked");
                assert_eq!(ask(node, &who, &access).await, inactive());
            }
        }
    }
    assert_eq!(standing(&app, &bystander).await, 200);
    let names = events_of(&app, &user).await;
    let ended = names.iter().filter(|name| *name == "user.signed_out.v1").count();
    assert_eq!(ended, 2, "one fact each: {names:?}");
    let id: uuid::Uuid = user["id"].as_str().expect("an id").parse().expect("a UUID");
    let mut read = app.database.store.read().await.expect("a connection");
    let events = storage::events::of_user(&mut read, UserId(id)).await.expect("events");
    assert_eq!(events.last().expect("some").actor, "service");

    for unknown in ["x", "a.b.c", &"A".repeat(70), &format!("{bystander}x")] {
        revoke(&app, &who, unknown).await.expect(200);
    }
    assert_eq!(standing(&app, &bystander).await, 200);
}

async fn tokens_of_dialects_are_described_and_revoked(app: App) {
    let who = asking(&app).await;
    app.register("ann").await;
    let body = json!({ "username": "ann", "password": PASSWORD });
    for (path, surface, names) in [
        ("/api/auth/jwt/create/", "djoser", ["access", "refresh"]),
        ("/auth/login", "jwt_accounts", ["access_token", "refresh_token"]),
    ] {
        let pair = app.post(path, &body).send().await.expect(200).json();
        let [access, refreshing] = names.map(|name| pair[name].as_str().expect("a token"));
        let says = ask(&app, &who, access).await;
        assert_eq!((&says["client_id"], &says["token_type"]), (&json!(surface), &json!("Bearer")));
        let says = ask(&app, &who, refreshing).await;
        assert_eq!(says["token_type"], "refresh_token", "{surface}");
        assert_eq!(says["exp"], Parts::of(refreshing).claims["exp"]);
        assert_eq!(says["jti"], Parts::of(refreshing).claims["jti"]);
        revoke(&app, &who, refreshing).await.expect(200);
        for token in [access, refreshing] {
            assert_eq!(ask(&app, &who, token).await, inactive(), "{surface}");
        }
    }
}

/// SES-14: whoever is no service is told so, in the words of RFC 6749 §5.2 too.
#[tokio::test]
async fn who_is_no_service_learns_nothing() {
    let app = any().await;
    let token = app.newcomer("ann").await;
    let good = asking(&app).await;
    let other = service(&app, "other", &["events:read"]).await;
    let request = NewServiceAccount { name: "gone".to_owned(), permissions: Vec::new() };
    let ctx = app.services.operator();
    let (gone, secret) = create(&app.services, &ctx, &request).await.expect("made");
    delete(&app.services, &ctx, gone.id).await.expect("deleted");
    let gone = basic(&gone.id.to_string(), secret.reveal());
    for path in [INTROSPECT, REVOKE] {
        let send =
            |who: &str| form(&app, path, &format!("token={token}")).header("authorization", who);
        let mut calls = vec![form(&app, path, &format!("token={token}"))];
        for who in [
            "Basic",
            "Basic ",
            "Basic x",
            "Basic YW5uOng=",
            &basic("", ""),
            &gone,
            &format!("Bearer {token}"),
            &good.replace("Basic ", "Bearer "),
            &format!("{good}A"),
        ] {
            calls.push(send(who));
        }
        calls.push(send(&good).header("authorization", &good));
        calls.push(form(&app, path, "nonsense"));
        for call in calls {
            let reply = call.send().await;
            assert_problem(&reply, 401, "invalid_client");
            assert_eq!(reply.json()["error"], "invalid_client");
        }
        assert_problem(&send(&other).send().await, 403, "permission_missing");
        assert_problem(
            &app.get(path).header("authorization", &good).send().await,
            405,
            "method_not_allowed",
        );
    }
    assert_eq!(standing(&app, &token).await, 200);
}

/// RFC 6749 §2.3.1: encoded as in forms, and the scheme in any case.
#[tokio::test]
async fn credentials_may_be_encoded() {
    let app = any().await;
    let token = app.newcomer("ann").await;
    let request = NewServiceAccount {
        name: "gateway".to_owned(),
        permissions: vec!["tokens:introspect".to_owned()],
    };
    let (service, secret) =
        create(&app.services, &app.services.operator(), &request).await.expect("made");
    let encode = |text: &str| {
        let bytes: Vec<String> = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
        bytes.concat()
    };
    let encoded = basic(&encode(&service.id.to_string()), &encode(secret.reveal()));
    assert_eq!(ask(&app, &encoded, &token).await["active"], true);
    let plain = basic(&service.id.to_string(), secret.reveal()).replace("Basic", "bAsIc");
    assert_eq!(ask(&app, &plain, &token).await["active"], true);
}

#[tokio::test]
async fn only_a_form_with_one_token_is_read() {
    let app = any().await;
    let (token, who) = (app.newcomer("ann").await, asking(&app).await);
    let good = form(&app, INTROSPECT, &format!("token_type_hint=nonsense&token={token}&other=1"));
    let says = good.header("authorization", &who).send().await.expect(200);
    assert_eq!(says.json()["active"], true);
    for path in [INTROSPECT, REVOKE] {
        for body in [
            String::new(),
            "token=".to_owned(),
            format!("Token={token}"),
            format!("token={token}&token={token}"),
            format!("token={token}&token_type_hint=a&token_type_hint=b"),
        ] {
            let reply = form(&app, path, &body).header("authorization", &who).send().await;
            assert_problem(&reply, 400, "invalid_request");
            assert_eq!(reply.json()["error"], "invalid_request", "{body}");
        }
        let json = app.post(path, &json!({ "token": token })).header("authorization", &who);
        assert_problem(&json.send().await, 400, "invalid_request");
        let in_query = form(&app, &format!("{path}?token={token}"), &format!("token={token}"));
        let in_query = in_query.header("authorization", &who).send().await;
        assert_problem(&in_query, 400, "field_in_query");
    }
    assert_eq!(standing(&app, &token).await, 200);
}

/// SES-13: what cannot be written is not said to be done (fosite CVE-2020-15223).
#[tokio::test]
async fn without_a_database_nothing_is_said_to_be_revoked() {
    let app = any().await;
    let (token, who) = (app.newcomer("ann").await, asking(&app).await);
    let other = app.beside().await;
    app.services.stop().await;
    assert_problem(&revoke(&app, &who, &token).await, 503, "unavailable");
    let asked = form(&app, INTROSPECT, &format!("token={token}")).header("authorization", &who);
    assert_problem(&asked.send().await, 503, "unavailable");
    assert_eq!(ask(&other, &who, &token).await["active"], true);
}

async fn wrong_credentials_are_limited_by_address_and_keep_no_service_out(app: App) {
    let app = App::with(&[("VESTIBULE_LIMITS__SERVICE_FAILURES", "3/min")]).beside(&app).await;
    let (known, late) = (asking(&app).await, service(&app, "late", &["tokens:introspect"]).await);
    let nobody = |n: u128| basic(&uuid::Uuid::from_u128(n).to_string(), "guessed");
    let guess = async |who: &str, from: &str| {
        let call = form(&app, INTROSPECT, "token=x").header("authorization", who);
        call.from(from.parse().expect("an address")).send().await
    };
    // Right ones are not counted, however many.
    for _ in 0..10 {
        guess(&known, "192.0.2.7").await.expect(200);
    }
    for n in 0..3 {
        assert_problem(&guess(&nobody(n), "192.0.2.7").await, 401, "invalid_client");
    }
    let refused = guess(&nobody(3), "192.0.2.7").await;
    assert_problem(&refused, 429, "too_many_requests");
    assert_eq!(retry_after(&refused), 20);
    // Nobody is looked for any more: a secret that was never right here is refused, too.
    assert_problem(&guess(&late, "192.0.2.7").await, 429, "too_many_requests");
    // Whoever was right before is let in beside those who guess, and everybody from elsewhere.
    guess(&known, "192.0.2.7").await.expect(200);
    guess(&late, "192.0.2.8").await.expect(200);
    assert_problem(&guess(&nobody(4), "192.0.2.8").await, 401, "invalid_client");
    app.advance(Duration::from_secs(20));
    assert_problem(&guess(&nobody(5), "192.0.2.7").await, 401, "invalid_client");
    assert_problem(&guess(&nobody(6), "192.0.2.7").await, 429, "too_many_requests");
}
