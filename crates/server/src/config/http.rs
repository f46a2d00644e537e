//! `[http]`: where the service listens, what it is called outside, and its limits (docs/REQUIREMENTS.md).

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::time::Duration;

use ipnet::IpNet;
use url::Url;

use super::Profile;
use super::reader::Reader;
use super::urls::{is_local, origin, web_url};
use super::written::{as_toml, quoted};
use crate::listener::CertificateFiles;

const TIMEOUT: RangeInclusive<Duration> = Duration::from_millis(10)..=Duration::from_mins(5);
const STOPPING: RangeInclusive<Duration> = Duration::ZERO..=Duration::from_mins(10);
const ADMIN_LISTEN: &str = "http.admin_listen";
const PRODUCTION_GRACE: Duration = Duration::from_secs(5);

#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Http {
    pub listen: SocketAddr,
    /// Where documents and measurements are answered instead (CFG-04).
    pub admin_listen: Option<SocketAddr>,
    /// Under which people and browsers reach the service; links in mail begin with it, never
    /// with what a request claims (RCV-02).
    pub public_url: Url,
    /// With which it speaks TLS itself; none where a proxy does it.
    pub certificate: Option<CertificateFiles>,
    pub allow_public_listen: bool,
    pub allow_plain_public_url: bool,
    pub header_timeout: Duration,
    pub first_byte_timeout: Duration,
    pub body_timeout: Duration,
    pub request_timeout: Duration,
    pub keep_alive: Duration,
    /// How long readiness is false while connections are still accepted.
    pub shutdown_grace: Duration,
    /// From the signal to the exit at most, the grace included.
    pub drain_timeout: Duration,
    pub max_body_bytes: usize,
    pub max_connections: usize,
    /// IPv6 addresses count by /64.
    pub max_connections_per_address: usize,
    /// Exactly as browsers send them.
    pub cors_origins: Vec<String>,
    pub secure_cookies: bool,
    pub cookie_host_prefix: bool,
    /// Only these may say for whom they ask (`X-Forwarded-For`).
    pub trusted_proxies: Vec<IpNet>,
}

impl Http {
    pub(super) fn read(reader: &mut Reader) -> Self {
        let listen = reader.parsed("http.listen", "IP address and port", address);
        let files = reader.optional_files("http.tls_certificate_file", "http.tls_key_file");
        let certificate = files.map(|[certificate, key]| CertificateFiles { certificate, key });
        let speaks_tls = certificate.is_some();
        let public_url = reader.optional_parsed("http.public_url", "URL", web_url);
        let public_url =
            public_url.unwrap_or_else(|| derived_public_url(reader, listen, speaks_tls));
        let http = Self {
            listen,
            admin_listen: reader.optional_parsed(ADMIN_LISTEN, "IP address and port", address),
            certificate,
            allow_public_listen: reader.boolean("http.allow_public_listen"),
            allow_plain_public_url: reader.boolean("http.allow_plain_public_url"),
            header_timeout: reader.duration("http.header_timeout", TIMEOUT),
            first_byte_timeout: reader.duration("http.first_byte_timeout", TIMEOUT),
            body_timeout: reader.duration("http.body_timeout", TIMEOUT),
            request_timeout: reader.duration("http.request_timeout", TIMEOUT),
            keep_alive: reader.duration("http.keep_alive", TIMEOUT),
            shutdown_grace: shutdown_grace(reader),
            drain_timeout: reader.duration("http.drain_timeout", STOPPING),
            max_body_bytes: reader.integer("http.max_body_bytes", 1024..=1_048_576),
            max_connections: reader.integer("http.max_connections", 1..=1_000_000),
            max_connections_per_address: reader
                .integer("http.max_connections_per_address", 1..=1_000_000),
            cors_origins: reader.list("http.cors_origins", "origins", origin),
            secure_cookies: secure_cookies(reader, &public_url),
            cookie_host_prefix: reader.boolean("http.cookie_host_prefix"),
            trusted_proxies: reader.list("http.trusted_proxies", "networks", network),
            public_url,
        };
        http.validate(reader);
        http
    }

    /// The public URL to which paths (`/users/…`) are appended.
    pub fn public_base(&self) -> &str {
        self.public_url.as_str().trim_end_matches('/')
    }

    /// In development, whoever reaches an address is on this machine.
    pub(super) fn ensure_reached_by_few(
        &self,
        reader: &mut Reader,
        key: &'static str,
        address: SocketAddr,
    ) {
        if reader.profile == Profile::Development
            && !self.allow_public_listen
            && !address.ip().is_loopback()
        {
            reader.refuse(
                key,
                format!(
                    "{address} can be reached from other machines, where profile development is \
                     not safe: set profile = \"production\", or http.allow_public_listen = true"
                ),
            );
        }
    }

