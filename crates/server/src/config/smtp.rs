//! `mail.smtp_…`: the server that takes our mail.

use std::path::PathBuf;
use std::str::FromStr;

use integrations::mail::SmtpTarget;
use secrecy::{ExposeSecret, SecretString};

use super::reader::Reader;
use super::written::quoted;
use super::{Http, Security};

const URL: &str = "mail.smtp_url";
const USERNAME: &str = "mail.smtp_username";
const PASSWORD: &str = "mail.smtp_password";
const CA_FILE: &str = "mail.smtp_ca_file";

#[derive(Clone, Debug)]
pub struct Smtp {
    /// There when mail leaves by SMTP.
    pub url: Option<SecretString>,
    /// Beside those of the URL; both or none.
    pub username: Option<String>,
    pub password: Option<SecretString>,
    /// Whom to trust beside the system's certificates.
    pub ca_file: Option<PathBuf>,
    /// At most so many at a time; as many as the worker has jobs at a time when there is none.
    pub connections: Option<usize>,
    /// How we call ourselves; the name of this machine when there is none.
    pub hello: Option<String>,
}

impl Smtp {
    pub(super) fn read(reader: &mut Reader, security: &Security, http: &Http) -> Self {
        let smtp = Self {
            url: reader.secret_url(URL),
            username: reader.optional_parsed(USERNAME, "text", optional_text),
            password: reader.secret(PASSWORD),
            ca_file: reader.optional_parsed(CA_FILE, "path", |text| Ok(PathBuf::from(text))),
            connections: reader.optional_integer("mail.smtp_connections", 1..=256),
            hello: reader.optional_parsed("mail.smtp_hello", "host name", host_name).or_else(
                || http.public_url.domain().filter(|name| name.contains('.')).map(Into::into),
            ),
        };
        smtp.validate(reader, security);
        smtp
    }

    fn validate(&self, reader: &mut Reader, security: &Security) {
        match (&self.username, &self.password) {
            (Some(_), None) => reader.refuse(PASSWORD, format!("must be set with {USERNAME}")),
            (None, Some(_)) => reader.refuse(USERNAME, format!("must be set with {PASSWORD}")),
            (Some(_), Some(_)) | (None, None) => {}
        }
        let Some(url) = &self.url else { return };
        let how = "begin it with smtps://, or add ?tls=required";
        security.check_connection(reader, URL, url, &["smtp", "smtps"], how);
        match SmtpTarget::from_str(url.expose_secret()) {
            Ok(target) => {
                if target.credentials.is_some() && self.username.is_some() {
                    reader.refuse(USERNAME, format!("a user is also set by {URL}: keep one"));
                }
                if self.ca_file.is_some() && !target.is_encrypted() {
                    reader.refuse(CA_FILE, format!("is for TLS only: {how}"));
                }
            }
            Err(error) => reader.refuse(URL, error.to_string()),
        }
    }
}

fn optional_text(text: &str) -> Result<String, String> {
    Ok(text.to_owned())
}

/// What may stand in a greeting.
fn host_name(text: &str) -> Result<String, String> {
    let is_of_a_name =
        |character: char| character.is_ascii_alphanumeric() || "-._".contains(character);
    if text.len() <= 253 && text.chars().all(is_of_a_name) {
        Ok(text.to_owned())
    } else {
        Err(format!("{} is not a host name", quoted(text)))
    }
}
