//! One message, as the mailbox shows it.

use std::path::Path;

use domain::Timestamp;
use domain::confirmation::is_code;
use mailparse::{MailHeaderMap, ParsedMail, parse_mail};
use serde_json::{Value, json};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Mail,
    Sms,
}

impl Kind {
    pub(super) fn of(path: &Path) -> Option<Self> {
        let ending = path.extension()?;
        [Self::Mail, Self::Sms].into_iter().find(|kind| ending == kind.ending())
    }

    pub(super) const fn ending(self) -> &'static str {
        match self {
            Self::Mail => "eml",
            Self::Sms => "sms",
        }
    }

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Sms => "sms",
        }
    }
}

pub(super) struct Entry {
    /// The name of its file, without the ending.
    pub(super) id: String,
    pub(super) kind: Kind,
    pub(super) to: String,
    pub(super) from: Option<String>,
    pub(super) subject: Option<String>,
    /// RFC 3339.
    pub(super) date: String,
    pub(super) text: String,
    pub(super) html: Option<String>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) source: Vec<u8>,
}

impl Entry {
    pub(super) fn parse(path: &Path, source: Vec<u8>) -> Option<Self> {
        let id = path.file_stem()?.to_str()?.to_owned();
        // The transports write the time in front, in microseconds.
        let micros = id.split('-').next().and_then(|micros| micros.parse().ok());
        let date = micros.map(|micros| Timestamp::from_micros(micros).to_rfc3339());
        let date = date.unwrap_or_default();
        match Kind::of(path)? {
            Kind::Sms => {
                let message: Value = serde_json::from_slice(&source).ok()?;
                let field = |name: &str| message[name].as_str().unwrap_or_default().to_owned();
                Some(Self {
                    id,
                    kind: Kind::Sms,
                    to: field("to"),
                    from: None,
                    subject: None,
                    date,
                    text: field("text"),
                    html: None,
                    headers: Vec::new(),
                    source,
                })
            }
            Kind::Mail => {
                let mail = parse_mail(&source).ok()?;
                let header = |name: &str| mail.headers.get_first_value(name);
                let headers = mail.headers.iter();
                Some(Self {
                    id,
                    kind: Kind::Mail,
                    to: header("To").unwrap_or_default(),
                    from: header("From"),
                    subject: header("Subject"),
                    date,
                    text: part(&mail, "text/plain").unwrap_or_default(),
                    html: part(&mail, "text/html"),
                    headers: headers.map(|it| (it.get_key(), it.get_value())).collect(),
                    source,
                })
            }
        }
    }

    /// What stands alone on a line and could be a code; it stands before anything like it.
    pub(super) fn code(&self) -> Option<&str> {
        self.text.lines().map(str::trim).find(|line| is_code(line))
    }

    /// The same for a token.
    pub(super) fn token(&self) -> Option<&str> {
        const LENGTH: usize = 43;
        self.text.lines().map(str::trim).find(|line| {
            line.len() == LENGTH
                && line.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        })
    }

    pub(super) fn link(&self) -> Option<&str> {
        self.text.split_whitespace().find(|word| is_link(word))
    }

    pub(super) fn json(&self) -> Value {
        let headers: Vec<Value> = self
            .headers
            .iter()
            .map(|(name, value)| json!({ "name": name, "value": value }))
            .collect();
        json!({
            "id": self.id,
            "kind": self.kind.word(),
            "to": self.to,
            "from": self.from,
            "subject": self.subject,
            "date": self.date,
            "text": self.text,
            "html": self.html,
            "code": self.code(),
            "token": self.token(),
            "link": self.link(),
            "headers": headers,
        })
    }
}

pub(super) fn is_link(word: &str) -> bool {
    ["http://", "https://"].iter().any(|scheme| word.starts_with(scheme))
}

fn part(mail: &ParsedMail<'_>, kind: &str) -> Option<String> {
    let mut parts = std::iter::once(mail).chain(&mail.subparts);
    let found = parts.find(|part| part.ctype.mimetype == kind)?;
    // As people read it, not as it travels.
    found.get_body().ok().map(|body| body.replace("\r\n", "\n"))
}
