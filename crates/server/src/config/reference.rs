//! The reference page: `config.default.toml` once more, as Markdown with forms and variables.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;

use super::Settings;
use super::environment::variable_of;
use super::problem::Source;
use super::reader::{Entry, Reader};
use super::sources::{DEFAULTS, defaults};
use super::written::as_toml;

/// What the comments of the default file say, by key, section (`[http]`) or, under the empty
/// name, about the file.
struct Explanations {
    comments: BTreeMap<String, String>,
    values: BTreeMap<String, String>,
}

/// One heading a setting, in the order of the file.
pub fn reference() -> String {
    let explanations = Explanations::of(DEFAULTS);
    let mut problems = Vec::new();
    let layers = vec![defaults(&mut problems)];
    let entries = match Settings::read(Reader::new(PathBuf::new(), layers, problems)) {
        Ok(settings) => settings.entries,
        Err(problems) => unreachable!("the defaults are good: {problems}"),
    };
    let mut out =
        String::from("# Configuration\n\n<!-- Generated from config.default.toml. -->\n\n");
    out.push_str(explanations.about(""));
    let mut current = "";
    for entry in &entries {
        let section = entry.key.rsplit_once('.').map_or("", |(section, _)| section);
        if section != current {
            let title = format!("[{section}]");
            let _ = write!(out, "\n## `{title}`\n\n{}", explanations.about(&title));
            current = section;
        }
        explanations.describe(entry, &mut out);
    }
    out
}

impl Explanations {
    /// Knows just the plain shape that the default file has: comment lines above single lines.
    fn of(text: &str) -> Self {
        let mut comments = BTreeMap::new();
        let mut values = BTreeMap::new();
        let mut section = String::new();
        let mut comment = String::new();
        for line in text.lines().map(str::trim) {
            if let Some(more) = line.strip_prefix('#') {
                comment.push_str(more.trim_start());
                comment.push('\n');
            } else if let Some((name, value)) = line.split_once(" = ") {
                let key = format!("{section}{name}");
                values.insert(key.clone(), value.to_owned());
                comments.insert(key, std::mem::take(&mut comment));
            } else if line.starts_with('[') {
                section = format!("{}.", line.trim_matches(['[', ']']));
                comments.insert(line.to_owned(), std::mem::take(&mut comment));
            } else if !comment.is_empty() {
                // A blank line ends a comment that is about the file.
                comments.insert(String::new(), std::mem::take(&mut comment));
            }
        }
        Self { comments, values }
    }

    fn about(&self, name: &str) -> &str {
        self.comments.get(name).map_or("", String::as_str)
    }

    fn describe(&self, entry: &Entry, out: &mut String) {
        let variable = variable_of(entry.key);
        let or_file =
            if entry.is_secret { format!(" or `{variable}_FILE`") } else { String::new() };
        let default = self.values.get(entry.key).map_or("", String::as_str);
        let default =
            if default == as_toml("") { "unset".to_owned() } else { format!("`{default}`") };
        let _ = write!(
            out,
            "\n### `{}`\n\n{}\n- Form: {}\n- Default: {default}\n- Environment: \
             `{variable}`{or_file}\n",
            entry.key,
            self.about(entry.key),
            entry.form,
        );
        if let Source::Derived(from) = &entry.source {
            let _ = writeln!(out, "- Unless set, follows from: {from}");
        }
    }
}
