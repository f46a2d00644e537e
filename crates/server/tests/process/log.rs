//! What the log says, and what it never says (LOG-01, LOG-02, CFG-05).

use serde_json::{Value, json};
use testkit::{Backend, Database};

use super::http::{Connection, call, request};
use super::{Program, Running, access, eventually};

const PASSWORD: &str = "canary password of the person";
const NEW_PASSWORD: &str = "canary password, exchanged";
const WRONG_PASSWORD: &str = "canary password, mistyped";
const ADMIN_PASSWORD: &str = "canary password of the admin";
/// 32 bytes in base64.
const MASTER_KEY: &str = "Y2FuYXJ5LW9mLXRoZS1tYXN0ZXIta2V5LTMyYnl0ZXM=";

#[test]
fn every_request_is_one_line_of_json() {
    let running = Program::new().start();
    let mut ids = Vec::new();
    for (method, path) in [("GET", "/docs"), ("POST", "/api/v1/auth/login"), ("GET", "/nowhere")] {
        let reply = call(running.address, method, path, None, None).expect("an answer");
        ids.push(reply.header("x-request-id").expect("an id").to_owned());
    }
    let log = running.stop();
    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("not JSON: {line}")))
        .collect();
    for id in ids {
        let about: Vec<&Value> =
            lines.iter().filter(|line| line["request_id"] == id.as_str()).collect();
        assert_eq!(about.len(), 1, "{about:?}");
        for field in ["method", "route", "status", "milliseconds", "level", "timestamp"] {
            assert!(!about[0][field].is_null(), "{field} in {}", about[0]);
        }
    }
}

/// Health checks and Prometheus ask every few seconds for ever.
#[test]
fn those_who_look_after_us_are_a_line_at_debug_only() {
    for (level, lines_each) in [("info", 0), ("debug", 1)] {
        let running = Program::new().with("VESTIBULE_LOG__LEVEL", level).start();
        let mut ids = Vec::new();
        for path in ["/livez", "/readyz", "/readyz/", "/metrics"] {
            let reply = call(running.address, "GET", path, None, None).expect("an answer");
            assert_eq!(reply.status, 200);
            ids.push(reply.header("x-request-id").expect("an id").to_owned());
        }
        let log = running.stop();
        for id in ids {
            let told = log.lines().filter(|line| line.contains(&id)).count();
            assert_eq!(told, lines_each, "{level}: {log}");
        }
    }
}

/// LGN-14: one password is tried on many accounts, and whoever watches is told once.
#[test]
fn lgn_14_an_attack_is_one_warning_and_one_count() {
    let running = Program::new().start();
    for n in 0..250 {
        let body = json!({ "identifier": format!("nobody{n}"), "password": WRONG_PASSWORD });
        let reply = call(running.address, "POST", "/api/v1/auth/login", None, Some(&body));
        assert_eq!(reply.expect("an answer").status, 401);
    }
    let metrics = call(running.address, "GET", "/metrics", None, None).expect("an answer").body;
    let counted = metrics
        .lines()
        .find_map(|line| line.strip_prefix("vestibule_login_failure_alarms_total "))
        .expect("counted");
    let log = running.stop();
    let told = log.lines().filter(|line| line.contains("most sign-ins of this minute failed"));
    assert_eq!((told.count().to_string().as_str(), counted), (counted, "1"));
}

#[tokio::test]
async fn log_02_no_secret_reaches_the_log_at_any_level_on_sqlite() {
    says_no_secret(&Database::empty(Backend::Sqlite).await.url, None);
}

#[tokio::test]
async fn log_02_no_secret_reaches_the_log_at_any_level_on_postgresql() {
    // A server that trusts this machine takes any password, so it can be a canary.
    let database = Database::empty(Backend::Postgres).await;
    let mut url: url::Url = database.url.parse().expect("a URL");
    url.set_password(Some("canary-of-the-database")).expect("it takes a password");
    says_no_secret(url.as_str(), Some("canary-of-the-database"));
}

#[tokio::test]
async fn log_02_no_secret_reaches_the_log_at_any_level_on_mysql() {
    says_no_secret(&Database::empty(Backend::MySql).await.url, None);
}

