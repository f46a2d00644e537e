//! The example of `docs/EVENTS.md`, as another team runs it.

use std::process::{Command, Stdio};

use data_encoding::BASE64;
use integrations::SystemClock;
use operations::commands::{Outcome, SIGNATURE};
use operations::ports::Clock;
use testkit::App;

use super::{KEY, billing, only, send, unsigned};
use crate::support::{events_of, registered};

const PAGE: &str = include_str!("../../../../docs/EVENTS.md");
const PYTHON: &str = "VESTIBULE_TEST_PYTHON";

#[expect(clippy::disallowed_methods, reason = "the test runner says where its programs are")]
fn python() -> String {
    std::env::var(PYTHON).unwrap_or_else(|_| panic!("{PYTHON} is not set: run `cargo xtask test`"))
}

/// The block below the heading that signs a command.
fn example() -> &'static str {
    let (_, chapter) = PAGE.split_once("## Commands from other services").expect("the chapter");
    let (_, code) = chapter.split_once("```python\n").expect("an example");
    code.split_once("```").expect("its end").0
}

#[tokio::test]
async fn the_example_signs_a_command_that_is_done() {
    let app = App::on(storage::Backend::Sqlite).await;
    let ann = registered(&app.services, "ann").await.id;
    // The example says what time it is.
    app.advance(SystemClock.now().since(app.now()));
    let ran = Command::new(python())
        .args(["-c", example(), &BASE64.encode(&KEY), &ann.to_string()])
        .stderr(Stdio::inherit())
        .output()
        .expect("Python runs");
    let printed = String::from_utf8(ran.stdout).expect("text");
    let (signature, value) = printed.split_once('\n').expect("a signature and a value");
    let message = unsigned(value, &[(SIGNATURE, signature)]);
    assert_eq!(send(&app, &only(billing()), &message).await, Outcome::Applied);
    assert_eq!(events_of(&app, ann).await, ["user.registered", "user.blocked"]);
}