    fn validate(&self, reader: &mut Reader) {
        self.ensure_reached_by_few(reader, "http.listen", self.listen);
        match self.admin_listen {
            Some(inside) if inside == self.listen => {
                reader.refuse(ADMIN_LISTEN, "must be another than http.listen");
            }
            Some(inside) => self.ensure_reached_by_few(reader, ADMIN_LISTEN, inside),
            None if reader.is_production() && self.certificate.is_some() => reader.warn(
                ADMIN_LISTEN,
                "unset, and without a proxy that keeps it from them strangers read /metrics",
            ),
            None => {}
        }
        if self.certificate.is_some() && self.public_url.scheme() == "http" {
            reader.refuse(
                "http.public_url",
                "must begin with https://: with http.tls_certificate_file nothing is served in plain \
                 HTTP, so links and cookies would lead nowhere",
            );
        }
        let wants_https = !self.allow_plain_public_url;
        if wants_https && self.public_url.scheme() == "http" && !is_local(&self.public_url) {
            reader.refuse_in_production(
                "http.public_url",
                "must begin with https://, or set http.allow_plain_public_url = true",
            );
        }
        let is_plain = |origin: &String| {
            Url::parse(origin).is_ok_and(|url| url.scheme() == "http" && !is_local(&url))
        };
        if wants_https && self.cors_origins.iter().any(is_plain) {
            reader.refuse_in_production("http.cors_origins", "must all begin with https://");
        }
        if !self.secure_cookies && self.public_url.scheme() == "https" {
            reader.refuse_in_production(
                "http.secure_cookies",
                "must not be false: session cookies would travel in the clear",
            );
        }
        if self.cookie_host_prefix && !self.secure_cookies {
            reader.refuse(
                "http.cookie_host_prefix",
                "browsers take __Host- cookies only over https: secure_cookies is false",
            );
        }
        if self.trusted_proxies.iter().any(|network| network.prefix_len() == 0) {
            reader.refuse_in_production(
                "http.trusted_proxies",
                "a network of everybody lets each client choose its address",
            );
        }
        if self.shutdown_grace > self.drain_timeout {
            reader.refuse("http.drain_timeout", "must not be shorter than http.shutdown_grace");
        }
    }
}

pub(super) fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| {
        format!("{} is not an IP address and a port, such as 127.0.0.1:8000", quoted(text))
    })
}

/// A single address is a network of one.
fn network(text: &str) -> Result<IpNet, String> {
    text.parse().or_else(|_| text.parse().map(|address: IpAddr| address.into())).map_err(|_| {
        format!("{} is neither a network, such as 10.0.0.0/8, nor an address", quoted(text))
    })
}

fn derived_public_url(reader: &mut Reader, listen: SocketAddr, speaks_tls: bool) -> Url {
    let is_any = listen.ip().is_unspecified();
    let address = if is_any { Ipv4Addr::LOCALHOST.into() } else { listen.ip() };
    // Made anew because an IPv6 zone (`%eth0`) may not stand in a URL.
    let reached_at = SocketAddr::new(address, listen.port());
    if !listen.ip().is_loopback() && !reader.has_problem("http.listen") {
        reader.refuse_in_production(
            "http.public_url",
            "must be set: http.listen does not tell under which name clients reach the service",
        );
    }
    let scheme = if speaks_tls { "https" } else { "http" };
    let text = format!("{scheme}://{reached_at}");
    let Ok(url) = Url::parse(&text) else { unreachable!("an address and a port make a URL") };
    if !reader.has_problem("http.public_url") {
        reader.derive(
            "http.public_url",
            as_toml(text),
            "http.listen and http.tls_certificate_file",
        );
    }
    url
}

fn shutdown_grace(reader: &mut Reader) -> Duration {
    const KEY: &str = "http.shutdown_grace";
    reader.optional_duration(KEY, STOPPING).unwrap_or_else(|| {
        let grace = if reader.is_production() { PRODUCTION_GRACE } else { Duration::ZERO };
        let shown = humantime::format_duration(grace).to_string();
        reader.derive(KEY, as_toml(shown), "profile");
        grace
    })
}

fn secure_cookies(reader: &mut Reader, public_url: &Url) -> bool {
    const KEY: &str = "http.secure_cookies";
    reader.optional_boolean(KEY).unwrap_or_else(|| {
        let is_https = public_url.scheme() == "https";
        reader.derive(KEY, is_https.to_string(), "http.public_url");
        is_https
    })
}
