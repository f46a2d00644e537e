//! How far somebody has read the revocations.
//!
//! A point in time alone would miss what commits late. So a cursor also says what was seen of the
//! time in which that can happen, as a digest: another digest there, and something was missed.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::digest;
use data_encoding::BASE64URL_NOPAD;
use storage::LOG_OVERLAP;
use storage::revocations::RecordedAt;

const TIME: usize = 8;
const SEEN: usize = 8;

/// Opaque to clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub(super) at: RecordedAt,
    pub(super) seen: [u8; SEEN],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor that this feed gave")]
pub struct NotACursor;

impl Cursor {
    /// At `at`, with these ids and times recorded within the overlap before it, in their order.
    pub(super) fn new<'a>(
        at: RecordedAt,
        seen: impl Iterator<Item = (&'a [u8; 16], RecordedAt)>,
    ) -> Self {
        let mut context = digest::Context::new(&digest::SHA256);
        for (id, recorded_at) in seen.filter(|(_, recorded)| is_within(at, *recorded)) {
            context.update(id);
            context.update(&recorded_at.0.to_be_bytes());
        }
        let digest = context.finish();
        let mut seen = [0; SEEN];
        seen.copy_from_slice(digest.as_ref().split_at(SEEN).0);
        Self { at, seen }
    }
}

fn is_within(at: RecordedAt, recorded: RecordedAt) -> bool {
    recorded <= at && recorded > at.before(LOG_OVERLAP)
}

impl fmt::Display for Cursor {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [self.at.0.to_be_bytes(), self.seen].concat();
        out.write_str(&BASE64URL_NOPAD.encode(&bytes))
    }
}

impl FromStr for Cursor {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| NotACursor)?;
        let bytes: [u8; TIME + SEEN] = bytes.try_into().map_err(|_| NotACursor)?;
        let (time, seen) = bytes.split_first_chunk::<TIME>().ok_or(NotACursor)?;
        let seen = seen.try_into().map_err(|_| NotACursor)?;
        Ok(Self { at: RecordedAt(i64::from_be_bytes(*time)), seen })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const ID: [u8; 16] = [7; 16];

    #[test]
    fn a_cursor_survives_its_spelling_and_nothing_else_is_one() {
        let cursor = Cursor::new(RecordedAt(1_790_000_000_123_456), std::iter::empty());
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        for text in ["", "0", "since", "AAAAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAA="] {
            assert_eq!(text.parse::<Cursor>(), Err(NotACursor), "{text}");
        }
    }

    #[test]
    fn what_commits_late_makes_another_cursor_and_what_is_long_over_does_not() {
        let at = RecordedAt(1_790_000_000_000_000);
        let of = |recorded| Cursor::new(at, [(&ID, recorded)].into_iter());
        let nothing = Cursor::new(at, std::iter::empty());
        assert_ne!(of(at), nothing);
        assert_ne!(of(at.before(Duration::from_secs(14))), nothing);
        assert_ne!(of(at.before(Duration::from_secs(14))), of(at));
        assert_eq!(of(at.before(LOG_OVERLAP)), nothing);
        assert_eq!(of(RecordedAt(at.0 + 1)), nothing, "that is news");
    }
}
