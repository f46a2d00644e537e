//! A person's account.

use std::time::Duration;

use crate::email::Email;
use crate::ids::UserId;
use crate::password::Guess;
use crate::policy::AccountPolicy;
use crate::refusal::{Refusal, TokenDefect};
use crate::role::{Permission, RoleName};
use crate::rule::Field;
use crate::time::Timestamp;

/// An account as every surface sees it. Its password is kept elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    pub id: UserId,
    /// Grows with each registration and is never given twice.
    pub number: i64,
    pub username: Option<String>,
    pub email: Option<String>,
    pub email_verified: bool,
    /// An address that waits to be verified before it replaces `email`.
    pub pending_email: Option<String>,
    pub phone: Option<String>,
    pub phone_verified: bool,
    pub profile: Profile,
    pub status: Status,
    pub roles: Vec<RoleName>,
    pub permissions: Vec<Permission>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub last_login_at: Option<Timestamp>,
    /// Grows with every edit: an edit based on an older reading is stale.
    pub version: i64,
    /// Grows when credentials, status or roles change: what was decided on an older one is stale.
    pub security_version: i64,
    /// Grows when roles change: an access token minted under an older one is refused.
    pub roles_version: i64,
}

/// What people say about themselves; nothing is decided by it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    pub first_name: String,
    pub last_name: String,
    pub locale: Option<String>,
    /// A JSON object, opaque to us.
    pub metadata: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Active,
    /// By an administrator; one whose time is over blocks nobody.
    Blocked {
        until: Option<Timestamp>,
    },
    /// Deleted by its owner or an administrator; can be restored until `purge_at`.
    Deleted {
        purge_at: Timestamp,
    },
    /// Nothing personal is left.
    Purged,
}

/// A status without its times: what accounts are looked up by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusKind {
    Active,
    Blocked,
    Deleted,
    Purged,
}

impl StatusKind {
    pub const ALL: [Self; 4] = [Self::Active, Self::Blocked, Self::Deleted, Self::Purged];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Blocked => "blocked",
            Self::Deleted => "deleted",
            Self::Purged => "purged",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

impl Status {
    pub const fn kind(self) -> StatusKind {
        match self {
            Self::Active => StatusKind::Active,
            Self::Blocked { .. } => StatusKind::Blocked,
            Self::Deleted { .. } => StatusKind::Deleted,
            Self::Purged => StatusKind::Purged,
        }
    }

    /// The stable name, as the database and every surface show it.
    pub const fn as_str(self) -> &'static str {
        self.kind().as_str()
    }
}

impl User {
    /// The name to show where a surface knows only one: username, else e-mail, else phone.
    pub fn display_name(&self) -> &str {
        self.username.as_deref().or(self.email.as_deref()).or(self.phone.as_deref()).unwrap_or("")
    }

    pub fn is_admin(&self) -> bool {
        self.roles.iter().any(RoleName::is_admin)
    }

    /// Whether it may no more than everybody who has an account.
    pub fn is_mere_user(&self) -> bool {
        self.permissions.is_empty() && self.roles.iter().all(|role| role.as_str() == RoleName::USER)
    }

    pub fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(&permission)
    }

    /// Whether the account exists for anyone but administrators.
    pub fn is_present(&self) -> bool {
        matches!(self.status, Status::Active | Status::Blocked { .. })
    }

    /// Refuses whoever may not act at `now`: blocked or gone (LGN-15).
    pub fn ensure_active(&self, now: Timestamp) -> Result<(), Refusal> {
        match self.status {
            Status::Active => Ok(()),
            Status::Blocked { .. } if self.is_block_over(now) => Ok(()),
            Status::Blocked { .. } => Err(Refusal::AccountBlocked),
            Status::Deleted { .. } | Status::Purged => Err(Refusal::AccountGone),
        }
    }

    /// Whether the account still says that it is blocked, though the time of that is over.
    pub fn is_block_over(&self, now: Timestamp) -> bool {
        matches!(self.status, Status::Blocked { until: Some(until) } if until <= now)
    }

    /// Refuses whoever gave an address and showed of none that it is his, where `policy` asks for
    /// it. Who gave no address at all has nothing to show.
    pub fn ensure_verified(&self, policy: &AccountPolicy) -> Result<(), Refusal> {
        let email = (self.email.is_some(), self.email_verified);
        let phone = (self.phone.is_some(), self.phone_verified);
        let may = has_shown_address([email, phone]) || !policy.sign_in_needs_verification;
        if may { Ok(()) } else { Err(Refusal::AccountUnverified) }
    }

    /// Refuses whoever may not go on with a session: not active, or, where `policy` takes that for the
    /// same, not verified.
    pub fn ensure_served(&self, policy: &AccountPolicy, now: Timestamp) -> Result<(), Refusal> {
        self.ensure_active(now)?;
        if policy.sessions_need_verification { self.ensure_verified(policy) } else { Ok(()) }
    }

    /// Refuses what was proved at another security version: credentials, roles or status changed
    /// since.
    pub fn ensure_unchanged(&self, proved_at: i64) -> Result<(), Refusal> {
        let is_unchanged = self.security_version == proved_at;
        if is_unchanged { Ok(()) } else { Err(Refusal::InvalidToken(TokenDefect::Revoked)) }
    }

    /// Refuses access tokens from before roles changed: they were minted for other permissions.
    pub fn ensure_roles_unchanged(&self, minted_at: i64) -> Result<(), Refusal> {
        let is_unchanged = self.roles_version == minted_at;
        if is_unchanged { Ok(()) } else { Err(Refusal::InvalidToken(TokenDefect::Revoked)) }
    }

    /// What anyone could guess about the account: its password may not be made of it (PWD-06).
    pub fn guesses(&self) -> Vec<Guess<'_>> {
        guesses(
            self.username.as_deref(),
            self.email.as_deref(),
            self.phone.as_deref(),
            &self.profile,
        )
    }
}

/// What anyone could guess about an account, registered or about to be.
pub fn guesses<'a>(
    username: Option<&'a str>,
    email: Option<&'a str>,
    phone: Option<&'a str>,
    profile: &'a Profile,
) -> Vec<Guess<'a>> {
    let parts = email.and_then(|email| email.split_once('@'));
    let whole = [
        (Field::Username, username),
        (Field::Email, email),
        (Field::Phone, phone),
        (Field::FirstName, Some(profile.first_name.as_str())),
        (Field::LastName, Some(profile.last_name.as_str())),
    ];
    let whole = whole.into_iter().filter_map(|(field, text)| Some(Guess::of(field, text?)));
    let parts = parts.into_iter().flat_map(|(local, domain)| [local, domain]).map(Guess::from);
    whole.chain(parts).collect()
}

/// How long a deleted account can be restored unless configured otherwise.
pub const DEFAULT_RESTORATION_WINDOW: Duration = Duration::from_hours(30 * 24);

/// The identifiers of an account about to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identifiers {
    pub username: Option<crate::username::Username>,
    pub email: Option<Email>,
    pub phone: Option<crate::phone::Phone>,
}

impl Identifiers {
    pub fn is_empty(&self) -> bool {
        self.username.is_none() && self.email.is_none() && self.phone.is_none()
    }
}

/// Whether an account showed that an address is its own, or has none to show. Of each address:
/// whether there is one, and whether it is verified.
pub fn has_shown_address(addresses: [(bool, bool); 2]) -> bool {
    let has_any = addresses.iter().any(|(is_there, _)| *is_there);
    addresses.iter().any(|(_, is_verified)| *is_verified) || !has_any
}
