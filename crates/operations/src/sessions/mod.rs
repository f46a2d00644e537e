//! Signing in, staying signed in, signing out.

mod administer;
mod authenticate;
mod cap;
mod device;
mod list;
mod open;
mod refresh;
mod revoke;
mod settings;
mod sign_in;
mod sign_out;
mod sign_up;
mod verify;

pub use administer::{list_of, revoke_all_of, revoke_of};
pub use authenticate::{Authenticated, authenticate};
pub(crate) use device::KNOWN_FOR;
pub use list::list;
pub use open::Tokens;
pub use refresh::refresh;
pub(crate) use revoke::ensure_live;
pub use revoke::{revoke, revoke_others};
pub use settings::SessionSettings;
pub use sign_in::{SignIn, SignedIn, sign_in};
pub use sign_out::{SignOut, sign_out, sign_out_everywhere, spend_refresh};
pub use sign_up::sign_up;
pub use verify::verify;
