//! Somebody who may be registered: every rule is kept, the password is hashed.

use domain::user::Identifiers;
use domain::{AccountPolicy, Email, Phone, Profile, Refusal, UserId, Username};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::identifiers::find_taken;
use crate::context::Context;
use crate::error::Result;
use crate::passwords::hashing::HashText;
use crate::services::Services;

pub(crate) struct Newcomer {
    pub(crate) id: UserId,
    pub(crate) identifiers: Identifiers,
    /// What the log keeps of them: the same, but for whoever is written under no name.
    pub(super) told: Identifiers,
    pub(super) profile: Profile,
    /// None of an account that has yet to get a password: nobody signs in to it.
    pub(super) hash: Option<HashText>,
    /// Whether the e-mail address was shown to be his.
    pub(super) has_shown_email: bool,
}

/// One who waits to show that an address is his. Sealed while it is kept.
#[derive(Serialize, Deserialize)]
pub(crate) struct KeptNewcomer {
    id: Uuid,
    username: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    first_name: String,
    last_name: String,
    locale: Option<String>,
    hash: Option<String>,
}

impl Newcomer {
    pub(super) fn new(
        services: &Services,
        ctx: &Context,
        identifiers: Identifiers,
        profile: Profile,
        hash: Option<HashText>,
    ) -> Self {
        let id = UserId::new(ctx.now, services.entropy.bytes());
        let told = identifiers.clone();
        Self { id, told, identifiers, profile, hash, has_shown_email: false }
    }

    /// Refuses names that others have, as far as the surface tells of them.
    pub(crate) async fn ensure_free(&self, services: &Services, is_hidden: bool) -> Result<()> {
        let Identifiers { username, .. } = self.identifiers.clone();
        let told = if is_hidden {
            &Identifiers { username, ..Identifiers::default() }
        } else {
            &self.identifiers
        };
        match find_taken(services, told).await? {
            Some(taken) => Err(Refusal::IdentifierTaken(taken).into()),
            None => Ok(()),
        }
    }

    pub(crate) fn keep(&self) -> KeptNewcomer {
        let Identifiers { username, email, phone } = &self.identifiers;
        KeptNewcomer {
            id: self.id.0,
            username: username.as_ref().map(|name| name.as_str().to_owned()),
            email: email.as_ref().map(|email| email.as_str().to_owned()),
            phone: phone.as_ref().map(|phone| phone.as_str().to_owned()),
            first_name: self.profile.first_name.clone(),
            last_name: self.profile.last_name.clone(),
            locale: self.profile.locale.clone(),
            hash: self.hash.as_ref().map(|hash| hash.as_str().to_owned()),
        }
    }
}

impl KeptNewcomer {
    pub(crate) const fn id(&self) -> UserId {
        UserId(self.id)
    }

    /// None where it keeps today's rules no more: they were changed meanwhile.
    pub(crate) fn email(&self) -> Option<Email> {
        Email::parse(self.email.as_deref()?).ok()
    }

    /// Who shows that the address is his.
    pub(crate) fn into_shown(self, policy: &AccountPolicy) -> Option<Newcomer> {
        let id = self.id();
        let identifiers = Identifiers {
            username: self
                .username
                .map(|name| Username::parse(&name, &policy.username))
                .transpose()
                .ok()?,
            email: self.email.map(|email| Email::parse(&email)).transpose().ok()?,
            phone: self.phone.map(|phone| Phone::parse(&phone)).transpose().ok()?,
        };
        let profile = Profile {
            first_name: self.first_name,
            last_name: self.last_name,
            locale: self.locale,
            metadata: "{}".to_owned(),
        };
        let hash = self.hash.map(HashText::new);
        Some(Newcomer {
            id,
            told: identifiers.clone(),
            identifiers,
            profile,
            hash,
            has_shown_email: true,
        })
    }
}
