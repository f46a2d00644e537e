//! The certificate under which the service itself speaks TLS, read anew when its files change.

use std::fmt;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, ensure};
use aws_lc_rs::digest::{Context, SHA256, SHA256_OUTPUT_LEN, digest};
use integrations::SystemClock;
use operations::ports::Clock;
use rustls::crypto::CryptoProvider;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{Error, ServerConfig};
use url::Url;
use zeroize::Zeroizing;

use super::fitness::{Fitness, validity};
use crate::measures;

/// What changed is shown after the second look that finds it: the first may come while the files are
/// written. Whoever renews certificates has weeks for it; a look costs two small reads.
const LOOK_EVERY: Duration = Duration::from_secs(5);

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
    looks: Mutex<Looks>,
    current: RwLock<Arc<CertifiedKey>>,
}

struct Looks {
    /// Of the files that are shown.
    shown: Fingerprint,
    /// Of what they were at the last look; none when they could not be read.
    last: Option<Fingerprint>,
    /// Whether that was taken, or told to be no good.
    is_settled: bool,
}

/// Tells contents apart, and keeps nothing of the key.
type Fingerprint = [u8; SHA256_OUTPUT_LEN];

struct Content {
    certificate: Vec<u8>,
    key: Zeroizing<Vec<u8>>,
}

impl Content {
    fn fingerprint(&self) -> Fingerprint {
        let mut both = Context::new(&SHA256);
        for part in [&self.certificate, &*self.key] {
            both.update(digest(&SHA256, part).as_ref());
        }
        let mut fingerprint = [0; SHA256_OUTPUT_LEN];
        fingerprint.copy_from_slice(both.finish().as_ref());
        fingerprint
    }
}

impl Certificate {
    /// Fails when a file cannot be read, or the key is not that of the certificate.
    pub fn load(files: CertificateFiles) -> Result<Arc<Self>> {
        let provider = Arc::new(default_provider());
        let content = files.read()?;
        let current = RwLock::new(Arc::new(files.parse(&content, &provider)?));
        let shown = content.fingerprint();
        let looks = Mutex::new(Looks { shown, last: Some(shown), is_settled: true });
        Ok(Arc::new(Self { files, provider, looks, current }))
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
    pub fn look(&self) -> Result<bool> {
        let content = self.files.read();
        let found = content.as_ref().ok().map(Content::fingerprint);
        let mut looks = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
        if looks.last != found {
            looks.last = found;
            looks.is_settled = found == Some(looks.shown);
            return Ok(false);
        }
        if looks.is_settled {
            return Ok(false);
        }
        looks.is_settled = true;
        let content = content?;
        let parsed = self.files.parse(&content, &self.provider)?;
        looks.shown = content.fingerprint();
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(parsed);
        Ok(true)
    }

    /// The one that clients see.
    pub fn shown(&self) -> CertificateDer<'static> {
        let current = self.current();
        // `parse` takes no chain without one.
        current.cert.first().cloned().unwrap_or_else(|| CertificateDer::from(Vec::new()))
    }

    /// Whether clients that ask for this URL take it.
    pub fn fitness(&self, public_url: &Url) -> Fitness {
        Fitness::of(&self.shown(), public_url, SystemClock.now())
    }

    #[expect(clippy::cast_precision_loss, reason = "a double holds the seconds of any year")]
    fn tell(&self, public_url: &Url) {
        if let Some((_, until)) = validity(&self.shown()) {
            metrics::gauge!(measures::TLS_CERTIFICATE_EXPIRY).set(until.as_seconds() as f64);
        }
        let fitness = self.fitness(public_url);
        if !matches!(fitness, Fitness::Good { .. }) {
            tracing::warn!("{} {fitness}", self.files.certificate.display());
        }
    }

    fn current(&self) -> Arc<CertifiedKey> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Until `stop` comes. Says which are no good for those who ask for this URL.
pub async fn keep_certificate(
    certificate: Arc<Certificate>,
    public_url: &Url,
    stop: impl Future<Output = ()>,
) {
    let mut stop = std::pin::pin!(stop);
    certificate.tell(public_url);
    while tokio::time::timeout(LOOK_EVERY, stop.as_mut()).await.is_err() {
        let looking = Arc::clone(&certificate);
        let looked = tokio::task::spawn_blocking(move || looking.look()).await;
        match looked.unwrap_or_else(|error| Err(error.into())) {
            Ok(true) => {
                tracing::info!("another certificate is shown from now on");
                certificate.tell(public_url);
            }
            Ok(false) => {}
            Err(error) => tracing::warn!("the certificate before is kept: {error:#}"),
        }
    }
}

impl CertificateFiles {
    fn read(&self) -> Result<Content> {
        let read = |path: &PathBuf| {
            fs::read(path).with_context(|| format!("cannot read {}", path.display()))
        };
        Ok(Content { certificate: read(&self.certificate)?, key: Zeroizing::new(read(&self.key)?) })
    }

    fn parse(&self, content: &Content, provider: &CryptoProvider) -> Result<CertifiedKey> {
        let (certificate, key) = (self.certificate.display(), self.key.display());
        let chain = CertificateDer::pem_slice_iter(&content.certificate)
            .collect::<Result<Vec<_>, _>>()
            .with_context(|| format!("{certificate} is no PEM"))?;
        ensure!(!chain.is_empty(), "{certificate} holds no certificate in PEM");
        let private = PrivateKeyDer::from_pem_slice(&content.key)
            .with_context(|| format!("{key} holds no private key in PEM"))?;
        CertifiedKey::from_der(chain, private, provider).map_err(|error| {
            if matches!(error, Error::InconsistentKeys(_)) {
                return anyhow!("{key} is not the key of {certificate}");
            }
            let what = if matches!(error, Error::InvalidCertificate(_)) {
                format!("{certificate} holds no certificate that TLS can read")
            } else {
                format!("{key} holds no key that TLS can use")
            };
            anyhow!(error).context(what)
        })
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current())
    }
}

/// Without the key.
impl fmt::Debug for Certificate {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Certificate").field("files", &self.files).finish_non_exhaustive()
    }
}
