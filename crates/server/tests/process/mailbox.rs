//! The development mailbox, as developers and as pages of others meet it.

use serde_json::Value;

use super::http::{Connection, Reply};
use super::{Program, Running, access, eventually};

/// One request with these header lines.
fn ask(running: &Running, method: &str, path: &str, headers: &[&str]) -> Reply {
    let headers = [headers, &[""]].concat().join("\r\n");
    let request = format!(
        "{method} {path} HTTP/1.1\r\nConnection: close\r\nContent-Length: 0\r\n{headers}\r\n"
    );
    Connection::open(running.address).and_then(|mut it| it.exchange(&request)).expect("an answer")
}

fn own(running: &Running) -> String {
    format!("Host: {}", running.address)
}

/// A deployment in which ann has one mail, and that mail.
fn with_a_mail(program: &Program) -> (Running, Value) {
    let running = program.start();
    running.register("ann").expect(201);
    running.delete(&access(&running.sign_in("ann"))).expect(200);
    let mail = eventually("a mail", || {
        let found = ask(&running, "GET", "/dev/mailbox/messages", &[&own(&running)]).json();
        found.as_array().expect("a list").iter().find(|it| !it["token"].is_null()).cloned()
    });
    (running, mail)
}

#[test]
fn a_message_is_read_by_programs_and_people() {
    let program = Program::new();
    let (running, mail) = with_a_mail(&program);
    let host = own(&running);
    let get = |path: &str| ask(&running, "GET", path, &[&host]).expect(200);
    assert_eq!(
        (mail["kind"].as_str(), mail["to"].as_str()),
        (Some("mail"), Some("ann@example.org"))
    );
    assert!(mail["code"].is_null(), "{mail}");
    assert!(mail["link"].as_str().expect("a link").contains("/link/restore?token="), "{mail}");
    let path = format!("/dev/mailbox/messages/{}", mail["id"].as_str().expect("an id"));
    let page = get(&path);
    assert!(
        page.body.contains("sandbox=") && page.body.contains(mail["token"].as_str().unwrap_or("?"))
    );
    assert!(
        page.header("content-security-policy").expect("a policy").contains("default-src 'none'")
    );
    let html = get(&format!("{path}.html"));
    let policy = html.header("content-security-policy").expect("a policy");
    assert!(policy.contains("sandbox") && !policy.contains("allow-scripts"), "{policy}");
    assert!(!policy.contains("allow-same-origin"), "{policy}");
    assert!(get(&format!("{path}.eml")).body.contains("Auto-Submitted: auto-generated"));
    assert_eq!(get(&format!("{path}.json")).json(), mail);
    let as_json = ask(&running, "GET", &path, &[&host, "Accept: application/json"]).expect(200);
    assert_eq!(as_json.json(), mail);
    let to_others = get("/dev/mailbox/messages?to=bob@example.org").json();
    assert_eq!(to_others, serde_json::json!([]));
    assert_eq!(get("/dev/mailbox/messages?limit=0").json(), serde_json::json!([]));
    ask(&running, "DELETE", "/dev/mailbox/messages", &[&host]).expect(204);
    assert_eq!(get("/dev/mailbox/messages").json(), serde_json::json!([]));
    ask(&running, "GET", &path, &[&host]).expect(404);
    running.stop();
}

#[test]
fn a_message_is_found_by_any_spelling_of_its_address() {
    let program = Program::new();
    let running = program.start();
    let host = own(&running);
    let folder = program.directory().join("data/mail");
    std::fs::create_dir_all(&folder).expect("a folder");
    for (id, to) in [("1-a", "ann+a@example.org"), ("2-b", "ann@xn--bcher-kva.example")] {
        let mail = format!("To: {to}\r\nSubject: Hello\r\n\r\nHello\r\n");
        std::fs::write(folder.join(format!("{id}.eml")), mail).expect("written");
    }
    let text = r#"{"id": "3-c", "to": "+79001234567", "text": "Hello"}"#;
    std::fs::write(folder.join("3-c.sms"), text).expect("written");
    for (to, id) in [
        ("+79001234567", "3-c"),
        ("%2B79001234567", "3-c"),
        ("ann+a@example.org", "1-a"),
        ("ANN%2Ba@Example.org", "1-a"),
        ("ann@b%C3%BCcher.example", "2-b"),
        ("ann@xn--bcher-kva.example", "2-b"),
    ] {
        let path = format!("/dev/mailbox/messages?to={to}");
        let found = ask(&running, "GET", &path, &[&host]).expect(200).json();
        let found: Vec<_> = found.as_array().expect("a list").iter().map(|it| &it["id"]).collect();
        assert_eq!(found, [id], "{to}");
    }
    for page in ["/dev/mailbox?limit=abc", "/dev/mailbox/messages?limit=-1"] {
        let refused = ask(&running, "GET", page, &[&host]).expect(400);
        assert!(refused.body.contains("limit is how many"), "{}", refused.body);
    }
    running.stop();
}

#[test]
fn no_page_of_another_host_reads_or_empties_it() {
    let program = Program::new();
    let (running, _) = with_a_mail(&program);
    let host = own(&running);
    let messages = "/dev/mailbox/messages";
    for (method, path, headers) in [
        // DNS rebinding: the name is another's, the address ours.
        ("GET", messages, &["Host: evil.example"][..]),
        ("GET", "/dev/mailbox", &["Host: evil.example:8000"]),
        ("GET", messages, &["Host: localhost.evil.example"]),
        ("GET", messages, &[&host, "Origin: https://evil.example"]),
        ("GET", messages, &[&host, "Origin: null"]),
        ("DELETE", messages, &[&host, "Origin: https://evil.example"]),
        ("DELETE", messages, &[&host, "Origin: null"]),
        ("DELETE", messages, &[&host, "Sec-Fetch-Site: cross-site"]),
        ("DELETE", messages, &[&host, "Sec-Fetch-Site: same-site"]),
        ("POST", "/dev/mailbox/empty", &[&host, "Origin: http://localhost:1"]),
    ] {
        let reply = ask(&running, method, path, headers);
        assert_eq!(reply.status, 403, "{method} {path} {headers:?}");
        assert!(reply.header("access-control-allow-origin").is_none(), "{headers:?}");
    }
    let form = ["Origin: null", "Sec-Fetch-Site: same-origin", &host];
    ask(&running, "POST", "/dev/mailbox/empty", &form).expect(303);
    assert_eq!(ask(&running, "GET", messages, &[&host]).json(), serde_json::json!([]));
    running.stop();
}

#[test]
fn no_id_leads_out_of_the_folder() {
    let program = Program::new();
    let (running, _) = with_a_mail(&program);
    std::fs::write(program.directory().join("data/secret.eml"), "Subject: secret\r\n\r\n")
        .expect("written");
    for id in
        ["..%2fsecret", "%2e%2e%2fsecret.eml", "..%5csecret", "%2fetc%2fpasswd", ".probe", "a%00b"]
    {
        let reply = ask(&running, "GET", &format!("/dev/mailbox/messages/{id}"), &[&own(&running)]);
        assert!(matches!(reply.status, 400 | 404), "{id}: {}", reply.status);
        assert!(!reply.body.contains("secret"), "{}", reply.body);
    }
    running.stop();
}
