//! The randomness of this machine.

use operations::ports::Entropy;

pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        // Without randomness no token may be made: stopping is the only safe answer, and the
        // kernel's generator does not fail once it is seeded.
        if aws_lc_rs::rand::fill(bytes).is_err() {
            tracing::error!("the system has no randomness");
            std::process::abort();
        }
    }
}
