//! Text messages through gateways, to a server that records what it was asked (REG-18).

use domain::Password;
use operations::accounts::{NewIdentifiers, Register, register};
use serde_json::Value;
use testkit::{App, Backend, HttpServer, PASSWORD};
use url::form_urlencoded;

use super::{fate_of, jobs};

const NUMBER: &str = "+4915112345678";
/// Of the service, which its texts hold.
const NAME: &str = r#"A \"B\" & {to} = ü"#;
const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";

async fn app_with(server: &HttpServer, settings: &[(&str, &str)]) -> App {
    let ca_file = server.ca_file().display().to_string();
    let mut all = vec![
        ("VESTIBULE_ACCOUNTS__VERIFY_NEW_ADDRESSES", "true"),
        ("VESTIBULE_SMS__CA_FILE", ca_file.as_str()),
        // Nothing that stands there may break out of a request.
        ("VESTIBULE_MAIL__FROM", r#""A \"B\" & {to} = ü" <no-reply@localhost>"#),
    ];
    all.extend(settings);
    App::with(&all).start(Backend::Sqlite).await
}

async fn gateway(server: &HttpServer, settings: &[(&str, &str)]) -> App {
    let url = format!("{}/send/{{to}}?key=canary-4711&from={{from}}", server.url());
    let mut all = vec![
        ("VESTIBULE_SMS__TRANSPORT", "gateway"),
        ("VESTIBULE_SMS__GATEWAY_URL", url.as_str()),
        ("VESTIBULE_SMS__FROM", "A & {to}=\"1\""),
        ("VESTIBULE_SMS__GATEWAY_AUTHORIZATION", "Bearer canary-0815"),
    ];
    all.extend(settings);
    app_with(server, &all).await
}

async fn twilio(server: &HttpServer, settings: &[(&str, &str)]) -> App {
    let url = server.url();
    let mut all = vec![
        ("VESTIBULE_SMS__TRANSPORT", "twilio"),
        ("VESTIBULE_SMS__TWILIO_URL", url.as_str()),
        ("VESTIBULE_SMS__TWILIO_ACCOUNT_SID", ACCOUNT),
        ("VESTIBULE_SMS__TWILIO_SECRET", "canary-0815"),
        ("VESTIBULE_SMS__FROM", "+15005550006"),
    ];
    all.extend(settings);
    app_with(server, &all).await
}

/// Has a code sent to a number.
async fn promise_text(app: &App, number: &str) {
    let request = Register {
        identifiers: NewIdentifiers { phone: Some(number.to_owned()), ..Default::default() },
        password: Password::new(PASSWORD),
        first_name: None,
        last_name: None,
        roles: Vec::new(),
        idempotency_key: None,
    };
    register(&app.services, &app.stranger(), &request).await.expect("registered");
}

async fn fate(app: &App) -> (String, String) {
    fate_of(&jobs(app, "deliver_text").await.remove(0))
}

#[tokio::test]
async fn a_gateway_gets_a_request_of_the_operators_form() {
    let server = HttpServer::start(&[]);
    let app = gateway(&server, &[]).await;
    promise_text(&app, NUMBER).await;
    app.run_jobs().await;
    assert_eq!(fate(&app).await.0, "done");
    let request = server.requests().remove(0);
    assert_eq!(request.method, "POST");
    let path = "/send/%2B4915112345678?key=canary-4711&from=A%20%26%20%7Bto%7D%3D%221%22";
    assert_eq!(request.path, path);
    assert_eq!(request.headers["authorization"], "Bearer canary-0815");
    assert_eq!(request.headers["content-type"], "application/json");
    let body: Value = serde_json::from_str(&request.body).expect("JSON");
    assert_eq!((&body["to"], &body["from"]), (&NUMBER.into(), &"A & {to}=\"1\"".into()));
    let text = body["text"].as_str().expect("a text");
    assert!(text.contains(NAME) && text.contains('\n'), "{text}");
    assert_eq!(body.as_object().map(serde_json::Map::len), Some(4));
}

#[tokio::test]
async fn a_gateway_may_take_forms_or_addresses() {
    let server = HttpServer::start(&[]);
    let settings = [
        ("VESTIBULE_SMS__GATEWAY_CONTENT_TYPE", "form"),
        ("VESTIBULE_SMS__GATEWAY_BODY", "phones={to}&mes={text}&id={id}"),
    ];
    let app = gateway(&server, &settings).await;
    promise_text(&app, NUMBER).await;
    app.run_jobs().await;
    let request = server.requests().remove(0);
    assert_eq!(request.headers["content-type"], "application/x-www-form-urlencoded");
    let pairs: Vec<(String, String)> =
        form_urlencoded::parse(request.body.as_bytes()).into_owned().collect();
    let names: Vec<&str> = pairs.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["phones", "mes", "id"]);
    assert_eq!(pairs[0].1, NUMBER);
    assert!(pairs[1].1.contains(NAME), "{}", pairs[1].1);

    let url = format!("{}/?to={{to}}&text={{text}}", server.url());
    let settings =
        [("VESTIBULE_SMS__GATEWAY_METHOD", "GET"), ("VESTIBULE_SMS__GATEWAY_URL", url.as_str())];
    let app = gateway(&server, &settings).await;
    promise_text(&app, NUMBER).await;
    app.run_jobs().await;
    let request = server.requests().remove(1);
    assert_eq!((request.method.as_str(), request.body.as_str()), ("GET", ""));
    let query = request.path.split_once('?').expect("a query").1;
    let pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
    assert_eq!((pairs.len(), &*pairs[0].1), (2, NUMBER));
}

