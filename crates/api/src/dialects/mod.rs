//! The surfaces of other services, spoken to the letter.
//!
//! A dialect parses, calls one operation and renders. It touches no storage, hashes nothing,
//! compares nothing, mails nothing and reads no clock; and it does not know the others.

pub(crate) mod djoser;
pub(crate) mod jwt_accounts;
mod settings;
pub(crate) mod shared_users;
pub(crate) mod user_management;

use domain::{AccountPolicy, Surface};

pub use settings::{DialectProfile, DialectSettings, Dialects, Lifetimes};

impl Dialects {
    /// Every dialect as it is unless configured.
    pub fn all_by_default() -> Self {
        Self {
            user_management: Some(user_management::defaults()),
            jwt_accounts: Some(jwt_accounts::defaults()),
            djoser: Some(djoser::defaults()),
        }
    }

    /// The names of those that answer.
    pub fn names(&self) -> Vec<&'static str> {
        let Self { user_management, jwt_accounts, djoser } = self;
        let all = [
            (Surface::UserManagement, user_management),
            (Surface::JwtAccounts, jwt_accounts),
            (Surface::Djoser, djoser),
        ];
        let enabled = all.into_iter().filter(|(_, settings)| settings.is_some());
        enabled.map(|(surface, _)| surface.as_str()).collect()
    }

    /// The rules of every dialect that answers, and of what two of them share.
    pub fn policies(&self, native: &AccountPolicy) -> Vec<(Surface, AccountPolicy)> {
        let Self { user_management, jwt_accounts, djoser } = self;
        let one =
            user_management.as_ref().map(|settings| user_management::policy(settings, native));
        let other = jwt_accounts.as_ref().map(|settings| jwt_accounts::policy(settings, native));
        let shared = one.as_ref().zip(other.as_ref());
        let shared = shared.map(|(one, other)| shared_users::policy(one, other));
        let policies = [
            (Surface::UserManagement, one),
            (Surface::JwtAccounts, other),
            (Surface::SharedUsers, shared),
            (Surface::Djoser, djoser.as_ref().map(|settings| djoser::policy(settings, native))),
        ];
        let enabled = policies.into_iter().filter_map(|(surface, policy)| Some((surface, policy?)));
        enabled.collect()
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
