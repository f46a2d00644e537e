//! An SMTP server of this test's own, which records what it received and misbehaves when told to.

mod received;

use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;
use tokio::time::{sleep, timeout};

pub use received::ReceivedMail;

use crate::certificates::{Authority, Certificate};
use crate::python::Program;

const RECORDER: &str = include_str!("recorder.py");
/// What a test waits for comes in milliseconds; this is only for the case that it never comes.
const PATIENCE: Duration = Duration::from_mins(1);

/// Where it is reached: its certificate is for this name.
const HOST: &str = "localhost";

pub struct SmtpServer {
    program: Program,
    authority: Authority,
    port: u16,
    security: SmtpSecurity,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpSecurity {
    Plain,
    /// No command is taken before it.
    StartTls,
    /// From the first byte.
    Implicit,
}

/// What the server does from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpMode {
    Accept,
    /// 451 to the first tries for each recipient.
    Greylist {
        times: u32,
    },
    /// 550 to each recipient, whose address it repeats.
    Refuse,
    /// 554 to each recipient: the server does not serve us.
    RefuseRelay,
    RefuseSender,
    /// 554 to what the mail says.
    RefuseContent,
    /// 421 to everything.
    Busy,
    /// So long between two bytes of each answer.
    Slow {
        pause: Duration,
    },
    /// Takes connections and says nothing.
    Hang,
    /// Records each mail and hangs up instead of saying so.
    Drop,
}

/// A server about to start.
#[derive(Default)]
pub struct SmtpServerBuilder {
    security: Option<SmtpSecurity>,
    user: Option<(String, String)>,
    without_smtputf8: bool,
    without_8bitmime: bool,
    is_expired: bool,
    other_name: Option<String>,
}

impl SmtpServerBuilder {
    #[must_use]
    pub fn security(self, security: SmtpSecurity) -> Self {
        Self { security: Some(security), ..self }
    }

    /// Takes mail from nobody but this user.
    #[must_use]
    pub fn user(self, name: &str, password: &str) -> Self {
        Self { user: Some((name.to_owned(), password.to_owned())), ..self }
    }

    #[must_use]
    pub fn without_smtputf8(self) -> Self {
        Self { without_smtputf8: true, ..self }
    }

    #[must_use]
    pub fn without_8bitmime(self) -> Self {
        Self { without_8bitmime: true, ..self }
    }

    #[must_use]
    pub fn expired_certificate(self) -> Self {
        Self { is_expired: true, ..self }
    }

    #[must_use]
    pub fn certificate_of(self, other: &str) -> Self {
        Self { other_name: Some(other.to_owned()), ..self }
    }

    pub fn start(self) -> SmtpServer {
        let authority = Authority::default();
        let name = self.other_name.as_deref().unwrap_or(HOST);
        let Certificate { certificate, key } =
            if self.is_expired { authority.expired(name) } else { authority.certificate(name) };
        let security = self.security.unwrap_or(SmtpSecurity::Plain);
        let (user, password) = self.user.unzip();
        let settings = json!({
            "tls": security.as_str(),
            "certificate": certificate,
            "key": key,
            "user": user,
            "password": password,
            "smtputf8": !self.without_smtputf8,
            "without_8bitmime": self.without_8bitmime,
        });
        let (program, port) = Program::start(RECORDER, &settings);
        SmtpServer { program, authority, port, security }
    }
}

impl SmtpServer {
    /// Plain, for anybody.
    pub fn start() -> Self {
        Self::with().start()
    }

    pub fn with() -> SmtpServerBuilder {
        SmtpServerBuilder::default()
    }

    /// As `mail.smtp_url` names it, without a user.
    pub fn url(&self) -> String {
        let port = self.port;
        match self.security {
            SmtpSecurity::Plain => format!("smtp://{HOST}:{port}"),
            SmtpSecurity::StartTls => format!("smtp://{HOST}:{port}?tls=required"),
            SmtpSecurity::Implicit => format!("smtps://{HOST}:{port}"),
        }
    }

    /// Who vouches for its certificate.
    pub fn ca_file(&self) -> PathBuf {
        self.authority.file()
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn mode(&self, mode: SmtpMode) {
        let _port: u16 = self.program.ask(&mode.command());
    }

    /// Takes no connections any more and hangs up on all; what it recorded is kept.
    pub fn stop(&self) {
        let _port: u16 = self.program.ask(&json!({ "do": "stop" }));
    }

    /// Again on the same port, after [`Self::stop`].
    pub fn start_again(&self) {
        let port: u16 = self.program.ask(&json!({ "do": "start" }));
        assert_eq!(port, self.port, "nobody else took it");
    }

    /// Ends every connection, and takes new ones.
    pub fn hang_up(&self) {
        let _port: u16 = self.program.ask(&json!({ "do": "hang_up" }));
    }

    /// Every mail so far, oldest first.
    pub fn mails(&self) -> Vec<ReceivedMail> {
        self.program.ask(&json!({ "do": "mails" }))
    }

    /// How many connections it was asked for so far.
    pub fn connections(&self) -> u32 {
        self.program.ask(&json!({ "do": "connections" }))
    }

    /// What clients said before their mails, in order: `EHLO name`, `AUTH PLAIN …`, `MAIL FROM:<…>`.
    pub fn said(&self) -> Vec<String> {
        let said: Vec<(u32, String)> = self.program.ask(&json!({ "do": "said" }));
        said.into_iter().map(|(_, words)| words).collect()
    }

    /// At least `count` mails, as soon as they are there.
    pub async fn wait_for(&self, count: usize) -> Vec<ReceivedMail> {
        let waiting = async {
            loop {
                let mails = self.mails();
                if mails.len() >= count {
                    return mails;
                }
                sleep(Duration::from_millis(20)).await;
            }
        };
        let found = timeout(PATIENCE, waiting).await;
        found.unwrap_or_else(|_| panic!("{} of {count} mails came", self.mails().len()))
    }
}

impl SmtpSecurity {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::StartTls => "starttls",
            Self::Implicit => "implicit",
        }
    }
}

impl SmtpMode {
    fn command(self) -> serde_json::Value {
        let mut command = json!({ "do": "mode", "mode": self.as_str() });
        match self {
            Self::Greylist { times } => command["times"] = times.into(),
            Self::Slow { pause } => command["pause"] = pause.as_secs_f64().into(),
            Self::Accept
            | Self::Refuse
            | Self::RefuseRelay
            | Self::RefuseSender
            | Self::RefuseContent
            | Self::Busy
            | Self::Hang
            | Self::Drop => {}
        }
        command
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Greylist { .. } => "greylist",
            Self::Refuse => "refuse",
            Self::RefuseRelay => "refuse_relay",
            Self::RefuseSender => "refuse_sender",
            Self::RefuseContent => "refuse_content",
            Self::Busy => "busy",
            Self::Slow { .. } => "slow",
            Self::Hang => "hang",
            Self::Drop => "drop",
        }
    }
}
