//! One-time codes and links: made, sent and checked here, whatever they are for.
//!
//! An operation locks the account first, then asks here inside its own transaction. A wrong code is
//! no refusal of that transaction: it is committed, so that the guess is counted.

mod address;
mod admit;
mod brake;
mod check;
mod deliver;
mod guess;
mod issue;
mod link;
mod numbered;
mod pretend;
mod quotas;
mod whose;
mod worth;

pub(crate) use address::Address;
pub(crate) use admit::{TooOften, admit};
pub(crate) use check::{Guess, check_code};
pub(crate) use deliver::{deliver, name_for};
pub(crate) use guess::count_wrong;
pub(crate) use issue::{Order, ShownIn, issue, issue_for};
pub(crate) use link::{Redeemed, find_by_link, find_detail, follow, redeem, spend, spend_those};
pub use numbered::NumberedLink;
pub(crate) use numbered::uid_of;
pub(crate) use pretend::{pretend, pretend_for};
pub(crate) use quotas::{
    Notice, Recipient, admit_address, admit_attempt, admit_name, admit_notice, admit_proven,
    admit_sending, admit_unasked,
};
pub(crate) use whose::Whose;
pub(crate) use worth::{Sending, Worth};
