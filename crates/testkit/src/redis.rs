//! A Redis of this test's own, which it may kill, stop and empty.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

const PROGRAM: &str = "VESTIBULE_TEST_REDIS_SERVER";
const START_LIMIT: Duration = Duration::from_secs(20);

/// Listens on a socket in a folder of its own: no port is fought over.
pub struct RedisServer {
    child: Child,
    folder: TempDir,
    arguments: Vec<OsString>,
}

impl RedisServer {
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// Talks TLS on `port`, too.
    pub async fn start_with_tls(port: u16, certificate: &Path, key: &Path) -> Self {
        let arguments = [
            OsStr::new("--tls-port"),
            OsStr::new(&port.to_string()),
            OsStr::new("--tls-auth-clients"),
            OsStr::new("no"),
            OsStr::new("--tls-cert-file"),
            certificate.as_os_str(),
            OsStr::new("--tls-key-file"),
            key.as_os_str(),
        ]
        .map(OsStr::to_owned);
        Self::start_with(&arguments).await
    }

    async fn start_with(arguments: &[OsString]) -> Self {
        let folder = TempDir::with_prefix("vestibule-redis-").expect("a temporary folder");
        let arguments = arguments.to_vec();
        let server = Self { child: spawn(&folder, &arguments), folder, arguments };
        server.wait_until_it_listens().await;
        server
    }

    /// Again on the same socket, after [`Self::kill`].
    pub async fn start_again(&mut self) {
        self.child = spawn(&self.folder, &self.arguments);
        self.wait_until_it_listens().await;
    }

    pub fn url(&self) -> String {
        format!("redis+unix://{}", self.socket().display())
    }

    pub fn kill(&mut self) {
        self.child.kill().expect("the server can be killed");
        self.child.wait().expect("the server ends");
        std::fs::remove_file(self.socket()).expect("the socket is left behind");
    }

    /// Hangs from now on: it takes connections and answers nothing.
    pub fn hang(&self) {
        self.signal(Signal::STOP);
    }

    pub fn go_on(&self) {
        self.signal(Signal::CONT);
    }

    fn signal(&self, signal: Signal) {
        let pid = Pid::from_child(&self.child);
        kill_process(pid, signal).expect("the server can be signalled");
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("s")
    }

    async fn wait_until_it_listens(&self) {
        let listens = async {
            while std::os::unix::net::UnixStream::connect(self.socket()).is_err() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(START_LIMIT, listens).await.expect("the server listens");
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        // Killed already is as good.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[expect(clippy::disallowed_methods, reason = "the test runner says where its servers are")]
fn spawn(folder: &TempDir, arguments: &[OsString]) -> Child {
    let program = std::env::var(PROGRAM).unwrap_or_else(|_| "redis-server".to_owned());
    Command::new(&program)
        .current_dir(folder.path())
        .args(["--port", "0", "--unixsocket", "s", "--save", "", "--appendonly", "no"])
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| {
            panic!("{program} cannot be started ({error}): run `cargo xtask test`, which has it")
        })
}
