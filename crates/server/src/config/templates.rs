//! `mail.templates`: the operator's own templates, read once, and all rendered before anything starts.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use operations::Links;
use operations::mail::{TemplateSettings, Templates};

use super::problem::Problem;
use super::reader::Reader;
use super::{Http, Mail};

const KEY: &str = "mail.templates";
/// More is no template.
const MOST_BYTES: u64 = 256 * 1024;
const MOST_FILES: usize = 2000;
/// `sms/<language>/<file>`
const DEPTH: usize = 3;
const ENDINGS: [&str; 2] = ["txt", "html"];

pub(super) fn read(
    reader: &mut Reader,
    http: &Http,
    mail: &Mail,
    links: &Links,
) -> TemplateSettings {
    let mut settings = TemplateSettings {
        service_name: mail.service_name(),
        public_url: http.public_base().to_owned(),
        links: links.clone(),
        default_language: mail.default_language.clone(),
        overrides: BTreeMap::new(),
    };
    if let Some(folder) = &mail.templates {
        let folder = reader.working_directory.join(folder);
        match files(&folder) {
            Ok(found) => settings.overrides = found,
            Err(what) => {
                reader.refuse(KEY, what);
                return settings;
            }
        }
    }
    if reader.has_problem("mail.default_language") {
        return settings;
    }
    // All at once, as of everything that is wrong.
    for found in Templates::new(settings.clone()).err().into_iter().flatten() {
        let is_language = settings.default_language == found.file;
        let key = if is_language { "mail.default_language" } else { KEY };
        let problem = Problem { what: found.to_string(), ..reader.about(key, String::new()) };
        reader.problems.push(problem);
    }
    settings
}

/// Every template below the folder, by its path in it.
fn files(folder: &Path) -> Result<BTreeMap<String, String>, String> {
    let root = folder.canonicalize().map_err(|error| unreadable(folder, &error))?;
    let mut found = BTreeMap::new();
    let mut waiting = vec![(root.clone(), String::new(), 1)];
    while let Some((at, prefix, depth)) = waiting.pop() {
        for entry in std::fs::read_dir(&at).map_err(|error| unreadable(&at, &error))? {
            let entry = entry.map_err(|error| unreadable(&at, &error))?;
            let Ok(name) = entry.file_name().into_string() else {
                return Err(format!("{}: a name that is not UTF-8", at.display()));
            };
            // What editors and Kubernetes put there, and the operator's own notes.
            let is_note = entry.path().extension().is_some_and(|ending| ending == "md");
            if name.starts_with('.') || is_note {
                continue;
            }
            let path = resolve(&entry.path(), &root)?;
            let name = format!("{prefix}{name}");
            if path.is_dir() {
                if depth == DEPTH {
                    return Err(format!("{name} lies too deep to be a folder of templates"));
                }
                waiting.push((path, format!("{name}/"), depth + 1));
                continue;
            }
            let source = template(&path, &name)?;
            found.insert(name, source);
            if found.len() > MOST_FILES {
                return Err(format!("{} holds more than {MOST_FILES} files", folder.display()));
            }
        }
    }
    Ok(found)
}

/// Links are followed within the folder only, as those of a mounted volume.
fn resolve(path: &Path, root: &Path) -> Result<PathBuf, String> {
    let resolved = path.canonicalize().map_err(|error| unreadable(path, &error))?;
    if resolved.starts_with(root) {
        Ok(resolved)
    } else {
        Err(format!("{} leads out of the folder", path.display()))
    }
}

fn template(path: &Path, name: &str) -> Result<String, String> {
    let is_template = path.extension().is_some_and(|ending| ENDINGS.iter().any(|it| ending == *it));
    // A pipe or a device would be read for ever.
    if !is_template || !path.is_file() {
        return Err(format!("{name} is no template: they end in .txt or .html"));
    }
    let file = std::fs::File::open(path).map_err(|error| unreadable(path, &error))?;
    let mut source = String::new();
    file.take(MOST_BYTES + 1)
        .read_to_string(&mut source)
        .map_err(|error| unreadable(path, &error))?;
    if u64::try_from(source.len()).unwrap_or(u64::MAX) > MOST_BYTES {
        return Err(format!("{name} is larger than {} KiB", MOST_BYTES / 1024));
    }
    Ok(source)
}

fn unreadable(path: &Path, error: &std::io::Error) -> String {
    format!("{} cannot be read: {error}", path.display())
}
