//! Chance for an order that nobody knows beforehand: `SplitMix64`. Nothing secret is made of it.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};

pub(super) struct Random(u64);

impl Random {
    pub(super) fn unpredictable() -> Self {
        Self(RandomState::new().build_hasher().finish())
    }

    #[cfg(test)]
    pub(super) const fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// For a thread of its own.
    pub(super) fn fork(&mut self) -> Self {
        Self(self.next())
    }

    /// Above 0, and 1 at most.
    pub(super) fn fraction(&mut self) -> f64 {
        let upper = u32::try_from(self.next() >> 32).unwrap_or_default();
        (f64::from(upper) + 1.0) / (f64::from(u32::MAX) + 1.0)
    }

    /// Every order is as likely as any other (Fisher and Yates).
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.below(last + 1);
            items.swap(last, other);
        }
    }

    /// So few that the remainder favours nobody to speak of.
    fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap_or(u64::MAX);
        usize::try_from(self.next() % end).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shuffle_keeps_everything_and_reaches_every_order() {
        let mut random = Random::seeded(7);
        let mut seen = std::collections::BTreeMap::new();
        for _ in 0..6000 {
            let mut items = [0, 1, 2];
            random.shuffle(&mut items);
            *seen.entry(items).or_insert(0) += 1;
        }
        assert_eq!(seen.len(), 6);
        assert!(seen.values().all(|count| (850..1150).contains(count)), "{seen:?}");
    }

    #[test]
    fn fractions_can_be_given_to_a_logarithm() {
        let mut random = Random::seeded(7);
        let fractions: Vec<_> = (0..1000).map(|_| random.fraction()).collect();
        assert!(fractions.iter().all(|fraction| *fraction > 0.0 && *fraction <= 1.0));
        let mean = fractions.iter().sum::<f64>() / 1000.0;
        assert!((0.45..0.55).contains(&mean), "{mean}");
    }
}
