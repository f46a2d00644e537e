//! Which account a command is about, and what to call it.

use clap::Args;
use domain::{Identifier, Refusal, Status, User, UserId};
use operations::accounts::{find, find_by_id};
use operations::{Context, Error, Services};
use uuid::Uuid;

use super::outcome::{Failure, Outcome};

#[derive(Debug, Args)]
pub(super) struct Target {
    /// Username, e-mail address, phone number or id of the account
    #[arg(value_name = "ACCOUNT")]
    account: String,
}

impl Target {
    /// The account, deleted ones included.
    pub(super) async fn find(&self, services: &Services, ctx: &Context) -> Outcome<User> {
        let user = find_named(services, &self.account).await?;
        ctx.concerns(user.id);
        Ok(user)
    }
}

/// The account that has this name or this id, deleted ones included.
pub(super) async fn find_named(services: &Services, text: &str) -> Outcome<User> {
    let named = optional(find(services, &Identifier::recognise(text)).await)?;
    let numbered = match Uuid::parse_str(text) {
        Ok(id) => optional(find_by_id(services, UserId(id)).await)?,
        Err(_) => None,
    };
    match (named, numbered) {
        // An id is a good username by its look, and somebody may have taken that of another.
        (Some(named), Some(numbered)) if named.id != numbered.id => Err(Failure::Refused(format!(
            "two accounts fit: {} has this id, {} has this username; name the one you \
                 mean in another way",
            numbered.number, named.number
        ))),
        (Some(user), _) | (None, Some(user)) => Ok(user),
        (None, None) => Err(Failure::RefusedAs {
            code: Refusal::UserNotFound.code(),
            reason: format!("there is no account {text:?}; vestibule user list shows who is there"),
        }),
    }
}

fn optional(found: operations::Result<User>) -> Outcome<Option<User>> {
    match found {
        Ok(user) => Ok(Some(user)),
        Err(Error::Refused(Refusal::UserNotFound)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// What people call the account; its id when they have no name for it any more.
pub(super) fn name_of(user: &User) -> String {
    match user.display_name() {
        "" => user.id.to_string(),
        name => name.to_owned(),
    }
}

/// Turns "not found" about an account that we have just seen into what it means.
pub(super) fn explain(user: &User, error: Error) -> Failure {
    match (&error, user.status) {
        (Error::Refused(Refusal::UserNotFound), Status::Deleted { .. }) => {
            let name = name_of(user);
            Failure::Refused(format!(
                "{name} is deleted; bring it back first: vestibule user restore {name}"
            ))
        }
        (Error::Refused(Refusal::UserNotFound), Status::Purged) => {
            Failure::Refused(format!("{} is deleted, its data is erased", user.id))
        }
        (_, Status::Active | Status::Blocked { .. } | Status::Deleted { .. } | Status::Purged) => {
            error.into()
        }
    }
}
