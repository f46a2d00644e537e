//! What may stand in a mail of what people call themselves (API-09).
//!
//! Mail programs make links of what looks like one, in plain text as well, and no escaping stops
//! them: a mail of ours would then lead wherever a stranger wants. Such a name is left out, and so is
//! one that is a sentence or holds a telephone number.

use domain::{Email, Phone};

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

/// Longer ones are sentences, and a mail of ours must not say what a stranger wrote.
const LONGEST_NAME: usize = 40;
/// As many make a telephone number.
const TOO_MANY_DIGITS: usize = 7;

/// Whether it leads nowhere: to no page and to no telephone.
fn is_no_more_than_a_name(name: &str) -> bool {
    let digits = name.chars().filter(|letter| letter.is_numeric()).count();
    name.chars().count() <= LONGEST_NAME && digits < TOO_MANY_DIGITS && !may_become_a_link(name)
}

/// By what a mail greets its reader. An address is no name, and its owner knows it.
pub(super) fn greeting(name: &str) -> Option<&str> {
    let is_address = name.contains('@') || name.starts_with('+');
    Some(name).filter(|name| !name.is_empty() && !is_address && is_no_more_than_a_name(name))
}

/// The name under which somebody signs in, where a mail says it. An address or a number is the
/// reader's own, but for what strangers put behind its plus: `ann+evil.example/x@example.org`.
pub(super) fn shown(name: &str) -> Option<&str> {
    let is_fit = match Email::parse(name) {
        Ok(address) => is_one_word(address.local_part()),
        Err(_) => Phone::parse(name).is_ok() || is_no_more_than_a_name(name),
    };
    Some(name).filter(|_| is_fit)
}

/// Whether mail programs take what stands before an `@` for a part of the address, however many dots
/// it has. Where it holds other signs than these, they may end there what they make a link of.
fn is_one_word(local: &str) -> bool {
    let is_plain = local.chars().all(|letter| letter.is_alphanumeric() || "._+-".contains(letter));
    let has_dots_only = is_plain && !local.to_lowercase().contains("www.");
    has_dots_only || !(local.contains('/') || may_become_a_link(local))
}
