//! `[accounts]`: the life of an account.

use std::time::Duration;

use api::dialects::Dialects;

use super::reader::Reader;

#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of its own")]
pub struct Accounts {
    /// How long a deleted account can be restored before it is erased.
    pub restoration_window: Duration,
    pub verify_new_addresses: bool,
    pub welcome_mail: bool,
    pub sign_in_needs_verification: bool,
    /// Whether the native API says that an e-mail address or a phone number is taken.
    pub registration_reveals: bool,
}

impl Accounts {
    pub(super) fn read(reader: &mut Reader, dialects: &Dialects) -> Self {
        let range = Duration::from_secs(1)..=Duration::from_hours(24 * 3650);
        let accounts = Self {
            restoration_window: reader.duration("accounts.restoration_window", range),
            verify_new_addresses: reader.boolean("accounts.verify_new_addresses"),
            welcome_mail: reader.boolean("accounts.welcome_mail"),
            sign_in_needs_verification: reader.boolean("accounts.sign_in_needs_verification"),
            registration_reveals: reader.boolean("accounts.registration_reveals"),
        };
        if dialects.activates() && !accounts.sign_in_needs_verification {
            reader.warn(
                "dialects.djoser.send_activation_email",
                "asks on this dialect alone: accounts that are not activated may sign in on other \
                 surfaces, unless accounts.sign_in_needs_verification is set",
            );
        }
        let hides = !accounts.registration_reveals || dialects.has_hardened();
        if hides && !accounts.sign_in_needs_verification {
            reader.warn(
                "accounts.sign_in_needs_verification",
                "registration does not tell who is registered, but whoever registers an address and \
                 then signs in with it learns whether it was free",
            );
        }
        accounts
    }
}
