//! How often something may happen: the generic cell rate algorithm (GCRA), pure.
//!
//! A quota remembers one time, the theoretical arrival time of ITU-T I.371: when everything taken
//! so far will be forgotten. No counter, no window, nothing to sweep in between.

mod moments;

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;
use std::time::Duration;

pub use self::moments::{AtMost, Moments};
use crate::time::Timestamp;

/// `count` times in `period`, of which `burst` may come at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    count: u32,
    period: Duration,
    burst: u32,
}

/// What is remembered of a quota: when it will be whole again.
pub type Arrival = Option<Timestamp>;

/// The answer to one who asks for a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Granted(Standing),
    /// Nothing was taken; the same will be granted after this.
    Denied {
        retry_after: Duration,
        standing: Standing,
    },
}

/// How much is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub remaining: u32,
    /// Until everything is there again.
    pub whole_after: Duration,
}

/// Quotas of which each must grant: at most two, a short one and a long one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quotas {
    short: Quota,
    long: Option<Quota>,
}

/// What is remembered of [`Quotas`], in their order.
pub type Arrivals = [Arrival; 2];

impl Quota {
    /// Longer periods could not be told apart from never.
    pub const LONGEST: Duration = Duration::from_hours(366 * 24);

    /// None when a number is zero, or when more may come at once than in the whole period.
    pub fn new(count: u32, period: Duration, burst: u32) -> Option<Self> {
        let is_sound = (1..=1_000_000).contains(&count)
            && (1..=count).contains(&burst)
            && (Duration::from_secs(1)..=Self::LONGEST).contains(&period);
        is_sound.then_some(Self { count, period, burst })
    }

    pub const fn count(self) -> u32 {
        self.count
    }

    pub const fn period(self) -> Duration {
        self.period
    }

    /// The time in which one place grows back.
    pub fn interval(self) -> Duration {
        self.period / self.count
    }

    /// The same over several nodes that cannot ask each other.
    #[must_use]
    pub fn shared_by(self, nodes: u32) -> Self {
        let share = |number: u32| number.div_ceil(nodes.max(1));
        Self { count: share(self.count), period: self.period, burst: share(self.burst) }
    }

    /// The verdict, and what to remember of it.
    fn take(self, arrival: Arrival, now: Timestamp) -> (Verdict, Timestamp) {
        let whole = arrival.map_or(now, |arrival| arrival.max(now));
        let next = whole + self.interval();
        let limit = now + self.interval() * self.burst;
        if next > limit {
            let retry_after = next.since(limit);
            return (Verdict::Denied { retry_after, standing: self.standing(whole, now) }, whole);
        }
        (Verdict::Granted(self.standing(next, now)), next)
    }

    fn standing(self, whole: Timestamp, now: Timestamp) -> Standing {
        let whole_after = whole.since(now);
        let taken = whole_after.as_micros().div_ceil(self.interval().as_micros().max(1));
        let taken = u32::try_from(taken).unwrap_or(u32::MAX);
        Standing { remaining: self.burst.saturating_sub(taken), whole_after }
    }
}

impl Quotas {
    pub fn new(short: Quota, long: Option<Quota>) -> Self {
        Self { short, long }
    }

    /// The one that is shown to clients.
    pub const fn short(&self) -> Quota {
        self.short
    }

    #[must_use]
    pub fn shared_by(&self, nodes: u32) -> Self {
        Self {
            short: self.short.shared_by(nodes),
            long: self.long.map(|quota| quota.shared_by(nodes)),
        }
    }

    /// One place of each, or none of any. What is to be remembered comes with the verdict.
    pub fn take(&self, arrivals: Arrivals, now: Timestamp) -> (Verdict, Arrivals) {
        let (short, next_short) = self.short.take(arrivals[0], now);
        let Some(long) = self.long else {
            return (short, [Some(next_short), None]);
        };
        let (long, next_long) = long.take(arrivals[1], now);
        match (short, long) {
            (Verdict::Granted(one), Verdict::Granted(other)) => {
                (Verdict::Granted(one.scarcer(other)), [Some(next_short), Some(next_long)])
            }
            (one, other) => (one.stricter(other), arrivals),
        }
    }

