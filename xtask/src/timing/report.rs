//! The verdict, for people.

use super::measure::Sample;
use super::statistics::{Quartiles, auc, auc_error, median_error, quartiles};
use super::surfaces::Surface;

/// What nobody can make use of over a network.
const LEAST_MS: f64 = 2.0;
const SHARE: f64 = 0.03;
const MOST_AUC: f64 = 0.05;

/// Two classes beside each other.
struct Pair {
    names: [&'static str; 2],
    apart: f64,
    allowed: f64,
    auc: f64,
}

/// Answers whether no pair of classes can be told apart.
pub(super) fn print(surface: &Surface, samples: &[Sample], is_loaded: bool) -> bool {
    let state = if is_loaded { "at half of its load" } else { "idle" };
    println!("\n{}, server {state}; milliseconds", surface.name);
    println!("  {:<12} {:>6} {:>9} {:>9} {:>9}", "class", "n", "1/4", "median", "3/4");
    for Sample { standing, times, .. } in samples {
        let Quartiles { lower, median, upper } = quartiles(times);
        let (name, count) = (standing.name(), times.len());
        println!("  {name:<12} {count:>6} {lower:>9.2} {median:>9.2} {upper:>9.2}");
    }
    let pairs = pairs(samples);
    let failures: Vec<_> = pairs.iter().filter(|pair| !pair.passes()).collect();
    for Pair { names: [one, other], apart, auc, .. } in &failures {
        println!("  told apart: {one} and {other}, {apart:.2} ms, AUC {auc:.3}");
    }
    let worst = |badness: fn(&Pair) -> f64| {
        pairs.iter().max_by(|one, other| badness(one).total_cmp(&badness(other)))
    };
    if let Some(Pair { names: [one, other], apart, allowed, .. }) =
        worst(|one| one.apart / one.allowed)
    {
        println!(
            "  medians  at most {apart:.2} ms apart ({one}, {other}); {allowed:.2} ms allowed"
        );
    }
    if let Some(Pair { names: [one, other], auc, .. }) = worst(Pair::order) {
        let (least, most) = (0.5 - MOST_AUC, 0.5 + MOST_AUC);
        println!("  AUC      at most {auc:.3} ({one}, {other}); {least:.2} to {most:.2} allowed");
    }
    // On a machine that does other things as well, chance alone may fail a pair.
    let count = samples.iter().map(|sample| sample.times.len()).min().unwrap_or_default();
    let error = samples.iter().map(|sample| median_error(&sample.times)).fold(0.0, f64::max);
    println!("  chance   moves a median by {error:.2} ms, an AUC by {:.3}", auc_error(count));
    let is_said_alike = say_differences(samples);
    let is_passed = failures.is_empty() && is_said_alike;
    println!("  {}", if is_passed { "passed" } else { "FAILED" });
    is_passed
}

fn pairs(samples: &[Sample]) -> Vec<Pair> {
    let with = |at: usize| samples[at + 1..].iter().map(move |other| (&samples[at], other));
    let pairs = (0..samples.len()).flat_map(with);
    pairs.map(|(one, other)| Pair::of(one, other)).collect()
}

impl Pair {
    fn of(one: &Sample, other: &Sample) -> Self {
        let medians = [one, other].map(|sample| quartiles(&sample.times).median);
        Self {
            names: [one.standing.name(), other.standing.name()],
            apart: (medians[0] - medians[1]).abs(),
            allowed: (SHARE * medians[0].min(medians[1])).max(LEAST_MS),
            auc: auc(&one.times, &other.times),
        }
    }

    /// How far from a mere guess.
    fn order(&self) -> f64 {
        (self.auc - 0.5).abs()
    }

    fn passes(&self) -> bool {
        self.apart <= self.allowed && self.order() <= MOST_AUC
    }
}

/// Answers whether there were none.
fn say_differences(samples: &[Sample]) -> bool {
    for Sample { standing, difference, .. } in samples {
        if let Some((expected, said)) = difference {
            println!("  another answer: {}\n    {expected}\n    {said}", standing.name());
        }
    }
    samples.iter().all(|sample| sample.difference.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timing::surfaces::Standing;

    fn pair(one: impl Fn(f64) -> f64) -> Pair {
        let sample = |standing, times| Sample { standing, times, difference: None };
        let times = || (0..1000).map(f64::from);
        let other = sample(Standing::Missing, times().map(|time| 100.0 + time / 100.0).collect());
        let one = times().map(|time| one(100.0 + time / 100.0)).collect();
        Pair::of(&sample(Standing::Known, one), &other)
    }

    #[test]
    fn those_that_are_equal_pass() {
        assert!(pair(|time| time).passes());
    }

    #[test]
    fn a_small_shift_of_all_fails_by_their_order() {
        let pair = pair(|time| time + 1.0);
        assert!(pair.apart < pair.allowed);
        assert!(!pair.passes());
    }

    #[test]
    fn medians_that_lie_apart_fail_by_themselves() {
        let apart = |apart| Pair { apart, ..pair(|time| time) };
        assert!(apart(3.1).passes());
        assert!(!apart(3.2).passes());
    }
}
