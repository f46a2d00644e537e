//! What is done to each: the very operation that does it to one.

use domain::{Permission, RoleName, UserId};

use crate::accounts::{BlockTerms, block_on, delete, restore_by_operator, unblock};
use crate::authority;
use crate::context::Context;
use crate::error::Result;
use crate::roles::{grant, revoke};
use crate::services::Services;
use crate::sessions::revoke_all_of;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BulkAction {
    Block(BlockTerms),
    Unblock,
    Delete,
    Restore,
    EndSessions,
    GrantRole(RoleName),
    RevokeRole(RoleName),
}

impl BulkAction {
    pub(super) fn permission(&self) -> Permission {
        match self {
            Self::Block(_) | Self::Unblock | Self::EndSessions => Permission::UsersBlock,
            Self::Delete | Self::Restore => Permission::UsersDelete,
            Self::GrantRole(_) | Self::RevokeRole(_) => Permission::RolesGrant,
        }
    }

    /// Refuses once what would be refused for every account.
    pub(super) fn ensure_fresh(&self, services: &Services, ctx: &Context) -> Result<()> {
        match self {
            Self::Block(_) | Self::Unblock | Self::EndSessions => Ok(()),
            Self::Delete | Self::Restore | Self::GrantRole(_) | Self::RevokeRole(_) => {
                Ok(authority::ensure_fresh(services, ctx)?)
            }
        }
    }

    pub(super) async fn apply(&self, services: &Services, ctx: &Context, id: UserId) -> Result<()> {
        match self {
            Self::Block(terms) => block_on(services, ctx, id, terms).await.map(drop),
            Self::Unblock => unblock(services, ctx, id).await.map(drop),
            Self::Delete => delete(services, ctx, id).await.map(drop),
            Self::Restore => restore_by_operator(services, ctx, id).await.map(drop),
            Self::EndSessions => revoke_all_of(services, ctx, id).await,
            Self::GrantRole(role) => grant(services, ctx, id, role).await.map(drop),
            Self::RevokeRole(role) => revoke(services, ctx, id, role).await.map(drop),
        }
    }
}
