//! Mails as signed requests, to a server that checks the signatures by itself.

use std::time::Duration;

use serde_json::Value;
use testkit::{App, Backend, HttpServer};

use super::{LATER, fate, promise_mail};

const OLD: &str = "whsec_3rZ5m0cUuWqJ1Yx8pTnF6sLd2vHkBgE9";
const NEW: &str = "whsec_aQoXiRyMNVImZ8hVb0tQ2cX4yR6nK1sJ";

async fn app_with(server: &HttpServer, settings: &[(&str, &str)]) -> App {
    let url = format!("{}/mails/canary", server.url());
    let ca_file = server.ca_file().display().to_string();
    let mut all = vec![
        ("VESTIBULE_MAIL__TRANSPORT", "webhook"),
        ("VESTIBULE_MAIL__WEBHOOK_URL", url.as_str()),
        ("VESTIBULE_MAIL__WEBHOOK_SECRET", OLD),
        ("VESTIBULE_MAIL__WEBHOOK_CA_FILE", ca_file.as_str()),
    ];
    all.extend(settings);
    App::with(&all).start(Backend::Sqlite).await
}

#[tokio::test]
async fn a_mail_is_handed_over_signed_and_with_one_id_for_all_attempts() {
    let server = HttpServer::start(&[OLD, NEW]);
    server.answer(503, "");
    let app = app_with(&server, &[]).await;
    promise_mail(&app, "ann").await;
    app.run_jobs().await;
    server.answer(204, "");
    app.advance(LATER);
    app.run_jobs().await;
    assert_eq!(fate(&app).await.0, "done");

    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    for request in &requests {
        assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/mails/canary"));
        assert_eq!(request.signed_by, [OLD]);
    }
    let header = |index: usize, name: &str| requests[index].headers[name].clone();
    assert_eq!(header(0, "webhook-id"), header(1, "webhook-id"));
    assert_ne!(header(0, "webhook-timestamp"), header(1, "webhook-timestamp"));
    let body: Value = serde_json::from_str(&requests[1].body).expect("JSON");
    assert_eq!(body["id"], header(1, "webhook-id"));
    assert_eq!((&body["type"], &body["message"]), (&"mail".into(), &"restoration".into()));
    assert_eq!(body["to"], "ann@example.org");
    assert_eq!(body["from"], "Vestibule <no-reply@localhost>");
    assert_eq!(body["locale"], "en", "nobody has said any, and it is in the default one");
    for part in ["subject", "text", "html"] {
        assert!(body[part].as_str().is_some_and(|text| !text.is_empty()), "{part}");
    }
}

#[tokio::test]
async fn a_secret_is_replaced_while_both_are_known() {
    let server = HttpServer::start(&[OLD, NEW]);
    let both = format!("{NEW} {OLD}");
    let app = app_with(&server, &[("VESTIBULE_MAIL__WEBHOOK_SECRET", &both)]).await;
    promise_mail(&app, "ann").await;
    app.run_jobs().await;
    assert_eq!(server.requests()[0].signed_by, [OLD, NEW]);
}

#[tokio::test]
async fn what_a_webhook_answers_decides_what_becomes_of_the_mail() {
    for (status, fate_is) in [
        (200, "done"),
        (204, "done"),
        (400, "parked"),
        (422, "parked"),
        (401, "ready"),
        (403, "ready"),
        (404, "ready"),
        (408, "ready"),
        (429, "ready"),
        (500, "ready"),
        (503, "ready"),
    ] {
        let server = HttpServer::start(&[OLD]);
        server.answer(status, "ann@example.org is not to our liking\nand more");
        let app = app_with(&server, &[]).await;
        promise_mail(&app, "ann").await;
        app.run_jobs().await;
        let (state, reason) = fate(&app).await;
        assert_eq!(state, fate_is, "{status}: {reason}");
        if fate_is != "done" {
            let said = format!("answered {status}: … is not to our liking");
            assert!(reason.ends_with(&said), "{reason}");
            assert!(!reason.contains("canary"), "{reason}");
        }
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let (server, other) = (HttpServer::start(&[OLD]), HttpServer::start(&[OLD]));
    server.redirect(&other.url());
    let app = app_with(&server, &[]).await;
    promise_mail(&app, "ann").await;
    app.run_jobs().await;
    assert_eq!(fate(&app).await.0, "ready");
    assert!(other.requests().is_empty());
}

#[tokio::test]
async fn r_16_a_webhook_that_cannot_be_trusted_or_is_silent_ends_in_time() {
    let (server, stranger) = (HttpServer::start(&[OLD]), HttpServer::start(&[]));
    let ca_file = stranger.ca_file().display().to_string();
    let app = app_with(&server, &[("VESTIBULE_MAIL__WEBHOOK_CA_FILE", &ca_file)]).await;
    promise_mail(&app, "ann").await;
    app.run_jobs().await;
    let (state, reason) = fate(&app).await;
    assert_eq!(state, "ready");
    assert!(reason.contains("cannot be trusted"), "{reason}");
    assert!(server.requests().is_empty());

    server.delay(Duration::from_hours(1));
    let app = app_with(&server, &[("VESTIBULE_MAIL__TIMEOUT", "500ms")]).await;
    promise_mail(&app, "ann").await;
    app.run_jobs().await;
    let (state, reason) = fate(&app).await;
    assert_eq!(state, "ready");
    assert!(reason.contains("silent or too slow"), "{reason}");
}
