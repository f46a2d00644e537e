//! Does an address belong to whoever says so? Shown by a code or a link that was sent to it.

mod activate;
mod by_code;
mod by_link;
mod confirm;
mod remind;
mod send;

pub use activate::activate;
pub use by_code::verify_by_code;
pub use by_link::verify_by_link;
pub(crate) use remind::remind;
pub(crate) use send::{pretend_verification, promise_verification};
pub use send::{send_activation, send_verification};

use domain::confirmation::Purpose;
use domain::{Identifier, Refusal, Session, SessionId, User, UserId};
use storage::{Tx, users};

use crate::confirmations::{Address, Whose};
use crate::context::Context;
use crate::error::Result;

/// Who says that an address is his.
#[derive(Clone, Debug)]
pub enum Claimant {
    /// Somebody who is signed in.
    Own { user: UserId, session: SessionId },
    /// Somebody who cannot sign in yet, and names the address.
    Named(Identifier),
}

impl Claimant {
    pub fn own(user: &User, session: &Session) -> Self {
        Self::Own { user: user.id, session: session.id }
    }

    const fn named(&self) -> Option<&Identifier> {
        match self {
            Self::Own { .. } => None,
            Self::Named(name) => Some(name),
        }
    }

    const fn session(&self) -> Option<SessionId> {
        match self {
            Self::Own { session, .. } => Some(*session),
            Self::Named(_) => None,
        }
    }

    /// The account, locked, and its address that waits. Whoever only names an address hears of no
    /// account whether there is one.
    async fn find(
        &self,
        ctx: &Context,
        tx: &mut Tx,
        channel: Channel,
    ) -> Result<Option<(User, Address)>> {
        match self {
            Self::Own { user, .. } => {
                let user = users::find_locked(tx, *user).await?.ok_or(Refusal::AccountGone)?;
                user.ensure_active(ctx.now)?;
                let address = channel.unverified(&user).ok_or(Refusal::NothingToVerify)?;
                Ok(Some((user, address)))
            }
            Self::Named(name) => {
                let user = users::lock_holder(tx, name).await?;
                let user = user.filter(|user| user.ensure_active(ctx.now).is_ok());
                let address = user.as_ref().and_then(|user| channel.unverified(user));
                // Not the one that is to come: nobody is known by that.
                let address =
                    address.filter(|address| Identifier::recognise(address.shown()) == *name);
                Ok(user.zip(address))
            }
        }
    }

    fn whose(&self, found: Option<&(User, Address)>) -> Whose<'_> {
        match (found, self) {
            (Some((user, _)), _) => Whose::Account(user.id),
            (None, Self::Named(name)) => Whose::Nobody(name),
            (None, Self::Own { user, .. }) => Whose::Account(*user),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    Email,
    Phone,
}

impl Channel {
    pub(crate) const ALL: [Self; 2] = [Self::Email, Self::Phone];

    const fn purpose(self) -> Purpose {
        match self {
            Self::Email => Purpose::EmailVerification,
            Self::Phone => Purpose::PhoneVerification,
        }
    }

    /// The address that waits to be verified: the one that is to come before the one that is.
    fn unverified(self, user: &User) -> Option<Address> {
        match self {
            Self::Email => match &user.pending_email {
                Some(pending) => Address::email(pending),
                None if user.email_verified => None,
                None => Address::email_of(user),
            },
            Self::Phone if user.phone_verified => None,
            Self::Phone => Address::phone_of(user),
        }
    }
}
