//! Points in time as the databases keep them: microseconds since the Unix epoch, UTC.

use std::fmt;
use std::ops::{Add, Sub};
use std::time::Duration;

use chrono::{DateTime, NaiveDate, NaiveTime, SecondsFormat, Utc};

/// Microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1_000_000))
    }

    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// Whole seconds, rounded down: the `NumericDate` of RFC 7519.
    pub const fn as_seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// Seconds with a fraction, as Python's `datetime.timestamp()` has them.
    #[expect(clippy::cast_precision_loss, reason = "a double holds microseconds until 2255")]
    pub fn as_fractional_seconds(self) -> f64 {
        self.0 as f64 / 1_000_000.0
    }

    /// The same read again; `None` for what is no time.
    #[expect(clippy::cast_possible_truncation, reason = "what is out of range is refused before")]
    pub fn from_fractional_seconds(seconds: f64) -> Option<Self> {
        const BEYOND: f64 = 1e12;
        (0.0..BEYOND).contains(&seconds).then(|| Self((seconds * 1_000_000.0).round() as i64))
    }

    /// How long ago `earlier` was; zero when it lies ahead.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// `2026-11-20T18:45:00.123456Z` (RFC 3339), as the native API shows times.
    pub fn to_rfc3339(self) -> String {
        self.calendar().to_rfc3339_opts(SecondsFormat::Micros, true)
    }

    /// A time as RFC 3339 writes it, with whatever offset.
    pub fn parse_rfc3339(text: &str) -> Option<Self> {
        let time = DateTime::parse_from_rfc3339(text).ok()?;
        Some(Self(time.timestamp_micros()))
    }

    /// The same, or a day, which begins at midnight UTC.
    pub fn parse_day_or_time(text: &str) -> Option<Self> {
        Self::parse_rfc3339(text).or_else(|| {
            let day: NaiveDate = text.parse().ok()?;
            Some(Self(day.and_time(NaiveTime::MIN).and_utc().timestamp_micros()))
        })
    }

    /// The same instant on the calendar, for renderings of other surfaces.
    pub fn calendar(self) -> DateTime<Utc> {
        // Only years beyond ±262 000 are out of chrono's range; no stored time is.
        DateTime::from_timestamp_micros(self.0).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }
}

impl Add<Duration> for Timestamp {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)))
    }
}

impl Sub<Duration> for Timestamp {
    type Output = Self;

    fn sub(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.to_rfc3339())
    }
}
