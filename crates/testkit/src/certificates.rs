//! A certificate authority of this test's own, and what it vouches for.

use std::fs::write;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use data_encoding::BASE64;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use tempfile::TempDir;

pub struct Authority {
    folder: TempDir,
    issuer: Issuer<'static, KeyPair>,
}

/// A certificate and its key, in PEM.
#[derive(Clone, Debug)]
pub struct Certificate {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

impl Default for Authority {
    fn default() -> Self {
        let folder = TempDir::with_prefix("vestibule-authority-").expect("a temporary folder");
        let mut params = CertificateParams::new(Vec::new()).expect("no names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        // No two of one name: who knows neither should say so, instead of that a signature is bad.
        let name = folder.path().display().to_string();
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().expect("a key");
        let own = params.self_signed(&key).expect("a certificate");
        write(folder.path().join("ca.pem"), pem("CERTIFICATE", own.der()))
            .expect("it can be written");
        Self { issuer: Issuer::new(params, key), folder }
    }
}

impl Authority {
    /// What clients that trust us are given.
    pub fn file(&self) -> PathBuf {
        self.path().join("ca.pem")
    }

    /// For a server that is reached by `name`, a host or an address.
    pub fn certificate(&self, name: &str) -> Certificate {
        self.sign(name, &CertificateParams::new([name.to_owned()]).expect("a name"))
    }

    /// One that was good years ago.
    pub fn expired(&self, name: &str) -> Certificate {
        let mut params = CertificateParams::new([name.to_owned()]).expect("a name");
        params.not_before = date_time_ymd(2001, 1, 1);
        params.not_after = date_time_ymd(2002, 1, 1);
        self.sign(&format!("expired-{name}"), &params)
    }

    /// One that is good for so long from now.
    #[expect(clippy::disallowed_methods, reason = "clients go by the clock of the machine")]
    pub fn expiring(&self, name: &str, left: Duration) -> Certificate {
        let mut params = CertificateParams::new([name.to_owned()]).expect("a name");
        params.not_after = (SystemTime::now() + left).into();
        self.sign(&format!("expiring-{name}"), &params)
    }

    fn sign(&self, file: &str, params: &CertificateParams) -> Certificate {
        let own = KeyPair::generate().expect("a key");
        let signed = params.signed_by(&own, &self.issuer).expect("a certificate");
        let certificate = self.path().join(format!("{file}.pem"));
        let key = self.path().join(format!("{file}.key"));
        write(&certificate, pem("CERTIFICATE", signed.der())).expect("it can be written");
        write(&key, pem("PRIVATE KEY", &own.serialize_der())).expect("it can be written");
        Certificate { certificate, key }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }
}

fn pem(kind: &str, bytes: &[u8]) -> String {
    let encoded = BASE64.encode(bytes);
    let mut lines = vec![format!("-----BEGIN {kind}-----")];
    let mut rest = encoded.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(64));
        lines.push(line.to_owned());
        rest = after;
    }
    lines.push(format!("-----END {kind}-----\n"));
    lines.join("\n")
}
