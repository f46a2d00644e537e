//! What fields were before and after a change. Never passwords, hashes, tokens or codes.

use domain::user::Identifiers;
use domain::{Permission, Profile, Role, RoleName, Status};
use serde_json::{Map, Value, json};
use storage::jobs::State;

/// One field of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedValue {
    pub field: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// The fields of one change that differ.
#[derive(Clone, Debug, Default)]
pub(crate) struct Values(Vec<NewValue>);

#[derive(Clone, Debug)]
struct NewValue {
    field: &'static str,
    before: Option<String>,
    after: Option<String>,
}

impl Values {
    /// What a new account begins with.
    pub(crate) fn of_new(identifiers: &Identifiers, profile: &Profile) -> Self {
        let Identifiers { username, email, phone } = identifiers;
        let filled = |text: &'_ str| (!text.is_empty()).then(|| text.to_owned());
        Self::default()
            .changed("username", None, username.as_ref().map(|name| name.as_str().to_owned()))
            .changed("email", None, email.as_ref().map(|email| email.as_str().to_owned()))
            .changed("phone", None, phone.as_ref().map(|phone| phone.as_str().to_owned()))
            .changed("first_name", None, filled(&profile.first_name))
            .changed("last_name", None, filled(&profile.last_name))
            .changed("locale", None, profile.locale.clone())
    }

    pub(crate) fn of_status(before: Status, after: Status) -> Self {
        let name = |status: Status| Some(status.as_str().to_owned());
        Self::default().changed("status", name(before), name(after))
    }

    pub(crate) fn of_roles(before: &[RoleName], after: &[RoleName]) -> Self {
        let names = |roles: &[RoleName]| {
            let mut names: Vec<&str> = roles.iter().map(RoleName::as_str).collect();
            names.sort_unstable();
            Some(names.join(" "))
        };
        Self::default().changed("roles", names(before), names(after))
    }

    pub(crate) fn of_job(before: State, after: State) -> Self {
        let name = |state: State| Some(state.as_str().to_owned());
        Self::default().changed("state", name(before), name(after))
    }

    /// Where events are sent, and which; none before it was made, none after it was deleted.
    ///
    /// Of an address only the host: what stands behind it may be a secret.
    pub(crate) fn of_webhook(before: Option<(&str, &str)>, after: Option<(&str, &str)>) -> Self {
        let urls = (before.map(|(url, _)| url), after.map(|(url, _)| url));
        let types = |webhook: Option<(&str, &str)>| webhook.map(|(_, types)| types.to_owned());
        let host = |url: Option<&str>| url.map(host_of);
        let (old, mut new) = (host(urls.0), host(urls.1));
        if urls.0 != urls.1 && old == new {
            new = new.map(|host| host + "; another path");
        }
        Self::default().changed("url", old, new).changed("types", types(before), types(after))
    }

    /// A role; none before it was made, none after it was deleted.
    pub(crate) fn of_role(before: Option<&Role>, after: Option<&Role>) -> Self {
        let described = |role: Option<&Role>| role.map(|role| role.description.clone());
        let permitted = |role: Option<&Role>| role.map(|role| names_of(&role.permissions));
        Self::default().changed("description", described(before), described(after)).changed(
            "permissions",
            permitted(before),
            permitted(after),
        )
    }

    pub(crate) fn of_permissions(before: &[Permission], after: &[Permission]) -> Self {
        Self::default().changed("permissions", Some(names_of(before)), Some(names_of(after)))
    }

    /// What is the same as before is left out.
    #[must_use]
    pub(crate) fn changed(
        mut self,
        field: &'static str,
        before: Option<String>,
        after: Option<String>,
    ) -> Self {
        if before != after {
            self.0.push(NewValue { field, before, after });
        }
        self
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What an event may say of it: never values.
    pub(crate) fn fields(&self) -> Vec<&'static str> {
        self.0.iter().map(|it| it.field).collect()
    }

    pub(crate) fn to_json(&self) -> serde_json::Result<String> {
        let fields = self.0.iter().map(|it| (it.field.to_owned(), json!([it.before, it.after])));
        serde_json::to_string(&fields.collect::<Map<String, Value>>())
    }
}

/// In the order of their names, so that the same ones are the same text.
fn names_of(permissions: &[Permission]) -> String {
    let mut names: Vec<&str> = permissions.iter().map(|may| may.as_str()).collect();
    names.sort_unstable();
    names.join(" ")
}

impl ChangedValue {
    pub(super) fn from_json(plain: &[u8]) -> serde_json::Result<Vec<Self>> {
        type Pair = (Option<String>, Option<String>);
        let fields: std::collections::BTreeMap<String, Pair> = serde_json::from_slice(plain)?;
        let value = |(field, (before, after))| Self { field, before, after };
        Ok(fields.into_iter().map(value).collect())
    }
}

fn host_of(url: &str) -> String {
    url::Url::parse(url).map(|url| url.origin().ascii_serialization()).unwrap_or_default()
}
