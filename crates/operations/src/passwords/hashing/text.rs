//! The encoded hash: what is stored of a password.

use std::fmt;

/// Scheme, costs, salt and output in one line of ASCII. Never printed: it can be attacked offline.
#[derive(Clone, PartialEq, Eq)]
pub struct HashText(String);

impl HashText {
    pub(crate) fn new(text: String) -> Self {
        Self(text)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Debug for HashText {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("HashText(…)")
    }
}
