//! What tokens say about an account beside whose they are.

use domain::policy::ExtraClaims;
use domain::{Timestamp, User};
use storage::{Read, passwords};

use crate::error::Result;

/// The values of the claims that a surface's clients read.
#[derive(Clone, Debug, Default)]
pub(crate) struct ClaimValues {
    pub(crate) user_number: Option<i64>,
    pub(crate) username: Option<String>,
    pub(crate) login: Option<String>,
    pub(crate) password_set_at: Option<Timestamp>,
    /// The claims that stand before the others.
    pub(crate) first: &'static [&'static str],
    /// Of access tokens only: the roles they were minted for.
    pub(crate) roles_version: i64,
}

impl ClaimValues {
    pub(crate) async fn of(read: &mut Read, wanted: ExtraClaims, user: &User) -> Result<Self> {
        let password_set_at = if wanted.password_timestamp {
            passwords::changed_at(read, user.id).await?
        } else {
            None
        };
        Ok(Self {
            user_number: wanted.user_number.then_some(user.number),
            username: wanted.username.then(|| user.display_name().to_owned()),
            login: wanted.login.then(|| user.display_name().to_owned()),
            password_set_at,
            first: wanted.first,
            roles_version: user.roles_version,
        })
    }
}
