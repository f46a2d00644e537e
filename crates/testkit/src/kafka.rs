//! Kafka: the broker that all tests share, brokers of a test's own, and `kcat`, which is no client of
//! ours and reads what was really written.

use std::fs::File;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde::Deserialize;
use tempfile::TempDir;

use crate::certificates::Certificate;

const BROKERS: &str = "VESTIBULE_TEST_KAFKA_BROKERS";
const JARS: &str = "VESTIBULE_TEST_KAFKA_JARS";
const KCAT: &str = "VESTIBULE_TEST_KCAT";
const START_LIMIT: Duration = Duration::from_mins(1);
/// Any 16 bytes in base64 do.
const CLUSTER: &str = "VmVzdGlidWxlLXRlc3RzLg";

/// A message as `kcat -J` prints it.
#[derive(Clone, Debug, Deserialize)]
pub struct KafkaMessage {
    pub topic: String,
    pub partition: i64,
    pub offset: i64,
    /// Names and values in turn.
    #[serde(default)]
    headers: Vec<String>,
    pub key: Option<String>,
    /// None for a tombstone.
    pub payload: Option<String>,
}

impl KafkaMessage {
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut pairs = self.headers.chunks(2);
        pairs.find(|pair| pair[0] == name).map(|pair| pair[1].as_str())
    }

    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers.chunks(2).map(|pair| (pair[0].as_str(), pair[1].as_str()))
    }
}

/// The address of the broker that tests share: they write to topics of their own.
pub fn kafka_brokers() -> String {
    told(BROKERS)
}

/// The name of a topic that no other test has.
pub fn kafka_topic(name: &str) -> String {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let count = COUNTER.fetch_add(1, Ordering::Relaxed);
    format!("{name}.{}.{count}", std::process::id())
}

/// Everything that a topic holds now and that was committed, each partition in its order. None while
/// there is no such topic.
pub fn kafka_messages(brokers: &str, topic: &str) -> Vec<KafkaMessage> {
    let ended = match run_kcat(&["-C", "-e", "-q", "-J", "-b", brokers, "-t", topic]) {
        Ok(ended) => ended,
        Err(says) if says.contains("Unknown topic or partition") => return Vec::new(),
        Err(says) => panic!("kcat: {says}"),
    };
    let lines = ended.lines().filter(|line| !line.is_empty());
    lines.map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"))).collect()
}

/// Writes a message with these headers, from outside.
pub fn kafka_produce(brokers: &str, topic: &str, headers: &[(&str, &str)], body: &str) {
    let folder = TempDir::with_prefix("vestibule-kcat-").expect("a temporary folder");
    let file = folder.path().join("body");
    std::fs::write(&file, body).expect("the body is written");
    let file = file.display().to_string();
    let headers: Vec<String> =
        headers.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let headers = headers.iter().flat_map(|header| ["-H", header.as_str()]);
    // A file that is named is one message.
    let arguments =
        ["-P", "-b", brokers, "-t", topic].into_iter().chain(headers).chain([file.as_str()]);
    kcat(&arguments.collect::<Vec<_>>());
}

