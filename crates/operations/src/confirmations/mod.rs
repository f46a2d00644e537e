//! One-time codes and links: made, sent and checked here, whatever they are for.
//!
//! An operation locks the account first, then asks here inside its own transaction. A wrong code is
//! no refusal of that transaction: it is committed, so that the guess is counted.

mod address;
mod brake;
mod check;
mod deliver;
mod issue;
mod link;
mod quotas;
mod whose;

pub(crate) use address::Address;
pub(crate) use check::{Guess, check_code};
pub(crate) use deliver::{deliver, deliver_nothing, name_for};
pub(crate) use issue::{Order, issue};
pub(crate) use link::{find_by_link, find_detail, redeem, spend, spend_those};
pub(crate) use quotas::{admit_address, admit_name};
pub(crate) use whose::Whose;
