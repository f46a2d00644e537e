//! What may stand in a mail of what people call themselves (API-09).
//!
//! Mail programs make links of what looks like one, in plain text as well, and no escaping stops
//! them: a mail of ours would then lead wherever a stranger wants. Such a name is left out.

/// Whether a mail program may make a link of it. Better once too often: `dr.no` is a host, too.
pub(super) fn may_become_a_link(text: &str) -> bool {
    let text = text.to_lowercase();
    text.contains("://") || text.contains("www.") || text.split(is_dot).skip(1).any(is_label)
}

/// Ideographic full stops separate the labels of a host as well.
fn is_dot(letter: char) -> bool {
    matches!(letter, '.' | '\u{3002}' | '\u{ff0e}' | '\u{ff61}')
}

/// Whether it begins as the last label of a host does: `example` or `xn--…`.
fn is_label(text: &str) -> bool {
    text.chars().take_while(|letter| letter.is_alphabetic()).count() >= 2
}

/// By what a mail greets its reader. An address is no name, and its owner knows it.
pub(super) fn greeting(name: &str) -> Option<&str> {
    let is_address = name.contains('@') || name.starts_with('+');
    Some(name).filter(|name| !name.is_empty() && !is_address && !may_become_a_link(name))
}

/// The name under which somebody signs in, where a mail says it. An address is the reader's own.
pub(super) fn shown(name: &str) -> Option<&str> {
    Some(name).filter(|name| name.contains('@') || !may_become_a_link(name))
}
