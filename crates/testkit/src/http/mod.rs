//! An HTTPS server of this test's own, which records what it was asked and answers as told.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::certificates::Authority;
use crate::python::Program;

const RECORDER: &str = include_str!("recorder.py");

pub struct HttpServer {
    program: Program,
    authority: Authority,
    port: u16,
}

#[derive(Clone, Debug, Deserialize)]
pub struct RecordedRequest {
    pub method: String,
    /// With its query.
    pub path: String,
    /// Names in lower case.
    pub headers: BTreeMap<String, String>,
    pub body: String,
    /// User and password of the authorization.
    pub basic: Option<(String, String)>,
    /// Which of the secrets of the server vouch for it.
    pub signed_by: Vec<String>,
}

impl HttpServer {
    /// Knows these secrets of webhooks.
    pub fn start(secrets: &[&str]) -> Self {
        let authority = Authority::default();
        let own = authority.certificate("localhost");
        let settings =
            json!({ "certificate": own.certificate, "key": own.key, "secrets": secrets });
        let (program, port) = Program::start(RECORDER, &settings);
        Self { program, authority, port }
    }

    pub fn url(&self) -> String {
        format!("https://localhost:{}", self.port)
    }

    /// Who vouches for its certificate.
    pub fn ca_file(&self) -> PathBuf {
        self.authority.file()
    }

    /// From now on also this secret of webhooks.
    pub fn know(&self, secret: &str) {
        let _requests: Value = self.program.ask(&json!({ "do": "know", "secret": secret }));
    }

    /// To every request from now on.
    pub fn answer(&self, status: u16, body: &str) {
        self.set(&json!({ "status": status, "body": body, "headers": {} }));
    }

    pub fn redirect(&self, to: &str) {
        self.set(&json!({ "status": 307, "headers": { "location": to } }));
    }

    /// So long after each request.
    pub fn delay(&self, delay: Duration) {
        self.set(&json!({ "delay": delay.as_secs_f64() }));
    }

    fn set(&self, answer: &Value) {
        let _requests: Value = self.program.ask(&json!({ "do": "answer", "answer": answer }));
    }

    /// Every request so far, oldest first.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.program.ask(&json!({ "do": "requests" }))
    }
}
