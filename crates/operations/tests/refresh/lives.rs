//! Random lives of sessions on two instances, held against the model after every step.

use std::time::Duration;

use domain::token::SecretToken;
use domain::{Password, SessionId, User};
use futures_util::future::join_all;
use operations::Error;
use operations::accounts::{UpdateOwn, update_own};
use operations::sessions::{SignOut, refresh, revoke_others, sign_out};
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use testkit::{App, Backend, PASSWORD};

use super::model::{Deed, Model, Outcome};
use crate::support::{acting, events_of, refresh_of, registered, signed_in};

const STEPS: usize = 16;
const MOST_SESSIONS: usize = 4;

/// `which` is taken modulo the sessions there are; an age of 0 is the newest token known.
#[derive(Clone, Debug)]
enum Step {
    SignIn,
    Refresh {
        which: usize,
        age: usize,
        on_other: bool,
    },
    /// All at once, on both instances in turn.
    Crowd {
        which: usize,
        ages: Vec<usize>,
        signs_out: bool,
    },
    Advance(Duration),
    SignOut {
        which: usize,
    },
    ChangePassword {
        which: usize,
    },
    EndOthers {
        which: usize,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let which = 0..MOST_SESSIONS;
    // Mostly what clients do; seldom what thieves do.
    let age = || prop_oneof![6 => Just(0_usize), 3 => Just(1), 1 => 2..5_usize];
    let pause = prop_oneof![
        4 => (0..3_000_u64).prop_map(Duration::from_millis),
        1 => Just(Duration::from_secs(10)),
        1 => Just(Duration::from_millis(10_001)),
        2 => (1..600_u64).prop_map(Duration::from_secs),
        1 => (1..16_u64).prop_map(|days| Duration::from_hours(24 * days)),
    ];
    prop_oneof![
        2 => Just(Step::SignIn),
        8 => (which.clone(), age(), any::<bool>())
            .prop_map(|(which, age, on_other)| Step::Refresh { which, age, on_other }),
        6 => (which.clone(), vec(age(), 2..4), prop_oneof![5 => Just(false), 1 => Just(true)])
            .prop_map(|(which, ages, signs_out)| Step::Crowd { which, ages, signs_out }),
        6 => pause.prop_map(Step::Advance),
        1 => which.clone().prop_map(|which| Step::SignOut { which }),
        1 => which.clone().prop_map(|which| Step::ChangePassword { which }),
        1 => which.prop_map(|which| Step::EndOthers { which }),
    ]
}

/// A session as its owner, and whoever copied its tokens, know it.
struct Held {
    id: SessionId,
    model: Model,
    /// By generation.
    tokens: Vec<SecretToken>,
}

struct Life<'a> {
    nodes: [&'a App; 2],
    name: String,
    user: User,
    sessions: Vec<Held>,
}

pub(super) async fn go_as_the_model_says(app: App) {
    let beside = app.beside().await;
    let lives = match app.database.backend {
        Backend::Sqlite => 150,
        Backend::Postgres | Backend::MySql => 80,
    };
    // The same lives in every run: what fails once fails again.
    let mut runner = TestRunner::deterministic();
    for number in 0..lives {
        let tree = vec(step(), STEPS).new_tree(&mut runner).expect("steps");
        let steps = tree.current();
        let mut life = Life::begin([&app, &beside], format!("user{number}")).await;
        for (place, step) in steps.iter().enumerate() {
            Box::pin(life.take(step)).await;
            life.compare(&format!("life {number}, step {place} of {steps:?}")).await;
        }
        life.compare_events(&format!("life {number}: {steps:?}")).await;
    }
    let findings = operations::health::fsck(&app.services).await.expect("findings");
    assert_eq!(findings, storage::consistency::Findings::default());
}

impl<'a> Life<'a> {
    async fn begin(nodes: [&'a App; 2], name: String) -> Self {
        let user = registered(&nodes[0].services, &name).await;
        let mut life = Self { nodes, name, user, sessions: Vec::new() };
        life.sign_in().await;
        life
    }

    async fn sign_in(&mut self) {
        if self.sessions.len() == MOST_SESSIONS {
            return;
        }
        let opened = signed_in(&self.nodes[0].services, &self.name).await;
        let (_, id, _) = acting(&self.nodes[1].services, &opened).await;
        let model = Model::opened(self.nodes[0].now());
        self.sessions.push(Held { id, model, tokens: vec![refresh_of(&opened)] });
    }

    async fn take(&mut self, step: &Step) {
        let now = self.nodes[0].now();
        let which = |which: &usize, sessions: &[Held]| which % sessions.len();
        match step {
            Step::SignIn => self.sign_in().await,
            Step::Advance(by) => self.nodes[0].advance(*by),
            Step::Refresh { which: session, age, on_other } => {
                let session = which(session, &self.sessions);
                let deed = self.sessions[session].deed(*age);
                let node = usize::from(*on_other);
                let outcome = self.carry_out(session, deed, node).await;
                let held = &mut self.sessions[session];
                let outcome = held.read(outcome);
                assert_eq!(outcome, held.model.carry_out(deed, now), "{step:?}");
            }
            Step::Crowd { which: session, ages, signs_out } => {
                let session = which(session, &self.sessions);
                let mut deeds: Vec<Deed> =
                    ages.iter().map(|age| self.sessions[session].deed(*age)).collect();
                deeds.extend(signs_out.then_some(Deed::SignOut));
                self.crowd(session, &deeds).await;
            }
            Step::SignOut { which: session } => {
                let session = which(session, &self.sessions);
                drop(self.carry_out(session, Deed::SignOut, 1).await);
                self.sessions[session].model.carry_out(Deed::SignOut, now);
            }
            Step::ChangePassword { which: session } => {
                let session = which(session, &self.sessions);
                if self.sessions[session].model.is_live(now) {
                    self.change_password(session).await;
                    self.end_all_but(session);
                }
            }
            Step::EndOthers { which: session } => {
                let session = which(session, &self.sessions);
                let (id, services) = (self.sessions[session].id, &self.nodes[1].services);
                let ctx = self.nodes[1].stranger();
                let ended = revoke_others(services, &ctx, self.user.id, id).await;
                let is_live = self.sessions[session].model.is_live(now);
                assert_eq!(ended.is_ok(), is_live, "{step:?}");
                if is_live {
                    self.end_all_but(session);
                }
            }
        }
    }

    /// The deeds at once; some order of them explains what came out and what is kept.
    async fn crowd(&mut self, session: usize, deeds: &[Deed]) {
        let now = self.nodes[0].now();
        let running =
            deeds.iter().enumerate().map(|(at, deed)| self.carry_out(session, *deed, at % 2));
        let outcomes = join_all(running).await;
        let (id, node) = (self.sessions[session].id, self.nodes[0]);
        let others = self.sessions.iter().filter(|held| held.id != id);
        let before: usize = others.map(|held| held.model.replays).sum();
        let held = &mut self.sessions[session];
        let done: Vec<(Deed, Outcome)> =
            deeds.iter().copied().zip(outcomes.into_iter().map(|token| held.read(token))).collect();
        let (kept, told) = (kept(node, id).await, told(node, &self.user).await);
        let fits = |model: &Model| state(model) == kept && before + model.replays == told;
        let explained = held.model.explanations(&done, now).into_iter().find(fits);
        held.model = explained.unwrap_or_else(|| {
            panic!("no order explains {done:?} and {kept:?} after {:?}", held.model)
        });
    }

    /// The token that was handed out, if any; `Err` for what is no matter of tokens.
    async fn carry_out(
        &self,
        session: usize,
        deed: Deed,
        node: usize,
    ) -> Result<Option<SecretToken>, ()> {
        let (app, held) = (self.nodes[node], &self.sessions[session]);
        match deed {
            Deed::Refresh(generation) => {
                let token = &held.tokens[generation];
                match refresh(&app.services, &app.stranger(), token).await {
                    Ok(tokens) => Ok(tokens.refresh.map(|refresh| refresh.token)),
                    Err(Error::Refused(_)) => Ok(None),
                    Err(Error::Fault(fault)) => panic!("a fault: {}", fault.chain()),
                }
            }
            Deed::SignOut => {
                let refresh = held.tokens.last().cloned();
                let request = SignOut { refresh, ..SignOut::default() };
                sign_out(&app.services, &app.stranger(), &request).await.expect("signed out");
                Err(())
            }
        }
    }

    async fn change_password(&self, session: usize) {
        let app = self.nodes[1];
        let mut read = app.database.store.read().await.expect("a connection");
        let user = storage::users::find(&mut read, self.user.id).await.expect("an answer");
        drop(read);
        let password = || Some(Password::new(PASSWORD));
        let request = UpdateOwn {
            password: password(),
            current_password: password(),
            ..UpdateOwn::default()
        };
        let (user, id) = (user.expect("the account"), self.sessions[session].id);
        let changed = update_own(&app.services, &app.stranger(), &user, id, &request).await;
        changed.expect("the password is changed");
    }

    fn end_all_but(&mut self, kept: usize) {
        for (place, held) in self.sessions.iter_mut().enumerate() {
            held.model.is_ended |= place != kept;
        }
    }

    async fn compare(&self, case: &str) {
        for held in &self.sessions {
            assert_eq!(kept(self.nodes[0], held.id).await, state(&held.model), "{case}");
        }
    }

    async fn compare_events(&self, case: &str) {
        let replays: usize = self.sessions.iter().map(|held| held.model.replays).sum();
        assert_eq!(told(self.nodes[0], &self.user).await, replays, "{case}");
    }
}

impl Held {
    fn deed(&self, age: usize) -> Deed {
        Deed::Refresh(self.tokens.len().saturating_sub(age + 1))
    }

