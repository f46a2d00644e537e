//! Are the operator's templates fit to be sent? Asked at start: no mail fails of them later.

use std::collections::{BTreeMap, BTreeSet};

use super::bundled::is_shared;
use super::languages::Languages;
use super::problem::TemplateProblem;
use super::samples::KINDS;
use super::{Message, Rendered, Templates};
use crate::error::Error;

/// More would be cut by whoever shows it.
const LONGEST_SUBJECT: usize = 200;

/// A name that nothing asks for is a mistake: what it should replace would be sent unchanged.
pub(super) fn names(overrides: &BTreeMap<String, String>) -> Vec<TemplateProblem> {
    let unknown = overrides.keys().filter(|name| !is_name(name));
    let reason = "replaces no template: see docs/MAIL.md for their names";
    unknown.map(|name| TemplateProblem::in_file(name, reason)).collect()
}

fn is_name(name: &str) -> bool {
    if is_shared(name) {
        return true;
    }
    let is_language = |tag: &str| tag != "sms" && domain::text::parse_locale(tag).is_ok();
    let kind_of = |message: &str| KINDS.iter().find(|kind| kind.name == message);
    match name.split('/').collect::<Vec<_>>()[..] {
        ["sms", language, file] => {
            let kind = file.strip_suffix(".txt").and_then(kind_of);
            is_language(language) && kind.is_some_and(|kind| kind.is_text)
        }
        [language, "words.txt"] => is_language(language),
        [language, file] => {
            let parts = [".subject.txt", ".txt", ".html"];
            let message = parts.iter().find_map(|part| file.strip_suffix(part));
            is_language(language) && message.and_then(kind_of).is_some()
        }
        _ => false,
    }
}

/// A mail that lacks a part in a language of the operator's own, or a default language without mails.
pub(super) fn languages(
    languages: &Languages,
    names: &BTreeSet<String>,
    default: &str,
) -> Vec<TemplateProblem> {
    let mut problems = Vec::new();
    for name in names.iter().filter(|name| !name.starts_with("sms/")) {
        let Some((language, file)) = name.split_once('/') else { continue };
        let Some(message) = file.split('.').next().filter(|message| *message != "words") else {
            continue;
        };
        let beside = [".subject.txt", ".txt", ".html"].map(|part| format!("{message}{part}"));
        let missing = beside.iter().map(String::as_str).chain(["words.txt"]);
        let missing = missing.map(|file| format!("{language}/{file}"));
        if let Some(missing) = missing.into_iter().find(|file| !names.contains(file)) {
            problems.push(TemplateProblem::in_file(&missing, format!("is missing beside {name}")));
        }
    }
    if languages.spoken(default).is_none() {
        let reason = "there are no mails in this default language";
        problems.push(TemplateProblem::in_file(default, reason));
    }
    problems.dedup_by(|one, other| one.file == other.file);
    problems
}

/// Everything is rendered: what shows mistakes is not always where they are.
pub(super) fn renderings(
    templates: &Templates,
    overrides: &BTreeMap<String, String>,
) -> Vec<TemplateProblem> {
    let mut problems: Vec<TemplateProblem> = Vec::new();
    let mut note = |found: Option<TemplateProblem>| {
        if let Some(problem) = found.filter(|problem| !problems.contains(problem)) {
            problems.push(problem);
        }
    };
    let quoted = |file: &str, error: &Error| {
        let problem = TemplateProblem::of_rendering(file, error);
        let source = overrides.get(&problem.file).map(String::as_str);
        problem.quoting(source)
    };
    for language in templates.languages() {
        for kind in KINDS {
            for message in templates.samples(kind) {
                let file = format!("{language}/{}", kind.name);
                match templates.render(&message, Some(language)) {
                    Ok(rendered) => note(lacks(&file, &message, &rendered)),
                    Err(error) => note(Some(quoted(&file, &error))),
                }
                if kind.is_text {
                    let file = format!("sms/{file}.txt");
                    match templates.render_text(&message, Some(language)) {
                        Ok(text) => note(lacks_text(&file, &message, &text)),
                        Err(error) => note(Some(quoted(&file, &error))),
                    }
                }
            }
        }
    }
    problems
}

/// What a mail must have in it to be worth sending.
fn lacks(file: &str, message: &Message, rendered: &Rendered) -> Option<TemplateProblem> {
    let problem = |part: &str, reason: &str| {
        Some(TemplateProblem::in_file(&format!("{file}.{part}"), reason))
    };
    let Rendered { subject, text, html } = rendered;
    if subject.is_empty() || subject.contains(char::is_control) {
        return problem("subject.txt", "a subject is one line");
    }
    if subject.chars().count() > LONGEST_SUBJECT {
        return problem("subject.txt", "no subject is longer than 200 characters");
    }
    if let Some(reason) = lacks_secret(message, text) {
        return problem("txt", reason);
    }
    let html = html.replace("&#x2f;", "/").replace("&amp;", "&");
    let (alone, link) = message.secrets();
    if alone.is_some_and(|secret| !html.contains(secret)) {
        return problem("html", "the code or token is not in it");
    }
    if link.is_some_and(|link| !html.contains(link)) {
        return problem("html", "the link is not in it");
    }
    None
}

fn lacks_text(file: &str, message: &Message, text: &str) -> Option<TemplateProblem> {
    let (alone, link) = message.secrets();
    // A text message is too short for both.
    let has_link = link.is_some_and(|link| text.contains(link));
    let has_code = alone.is_some_and(|secret| text.lines().any(|line| line.trim() == secret));
    let is_whole = has_link || has_code || (alone.is_none() && link.is_none());
    (!is_whole).then(|| TemplateProblem::in_file(file, "neither code nor link is in it"))
}

fn lacks_secret(message: &Message, text: &str) -> Option<&'static str> {
    let (alone, link) = message.secrets();
    if alone.is_some_and(|secret| !text.lines().any(|line| line.trim() == secret)) {
        return Some("the code or token does not stand alone on a line");
    }
    link.filter(|link| !text.contains(*link)).map(|_| "the link is not in it")
}
