//! The same over TLS, which keeps bytes of its own between us and the socket.

use std::sync::Arc;
use std::time::Duration;

use metrics_exporter_prometheus::PrometheusBuilder;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use server::listener::{Certificate, CertificateFiles, Drained, ListenerSettings};
use testkit::Authority;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::{Instant, sleep, timeout};
use tokio_rustls::client::TlsStream;
use tokio_rustls::{Connect, TlsConnector};

use super::{Listening, PATIENCE, SHORT, patient, request};

/// Of a socket whose peer does not read: what does not fit stays with us.
const TINY: u32 = 4 * 1024;

/// A listener with a certificate, and who vouches for it.
struct Secure {
    listening: Listening,
    authority: Authority,
}

impl Secure {
    fn with(settings: &ListenerSettings) -> Self {
        let authority = Authority::default();
        let shown = authority.certificate("localhost");
        let files = CertificateFiles { certificate: shown.certificate, key: shown.key };
        let config = Certificate::load(files).and_then(|shown| shown.server_config());
        let tls = Some(config.expect("a certificate"));
        let socket = TcpSocket::new_v4().expect("a socket");
        // Those that are accepted inherit it.
        socket.set_send_buffer_size(TINY).expect("a small buffer");
        socket.bind(([127, 0, 0, 1], 0).into()).expect("a free port");
        let listener: TcpListener = socket.listen(128).expect("a listener");
        let listening = Listening::on(listener, ListenerSettings { tls, ..settings.clone() });
        Self { listening, authority }
    }

    async fn plain(&self) -> TcpStream {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.set_recv_buffer_size(TINY).expect("a small buffer");
        socket.connect(self.listening.address).await.expect("the listener accepts")
    }

    async fn handshake(&self, stream: TcpStream) -> TlsStream<TcpStream> {
        timeout(PATIENCE, self.shaking(stream)).await.expect("in time").expect("a handshake")
    }

    fn shaking(&self, stream: TcpStream) -> Connect<TcpStream> {
        let mut roots = RootCertStore::empty();
        let own = CertificateDer::from_pem_file(self.authority.file()).expect("a certificate");
        roots.add(own).expect("an authority");
        let config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        let name = ServerName::try_from("localhost").expect("a name");
        TlsConnector::from(Arc::new(config)).connect(name, stream)
    }

    async fn connect(&self) -> TlsStream<TcpStream> {
        self.handshake(self.plain().await).await
    }

    /// With a single place: whether whoever was there has left it.
    async fn is_free_again(&self) {
        let mut next = self.connect().await;
        next.write_all(request("/").as_bytes()).await.expect("sent");
        let mut head = [0; 15];
        let read = timeout(PATIENCE, next.read_exact(&mut head)).await;
        read.expect("an answer").expect("an open connection");
        assert_eq!(&head, b"HTTP/1.1 200 OK");
    }
}

fn alone() -> ListenerSettings {
    ListenerSettings { max_connections: 1, ..patient() }
}

/// hyper is done with who closed one half, and TLS has not sent what hyper gave it.
#[tokio::test]
async fn r_29_who_does_not_read_and_closes_one_half_is_not_waited_for() {
    let secure = Secure::with(&alone());
    let mut peer = secure.connect().await;
    peer.write_all(request("/large").as_bytes()).await.expect("sent");
    timeout(PATIENCE, secure.listening.seen.begun.notified()).await.expect("a request");
    peer.shutdown().await.expect("half closed");
    secure.is_free_again().await;
    drop(peer);
}

/// the answer is over for hyper once it is with TLS.
#[tokio::test]
async fn r_29_a_small_answer_that_is_not_read_has_the_limit_of_every_answer() {
    let settings = ListenerSettings { write_timeout: SHORT, ..alone() };
    let secure = Secure::with(&settings);
    let mut peer = secure.connect().await;
    peer.write_all(request("/small").as_bytes()).await.expect("sent");
    secure.is_free_again().await;
    drop(peer);
}

#[tokio::test]
async fn r_29_the_handshake_and_the_first_byte_have_one_limit() {
    let limit = Duration::from_secs(4);
    let secure = Secure::with(&ListenerSettings { first_byte_timeout: limit, ..patient() });
    let since = Instant::now();
    let stream = secure.plain().await;
    sleep(limit / 2).await;
    let mut peer = secure.handshake(stream).await;
    let mut bytes = Vec::new();
    // Cut without a word, which is an error of TLS.
    let read = timeout(PATIENCE, peer.read_to_end(&mut bytes)).await;
    let _ = read.expect("the listener closes the connection");
    assert!(since.elapsed() < limit * 5 / 4, "{:?}", since.elapsed());
}

#[tokio::test]
async fn a_stop_does_not_wait_for_a_handshake() {
    let mut secure = Secure::with(&patient());
    let silent = secure.plain().await;
    // Accepted one after the other: the silent one is in.
    drop(secure.connect().await);
    secure.listening.shutdown.cancel();
    assert_eq!(secure.listening.stopped().await, Drained::Fully);
    drop(silent);
}

#[tokio::test]
async fn handshakes_that_fail_are_counted_by_whose_fault_it_is() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let metrics = recorder.handle();
    // The listener of a test runs on the thread of the test.
    let _counting = metrics::set_default_local_recorder(&recorder);
    let secure = Secure::with(&ListenerSettings { first_byte_timeout: SHORT, ..patient() });
    let stranger = Secure { authority: Authority::default(), ..secure };
    let trusting = stranger.shaking(stranger.plain().await);
    trusting.await.expect_err("nobody vouches for it");
    let mut plain = stranger.plain().await;
    plain.write_all(request("/").as_bytes()).await.expect("sent");
    drop(stranger.plain().await);
    let silent = stranger.plain().await;
    for reason in ["refused", "malformed", "gone", "timeout"] {
        let series = format!("vestibule_tls_handshakes_failed_total{{reason=\"{reason}\"}} 1\n");
        let counted = async {
            while !metrics.render().contains(&series) {
                sleep(SHORT / 10).await;
            }
        };
        timeout(PATIENCE, counted).await.unwrap_or_else(|_| panic!("{}", metrics.render()));
    }
    drop((plain, silent));
}
