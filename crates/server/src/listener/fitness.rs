//! Whether clients take a certificate: until when it is good, and for whom. Whether they trust those who
//! vouch for it only they know.

use std::fmt;
use std::time::Duration;

use domain::Timestamp;
use rustls::client::verify_server_name;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::server::ParsedCertificate;
use simple_asn1::{ASN1Block, from_der};
use url::{Host, Url};

/// Whoever renews certificates by himself does so weeks before.
const SOON: Duration = Duration::from_hours(14 * 24);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fitness {
    Good {
        until: Timestamp,
    },
    EndsSoon {
        until: Timestamp,
    },
    Ended {
        until: Timestamp,
    },
    NotYet {
        from: Timestamp,
    },
    /// For other names than the one by which the service is reached.
    OfOthers,
    /// Its times are written as nobody should write them.
    Unknown,
}

impl Fitness {
    pub(super) fn of(certificate: &CertificateDer<'_>, public_url: &Url, now: Timestamp) -> Self {
        if !names(certificate, public_url) {
            return Self::OfOthers;
        }
        match validity(certificate) {
            None => Self::Unknown,
            Some((from, _)) if now < from => Self::NotYet { from },
            Some((_, until)) if until <= now => Self::Ended { until },
            Some((_, until)) if until.since(now) < SOON => Self::EndsSoon { until },
            Some((_, until)) => Self::Good { until },
        }
    }
}

impl fmt::Display for Fitness {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Good { until } => write!(out, "is good until {until}"),
            Self::EndsSoon { until } => write!(out, "ends soon, at {until}"),
            Self::Ended { until } => write!(out, "ended at {until}: clients refuse it"),
            Self::NotYet { from } => write!(out, "is not good before {from}: clients refuse it"),
            Self::OfOthers => {
                out.write_str("does not name the host of http.public_url: clients refuse it")
            }
            Self::Unknown => out.write_str("does not say until when it is good"),
        }
    }
}

/// From when until when.
pub(super) fn validity(certificate: &CertificateDer<'_>) -> Option<(Timestamp, Timestamp)> {
    let blocks = from_der(certificate).ok()?;
    let [ASN1Block::Sequence(_, certificate)] = blocks.as_slice() else { return None };
    let Some(ASN1Block::Sequence(_, to_be_signed)) = certificate.first() else { return None };
    // The only pair of times; what stands before it differs between versions.
    to_be_signed.iter().find_map(|field| {
        let ASN1Block::Sequence(_, parts) = field else { return None };
        let [from, until] = parts.as_slice() else { return None };
        time(from).zip(time(until))
    })
}

fn time(block: &ASN1Block) -> Option<Timestamp> {
    let (ASN1Block::UTCTime(_, time) | ASN1Block::GeneralizedTime(_, time)) = block else {
        return None;
    };
    Some(Timestamp::from_seconds(time.assume_utc().unix_timestamp()))
}

/// As clients compare it, wildcards and addresses included.
fn names(certificate: &CertificateDer<'_>, public_url: &Url) -> bool {
    let name = match public_url.host() {
        Some(Host::Domain(name)) => ServerName::try_from(name.to_owned()).ok(),
        Some(Host::Ipv4(address)) => Some(ServerName::IpAddress(address.into())),
        Some(Host::Ipv6(address)) => Some(ServerName::IpAddress(address.into())),
        None => None,
    };
    let parsed = ParsedCertificate::try_from(certificate).ok();
    parsed.zip(name).is_some_and(|(parsed, name)| verify_server_name(&parsed, &name).is_ok())
}
