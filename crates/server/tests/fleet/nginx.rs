//! A real nginx in front of the instances, with the configuration that operators are given
//! (`deploy/nginx`). The program is `VESTIBULE_TEST_NGINX`, else `nginx` on the path; what needs a newer
//! one than Debian's has `VESTIBULE_TEST_NGINX_NEW`.

use std::fmt::Write as _;
use std::fs;
use std::net::{Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;
use testkit::Certificate;

use crate::process::eventually;
use crate::process::program::free_port;

/// The name of the service, in the files that are given.
pub(super) const HOST: &str = "accounts.example.org";
const PROGRAM: &str = "VESTIBULE_TEST_NGINX";
const NEW_PROGRAM: &str = "VESTIBULE_TEST_NGINX_NEW";
const GIVEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/nginx");

pub(super) struct Nginx {
    /// Plain HTTP.
    pub(super) address: SocketAddr,
    /// The same by IPv6, where this machine has it.
    pub(super) by_ipv6: Option<SocketAddr>,
    /// HTTPS, where there is a certificate.
    pub(super) secure: SocketAddr,
    child: Child,
    /// Whatever it reads and writes.
    folder: TempDir,
}

impl Nginx {
    /// With `http.conf`.
    pub(super) fn start(instances: &[SocketAddr]) -> Self {
        // Many clients of one test have one address, and what they may do is not what it is about.
        Self::changed(instances, &[("rate=50r/s", "rate=10000r/s")])
    }

    /// With `http.conf`, and these words of the files replaced.
    pub(super) fn changed(instances: &[SocketAddr], changes: &[(&str, &str)]) -> Self {
        let servers = [("server vestibule:8000 max_fails=0;", &*servers(instances))];
        Self::serve(PROGRAM, "http.conf", None, &[&servers, changes].concat())
    }

    /// With `https.conf`, and nothing in it made milder.
    pub(super) fn with_tls(instances: &[SocketAddr], certificate: &Certificate) -> Self {
        let servers = [("server vestibule:8000 max_fails=0;", &*servers(instances))];
        Self::serve(PROGRAM, "https.conf", Some(certificate), &servers)
    }

    /// With `http.conf` as compose.yaml has it: the instances listen on this port, wherever this name server
    /// says that they are.
    pub(super) fn in_containers(name_server: SocketAddr, port: u16) -> Self {
        let changes = [
            ("upstream.conf", "containers.conf"),
            ("resolver 127.0.0.11", &*format!("resolver {name_server}")),
            ("server vestibule:8000", &*format!("server vestibule:{port}")),
        ];
        Self::serve(NEW_PROGRAM, "http.conf", None, &changes)
    }

    fn serve(
        program: &str,
        name: &str,
        certificate: Option<&Certificate>,
        changes: &[(&str, &str)],
    ) -> Self {
        let folder = TempDir::with_prefix("vestibule-nginx-").expect("a folder");
        let [address, secure] =
            [free_port(), free_port()].map(|port| SocketAddr::from(([127, 0, 0, 1], port)));
        let by_ipv6 = has_ipv6().then(|| local_ipv6(address.port()));
        let here = folder.path().display();
        let by_ipv6_too = |port: u16| match by_ipv6 {
            Some(_) => format!("listen {} ", local_ipv6(port)),
            // What the comment there tells operators to do.
            None => "#".to_owned(),
        };
        let places = [
            ("/etc/nginx/vestibule/", format!("{here}/")),
            ("/var/log/nginx/", format!("{here}/")),
            ("/var/www/certbot", format!("{here}/certbot")),
            ("/etc/letsencrypt/live/accounts.example.org/", format!("{here}/")),
            ("listen 80 ", format!("listen {address} ")),
            ("listen [::]:80 ", by_ipv6_too(address.port())),
            ("listen 443 ", format!("listen {secure} ")),
            ("listen [::]:443 ", by_ipv6_too(secure.port())),
        ];
        for entry in fs::read_dir(GIVEN).expect("what operators are given") {
            let entry = entry.expect("a file");
            let given = fs::read_to_string(entry.path()).expect("a text");
            let text = places.iter().fold(given, |text, (from, to)| text.replace(from, to));
            let text = changes.iter().fold(text, |text, (from, to)| text.replace(from, to));
            fs::write(folder.path().join(entry.file_name()), text).expect("a file");
        }
        if let Some(Certificate { certificate, key }) = certificate {
            fs::copy(certificate, folder.path().join("fullchain.pem")).expect("copied");
            fs::copy(key, folder.path().join("privkey.pem")).expect("copied");
        }
        fs::write(folder.path().join("nginx.conf"), frame(name)).expect("a file");
        let child = spawn(program, folder.path());
        let mut nginx = Self { address, by_ipv6, secure, child, folder };
        eventually("nginx", || {
            let ended = nginx.child.try_wait().expect("a child of ours");
            assert!(ended.is_none(), "nginx ended: {ended:?}\n{}", nginx.read("error.log"));
            TcpStream::connect(address).ok()
        });
        nginx
    }

    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What it wrote to this file so far.
    pub(super) fn read(&self, file: &str) -> String {
        fs::read_to_string(self.folder.path().join(file)).unwrap_or_default()
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // Not killed: it ends its worker first.
        let id = self.child.id().to_string();
        let _ = Command::new("kill").args(["-s", "TERM", &id]).status();
        let _ = self.child.wait();
    }
}

/// Where no instance listens.
pub(super) fn nobody() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], free_port()))
}

fn servers(instances: &[SocketAddr]) -> String {
    instances.iter().fold(String::new(), |mut servers, instance| {
        write!(servers, "server {instance} max_fails=0; ").expect("a string grows");
        servers
    })
}

fn local_ipv6(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv6Addr::LOCALHOST, port))
}

fn has_ipv6() -> bool {
    TcpListener::bind(local_ipv6(0)).is_ok()
}

#[expect(clippy::disallowed_methods, reason = "the test runner says where its programs are")]
fn spawn(program: &str, folder: &Path) -> Child {
    let program = std::env::var(program).unwrap_or_else(|_| {
        assert_eq!(program, PROGRAM, "unset: run `cargo xtask test`, which has it");
        "nginx".to_owned()
    });
    Command::new(&program)
        .arg("-p")
        .arg(folder)
        .args(["-c", "nginx.conf", "-e", "error.log"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| {
            panic!("{program} cannot be started ({error}): run `cargo xtask test`, which has it")
        })
}

/// What an installation of nginx has around the files of a service, as Debian's, and wants to know of all.
fn frame(name: &str) -> String {
    format!(
        "daemon off; user root; worker_processes 1; pid pid; error_log error.log info;
events {{ worker_connections 1024; }}
http {{
  client_body_temp_path body; proxy_temp_path proxy;
  server_tokens on; gzip on; keepalive_timeout 65;
  ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3; ssl_prefer_server_ciphers on;
  access_log combined.log combined;
  include {name};
}}
"
    )
}
