//! Three instances that meet on one empty database (R-37, AUZ-07).

use testkit::{Database, PASSWORD};

use super::{MASTER_KEY, Program, Running, access};

testkit::on_every_backend!(Database::empty =>
    r_37_three_instances_make_one_schema_one_set_of_keys_and_one_administrator,
);

async fn r_37_three_instances_make_one_schema_one_set_of_keys_and_one_administrator(
    database: Database,
) {
    let first = Program::new()
        .with("VESTIBULE_DATABASE__URL", &database.url)
        .with("VESTIBULE_SECURITY__MASTER_KEY", MASTER_KEY)
        .with("VESTIBULE_TOKENS__ISSUER", "https://accounts.example.org")
        .with("VESTIBULE_ADMIN__USERNAME", "root")
        .with("VESTIBULE_ADMIN__PASSWORD", PASSWORD);
    let mut instances: Vec<Running> =
        [&first, &first.beside(), &first.beside()].map(Program::launch).into();
    for instance in &mut instances {
        instance.wait_until_ready();
    }
    for minter in &instances {
        let token = access(&minter.sign_in("root"));
        for verifier in &instances {
            let root = verifier.get("/api/v1/users/current", Some(&token)).expect(200).json();
            assert_eq!(root["username"], "root");
        }
    }
    for instance in instances {
        let log = instance.stop();
        assert!(!log.contains("\"ERROR\"") && !log.contains("\"WARN\""), "{log}");
    }
    let dump = database.dump().await;
    assert_eq!(dump.rows("signing_keys").len(), 2, "one for each purpose");
    assert_eq!(dump.rows("users").len(), 1);
    let held = dump.rows("user_roles").iter();
    assert_eq!(held.filter(|held| held.text("role") == "admin").count(), 1);
    let pending = database.store.pending_migrations().await.expect("a history");
    assert_eq!(pending, []);
}

/// On nothing at all: the file is made by whoever is first, the master key too.
#[test]
fn three_instances_start_from_nothing_in_one_directory() {
    let first = Program::new().with("VESTIBULE_TOKENS__ISSUER", "https://accounts.example.org");
    let mut instances: Vec<Running> =
        [&first, &first.beside(), &first.beside()].map(Program::launch).into();
    for instance in &mut instances {
        instance.wait_until_ready();
    }
    instances[0].register("ann").expect(201);
    for minter in &instances {
        let token = access(&minter.sign_in("ann"));
        for verifier in &instances {
            verifier.get("/api/v1/users/current", Some(&token)).expect(200);
        }
    }
    for instance in instances {
        instance.stop();
    }
}
