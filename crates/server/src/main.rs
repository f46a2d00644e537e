//! The `vestibule` binary.

use std::process::ExitCode;

use rustix::fs::Mode;

/// Large short-lived buffers cost half as much as with the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // What we make (database, keys, mails) is for nobody else on this machine.
    rustix::process::umask(Mode::RWXG | Mode::RWXO);
    // One TLS provider for every client; another one installed first would serve as well.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    server::cli::run()
}
