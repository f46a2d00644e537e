//! Which dialects sign under a secret of their own, and is there a key of it?

use integrations::SystemClock;
use operations::diagnosis::{self, SharedKeyFindings};
use operations::ports::Clock;
use storage::Store;

use super::finding::Finding;
use crate::assemble::token_settings;
use crate::config::Settings;

const CHECK: &str = "dialects";

/// One finding for each secret; what is weak about them stands with the configuration.
pub(super) async fn check(settings: &Settings, store: &Store) -> Vec<Finding> {
    let tokens = token_settings(settings);
    let found = match diagnosis::shared_keys(store, &tokens, SystemClock.now()).await {
        Ok(found) => found,
        Err(error) => {
            let mend = "restore the table signing_keys from a backup";
            return vec![Finding::problem(CHECK, error.to_string(), mend)];
        }
    };
    found.iter().map(judge).collect()
}

fn judge(found: &SharedKeyFindings) -> Finding {
    let SharedKeyFindings { surface, issuer, signing, previous_until } = found;
    let (dialect, issuer) = (surface.as_str(), issuer.as_str());
    let Some(kid) = signing else {
        let says = format!("no start has signed for {issuer} under the secret of {dialect} yet");
        return Finding::ok(CHECK, says);
    };
    let until = previous_until.map(|until| {
        format!("; what another secret signed before is taken until {}", until.to_rfc3339())
    });
    let until = until.unwrap_or_default();
    Finding::ok(CHECK, format!("{dialect} signs for {issuer} under its own secret, {kid}{until}"))
}
