//! What a failed exchange means: for this mail, or for all of them.

use std::error::Error;
use std::io;

use lettre::transport::smtp::Error as SmtpError;
use operations::ports::MailError;

use crate::reason::first_line;

/// What was being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Up to the answer to our first words.
    Greeting,
    StartTls,
    SignIn,
    /// `MAIL`: whether we may send at all.
    Sender,
    Recipient,
    Content,
}

/// Whatever is answered before a recipient was named is about us, not about the mail: the operator's
/// to mend. Who is written to can bring about only what is answered later, and thus close the way of
/// no mail but his own.
pub(super) fn failure(server: &str, stage: Stage, error: &SmtpError, hidden: &[&str]) -> MailError {
    let is_about_the_mail = matches!(stage, Stage::Recipient | Stage::Content);
    let Some(code) = error.status().map(u16::from) else {
        let reason = format!("{server} {}", trouble(error));
        return if is_about_the_mail {
            MailError::Unavailable(reason)
        } else {
            MailError::Unreachable(reason)
        };
    };
    let said = error.source().map(ToString::to_string).unwrap_or_default();
    let said = first_line(&said, hidden);
    let reason = format!("{server} answered {code} to {}: {said}", stage.what());
    match code {
        // It wants us to prove who we are first.
        530 | 534 | 535 | 538 => MailError::Unreachable(reason),
        _ if !is_about_the_mail => MailError::Unreachable(reason),
        400..=499 => MailError::Unavailable(reason),
        // It would relay for somebody it knows: no reason to give the mail up, nor to stop others,
        // since some say it of single domains.
        _ if said.to_ascii_lowercase().contains("relay") => MailError::Unavailable(reason),
        _ => MailError::Refused(reason),
    }
}

/// What it is when nothing was answered.
fn trouble(error: &SmtpError) -> String {
    if let Some(error) = tls(error) {
        return format!("cannot be trusted: {}", first_line(&error.to_string(), &[]));
    }
    if error.is_client() {
        // The library's own words: no way to sign in that we have, for one.
        let words = error.source().map(ToString::to_string).unwrap_or_default();
        return format!("cannot be used: {}", first_line(&words, &[]));
    }
    match io_error(error).map(io::Error::kind) {
        Some(io::ErrorKind::ConnectionRefused) => "takes no connections".to_owned(),
        Some(io::ErrorKind::TimedOut) => "is silent".to_owned(),
        Some(
            io::ErrorKind::ConnectionReset
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::UnexpectedEof
            | io::ErrorKind::ConnectionAborted,
        ) => "hung up".to_owned(),
        Some(_) => "cannot be reached".to_owned(),
        // A reply that ends before it is one, or is none of this protocol.
        None => "hung up, or speaks no SMTP".to_owned(),
    }
}

fn tls(error: &SmtpError) -> Option<&rustls::Error> {
    io_error(error)?.get_ref()?.downcast_ref()
}

fn io_error(error: &SmtpError) -> Option<&io::Error> {
    let mut source = error.source();
    while let Some(error) = source {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        source = error.source();
    }
    None
}

impl Stage {
    const fn what(self) -> &'static str {
        match self {
            Self::Greeting => "our greeting",
            Self::StartTls => "STARTTLS",
            Self::SignIn => "our user and password",
            Self::Sender => "the sender",
            Self::Recipient => "the recipient",
            Self::Content => "the mail",
        }
    }
}
