//! Secrets at rest, and the keys that instances share.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use operations::sessions::authenticate;
use operations::tokens::jwks;
use operations::vault::{MasterKey, Vault};
use operations::{Client, Error, Fault, StartError};
use testkit::{Database, FixedClock, SeededEntropy};

use crate::stand::{MASTER_KEY, TestMailer, assemble};
use crate::support::{registered, signed_in};

testkit::on_every_backend!(Database::fresh =>
    another_master_key_is_noticed_and_changes_nothing,
    instances_that_start_together_share_their_keys,
);

fn vault(key: [u8; 32]) -> Vault {
    Vault::new(&MasterKey::new(key), Arc::new(SeededEntropy::new(5))).expect("a vault")
}

#[test]
fn what_is_sealed_opens_again() {
    let vault = vault(MASTER_KEY);
    for plain in [b"".as_slice(), b"x", b"a secret that is rather longer than one block"] {
        let sealed = vault.seal("job", plain).expect("sealed");
        assert_eq!(vault.open("job", &sealed).expect("opened"), plain);
        assert!(plain.len() < 2 || !sealed.windows(plain.len()).any(|part| part == plain));
    }
}

#[test]
fn the_same_value_is_sealed_differently_each_time() {
    let vault = vault(MASTER_KEY);
    let once = vault.seal("job", b"value").expect("sealed");
    assert_ne!(once, vault.seal("job", b"value").expect("sealed"));
}

#[test]
fn what_is_sealed_opens_for_its_purpose_only() {
    let vault = vault(MASTER_KEY);
    let sealed = vault.seal("job", b"value").expect("sealed");
    assert!(is_closed(&vault, "access_token", &sealed));
    assert!(is_closed(&vault, "", &sealed));
}

#[test]
fn what_is_sealed_opens_under_its_key_only() {
    let sealed = vault(MASTER_KEY).seal("job", b"value").expect("sealed");
    let mut other = MASTER_KEY;
    other[31] ^= 1;
    assert!(is_closed(&vault(other), "job", &sealed));
}

#[test]
fn what_was_cut_or_changed_does_not_open() {
    let vault = vault(MASTER_KEY);
    let sealed = vault.seal("job", b"value").expect("sealed");
    for length in 0..sealed.len() {
        assert!(is_closed(&vault, "job", &sealed[..length]), "cut to {length}");
    }
    for index in 0..sealed.len() * 8 {
        let mut flipped = sealed.clone();
        flipped[index / 8] ^= 1 << (index % 8);
        assert!(is_closed(&vault, "job", &flipped), "bit {index}");
    }
    let longer = [sealed, vec![0]].concat();
    assert!(is_closed(&vault, "job", &longer));
}

async fn another_master_key_is_noticed_and_changes_nothing(database: Database) {
    let (clock, mailer) = stage();
    let services = assemble(&database, &clock, &mailer, MASTER_KEY).await.expect("they start");
    registered(&services, "ann").await;
    let before = database.dump().await;
    let outcome = assemble(&database, &clock, &mailer, [8; 32]).await;
    assert!(matches!(outcome, Err(StartError::WrongMasterKey)));
    assert_eq!(database.dump().await.rows("signing_keys"), before.rows("signing_keys"));
    signed_in(&services, "ann").await;
}

async fn instances_that_start_together_share_their_keys(database: Database) {
    let (clock, mailer) = stage();
    let start = || assemble(&database, &clock, &mailer, MASTER_KEY);
    let (one, two, three) = tokio::join!(start(), start(), start());
    let instances = [one, two, three].map(|instance| instance.expect("it starts"));
    registered(&instances[0], "ann").await;
    for minter in &instances {
        let session = signed_in(minter, "ann").await;
        for verifier in &instances {
            let ctx = verifier.native(Client::default(), None);
            let access = &session.tokens.access.token;
            authenticate(verifier, &ctx, access).await.expect("a token of all");
            assert_eq!(jwks(verifier), jwks(minter));
        }
    }
    assert_eq!(database.dump().await.rows("signing_keys").len(), 2, "one for each purpose");
}

fn is_closed(vault: &Vault, purpose: &str, sealed: &[u8]) -> bool {
    matches!(vault.open(purpose, sealed), Err(Error::Fault(Fault::Sealed)))
}

fn stage() -> (Arc<FixedClock>, Arc<TestMailer>) {
    (Arc::default(), Arc::default())
}
