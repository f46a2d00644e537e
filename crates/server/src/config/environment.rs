//! The environment and `.env`: which variables are settings, which are somebody else's.

use std::path::Path;

use super::problem::{Problem, Source};
use super::toml_file::{Layer, Setting, unreadable};
use super::written::Written;

pub(super) const PREFIX: &str = "VESTIBULE_";
/// Belong to the test runner, not to the service.
const TEST_PREFIX: &str = "VESTIBULE_TEST_";
const DOT_ENV: &str = ".env";

/// `http.listen` → `VESTIBULE_HTTP__LISTEN`.
pub fn variable_of(key: &str) -> String {
    format!("{PREFIX}{}", key.replace('.', "__").to_uppercase())
}

pub(super) fn layer(variables: &[(String, String)]) -> Layer {
    let source = |name: &str| Source::Environment(name.to_owned());
    variables.iter().filter_map(|(name, value)| setting(name, value, source)).collect()
}

/// The `.env` file of the working directory, when there is one. Unlike the environment it may
/// hold the variables of other programs; ours follow the same rules.
pub(super) fn dot_env(working_directory: &Path, problems: &mut Vec<Problem>) -> Option<Layer> {
    let path = working_directory.join(DOT_ENV);
    let variables = match dotenvy::from_path_iter(&path) {
        Ok(variables) => variables,
        Err(error) if error.not_found() => return None,
        Err(error) => {
            problems.push(unreadable(&path, &error.to_string()));
            return None;
        }
    };
    let mut layer = Layer::new();
    for variable in variables {
        match variable {
            Ok((name, value)) => {
                layer.extend(setting(&name, &value, |name| Source::DotEnv(name.to_owned())));
            }
            // Comes again and again, for instance when `.env` is a folder.
            Err(error @ (dotenvy::Error::Io(_) | dotenvy::Error::EnvVar(_))) => {
                problems.push(unreadable(&path, &error.to_string()));
                break;
            }
            Err(error) => problems.push(Problem {
                key: String::new(),
                // The error itself quotes the line, which may hold a secret.
                what: "not of the form NAME=value".to_owned(),
                source: Source::File { line: line_of(&path, &error), path: path.clone() },
            }),
        }
    }
    Some(layer)
}

fn setting(name: &str, value: &str, source: impl Fn(&str) -> Source) -> Option<(String, Setting)> {
    let rest = name.strip_prefix(PREFIX)?;
    if name.starts_with(TEST_PREFIX) || is_set_by_an_orchestrator(rest, value) {
        return None;
    }
    // A variable in mixed case would be a second spelling of one key, so it stays as it is and
    // is reported as unknown.
    let is_upper = !rest.chars().any(char::is_lowercase);
    let key = if is_upper { rest.to_lowercase().replace("__", ".") } else { rest.to_owned() };
    Some((key, Setting { written: Written::Untyped(value.to_owned()), source: source(name) }))
}

/// Kubernetes sets `VESTIBULE_SERVICE_HOST`, `VESTIBULE_PORT=tcp://…` and more in every pod
/// beside a Service called `vestibule`, or `vestibule-something`; Docker links do likewise.
fn is_set_by_an_orchestrator(rest: &str, value: &str) -> bool {
    let is_service = ["SERVICE_HOST", "SERVICE_PORT"].iter().any(|end| rest.ends_with(end))
        || rest.contains("SERVICE_PORT_");
    let is_port = ["_TCP", "_UDP"].iter().any(|protocol| rest.contains(protocol))
        || ["tcp://", "udp://"].iter().any(|scheme| value.starts_with(scheme));
    !rest.contains("__") && (is_service || (rest.contains("PORT") && is_port))
}

/// The parser keeps the text of the line, not its number.
fn line_of(path: &Path, error: &dotenvy::Error) -> usize {
    let dotenvy::Error::LineParse(bad, _) = error else { return 1 };
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let first = bad.lines().next().unwrap_or_default().trim();
    1 + text.lines().position(|line| line.trim() == first).unwrap_or(0)
}
