//! E-mail addresses that nobody can tell apart: equally long, and of no class stand together in an
//! index.

use super::random::Random;

pub(super) struct Names {
    /// Multiplying by an odd number meets every number once before it repeats one.
    factor: u64,
    count: u64,
}

impl Names {
    pub(super) fn new(random: &mut Random) -> Self {
        Self { factor: random.next() | 1, count: 0 }
    }

    pub(super) fn email(&mut self) -> String {
        self.count += 1;
        format!("p{:016x}@timing.example.org", self.count.wrapping_mul(self.factor))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_are_equally_long_and_all_different() {
        let mut names = Names::new(&mut Random::seeded(7));
        let emails: HashSet<_> = (0..10_000).map(|_| names.email()).collect();
        assert_eq!(emails.len(), 10_000);
        assert_eq!(emails.iter().map(String::len).collect::<HashSet<_>>().len(), 1);
    }
}
