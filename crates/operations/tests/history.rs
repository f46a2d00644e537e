//! A long random life of many accounts under three instances leaves a sound database (§3.2).

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::sync::Mutex;
use std::time::Duration;

use domain::token::SecretToken;
use domain::{Identifier, Password, RoleName, UserId};
use operations::accounts::{
    AccountChange, Change, DeleteOwn, Restore, UpdateOwn, block, delete, delete_own, register,
    restore, restore_by_operator, unblock, update_own,
};
use operations::ports::Entropy;
use operations::roles::{grant, revoke};
use operations::sessions::{SignOut, authenticate, refresh, sign_out, sign_out_everywhere};
use operations::{Error, Result};
use storage::consistency::Findings;
use testkit::{App, PASSWORD, SeededEntropy};

use crate::support::{refresh_of, registration, try_sign_in};

/// Each is done by three instances at once: 300 operations.
const STEPS: usize = 100;
const PEOPLE: usize = 8;

testkit::on_every_backend!(App::on => three_hundred_random_operations_leave_a_sound_database);

/// What the people of this history hold in their hands.
#[derive(Default)]
struct Pockets {
    ids: Vec<UserId>,
    access: Vec<SecretToken>,
    refresh: Vec<SecretToken>,
}

struct History {
    chance: SeededEntropy,
    pockets: Mutex<Pockets>,
}

async fn three_hundred_random_operations_leave_a_sound_database(app: App) {
    let (two, three) = (app.beside().await, app.beside().await);
    let history = History { chance: SeededEntropy::new(20_260_101), pockets: Mutex::default() };
    for step in 0..STEPS {
        tokio::join!(
            Box::pin(history.step(&app, step)),
            Box::pin(history.step(&two, step)),
            Box::pin(history.step(&three, step)),
        );
        app.advance(Duration::from_secs(history.below(40) as u64));
        if step % 10 == 9 {
            Box::pin(history.later(&app, [&two, &three])).await;
        }
    }
    let findings = operations::health::fsck(&app.services).await.expect("findings");
    assert_eq!(Findings { active_admins: 0, ..findings }, Findings::default());
    let ids = history.pockets.lock().expect("nobody panics").ids.clone();
    assert!(ids.len() >= PEOPLE, "the history was a lively one: {}", ids.len());
    for id in ids {
        let events = crate::support::events_of(&app, id).await;
        assert_eq!(events[0], "user.registered");
    }
}

impl History {
    /// Time passes, jobs run on all instances, and the mails that came are read.
    async fn later(&self, app: &App, others: [&App; 2]) {
        app.advance(Duration::from_hours(24) * u32::try_from(self.below(12)).expect("few"));
        let [two, three] = others;
        tokio::join!(app.run_jobs(), two.run_jobs(), three.run_jobs());
        let findings = operations::health::fsck(&app.services).await.expect("findings");
        assert_eq!(Findings { active_admins: 0, ..findings }, Findings::default());
    }

    async fn step(&self, app: &App, step: usize) {
        match self.operate(app, step).await {
            Ok(()) | Err(Error::Refused(_)) => {}
            Err(Error::Fault(fault)) => panic!("step {step}: {}", fault.chain()),
        }
    }

