//! What anyone could guess about an account.

use crate::rule::Field;

/// A word that its owner's password may not be made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guess<'a> {
    pub text: &'a str,
    /// The field whose whole value it is; none for parts and for the names of the service.
    pub field: Option<Field>,
}

impl<'a> Guess<'a> {
    pub fn of(field: Field, text: &'a str) -> Self {
        Self { text, field: Some(field) }
    }
}

impl<'a> From<&'a str> for Guess<'a> {
    fn from(text: &'a str) -> Self {
        Self { text, field: None }
    }
}
