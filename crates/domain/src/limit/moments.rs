//! At most so many times in any span of so long. Exact, where a quota lets twice as many through:
//! those that may come at once, and those whose places grow back meanwhile.

use std::time::Duration;

use crate::time::Timestamp;

/// `count` times in whatever `period`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AtMost {
    pub count: usize,
    pub period: Duration,
}

/// When something happened, as long as it counts: the oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moments(Vec<Timestamp>);

impl AtMost {
    /// What is to be remembered when it may happen once more.
    pub fn take(self, moments: &Moments, now: Timestamp) -> Option<Moments> {
        let counts = |moment: &Timestamp| now.since(*moment) < self.period;
        let mut left: Vec<Timestamp> = moments.0.iter().copied().filter(counts).collect();
        (left.len() < self.count).then(|| {
            left.push(now);
            left.sort_unstable();
            Moments(left)
        })
    }

    /// From when on it is as if it had never happened.
    pub fn over_at(self, moments: &Moments) -> Timestamp {
        moments.0.last().map_or(Timestamp::from_micros(0), |last| *last + self.period)
    }
}

impl Moments {
    /// Eight bytes each, in microseconds, the most significant first.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|moment| moment.as_micros().to_be_bytes()).collect()
    }

    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (moments, rest) = bytes.as_chunks::<8>();
        let moment = |bytes: &[u8; 8]| Timestamp::from_micros(i64::from_be_bytes(*bytes));
        rest.is_empty().then(|| Self(moments.iter().map(moment).collect()))
    }
}
