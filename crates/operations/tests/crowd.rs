//! More accounts than one statement looks at.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use domain::user::Identifiers;
use domain::username::{Alphabet, UsernamePolicy};
use domain::{Profile, UserId, Username};
use storage::users::{self, NewUser};
use testkit::App;

pub(crate) const CROWD: u16 = 2_300;

/// Accounts `user0000` to `user2299`, their last names being their numbers backwards.
pub(crate) async fn crowded(backend: testkit::Backend) -> App {
    let app = App::on(backend).await;
    people(&app).await;
    app
}

/// The same, in an application with settings of its own.
pub(crate) async fn people(app: &App) {
    let store = &app.database.store;
    let policy = UsernamePolicy { min: 1, max: 50, alphabet: Alphabet::Words, classes: &[] };
    let all: Vec<u16> = (0..CROWD).collect();
    for some in all.chunks(500) {
        let inserted: storage::Result<()> = storage::transact!(store, |tx| {
            for number in some {
                let digits = format!("{number:04}");
                let name = Username::parse(&format!("user{digits}"), &policy).expect("a name");
                let identifiers = Identifiers { username: Some(name), ..Identifiers::default() };
                let profile = Profile {
                    last_name: digits.chars().rev().collect(),
                    metadata: "{}".to_owned(),
                    ..Profile::default()
                };
                let mut chance = [0; 10];
                chance[..2].copy_from_slice(&number.to_be_bytes());
                let id = UserId::new(app.now(), chance);
                let new =
                    NewUser { id, identifiers: &identifiers, profile: &profile, now: app.now() };
                users::insert(tx, &new).await?;
            }
        });
        inserted.expect("a crowd");
    }
}
