//! The `vestibule` binary.

use std::process::ExitCode;

/// Large short-lived buffers cost half as much as with the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // One TLS provider for every client; another one installed first would serve as well.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    server::cli::run()
}
