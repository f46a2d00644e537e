//! What our mails and text messages say.

mod bundled;
mod check;
mod languages;
mod links;
mod message;
mod names;
mod plural;
mod problem;
mod samples;
mod templates;

pub use languages::BUNDLED_LANGUAGES;
pub(crate) use links::LinkTo;
pub use links::{Links, TOKEN_PLACE};
pub(crate) use message::{
    ACCOUNT_ERASED, Message, minute, minutes, password_changed, session_replayed,
    wrong_sign_in_code,
};
pub use problem::TemplateProblem;
pub use samples::{KINDS, Kind};
pub use templates::{Rendered, RenderedText, TemplateSettings, Templates};