    async fn operate(&self, app: &App, step: usize) -> Result<()> {
        let services = &app.services;
        let (stranger, operator) = (app.stranger(), services.operator());
        let name = format!("user{}", self.below(PEOPLE));
        let role = RoleName::new(["admin", "moderator"][self.below(2)]);
        match self.below(16) {
            0..=2 => {
                let request = registration(&name);
                let id = register(services, &stranger, &request).await?.id;
                self.pockets.lock().expect("nobody panics").ids.push(id);
            }
            3..=5 => {
                let signed_in = try_sign_in(services, &name, PASSWORD).await?;
                let mut pockets = self.pockets.lock().expect("nobody panics");
                pockets.refresh.push(refresh_of(&signed_in));
                pockets.access.push(signed_in.tokens.access.token);
            }
            6 => {
                let Some(token) = self.pick(|pockets| &pockets.refresh) else { return Ok(()) };
                let tokens = refresh(services, &stranger, &token).await?;
                let next = tokens.refresh.expect("a native session").token;
                self.pockets.lock().expect("nobody panics").refresh.push(next);
            }
            7 => {
                let request = SignOut {
                    access: self.pick(|pockets| &pockets.access),
                    refresh: self.pick(|pockets| &pockets.refresh),
                };
                sign_out(services, &stranger, &request).await?;
            }
            8..=10 => self.act(app, step).await?,
            11 => {
                // Some mails are notices, which restore nothing.
                let mails = app.mailbox.mails().into_iter();
                let tokens: Vec<_> =
                    mails.filter_map(|mail| Some((mail.find_token()?, mail.to))).collect();
                let Some((token, to)) = self.pick_from(&tokens) else { return Ok(()) };
                let request = Restore {
                    identifier: Identifier::recognise(&to),
                    token: SecretToken::new(token),
                };
                restore(services, &stranger, &request).await?;
            }
            way => {
                let Some(id) = self.pick(|pockets| &pockets.ids) else { return Ok(()) };
                match (way, self.below(2)) {
                    (12, 0) => drop(block(services, &operator, id).await?),
                    (12, _) => drop(unblock(services, &operator, id).await?),
                    (13, 0) => drop(grant(services, &operator, id, &role).await?),
                    (13, _) => drop(revoke(services, &operator, id, &role).await?),
                    (14, _) => drop(restore_by_operator(services, &operator, id).await?),
                    _ => drop(delete(services, &operator, id).await?),
                }
            }
        }
        Ok(())
    }

    /// As somebody who is signed in.
    async fn act(&self, app: &App, step: usize) -> Result<()> {
        let Some(token) = self.pick(|pockets| &pockets.access) else { return Ok(()) };
        let services = &app.services;
        let who = authenticate(services, &app.stranger(), &token).await?;
        let ctx = who.context(&app.stranger());
        let password = || Some(Password::new(PASSWORD));
        let change = |request: UpdateOwn| UpdateOwn { current_password: password(), ..request };
        let set = |text: String| Change::Set(text);
        let unchanged = AccountChange::default;
        let request = match self.below(6) {
            0 => {
                let request = DeleteOwn { current_password: password() };
                return delete_own(services, &ctx, &who.user, who.session.id, &request)
                    .await
                    .map(drop);
            }
            1 => return sign_out_everywhere(services, &ctx, &who.user).await,
            2 => AccountChange { first_name: set(format!("First {step}")), ..unchanged() }.into(),
            3 => AccountChange { phone: set(format!("+1555010{step:04}")), ..unchanged() }.into(),
            4 => {
                let email = set(format!("new{step}@example.org"));
                AccountChange { email, ..unchanged() }.into()
            }
            _ => UpdateOwn { password: password(), ..UpdateOwn::default() },
        };
        let request = change(request);
        update_own(services, &ctx, &who.user, who.session.id, &request).await.map(drop)
    }

    fn pick<T: Clone>(&self, from: impl Fn(&Pockets) -> &Vec<T>) -> Option<T> {
        let pockets = self.pockets.lock().expect("nobody panics");
        self.pick_from(from(&pockets))
    }

    fn pick_from<T: Clone>(&self, held: &[T]) -> Option<T> {
        if held.is_empty() { None } else { held.get(self.below(held.len())).cloned() }
    }

    fn below(&self, bound: usize) -> usize {
        let mut bytes = [0; 8];
        self.chance.fill(&mut bytes);
        // Taken modulo a small bound, so that nothing is lost.
        usize::try_from(u64::from_le_bytes(bytes) % bound as u64).unwrap_or(0)
    }
}
