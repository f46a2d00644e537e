//! From Markdown to steps. What is no such document panics: it ends a test or a task.

use std::ffi::OsStr;
use std::path::Path;
use std::{fs, io, mem};

/// A Markdown file.
pub struct Page {
    pub name: String,
    pub sections: Vec<Section>,
}

/// A `##` section: one application, and what happens to it.
pub struct Section {
    pub title: String,
    /// Environment variables.
    pub settings: Vec<(String, String)>,
    pub steps: Vec<Step>,
}

pub enum Step {
    /// A line of a `console` block, without its prompt.
    Command(String),
    Exchange(Exchange),
}

pub struct Exchange {
    pub title: String,
    pub method: String,
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
    pub status: u16,
    pub expected_headers: Vec<(String, String)>,
    pub expected_body: String,
}

/// The page at this path; of a folder, all that lie in it, by name.
pub fn pages(path: &Path) -> io::Result<Vec<Page>> {
    let mut paths = vec![path.to_owned()];
    if path.is_dir() {
        let entries = fs::read_dir(path)?.map(|entry| Ok(entry?.path()));
        paths = entries.collect::<io::Result<_>>()?;
        paths.retain(|path| path.extension() == Some(OsStr::new("md")));
        paths.sort();
    }
    paths.iter().map(|path| page(path)).collect()
}

fn page(path: &Path) -> io::Result<Page> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Page { name, sections: sections(&fs::read_to_string(path)?) })
}

/// The sections that hold steps.
fn sections(page: &str) -> Vec<Section> {
    let mut sections = Vec::new();
    let mut section = Section::titled("the page");
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(title) = line.strip_prefix("## ") {
            sections.push(mem::replace(&mut section, Section::titled(title)));
        }
        let Some(language) = line.strip_prefix("```") else { continue };
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        match language {
            "toml" => section.settings.extend(settings(&block)),
            "console" => section.steps.extend(block.iter().filter_map(|line| {
                line.strip_prefix("$ ").map(|command| Step::Command(command.to_owned()))
            })),
            "http" => section.steps.extend(exchanges(&block).map(Step::Exchange)),
            _ => {}
        }
    }
    sections.push(section);
    sections.retain(|section| !section.steps.is_empty());
    sections
}

impl Section {
    fn titled(title: &str) -> Self {
        Self { title: title.to_owned(), settings: Vec::new(), steps: Vec::new() }
    }
}

fn settings(block: &[&str]) -> Vec<(String, String)> {
    let mut section = String::new();
    let mut settings = Vec::new();
    for line in block {
        if line.starts_with('[') {
            section = line.trim_matches(['[', ']']).to_owned() + ".";
        } else if let Some((key, value)) = line.split_once(" = ") {
            let key = format!("{section}{key}").replace('.', "__").to_uppercase();
            let value = value.trim_matches(['"', '[', ']']).replace("\", \"", ",");
            settings.push((format!("VESTIBULE_{key}"), value));
        }
    }
    settings
}

fn exchanges<'p>(block: &'p [&'p str]) -> impl Iterator<Item = Exchange> + 'p {
    let starts: Vec<usize> = (0..block.len()).filter(|at| block[*at].starts_with("### ")).collect();
    assert!(starts.first() == Some(&0), "an http block begins with `### `: {block:?}");
    let ends = starts.clone().into_iter().skip(1).chain([block.len()]);
    starts.into_iter().zip(ends).map(|(start, end)| exchange(&block[start..end]))
}

fn exchange(lines: &[&str]) -> Exchange {
    let title = lines[0].trim_start_matches("### ").to_owned();
    let place = |at: usize| format!("{title}: {:?}", lines.get(at));
    let (method, path) = lines[1].split_once(' ').unwrap_or_else(|| panic!("{}", place(1)));
    let is_status = |line: &str| line.len() == 3 && line.bytes().all(|byte| byte.is_ascii_digit());
    let status = |line: &str| is_status(line).then(|| line.parse().ok()).flatten();
    let answer = lines.iter().enumerate().find_map(|(at, line)| Some((at, status(line)?)));
    let (answer, status) = answer.unwrap_or_else(|| panic!("{title}: no status"));
    let (headers, body) = headers_and_body(&lines[2..answer]);
    let (expected_headers, expected_body) = headers_and_body(&lines[answer + 1..]);
    Exchange {
        method: method.to_owned(),
        path: path.to_owned(),
        headers,
        body,
        status,
        expected_headers,
        expected_body,
        title,
    }
}

/// Headers stand first; the body is all the rest.
fn headers_and_body(lines: &[&str]) -> (Vec<(String, String)>, String) {
    let header = |line: &&str| {
        let (name, value) = line.split_once(": ")?;
        let is_name = name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-');
        is_name.then(|| (name.to_owned(), value.to_owned()))
    };
    let headers: Vec<_> = lines.iter().map_while(header).collect();
    let body = lines[headers.len()..].join("\n").trim().to_owned();
    (headers, body)
}
