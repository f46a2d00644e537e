//! What is said of two samples: how far apart they lie, and how often one is slower.

/// The middle, and what a quarter of the values are below and above.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Quartiles {
    pub(super) lower: f64,
    pub(super) median: f64,
    pub(super) upper: f64,
}

/// Of at least one value.
pub(super) fn quartiles(values: &[f64]) -> Quartiles {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |numerator| quantile(&sorted, numerator);
    Quartiles { lower: at(1), median: at(2), upper: at(3) }
}

/// Between the two values that lie around so many quarters of the way.
fn quantile(sorted: &[f64], quarters: usize) -> f64 {
    let steps = (sorted.len() - 1) * quarters;
    let (below, rest) = (steps / 4, steps % 4);
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (sorted[above] - sorted[below]) * count(rest) / 4.0
}

/// How likely a value of `one` is above a value of `other`, equal ones counted half: the statistic U
/// of Mann and Whitney, divided by the number of pairs. One half says that they cannot be told
/// apart.
pub(super) fn auc(one: &[f64], other: &[f64]) -> f64 {
    let of = |values: &[f64], is_one| values.iter().map(|value| (*value, is_one)).collect();
    let mut all: Vec<(f64, bool)> = of(one, true);
    all.append(&mut of(other, false));
    all.sort_by(|left, right| left.0.total_cmp(&right.0));
    let mut ranks = 0.0;
    let mut before = 0;
    for tied in all.chunk_by(|left, right| left.0.total_cmp(&right.0).is_eq()) {
        // Those that are equal share the mean of the ranks that they take up.
        let rank = count(before) + f64::midpoint(count(tied.len()), 1.0);
        ranks += rank * count(tied.iter().filter(|(_, is_one)| *is_one).count());
        before += tied.len();
    }
    let (ones, others) = (count(one.len()), count(other.len()));
    (ranks - ones * (ones + 1.0) / 2.0) / (ones * others)
}

/// The standard error of the median of values that lie about as a normal distribution has them, told
/// from the quartiles: a few that are very late do not count.
pub(super) fn median_error(values: &[f64]) -> f64 {
    const OF_QUARTILES: f64 = 0.929;
    let Quartiles { lower, upper, .. } = quartiles(values);
    OF_QUARTILES * (upper - lower) / count(values.len()).sqrt()
}

/// The standard error of [`auc`] between two equal samples of this size.
pub(super) fn auc_error(size: usize) -> f64 {
    let size = count(size);
    ((2.0 * size + 1.0) / (12.0 * size * size)).sqrt()
}

/// Samples are far smaller than the numbers that are exact.
fn count(length: usize) -> f64 {
    f64::from(u32::try_from(length).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_near(value: f64, expected: f64) {
        assert!((value - expected).abs() < 1e-9, "{value}, not {expected}");
    }

    #[test]
    fn quartiles_lie_between_values_where_none_is_in_the_middle() {
        let found = quartiles(&[4.0, 1.0, 3.0, 2.0]);
        assert_eq!(found, Quartiles { lower: 1.75, median: 2.5, upper: 3.25 });
        let found = quartiles(&[30.0, 10.0, 20.0]);
        assert_eq!(found, Quartiles { lower: 15.0, median: 20.0, upper: 25.0 });
        let found = quartiles(&[7.0]);
        assert_eq!(found, Quartiles { lower: 7.0, median: 7.0, upper: 7.0 });
    }

    #[test]
    fn errors_shrink_with_the_square_root() {
        let spread = |size: u32| (0..size).map(|at| f64::from(at % 101)).collect::<Vec<_>>();
        let (few, many) = (median_error(&spread(101)), median_error(&spread(10_100)));
        assert!((few / many - 10.0).abs() < 0.1, "{few}, {many}");
        assert!((auc_error(1000) - 0.0129).abs() < 0.0001);
    }

    #[test]
    fn the_order_is_one_half_where_nothing_differs() {
        assert_near(auc(&[1.0, 2.0, 3.0], &[1.0, 2.0, 3.0]), 0.5);
        assert_near(auc(&[5.0, 5.0], &[5.0, 5.0, 5.0]), 0.5);
    }

    #[test]
    fn the_order_is_whole_where_everything_differs() {
        assert_near(auc(&[3.0, 4.0], &[1.0, 2.0]), 1.0);
        assert_near(auc(&[1.0, 2.0], &[3.0, 4.0, 5.0]), 0.0);
    }

    #[test]
    fn the_order_counts_every_pair() {
        let (one, other): ([f64; 5], [f64; 3]) = ([1.0, 2.0, 2.0, 5.0, 9.0], [2.0, 3.0, 5.0]);
        let pairs = one.iter().flat_map(|one| other.iter().map(move |other| (one, other)));
        let wins = pairs.map(|(one, other)| match one.total_cmp(other) {
            std::cmp::Ordering::Greater => 1.0,
            std::cmp::Ordering::Equal => 0.5,
            std::cmp::Ordering::Less => 0.0,
        });
        assert_near(auc(&one, &other), wins.sum::<f64>() / 15.0);
        assert_near(auc(&one, &other) + auc(&other, &one), 1.0);
    }
}
