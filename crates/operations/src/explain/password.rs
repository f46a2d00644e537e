//! The password, and the guesses that it endured.

use domain::attempts::{Attempts, BRAKE, BRAKE_WINDOW};
use domain::{Event, Status, Timestamp};
use storage::{Read, passwords};

use super::finding::Severity::{self, Blocking, Info, Warning};
use super::{Asked, Finding};
use crate::error::Result;
use crate::passwords::Whose;

pub(super) async fn find(asked: &Asked<'_>, read: &mut Read) -> Result<Vec<Finding>> {
    let (services, id) = (asked.services, asked.user.id);
    if asked.user.status == Status::Purged {
        return Ok(Vec::new());
    }
    if passwords::find(read, id).await?.is_none() {
        let text = "the account has no password";
        return Ok(vec![Finding::new("password_missing", Blocking, text)]);
    }
    let strangers = services.attempts_at(read, Whose::Account(id)).await?;
    let devices = services.attempts_at(read, Whose::KnownDevice(id)).await?;
    let failed = asked.newest(read, &Event::SignInFailed { failures: 0 }).await?;
    let disabled = asked.newest(read, &Event::PasswordDisabled).await?;
    let told =
        Told { failed: failed.map(|event| event.at), disabled: disabled.map(|event| event.at) };
    let now = asked.ctx.now;
    let mut findings = line(now, &told, &strangers, Blocking, "from devices that are not known");
    findings.extend(line(now, &told, &devices, Warning, "from devices that are known"));
    Ok(findings)
}

/// When the log told of it last.
struct Told {
    failed: Option<Timestamp>,
    disabled: Option<Timestamp>,
}

/// Guesses from one kind of device.
fn line(
    now: Timestamp,
    told: &Told,
    attempts: &Attempts,
    severity: Severity,
    whence: &str,
) -> Vec<Finding> {
    let failures = attempts.failures;
    let mut findings = Vec::new();
    if attempts.is_disabled() {
        let text = format!(
            "{failures} wrong passwords {whence}: no password is right there until one is set anew"
        );
        findings.push(Finding::new("password_disabled", severity, text).since(told.disabled));
    }
    if attempts.blocked_until > now {
        let text = format!("{failures} wrong passwords {whence}: also the right one has to wait");
        let finding = Finding::new("sign_in_delayed", severity, text).since(told.failed);
        findings.push(finding.until(attempts.blocked_until));
    } else if failures > 0 && !attempts.is_disabled() {
        let text = format!("{failures} wrong passwords in a row {whence}");
        findings.push(Finding::new("wrong_passwords", Info, text).since(told.failed));
    }
    let brake_ends = attempts.braked_since + BRAKE_WINDOW;
    if attempts.braked >= BRAKE && brake_ends > now {
        let text = "the current password was wrong too often, where a change asks for it";
        let finding = Finding::new("current_password_braked", Warning, text);
        findings.push(finding.since(Some(attempts.braked_since)).until(brake_ends));
    }
    findings
}
