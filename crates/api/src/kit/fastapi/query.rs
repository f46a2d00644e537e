//! Parameters of the query, read as pydantic reads them.

use std::collections::BTreeMap;
use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::request::Parts;

use crate::kit::{Front, QueryFault, QueryProblem, Rejection};

/// The parameters of a request; of repeated ones the last counts.
pub(crate) struct Query {
    values: BTreeMap<String, String>,
    problems: Vec<QueryProblem>,
}

impl FromRequestParts<Front> for Query {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Front) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or_default();
        let values = url::form_urlencoded::parse(query.as_bytes());
        let values = values.map(|(name, value)| (name.into_owned(), value.into_owned()));
        Ok(Self { values: values.collect(), problems: Vec::new() })
    }
}

impl Query {
    /// A whole number within these bounds.
    pub(crate) fn integer(
        &mut self,
        name: &'static str,
        default: i64,
        least: i64,
        most: Option<i64>,
    ) -> i64 {
        let Some(sent) = self.values.get(name) else { return default };
        let fault = match parse_integer(sent) {
            None => QueryFault::NotAnInteger,
            Some(number) if number < least => QueryFault::Below(least),
            Some(number) => match most {
                Some(most) if number > most => QueryFault::Above(most),
                Some(_) | None => return number,
            },
        };
        self.problems.push(QueryProblem { name: name.into(), sent: sent.clone(), fault });
        default
    }

    /// One of these, by its place; the first unless given.
    pub(crate) fn choice(&mut self, name: &'static str, all: &'static [&'static str]) -> usize {
        let Some(sent) = self.values.get(name) else { return 0 };
        let place = all.iter().position(|one| one == sent);
        place.unwrap_or_else(|| {
            let fault = QueryFault::NotOneOf(all);
            self.problems.push(QueryProblem { name: name.into(), sent: sent.clone(), fault });
            0
        })
    }

    /// To be called when everything was read.
    pub(crate) fn finish(self) -> Result<(), Rejection> {
        if self.problems.is_empty() { Ok(()) } else { Err(Rejection::Query(self.problems)) }
    }
}

/// A sign, digits with single `_` between them, and zeros after a point: pydantic's lax integers.
/// What is beyond 64 bits counts as the largest.
fn parse_integer(text: &str) -> Option<i64> {
    let (is_negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let whole = match digits.split_once('.') {
        Some((whole, zeros)) if zeros.bytes().all(|zero| zero == b'0') && !whole.contains('_') => {
            whole
        }
        Some(_) => return None,
        None => digits,
    };
    let is_grouped = !whole.starts_with('_') && !whole.ends_with('_') && !whole.contains("__");
    let whole = whole.replace('_', "");
    if whole.is_empty() || !is_grouped || !whole.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let number = whole.parse().unwrap_or(i64::MAX);
    Some(if is_negative { -number } else { number })
}

#[cfg(test)]
mod tests {
    use super::parse_integer;

    #[test]
    fn integers_are_read_as_pydantic_does() {
        for (text, number) in
            [("1", 1), ("01", 1), ("+1", 1), ("-1", -1), ("1_0", 10), ("1.0", 1), ("2.", 2)]
        {
            assert_eq!(parse_integer(text), Some(number), "{text}");
        }
        assert_eq!(parse_integer("99999999999999999999"), Some(i64::MAX));
        for text in
            ["", " 1", "1 ", "1e3", "1.5", "abc", "_1", "1__0", "1_0.0", ".0", "0x1", "-", "٢"]
        {
            assert_eq!(parse_integer(text), None, "{text}");
        }
    }
}
