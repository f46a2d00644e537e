//! Asks the instance that runs beside us how it is, as containers and supervisors do.

use std::fmt::Debug;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use axum::body::Bytes;
use http::{Request, StatusCode, header};
use http_body_util::{BodyExt, Empty, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::crypto::{WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{DigitallySignedStruct, Error, SignatureScheme};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

/// Whoever runs us by a timer has a limit of his own, which is rarely shorter.
const PATIENCE: Duration = Duration::from_secs(3);
const LARGEST_ANSWER: usize = 64 * 1024;

/// What it answers where it listens, in TLS where that is spoken.
pub(crate) async fn ask(listen: SocketAddr, tls: bool, path: &str) -> Result<(StatusCode, String)> {
    let address = reached_at(listen);
    let asking = async {
        let stream = TcpStream::connect(address)
            .await
            .with_context(|| format!("nothing is served on {address}"))?;
        if !tls {
            return exchange(stream, path).await;
        }
        let name = ServerName::IpAddress(address.ip().into());
        let stream = TlsConnector::from(own_machine()?).connect(name, stream);
        let stream = stream.await.with_context(|| format!("no TLS is spoken on {address}"))?;
        exchange(stream, path).await
    };
    timeout(PATIENCE, asking)
        .await
        .with_context(|| format!("{address} does not answer within {PATIENCE:?}"))?
}

/// Where one listens on every address, one is reached on that of the machine itself.
fn reached_at(listen: SocketAddr) -> SocketAddr {
    let own: IpAddr =
        if listen.is_ipv4() { Ipv4Addr::LOCALHOST.into() } else { Ipv6Addr::LOCALHOST.into() };
    // The address itself has the zone of a link-local one.
    if listen.ip().is_unspecified() { SocketAddr::new(own, listen.port()) } else { listen }
}

async fn exchange<T>(stream: T, path: &str) -> Result<(StatusCode, String)>
where
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let request =
        Request::get(path).header(header::HOST, "localhost").body(Empty::<Bytes>::new())?;
    let answering = async {
        let response = sender.send_request(request).await?;
        let status = response.status();
        let body = Limited::new(response.into_body(), LARGEST_ANSWER).collect().await;
        let body = body.map_err(|error| anyhow::anyhow!(error))?.to_bytes();
        Ok((status, String::from_utf8_lossy(&body).into_owned()))
    };
    let mut answering = pin!(answering);
    tokio::select! {
        biased;
        answer = answering.as_mut() => answer,
        // Gone with its end, so that whoever still waits for it hears so. It may have read all of the
        // answer before.
        ended = connection => match (answering.await, ended) {
            (Ok(answer), _) => Ok(answer),
            (Err(_), Err(error)) => Err(error.into()),
            (Err(error), Ok(())) => Err(error),
        },
    }
}

/// The certificate names the service as others know it, and none of them this machine; nothing
/// secret is said here, and what comes back is only how it is.
fn own_machine() -> Result<Arc<ClientConfig>> {
    let provider = Arc::new(default_provider());
    let whoever = Arc::new(Whoever(provider.signature_verification_algorithms));
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(whoever)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// Takes any certificate whose key is held by whoever shows it.
#[derive(Debug)]
struct Whoever(WebPkiSupportedAlgorithms);

impl ServerCertVerifier for Whoever {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.0)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.0)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_schemes()
    }
}
