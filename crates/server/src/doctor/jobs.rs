//! Does anybody do what was promised?

use std::time::Duration;

use storage::Store;
use storage::jobs::{self, State, Waiting};

use super::finding::Finding;
use crate::assemble::World;

const CHECK: &str = "jobs";
/// Workers look every second at the latest, and wait a good minute where nothing gets through.
const LATE: Duration = Duration::from_mins(5);

pub(super) async fn check(store: &Store) -> Finding {
    let now = World::system().clock.now();
    let waiting = async { jobs::waiting(&mut store.read().await?, now).await };
    let waiting = match waiting.await {
        Ok(waiting) => waiting,
        Err(error) => return Finding::problem(CHECK, error.chain(), "see what the server logs"),
    };
    let late = |one: &&Waiting| one.state == State::Ready && now.since(one.oldest) > LATE;
    if let Some(late) = waiting.iter().find(late) {
        let minutes = now.since(late.oldest).as_secs() / 60;
        let says = format!("{} of {} wait, the oldest for {minutes} min", late.count, late.lane);
        let mend = "see whether a worker runs (`vestibule worker`), and \
                    `vestibule jobs list --state ready`";
        return Finding::problem(CHECK, says, mend);
    }
    let parked = waiting.iter().filter(|one| one.state == State::Parked);
    match parked.map(|one| one.count).sum::<i64>() {
        0 => Finding::ok(CHECK, "nothing is late or was given up"),
        parked => Finding::warning(
            CHECK,
            format!("{parked} were given up or set aside"),
            "see `vestibule jobs list --state parked`, and `vestibule jobs retry`",
        ),
    }
}
