//! An example of a message, as a mail that could be sent.

use domain::text::parse_locale;
use operations::mail::{KINDS, Kind, Rendered, TemplateProblem, Templates};
use operations::ports::OutgoingMail;

use crate::assemble::World;
use crate::cli::outcome::{Failure, Outcome};

pub(super) fn kind(name: &str) -> Outcome<Kind> {
    let found = KINDS.iter().find(|kind| kind.name == name).copied();
    found.ok_or_else(|| {
        Failure::Usage(format!("there is no message {name:?}: `vestibule mail list` shows them"))
    })
}

/// The language of ours that `--locale` asks for; none where it asks for none.
pub(super) fn language<'a>(
    templates: &'a Templates,
    asked: Option<&str>,
) -> Outcome<Option<&'a str>> {
    let Some(tag) = asked else { return Ok(None) };
    let spoken = parse_locale(tag).ok().and_then(|tag| templates.spoken(&tag));
    spoken.map(Some).ok_or_else(|| {
        let known = templates.languages().join(", ");
        Failure::Usage(format!("there are no messages in {tag:?}, only in {known}"))
    })
}

/// Under an id of its own: mailboxes show the second of one `Message-ID` to nobody.
pub(super) fn mail(kind: Kind, rendered: Rendered, to: &str) -> OutgoingMail {
    let world = World::system();
    let now = world.clock.now();
    OutgoingMail {
        id: domain::JobId::new(now, world.entropy.bytes()).to_string(),
        message: kind.name,
        locale: Some(rendered.language),
        to: to.to_owned(),
        subject: rendered.subject,
        text: rendered.text,
        html: rendered.html,
        now,
    }
}

/// The configuration has rendered them all already.
pub(super) fn broken(problem: &TemplateProblem) -> Failure {
    Failure::Failed(anyhow::anyhow!("{problem}"))
}
