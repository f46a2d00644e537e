//! TLS that the service speaks itself, and certificates that are renewed under it.

use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use integrations::SystemClock;
use operations::ports::Clock;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use testkit::{Authority, Certificate};

use super::http::{call, request};
use super::{Program, Running, eventually};

const HOST: &str = "accounts.example.org";

/// What a client saw: the certificate, the protocol that was agreed on, and the answer.
pub(crate) struct Seen {
    pub(crate) certificate: Vec<u8>,
    pub(crate) protocol: Option<Vec<u8>>,
    pub(crate) answer: String,
}

/// In production, with a certificate of this authority in files of its own.
fn program(certificate: &Certificate) -> Program {
    let program = Program::in_production();
    let path = |name: &str| program.directory().join(name);
    install(&program, certificate);
    let (chain, key) = (path("chain.pem"), path("key.pem"));
    program
        .with("VESTIBULE_HTTP__TLS_CERTIFICATE_FILE", &chain.display().to_string())
        .with("VESTIBULE_HTTP__TLS_KEY_FILE", &key.display().to_string())
}

/// As certbot does it: the one file after the other.
fn install(program: &Program, certificate: &Certificate) {
    for (from, name) in [(&certificate.certificate, "chain.pem"), (&certificate.key, "key.pem")] {
        fs::copy(from, program.directory().join(name)).expect("copied");
    }
}

fn get(running: &Running, authority: &Authority, path: &str, protocols: &[&str]) -> Seen {
    let text = request("GET", path, None, "", "close");
    over_tls(running.address, authority, HOST, protocols, &text)
}

/// Says this to whom the authority vouches for under this name.
pub(crate) fn over_tls(
    address: SocketAddr,
    authority: &Authority,
    name: &'static str,
    protocols: &[&str],
    text: &str,
) -> Seen {
    let mut roots = RootCertStore::empty();
    let own = CertificateDer::from_pem_file(authority.file()).expect("a certificate");
    roots.add(own).expect("an authority");
    let mut config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
    let name = ServerName::try_from(name).expect("a name");
    let client = ClientConnection::new(Arc::new(config), name).expect("a client");
    let socket = TcpStream::connect(address).expect("somebody listens");
    let mut stream = StreamOwned::new(client, socket);
    stream.flush().expect("a handshake");
    stream.write_all(text.as_bytes()).expect("sent");
    let mut answer = String::new();
    if protocols != ["h2", "http/1.1"] {
        // Some close without a word of TLS.
        let _ = stream.read_to_string(&mut answer);
    }
    let shown = stream.conn.peer_certificates().and_then(<[_]>::first).expect("a certificate");
    Seen {
        certificate: shown.to_vec(),
        protocol: stream.conn.alpn_protocol().map(<[u8]>::to_vec),
        answer,
    }
}

fn der(certificate: &Certificate) -> Vec<u8> {
    CertificateDer::from_pem_file(&certificate.certificate).expect("a certificate").to_vec()
}

#[test]
fn cfg_01_the_service_speaks_tls_itself() {
    let authority = Authority::default();
    let program = program(&authority.certificate(HOST));
    let running = program.launch();
    eventually("readiness", || healthcheck(&program, &[]).0.eq(&Some(0)).then_some(()));
    let seen = get(&running, &authority, "/readyz", &["http/1.1"]);
    assert!(seen.answer.starts_with("HTTP/1.1 200"), "{}", seen.answer);
    assert!(seen.answer.to_lowercase().contains("strict-transport-security"), "{}", seen.answer);
    assert_eq!(
        get(&running, &authority, "/", &["h2", "http/1.1"]).protocol.as_deref(),
        Some(&b"h2"[..])
    );
    call(running.address, "GET", "/readyz", None, None).expect_err("nothing in the clear");
    let metrics = get(&running, &authority, "/metrics", &[]).answer;
    let failed = "vestibule_tls_handshakes_failed_total{reason=\"malformed\"} 1\n";
    assert!(metrics.contains(failed), "{metrics}");
    running.stop();
}

#[test]
fn r_29_whoever_says_nothing_or_half_of_a_greeting_is_not_waited_for() {
    let authority = Authority::default();
    let running = program(&authority.certificate(HOST)).launch();
    let connect = || TcpStream::connect(running.address).ok();
    let silent: Vec<_> = [&b""[..], b"\x16\x03\x01\x02"]
        .into_iter()
        .map(|greeting| {
            let mut silent = eventually("somebody listens", connect);
            silent.write_all(greeting).expect("sent");
            (silent, Instant::now())
        })
        .collect();
    for (mut silent, since) in silent {
        // http.first_byte_timeout is 10 s; 15 are allowed.
        silent.set_read_timeout(Some(Duration::from_secs(30))).expect("a limit");
        match silent.read(&mut [0; 16]) {
            Ok(0) => {}
            Err(error) if error.kind() == ErrorKind::ConnectionReset => {}
            other => panic!("it is not closed: {other:?}"),
        }
        assert!(since.elapsed() < Duration::from_secs(15), "{:?}", since.elapsed());
    }
    running.stop();
}

