//! Where passwords come from: standard input, or a person at a terminal. Never an argument, which
//! every user of the machine can see (CFG-05).

use std::io::{BufRead, IsTerminal, Read};

use anyhow::Context;
use clap::Args;
use domain::Password;
use zeroize::Zeroizing;

use super::outcome::{Failure, Outcome};

/// Far beyond any password; keeps a mistaken pipe from filling the memory.
const LONGEST: u64 = 64 * 1024;

#[derive(Debug, Args)]
pub(super) struct PasswordSource {
    /// Read the password from standard input: one line
    #[arg(long)]
    password_stdin: bool,
}

impl PasswordSource {
    /// Refuses early, before anybody waits for a database, when there is no way to ask.
    pub(super) fn check(&self) -> Outcome {
        if self.password_stdin || std::io::stdin().is_terminal() {
            return Ok(());
        }
        Err(Failure::Usage(
            "there is no terminal to ask for the password: pipe it in with --password-stdin".into(),
        ))
    }

    /// One line of standard input; at a terminal, typed twice without being shown.
    pub(super) fn obtain(&self) -> Outcome<Password> {
        if self.password_stdin && !std::io::stdin().is_terminal() {
            read_line()
        } else {
            ask_twice()
        }
    }
}

fn ask_twice() -> Outcome<Password> {
    let ask = |prompt| {
        let typed = rpassword::prompt_password(prompt).context("the password cannot be read");
        typed.map(Zeroizing::new)
    };
    let password = ask("Password: ")?;
    if password != ask("The same again: ")? {
        return Err(Failure::Refused("the two passwords differ".to_owned()));
    }
    Ok(Password::new(&password))
}

fn read_line() -> Outcome<Password> {
    let mut line = Zeroizing::new(Vec::with_capacity(1024));
    let mut input = std::io::stdin().lock().take(LONGEST);
    input.read_until(b'\n', &mut line).context("standard input cannot be read")?;
    let line = line.strip_suffix(b"\n").unwrap_or(&line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if line.is_empty() {
        return Err(Failure::Usage("there is no password on standard input".to_owned()));
    }
    let text = std::str::from_utf8(line)
        .map_err(|_| Failure::Usage("the password on standard input is not UTF-8".to_owned()))?;
    Ok(Password::new(text))
}
