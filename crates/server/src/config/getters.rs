//! The kinds of values that settings have. Secrets are in `secrets`.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use super::reader::Reader;
use super::written::{Written, as_toml, quoted};

impl Reader {
    pub(super) fn text(&mut self, key: &'static str) -> String {
        self.parsed(key, "text", |text| Ok(text.to_owned()))
    }

    pub(super) fn path(&mut self, key: &'static str) -> PathBuf {
        self.parsed(key, "path", |text| Ok(PathBuf::from(text)))
    }

    /// Two files of which neither is of use without the other.
    pub(super) fn optional_files(
        &mut self,
        one: &'static str,
        other: &'static str,
    ) -> Option<[PathBuf; 2]> {
        let file = |text: &str| Ok(PathBuf::from(text));
        match [one, other].map(|key| self.optional_parsed(key, "path", file)) {
            [Some(first), Some(second)] => return Some([first, second]),
            [Some(_), None] => self.refuse(other, format!("must be set with {one}")),
            [None, Some(_)] => self.refuse(one, format!("must be set with {other}")),
            [None, None] => {}
        }
        None
    }

    pub(super) fn boolean(&mut self, key: &'static str) -> bool {
        self.get(key, "true or false".to_owned(), Written::boolean, bool::to_string)
    }

    pub(super) fn optional_boolean(&mut self, key: &'static str) -> Option<bool> {
        let parse = |written: &Written| written.boolean();
        self.optional(key, "true or false", parse, bool::to_string)
    }

    pub(super) fn integer<T>(&mut self, key: &'static str, range: RangeInclusive<T>) -> T
    where
        T: TryFrom<i64> + PartialOrd + Display,
    {
        let parse = |written: &Written| integer(written, &range);
        self.get(key, integer_form(&range), parse, T::to_string)
    }

    pub(super) fn optional_integer<T>(
        &mut self,
        key: &'static str,
        range: RangeInclusive<T>,
    ) -> Option<T>
    where
        T: TryFrom<i64> + PartialOrd + Display,
    {
        let parse = |written: &Written| integer(written, &range);
        self.optional(key, &integer_form(&range), parse, T::to_string)
    }

    pub(super) fn duration(
        &mut self,
        key: &'static str,
        range: RangeInclusive<Duration>,
    ) -> Duration {
        let parse = |written: &Written| duration(written, &range);
        self.get(key, duration_form(&range), parse, |(text, _)| as_toml(text.as_str())).1
    }

    pub(super) fn optional_duration(
        &mut self,
        key: &'static str,
        range: RangeInclusive<Duration>,
    ) -> Option<Duration> {
        let parse = |written: &Written| duration(written, &range);
        let show = |(text, _): &(String, Duration)| as_toml(text.as_str());
        self.optional(key, &duration_form(&range), parse, show).map(|(_, duration)| duration)
    }

    pub(super) fn choice<T: Copy>(&mut self, key: &'static str, choices: &[(&str, T)]) -> T {
        let all: Vec<String> = choices.iter().map(|(name, _)| as_toml(*name)).collect();
        let all = all.join(", ");
        let parse = |written: &Written| {
            let text = written.text()?;
            choices
                .iter()
                .find(|(name, _)| *name == text)
                .map(|(name, value)| ((*name).to_owned(), *value))
                .ok_or_else(|| format!("{} is not one of {all}", quoted(text)))
        };
        self.get(key, format!("one of {all}"), parse, |(name, _)| as_toml(name.as_str())).1
    }

    pub(super) fn parsed<T>(
        &mut self,
        key: &'static str,
        form: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> T {
        let parse = |written: &Written| match written.text()? {
            "" => Err("must not be empty".to_owned()),
            text => Ok((text.to_owned(), parse(text)?)),
        };
        self.get(key, form.to_owned(), parse, |(text, _)| as_toml(text.as_str())).1
    }

    pub(super) fn optional_parsed<T>(
        &mut self,
        key: &'static str,
        form: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        let parse = |written: &Written| {
            let text = written.text()?;
            Ok((text.to_owned(), parse(text)?))
        };
        let show = |(text, _): &(String, T)| as_toml(text.as_str());
        self.optional(key, form, parse, show).map(|(_, value)| value)
    }

    pub(super) fn list<T>(
        &mut self,
        key: &'static str,
        form: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Vec<T> {
        let parse = |written: &Written| {
            let items = written.list()?;
            let values = items.iter().map(|item| parse(item)).collect::<Result<Vec<_>, _>>()?;
            Ok((items, values))
        };
        let form = format!("list: {form}");
        self.get(key, form, parse, |(items, _)| as_toml(items.clone())).1
    }

    pub(super) fn optional_list<T>(
        &mut self,
        key: &'static str,
        form: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<Vec<T>> {
        let parse = |written: &Written| {
            let items = written.list()?;
            let values = items.iter().map(|item| parse(item)).collect::<Result<Vec<_>, _>>()?;
            Ok((items, values))
        };
        let show = |(items, _): &(Vec<String>, Vec<T>)| as_toml(items.clone());
        self.optional(key, &format!("list: {form}"), parse, show).map(|(_, values)| values)
    }

    fn optional<T>(
        &mut self,
        key: &'static str,
        form: &str,
        parse: impl Fn(&Written) -> Result<T, String>,
        show: impl Fn(&T) -> String,
    ) -> Option<T> {
        let parse = |written: &Written| {
            if written.is_unset() { Ok(None) } else { parse(written).map(Some) }
        };
        let show = |value: &Option<T>| value.as_ref().map_or_else(|| as_toml(""), &show);
        self.get(key, format!("{form}; empty for unset"), parse, show)
    }
}

fn integer<T>(written: &Written, range: &RangeInclusive<T>) -> Result<T, String>
where
    T: TryFrom<i64> + PartialOrd + Display,
{
    let number = written.integer()?;
    T::try_from(number)
        .ok()
        .filter(|number| range.contains(number))
        .ok_or_else(|| format!("{number} is not within {} to {}", range.start(), range.end()))
}

fn integer_form<T: Display>(range: &RangeInclusive<T>) -> String {
    format!("whole number, {} to {}", range.start(), range.end())
}

/// The duration with its text, which reads better than any text made from it.
fn duration(
    written: &Written,
    range: &RangeInclusive<Duration>,
) -> Result<(String, Duration), String> {
    let how = "write a number and its unit, such as \"500ms\", \"10s\", \"5m\", \"14d\"";
    if let Written::Integer(number) = written {
        return Err(format!("{number} has no unit: {how}"));
    }
    let text = written.text()?;
    let duration = humantime::parse_duration(text)
        .map_err(|_| format!("{} is not a duration: {how}", quoted(text)))?;
    if range.contains(&duration) {
        Ok((text.to_owned(), duration))
    } else {
        Err(format!("{} is not within {}", quoted(text), bounds(range)))
    }
}

fn duration_form(range: &RangeInclusive<Duration>) -> String {
    format!("duration, {}", bounds(range))
}

fn bounds(range: &RangeInclusive<Duration>) -> String {
    format!("{} to {}", shown(*range.start()), shown(*range.end()))
}

/// In days where these are whole, as one would write it: the months of the library are none of the calendar.
fn shown(duration: Duration) -> String {
    const DAY: u64 = 24 * 60 * 60;
    let seconds = duration.as_secs();
    if seconds > 0 && seconds.is_multiple_of(DAY) && duration.subsec_nanos() == 0 {
        return format!("{}d", seconds / DAY);
    }
    humantime::format_duration(duration).to_string()
}
