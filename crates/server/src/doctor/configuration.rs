//! Is the configuration good?

use super::finding::Finding;
use crate::config::{Problem, Problems, Profile, Settings};

const CHECK: &str = "configuration";

pub(super) fn check(settings: &Settings) -> Vec<Finding> {
    if settings.warnings.is_empty() {
        let profile = match settings.profile {
            Profile::Development => "development",
            Profile::Production => "production",
        };
        return vec![Finding::ok(CHECK, format!("good, for {profile}"))];
    }
    let warning = |warning: &Problem| Finding::warning(CHECK, warning.to_string(), mend(warning));
    settings.warnings.iter().map(warning).collect()
}

/// With a bad configuration there is nothing else to check.
pub(crate) fn problems(problems: &Problems) -> Vec<Finding> {
    let problem = |problem: &Problem| Finding::problem(CHECK, problem.to_string(), mend(problem));
    problems.0.iter().map(problem).collect()
}

fn mend(problem: &Problem) -> String {
    if problem.key.is_empty() {
        "correct what is named".to_owned()
    } else {
        format!("change {}; `vestibule config reference` explains it", problem.key)
    }
}
