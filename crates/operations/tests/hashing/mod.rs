//! The hashing pool through its public face (docs/REQUIREMENTS.md, R-23).

#![expect(clippy::expect_used, reason = "a helper that fails ends its test")]

mod imports;
mod native;
mod overload;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use operations::passwords::hashing::{HashSettings, Passwords, Scheme};
use operations::ports::Entropy;

/// Costs at which a test may hash thousands of times.
const FAST: Scheme = Scheme::Argon2id { memory_kib: 64, iterations: 1, parallelism: 1 };

/// Never the same bytes twice, and always the same from run to run.
struct Counter(AtomicU64);

impl Entropy for Counter {
    fn fill(&self, bytes: &mut [u8]) {
        let count = self.0.fetch_add(1, Ordering::Relaxed).to_le_bytes();
        for (byte, value) in bytes.iter_mut().zip(count.iter().cycle()) {
            *byte = *value;
        }
    }
}

fn salts() -> Arc<dyn Entropy> {
    Arc::new(Counter(AtomicU64::new(0)))
}

/// A pool that refuses nothing for lack of time.
fn passwords(scheme: Scheme) -> Passwords {
    let settings = HashSettings {
        scheme,
        max_wait: Duration::from_hours(1),
        allow_weak: true,
        ..HashSettings::new(1)
    };
    Passwords::start(settings, salts()).expect("the pool starts")
}
