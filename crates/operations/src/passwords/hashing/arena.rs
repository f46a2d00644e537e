//! The memory of Argon2, kept from hash to hash.
//!
//! Fresh memory for each hash costs a quarter of its time in page faults and lets the resident
//! set grow with the allocator's habits (docs/REQUIREMENTS.md).

use argon2::Block;

/// One per thread; as large as the configured scheme needs.
pub(super) struct Arena(Vec<Block>);

impl Arena {
    pub(super) fn new(blocks: usize) -> Self {
        Self(vec![Block::new(); blocks])
    }

    /// Runs `work` on `count` blocks. An imported hash that needs more than the arena has gets
    /// memory of its own, given back at once: one such sign-in leaves nothing behind.
    pub(super) fn with_blocks<R>(
        &mut self,
        count: usize,
        work: impl FnOnce(&mut [Block]) -> R,
    ) -> R {
        match self.0.get_mut(..count) {
            Some(blocks) => work(blocks),
            None => work(&mut vec![Block::new(); count]),
        }
    }
}
