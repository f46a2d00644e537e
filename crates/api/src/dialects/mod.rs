//! The surfaces of other services, spoken to the letter.
//!
//! A dialect parses, calls one operation and renders. It touches no storage, hashes nothing,
//! compares nothing, mails nothing and reads no clock; and it does not know the others.

mod djoser;
mod english;
mod jwt_accounts;
mod kind;
mod mailed_codes;
mod russian;
mod settings;
mod shared_users;
mod user_management;

use domain::{AccountPolicy, Surface};

use crate::kit::Mount;
use kind::{Kind, Sharing};
pub use settings::{DialectMails, DialectProfile, DialectSettings, Dialects, Lifetimes};

/// Every dialect there is, in the order in which they are named.
const ALL: &[Kind] = &[user_management::KIND, jwt_accounts::KIND, djoser::KIND, mailed_codes::KIND];

impl Dialects {
    /// The surfaces that can be enabled.
    pub fn known() -> Vec<Surface> {
        ALL.iter().map(|kind| kind.surface).collect()
    }

    /// Every dialect as it is unless configured.
    pub fn all_by_default() -> Self {
        ALL.iter().map(|kind| (kind.surface, (kind.defaults)())).collect()
    }

    /// The names of those that answer.
    pub fn names(&self) -> Vec<&'static str> {
        self.enabled().map(|(kind, _)| kind.surface.as_str()).collect()
    }

    /// The rules of every dialect that answers, and of what two of them share.
    pub fn policies(&self, native: &AccountPolicy) -> Vec<(Surface, AccountPolicy)> {
        let policy = |(kind, settings): (&Kind, _)| (kind.surface, (kind.policy)(settings, native));
        let mut policies: Vec<_> = self.enabled().map(policy).collect();
        let shared = shared_users::policy(&policies);
        policies.extend(shared.map(|policy| (Surface::SharedUsers, policy)));
        policies
    }

    /// The routes of every dialect that answers, and of what two of them share.
    pub(crate) fn mounts(&self) -> Vec<Mount> {
        let shared = shared_users::mount(self);
        let sharing = if shared.is_some() { Sharing::Shared } else { Sharing::Alone };
        let mounts = self.enabled().map(|(kind, settings)| (kind.mount)(settings, sharing));
        mounts.chain(shared).collect()
    }

    fn enabled(&self) -> impl Iterator<Item = (&'static Kind, &DialectSettings)> {
        ALL.iter().filter_map(|kind| {
            let settings = self.get(kind.surface)?;
            Some((kind, settings))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_two_share_is_recorded_as_one_of_them() {
        let policies = Dialects::all_by_default().policies(&AccountPolicy::native());
        for (surface, policy) in policies {
            assert!(Surface::RECORDED.contains(&policy.surface), "{surface:?}");
            assert_eq!(policy.surface == surface, surface != Surface::SharedUsers, "{surface:?}");
        }
    }
}
