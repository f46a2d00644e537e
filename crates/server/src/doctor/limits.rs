//! Where are limits kept, and do they hold?

use operations::limits::LimitsMode;
use storage::Backend;

use super::finding::Finding;
use crate::config::{KeptIn, Settings};

const CHECK: &str = "limits";

pub(super) fn check(settings: &Settings, backend: Backend) -> Finding {
    let limits = &settings.limits;
    let place = match limits.kept_in(settings.redis.url.is_some(), backend) {
        KeptIn::Memory => "the memory of each instance",
        KeptIn::Database => "the database",
        KeptIn::Redis => "Redis",
    };
    match limits.settings.mode {
        LimitsMode::Enforce => {}
        LimitsMode::Observe => {
            return Finding::warning(
                CHECK,
                format!("kept in {place}, and only observed"),
                "set limits.mode to \"enforce\" when vestibule_limits_would_refuse_total is as \
                 you expect",
            );
        }
        LimitsMode::Off => {
            return Finding::warning(
                CHECK,
                "off: only guesses at accounts are limited",
                "set limits.mode to \"enforce\", or to \"observe\" to begin with",
            );
        }
    }
    let is_apart = limits.kept_in(settings.redis.url.is_some(), backend) == KeptIn::Memory;
    if is_apart && limits.nodes > 1 {
        let says = format!("kept in {place}: {} instances grant each its own", limits.nodes);
        return Finding::warning(CHECK, says, "set limits.store to \"database\" or \"redis\"");
    }
    Finding::ok(CHECK, format!("kept in {place}"))
}
