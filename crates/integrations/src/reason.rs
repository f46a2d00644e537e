//! What another server said, fit for the log and the job's row.

/// Longer explanations are for the other side's log.
const LONGEST: usize = 200;

/// The first line of `text`, without what is `hidden`: the recipient, codes, secrets. Addresses are
/// left out whosesoever they are, and so are links.
pub(crate) fn first_line(text: &str, hidden: &[&str]) -> String {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    let mut line: String = line
        .chars()
        .map(|character| if character.is_control() { ' ' } else { character })
        .collect();
    for secret in hidden.iter().filter(|secret| !secret.is_empty()) {
        line = replace(&line, secret);
    }
    let is_private = |word: &str| ["@", "://", "token="].iter().any(|sign| word.contains(sign));
    let words = line.split_whitespace().map(|word| if is_private(word) { HIDDEN } else { word });
    let line = words.collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

const HIDDEN: &str = "…";

/// In whatever case the other side repeats it.
fn replace(line: &str, secret: &str) -> String {
    let (lower, secret) = (line.to_ascii_lowercase(), secret.to_ascii_lowercase());
    let mut left = String::with_capacity(line.len());
    let mut done = 0;
    for (at, found) in lower.match_indices(&secret) {
        left.push_str(&line[done..at]);
        left.push_str(HIDDEN);
        done = at + found.len();
    }
    left.push_str(&line[done..]);
    left
}
