//! What cases begin with: accounts, times and ids that differ.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use domain::confirmation::Endurance;
use domain::user::Identifiers;
use domain::username::{Alphabet, UsernamePolicy};
use domain::{
    Email, Permission, Phone, Profile, ServiceAccount, ServiceAccountId, Timestamp, User, UserId,
    Username,
};
use storage::command_inbox::NewCommand;
use storage::confirmations::Confirmation;
use storage::users::{self, NewUser};
use storage::{Result, Store, Tx};

/// With a part below the millisecond, which must survive.
pub(crate) const NOW: Timestamp = Timestamp::from_micros(1_790_000_000_123_456);

pub(crate) const PRINTABLE: UsernamePolicy =
    UsernamePolicy { min: 1, max: 255, alphabet: Alphabet::Printable, classes: &[] };

pub(crate) fn later(seconds: u64) -> Timestamp {
    NOW + Duration::from_secs(seconds)
}

/// Bytes for an id that nothing else in this process has.
pub(crate) fn chance() -> [u8; 10] {
    static COUNTER: AtomicU64 = AtomicU64::new(1);
    let mut bytes = [0; 10];
    bytes[2..].copy_from_slice(&COUNTER.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    bytes
}

pub(crate) fn user_id() -> UserId {
    UserId::new(NOW, chance())
}

pub(crate) fn profile() -> Profile {
    Profile { metadata: "{}".to_owned(), ..Profile::default() }
}

pub(crate) fn username(text: &str) -> Username {
    Username::parse(text, &PRINTABLE).expect("a username")
}

pub(crate) fn email(text: &str) -> Email {
    Email::parse(text).expect("an address")
}

pub(crate) fn phone(text: &str) -> Phone {
    Phone::parse(text).expect("a phone number")
}

pub(crate) fn named(text: &str) -> Identifiers {
    Identifiers { username: Some(username(text)), ..Identifiers::default() }
}

pub(crate) fn mailed(text: &str) -> Identifiers {
    Identifiers { email: Some(email(text)), ..Identifiers::default() }
}

pub(crate) fn called(text: &str) -> Identifiers {
    Identifiers { phone: Some(phone(text)), ..Identifiers::default() }
}

pub(crate) async fn insert(tx: &mut Tx, identifiers: &Identifiers) -> Result<UserId> {
    let id = user_id();
    users::insert(tx, &NewUser { id, identifiers, profile: &profile(), now: NOW }).await?;
    Ok(id)
}

/// An account that exists.
pub(crate) async fn user(store: &Store, identifiers: &Identifiers) -> User {
    let inserted: Result<UserId> =
        storage::transact!(store, |tx| { insert(tx, identifiers).await? });
    read(store, inserted.expect("an account is inserted")).await
}

pub(crate) async fn ann(store: &Store) -> User {
    user(store, &named("ann")).await
}

/// The account as it is now.
pub(crate) async fn read(store: &Store, id: UserId) -> User {
    let mut read = store.read().await.expect("a connection");
    users::find(&mut read, id).await.expect("an answer").expect("the account is there")
}

/// A command that was applied.
pub(crate) fn command(digest: &[u8]) -> NewCommand<'_> {
    NewCommand {
        digest,
        source: "billing",
        message_id: "1",
        command: "user.block",
        body_digest: b"body",
        outcome: "applied",
        now: NOW,
    }
}

/// A service that does not exist yet.
pub(crate) fn service(name: &str) -> ServiceAccount {
    ServiceAccount {
        id: ServiceAccountId::new(NOW, chance()),
        name: name.to_owned(),
        permissions: vec![Permission::TokensIntrospect, Permission::TokensRevoke],
        created_by: None,
        created_at: NOW,
        rotated_at: None,
        previous_until: None,
        last_used_at: None,
    }
}

/// Six digits and a link, nobody's yet.
pub(crate) fn confirmation(bucket: &[u8], link_hash: &[u8]) -> Confirmation {
    Confirmation {
        bucket: bucket.to_vec(),
        user_id: None,
        challenge: vec![1; 16],
        address: vec![2; 32],
        code_hash: Some(vec![3; 32]),
        digits: 6,
        guesses_left: 5,
        code_expires_at: later(600),
        link_hash: Some(link_hash.to_vec()),
        link_expires_at: later(900),
        detail: None,
        is_of_flow: true,
        endurance: Endurance::default(),
    }
}
