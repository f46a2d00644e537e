//! One-time codes that were guessed at.

use storage::{Read, confirmations};

use super::finding::Severity::{Info, Warning};
use super::{Asked, Finding};
use crate::error::Result;

pub(super) async fn find(asked: &Asked<'_>, read: &mut Read) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for (purpose, endurance) in confirmations::of_user(read, asked.user.id).await? {
        let (name, failures) = (purpose.as_str(), endurance.failures);
        let base = asked.ctx.policy.codes.of(purpose);
        if endurance.digits(purpose, base, false, asked.ctx.now).is_none() {
            let text = format!(
                "codes for {name} are off after {failures} wrong ones: what is sent has a link alone \
                 until one is used"
            );
            findings.push(Finding::new("codes_off", Warning, text));
        } else if failures > 0 {
            let text = format!("{failures} wrong codes for {name} in a row");
            findings.push(Finding::new("code_failures", Info, text));
        }
        if let Err(retry_after) = endurance.take_guess(purpose, asked.ctx.now) {
            let text =
                format!("too many wrong codes for {name}: no other is looked at for a while");
            let finding = Finding::new("codes_delayed", Warning, text);
            findings.push(finding.until(asked.ctx.now + retry_after));
        }
    }
    Ok(findings)
}
