//! Does the master key open the keys in the database, and do they fit the configuration?

use std::sync::Arc;
use std::time::Duration;

use integrations::{SystemClock, SystemEntropy};
use operations::diagnosis;
use operations::ports::Clock;
use storage::Store;

use super::finding::Finding;
use crate::assemble::token_settings;
use crate::config::Settings;
use crate::master_key;

const CHECK: &str = "keys";
/// The job that makes keys looks once an hour.
const LATE: Duration = Duration::from_hours(2);

pub(super) async fn check(settings: &Settings, store: &Store) -> Finding {
    let master_key = match master_key::find(&settings.security) {
        Ok(key) => key,
        Err(error) => {
            let mend = "put the right file back, or set security.master_key";
            return Finding::problem(CHECK, format!("{error:#}"), mend);
        }
    };
    let tokens = token_settings(settings);
    let algorithm = tokens.algorithm.as_str();
    let entropy = Arc::new(SystemEntropy);
    let keys = match diagnosis::keys(store, master_key.as_ref(), entropy, &tokens).await {
        Ok(keys) => keys,
        Err(error) => {
            let mend = "restore the table signing_keys from a backup";
            return Finding::problem(CHECK, error.to_string(), mend);
        }
    };
    let path = settings.security.master_key_path.display();
    if keys.in_use == 0 {
        return Finding::ok(CHECK, format!("none yet: the first start makes one for {algorithm}"));
    }
    if master_key.is_none() {
        return Finding::problem(
            CHECK,
            format!("the master key in {path} is missing, and the keys are sealed under it"),
            "bring the file back, or set security.master_key; never start without it",
        );
    }
    if keys.sealed_elsewhere > 0 {
        return Finding::problem(
            CHECK,
            format!(
                "{} of {} keys were sealed under another master key",
                keys.sealed_elsewhere, keys.in_use
            ),
            "set security.master_key to the one that was in use when they were made",
        );
    }
    if !keys.has_signing_key {
        return Finding::warning(
            CHECK,
            format!("none signs with {algorithm} for {}", settings.tokens.issuer),
            "the next start makes one; if nobody changed tokens.algorithm, tokens.issuer or \
             http.public_url, this is the wrong configuration",
        );
    }
    let signs = format!("the master key opens all {}; {algorithm} signs", keys.in_use);
    match keys.next_due_at {
        None => Finding::ok(CHECK, signs),
        Some(due_at) if SystemClock.now().since(due_at) > LATE => Finding::warning(
            CHECK,
            format!("{signs}, and the next key is due since {}", due_at.to_rfc3339()),
            "a running server makes it within an hour: see its log, or run `vestibule keys rotate`",
        ),
        Some(due_at) => {
            Finding::ok(CHECK, format!("{signs}; the next key is due {}", due_at.to_rfc3339()))
        }
    }
}
