//! Every change that ends sessions or tokens, felt by the whole fleet within the bound.

use std::time::Instant;

use serde_json::json;
use testkit::PASSWORD;

use super::watch::Watch;
use super::{Fleet, ME, SignedIn};
use crate::process::http::Reply;

/// The door of whoever made the change.
const FIRST: Option<usize> = Some(0);
/// A process of its own made it: every instance hears of it from others.
const OPERATOR: Option<usize> = None;

struct Change {
    name: &'static str,
    by: Option<usize>,
    /// Ends the first session, which may use the second of the same account. When that was
    /// acknowledged.
    make: fn(&Fleet, &SignedIn, &SignedIn) -> Instant,
}

const CHANGES: [Change; 6] = [
    Change { name: "leaving", by: FIRST, make: |fleet, watched, _| fleet.sign_out(watched) },
    Change {
        name: "leaving-all",
        by: FIRST,
        make: |fleet, _, other| {
            fleet.ask_first("POST", "/api/v1/auth/logout/all", other, None, 204)
        },
    },
    Change {
        name: "new-password",
        by: FIRST,
        make: |fleet, _, other| {
            let body = json!({ "password": "a quite new secret", "current_password": PASSWORD });
            fleet.ask_first("PATCH", ME, other, Some(&body), 200)
        },
    },
    Change {
        name: "blocked",
        by: OPERATOR,
        make: |fleet, watched, _| operator(fleet, &["user", "block", &watched.name]),
    },
    Change {
        name: "promoted",
        by: OPERATOR,
        make: |fleet, watched, _| operator(fleet, &["user", "grant", &watched.name, "moderator"]),
    },
    Change {
        name: "deleted",
        by: FIRST,
        make: |fleet, _, other| {
            let body = json!({ "current_password": PASSWORD });
            fleet.ask_first("DELETE", ME, other, Some(&body), 200)
        },
    },
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ses_07_ses_09_lif_01_what_ends_on_one_instance_ends_on_all_within_a_second() {
    let fleet = Fleet::start().await;
    for Change { name, by, make } in CHANGES {
        let (watched, other) = (fleet.newcomer(name), fleet.sign_in(name));
        let watch = Watch::begin(&fleet, &watched.access);
        let acknowledged_at = make(&fleet, &watched, &other);
        let lived = watch.expect_end(name, acknowledged_at, by);
        eprintln!("{name}: let in for {lived:?}");
        if name == "promoted" {
            new_tokens_are_good(&fleet, &watched);
        } else {
            let refused = refresh(&fleet, &watched).status;
            assert!(matches!(refused, 401 | 403), "{name}: refreshed afterwards: {refused}");
        }
    }
    fleet.stop();
}

/// The session lives on, and its refresh token mints the new roles.
fn new_tokens_are_good(fleet: &Fleet, promoted: &SignedIn) {
    let tokens = refresh(fleet, promoted).expect(200).json();
    let renewed = SignedIn::new(&promoted.name, &tokens);
    for instance in &fleet.instances {
        instance.get(ME, Some(&renewed.access)).expect(200);
    }
}

/// On an instance that did not make the change.
fn refresh(fleet: &Fleet, session: &SignedIn) -> Reply {
    let body = json!({ "refresh_token": session.refresh });
    fleet.instances[2].post("/api/v1/auth/refresh", &body)
}

fn operator(fleet: &Fleet, arguments: &[&str]) -> Instant {
    fleet.command(arguments);
    Instant::now()
}
