//! When to stop.

use tokio::signal::unix::{SignalKind, signal};

/// Resolves at SIGTERM or Ctrl-C. Without handlers there is no graceful stop, only the kernel's.
pub(crate) async fn stop_asked() {
    let terminate = async {
        match signal(SignalKind::terminate()) {
            Ok(mut stream) => {
                stream.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = terminate => {}
        () = interrupt => {}
    }
}
