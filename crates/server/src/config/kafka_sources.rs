//! The file of `kafka.sources_file`: the services whose commands are done, with their keys. A file of its
//! own, because sources have names that nobody here knows, and secrets for each.

use std::collections::BTreeMap;
use std::path::Path;

use domain::RoleName;
use operations::commands::{CommandKind, LONGEST_NAME, Source, SourceKey, Sources};
use secrecy::ExposeSecret;

use super::problem::{Problem, Source as Place};
use super::reader::Reader;
use super::secrets::{MAKE_ONE, strong_bytes};
use super::toml_file::{SECTION, Setting, flatten};
use super::written::{Written, quoted};

const BELOW: &str = "sources.";
/// One in use, and one that takes its place or is replaced by it.
const MOST_KEYS: usize = 2;

/// What is wrong goes to the problems, all of it.
pub(super) fn read(reader: &mut Reader, key: &'static str, file: &Path) -> Sources {
    let path = reader.working_directory.join(file);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) => {
            reader.refuse(key, format!("{} cannot be read: {error}", path.display()));
            return Sources::default();
        }
    };
    let source_at = |line| Place::File { path: path.clone(), line };
    let layer = flatten(&text, source_at, &mut reader.problems);
    let mut sections: BTreeMap<String, Found> = BTreeMap::new();
    for (written, setting) in layer {
        // `sources.billing.commands`: names may have dots, fields have none.
        let below = written.strip_prefix(BELOW);
        let is_section = matches!(setting.written, Written::Other(SECTION));
        match (below, below.and_then(|below| below.rsplit_once('.'))) {
            (Some(name), _) if is_section => {
                sections.entry(name.to_owned()).or_default().at = Some(setting.source);
            }
            (Some(_), Some((name, field))) => {
                let fields = &mut sections.entry(name.to_owned()).or_default().fields;
                fields.insert(field.to_owned(), setting);
            }
            (Some(_) | None, _) => {
                let what = "unknown setting: write sections such as [sources.billing]".to_owned();
                reader.problems.push(Problem { key: written, what, source: setting.source });
            }
        }
    }
    if sections.is_empty() {
        reader.refuse(key, format!("{} names no source", path.display()));
    }
    let read = |(name, Found { at, fields })| {
        let folder = &reader.working_directory;
        Section { name, at, fields, folder, problems: &mut reader.problems }.read()
    };
    Sources::new(sections.into_iter().filter_map(read))
}

/// As it stands in the file.
#[derive(Default)]
struct Found {
    at: Option<Place>,
    fields: BTreeMap<String, Setting>,
}

struct Section<'a> {
    name: String,
    /// Where it begins.
    at: Option<Place>,
    fields: BTreeMap<String, Setting>,
    folder: &'a Path,
    problems: &'a mut Vec<Problem>,
}

impl Section<'_> {
    fn read(mut self) -> Option<Source> {
        let before = self.problems.len();
        let name = self.name.clone();
        let at = self.at.clone();
        if !(1..=LONGEST_NAME).contains(&name.len()) || !name.bytes().all(|b| b.is_ascii_graphic())
        {
            let what = format!("the name is not 1 to {LONGEST_NAME} visible ASCII characters");
            self.refuse("", at.as_ref(), what);
        }
        let commands = self.list("commands", |text| {
            let all = CommandKind::ALL.map(CommandKind::as_str).join(", ");
            CommandKind::parse(text).ok_or_else(|| format!("{} is none of {all}", quoted(text)))
        });
        if commands.is_empty() && self.problems.len() == before {
            self.refuse("commands", at.as_ref(), "must name what it may ask for".to_owned());
        }
        let roles = self.list("roles", |text| {
            RoleName::parse(text).map_err(|_| format!("{} is no name of a role", quoted(text)))
        });
        let manages_administrators = self.boolean("administrators");
        let keys = self.keys(at.as_ref());
        for (field, setting) in std::mem::take(&mut self.fields) {
            self.refuse(&field, Some(&setting.source), "unknown setting".to_owned());
        }
        let is_whole = self.problems.len() == before;
        is_whole.then_some(Source { name, commands, roles, manages_administrators, keys })
    }

    /// From the file itself, or from one that it names: one a line.
    fn keys(&mut self, at: Option<&Place>) -> Vec<SourceKey> {
        let direct = self.fields.remove("keys");
        let file = self.fields.remove("key_file");
        let (field, setting, texts) = match (direct, file) {
            (Some(setting), None) => {
                let texts = setting.written.list();
                ("keys", setting, texts.map_err(|_| "must be a list of texts".to_owned()))
            }
            (None, Some(setting)) => {
                let read = setting.written.text().and_then(|path| {
                    std::fs::read_to_string(self.folder.join(path))
                        .map_err(|error| format!("the file cannot be read: {error}"))
                });
                let lines =
                    |text: String| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
                ("key_file", setting, read.map(lines))
            }
            (Some(_), Some(setting)) => {
                let what = "keys are set as well: keep one".to_owned();
                self.refuse("key_file", Some(&setting.source), what);
                return Vec::new();
            }
            (None, None) => {
                self.refuse("keys", at, format!("must be set, or key_file; {MAKE_ONE}"));
                return Vec::new();
            }
        };
        let keys = texts.and_then(|texts| keys_of(&texts));
        keys.unwrap_or_else(|what| {
            self.refuse(field, Some(&setting.source), what);
            Vec::new()
        })
    }

    fn list<T>(&mut self, field: &str, parse: impl Fn(&str) -> Result<T, String>) -> Vec<T> {
        let Some(setting) = self.fields.remove(field) else { return Vec::new() };
        let items = setting.written.list();
        let parsed = items.and_then(|items| items.iter().map(|item| parse(item)).collect());
        parsed.unwrap_or_else(|what| {
            self.refuse(field, Some(&setting.source), what);
            Vec::new()
        })
    }

    fn boolean(&mut self, field: &str) -> bool {
        let Some(setting) = self.fields.remove(field) else { return false };
        setting.written.boolean().unwrap_or_else(|what| {
            self.refuse(field, Some(&setting.source), what);
            false
        })
    }

    /// `what` never quotes a key.
    fn refuse(&mut self, field: &str, source: Option<&Place>, what: String) {
        let key = format!("sources.{}.{field}", self.name);
        let key = key.trim_end_matches('.').to_owned();
        let source = source.cloned().unwrap_or(Place::Default);
        self.problems.push(Problem { key, what, source });
    }
}

fn keys_of(texts: &[String]) -> Result<Vec<SourceKey>, String> {
    if !(1..=MOST_KEYS).contains(&texts.len()) {
        return Err(format!("must be one key, or {MOST_KEYS} while one is being replaced"));
    }
    let key = |text: &String| {
        let bytes = strong_bytes(text).map_err(|what| format!("{what}; {MAKE_ONE}"))?;
        SourceKey::new(bytes.expose_secret()).map_err(|least| format!("has not {} bytes", least.0))
    };
    texts.iter().map(key).collect()
}
