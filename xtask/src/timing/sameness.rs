//! Whether all answers are one: what time does not tell, words may.

use serde_json::Value;

use super::connection::Answer;

/// These differ from request to request, whoever is asked about.
const OWN_HEADERS: [&str; 3] = ["date", "ratelimit", "x-request-id"];
const OWN_FIELDS: [&str; 1] = ["instance"];

/// An answer without what belongs to its request alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Essence {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl Essence {
    pub(super) fn of(answer: &Answer) -> Self {
        let is_common = |(name, _): &&(String, String)| !OWN_HEADERS.contains(&name.as_str());
        let body = match serde_json::from_str(&answer.body) {
            Ok(Value::Object(mut fields)) => {
                fields.retain(|name, _| !OWN_FIELDS.contains(&name.as_str()));
                Value::Object(fields).to_string()
            }
            Ok(_) | Err(_) => answer.body.clone(),
        };
        let headers = answer.headers.iter().filter(is_common).cloned().collect();
        Self { status: answer.status, headers, body }
    }

    /// The first line in which they differ, of each.
    pub(super) fn difference(&self, other: &Self) -> Option<(String, String)> {
        let (lines, others) = (self.lines(), other.lines());
        let longer = lines.len().max(others.len());
        (0..longer).map(|at| (line(&lines, at), line(&others, at))).find(|(one, two)| one != two)
    }

    fn lines(&self) -> Vec<String> {
        let headers = self.headers.iter().map(|(name, value)| format!("{name}: {value}"));
        let status = std::iter::once(self.status.to_string());
        status.chain(headers).chain([self.body.clone()]).collect()
    }
}

fn line(lines: &[String], at: usize) -> String {
    lines.get(at).cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(request: &str, detail: &str) -> Answer {
        let headers = [("content-type", "application/json"), ("x-request-id", request)];
        Answer {
            status: 401,
            headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
            body: format!(r#"{{"detail":"{detail}","instance":"urn:request:{request}"}}"#),
        }
    }

    #[test]
    fn the_request_itself_is_no_difference() {
        let (one, other) = (answer("1", "no"), answer("2", "no"));
        assert_eq!(Essence::of(&one).difference(&Essence::of(&other)), None);
    }

    #[test]
    fn a_difference_is_shown_by_what_stands_there() {
        let (one, other) = (Essence::of(&answer("1", "no")), Essence::of(&answer("2", "blocked")));
        let expected = (r#"{"detail":"no"}"#.to_owned(), r#"{"detail":"blocked"}"#.to_owned());
        assert_eq!(one.difference(&other), Some(expected));
    }
}
