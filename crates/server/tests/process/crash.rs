//! `kill -9` loses nothing that was acknowledged (R-01, R-05, I1).

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use storage::consistency::{self, Findings};
use testkit::{Database, PASSWORD};

use super::http::call;
use super::{Program, eventually, login, registration};

const ROUNDS: usize = 4;
const CLIENTS: usize = 4;

testkit::on_every_backend!(Database::empty =>
    r_01_every_acknowledged_registration_survives_a_kill,
);

async fn r_01_every_acknowledged_registration_survives_a_kill(database: Database) {
    let program = Program::new().with("VESTIBULE_DATABASE__URL", &database.url);
    let acknowledged = Mutex::new(Vec::new());
    let asked = AtomicUsize::new(0);
    for round in 0..ROUNDS {
        let mut running = program.start();
        let address = running.address;
        let before = count(&acknowledged);
        thread::scope(|scope| {
            for _ in 0..CLIENTS {
                scope.spawn(|| {
                    loop {
                        let name = format!("user{}", asked.fetch_add(1, Ordering::Relaxed));
                        let body = registration(&name);
                        let path = "/api/v1/auth/register";
                        // No whole answer: it may have happened or not.
                        let Ok(reply) = call(address, "POST", path, None, Some(&body)) else {
                            return;
                        };
                        reply.expect(201);
                        acknowledged.lock().expect("nobody panics").push(name);
                    }
                });
            }
            let enough = 8 + 5 * round;
            eventually("registrations", || (count(&acknowledged) - before >= enough).then_some(()));
            running.kill();
        });
    }
    let running = program.start();
    let names = acknowledged.into_inner().expect("nobody panics");
    for name in &names {
        let body = login(name);
        let reply = call(running.address, "POST", "/api/v1/auth/login", None, Some(&body));
        reply.expect("an answer").expect(200);
    }
    // Who got no answer asks again and is either new or known (one account in any case).
    let unknown = (0..asked.into_inner()).map(|number| format!("user{number}"));
    for name in unknown.filter(|name| !names.contains(name)) {
        let reply = running.register(&name);
        assert!([201, 409].contains(&reply.status), "{name}: {}", reply.body);
        running.sign_in(&name);
    }
    running.stop();

    let mut read = database.store.read().await.expect("a connection");
    let findings = consistency::findings(&mut read).await.expect("findings");
    assert_eq!(findings, Findings::default());
    let dump = database.dump().await;
    assert!(dump.places_of(PASSWORD).is_empty());
    let events = dump.rows("events").iter();
    let registered = events.filter(|event| event.text("type").contains("registered")).count();
    assert_eq!(registered, dump.rows("users").len(), "I3");
}

fn count(names: &Mutex<Vec<String>>) -> usize {
    names.lock().expect("nobody panics").len()
}
