//! Apache Kafka, three times: a broker that answers, what tests need to run brokers of their own, and
//! `kcat`, a client that is none of ours.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use rustix::process::Signal;

use super::server::Site;
use super::unprivileged::User;
use super::{Component, Running, compose, debian};
use crate::environment;
use crate::process::{self, Interrupt};

const VERSION: &str = "3.9.1";
/// Any 16 bytes in base64 do.
const CLUSTER: &str = "VmVzdGlidWxlLXRlc3RzLg";

pub(super) const COMPONENT: Component = Component {
    name: "Kafka",
    variable: "VESTIBULE_TEST_KAFKA_BROKERS",
    backend: None,
    compose: Some(compose::Service {
        name: "kafka",
        port_variable: "DEV_KAFKA_PORT",
        url: address,
    }),
    private,
};

/// Nothing runs here: tests start it themselves.
pub(super) const PROGRAM: Component = Component {
    name: "the program of Kafka",
    variable: "VESTIBULE_TEST_KAFKA_JARS",
    backend: None,
    compose: None,
    private: |interrupt| Ok(Running::borrowed(jars(interrupt)?.display().to_string())),
};

pub(super) const CLIENT: Component = Component {
    name: "kcat",
    variable: "VESTIBULE_TEST_KCAT",
    backend: None,
    compose: None,
    private: |interrupt| Ok(Running::borrowed(kcat(interrupt)?.display().to_string())),
};

fn address(port: u16) -> String {
    format!("127.0.0.1:{port}")
}

fn private(interrupt: &Interrupt) -> Result<Running> {
    broker(super::free_port()?, interrupt)
}

/// A broker of its own on this port.
pub(crate) fn broker(port: u16, interrupt: &Interrupt) -> Result<Running> {
    let (java, client) = (java(interrupt)?, kcat(interrupt)?);
    let class_path = format!("{}/*", jars(interrupt)?.display());
    let mut site = Site::prepare(User::ourselves(), "kafka")?;
    site.port = port;
    let controller = super::free_port()?;
    let settings = site.path("server.properties");
    fs::write(&settings, properties(site.port, controller, &site.path("data")))
        .with_context(|| format!("write {}", settings.display()))?;
    let java = |arguments: &[&str]| {
        let mut command = site.command(&java);
        command.args(["-Xmx512m", "-XX:+UseSerialGC", "-cp", &class_path]).args(arguments);
        command
    };
    let file = settings.display().to_string();
    let mut format = java(&["kafka.tools.StorageTool", "format", "-t", CLUSTER, "-c", &file]);
    site.step(&mut format, interrupt)?;
    let mut broker = java(&["kafka.Kafka", &file]);
    let address = address(site.port);
    let mut ready = site.command(&client);
    ready.args(["-L", "-m", "2", "-b", &address]);
    let broker = site.serve(&mut broker, &mut ready, Signal::KILL, interrupt)?;
    Ok(Running::guarded(address, broker))
}

/// A broker that is its own controller and promises no more copies than itself.
fn properties(port: u16, controller: u16, data: &Path) -> String {
    let data = data.display();
    format!(
        "process.roles=broker,controller\n\
         node.id=1\n\
         controller.quorum.voters=1@127.0.0.1:{controller}\n\
         controller.listener.names=CONTROLLER\n\
         listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}\n\
         advertised.listeners=PLAINTEXT://127.0.0.1:{port}\n\
         log.dirs={data}\n\
         offsets.topic.num.partitions=1\n\
         offsets.topic.replication.factor=1\n\
         transaction.state.log.num.partitions=1\n\
         transaction.state.log.replication.factor=1\n\
         transaction.state.log.min.isr=1\n\
         group.initial.rebalance.delay.ms=0\n"
    )
}

fn java(interrupt: &Interrupt) -> Result<PathBuf> {
    debian::ensure("default-jre-headless", interrupt, || environment::program("java"))
}

fn kcat(interrupt: &Interrupt) -> Result<PathBuf> {
    debian::ensure("kcat", interrupt, || environment::program("kcat"))
}

/// The folder with the broker's jars, fetched once by Maven.
fn jars(interrupt: &Interrupt) -> Result<PathBuf> {
    java(interrupt)?;
    let tools = environment::target_directory().join("tools");
    let folder = tools.join(format!("kafka-{VERSION}"));
    if folder.is_dir() {
        return Ok(folder);
    }
    let maven = debian::ensure("maven", interrupt, || environment::program("mvn"))?;
    fs::create_dir_all(&tools).context("make a folder for tools")?;
    let fetched = tempfile::tempdir_in(&tools).context("make a folder for Kafka")?;
    let project = fetched.path().join("pom.xml");
    fs::write(&project, project_file()).context("write what Maven is to fetch")?;
    eprintln!("fetching Apache Kafka {VERSION} with Maven");
    let mut fetch = Command::new(maven);
    fetch
        .arg("--batch-mode")
        .arg("--quiet")
        .arg("--file")
        .arg(&project)
        .arg("org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies")
        .arg("-DoutputDirectory=jars")
        .stdout(std::io::stderr());
    let status = process::run(&mut fetch, interrupt)?;
    ensure!(status.success(), "Maven could not fetch Apache Kafka: {status}");
    // Whole or not at all, also when two runs fetch it at once.
    match fs::rename(fetched.path().join("jars"), &folder) {
        Err(error) if !folder.is_dir() => Err(error).context("keep Apache Kafka"),
        Ok(()) | Err(_) => Ok(folder),
    }
}

fn project_file() -> String {
    let dependency = |group: &str, name: &str, version: &str| {
        format!(
            "<dependency><groupId>{group}</groupId><artifactId>{name}</artifactId>\
             <version>{version}</version></dependency>"
        )
    };
    let broker = dependency("org.apache.kafka", "kafka_2.13", VERSION);
    let log = dependency("org.slf4j", "slf4j-simple", "1.7.36");
    format!(
        "<project xmlns=\"http://maven.apache.org/POM/4.0.0\"><modelVersion>4.0.0</modelVersion>\
         <groupId>vestibule</groupId><artifactId>kafka</artifactId><version>1</version>\
         <dependencies>{broker}{log}</dependencies></project>\n"
    )
}
