//! The mails and text messages that the owner was sent, and what became of them.

use domain::Status;
use storage::Read;
use storage::jobs::{self, JobRecord, State};

use super::finding::Severity::{Info, Warning};
use super::{Asked, Finding};
use crate::error::Result;

const MOST: i64 = 20;
/// The kinds of jobs, and what they send.
const SENT: [(&str, &str); 2] = [("deliver_mail", "mail"), ("deliver_text", "text message")];

pub(super) async fn find(asked: &Asked<'_>, read: &mut Read) -> Result<Vec<Finding>> {
    let jobs = jobs::of_user(read, asked.user.id, MOST).await?;
    let mut findings: Vec<Finding> = jobs.iter().filter_map(fate).collect();
    if asked.user.email.is_none() && asked.user.status != Status::Purged {
        let text = "the account has no e-mail address: no mail reaches its owner";
        findings.push(Finding::new("email_missing", Info, text));
    }
    Ok(findings)
}

fn fate(job: &JobRecord) -> Option<Finding> {
    let (_, what) = SENT.into_iter().find(|(kind, _)| job.kind == *kind)?;
    let name = job.message.as_deref().unwrap_or("unnamed");
    let reason = job.last_error.as_deref();
    let error = reason.unwrap_or("no reason is known");
    let (attempts, most) = (job.attempts, job.max_attempts);
    Some(match (job.state, reason) {
        (State::Done, Some(reason)) => {
            let text = format!("the {what} {name} was not sent: {reason}");
            Finding::new("mail_needless", Info, text).since(job.finished_at)
        }
        (State::Done, None) => {
            Finding::new("mail_sent", Info, format!("the {what} {name} was handed over"))
                .since(job.finished_at)
        }
        (State::Parked, _) => {
            let text = format!("the {what} {name} was given up after {attempts} attempts: {error}");
            Finding::new("mail_parked", Warning, text).since(Some(job.run_at))
        }
        (State::Ready | State::Running, _) if attempts > 0 => {
            let text = format!("the {what} {name} was tried {attempts} times of {most}: {error}");
            let finding = Finding::new("mail_retried", Warning, text);
            finding.since(Some(job.created_at)).until(job.run_at)
        }
        (State::Ready | State::Running, _) => {
            Finding::new("mail_waiting", Info, format!("the {what} {name} waits for a worker"))
                .since(Some(job.created_at))
        }
    })
}
