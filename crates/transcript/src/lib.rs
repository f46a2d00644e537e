//! Documents whose exchanges are carried out: contract, manual and test are one text. `testkit` sends
//! them to the service, `cargo xtask compare` to two services.
//!
//! In the pages below `docs/dialects`, each `##` section begins with a fresh application. In it count
//! only fenced blocks:
//!
//! - `toml`: settings of this section's application.
//! - `console`: what the operator does (`$ vestibule user block ann`), time that passes
//!   (`$ sleep 61m`), and mail that is read: after `$ mailbox ann@example.org`, `<code>` is the code of
//!   the newest one there, and `$ mail ann@example.org https://app.example.org/#/activate/<uid>/<token>`
//!   reads a link.
//! - `http`: exchanges. `###` and a title, the request line, headers, a body; an empty line; the
//!   status, headers that must be so (`Name: -` for absent), and the body to the letter.
//!
//! `<name>` in an expected JSON text or header takes the value on its first occurrence, and must be equal
//! from then on; in requests it stands for that value. `<*>` is any text.

mod page;
mod placeholders;

pub use page::{Exchange, Page, Section, Step, pages};
pub use placeholders::{Known, fill, learn, learn_link};