    /// Takes one place back that was granted.
    pub fn give_back(&self, arrivals: Arrivals) -> Arrivals {
        let earlier = |arrival: Arrival, quota: Quota| arrival.map(|time| time - quota.interval());
        [earlier(arrivals[0], self.short), self.long.and_then(|quota| earlier(arrivals[1], quota))]
    }

    /// The numbers by which a store elsewhere computes the same: interval and burst of each, in
    /// microseconds; zeros where there is no second.
    pub fn numbers(&self) -> [(i64, i64); 2] {
        let numbers = |quota: Quota| {
            let micros = |time: Duration| i64::try_from(time.as_micros()).unwrap_or(i64::MAX);
            (micros(quota.interval()), micros(quota.interval() * quota.burst))
        };
        [numbers(self.short), self.long.map_or((0, 0), numbers)]
    }

    /// The verdict on what a store elsewhere has computed.
    pub fn judge(&self, granted: bool, arrivals: Arrivals, now: Timestamp) -> Verdict {
        if granted {
            let long = self.long.map(|quota| (quota, arrivals[1]));
            let standing = |(quota, arrival): (Quota, Arrival)| {
                quota.standing(arrival.unwrap_or(now).max(now), now)
            };
            let short = standing((self.short, arrivals[0]));
            return Verdict::Granted(long.map_or(short, |long| short.scarcer(standing(long))));
        }
        self.take(arrivals, now).0
    }
}

impl Standing {
    fn scarcer(self, other: Self) -> Self {
        if other.remaining < self.remaining { other } else { self }
    }
}

impl Verdict {
    pub const fn standing(self) -> Standing {
        match self {
            Self::Granted(standing) | Self::Denied { standing, .. } => standing,
        }
    }

    pub const fn is_granted(self) -> bool {
        matches!(self, Self::Granted(_))
    }

    /// Of two that are not both granted, the one that holds longer.
    fn stricter(self, other: Self) -> Self {
        let wait = |verdict: Self| match verdict {
            Self::Granted(_) => Duration::ZERO,
            Self::Denied { retry_after, .. } => retry_after,
        };
        if wait(other) > wait(self) { other } else { self }
    }
}

/// `30/min`, `10/min, 100/h`, `5/h burst 3, 20/day`.
impl FromStr for Quotas {
    type Err = InvalidQuota;

    fn from_str(text: &str) -> Result<Self, InvalidQuota> {
        let mut quotas = text.split(',').map(Quota::from_str);
        let short = quotas.next().ok_or(InvalidQuota)??;
        let long = quotas.next().transpose()?;
        if quotas.next().is_some() { Err(InvalidQuota) } else { Ok(Self { short, long }) }
    }
}

impl FromStr for Quota {
    type Err = InvalidQuota;

    fn from_str(text: &str) -> Result<Self, InvalidQuota> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let (rate, burst) = match words.as_slice() {
            [rate] => (*rate, None),
            [rate, "burst", burst] => (*rate, Some(*burst)),
            _ => return Err(InvalidQuota),
        };
        let (count, unit) = rate.split_once('/').ok_or(InvalidQuota)?;
        let number = |text: &str| text.parse::<u32>().map_err(|_| InvalidQuota);
        let count = number(count)?;
        let period = match unit {
            "s" => Duration::from_secs(1),
            "min" => Duration::from_mins(1),
            "h" => Duration::from_hours(1),
            "day" => Duration::from_hours(24),
            _ => return Err(InvalidQuota),
        };
        let burst = burst.map_or(Ok(count), number)?;
        Self::new(count, period, burst).ok_or(InvalidQuota)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidQuota;

impl fmt::Display for InvalidQuota {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(
            "one or two of COUNT/s, COUNT/min, COUNT/h, COUNT/day, each with `burst COUNT`",
        )
    }
}

impl std::error::Error for InvalidQuota {}

/// Whom an address stands for: itself, or with IPv6 its /64, which one client has to itself
/// (LGN-06).
pub fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            std::net::Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
    }
}
