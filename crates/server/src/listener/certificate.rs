//! The certificate under which the service itself speaks TLS, read anew when its files change.

use std::fmt;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use rustls::ServerConfig;
use rustls::crypto::CryptoProvider;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

/// Whoever renews certificates has weeks for it; a look costs two small reads.
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// The first that a client knows of is spoken.
const PROTOCOLS: [&[u8]; 2] = [b"h2", b"http/1.1"];

/// Where it is, in PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateFiles {
    /// Ours first, then those that vouch for it, as `fullchain.pem` of certbot.
    pub certificate: PathBuf,
    pub key: PathBuf,
}

pub struct Certificate {
    files: CertificateFiles,
    provider: Arc<CryptoProvider>,
    /// What the files said when they were looked at last, good or bad.
    seen: Mutex<Content>,
    current: RwLock<Arc<CertifiedKey>>,
}

#[derive(PartialEq, Eq)]
struct Content {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

impl Certificate {
    /// Fails when a file cannot be read, or the key is not that of the certificate.
    pub fn load(files: CertificateFiles) -> Result<Arc<Self>> {
        let provider = Arc::new(default_provider());
        let content = files.read()?;
        let current = RwLock::new(Arc::new(files.parse(&content, &provider)?));
        Ok(Arc::new(Self { files, provider, seen: Mutex::new(content), current }))
    }

    /// TLS 1.2 and 1.3, with forward secrecy (CFG-01).
    pub fn server_config(self: &Arc<Self>) -> Result<Arc<ServerConfig>> {
        let mut config = ServerConfig::builder_with_provider(Arc::clone(&self.provider))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(self) as Arc<dyn ResolvesServerCert>);
        config.alpn_protocols = PROTOCOLS.map(<[u8]>::to_vec).to_vec();
        Ok(Arc::new(config))
    }

    /// Whether another certificate is shown from now on. What is no good changes nothing, and is an
    /// error once.
    pub fn renew(&self) -> Result<bool> {
        let content = self.files.read()?;
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if *seen == content {
            return Ok(false);
        }
        let parsed = self.files.parse(&content, &self.provider);
        *seen = content;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(parsed?);
        Ok(true)
    }
}

/// Until `stop` comes.
pub async fn keep_certificate(certificate: &Certificate, stop: impl Future<Output = ()>) {
    let mut stop = std::pin::pin!(stop);
    while tokio::time::timeout(LOOK_EVERY, stop.as_mut()).await.is_err() {
        match certificate.renew() {
            Ok(true) => tracing::info!("another certificate is shown from now on"),
            Ok(false) => {}
            // Two files do not change at once: the next look may find them together.
            Err(error) => tracing::warn!("the certificate before is kept: {error:#}"),
        }
    }
}

impl CertificateFiles {
    fn read(&self) -> Result<Content> {
        let read = |path: &PathBuf| {
            fs::read(path).with_context(|| format!("cannot read {}", path.display()))
        };
        Ok(Content { certificate: read(&self.certificate)?, key: read(&self.key)? })
    }

    fn parse(&self, content: &Content, provider: &CryptoProvider) -> Result<CertifiedKey> {
        let (certificate, key) = (self.certificate.display(), self.key.display());
        let chain = CertificateDer::pem_slice_iter(&content.certificate)
            .collect::<Result<Vec<_>, _>>()
            .with_context(|| format!("{certificate} is no PEM"))?;
        ensure!(!chain.is_empty(), "{certificate} holds no certificate in PEM");
        let private = PrivateKeyDer::from_pem_slice(&content.key)
            .with_context(|| format!("{key} holds no private key in PEM"))?;
        CertifiedKey::from_der(chain, private, provider)
            .with_context(|| format!("{key} is not the key of {certificate}"))
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

/// Without the key.
impl fmt::Debug for Certificate {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Certificate").field("files", &self.files).finish_non_exhaustive()
    }
}
