//! The state of the account, and who put it into that.

use domain::{Event, Status, Surface, Timestamp};
use storage::{Read, blocks, purge_receipts};

use super::finding::Severity::{Blocking, Info};
use super::{Asked, By, Finding};
use crate::error::Result;

pub(super) async fn find(asked: &Asked<'_>, read: &mut Read) -> Result<Vec<Finding>> {
    let user = asked.user;
    let mut findings = Vec::new();
    match user.status {
        Status::Active => {}
        Status::Blocked { until: Some(until) } if until <= asked.ctx.now => {}
        Status::Blocked { until } => findings.push(blocked(asked, read, until).await?),
        Status::Deleted { purge_at } => {
            let deleted = asked.newest(read, &Event::UserDeleted { purge_at: None }).await?;
            let text = if purge_at > asked.ctx.now {
                "the account is deleted; it can be restored until it is erased"
            } else {
                "the account is deleted for good; its data is about to be erased"
            };
            let finding = Finding::new("account_deleted", Blocking, text);
            findings.push(finding.until(purge_at).caused_by(deleted.as_ref()));
        }
        Status::Purged => {
            let receipt = purge_receipts::find(read, user.id).await?;
            let text = "the account was deleted, and its data is erased";
            findings.push(Finding {
                since: receipt.as_ref().map(|receipt| receipt.purged_at),
                by: receipt.map(|receipt| By { actor: receipt.deleted_by, id: None }),
                ..Finding::new("account_erased", Blocking, text)
            });
            return Ok(findings);
        }
    }
    let policy = asked.services.policy(Surface::Native);
    if user.ensure_verified(policy).is_err() {
        let text = "no address of the account is verified, and nobody signs in before one is";
        findings.push(Finding::new("verification_needed", Blocking, text));
    }
    let mut unverified = |code, text: &str| findings.push(Finding::new(code, Info, text));
    if user.email.is_some() && !user.email_verified {
        unverified("email_unverified", "the e-mail address is not verified");
    }
    if user.pending_email.is_some() {
        let text = "a new e-mail address waits to be verified; signing in takes the one so far";
        unverified("email_pending", text);
    }
    if user.phone.is_some() && !user.phone_verified {
        unverified("phone_unverified", "the phone number is not verified");
    }
    Ok(findings)
}

async fn blocked(asked: &Asked<'_>, read: &mut Read, until: Option<Timestamp>) -> Result<Finding> {
    let event = asked.newest(read, &Event::UserBlocked { until: None }).await?;
    let reason = blocks::find(read, asked.user.id).await?.and_then(|block| block.reason);
    let text = match reason {
        Some(reason) => format!("an administrator blocked the account: {reason}"),
        None => "an administrator blocked the account".to_owned(),
    };
    let finding = Finding::new("account_blocked", Blocking, text).caused_by(event.as_ref());
    Ok(Finding { until, ..finding })
}