fn says_no_secret(url: &str, database_password: Option<&str>) {
    let program = Program::new()
        .with("VESTIBULE_DATABASE__URL", url)
        .with("VESTIBULE_LOG__LEVEL", "trace")
        .with("VESTIBULE_SECURITY__MASTER_KEY", MASTER_KEY)
        .with("VESTIBULE_ADMIN__USERNAME", "root")
        .with("VESTIBULE_ADMIN__PASSWORD", ADMIN_PASSWORD);
    let mut running = program.start();
    let mut secrets = live(&running, &program);
    secrets.extend(
        [PASSWORD, NEW_PASSWORD, WRONG_PASSWORD, ADMIN_PASSWORD, MASTER_KEY].map(str::to_owned),
    );
    secrets.extend(database_password.map(str::to_owned));
    let process = format!("/proc/{}/cmdline", running.id());
    let command_line = std::fs::read_to_string(process).expect("a process of ours");
    running.terminate();
    running.ended();
    let all = format!("{command_line}\n{}\n{}", running.said(), running.log());
    assert!(all.contains("\"DEBUG\""), "the level is what the test says");
    for secret in secrets {
        let Some(at) = all.find(&secret) else { continue };
        let line = all[..at].lines().count();
        panic!("{secret} in line {line}: {}", all.lines().nth(line - 1).unwrap_or_default());
    }
    assert!(!all.contains("canary"), "not even a part");
}

/// A life in which every secret is used, rightly and wrongly; the tokens of this life.
fn live(running: &Running, program: &Program) -> Vec<String> {
    let mut secrets = Vec::new();
    let register = json!({ "username": "ann", "email": "ann@example.org", "password": PASSWORD });
    running.post("/api/v1/auth/register", &register).expect(201);
    running.post("/api/v1/auth/register", &register).expect(409);
    let login = |password| json!({ "identifier": "ann", "password": password });
    running.post("/api/v1/auth/login", &login(WRONG_PASSWORD)).expect(401);
    let tokens = running.post("/api/v1/auth/login", &login(PASSWORD)).expect(200).json();
    let (token, refresh) = (access(&tokens), testkit::refresh_token(&tokens));
    let renewed = running.post("/api/v1/auth/refresh", &json!({ "refresh_token": refresh }));
    let renewed = renewed.expect(200).json();
    secrets.extend([token.clone(), refresh, access(&renewed), testkit::refresh_token(&renewed)]);

    let send = |method: &str, path: &str, body: &Value| {
        call(running.address, method, path, Some(&token), Some(body)).expect("an answer")
    };
    let current = "/api/v1/users/current";
    let wrong = json!({ "password": NEW_PASSWORD, "current_password": WRONG_PASSWORD });
    send("PATCH", current, &wrong).expect(401);
    send("PATCH", current, &json!({ "pass_word": NEW_PASSWORD })).expect(422);
    let right = json!({ "password": NEW_PASSWORD, "current_password": PASSWORD });
    send("PATCH", current, &right).expect(200);
    // Where no secret belongs.
    running.get(&format!("{current}?access_token={token}"), None);
    running.get(&format!("/{token}"), None);
    let mut broken = Connection::open(running.address).expect("a connection");
    let half = format!("{{\"identifier\": \"ann\", \"password\": \"{PASSWORD}\"");
    let reply = broken.exchange(&request("POST", "/api/v1/auth/login", None, &half, "close"));
    reply.expect("an answer").expect(400);

    send("DELETE", current, &json!({ "current_password": NEW_PASSWORD })).expect(200);
    let mail = program.directory().join("data/mail");
    let is_token = |line: &&str| {
        line.len() == 43
            && line.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    let restoration = eventually("a mail with a token alone on its line", || {
        let mails = std::fs::read_dir(&mail).ok()?.filter_map(Result::ok);
        let mails = mails.filter(|mail| mail.path().extension().is_some_and(|kind| kind == "eml"));
        let mut texts = mails.filter_map(|mail| std::fs::read_to_string(mail.path()).ok());
        texts.find_map(|text| text.lines().map(str::trim).find(is_token).map(str::to_owned))
    });
    // The one place where a token stands in an address, and no other server is told.
    running.get(&format!("/link/restore?token={restoration}"), None).expect(200);
    running.get(&format!("/link/nowhere?token={restoration}"), None).expect(404);
    let request = json!({ "identifier": "ann", "restoration_token": restoration });
    running.post("/api/v1/users/restore", &request).expect(200);
    running.post("/api/v1/users/restore", &request).expect(400);
    secrets.push(restoration);
    secrets
}