    /// Which generation was handed out; a token that nobody knew is the next.
    fn read(&mut self, outcome: Result<Option<SecretToken>, ()>) -> Outcome {
        let Ok(token) = outcome else { return Outcome::SignedOut };
        let Some(token) = token else { return Outcome::Refused };
        let known = self.tokens.iter().position(|known| known.reveal() == token.reveal());
        Outcome::Holds(known.unwrap_or_else(|| {
            self.tokens.push(token);
            self.tokens.len() - 1
        }))
    }
}

/// How many replays the log tells of.
async fn told(app: &App, user: &User) -> usize {
    let events = events_of(app, user.id).await;
    events.iter().filter(|name| *name == "session.refresh_replayed").count()
}

/// Generation, when it began, and whether the session was ended, as the model has it.
fn state(model: &Model) -> (usize, domain::Timestamp, bool) {
    (model.generation, model.rotated_at, model.is_ended)
}

/// The same, as the database has it.
async fn kept(app: &App, id: SessionId) -> (usize, domain::Timestamp, bool) {
    let mut read = app.database.store.read().await.expect("a connection");
    let session = storage::sessions::find(&mut read, id).await.expect("an answer");
    let session = session.expect("the session is kept");
    let generation = usize::try_from(session.generation).expect("few");
    (generation, session.rotated_at, session.ended_at.is_some())
}
