//! `vestibule mail send-test`

use clap::Args;
use domain::Email;

use super::example;
use crate::assemble::templates;
use crate::cli::block_on;
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::output::say;
use crate::config::{MailTransport, Settings};
use crate::ways::mailer;

#[derive(Debug, Args)]
pub(in crate::cli) struct SendTest {
    /// The address
    #[arg(long, value_name = "ADDRESS")]
    to: String,
    /// Which message; `vestibule mail list` shows them
    #[arg(long, default_value = "welcome")]
    message: String,
    /// The reader's language [default: `mail.default_language`]
    #[arg(long, value_name = "TAG")]
    locale: Option<String>,
}

/// Straight to the transport, beside the queue: its answer is seen at once.
pub(super) fn send_test(settings: &Settings, arguments: &SendTest) -> Outcome {
    let kind = example::kind(&arguments.message)?;
    let to = Email::parse(&arguments.to)
        .map_err(|_| Failure::Usage("--to is not an e-mail address".to_owned()))?;
    let templates = templates(settings)?;
    let language = example::language(&templates, arguments.locale.as_deref())?;
    let rendered = templates.sample(kind, language).map_err(|problem| example::broken(&problem))?;
    let mail = example::mail(kind, rendered, to.as_str());
    let way = match settings.mail.transport {
        MailTransport::Folder => format!("the folder {}", settings.mail.folder.display()),
        MailTransport::Smtp => "the mail server".to_owned(),
        MailTransport::Webhook => "the webhook".to_owned(),
    };
    let mailer = mailer(settings)?;
    block_on(async {
        match mailer.send(&mail).await {
            Ok(()) => say(format!("{way} took {:?} for {}", kind.name, to.as_str())),
            Err(error) => Err(Failure::Failed(anyhow::anyhow!("{way} did not take it: {error}"))),
        }
    })
}
