//! The programs of Prometheus: `VESTIBULE_TEST_PROMETHEUS` and `VESTIBULE_TEST_PROMTOOL`, else those on the
//! path.

use std::fs;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;
use url::form_urlencoded::byte_serialize;

use super::{RULES, eventually, path};
use crate::process::program::free_port;

/// A server that looks at one instance, every second.
pub(super) struct Prometheus {
    address: SocketAddr,
    child: Child,
    _folder: TempDir,
}

impl Prometheus {
    pub(super) fn start(target: SocketAddr) -> Self {
        let folder = TempDir::with_prefix("vestibule-prometheus-").expect("a folder");
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let file = folder.path().join("prometheus.yml");
        fs::write(&file, configuration(target)).expect("a file");
        let child = command("VESTIBULE_TEST_PROMETHEUS", "prometheus")
            .arg(format!("--config.file={}", file.display()))
            .arg(format!("--storage.tsdb.path={}", folder.path().join("data").display()))
            .arg(format!("--web.listen-address={address}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("Prometheus starts: `cargo xtask test` has it");
        let mut prometheus = Self { address, child, _folder: folder };
        eventually("Prometheus", || {
            let ended = prometheus.child.try_wait().expect("a child of ours");
            assert!(ended.is_none(), "Prometheus ended: {ended:?}");
            get(address, "/-/ready").ok().filter(|(status, _)| *status == 200)
        });
        prometheus
    }

    /// What a query yields: its series, or what is wrong with it.
    pub(super) fn query(&self, query: &str) -> Result<Vec<Value>, String> {
        let query: String = byte_serialize(query.as_bytes()).collect();
        let answer = self.ask(&format!("/api/v1/query?query={query}"));
        if answer["status"] != "success" {
            return Err(answer["error"].to_string());
        }
        let series = answer["data"]["result"].as_array();
        series.cloned().ok_or_else(|| answer.to_string())
    }

    pub(super) fn ask(&self, path: &str) -> Value {
        let (_, body) = get(self.address, path).expect("an answer");
        serde_json::from_str(&body).unwrap_or_else(|error| panic!("{error}: {body}"))
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// As `deploy/prometheus/prometheus.yml`, but in a hurry and without a name service.
fn configuration(target: SocketAddr) -> String {
    format!(
        "global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: ['{}']
scrape_configs:
  - job_name: vestibule
    static_configs: [{{targets: ['{target}']}}]
",
        path(RULES).display()
    )
}

/// In HTTP/1.0: the answer comes in one piece and ends with the connection.
fn get(address: SocketAddr, path: &str) -> io::Result<(u16, String)> {
    let mut stream = TcpStream::connect(address)?;
    write!(stream, "GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
    let body = answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned());
    status.zip(body).ok_or_else(|| io::ErrorKind::InvalidData.into())
}

/// Runs the tool in the folder of the file, to its successful end.
pub(super) fn promtool(arguments: &[&str], file: &str) {
    let file = path(file);
    let (folder, name) = (file.parent().unwrap_or(Path::new(".")), file.file_name());
    let output = command("VESTIBULE_TEST_PROMTOOL", "promtool")
        .args(arguments)
        .args(name)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .expect("promtool starts: `cargo xtask test` has it");
    let said =
        [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    assert!(output.status.success(), "promtool {arguments:?}: {}", said.concat());
}

/// What the tool finds wrong with a scrape.
pub(super) fn check_metrics(scrape: &str) -> Vec<String> {
    let mut child = command("VESTIBULE_TEST_PROMTOOL", "promtool")
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("promtool starts: `cargo xtask test` has it");
    let mut stdin = child.stdin.take().expect("piped");
    stdin.write_all(scrape.as_bytes()).expect("it reads all before it says anything");
    drop(stdin);
    let output = child.wait_with_output().expect("an end");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let found: Vec<String> = said.lines().map(str::to_owned).collect();
    assert_eq!(output.status.success(), found.is_empty(), "{:?}: {said}", output.status);
    found
}

#[expect(clippy::disallowed_methods, reason = "the test runner says where its programs are")]
fn command(variable: &str, program: &str) -> Command {
    Command::new(std::env::var(variable).unwrap_or_else(|_| program.to_owned()))
}
