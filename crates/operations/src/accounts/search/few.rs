//! Whether some index names few enough accounts to look at all of them at once.
//!
//! Where few fit, a walk in the order that is asked for would find them late; where many do, it
//! finds a page at once. So the indexes are asked how many they name, no further than [`FEW`].

use std::collections::BTreeMap;

use domain::{RoleName, StatusKind};
use storage::users::{self, Candidate, Narrow};

use super::FEW;
use super::filter::UserFilter;
use crate::error::Result;
use crate::services::Services;

/// Everybody who fits, in no order.
pub(in crate::accounts) struct Few(pub(super) Vec<Candidate>);

impl Few {
    pub(in crate::accounts) fn count(&self) -> usize {
        self.0.len()
    }
}

/// `None` when no index names few enough.
pub(in crate::accounts) async fn few(
    services: &Services,
    filter: &UserFilter,
) -> Result<Option<Few>> {
    let (role, statuses) = (filter.role(), filter.statuses());
    let mut read = services.store.read().await?;
    let mut best: Option<(i64, Vec<Narrow<'_>>)> = None;
    for way in ways(filter, &role, &statuses) {
        let mut count = 0;
        for narrow in &way {
            count += users::count_narrow(&mut read, *narrow, FEW + 1).await?;
        }
        if count <= FEW && best.as_ref().is_none_or(|(least, _)| count < *least) {
            best = Some((count, way));
        }
    }
    let Some((_, way)) = best else { return Ok(None) };
    let mut found = BTreeMap::new();
    for narrow in way {
        for one in users::narrow(&mut read, narrow, &role, FEW).await? {
            found.insert(one.number, one);
        }
    }
    Ok(Some(Few(found.into_values().filter(|one| filter.fits(one)).collect())))
}

/// Each way names everybody who fits, and others.
fn ways<'a>(
    filter: &'a UserFilter,
    role: &'a RoleName,
    statuses: &[StatusKind],
) -> Vec<Vec<Narrow<'a>>> {
    let mut ways = Vec::new();
    if let Some(prefix) = &filter.search {
        let names = [Narrow::Username(prefix.username()), Narrow::Email(prefix.email())];
        ways.push(names.into_iter().chain(prefix.phone().map(Narrow::Phone)).collect());
    }
    if filter.role.is_some() {
        ways.push(vec![Narrow::Role(role)]);
    }
    // Nearly everybody is active.
    if !statuses.contains(&StatusKind::Active) {
        ways.push(statuses.iter().map(|kind| Narrow::Status(*kind)).collect());
    }
    if filter.created.is_bounded() {
        let (from, before) = filter.created.ends();
        ways.push(vec![Narrow::CreatedAt(from, before)]);
    }
    if filter.last_login.is_bounded() {
        let (from, before) = filter.last_login.ends();
        ways.push(vec![Narrow::LastLoginAt(from, before)]);
    }
    ways
}
