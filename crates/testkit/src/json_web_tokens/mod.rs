//! Tokens as the libraries of the originals read and make them: `PyJWT` and `python-jose`.

use serde_json::{Value, json};

use crate::python::Program;

const PROGRAM: &str = include_str!("judge.py");
const LIBRARIES: &str = "VESTIBULE_TEST_PYTHON_JWT";

pub struct JwtLibraries(Program);

impl JwtLibraries {
    /// The ways in which originals read a token.
    pub const READERS: [&str; 3] = ["pyjwt", "simplejwt", "jose"];
    /// Those that make one.
    pub const WRITERS: [&str; 2] = ["pyjwt", "jose"];

    #[expect(clippy::disallowed_methods, reason = "the test runner says where its programs are")]
    pub fn start() -> Self {
        let libraries = std::env::var(LIBRARIES).unwrap_or_else(|_| {
            panic!("{LIBRARIES} is not set: run `cargo xtask test`, which has it")
        });
        let settings = json!({ "libraries": libraries });
        let (program, _): (_, bool) = Program::start(PROGRAM, &settings);
        Self(program)
    }

    /// The `claims`, or what is `wrong` with the token by the clock of this machine.
    pub fn read(&self, library: &str, token: &str, secret: &str) -> Value {
        self.0.ask(&json!({ "library": library, "token": token, "secret": secret }))
    }

    /// The token that the library makes of these claims.
    pub fn write(&self, library: &str, claims: &Value, secret: &str) -> String {
        self.0.ask(&json!({ "library": library, "claims": claims, "secret": secret }))
    }
}