#[tokio::test]
async fn a_gateway_that_says_200_to_everything_says_success_in_words() {
    let server = HttpServer::start(&[]);
    let settings = [
        ("VESTIBULE_SMS__GATEWAY_SUCCESS", "\"ok\""),
        (
            "VESTIBULE_SMS__GATEWAY_BODY",
            r#"{"text": "{text}", "to": ["{to}"], "auth": {"key": "canary-0042", "n": 1}}"#,
        ),
    ];
    let app = gateway(&server, &settings).await;
    let said = "no money for +4915112345678, keys canary-4711 CANARY-0042 Bearer canary-0815";
    server.answer(200, &format!("{{\"error\": \"{said}\"}}"));
    promise_text(&app, NUMBER).await;
    app.run_jobs().await;
    let (state, reason) = fate(&app).await;
    assert_eq!(state, "ready");
    assert!(reason.contains("without success") && reason.contains("no money"), "{reason}");
    assert!(
        !reason.to_lowercase().contains("canary") && !reason.contains("4915112345678"),
        "LIF-06: {reason}"
    );
    server.answer(200, "{\"status\": \"ok\"}");
    app.advance(super::LATER);
    app.run_jobs().await;
    let requests = server.requests().len();
    assert_eq!(fate(&app).await.0, "done");
    assert!(requests <= 2, "R-15: a code that is too old by then is not sent");
}

#[tokio::test]
async fn twilio_gets_what_it_asks_for() {
    let server = HttpServer::start(&[]);
    server.answer(201, "{\"sid\": \"SM1\", \"status\": \"queued\"}");
    let app = twilio(&server, &[]).await;
    promise_text(&app, NUMBER).await;
    app.run_jobs().await;
    let request = server.requests().remove(0);
    assert_eq!(request.path, format!("/2010-04-01/Accounts/{ACCOUNT}/Messages.json"));
    assert_eq!(request.basic, Some((ACCOUNT.to_owned(), "canary-0815".to_owned())));
    let pairs: Vec<_> = form_urlencoded::parse(request.body.as_bytes()).collect();
    assert_eq!((&*pairs[0].0, &*pairs[0].1), ("To", NUMBER));
    assert_eq!((&*pairs[1].0, &*pairs[1].1), ("From", "+15005550006"));
    assert!(pairs[2].0 == "Body" && pairs[2].1.contains(NAME), "{pairs:?}");
    assert_eq!(fate(&app).await.0, "done");

    let key = "SK0123456789abcdef0123456789abcdef";
    let service = "MG0123456789abcdef0123456789abcdef";
    let settings = [
        ("VESTIBULE_SMS__TWILIO_API_KEY", key),
        ("VESTIBULE_SMS__TWILIO_MESSAGING_SERVICE_SID", service),
        ("VESTIBULE_SMS__FROM", ""),
    ];
    let app = twilio(&server, &settings).await;
    promise_text(&app, NUMBER).await;
    app.run_jobs().await;
    let request = server.requests().remove(1);
    assert_eq!(request.basic.map(|(user, _)| user).as_deref(), Some(key));
    assert!(request.body.contains(&format!("&MessagingServiceSid={service}&")), "{}", request.body);
}

#[tokio::test]
async fn what_twilio_answers_decides_what_becomes_of_the_message() {
    for (status, code, fate_is) in [
        (400, 21211, "parked"),
        (400, 21408, "parked"),
        (400, 21610, "parked"),
        (400, 21614, "parked"),
        (400, 21606, "ready"),
        (401, 20003, "ready"),
        (403, 20403, "ready"),
        (429, 20429, "ready"),
        (500, 20500, "ready"),
        (503, 20503, "ready"),
    ] {
        let server = HttpServer::start(&[]);
        let said = format!(
            "{{\"code\": {code}, \"message\": \"The number {NUMBER} is bad\", \"status\": {status}}}"
        );
        server.answer(status, &said);
        let app = twilio(&server, &[]).await;
        promise_text(&app, NUMBER).await;
        app.run_jobs().await;
        let (state, reason) = fate(&app).await;
        assert_eq!(state, fate_is, "{reason}");
        let words = format!("answered {status}, error {code}: The number … is bad");
        assert!(reason.ends_with(&words) && !reason.contains("canary"), "{reason}");
    }
}

#[tokio::test]
async fn reg_18_numbers_of_other_countries_are_not_written_to() {
    let server = HttpServer::start(&[]);
    let app = gateway(&server, &[("VESTIBULE_SMS__ALLOWED_PREFIXES", "+4915, +7")]).await;
    promise_text(&app, "+4417700900123").await;
    promise_text(&app, NUMBER).await;
    app.run_jobs().await;
    let requests = server.requests();
    assert_eq!(requests.len(), 1);
    assert!(requests[0].body.contains(NUMBER));
    let states: Vec<_> =
        jobs(&app, "deliver_text").await.iter().map(|job| job.text("state")).collect();
    assert_eq!(states, ["done", "done"]);
}

#[tokio::test]
async fn reg_18_how_many_go_to_numbers_that_begin_alike_is_for_the_operator_to_say() {
    let server = HttpServer::start(&[]);
    let app = gateway(&server, &[("VESTIBULE_SMS__PER_PREFIX", "2/h")]).await;
    for index in 0..4 {
        promise_text(&app, &format!("+491511234567{index}")).await;
    }
    promise_text(&app, "+4417700900123").await;
    app.run_jobs().await;
    assert_eq!(server.requests().len(), 3);
}
