//! Requests to services over HTTPS, and what their answers mean.

use std::error::Error;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use operations::ports::{MailError, TextError};
use reqwest::dns::Resolve;
use reqwest::{ClientBuilder, RequestBuilder, StatusCode, Url, redirect};

use crate::reason::first_line;

/// Enough for what is looked for in an answer.
const LONGEST_ANSWER: usize = 16 * 1024;

/// Follows no redirects, which could lead mails elsewhere, and asks no proxy of the environment.
#[derive(Clone)]
pub struct Client(reqwest::Client);

#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ClientError(String);

/// Who looked the name up found nothing that may be reached.
#[derive(Debug, thiserror::Error)]
#[error("leads to no public address")]
pub(crate) struct NoPublicAddress;

/// Why a request was not granted, for one message or for all.
pub(crate) enum Trouble {
    Refused(String),
    Unavailable(String),
    Unreachable(String),
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: String,
}

impl Client {
    /// `authorities`, in PEM, are trusted beside whom the system trusts.
    pub fn new(timeout: Duration, authorities: Option<&[u8]>) -> Result<Self, ClientError> {
        Self::build(reqwest::Client::builder(), timeout, authorities)
    }

    /// The same, for names that are looked up by `resolver`.
    pub(crate) fn resolving(
        timeout: Duration,
        authorities: Option<&[u8]>,
        resolver: Arc<dyn Resolve>,
    ) -> Result<Self, ClientError> {
        let builder = reqwest::Client::builder().dns_resolver(resolver);
        Self::build(builder, timeout, authorities)
    }

    fn build(
        builder: ClientBuilder,
        timeout: Duration,
        authorities: Option<&[u8]>,
    ) -> Result<Self, ClientError> {
        let mut builder = builder
            .timeout(timeout)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .user_agent("vestibule");
        if let Some(pem) = authorities {
            let certificates = reqwest::Certificate::from_pem_bundle(pem);
            let certificates = certificates.map_err(|error| ClientError(error.to_string()))?;
            if certificates.is_empty() {
                return Err(ClientError("no certificate in PEM".to_owned()));
            }
            builder = builder.tls_certs_merge(certificates);
        }
        builder.build().map(Self).map_err(|error| ClientError(chain(&error)))
    }

    pub(crate) fn post(&self, url: Url) -> RequestBuilder {
        self.0.post(url)
    }

    pub(crate) fn get(&self, url: Url) -> RequestBuilder {
        self.0.get(url)
    }

    /// Whether `url` leads to somebody who can be trusted: asks for the head of its first page.
    pub(crate) async fn check(&self, url: &Url) -> Result<String, Trouble> {
        let mut root = url.clone();
        root.set_path("/");
        root.set_query(None);
        let asked = self.0.head(root).send().await;
        let name = name(url);
        asked.map_err(|error| Trouble::Unreachable(format!("{name} {}", trouble(&error))))?;
        Ok(format!("{name} answers"))
    }
}

/// The answer, whatever its status.
pub(crate) async fn ask(name: &str, request: RequestBuilder) -> Result<Answer, Trouble> {
    let failed = |error: reqwest::Error| {
        let reason = format!("{name} {}", trouble(&error));
        // Who takes connections may be slow with this message alone.
        let is_out_of_reach = error.is_connect() || tls(&error).is_some();
        if is_out_of_reach { Trouble::Unreachable(reason) } else { Trouble::Unavailable(reason) }
    };
    let mut response = request.send().await.map_err(failed)?;
    let status = response.status();
    let mut body = Vec::new();
    // A body that breaks off does not undo the status.
    while let Ok(Some(chunk)) = response.chunk().await {
        body.extend_from_slice(&chunk);
        if body.len() >= LONGEST_ANSWER {
            body.truncate(LONGEST_ANSWER);
            break;
        }
    }
    Ok(Answer { status, body: String::from_utf8_lossy(&body).into_owned() })
}

/// What a status means that is none of success. Of what a single message could bring about, nothing
/// closes the way for all.
pub(crate) fn judge(name: &str, answer: &Answer, hidden: &[&str]) -> Result<(), Trouble> {
    let said = first_line(&answer.body, hidden);
    let status = answer.status;
    let reason = format!("{name} answered {}: {said}", status.as_u16());
    let reason = reason.trim_end_matches([':', ' ']).to_owned();
    match status.as_u16() {
        200..=299 => Ok(()),
        // Ours to mend: address, credentials, method; or too much of everything.
        300..=399 | 401 | 402 | 405 | 407 | 502..=504 => Err(Trouble::Unreachable(reason)),
        // Some say it of single recipients.
        403 | 404 | 408 | 410 | 425 | 429 | 500..=599 => Err(Trouble::Unavailable(reason)),
        _ => Err(Trouble::Refused(reason)),
    }
}

/// What of an address may be secret, and is often repeated by who answers under it.
pub(crate) fn secrets_of(url: &Url) -> Vec<String> {
    let path = Some(url.path()).filter(|path| *path != "/");
    path.into_iter().chain(url.query()).map(ToOwned::to_owned).collect()
}

/// Host and port, without what may be secret.
pub(crate) fn name(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

fn trouble(error: &reqwest::Error) -> String {
    if let Some(error) = tls(error) {
        return format!("cannot be trusted: {}", first_line(&error.to_string(), &[]));
    }
    if has_no_public_address(error) {
        return NoPublicAddress.to_string();
    }
    if error.is_timeout() {
        return "is silent or too slow".to_owned();
    }
    let what = if error.is_connect() { "takes no connections" } else { "hung up" };
    what.to_owned()
}

fn has_no_public_address(error: &reqwest::Error) -> bool {
    let mut source = error.source();
    while let Some(error) = source {
        if error.is::<NoPublicAddress>() {
            return true;
        }
        source = error.source();
    }
    false
}

fn tls<'a>(error: &'a reqwest::Error) -> Option<&'a rustls::Error> {
    let mut source: Option<&'a (dyn Error + 'static)> = error.source();
    while let Some(error) = source {
        let inside = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        let found =
            error.downcast_ref().or_else(|| inside.and_then(|inside| inside.downcast_ref()));
        if found.is_some() {
            return found;
        }
        // What an I/O error wraps is not its source, but may have one.
        source = match inside {
            Some(inside) => Some(inside),
            None => error.source(),
        };
    }
    None
}

fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}

impl From<Trouble> for MailError {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Refused(reason) => Self::Refused(reason),
            Trouble::Unavailable(reason) => Self::Unavailable(reason),
            Trouble::Unreachable(reason) => Self::Unreachable(reason),
        }
    }
}

impl From<Trouble> for TextError {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Refused(reason) => Self::Refused(reason),
            Trouble::Unavailable(reason) => Self::Unavailable(reason),
            Trouble::Unreachable(reason) => Self::Unreachable(reason),
        }
    }
}
