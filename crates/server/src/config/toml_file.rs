//! TOML files as flat keys with the line each stands on.
//!
//! Messages are built from the parser's sentence and the line number only: its own rendering
//! quotes the line, and with it secrets.

use std::collections::BTreeMap;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problem::{Problem, Source};
use super::written::Written;

/// How a section is named where a value belongs.
pub(super) const SECTION: &str = "a section";

/// A value and where it was written.
#[derive(Clone)]
pub(super) struct Setting {
    pub(super) written: Written,
    pub(super) source: Source,
}

/// The settings of one source, by key (`http.listen`).
pub(super) type Layer = BTreeMap<String, Setting>;

/// Reads what can be read, and says about every place what cannot.
pub(super) fn flatten(
    text: &str,
    source_at: impl Fn(usize) -> Source,
    problems: &mut Vec<Problem>,
) -> Layer {
    let ends: Vec<usize> = text.match_indices('\n').map(|(end, _)| end).collect();
    let line_of = |offset: usize| 1 + ends.partition_point(|end| *end < offset);
    let (document, errors) = DeTable::parse_recoverable(text);
    problems.extend(errors.iter().map(|error| Problem {
        key: String::new(),
        what: format!("not TOML: {}", error.message()),
        source: source_at(error.span().map_or(1, |span| line_of(span.start))),
    }));
    let source = |value: &Spanned<DeValue<'_>>| source_at(line_of(value.span().start));
    let mut layer = Layer::new();
    add_table(&mut layer, "", document.get_ref(), &source);
    layer
}

/// The settings of a table and of those in it; an empty one is a value of its own.
fn add_table(
    layer: &mut Layer,
    above: &str,
    table: &DeTable<'_>,
    source: &impl Fn(&Spanned<DeValue<'_>>) -> Source,
) {
    for (name, value) in table {
        let key = format!("{above}{}", name.get_ref());
        let section = value.get_ref().as_table().filter(|section| !section.is_empty());
        if let Some(section) = section {
            add_table(layer, &format!("{key}."), section, source);
        }
        // A section inside another may stand where a value belongs.
        if section.is_none() || !above.is_empty() {
            let written = written(value.get_ref());
            layer.insert(key, Setting { written, source: source(value) });
        }
    }
}

/// `None` when there is no such file.
pub(super) fn read(path: &Path, problems: &mut Vec<Problem>) -> Option<Layer> {
    match std::fs::read_to_string(path) {
        Ok(text) => {
            Some(flatten(&text, |line| Source::File { path: path.to_owned(), line }, problems))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => {
            problems.push(unreadable(path, &error.to_string()));
            Some(Layer::new())
        }
    }
}

pub(super) fn unreadable(path: &Path, why: &str) -> Problem {
    Problem {
        key: String::new(),
        what: format!("the file cannot be read: {why}"),
        source: Source::File { path: path.to_owned(), line: 1 },
    }
}

fn written(value: &DeValue<'_>) -> Written {
    match value {
        DeValue::String(text) => Written::Text(text.to_string()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or(Written::Other("a number beyond 64 bits"), Written::Integer),
        DeValue::Boolean(value) => Written::Boolean(*value),
        DeValue::Array(items) => items
            .iter()
            .map(|item| item.get_ref().as_str().map(str::to_owned))
            .collect::<Option<Vec<_>>>()
            .map_or(Written::Other("a list of something else"), Written::List),
        DeValue::Float(_) => Written::Other("a fraction"),
        DeValue::Datetime(_) => Written::Other("a date"),
        DeValue::Table(_) => Written::Other(SECTION),
    }
}
