//! Signing in, staying signed in, signing out.

mod authenticate;
mod introspect;
mod open;
mod refresh;
mod revoke_token;
mod sign_in;
mod sign_out;
mod sign_up;
mod verify;

pub use authenticate::{Authenticated, authenticate};
pub use introspect::{Introspection, TokenKind, introspect};
pub use open::Tokens;
pub use refresh::refresh;
pub use revoke_token::revoke_token;
pub use sign_in::{SignIn, SignedIn, sign_in};
pub use sign_out::{SignOut, sign_out, sign_out_everywhere, spend_refresh};
pub use sign_up::sign_up;
pub use verify::verify;
