//! Starting, watching and ending the binary.

use std::io::{BufRead, BufReader, Read};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::http::call;
use super::{PATIENCE, eventually};

/// What starts: the binary with an environment of its own and nothing of ours.
#[derive(Clone)]
pub(crate) struct Program {
    directory: Arc<TempDir>,
    arguments: Vec<String>,
    variables: Vec<(String, String)>,
}

/// A started binary. It is killed when the test forgets it.
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    child: Child,
    log: Output,
    said: Output,
    /// Stays as long as somebody works in it.
    _directory: Arc<TempDir>,
}

/// What a stream said so far.
#[derive(Clone, Default)]
struct Output(Arc<Mutex<String>>);

impl Program {
    /// In an empty directory; hashing is cheap.
    pub(crate) fn new() -> Self {
        let directory = TempDir::with_prefix("vestibule-process-").expect("a directory");
        let program =
            Self { directory: Arc::new(directory), arguments: Vec::new(), variables: Vec::new() };
        program
            .with("VESTIBULE_PASSWORDS__MEMORY_KIB", "64")
            .with("VESTIBULE_PASSWORDS__ITERATIONS", "1")
            .with("VESTIBULE_PASSWORDS__MAX_WAIT", "10s")
            .with("VESTIBULE_LIMITS__MODE", "off")
            .with("VESTIBULE_JOBS__POLL_INTERVAL", "20ms")
            .with("VESTIBULE_HTTP__LISTEN", &format!("127.0.0.1:{}", free_port()))
    }

    /// In production, with all that it needs.
    pub(crate) fn in_production() -> Self {
        Self::new()
            .with("VESTIBULE_PROFILE", "production")
            .with("VESTIBULE_PASSWORDS__MEMORY_KIB", "19456")
            .with("VESTIBULE_PASSWORDS__ITERATIONS", "2")
            .with("VESTIBULE_HTTP__PUBLIC_URL", "https://accounts.example.org")
            .with("VESTIBULE_HTTP__SHUTDOWN_GRACE", "0s")
            .with("VESTIBULE_SECURITY__MASTER_KEY", super::MASTER_KEY)
    }

    /// Sets a variable; a later one replaces an earlier one.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.retain(|(other, _)| other != name);
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.variables.retain(|(other, _)| other != name);
        self
    }

    pub(crate) fn argument(mut self, argument: &str) -> Self {
        self.arguments.push(argument.to_owned());
        self
    }

    /// The same once more, in the same directory, on a port of its own.
    pub(crate) fn beside(&self) -> Self {
        let listen = format!("127.0.0.1:{}", free_port());
        self.clone().with("VESTIBULE_HTTP__LISTEN", &listen)
    }

    pub(crate) fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// Starts it without waiting for anything.
    pub(crate) fn launch(&self) -> Running {
        let mut child = Command::new(env!("CARGO_BIN_EXE_vestibule"))
            .args(&self.arguments)
            .env_clear()
            .envs(self.variables.iter().cloned())
            .current_dir(self.directory())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let log = Output::of(child.stderr.take().expect("piped"));
        let said = Output::of(child.stdout.take().expect("piped"));
        let listen = self.variables.iter().find(|(name, _)| name == "VESTIBULE_HTTP__LISTEN");
        let port = listen.and_then(|(_, value)| value.rsplit_once(':')).expect("a port").1;
        let address = SocketAddr::from(([127, 0, 0, 1], port.parse().expect("a number")));
        Running { address, child, log, said, _directory: Arc::clone(&self.directory) }
    }

    /// Starts it and waits until it is ready.
    pub(crate) fn start(&self) -> Running {
        let mut running = self.launch();
        running.wait_until_ready();
        running
    }

    /// Runs it to its end: how it ended and all that it said.
    pub(crate) fn run(&self) -> (Option<i32>, String) {
        let mut running = self.launch();
        let status = running.ended();
        (status.code(), format!("{}{}", running.said(), running.log()))
    }
}

impl Running {
    pub(crate) fn wait_until_ready(&mut self) {
        let address = self.address;
        eventually("readiness", || {
            let ended = self.child.try_wait().expect("a child of ours");
            assert!(ended.is_none(), "ended instead: {ended:?}\n{}", self.log.text());
            let reply = call(address, "GET", "/readyz", None, None).ok()?;
            (reply.status == 200).then_some(())
        });
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Standard error so far.
    pub(crate) fn log(&self) -> String {
        self.log.text()
    }

    /// Standard output so far.
    pub(crate) fn said(&self) -> String {
        self.said.text()
    }

    pub(crate) fn wait_for_log(&self, text: &str) {
        let late = Instant::now() + PATIENCE;
        while !self.log().contains(text) {
            assert!(Instant::now() < late, "no {text} in:\n{}", self.log());
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Asks it to stop, as an orchestrator does.
    pub(crate) fn terminate(&self) {
        self.signal("TERM");
    }

    pub(crate) fn signal(&self, signal: &str) {
        let id = self.id().to_string();
        let sent = Command::new("sh").args(["-c", "kill -s \"$0\" \"$1\"", signal, &id]).status();
        assert!(sent.expect("a shell").success());
    }

    /// `kill -9`.
    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("a child of ours");
        self.child.wait().expect("a child of ours");
    }

    pub(crate) fn ended(&mut self) -> ExitStatus {
        let status = eventually("the end", || self.child.try_wait().expect("a child of ours"));
        self.log.finish();
        self.said.finish();
        status
    }

    /// Asks it to stop and waits until it did.
    pub(crate) fn stop(mut self) -> String {
        self.terminate();
        let status = self.ended();
        assert_eq!(status.code(), Some(0), "{}", self.log());
        self.log()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may be gone already, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Output {
    fn of(stream: impl Read + Send + 'static) -> Self {
        let output = Self::default();
        let filled = output.clone();
        thread::spawn(move || {
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                let mut text = filled.0.lock().expect("nobody panics");
                text.push_str(&line);
                text.push('\n');
            }
        });
        output
    }

    fn text(&self) -> String {
        self.0.lock().expect("nobody panics").clone()
    }

    /// Waits until the reader has seen the end.
    fn finish(&self) {
        eventually("the end of the output", || (Arc::strong_count(&self.0) == 1).then_some(()));
    }
}

pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}