/// How a topic is set other than its brokers are, as their own tool says: `retention.ms=…` and so on.
pub fn kafka_topic_settings(brokers: &str, topic: &str) -> Vec<String> {
    let ended = Command::new("java")
        .args(["-Xmx128m", "-XX:+UseSerialGC", "-cp", &format!("{}/*", told(JARS))])
        .args(["kafka.admin.ConfigCommand", "--bootstrap-server", brokers, "--describe"])
        .args(["--entity-type", "topics", "--entity-name", topic])
        .output()
        .expect("java runs: `cargo xtask test` installs it");
    let says = String::from_utf8_lossy(&ended.stdout);
    assert!(ended.status.success(), "{says}{}", String::from_utf8_lossy(&ended.stderr));
    let settings = says.lines().filter(|line| line.starts_with(' '));
    settings.filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

/// What `kcat` prints.
pub fn kcat(arguments: &[&str]) -> String {
    run_kcat(arguments).unwrap_or_else(|says| panic!("kcat {arguments:?}: {says}"))
}

fn run_kcat(arguments: &[&str]) -> Result<String, String> {
    let ended = Command::new(told(KCAT)).args(arguments).output().expect("kcat runs");
    if ended.status.success() {
        return Ok(String::from_utf8(ended.stdout).expect("kcat prints UTF-8"));
    }
    Err(String::from_utf8_lossy(&ended.stderr).into_owned())
}

#[expect(clippy::disallowed_methods, reason = "the test runner says where its servers are")]
fn told(variable: &str) -> String {
    std::env::var(variable)
        .unwrap_or_else(|_| panic!("{variable} is not set: run `cargo xtask test`, which has it"))
}

/// A broker of this test's own, which it may kill, stop and start again with what it holds.
pub struct KafkaServer {
    child: Child,
    folder: TempDir,
    port: u16,
    secure: u16,
}

impl KafkaServer {
    pub async fn start() -> Self {
        Self::start_with("").await
    }

    /// With settings of the broker beside those that every one has.
    pub async fn start_with(more: &str) -> Self {
        let (folder, ports) = (folder(), free_ports());
        let text = properties(ports, folder.path()) + more;
        Self::start_in(folder, ports, &text).await
    }

    /// Which also listens where only TLS and this user (by PLAIN) get in: [`Self::secure_brokers`].
    pub async fn start_secure(certificate: &Certificate, user: &str, password: &str) -> Self {
        let (folder, ports) = (folder(), free_ports());
        let [port, controller, secure] = ports;
        let read = |path: &Path| std::fs::read_to_string(path).expect("a certificate");
        let store = folder.path().join("keystore.pem");
        let pem = read(&certificate.key) + &read(&certificate.certificate);
        std::fs::write(&store, pem).expect("the store is written");
        let text = properties(ports, folder.path())
            + &format!(
                "listeners=PLAINTEXT://127.0.0.1:{port},SECURE://127.0.0.1:{secure},\
                 CONTROLLER://127.0.0.1:{controller}\n\
                 listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,\
                 SECURE:SASL_SSL\n\
                 inter.broker.listener.name=PLAINTEXT\n\
                 ssl.keystore.type=PEM\n\
                 ssl.keystore.location={}\n\
                 listener.name.secure.sasl.enabled.mechanisms=PLAIN\n\
                 listener.name.secure.plain.sasl.jaas.config=\
                 org.apache.kafka.common.security.plain.PlainLoginModule required \
                 user_{user}=\"{password}\";\n",
                store.display()
            );
        Self::start_in(folder, ports, &text).await
    }

    async fn start_in(folder: TempDir, [port, _, secure]: [u16; 3], properties: &str) -> Self {
        let settings = folder.path().join("server.properties");
        std::fs::write(&settings, properties).expect("settings are written");
        let settings = settings.display().to_string();
        let format = ["kafka.tools.StorageTool", "format", "-t", CLUSTER, "-c", &settings];
        let formatted = java(&folder, &format).wait().expect("the storage is formatted");
        assert!(formatted.success(), "{}", log_of(&folder));
        let server = Self { child: run(&folder), folder, port, secure };
        server.wait_until_it_answers().await;
        server
    }

    /// On the same port and with what it held, after [`Self::kill`].
    pub async fn start_again(&mut self) {
        self.child = run(&self.folder);
        self.wait_until_it_answers().await;
    }

    pub fn brokers(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub fn secure_brokers(&self) -> String {
        format!("127.0.0.1:{}", self.secure)
    }

    pub fn kill(&mut self) {
        self.child.kill().expect("the broker can be killed");
        self.child.wait().expect("the broker ends");
    }

    /// Hangs from now on: it takes connections and answers nothing.
    pub fn hang(&self) {
        self.signal(Signal::STOP);
    }

    pub fn go_on(&self) {
        self.signal(Signal::CONT);
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("the broker can be signalled");
    }

    async fn wait_until_it_answers(&self) {
        let brokers = self.brokers();
        let answers = async {
            while !Command::new(told(KCAT))
                .args(["-L", "-m", "2", "-b", &brokers])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .expect("kcat runs")
                .success()
            {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        let waited = tokio::time::timeout(START_LIMIT, answers).await;
        assert!(waited.is_ok(), "the broker answers: {}", log_of(&self.folder));
    }
}

impl Drop for KafkaServer {
    fn drop(&mut self) {
        // Killed already is as good.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn run(folder: &TempDir) -> Child {
    let settings = folder.path().join("server.properties").display().to_string();
    java(folder, &["kafka.Kafka", &settings])
}

fn java(folder: &TempDir, arguments: &[&str]) -> Child {
    let log = || {
        let path = folder.path().join("log");
        File::options().create(true).append(true).open(path).expect("a log")
    };
    Command::new("java")
        .current_dir(folder.path())
        .args(["-Xmx384m", "-XX:+UseSerialGC", "-cp", &format!("{}/*", told(JARS))])
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(log())
        .stderr(log())
        .spawn()
        .expect("java runs: `cargo xtask test` installs it")
}

fn log_of(folder: &TempDir) -> String {
    std::fs::read_to_string(folder.path().join("log")).unwrap_or_default()
}

fn folder() -> TempDir {
    TempDir::with_prefix("vestibule-kafka-").expect("a temporary folder")
}

/// All held at once, so that they differ.
fn free_ports() -> [u16; 3] {
    let listen = || TcpListener::bind("127.0.0.1:0").expect("a free port");
    [listen(), listen(), listen()]
        .map(|listener| listener.local_addr().expect("its address").port())
}

fn properties([port, controller, _]: [u16; 3], folder: &Path) -> String {
    let data = folder.join("data").display().to_string();
    format!(
        "process.roles=broker,controller\n\
         node.id=1\n\
         controller.quorum.voters=1@127.0.0.1:{controller}\n\
         controller.listener.names=CONTROLLER\n\
         listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}\n\
         log.dirs={data}\n\
         offsets.topic.num.partitions=1\n\
         offsets.topic.replication.factor=1\n\
         transaction.state.log.num.partitions=1\n\
         transaction.state.log.replication.factor=1\n\
         transaction.state.log.min.isr=1\n\
         group.initial.rebalance.delay.ms=0\n"
    )
}
