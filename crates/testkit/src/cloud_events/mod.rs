//! Messages as the SDK of `CloudEvents` for Python reads them: a judge that is none of ours.

use serde_json::{Value, json};

use crate::http::RecordedRequest;
use crate::kafka::KafkaMessage;
use crate::python::Program;

const PROGRAM: &str = include_str!("judge.py");
const SDK: &str = "VESTIBULE_TEST_CLOUDEVENTS";

pub struct CloudEventsJudge(Program);

impl CloudEventsJudge {
    #[expect(clippy::disallowed_methods, reason = "the test runner says where its programs are")]
    pub fn start() -> Self {
        let sdk = std::env::var(SDK)
            .unwrap_or_else(|_| panic!("{SDK} is not set: run `cargo xtask test`, which has it"));
        let (program, _): (_, bool) = Program::start(PROGRAM, &json!({ "sdk": sdk }));
        Self(program)
    }

    /// Its `attributes` and `data`, or what is `wrong` with it, in binary or structured mode.
    pub fn kafka(&self, message: &KafkaMessage) -> Value {
        let headers: Vec<_> = message.headers().collect();
        self.0.ask(&json!({
            "binding": "kafka",
            "headers": headers,
            "key": message.key,
            "body": message.payload.clone().unwrap_or_default(),
        }))
    }

    /// The same of a request.
    pub fn http(&self, request: &RecordedRequest) -> Value {
        let headers: Vec<_> = request.headers.iter().collect();
        self.0.ask(&json!({ "binding": "http", "headers": headers, "body": request.body }))
    }
}
