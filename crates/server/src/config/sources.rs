//! Everything the configuration is made of. The only reader of the process environment.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::environment::{self, PREFIX};
use super::problem::{Problem, Problems, Source};
use super::toml_file::{self, Layer, Setting, flatten};
use super::written::Written;

/// The explained defaults, compiled in.
pub(super) const DEFAULTS: &str = include_str!("../../../../config.default.toml");
const FILE: &str = "vestibule.toml";

/// What the settings are loaded from. Tests make their own; it holds secrets, hence no `Debug`.
#[derive(Clone, Default)]
pub struct Sources {
    /// `--config`; without it `vestibule.toml` of the working directory, when there is one.
    pub file: Option<PathBuf>,
    /// Holds `vestibule.toml` and `.env`; paths of secret files start here.
    pub working_directory: PathBuf,
    pub environment: Vec<(String, String)>,
    pub flags: Vec<Flag>,
}

/// A command-line flag that overrides a setting. Secrets have none: other users of the machine
/// see command lines (CFG-05).
#[derive(Clone)]
pub struct Flag {
    /// `--listen`
    pub name: &'static str,
    /// `http.listen`
    pub key: &'static str,
    pub value: String,
}

impl Sources {
    /// The environment and the working directory of this process.
    pub fn from_process(file: Option<PathBuf>, flags: Vec<Flag>) -> Result<Self, Problems> {
        let mut problems = Vec::new();
        let environment = std::env::vars_os()
            .filter(|(name, _)| name.to_string_lossy().starts_with(PREFIX))
            .filter_map(|variable| unicode(variable, &mut problems))
            .collect();
        let working_directory = std::env::current_dir().unwrap_or_else(|error| {
            problems.push(toml_file::unreadable(Path::new("."), &error.to_string()));
            PathBuf::new()
        });
        if problems.is_empty() {
            Ok(Self { file, working_directory, environment, flags })
        } else {
            Err(Problems(problems))
        }
    }

    /// The strongest first, the defaults last.
    pub(super) fn layers(&self, problems: &mut Vec<Problem>) -> Vec<Layer> {
        let flags = self.flags.iter().map(Flag::setting).collect();
        let mut layers = vec![flags, environment::layer(&self.environment)];
        layers.extend(environment::dot_env(&self.working_directory, problems));
        layers.extend(self.file(problems));
        layers.push(defaults(problems));
        layers
    }

    fn file(&self, problems: &mut Vec<Problem>) -> Option<Layer> {
        let path = self.file.as_deref().unwrap_or(Path::new(FILE));
        let layer = toml_file::read(&self.working_directory.join(path), problems);
        if layer.is_none() && self.file.is_some() {
            problems.push(toml_file::unreadable(path, "there is no such file"));
        }
        layer
    }
}

impl Flag {
    fn setting(&self) -> (String, Setting) {
        let written = Written::Untyped(self.value.clone());
        (self.key.to_owned(), Setting { written, source: Source::Flag(self.name) })
    }
}

pub(super) fn defaults(problems: &mut Vec<Problem>) -> Layer {
    flatten(DEFAULTS, |_| Source::Default, problems)
}

fn unicode(
    (name, value): (OsString, OsString),
    problems: &mut Vec<Problem>,
) -> Option<(String, String)> {
    let name = name.to_string_lossy().into_owned();
    if let Ok(value) = value.into_string() {
        return Some((name, value));
    }
    problems.push(Problem {
        key: String::new(),
        what: "its value is not UTF-8".to_owned(),
        source: Source::Environment(name),
    });
    None
}
