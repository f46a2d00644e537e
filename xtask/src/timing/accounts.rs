//! Accounts to ask about, made through the front door before anything is measured.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::{Context as _, Result, anyhow, ensure};
use serde_json::json;

use super::administrator::Administrator;
use super::connection::Connection;
use super::names::Names;
use super::random::Random;
use super::server::Server;
use super::surfaces::{PASSWORD, Standing};
use crate::process::Interrupt;

/// Hashing is slow; more at once than the machine has cores gain nothing.
const REGISTRARS: usize = 2;

/// The addresses of a class.
pub(super) struct Group {
    pub(super) standing: Standing,
    pub(super) emails: Vec<String>,
    has_password: bool,
}

impl Group {
    pub(super) fn new(
        names: &mut Names,
        standing: Standing,
        needs_password: bool,
        count: usize,
    ) -> Self {
        let has_password = needs_password && standing != Standing::Passwordless;
        Self { standing, emails: (0..count).map(|_| names.email()).collect(), has_password }
    }
}

/// In a random order, so that no class is younger than another or lies together in the database.
pub(super) fn make(
    server: &Server,
    groups: &[Group],
    random: &mut Random,
    interrupt: &Interrupt,
) -> Result<()> {
    let mut all: Vec<(&Group, &str)> = groups
        .iter()
        .filter(|group| group.standing != Standing::Missing)
        .flat_map(|group| group.emails.iter().map(move |email| (group, email.as_str())))
        .collect();
    random.shuffle(&mut all);
    let (owned, given): (Vec<_>, Vec<_>) = all.iter().partition(|(group, _)| group.has_password);
    register(server, &owned, interrupt)?;
    let mut administrator = Administrator::sign_in(server)?;
    for (_, email) in &given {
        interrupt.check()?;
        administrator.create(email)?;
    }

    let ids = administrator.ids()?;
    let id_of = |email: &str| {
        ids.get(email).map(String::as_str).with_context(|| format!("{email} was not registered"))
    };
    for (group, email) in &all {
        interrupt.check()?;
        if group.standing.is_verified() {
            administrator.verify(id_of(email)?)?;
        }
    }
    for (standing, action) in [(Standing::Blocked, "block"), (Standing::Deleted, "delete")] {
        let meant = all.iter().filter(|(group, _)| group.standing == standing);
        let ids = meant.map(|(_, email)| id_of(email)).collect::<Result<Vec<_>>>()?;
        administrator.change(action, &ids)?;
    }
    Ok(())
}

/// Several at once.
fn register(server: &Server, people: &[(&Group, &str)], interrupt: &Interrupt) -> Result<()> {
    let next = AtomicUsize::new(0);
    let work = || -> Result<()> {
        let mut connection = Connection::open(server.port)?;
        while let Some((_, email)) = people.get(next.fetch_add(1, Ordering::Relaxed)) {
            interrupt.check()?;
            let body = json!({ "email": email, "password": PASSWORD }).to_string();
            let (answer, _) = connection.post("/api/v1/auth/register", &body)?;
            ensure!(answer.status == 202, "register: {}", answer.told());
        }
        Ok(())
    };
    thread::scope(|scope| {
        let registrars: Vec<_> = (0..REGISTRARS).map(|_| scope.spawn(work)).collect();
        registrars.into_iter().try_for_each(|registrar| {
            registrar.join().map_err(|_| anyhow!("a registrar gave up"))?
        })
    })
}
