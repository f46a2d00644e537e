//! Signing in, staying signed in, signing out.

mod administer;
mod adopt;
mod authenticate;
mod cap;
mod device;
mod introspect;
mod last_seen;
mod list;
mod open;
mod refresh;
mod revoke;
mod revoke_token;
mod settings;
mod sign_in;
mod sign_out;
mod sign_up;
mod verify;

pub use administer::{list_of, revoke_all_of, revoke_of};
pub use authenticate::{Authenticated, authenticate, authenticate_reader};
pub(crate) use device::KNOWN_FOR;
pub use introspect::{Introspection, TokenKind, introspect};
pub(crate) use last_seen::LastSeen;
pub use last_seen::{keep_last_seen, write_last_seen};
pub use list::list;
pub use open::Tokens;
pub use refresh::refresh;
pub(crate) use revoke::ensure_live;
pub use revoke::{revoke, revoke_others};
pub use revoke_token::revoke_token;
pub use settings::SessionSettings;
pub use sign_in::{SignIn, SignedIn, sign_in};
pub use sign_out::{SignOut, sign_out, sign_out_everywhere, spend_refresh};
pub use sign_up::sign_up;
pub use verify::verify;
