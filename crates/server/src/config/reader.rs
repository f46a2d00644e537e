//! Looks up settings by key, remembers what was asked for, and collects what is wrong.
//!
//! A key that no section asks for is an unknown key: there is no second list of keys to keep.
//! A bad value becomes a problem and the next weaker source answers instead, so that reading goes
//! on and every problem is found in one run.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::Profile;
use super::environment::variable_of;
use super::problem::{Problem, Source};
use super::toml_file::{Layer, Setting};
use super::written::Written;

/// Below this likeness a suggestion would puzzle more than help.
const ALIKE: f64 = 0.8;

pub(super) struct Reader {
    pub(super) profile: Profile,
    pub(super) working_directory: PathBuf,
    /// The strongest first.
    pub(super) layers: Vec<Layer>,
    pub(super) entries: Vec<Entry>,
    pub(super) problems: Vec<Problem>,
    pub(super) warnings: Vec<Problem>,
    /// `<key>_file` of the secrets; everything else known is in `entries`.
    pub(super) secret_files: BTreeSet<String>,
}

/// A setting in effect, fit to be shown.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) key: &'static str,
    /// What may be written, for the reference: `duration, 1s to 5m`.
    pub(super) form: String,
    pub(super) is_secret: bool,
    /// As TOML; secrets are not in it.
    pub(super) shown: String,
    pub(super) source: Source,
}

impl Reader {
    pub(super) fn new(
        working_directory: PathBuf,
        layers: Vec<Layer>,
        problems: Vec<Problem>,
    ) -> Self {
        Self {
            profile: Profile::Development,
            working_directory,
            layers,
            entries: Vec::new(),
            problems,
            warnings: Vec::new(),
            secret_files: BTreeSet::new(),
        }
    }

    pub(super) fn is_production(&self) -> bool {
        self.profile == Profile::Production
    }

    /// The strongest value that `parse` accepts.
    pub(super) fn get<T>(
        &mut self,
        key: &'static str,
        form: String,
        parse: impl Fn(&Written) -> Result<T, String>,
        show: impl Fn(&T) -> String,
    ) -> T {
        let candidates: Vec<Setting> =
            self.layers.iter().filter_map(|layer| layer.get(key)).cloned().collect();
        for Setting { written, source } in candidates {
            match parse(&written) {
                Ok(value) => {
                    let shown = show(&value);
                    self.entries.push(Entry { key, form, is_secret: false, shown, source });
                    return value;
                }
                // Weaker sources only stand in for the bad value.
                Err(_) if self.has_problem(key) => {}
                Err(what) => self.problems.push(Problem { key: key.to_owned(), what, source }),
            }
        }
        broken_default(key)
    }

    /// Reports that the value in effect cannot stay, unless it was reported already.
    pub(super) fn refuse(&mut self, key: &'static str, what: impl Into<String>) {
        if !self.has_problem(key) {
            let problem = self.about(key, what.into());
            self.problems.push(problem);
        }
    }

    pub(super) fn refuse_in_production(&mut self, key: &'static str, what: impl Into<String>) {
        if self.is_production() {
            self.refuse(key, format!("{} (profile production)", what.into()));
        }
    }

    pub(super) fn warn(&mut self, key: &'static str, what: &str) {
        let warning = self.about(key, what.to_owned());
        self.warnings.push(warning);
    }

    /// Whether the value used for `key` only stands in for a bad one: nothing may be concluded
    /// from it.
    pub(super) fn has_problem(&self, key: &str) -> bool {
        self.problems.iter().any(|problem| problem.key == key)
    }

    /// Whether nobody set `key`, which was read: the compiled-in value is in effect.
    pub(super) fn is_default(&self, key: &str) -> bool {
        let entry = self.entries.iter().find(|entry| entry.key == key);
        entry.is_some_and(|entry| matches!(entry.source, Source::Default))
    }

    /// Shows the value that an unset setting gets from elsewhere.
    pub(super) fn derive(&mut self, key: &'static str, shown: String, from: &'static str) {
        if let Some(entry) = self.entries.iter_mut().find(|entry| entry.key == key) {
            entry.shown = shown;
            entry.source = Source::Derived(from);
        }
    }

    /// To be called when every section was read.
    pub(super) fn report_unknown_keys(&mut self) {
        let mut unknown = Vec::new();
        for (key, setting) in self.layers.iter().rev().flatten() {
            let is_expected = self.is_known(key)
                || self.is_section(key, &setting.written)
                || self.is_below_a_value(key);
            if !is_expected {
                let what = match self.suggestion(key, &setting.source) {
                    Some(meant) => format!("unknown setting; did you mean {meant}?"),
                    None => "unknown setting".to_owned(),
                };
                unknown.push(Problem { key: key.clone(), what, source: setting.source.clone() });
            }
        }
        self.problems.append(&mut unknown);
    }

    pub(super) fn about(&self, key: &'static str, what: String) -> Problem {
        let source = self
            .entries
            .iter()
            .find(|entry| entry.key == key)
            .map_or(Source::Default, |entry| entry.source.clone());
        Problem { key: key.to_owned(), what, source }
    }

    fn is_known(&self, key: &str) -> bool {
        self.secret_files.contains(key) || self.entries.iter().any(|entry| entry.key == key)
    }

    fn is_section(&self, key: &str, written: &Written) -> bool {
        let is_inside =
            |entry: &Entry| entry.key.strip_prefix(key).is_some_and(|rest| rest.starts_with('.'));
        matches!(written, Written::Other(_)) && self.entries.iter().any(is_inside)
    }

    /// Somebody made a section of a setting, which is reported already.
    fn is_below_a_value(&self, key: &str) -> bool {
        let is_above =
            |entry: &Entry| key.strip_prefix(entry.key).is_some_and(|rest| rest.starts_with('.'));
        self.entries.iter().any(is_above)
    }

    /// The known key most like `key`, in the spelling of its source.
    fn suggestion(&self, key: &str, source: &Source) -> Option<String> {
        let likeness = |known: &str| {
            let is_without_section = known.rsplit_once('.').is_some_and(|(_, last)| last == key);
            if is_without_section { 1.0 } else { strsim::normalized_levenshtein(known, key) }
        };
        let (best, known) = self
            .entries
            .iter()
            .map(|entry| (likeness(entry.key), entry.key))
            .max_by(|one, other| one.0.total_cmp(&other.0))?;
        (best >= ALIKE).then(|| match source {
            Source::Environment(_) | Source::DotEnv(_) => variable_of(known),
            Source::Default | Source::File { .. } | Source::Flag(_) | Source::Derived(_) => {
                known.to_owned()
            }
        })
    }
}

/// The compiled-in file lacks a good value for `key`; a test loads it, so nobody else sees this.
fn broken_default(key: &str) -> ! {
    panic!("config.default.toml holds no acceptable {key}")
}
