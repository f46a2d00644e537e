//! Sessions that ended lately, why and by whom; with them their tokens.

use std::time::Duration;

use domain::session::EndReason;
use domain::{Event, RoleName};
use storage::{Read, sessions};

use super::finding::Severity::{Info, Warning};
use super::{Asked, Finding};
use crate::error::Result;

/// What is older, nobody wonders about.
const LATELY: Duration = Duration::from_hours(7 * 24);
const MOST: i64 = 100;

pub(super) async fn find(asked: &Asked<'_>, read: &mut Read) -> Result<Vec<Finding>> {
    let since = asked.ctx.now - LATELY;
    let mut ended = sessions::list_ended(read, asked.user.id, since, MOST).await?;
    let mut findings = Vec::new();
    while let Some(first) = ended.first().cloned() {
        let is_same = |other: &sessions::EndedSession| {
            (other.ended_at, &other.reason) == (first.ended_at, &first.reason)
        };
        let count = ended.iter().filter(|other| is_same(other)).count();
        ended.retain(|other| !is_same(other));
        let is_own = [EndReason::SignedOut, EndReason::SignedOutEverywhere]
            .iter()
            .any(|reason| reason.as_str() == first.reason);
        let text = match count {
            1 => format!("a session on {} ended: {}", first.surface, first.reason),
            _ => format!("{count} sessions ended: {}", first.reason),
        };
        let severity = if is_own { Info } else { Warning };
        // What ended them was written down at the same time.
        let mut at_once = asked.events.iter().filter(|event| event.at == first.ended_at);
        let cause = at_once.find(|event| event.action.contains(cause_of(&first.reason)));
        let finding = Finding::new("sessions_ended", severity, text).caused_by(cause);
        findings.push(finding.since(Some(first.ended_at)));
    }
    findings.extend(roles_changed(asked, read).await?);
    Ok(findings)
}

/// What the name of the event has in it that ends sessions for this reason.
fn cause_of(reason: &str) -> &'static str {
    let named = [
        (EndReason::SignedOut, "signed_out"),
        (EndReason::PasswordChanged, "password_changed"),
        (EndReason::SetByOperator, "password_changed"),
        (EndReason::EmailChanged, "email_changed"),
        (EndReason::AccountBlocked, "user.blocked"),
        (EndReason::AccountDeleted, "user.deleted"),
        (EndReason::RolesChanged, "role_revoked"),
        (EndReason::RefreshReplayed, "refresh_replayed"),
    ];
    let known = named.into_iter().find(|(known, _)| known.as_str() == reason);
    known.map_or("revoked", |(_, name)| name)
}

async fn roles_changed(asked: &Asked<'_>, read: &mut Read) -> Result<Option<Finding>> {
    let role = RoleName::new(RoleName::USER);
    let granted = asked.newest(read, &Event::RoleGranted { role: role.clone() }).await?;
    let revoked = asked.newest(read, &Event::RoleRevoked { role }).await?;
    let last = granted.into_iter().chain(revoked).max_by_key(|event| event.at);
    let Some(changed) = last.filter(|event| event.at >= asked.ctx.now - LATELY) else {
        return Ok(None);
    };
    let text = "roles changed: access tokens from before are refused until they are refreshed";
    Ok(Some(Finding::new("roles_changed", Info, text).caused_by(Some(&changed))))
}
