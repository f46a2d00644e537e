//! The token that makes the first administrator, where the settings name none.

use std::io::Write;

use domain::token::SecretToken;
use operations::setup::{Offer, offer};
use operations::{Error, Services};

use crate::config::{Admin, Http, Settings};

/// Told at each start until somebody used it. A failure is logged, not fatal: the service is
/// useful without an administrator.
pub(crate) async fn offer_unless_settled(settings: &Settings, services: &Services) {
    // Who is named there and could not be made is told about already.
    let Admin { password: None, .. } = settings.admin else { return };
    match offer(services, &services.operator()).await {
        Ok(Offer::Closed) => {}
        Ok(Offer::Made(token)) => {
            tracing::info!("no administrator: a setup token was printed to standard output");
            show(&settings.http, &token);
        }
        Ok(Offer::Waiting { since }) => tracing::info!(
            since = since.to_rfc3339(),
            "no administrator: a setup token was printed at an earlier start; `vestibule admin \
             setup-token` makes another"
        ),
        Err(Error::Refused(refusal)) => {
            tracing::error!(reason = refusal.code(), "no setup token was made");
        }
        Err(Error::Fault(fault)) => {
            tracing::error!(fault = fault.chain(), "no setup token was made");
        }
    }
}

/// Beside the log, which is kept and copied. Nobody may be reading: then another can be made.
fn show(http: &Http, token: &SecretToken) {
    let _ = write!(std::io::stdout(), "\n{}", how_to_use(http, token));
}

/// What whoever reads it does next. The token stands alone on its line.
pub(crate) fn how_to_use(http: &Http, token: &SecretToken) -> String {
    let url = http.public_base();
    format!(
        "The setup token, which makes the first administrator and is shown this once:\n\n  \
         {token}\n\nUse it once:\n\n  curl {url}/api/v1/setup -H 'Content-Type: \
         application/json' \\\n    -d '{{\"setup_token\":\"…\",\"username\":\"NAME\",\
         \"password\":\"PASSWORD\"}}'\n",
        token = token.reveal(),
    )
}
