//! In which form a client takes events (RFC 9110 §12.5.1).

use axum::extract::FromRequestParts;
use http::HeaderMap;
use http::header::ACCEPT;
use http::request::Parts;

use crate::kit::{Failure, Front, Rejection};
use crate::native::problem::Native;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::native) enum Format {
    Json,
    /// An array, as the batched mode of `CloudEvents` has it.
    Batch,
    Stream,
}

/// The one that we rather send first.
const ALL: [Format; 3] = [Format::Json, Format::Batch, Format::Stream];
const OFFERED: &[&str] = &[Format::Json.name(), Format::Batch.name(), Format::Stream.name()];

impl Format {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Batch => "application/cloudevents-batch+json",
            Self::Stream => "text/event-stream",
        }
    }
}

impl FromRequestParts<Front> for Format {
    type Rejection = Failure<Native>;

    async fn from_request_parts(parts: &mut Parts, _: &Front) -> Result<Self, Self::Rejection> {
        chosen(&parts.headers).ok_or(Rejection::NotAcceptable { offered: OFFERED }.into())
    }
}

/// How much a range of media types is liked, and how exactly it names one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Wish {
    exactness: u8,
    quality: u16,
}

/// The one liked most; where several are, the one that was named more exactly.
fn chosen(headers: &HeaderMap) -> Option<Format> {
    let values = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let ranges = values.flat_map(|value| value.split(',')).filter(|range| !range.trim().is_empty());
    let ranges: Vec<&str> = ranges.collect();
    if ranges.is_empty() {
        return Some(Format::Json);
    }
    let mut best: Option<(Wish, Format)> = None;
    for format in ALL {
        // The most exact range says how much it is liked.
        let wish = ranges.iter().filter_map(|range| wish(range, format)).max();
        let is_better = |wish: Wish| {
            best.is_none_or(|(other, _)| {
                (wish.quality, wish.exactness) > (other.quality, other.exactness)
            })
        };
        if let Some(wish) = wish.filter(|wish| wish.quality > 0)
            && is_better(wish)
        {
            best = Some((wish, format));
        }
    }
    best.map(|(_, format)| format)
}

fn wish(range: &str, format: Format) -> Option<Wish> {
    let mut parts = range.split(';').map(str::trim);
    let name = parts.next().unwrap_or_default();
    let kind = format.name().split('/').next().unwrap_or_default();
    let exactness = match name.split_once('/') {
        _ if name.eq_ignore_ascii_case(format.name()) => 2,
        Some((left, "*")) if left.eq_ignore_ascii_case(kind) => 1,
        Some(("*", "*")) => 0,
        Some(_) | None => return None,
    };
    let quality = parts.find_map(|part| {
        let (key, value) = part.split_once('=')?;
        key.trim().eq_ignore_ascii_case("q").then(|| value.trim())
    });
    Some(Wish { exactness, quality: quality.map_or(1000, thousandths) })
}

/// Of `1`, `0.5`, `0.125`; what is no such number is nothing.
fn thousandths(text: &str) -> u16 {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits: String = part.chars().chain("000".chars()).take(3).collect();
    match (whole, digits.parse()) {
        ("1", Ok(0)) => 1000,
        ("0", Ok(part)) => part,
        _ => 0,
    }
}
