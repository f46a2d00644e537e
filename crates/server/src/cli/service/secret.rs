//! A new secret, shown this once.

use domain::ServiceAccount;
use domain::token::SecretToken;
use serde_json::json;

use super::json::value;
use crate::cli::outcome::Outcome;
use crate::cli::output::{print, say};

/// On standard output: asked for, and kept nowhere in this form.
pub(super) fn show(service: &ServiceAccount, secret: &SecretToken, as_json: bool) -> Outcome {
    if as_json {
        let mut shown = value(service);
        shown["client_secret"] = json!(secret.reveal());
        return say(shown.to_string());
    }
    print(&format!("client_id      {}\nclient_secret  {}\n", service.id, secret.reveal()))?;
    eprintln!("the secret is shown this once; what is kept of it is a digest");
    Ok(())
}
