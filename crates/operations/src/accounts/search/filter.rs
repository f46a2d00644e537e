//! Which accounts are looked for.

use domain::{Fragment, Prefix, RoleName, StatusKind, Timestamp};
use storage::users::Candidate;

/// What is not asked for fits everybody, but for the state: without one, whoever is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserFilter {
    /// Some identifier begins so.
    pub search: Option<Prefix>,
    /// Some identifier, or the first or last name, holds this.
    pub contains: Option<Fragment>,
    /// Purged accounts are never found.
    pub statuses: Vec<StatusKind>,
    pub role: Option<RoleName>,
    /// False is an address that is not verified, not the lack of one.
    pub email_verified: Option<bool>,
    pub phone_verified: Option<bool>,
    pub created: Span,
    /// Whoever never signed in is in no span.
    pub last_login: Span,
}

/// From a moment on, and before another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    pub from: Option<Timestamp>,
    pub before: Option<Timestamp>,
}

impl Span {
    pub(super) fn is_bounded(self) -> bool {
        self != Self::default()
    }

    pub(super) fn contains(self, at: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= at) && self.before.is_none_or(|before| at < before)
    }

    /// Where it begins and ends, in any case.
    pub(super) fn ends(self) -> (Timestamp, Timestamp) {
        let first = self.from.unwrap_or(Timestamp::from_micros(i64::MIN));
        (first, self.before.unwrap_or(Timestamp::from_micros(i64::MAX)))
    }

    fn fits(self, at: Option<Timestamp>) -> bool {
        !self.is_bounded() || at.is_some_and(|at| self.contains(at))
    }
}

impl UserFilter {
    /// Nobody is there twice.
    pub(super) fn statuses(&self) -> Vec<StatusKind> {
        const THERE: [StatusKind; 2] = [StatusKind::Active, StatusKind::Blocked];
        let asked = if self.statuses.is_empty() { &THERE } else { self.statuses.as_slice() };
        let known = StatusKind::ALL.into_iter().filter(|kind| *kind != StatusKind::Purged);
        known.filter(|kind| asked.contains(kind)).collect()
    }

    /// The one state that is asked for, where an index leads past nearly everybody else.
    pub(super) fn rare_status(&self) -> Option<StatusKind> {
        match self.statuses().as_slice() {
            [status @ (StatusKind::Blocked | StatusKind::Deleted)] => Some(*status),
            _ => None,
        }
    }

    /// The role that candidates are asked for; nobody holds the nameless one.
    pub(super) fn role(&self) -> RoleName {
        self.role.clone().unwrap_or_else(|| RoleName::new(""))
    }

    /// Whether it asks for states and nothing else.
    pub(super) fn is_of_statuses(&self) -> bool {
        *self == Self { statuses: self.statuses.clone(), ..Self::default() }
    }

    pub(super) fn fits(&self, one: &Candidate) -> bool {
        self.statuses().contains(&one.status)
            && (self.role.is_none() || one.holds_role)
            && is_verified(self.email_verified, one.email.is_some(), one.email_verified)
            && is_verified(self.phone_verified, one.phone.is_some(), one.phone_verified)
            && self.created.fits(Some(one.created_at))
            && self.last_login.fits(one.last_login_at)
            && self.search.as_ref().is_none_or(|prefix| begins(prefix, one))
            && self.contains.as_ref().is_none_or(|fragment| holds(fragment, one))
    }

    /// What tells it apart from every other, for the seal of a cursor.
    pub(in crate::accounts) fn parts(&self) -> Vec<String> {
        let time = |at: Option<Timestamp>| at.map_or_else(String::new, Timestamp::to_rfc3339);
        let flag = |flag: Option<bool>| format!("{flag:?}");
        let statuses: Vec<&str> = self.statuses().iter().map(|kind| kind.as_str()).collect();
        vec![
            format!("{:?}", self.search),
            format!("{:?}", self.contains),
            statuses.join(" "),
            self.role().as_str().to_owned(),
            flag(self.email_verified),
            flag(self.phone_verified),
            time(self.created.from),
            time(self.created.before),
            time(self.last_login.from),
            time(self.last_login.before),
        ]
    }
}

fn is_verified(asked: Option<bool>, is_there: bool, is_verified: bool) -> bool {
    asked.is_none_or(|asked| is_there && asked == is_verified)
}

fn begins(prefix: &Prefix, one: &Candidate) -> bool {
    let starts =
        |key: &Option<String>, with: &str| key.as_deref().is_some_and(|key| key.starts_with(with));
    starts(&one.username_key, prefix.username())
        || starts(&one.email_key, prefix.email())
        || prefix.phone().is_some_and(|phone| starts(&one.phone, phone))
}

fn holds(fragment: &Fragment, one: &Candidate) -> bool {
    one.username_key.as_deref().is_some_and(|key| fragment.is_in_key(key))
        || one.email_key.as_deref().is_some_and(|key| fragment.is_in_key(key))
        // As it is shown: its domain may have letters that its key spells in ASCII.
        || one.email.as_deref().is_some_and(|email| fragment.is_in(email))
        || one.phone.as_deref().is_some_and(|phone| fragment.is_in_phone(phone))
        || fragment.is_in(&one.first_name)
        || fragment.is_in(&one.last_name)
}
