//! In which of our languages somebody reads.

use http::HeaderMap;
use http::header::ACCEPT_LANGUAGE;

use super::words::{English, Russian, Words};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    English,
    Russian,
}

impl Language {
    /// By `Accept-Language`; English where neither is asked for.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let lines = headers.get_all(ACCEPT_LANGUAGE).iter();
        let ranges = lines.filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(','));
        let mut best = (Self::English, 0.0);
        for range in ranges {
            let Some((language, weight)) = read(range) else { continue };
            // The first of those that are wanted equally.
            if weight > best.1 {
                best = (language, weight);
            }
        }
        best.0
    }

    pub(super) const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Russian => "ru",
        }
    }

    pub(super) fn words(self) -> &'static dyn Words {
        match self {
            Self::English => &English,
            Self::Russian => &Russian,
        }
    }
}

/// `ru-RU;q=0.8`
fn read(range: &str) -> Option<(Language, f32)> {
    let (tag, parameter) = range.split_once(';').unwrap_or((range, "q=1"));
    let weight = parameter.trim().strip_prefix("q=").and_then(|weight| weight.parse().ok());
    let primary = tag.trim().split('-').next().unwrap_or_default();
    let language = if primary.eq_ignore_ascii_case("ru") {
        Language::Russian
    } else if primary.eq_ignore_ascii_case("en") {
        Language::English
    } else {
        return None;
    };
    Some((language, weight.unwrap_or(0.0)))
}
