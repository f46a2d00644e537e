//! From Markdown to steps.

/// A `##` section: one application, and what happens to it.
pub(super) struct Section {
    pub(super) title: String,
    /// Environment variables.
    pub(super) settings: Vec<(String, String)>,
    pub(super) steps: Vec<Step>,
}

pub(super) enum Step {
    /// A line of a `console` block, without its prompt.
    Command(String),
    Exchange(Exchange),
}

pub(super) struct Exchange {
    pub(super) title: String,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
    pub(super) status: u16,
    pub(super) expected_headers: Vec<(String, String)>,
    pub(super) expected_body: String,
}

/// The sections that hold steps.
pub(super) fn sections(page: &str) -> Vec<Section> {
    let mut sections = vec![Section::titled("the page")];
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(title) = line.strip_prefix("## ") {
            sections.push(Section::titled(title));
        }
        let Some(language) = line.strip_prefix("```") else { continue };
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        let section = sections.last_mut().expect("there is one from the start");
        match language {
            "toml" => section.settings.extend(settings(&block)),
            "console" => section.steps.extend(block.iter().filter_map(|line| {
                line.strip_prefix("$ ").map(|command| Step::Command(command.to_owned()))
            })),
            "http" => section.steps.extend(exchanges(&block).map(Step::Exchange)),
            _ => {}
        }
    }
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
    let is_status =
        |line: &&str| line.len() == 3 && line.bytes().all(|digit| digit.is_ascii_digit());
    let answer = lines.iter().position(is_status);
    let answer = answer.unwrap_or_else(|| panic!("{title}: no status"));
    let (headers, body) = headers_and_body(&lines[2..answer]);
    let (expected_headers, expected_body) = headers_and_body(&lines[answer + 1..]);
    Exchange {
        method: method.to_owned(),
        path: path.to_owned(),
        headers,
        body,
        status: lines[answer].parse().expect("three digits"),
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
