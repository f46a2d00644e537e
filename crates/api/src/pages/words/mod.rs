//! What the pages say, one file a language.

mod english;
mod russian;

pub(super) use english::English;
pub(super) use russian::Russian;

use domain::Rule;
use http::StatusCode;

use super::page::{Done, Link};

/// A heading and what stands below it.
#[derive(Clone, Copy)]
pub(super) struct Said {
    pub(super) title: &'static str,
    pub(super) paragraphs: &'static [&'static str],
}

pub(super) trait Words: Sync {
    fn ask(&self, link: Link) -> Said;
    fn button(&self, link: Link) -> &'static str;
    fn done(&self, done: Done) -> Said;
    /// For what is not good: a status is enough to tell what to do next.
    fn refused(&self, status: StatusCode) -> Said;
    fn rule(&self, rule: &Rule) -> String;
    /// Below every form.
    fn footer(&self) -> &'static str;

    fn identifier(&self) -> &'static str;
    fn does_not_fit(&self) -> &'static str;

    fn choose_password(&self, is_taken_back: bool) -> Said;
    fn password(&self) -> &'static str;
    fn repeated(&self) -> &'static str;
    fn at_least(&self, min: usize) -> String;
    fn not_repeated(&self) -> &'static str;
    fn set_password(&self) -> &'static str;
}
