//! One refresh token, used on every instance at once.

use std::collections::HashSet;
use std::sync::Barrier;
use std::thread;

use serde_json::json;

use super::{Fleet, ME, SignedIn};

const USES: usize = 50;
const REFRESH: &str = "/api/v1/auth/refresh";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ses_03_ses_04_fifty_uses_of_one_token_leave_one_live_successor() {
    let fleet = Fleet::start().await;
    let session = fleet.newcomer("ann");
    let start = Barrier::new(USES);
    let body = json!({ "refresh_token": session.refresh });
    let successors: Vec<SignedIn> = thread::scope(|scope| {
        let refresh = |index: usize| {
            let (instance, start, body) = (&fleet.instances[index % 3], &start, &body);
            scope.spawn(move || {
                start.wait();
                SignedIn::new("ann", &instance.post(REFRESH, body).expect(200).json())
            })
        };
        let threads: Vec<_> = (0..USES).map(refresh).collect();
        threads.into_iter().map(|thread| thread.join().expect("nobody panics")).collect()
    });
    let refreshes: HashSet<&str> = successors.iter().map(|one| one.refresh.as_str()).collect();
    assert_eq!(refreshes.len(), 1, "everybody was told the same");
    assert!(!refreshes.contains(session.refresh.as_str()));
    for (successor, instance) in successors.iter().zip(fleet.instances.iter().cycle()) {
        instance.get(ME, Some(&successor.access)).expect(200);
    }
    let body = json!({ "refresh_token": successors[0].refresh });
    fleet.instances[1].post(REFRESH, &body).expect(200);
    let dump = fleet.database.dump().await;
    assert_eq!(dump.rows("sessions").len(), 1);
    fleet.stop();
}
