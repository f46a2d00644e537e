//! Which server takes our mail, and how it is talked to.

use std::str::FromStr;

use url::{Host, Url};

/// `smtps://user:password@host`, `smtp://host?tls=required` (STARTTLS), or `smtp://host` for a server
/// on this machine.
#[derive(Clone)]
pub struct SmtpTarget {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) security: Security,
    /// Of the URL.
    pub credentials: Option<(String, String)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Security {
    None,
    /// Or nothing is sent.
    StartTls,
    /// From the first byte.
    Implicit,
}

/// What is wrong with the URL; it quotes nothing of it.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct TargetError(&'static str);

impl FromStr for SmtpTarget {
    type Err = TargetError;

    fn from_str(text: &str) -> Result<Self, TargetError> {
        let url = Url::parse(text).map_err(|_| TargetError("is not a URL"))?;
        let options: Vec<_> = url.query_pairs().collect();
        let security = match (url.scheme(), options.as_slice()) {
            ("smtp", []) => Security::None,
            ("smtp", [(name, value)]) if name == "tls" && value == "required" => Security::StartTls,
            ("smtps", []) => Security::Implicit,
            ("smtps", _) => return Err(TargetError("takes no options after smtps://")),
            ("smtp", _) => return Err(TargetError("takes no option but tls=required")),
            _ => return Err(TargetError("must begin with smtp:// or smtps://")),
        };
        let host = match url.host() {
            Some(Host::Domain("")) | None => return Err(TargetError("names no host")),
            Some(Host::Domain(name)) => name.to_owned(),
            Some(Host::Ipv4(address)) => address.to_string(),
            Some(Host::Ipv6(address)) => address.to_string(),
        };
        if !matches!(url.path(), "" | "/") {
            return Err(TargetError("must end after host and port"));
        }
        let port = url.port().unwrap_or(match security {
            Security::None => 25,
            Security::StartTls => 587,
            Security::Implicit => 465,
        });
        let credentials = match (url.username(), url.password()) {
            ("", None) => None,
            (_, None) => return Err(TargetError("names a user without a password")),
            (user, Some(password)) => Some((decoded(user)?, decoded(password)?)),
        };
        Ok(Self { host, port, security, credentials })
    }
}

impl SmtpTarget {
    pub fn is_encrypted(&self) -> bool {
        self.security != Security::None
    }

    /// As operators know it.
    pub(super) fn name(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

/// What stands between two `=` of a form is read alike, but for the plus that means a space there.
fn decoded(text: &str) -> Result<String, TargetError> {
    let form = format!("={}", text.replace('+', "%2B"));
    let mut pairs = url::form_urlencoded::parse(form.as_bytes());
    let (_, value) = pairs.next().unwrap_or_default();
    if value.contains(['\u{fffd}', '\0']) {
        return Err(TargetError("holds a user or a password that is not UTF-8"));
    }
    Ok(value.into_owned())
}
