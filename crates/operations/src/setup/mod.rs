//! How a deployment gets its first administrator by a token that is good once (AUZ-07,
//! docs/decisions/0025). By the settings and the command line it gets one in `roles::bootstrap`.

mod claim;
mod offer;
mod standing;
mod token;

pub use claim::{Claim, claim};
pub use offer::{Offer, offer, renew};
pub use standing::{Standing, standing};
