//! What it refuses to start with, and how it says so.

use std::net::TcpListener;

use super::Program;

#[test]
fn cfg_01_production_without_a_master_key_does_not_start() {
    let program = Program::in_production().without("VESTIBULE_SECURITY__MASTER_KEY");
    let (code, said) = program.run();
    assert_eq!(code, Some(3), "{said}");
    let line = said.lines().find(|line| line.contains("security.master_key"));
    assert!(line.expect("the setting is named").contains("openssl rand"), "{said}");
    assert!(!program.directory().join("data").exists(), "nothing was made");
}

#[test]
fn a_schema_that_is_not_there_is_named() {
    let program = Program::new().with("VESTIBULE_DATABASE__MIGRATE_AT_START", "false");
    let (code, said) = program.run();
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("run `vestibule migrate` first"), "{said}");
}

#[test]
fn development_does_not_listen_to_other_machines_unless_allowed() {
    let open = Program::new();
    let port = open.launch().address.port();
    let open = Program::new().with("VESTIBULE_HTTP__LISTEN", &format!("0.0.0.0:{port}"));
    let (code, said) = open.run();
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("http.listen"), "{said}");
    open.with("VESTIBULE_HTTP__ALLOW_PUBLIC_LISTEN", "true").start().stop();
}

#[test]
fn a_taken_port_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("an address").to_string();
    let (code, said) = Program::new().with("VESTIBULE_HTTP__LISTEN", &address).run();
    assert_eq!(code, Some(1), "{said}");
    let last = said.lines().last().expect("a reason");
    assert!(last.contains("cannot listen on") && last.contains(&address), "{said}");
}

#[test]
fn another_master_key_is_refused_and_changes_nothing() {
    let program = Program::new();
    let running = program.start();
    running.register("ann").expect(201);
    running.stop();
    let other = program.clone().with("VESTIBULE_SECURITY__MASTER_KEY", super::MASTER_KEY);
    let (code, said) = other.run();
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("another master key"), "{said}");
    let running = program.start();
    running.sign_in("ann");
    running.stop();
}