#[test]
fn another_certificate_is_shown_without_a_new_start() {
    let authority = Authority::default();
    let (first, second) = (authority.certificate(HOST), Authority::default());
    let left = Duration::from_hours(24);
    let renewed = second.expiring(HOST, left);
    let program = program(&first);
    let running = program.launch();
    eventually("readiness", || healthcheck(&program, &[]).0.eq(&Some(0)).then_some(()));
    assert_eq!(get(&running, &authority, "/", &[]).certificate, der(&first));
    install(&program, &renewed);
    assert!(!running.log().contains("ends soon"));
    running.wait_for_log("another certificate is shown from now on");
    assert_eq!(get(&running, &second, "/", &[]).certificate, der(&renewed));
    running.wait_for_log("chain.pem ends soon, at ");
    let metrics = get(&running, &second, "/metrics", &[]).answer;
    let expiry = metrics
        .lines()
        .find_map(|line| line.strip_prefix("vestibule_tls_certificate_expiry_timestamp_seconds "))
        .map(|seconds| seconds.parse::<i64>().expect("whole seconds"));
    let expected = (SystemClock.now() + left).as_seconds();
    assert!(expiry.expect("it is told").abs_diff(expected) < 600, "{metrics}");
    running.stop();
}

#[test]
fn what_is_no_certificate_is_said_at_the_start() {
    let (authority, stranger) = (Authority::default(), Authority::default());
    let other = stranger.certificate(HOST);
    let program = program(&authority.certificate(HOST));
    fs::copy(&other.key, program.directory().join("key.pem")).expect("copied");
    let (code, said) = program.run();
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("key.pem is not the key of "), "{said}");
    fs::write(program.directory().join("chain.pem"), "nothing").expect("written");
    let (code, said) = program.run();
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("chain.pem holds no certificate in PEM"), "{said}");
    fs::remove_file(program.directory().join("key.pem")).expect("removed");
    let (code, said) = program.run();
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("cannot read ") && said.contains("key.pem"), "{said}");
    assert!(!program.directory().join("data").exists(), "the database was touched");
    let (code, said) = program.argument("config").argument("check").run();
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("http.tls_certificate_file: cannot read "), "{said}");
}

/// How it ends, and what it says.
fn healthcheck(program: &Program, arguments: &[&str]) -> (Option<i32>, String) {
    let mut check = program.clone().argument("healthcheck");
    for argument in arguments {
        check = check.argument(argument);
    }
    check.run()
}

#[tokio::test]
async fn the_instance_beside_is_asked_how_it_is() {
    let program = Program::new().with("VESTIBULE_HTTP__SHUTDOWN_GRACE", "10s");
    let (code, said) = healthcheck(&program, &[]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("nothing is served on 127.0.0.1:"), "{said}");
    let running = program.start();
    for arguments in [&[][..], &["--live"]] {
        let (code, said) = healthcheck(&program, arguments);
        assert_eq!(code, Some(0), "{said}");
    }
    assert!(healthcheck(&program, &[]).1.contains("\"status\":\"ready\""));
    // One that was started with --listen is asked with --listen.
    let elsewhere = program.beside();
    assert_eq!(healthcheck(&elsewhere, &[]).0, Some(1));
    let address = running.address.to_string();
    assert_eq!(healthcheck(&elsewhere, &["--listen", &address]).0, Some(0));
    // Nobody was asked, so nobody has to be restarted for it.
    for (arguments, ends) in [(["--listen", "here"], 3), (["--live", "--dead"], 2)] {
        assert_eq!(healthcheck(&program, &arguments).0, Some(ends), "{arguments:?}");
    }
    let path = |name: &str| program.directory().join(name).display().to_string();
    let authority = Authority::default();
    install(&program, &authority.certificate(HOST));
    let expecting = program
        .clone()
        .with("VESTIBULE_HTTP__TLS_CERTIFICATE_FILE", &path("chain.pem"))
        .with("VESTIBULE_HTTP__TLS_KEY_FILE", &path("key.pem"));
    let (code, said) = healthcheck(&expecting, &[]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("no TLS is spoken on 127.0.0.1:"), "{said}");
    running.terminate();
    running.wait_for_log("stopping");
    let (code, said) = healthcheck(&program, &[]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("503"), "{said}");
    assert_eq!(healthcheck(&program, &["--live"]).0, Some(0));
    running.stop();
}
