//! Writing results to standard output.

use std::io::{ErrorKind, Write};

use super::outcome::Outcome;

/// Whoever reads may have seen enough (`vestibule user list | head`): that is no fault.
pub(super) fn print(text: &str) -> Outcome {
    print_if_read(text).map(drop)
}

/// The same; says whether anybody still reads.
pub(super) fn print_if_read(text: &str) -> Outcome<bool> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
        Err(error) => {
            Err(anyhow::Error::new(error).context("standard output cannot be written").into())
        }
    }
}

/// What others wrote must not steer the terminal.
pub(super) fn printable(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { '?' } else { letter }).collect()
}

/// One line.
pub(super) fn say(text: impl AsRef<str>) -> Outcome {
    print(&format!("{}\n", text.as_ref()))
}
