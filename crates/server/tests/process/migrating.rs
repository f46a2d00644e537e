//! A migration that was killed is completed by the next start.

use std::thread;
use std::time::Duration;

use testkit::Database;

use super::Program;

testkit::on_every_backend!(Database::empty => r_38_a_killed_migration_is_completed);

async fn r_38_a_killed_migration_is_completed(database: Database) {
    let program = Program::new().with("VESTIBULE_DATABASE__URL", &database.url);
    let migrate = program.clone().argument("migrate");
    for milliseconds in (10..=150).step_by(10) {
        let mut running = migrate.launch();
        thread::sleep(Duration::from_millis(milliseconds));
        running.kill();
    }
    let (code, said) = migrate.run();
    assert_eq!(code, Some(0), "{said}");
    let running = program.start();
    running.register("ann").expect(201);
    running.stop();
    assert_eq!(database.store.pending_migrations().await.expect("a history"), []);
}
