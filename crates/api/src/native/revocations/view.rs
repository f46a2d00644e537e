//! The feed on the wire.

use std::hash::{DefaultHasher, Hash, Hasher};

use domain::Timestamp;
use operations::revocations::{Revocation, Revocations};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Serialize, ToSchema)]
#[schema(title = "Revocations")]
pub(super) struct RevocationsView {
    revocations: Vec<RevocationView>,
    /// Where to go on: the `since` of the next request.
    #[schema(example = "AAZbGz8bQAABI0VniavN7w")]
    next: String,
}

/// `sid`, or `sub` and `before`.
#[derive(Hash, Serialize, ToSchema)]
#[schema(title = "Revocation")]
#[serde(untagged)]
enum RevocationView {
    Session(RevokedSessionView),
    IssuedBefore(IssuedBeforeView),
}

/// Access tokens of this session are dead.
#[derive(Hash, Serialize, ToSchema)]
#[schema(title = "RevokedSession")]
struct RevokedSessionView {
    sid: Uuid,
    /// In seconds since 1970, as `exp` counts.
    until: i64,
}

/// Access tokens of this account are dead whose `iat` is earlier.
#[derive(Hash, Serialize, ToSchema)]
#[schema(title = "RevokedBefore")]
struct IssuedBeforeView {
    sub: Uuid,
    before: i64,
    until: i64,
}

impl From<&Revocations> for RevocationsView {
    fn from(found: &Revocations) -> Self {
        let revocations = found.entries.iter().map(RevocationView::from).collect();
        Self { revocations, next: found.next.to_string() }
    }
}

impl From<&Revocation> for RevocationView {
    fn from(revocation: &Revocation) -> Self {
        match revocation {
            Revocation::Session { session, until } => {
                Self::Session(RevokedSessionView { sid: session.0, until: seconds(*until) })
            }
            Revocation::IssuedBefore { user, before, until } => {
                let (before, until) = (before.as_seconds(), seconds(*until));
                Self::IssuedBefore(IssuedBeforeView { sub: user.0, before, until })
            }
        }
    }
}

impl RevocationsView {
    /// The same for the same entries, on every instance of the same version. Who goes on from a
    /// cursor also needs the next one; that of a first answer moves on with the time.
    pub(super) fn tag(&self, is_first: bool) -> String {
        let mut hasher = DefaultHasher::new();
        self.revocations.hash(&mut hasher);
        if !is_first {
            self.next.hash(&mut hasher);
        }
        format!("\"{:016x}\"", hasher.finish())
    }
}

/// Rounded up: an entry is kept a moment too long, not too short.
fn seconds(at: Timestamp) -> i64 {
    at.as_seconds() + i64::from(at.as_micros() % 1_000_000 != 0)
}
