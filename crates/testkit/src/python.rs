//! A Python program of ours that plays another server: told by lines of JSON, answers with lines.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Mutex;

use serde::de::DeserializeOwned;
use serde_json::Value;

const INTERPRETER: &str = "VESTIBULE_TEST_PYTHON";

pub(crate) struct Program {
    child: Child,
    talk: Mutex<Talk>,
}

struct Talk {
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Program {
    /// Starts it and answers what it says to `settings`, its first line.
    pub(crate) fn start<T: DeserializeOwned>(source: &str, settings: &Value) -> (Self, T) {
        let mut child = spawn(source);
        let to = child.stdin.take().expect("a pipe");
        let from = BufReader::new(child.stdout.take().expect("a pipe"));
        let program = Self { child, talk: Mutex::new(Talk { to, from }) };
        let said = program.ask(settings);
        (program, said)
    }

    /// It answers within milliseconds, or ends and is read to its end.
    pub(crate) fn ask<T: DeserializeOwned>(&self, command: &Value) -> T {
        let mut talk = self.talk.lock().expect("no test panicked here");
        writeln!(talk.to, "{command}").expect("the program runs");
        let mut line = String::new();
        talk.from.read_line(&mut line).expect("the program runs");
        serde_json::from_str(&line).unwrap_or_else(|error| {
            panic!(
                "the program of {INTERPRETER} says {line:?}: {error}; what it says above tells more"
            )
        })
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Ended already is as good.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[expect(clippy::disallowed_methods, reason = "the test runner says where its programs are")]
fn spawn(source: &str) -> Child {
    let interpreter = std::env::var(INTERPRETER).unwrap_or_else(|_| "python3".to_owned());
    Command::new(&interpreter)
        .args(["-W", "ignore", "-c", source])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| {
            panic!(
                "{interpreter} cannot be started ({error}): run `cargo xtask test`, which has it"
            )
        })
}
