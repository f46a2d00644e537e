//! The first administrator, from the settings, when there is none.

use domain::Password;
use operations::accounts::{NewIdentifiers, Register};
use operations::roles::bootstrap_admin;
use operations::{Error, Services};
use secrecy::ExposeSecret;

use crate::config::Admin;

/// A failure is logged, not fatal: the service is useful without an administrator, and an
/// identifier that somebody else took must not keep it from starting.
pub(crate) async fn from_settings(settings: &Admin, services: &Services) {
    let Some(password) = &settings.password else { return };
    let request = Register {
        identifiers: NewIdentifiers {
            username: settings.username.as_ref().map(|name| name.as_str().to_owned()),
            email: settings.email.as_ref().map(|email| email.as_str().to_owned()),
            phone: None,
        },
        password: Password::new(password.expose_secret()),
        first_name: None,
        last_name: None,
        roles: Vec::new(),
        idempotency_key: None,
    };
    match bootstrap_admin(services, &services.operator(), &request).await {
        Ok(Some(user)) => {
            tracing::info!(user = %user.id, "made the first administrator");
        }
        Ok(None) => {}
        Err(Error::Refused(refusal)) => {
            tracing::error!(reason = refusal.code(), "the first administrator was not made");
        }
        Err(Error::Fault(fault)) => {
            tracing::error!(fault = fault.chain(), "the first administrator was not made");
        }
    }
}
