//! Counters begin at zero: a counter that appears with its first event has not risen, to whoever
//! watches, and that event may be the one to be woken for.

use crate::limits::Limit;

const BARE: [&str; 6] = [
    "vestibule_hash_shed_total",
    "vestibule_limits_degraded_total",
    "vestibule_login_failure_alarms_total",
    "vestibule_code_brakes_total",
    "vestibule_texts_capped_total",
    "vestibule_commands_retried_total",
];
const LABELLED: [(&str, &str, [&str; 2]); 3] = [
    ("vestibule_password_proofs_total", "result", ["right", "wrong"]),
    ("vestibule_authentications_total", "answered_by", ["cache", "database"]),
    ("vestibule_token_verifications_total", "by", ["memory", "signature"]),
];

/// To be called once there is somebody who counts.
pub fn begin_counting() {
    for name in BARE {
        metrics::counter!(name).increment(0);
    }
    for (name, label, values) in LABELLED {
        for value in values {
            metrics::counter!(name, label => value).increment(0);
        }
    }
    for limit in Limit::ALL.map(Limit::as_str).into_iter().chain(["account"]) {
        metrics::counter!("vestibule_limits_refused_total", "limit" => limit).increment(0);
    }
}
