//! Parameters by name, each read once; what nobody reads is unknown.

use std::borrow::Cow;
use std::collections::BTreeMap;

use domain::{Rule, Timestamp};
use serde_json::Value;
use url::form_urlencoded;

use crate::kit::{QueryFault, QueryProblem, Rejection};

/// Of a stranger's names and values so much is repeated.
const LONGEST: usize = 64;

pub(in crate::native) struct Parameters {
    /// Before the names in what is said about them.
    place: &'static str,
    values: BTreeMap<String, String>,
    problems: Vec<QueryProblem>,
}

impl Parameters {
    pub(in crate::native) fn of_query(query: &str) -> Self {
        Self::of_query_with_lists(query, &[])
    }

    /// The parameters with names among `lists` may stand often; their values are joined by commas.
    pub(in crate::native) fn of_query_with_lists(query: &str, lists: &[&str]) -> Self {
        let mut parameters = Self { place: "", values: BTreeMap::new(), problems: Vec::new() };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            // An empty piece (`?a=1&`) says nothing.
            if name.is_empty() && value.is_empty() {
                continue;
            }
            match parameters.values.get_mut(&*name) {
                Some(list) if lists.contains(&&*name) => {
                    list.push(',');
                    list.push_str(&value);
                }
                Some(_) => parameters.note(&name, &value, QueryFault::Twice),
                None => drop(parameters.values.insert(name.into_owned(), value.into_owned())),
            }
        }
        parameters
    }

    /// An object of a body whose members say what parameters would; lists are joined by commas.
    pub(in crate::native) fn of_object(
        place: &'static str,
        object: serde_json::Map<String, Value>,
    ) -> Self {
        let mut parameters = Self { place, values: BTreeMap::new(), problems: Vec::new() };
        for (name, value) in object {
            match spelt(&value) {
                Some(text) => drop(parameters.values.insert(name, text)),
                None => parameters.note(&name, &value.to_string(), QueryFault::NotText),
            }
        }
        parameters
    }

    pub(in crate::native) fn take(&mut self, name: &str) -> Option<String> {
        self.values.remove(name)
    }

    /// Whatever `read` makes of it, or what is wrong with it.
    pub(in crate::native) fn read<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&str) -> Result<T, QueryFault>,
    ) -> Option<T> {
        let sent = self.take(name)?;
        read(&sent).map_err(|fault| self.note(name, &sent, fault)).ok()
    }

    pub(in crate::native) fn rule<T>(
        &mut self,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, Rule>,
    ) -> Option<T> {
        self.read(name, |text| parse(text).map_err(QueryFault::Breaks))
    }

    pub(in crate::native) fn boolean(&mut self, name: &str) -> Option<bool> {
        self.read(name, |text| text.parse().map_err(|_| QueryFault::NotABoolean))
    }

    pub(in crate::native) fn time(&mut self, name: &str) -> Option<Timestamp> {
        self.read(name, |text| Timestamp::parse_day_or_time(text).ok_or(QueryFault::NotATime))
    }

    /// A whole number from 1 to `most`.
    pub(in crate::native) fn count(&mut self, name: &str, most: usize) -> Option<usize> {
        self.read(name, |text| {
            let number: i64 = text.parse().map_err(|_| QueryFault::NotAnInteger)?;
            let most_here = i64::try_from(most).unwrap_or(i64::MAX);
            if number > most_here {
                return Err(QueryFault::Above(most_here));
            }
            usize::try_from(number).ok().filter(|count| *count > 0).ok_or(QueryFault::Below(1))
        })
    }

    /// The value beside one of these names; the first unless given.
    pub(in crate::native) fn choice<T: Copy>(
        &mut self,
        name: &str,
        names: &'static [&'static str],
        values: &[T],
    ) -> Option<T> {
        self.read(name, |text| {
            let place = names.iter().position(|known| *known == text);
            let value = place.and_then(|place| values.get(place).copied());
            value.ok_or(QueryFault::NotOneOf(names))
        })
        .or_else(|| values.first().copied())
    }

    pub(in crate::native) fn note(&mut self, name: &str, sent: &str, fault: QueryFault) {
        let short = |text: &str| text.chars().take(LONGEST).collect::<String>();
        let name = Cow::Owned(format!("{}{}", self.place, short(name)));
        self.problems.push(QueryProblem { name, sent: short(sent), fault });
    }

    /// To be called when everything was read.
    pub(in crate::native) fn finish(mut self) -> Result<(), Rejection> {
        let unread = std::mem::take(&mut self.values);
        for (name, sent) in unread {
            self.note(&name, &sent, QueryFault::Unknown);
        }
        if self.problems.is_empty() { Ok(()) } else { Err(Rejection::Query(self.problems)) }
    }
}

fn spelt(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Array(values) => {
            let texts: Option<Vec<&str>> = values.iter().map(Value::as_str).collect();
            texts.map(|texts| texts.join(","))
        }
        Value::Null | Value::Number(_) | Value::Object(_) => None,
    }
}
