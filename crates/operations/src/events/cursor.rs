//! How far somebody has read the log.

use std::fmt;
use std::str::FromStr;

use super::cloud_event::SEQUENCE_DIGITS;

/// The number of an event: everything up to it was read. Opaque to clients; spelt as the `sequence` of
/// the event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor(pub(super) i64);

/// Where to begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    After(Cursor),
    /// With what happens from now on.
    Latest,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor that this log gave")]
pub struct NotACursor;

const LATEST: &str = "latest";

/// With the first event there ever was.
impl Default for Start {
    fn default() -> Self {
        Self::After(Cursor::default())
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:0SEQUENCE_DIGITS$}", self.0)
    }
}

impl FromStr for Cursor {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let is_number = text.len() <= SEQUENCE_DIGITS && text.bytes().all(|b| b.is_ascii_digit());
        let number = text.parse().ok().filter(|_| is_number);
        number.map(Self).ok_or(NotACursor)
    }
}

impl FromStr for Start {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, NotACursor> {
        if text == LATEST { Ok(Self::Latest) } else { text.parse().map(Self::After) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_its_spelling_and_nothing_else_is_one() {
        let cursor = Cursor(42);
        assert_eq!(cursor.to_string(), "00000000000000000042");
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        assert_eq!("42".parse(), Ok(cursor));
        assert_eq!(Cursor(i64::MAX).to_string().parse(), Ok(Cursor(i64::MAX)));
        for text in ["", "-1", "+1", "1.0", "0x1", " 1", "latest", "9223372036854775808"] {
            assert_eq!(text.parse::<Cursor>(), Err(NotACursor), "{text}");
        }
        assert_eq!("000000000000000000042".parse::<Cursor>(), Err(NotACursor), "a digit too much");
        assert_eq!("latest".parse(), Ok(Start::Latest));
        assert_eq!("42".parse(), Ok(Start::After(cursor)));
        assert_eq!("Latest".parse::<Start>(), Err(NotACursor));
    }
}
