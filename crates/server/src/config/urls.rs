//! URLs in settings: which are local, which are encrypted, and how to show them.

use std::net::IpAddr;

use url::Url;

use super::secrets::REDACTED;

/// Where people and browsers reach something: `http(s)://host[:port][/path]`. Messages do not
/// quote the text, since a password may stand in it.
pub(super) fn web_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| format!("is not a URL: {error}"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("must begin with http:// or https://".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("must not hold a user name or a password".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("must end before any ? or #".to_owned());
    }
    Ok(url)
}

/// `https://app.example.org`: scheme, host and port as a browser sends them in `Origin`.
pub(super) fn origin(text: &str) -> Result<String, String> {
    if text == "*" || text == "null" {
        return Err("only exact origins can be trusted with cookies, no * and no null".to_owned());
    }
    let url = web_url(text)?;
    let origin = url.origin().ascii_serialization();
    if origin == text {
        Ok(origin)
    } else {
        Err(format!("is not exactly what a browser sends: write {origin}"))
    }
}

/// Whether the connection stays on this machine: loopback, or a socket in the file system.
pub(super) fn is_local(url: &Url) -> bool {
    let socket = url.query_pairs().any(|(name, value)| name == "host" && value.starts_with('/'));
    let host = url.host_str().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let is_loopback = host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    socket || is_loopback || matches!(host, "" | "localhost") || host.starts_with("%2F")
}

/// Whether the URL makes its client use TLS and check the other side's name (CFG-02).
pub(super) fn is_encrypted(url: &Url) -> bool {
    let option = |names: &[&str], values: &[&str]| {
        url.query_pairs().any(|(name, value)| {
            names.contains(&&*name) && values.contains(&value.to_ascii_lowercase().as_str())
        })
    };
    match url.scheme() {
        "https" | "smtps" => true,
        "rediss" => url.fragment() != Some("insecure"),
        "smtp" => option(&["tls"], &["required"]),
        "postgres" | "postgresql" => option(&["sslmode", "ssl-mode"], &["verify-full"]),
        "mysql" => option(&["sslmode", "ssl-mode"], &["verify_identity"]),
        _ => false,
    }
}

/// The URL with everything hidden that may be secret: the password and all options.
pub(super) fn without_secrets(text: &str) -> String {
    // Our only scheme without `//`: a path, but old habits may put a key into its options.
    if let Some(path) = text.strip_prefix("sqlite:") {
        return match path.split_once('?') {
            Some((path, _)) => format!("sqlite:{path}?{REDACTED}"),
            None => text.to_owned(),
        };
    }
    let Some(url) = Url::parse(text).ok().filter(Url::has_host) else {
        return REDACTED.to_owned();
    };
    let user = url.username();
    let credentials = match (user, url.password()) {
        ("", None) => String::new(),
        (user, None) => format!("{user}@"),
        (user, Some(_)) => format!("{user}:{REDACTED}@"),
    };
    let host = url.host_str().unwrap_or_default();
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let options = if url.query().is_some() || url.fragment().is_some() {
        format!("?{REDACTED}")
    } else {
        String::new()
    };
    format!("{}://{credentials}{host}{port}{}{options}", url.scheme(), url.path())
}
