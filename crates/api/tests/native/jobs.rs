//! `/api/v1/admin/jobs`: what waits to be done, seen and run again by administrators.

use http::Method;
use operations::accounts;
use serde_json::{Value, json};
use testkit::{App, on_every_backend};

use super::services::administrator;
use super::support::{any, assert_problem};

const JOBS: &str = "/api/v1/admin/jobs";

on_every_backend!(App::on => a_job_is_seen_parked_and_run_again);

/// Deletes an account, which promises a mail and an erasure.
async fn delete(app: &App, name: &str) {
    app.register(name).await;
    let user = app.account(name).await;
    let deleted = accounts::delete(&app.services, &app.services.operator(), user.id).await;
    deleted.expect("deleted");
}

async fn jobs(app: &App, token: &str, query: &str) -> Value {
    app.get(&format!("{JOBS}{query}")).bearer(token).send().await.expect(200).json()
}

async fn a_job_is_seen_parked_and_run_again(app: App) {
    let token = administrator(&app, "ann").await;
    delete(&app, "bob").await;
    let bob = app.account("bob").await.id;
    let found = jobs(&app, &token, &format!("?kind=deliver_mail&user_id={bob}")).await;
    let job = found["jobs"][0].clone();
    assert_eq!(found["jobs"].as_array().map(Vec::len), Some(1), "{found}");
    assert_eq!(job["message"], "restoration");
    assert_eq!(
        (&job["state"], &job["lane"], &job["attempts"]),
        (&json!("ready"), &json!("mail"), &json!(0))
    );
    assert_eq!((&job["user_id"], &job["last_error"]), (&json!(bob.to_string()), &Value::Null));
    let path = format!("{JOBS}/{}", job["id"].as_str().expect("an id"));
    assert_eq!(app.get(&path).bearer(&token).send().await.expect(200).json(), job);

    let post = |verb: &str| app.call(Method::POST, &format!("{path}/{verb}")).bearer(&token);
    let parked = post("park").send().await.expect(200).json();
    assert_eq!(
        (&parked["state"], &parked["last_error"]),
        (&json!("parked"), &json!("set aside by hand"))
    );
    assert_problem(&post("park").send().await, 409, "job_not_waiting");
    assert_eq!(jobs(&app, &token, "?state=parked").await["jobs"], json!([parked]));
    app.run_jobs().await;
    assert!(app.mailbox.mails().is_empty(), "nobody does it");

    let due = post("retry").send().await.expect(200).json();
    assert_eq!((&due["state"], &due["attempts"]), (&json!("ready"), &json!(0)));
    app.run_jobs().await;
    app.mailbox.newest_to("bob@example.org").token();
    let done = app.get(&path).bearer(&token).send().await.expect(200).json();
    assert_eq!(
        (&done["state"], &done["finished_at"]),
        (&json!("done"), &json!(app.now().to_rfc3339()))
    );
    assert_problem(&post("retry").send().await, 409, "job_not_waiting");

    let trail =
        app.get("/api/v1/admin/audit?action=jobs.*").bearer(&token).send().await.expect(200);
    let changes: Vec<Value> = trail.json()["entries"]
        .as_array()
        .expect("entries")
        .iter()
        .filter(|entry| entry["outcome"] == "done" && entry["changes"] != json!({}))
        .map(|entry| {
            json!([
                entry["action"],
                entry["subject"] == job["id"],
                entry["changes"]["state"]["after"]
            ])
        })
        .collect();
    assert_eq!(
        changes,
        [json!(["jobs.retry", true, "ready"]), json!(["jobs.park", true, "parked"])]
    );
}

#[tokio::test]
async fn a_list_of_jobs_goes_on_where_it_ended() {
    let app = any().await;
    let token = administrator(&app, "ann").await;
    for name in ["bob", "cid", "dan"] {
        delete(&app, name).await;
        app.advance(std::time::Duration::from_secs(1));
    }
    let (mut ids, mut query) = (Vec::new(), "?kind=purge_account&limit=2".to_owned());
    for expected in [2, 1] {
        let page = jobs(&app, &token, &query).await;
        let found = page["jobs"].as_array().expect("jobs");
        assert_eq!(found.len(), expected);
        ids.extend(found.iter().map(|job| job["created_at"].as_str().expect("a time").to_owned()));
        match page["next"].as_str() {
            Some(next) => query = format!("?kind=purge_account&limit=2&cursor={next}"),
            None => assert_eq!(expected, 1),
        }
    }
    assert!(ids.is_sorted_by(|one, other| one > other), "the newest first: {ids:?}");
}

#[tokio::test]
async fn what_is_no_job_or_no_parameter_is_said() {
    let app = any().await;
    let token = administrator(&app, "ann").await;
    for id in ["x", "01234567-89ab-cdef-0123-456789abcdef"] {
        let path = format!("{JOBS}/{id}");
        assert_problem(&app.get(&path).bearer(&token).send().await, 404, "job_not_found");
        for verb in ["retry", "park"] {
            let reply = app.call(Method::POST, &format!("{path}/{verb}")).bearer(&token);
            assert_problem(&reply.send().await, 404, "job_not_found");
        }
    }
    for query in [
        "state=lost",
        "limit=0",
        "limit=201",
        "cursor=x",
        "kind=a%00b",
        "colour=red",
        "state=ready&state=done",
    ] {
        let reply = app.get(&format!("{JOBS}?{query}")).bearer(&token).send().await;
        assert_eq!(reply.status, 422, "{query}: {}", reply.text);
    }
    app.register("bob").await;
    let bob = testkit::access_token(&app.sign_in("bob").await);
    assert_problem(&app.get(JOBS).bearer(&bob).send().await, 403, "permission_missing");
}

/// AUZ-04, SES-01: neither addresses nor tokens are in what administrators read.
#[tokio::test]
async fn what_a_job_carries_is_told_to_nobody() {
    let app = any().await;
    let token = administrator(&app, "ann").await;
    delete(&app, "bob").await;
    app.run_jobs().await;
    let secret = app.mailbox.newest_to("bob@example.org").token();
    let reply = app.get(JOBS).bearer(&token).send().await.expect(200);
    for personal in ["bob@example.org", secret.as_str(), "payload"] {
        assert!(!reply.text.contains(personal), "{}", reply.text);
    }
}
