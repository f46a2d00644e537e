//! What whoever starts the service wants to know first.

use std::io::Write;

use operations::Services;
use operations::health::has_admin;

use crate::config::{MailTransport, Profile, Settings};

/// In the log for machines, on the terminal for people.
pub(crate) async fn greet(settings: &Settings, services: &Services) {
    for warning in &settings.warnings {
        tracing::warn!("{warning}");
    }
    let url = settings.http.public_base();
    tracing::info!(listen = %settings.http.listen, url, "listening");
    let dialects = settings.dialects.names();
    if dialects.is_empty() {
        tracing::info!("only the native API answers: no dialect is enabled");
    } else {
        tracing::info!(dialects = dialects.join(", "), "dialects answer beside the native API");
    }
    if settings.profile == Profile::Production {
        return;
    }
    let mail = match settings.mail.transport {
        MailTransport::Folder => {
            format!("{url}/dev/mailbox (files in {})", settings.mail.folder.display())
        }
        MailTransport::Smtp | MailTransport::Webhook => "leaves the machine".to_owned(),
    };
    let admin = match has_admin(services).await {
        Ok(true) => "there is one".to_owned(),
        Ok(false) | Err(_) => format!(
            "make the first by the setup token, or: {} admin init --username NAME",
            program()
        ),
    };
    let docs = match settings.http.admin_listen {
        Some(inside) => format!("http://{inside}/docs"),
        None => format!("{url}/docs"),
    };
    // Not beside the log, which machines read. Nobody may be reading this any more; that is no
    // reason not to serve.
    let _ = writeln!(
        std::io::stdout(),
        "\n  Vestibule listens on {url}\n\n  docs    {docs}\n  mail    {mail}\n  admin   {admin}\n"
    );
}

/// As it was called, so that the line can be pasted.
fn program() -> String {
    std::env::args().next().unwrap_or_else(|| "vestibule".to_owned())
}
