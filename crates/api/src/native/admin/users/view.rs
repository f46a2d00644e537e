//! An account as administrators see it.

use domain::{Status, Timestamp, User};
use operations::accounts::{Listed, listed};
use operations::{Error, Services};
use serde::Serialize;
use utoipa::ToSchema;

use crate::native::user::UserView;

#[derive(Serialize, ToSchema)]
#[schema(title = "AdminUser")]
pub(in crate::native) struct AdminUserView {
    #[serde(flatten)]
    user: UserView,
    /// Stays while the account is deleted: restored, it is blocked again.
    #[schema(format = DateTime)]
    blocked_at: Option<String>,
    /// From then on the block holds nobody off; `null`: until somebody lifts it.
    #[schema(format = DateTime)]
    blocked_until: Option<String>,
    /// For administrators.
    blocked_reason: Option<String>,
    #[schema(format = DateTime)]
    deleted_at: Option<String>,
    /// When a deleted account is erased.
    #[schema(format = DateTime)]
    purge_at: Option<String>,
}

impl AdminUserView {
    /// What became of an account that an administrator changed.
    pub(super) async fn of(services: &Services, user: &User) -> Result<Self, Error> {
        Ok(Self::from(&listed(services, user).await?))
    }
}

impl From<&Listed> for AdminUserView {
    fn from(listed: &Listed) -> Self {
        let Listed { user, blocked_at, blocked_for, deleted_at } = listed;
        let (purge_at, blocked_until) = match user.status {
            Status::Deleted { purge_at } => (Some(purge_at), None),
            Status::Blocked { until } => (None, until),
            Status::Active | Status::Purged => (None, None),
        };
        Self {
            user: UserView::from(user),
            blocked_at: blocked_at.map(Timestamp::to_rfc3339),
            deleted_at: deleted_at.map(Timestamp::to_rfc3339),
            purge_at: purge_at.map(Timestamp::to_rfc3339),
            blocked_until: blocked_until.map(Timestamp::to_rfc3339),
            blocked_reason: blocked_for.clone(),
        }
    }
}
