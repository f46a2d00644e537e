//! From nothing to a service, in development and in production.

use std::os::unix::fs::PermissionsExt;

use serde_json::json;

use super::{Program, access, eventually};

#[test]
fn it_starts_from_nothing_and_says_where_everything_is() {
    let program = Program::new();
    let running = program.start();
    let data = program.directory().join("data");
    assert!(data.join("vestibule.db").is_file());
    let key = data.join("master.key").metadata().expect("a key was made");
    assert_eq!(key.permissions().mode() & 0o777, 0o600);
    let url = format!("http://{}", running.address);
    let hints = eventually("the hints", || {
        let said = running.said();
        said.contains("admin init").then_some(said)
    });
    assert!(hints.contains(&format!("{url}/docs")), "{hints}");
    assert!(hints.contains(&format!("{url}/dev/mailbox")), "{hints}");
    assert!(hints.contains("vestibule admin init --username"), "{hints}");
    running.stop();
}

#[test]
fn a_second_start_keeps_accounts_and_tokens() {
    let program = Program::new();
    let running = program.start();
    running.register("ann").expect(201);
    let tokens = running.sign_in("ann");
    running.stop();

    let running = program.start();
    running.get("/api/v1/users/current", Some(&access(&tokens))).expect(200);
    let refresh = json!({ "refresh_token": tokens["refresh_token"] });
    running.post("/api/v1/auth/refresh", &refresh).expect(200);
    running.stop();
}

#[test]
fn mail_can_be_read_in_development() {
    let running = Program::new().start();
    running.register("ann").expect(201);
    assert!(running.get("/dev/mailbox", None).expect(200).body.contains("No mail yet"));
    running.delete(&access(&running.sign_in("ann"))).expect(200);
    let page = eventually("a mail", || {
        let page = running.get("/dev/mailbox", None).expect(200);
        page.body.contains("was deleted").then_some(page)
    });
    assert!(page.header("content-security-policy").expect("a policy").contains("'none'"));
    let messages = running.get("/dev/mailbox/messages?to=ann@example.org", None).expect(200);
    let messages: serde_json::Value = serde_json::from_str(&messages.body).expect("JSON");
    let token = messages[0]["token"].as_str().expect("the token");
    let request = json!({ "identifier": "ann", "restoration_token": token });
    running.post("/api/v1/users/restore", &request).expect(200);
    running.sign_in("ann");
    running.stop();
}

#[test]
fn production_shows_no_mail_and_makes_no_key() {
    let program = Program::in_production();
    let running = program.start();
    running.get("/dev/mailbox", None).expect(404);
    assert!(!program.directory().join("data/master.key").exists());
    assert!(!running.said().contains("/dev/mailbox"));
    running.register("ann").expect(201);
    running.sign_in("ann");
    running.stop();
}

/// AUZ-07: 256 bits alone on a line of standard output, never in the log, once.
#[test]
fn auz_07_the_first_start_prints_a_setup_token_and_no_later_one_does() {
    for program in [Program::new(), Program::in_production()] {
        let running = program.start();
        let token = eventually("the token", || setup_token(&running.said()));
        assert!(!running.stop().contains(&token), "the log is kept and copied");

        let running = program.start();
        running.wait_for_log("admin setup-token");
        assert_eq!(setup_token(&running.said()), None, "it was shown once");
        let setup = |token: &str, name: &str| {
            let request = json!({
                "setup_token": token, "username": name, "password": testkit::PASSWORD,
            });
            running.post("/api/v1/setup", &request)
        };
        setup("wrong", "eve").expect(403);
        setup(&token, "root").expect(201);
        setup(&token, "eve").expect(403);
        running.sign_in("root");
        running.stop();

        let running = program.start();
        let log = running.stop();
        assert!(!log.contains("setup"), "{log}");
    }
}

#[test]
fn settings_that_name_an_administrator_leave_nothing_to_set_up() {
    let program = Program::new()
        .with("VESTIBULE_ADMIN__USERNAME", "root")
        .with("VESTIBULE_ADMIN__PASSWORD", testkit::PASSWORD);
    let running = program.start();
    running.sign_in("root");
    assert_eq!(setup_token(&running.said()), None);
    let request = json!({ "setup_token": "", "username": "eve", "password": testkit::PASSWORD });
    running.post("/api/v1/setup", &request).expect(403);
    running.stop();
}

fn setup_token(said: &str) -> Option<String> {
    let is_token = |line: &&str| {
        line.len() == 43
            && line.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    said.lines().map(str::trim).find(is_token).map(str::to_owned)
}
