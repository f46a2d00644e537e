//! TLS of nginx: what is agreed on under our name, and that nothing is under another.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::version::{TLS12, TLS13};
use rustls::{
    ClientConfig, ClientConnection, HandshakeKind, RootCertStore, StreamOwned,
    SupportedProtocolVersion,
};
use testkit::Authority;

use super::nginx::{HOST, Nginx, nobody};
use crate::process::http::request;

/// ECDHE, and AES-GCM.
const GOOD: &[u16] = &[0xC02B, 0xC02F];
/// AES128-SHA: no forward secrecy. ECDHE-ECDSA-AES128-SHA and ECDHE-RSA-AES128-SHA: CBC.
const BAD: &[u16] = &[0x002F, 0xC009, 0xC013];

/// The kind of answer to a greeting of TLS 1.2.
#[derive(Debug, PartialEq)]
enum Said {
    Hello,
    Alert,
}

fn start(authority: &Authority) -> Nginx {
    // No instance is needed: nginx speaks TLS by itself.
    Nginx::with_tls(&[nobody()], &authority.certificate(HOST))
}

#[test]
fn cfg_01_sessions_are_resumed() {
    let authority = Authority::default();
    let nginx = start(&authority);
    for version in [&TLS12, &TLS13] {
        let config = Arc::new(client(&authority, version));
        let kinds = [(); 2].map(|()| handshake(&nginx, &config));
        assert_eq!(kinds, [HandshakeKind::Full, HandshakeKind::Resumed], "{version:?}");
    }
}

#[test]
fn cfg_01_weak_ciphers_and_foreign_names_get_no_handshake() {
    let authority = Authority::default();
    let nginx = start(&authority);
    let ask = |name: Option<&str>, ciphers: &[u16]| greet(&nginx, &hello(name, ciphers));
    assert_eq!(ask(Some(HOST), GOOD), Said::Hello);
    for cipher in BAD {
        for name in [Some(HOST), Some("other.example.org"), None] {
            assert_eq!(ask(name, &[*cipher]), Said::Alert, "{name:?} {cipher:#06x}");
        }
    }
    // Nor do they see a certificate, which has our name.
    for name in [Some("other.example.org"), None] {
        assert_eq!(ask(name, GOOD), Said::Alert, "{name:?}");
    }
}

fn client(authority: &Authority, version: &'static SupportedProtocolVersion) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    let own = CertificateDer::from_pem_file(authority.file()).expect("a certificate");
    roots.add(own).expect("an authority");
    ClientConfig::builder_with_protocol_versions(&[version])
        .with_root_certificates(roots)
        .with_no_client_auth()
}

/// One request, so that also what resumes TLS 1.3 has come.
fn handshake(nginx: &Nginx, config: &Arc<ClientConfig>) -> HandshakeKind {
    let name = ServerName::try_from(HOST).expect("a name");
    let client = ClientConnection::new(Arc::clone(config), name).expect("a client");
    let socket = TcpStream::connect(nginx.secure).expect("somebody listens");
    let mut stream = StreamOwned::new(client, socket);
    let text = request("GET", "/", None, "", "close").replace("localhost", HOST);
    stream.write_all(text.as_bytes()).expect("sent");
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    assert!(answer.starts_with("HTTP/1.1 502"), "{answer}");
    stream.conn.handshake_kind().expect("it is over")
}

fn greet(nginx: &Nginx, hello: &[u8]) -> Said {
    let mut socket = TcpStream::connect(nginx.secure).expect("somebody listens");
    socket.write_all(hello).expect("sent");
    let mut kind = [0];
    socket.read_exact(&mut kind).expect("an answer");
    match kind {
        [0x15] => Said::Alert,
        [0x16] => Said::Hello,
        other => panic!("no TLS: {other:?}"),
    }
}

/// A greeting of TLS 1.2 by hand: clients of today do not offer what must be refused.
fn hello(name: Option<&str>, ciphers: &[u16]) -> Vec<u8> {
    let server_name = name.map(|name| {
        let entry = [&[0][..], &sized(name.as_bytes())].concat();
        extension(0x0000, &sized(&entry))
    });
    let extensions = [
        server_name.unwrap_or_default(),
        extension(0x000A, &sized(&words(&[0x001D, 0x0017]))),
        extension(0x000B, &[1, 0]),
        extension(0x000D, &sized(&words(&[0x0403, 0x0804, 0x0401]))),
    ]
    .concat();
    let body = [&[3, 3][..], &[7; 32], &[0], &sized(&words(ciphers)), &[1, 0], &sized(&extensions)]
        .concat();
    let message = [&[1, 0][..], &sized(&body)].concat();
    [&[0x16, 3, 1][..], &sized(&message)].concat()
}

fn words(words: &[u16]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}

/// With the length before it.
fn sized(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).expect("short");
    [&length.to_be_bytes()[..], bytes].concat()
}

fn extension(kind: u16, content: &[u8]) -> Vec<u8> {
    [&kind.to_be_bytes()[..], &sized(content)].concat()
}
