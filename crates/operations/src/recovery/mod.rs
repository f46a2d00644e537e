//! Back into an account without its password: a code or link to a known address yields a ticket,
//! the ticket sets a new password.

mod by_administrator;
mod by_link;
mod request;
mod reset;
mod send;
mod verify;

pub(crate) use crate::confirmations::TooOften;
pub use by_administrator::send_recovery;
pub use by_link::reset_by_link;
pub(crate) use request::request_in;
pub use request::{request_recovery, request_recovery_silently};
pub(crate) use reset::forget_the_past;
pub use reset::{reset_password, review_recovered};
pub(crate) use send::send;
pub(crate) use verify::recover_in;
pub use verify::{recover_by_code, recover_by_link};

use std::time::Duration;

use domain::{IdentifierKind, User};

use crate::confirmations::Address;
use crate::services::Services;

/// When an address that had enough for today may have room again.
pub(crate) const LATER: Duration = Duration::from_hours(1);

/// Where the way back into the account is sent: to an address that is verified, the one that was
/// named before the other. To one that is not only while none is: then nobody has shown yet whose
/// account it is, and whoever reads what is sent may (REG-14).
fn way_back(services: &Services, user: &User, named: IdentifierKind) -> Option<Address> {
    ways_back(services, user, named).next()
}

/// The same to a mailbox alone: for what does not go to phones.
pub(crate) fn mailbox(services: &Services, user: &User) -> Option<Address> {
    ways_back(services, user, IdentifierKind::Email)
        .find(|address| matches!(address, Address::Email(..)))
}

/// All that are ways back as things are now.
fn ways_back(
    services: &Services,
    user: &User,
    named: IdentifierKind,
) -> impl Iterator<Item = Address> {
    let email = (Address::email_of(user), user.email_verified);
    let phone = (Address::phone_of(user), user.phone_verified);
    let ways = if named == IdentifierKind::Phone { [phone, email] } else { [email, phone] };
    let none_is_verified = !ways.iter().any(|(_, is_verified)| *is_verified);
    // What nothing can be sent to is no way, verified or not.
    let is_way =
        |address: &Address| matches!(address, Address::Email(..)) || services.sends_texts();
    ways.into_iter().filter_map(move |(address, is_verified)| {
        address.filter(|address| (is_verified || none_is_verified) && is_way(address))
    })
}
