//! Counters begin at zero: a counter that appears with its first event has not risen, to whoever
//! watches, and that event may be the one to be woken for.

use crate::limits::Limit;
use crate::measures;

const BARE: [&str; 6] = [
    measures::HASH_SHED,
    measures::LIMITS_DEGRADED,
    measures::LOGIN_FAILURE_ALARMS,
    measures::CODE_BRAKES,
    measures::TEXTS_CAPPED,
    measures::COMMANDS_RETRIED,
];
const LABELLED: [(&str, &str, [&str; 2]); 3] = [
    (measures::PASSWORD_PROOFS, "result", ["right", "wrong"]),
    (measures::AUTHENTICATIONS, "answered_by", ["cache", "database"]),
    (measures::TOKEN_VERIFICATIONS, "by", ["memory", "signature"]),
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
        metrics::counter!(measures::LIMITS_REFUSED, "limit" => limit).increment(0);
    }
}
