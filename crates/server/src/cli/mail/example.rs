//! An example of a message, as a mail that could be sent.

use operations::mail::{KINDS, Kind, TemplateProblem, Templates};
use operations::ports::OutgoingMail;

use crate::assemble::World;
use crate::cli::outcome::{Failure, Outcome};

pub(super) fn kind(name: &str) -> Outcome<Kind> {
    let found = KINDS.iter().find(|kind| kind.name == name).copied();
    found.ok_or_else(|| {
        Failure::Usage(format!("there is no message {name:?}: `vestibule mail list` shows them"))
    })
}

/// Under an id of its own: mailboxes show the second of one `Message-ID` to nobody.
pub(super) fn mail(
    templates: &Templates,
    kind: Kind,
    locale: Option<&str>,
    to: &str,
) -> Outcome<OutgoingMail> {
    let world = World::system();
    let now = world.clock.now();
    let rendered = templates.sample(kind, locale).map_err(|problem| broken(&problem))?;
    Ok(OutgoingMail {
        id: domain::JobId::new(now, world.entropy.bytes()).to_string(),
        message: kind.name,
        locale: locale.map(ToOwned::to_owned),
        to: to.to_owned(),
        subject: rendered.subject,
        text: rendered.text,
        html: rendered.html,
        now,
    })
}

/// The configuration has rendered them all already.
pub(super) fn broken(problem: &TemplateProblem) -> Failure {
    Failure::Failed(anyhow::anyhow!("{problem}"))
}
