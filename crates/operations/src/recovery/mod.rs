//! Back into an account without its password: a code or link to a known address yields a ticket,
//! the ticket sets a new password.

mod request;
mod reset;
mod verify;

pub use request::request_recovery;
pub use reset::reset_password;
pub use verify::{recover_by_code, recover_by_link};

use domain::{Identifier, IdentifierKind, User};

use crate::confirmations::Address;

/// Where the way back into the account is sent: to an address that is verified, the one that was
/// named before the other. To one that is not only while none is: then nobody has shown yet whose
/// account it is, and whoever reads what is sent may (REG-14).
fn way_back(user: &User, named: &Identifier) -> Option<Address> {
    let email = (Address::email_of(user), user.email_verified);
    let phone = (Address::phone_of(user), user.phone_verified);
    let ways = if named.kind() == IdentifierKind::Phone { [phone, email] } else { [email, phone] };
    let none_is_verified = !ways.iter().any(|(_, is_verified)| *is_verified);
    let mut ways = ways.into_iter();
    ways.find_map(|(address, is_verified)| address.filter(|_| is_verified || none_is_verified))
}
