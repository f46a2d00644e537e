//! How a dialect is called, in each of the ways in which code and documents write it.

use anyhow::{Result, ensure};

/// As the skeleton is called.
const SNAKE: &str = "new_dialect";
const CAMEL: &str = "NewDialect";

/// As the column that keeps it.
const LONGEST: usize = 32;

/// Surfaces that are no dialects, and modules beside those of dialects.
const TAKEN: [&str; 9] =
    ["native", "operator", "kind", "english", "russian", "settings", "secrets", "section", "tests"];

/// What would be no name of a module.
const KEYWORDS: [&str; 42] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "final", "fn", "for", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self",
    "static", "struct", "super", "trait", "type", "unsafe", "use", "where",
];

#[derive(Debug)]
pub(super) struct Name {
    snake: String,
    camel: String,
}

impl Name {
    pub(super) fn parse(text: &str) -> Result<Self> {
        let is_word = |word: &str| {
            word.starts_with(|letter: char| letter.is_ascii_lowercase())
                && word.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9'))
        };
        ensure!(
            text.split('_').all(is_word) && text.len() <= LONGEST,
            "`{text}` is no name of a dialect: use words of [a-z0-9] joined by `_`, at most \
             {LONGEST} characters, such as `house_keys`"
        );
        let is_taken = TAKEN.contains(&text) || KEYWORDS.contains(&text);
        ensure!(!is_taken, "`{text}` is taken: choose another name");
        let camel = text.split('_').map(|word| word[..1].to_uppercase() + &word[1..]).collect();
        Ok(Self { snake: text.to_owned(), camel })
    }

    /// The text of the skeleton, about this dialect.
    pub(super) fn fill(&self, text: &str) -> String {
        text.replace(SNAKE, &self.snake).replace(CAMEL, &self.camel)
    }
}
