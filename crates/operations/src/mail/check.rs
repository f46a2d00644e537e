//! Are the operator's templates fit to be sent? Asked at start: no mail fails of them later.

use std::collections::{BTreeMap, BTreeSet};

use domain::confirmation::is_code;

use super::bundled::is_shared;
use super::languages::{Form, Languages};
use super::problem::TemplateProblem;
use super::samples::{KINDS, NAME, NO_NAMES};
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
    if !languages.spoken(default).is_some_and(|language| languages.has_mails(language)) {
        let reason = "there are no mails in this default language";
        problems.push(TemplateProblem::in_file(default, reason));
    }
    problems.dedup_by(|one, other| one.file == other.file);
    problems.extend(twins(languages));
    problems
}

/// Tags are one in whatever case they are written; only one of two folders would be read.
fn twins(languages: &Languages) -> Vec<TemplateProblem> {
    let mut known: BTreeMap<String, &str> = BTreeMap::new();
    let mut problems = Vec::new();
    for language in languages.all() {
        if let Some(other) = known.insert(language.to_ascii_lowercase(), language) {
            let reason = format!("is the same language as {other}");
            problems.push(TemplateProblem::in_file(language, reason));
        }
    }
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
        // What another language answers is looked at there.
        let is_here = |form, kind| templates.language_of(form, kind, language) == language;
        for kind in KINDS {
            let file = format!("{language}/{}", kind.name);
            let text_file = format!("sms/{file}.txt");
            let readers = std::iter::once(NAME).chain(NO_NAMES);
            for message in readers.flat_map(|reader| templates.messages(kind, reader)) {
                if is_here(Form::Mail, kind) {
                    match templates.render(&message, Some(language)) {
                        Ok(rendered) => note(lacks(&file, &message, &rendered)),
                        Err(error) => note(Some(quoted(&file, &error))),
                    }
                }
                if kind.is_text && is_here(Form::Text, kind) {
                    match templates.render_text(&message, Some(language)) {
                        Ok(text) => note(lacks_text(&text_file, &message, &text.text)),
                        Err(error) => note(Some(quoted(&text_file, &error))),
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
    let Rendered { subject, text, html, language: _ } = rendered;
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
    let problem = |reason: &str| Some(TemplateProblem::in_file(file, reason));
    let (alone, link) = message.secrets();
    // A text message is too short for both.
    let has_link = link.is_some_and(|link| text.contains(link));
    let secret = alone.filter(|secret| stands_alone(text, secret));
    match secret {
        Some(secret) => misplaced(text, secret).and_then(problem),
        None if has_link || (alone.is_none() && link.is_none()) => None,
        None => problem("neither code nor link is in it"),
    }
}

fn lacks_secret(message: &Message, text: &str) -> Option<&'static str> {
    let (alone, link) = message.secrets();
    if alone.is_some_and(|secret| !stands_alone(text, secret)) {
        return Some("the code or token does not stand alone on a line");
    }
    if let Some(reason) = alone.and_then(|secret| misplaced(text, secret)) {
        return Some(reason);
    }
    link.filter(|link| !text.contains(*link)).map(|_| "the link is not in it")
}

fn stands_alone(text: &str, secret: &str) -> bool {
    text.lines().any(|line| line.trim() == secret)
}

/// People and programs take the first that looks like a code or a token (OTP-02).
fn misplaced(text: &str, secret: &str) -> Option<&'static str> {
    if is_code(secret) {
        let numbers = text.split(|letter: char| !letter.is_ascii_digit());
        let first = numbers.into_iter().find(|number| !number.is_empty());
        return (first != Some(secret)).then_some("another number stands before the code");
    }
    let first = text.split_whitespace().find(|word| is_token_like(word));
    (first != Some(secret)).then_some("something like a token stands before the token")
}

/// Whether who looks for a token could take it for one.
fn is_token_like(word: &str) -> bool {
    const SHORTEST: usize = 32;
    word.len() >= SHORTEST
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}
