//! How much is remembered, and what that is worth alone.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CacheSettings {
    /// About so much memory is used; 0: nothing is remembered.
    pub max_bytes: u64,
    pub when_database_is_down: WhenDatabaseIsDown,
}

/// What becomes of reading requests of sessions that are remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenDatabaseIsDown {
    /// Refused with 503: a session may have been ended elsewhere.
    Refuse,
    /// Answered until the access token expires.
    Relaxed,
}
