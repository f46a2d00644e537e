//! A real nginx in front of the instances. The program is `VESTIBULE_TEST_NGINX`, else `nginx` on
//! the path.

use std::fmt::Write as _;
use std::fs;
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::process::eventually;
use crate::process::program::free_port;

const PROGRAM: &str = "VESTIBULE_TEST_NGINX";

pub(super) struct Nginx {
    pub(super) address: SocketAddr,
    child: Child,
    /// Whatever it writes.
    _folder: TempDir,
}

impl Nginx {
    pub(super) fn start(instances: &[SocketAddr]) -> Self {
        let folder = TempDir::with_prefix("vestibule-nginx-").expect("a folder");
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let conf = configuration(address, instances);
        fs::write(folder.path().join("nginx.conf"), conf).expect("a file");
        let mut nginx = Self { address, child: spawn(&folder), _folder: folder };
        eventually("nginx", || {
            let ended = nginx.child.try_wait().expect("a child of ours");
            assert!(ended.is_none(), "nginx ended: {ended:?}");
            TcpStream::connect(address).ok()
        });
        nginx
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

#[expect(clippy::disallowed_methods, reason = "the test runner says where its programs are")]
fn spawn(folder: &TempDir) -> Child {
    let program = std::env::var(PROGRAM).unwrap_or_else(|_| "nginx".to_owned());
    Command::new(&program)
        .arg("-p")
        .arg(folder.path())
        .args(["-c", "nginx.conf", "-e", "error.log"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| {
            panic!("{program} cannot be started ({error}): run `cargo xtask test`, which has it")
        })
}

/// The lines of upstream and location stand in docs/OPERATIONS.md, with their reasons.
fn configuration(address: SocketAddr, instances: &[SocketAddr]) -> String {
    let servers = instances.iter().fold(String::new(), |mut servers, instance| {
        writeln!(servers, "    server {instance} max_fails=0;").expect("a string grows");
        servers
    });
    format!(
        "daemon off; user root; worker_processes 1; pid pid;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  upstream vestibule {{
{servers}    keepalive 16;
    keepalive_timeout 30s;
  }}
  server {{
    listen {address};
    location / {{
      proxy_pass http://vestibule;
      proxy_http_version 1.1;
      proxy_set_header Connection \"\";
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_connect_timeout 1s;
      proxy_read_timeout 30s;
      proxy_buffering off;
    }}
  }}
}}
"
    )
}
