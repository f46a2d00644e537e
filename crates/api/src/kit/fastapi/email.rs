//! Why an e-mail address is none, in the words of email-validator 2.1.
//!
//! Whether it is one is decided in the domain; here only the reason is found, in the order in which
//! that library looks.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, Ipv6Addr};

const BRACKETED: &str = "A bracketed IP address after the @-sign is not allowed here.";
const MAX_LOCAL: usize = 64;
const MAX_DOMAIN: usize = 255;
const MAX_WHOLE: usize = 254;

/// The address as that library takes it: outer blanks do not count, and of `Ann <ann@b.co>` it is
/// what stands in the brackets.
pub(crate) fn address(text: &str) -> &str {
    let text = text.trim();
    let bracketed = text.strip_suffix('>').and_then(|rest| rest.rsplit_once('<'));
    match bracketed {
        Some((name, address)) if is_name(name.trim()) => address.trim(),
        Some(_) | None => text,
    }
}

/// What may stand before the brackets: words, or anything in quotes.
fn is_name(name: &str) -> bool {
    const SIGNS: &str = "!#$%&'*+-/=?^_`{|}~";
    let quoted = name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    quoted.is_some_and(|inside| !inside.is_empty() && !inside.contains('"'))
        || name.chars().all(|c| c.is_alphanumeric() || c.is_whitespace() || SIGNS.contains(c))
}

pub(super) fn reason(text: &str) -> String {
    /// In characters; longer texts are not looked at.
    const LONGEST: usize = 2048;
    if text.chars().count() > LONGEST {
        return format!("Length must not exceed {LONGEST} characters");
    }
    let text = address(text);
    // An `@` in quotes parts nothing.
    if let Some((quoted, _)) = text.strip_prefix('"').and_then(|rest| rest.split_once("\"@")) {
        let nothing = "There must be something before the @-sign.";
        let quotes = "Quoting the part before the @-sign is not allowed here.";
        return if quoted.is_empty() { nothing } else { quotes }.to_owned();
    }
    let parts: Vec<&str> = text.split('@').collect();
    let &[local, domain] = parts.as_slice() else {
        return "The email address is not valid. It must have exactly one @-sign.".to_owned();
    };
    let found = of_local(local).or_else(|| of_domain(domain)).or_else(|| of_whole(text));
    found.unwrap_or_else(|| "The email address is not valid.".to_owned())
}

fn of_local(local: &str) -> Option<String> {
    const ATEXT: &str = "!#$%&'*+-/=?^_`{|}~.";
    if local.is_empty() {
        return Some("There must be something before the @-sign.".to_owned());
    }
    if let Some(excess) = excess(local.chars().count(), MAX_LOCAL) {
        return Some(format!("The email address is too long before the @-sign ({excess})."));
    }
    let may_stand = |c: char| c.is_ascii_alphanumeric() || ATEXT.contains(c) || !c.is_ascii();
    if let Some(list) = strangers(local, may_stand) {
        let text = "The email address contains invalid characters before the @-sign";
        return Some(format!("{text}: {list}."));
    }
    let text = if local.ends_with('.') {
        "An email address cannot have a period immediately before the @-sign."
    } else if local.starts_with('.') {
        "An email address cannot start with a period."
    } else if local.contains("..") {
        "An email address cannot have two periods in a row."
    } else {
        return None;
    };
    Some(text.to_owned())
}

fn of_domain(domain: &str) -> Option<String> {
    if domain.is_empty() {
        return Some("There must be something after the @-sign.".to_owned());
    }
    let literal = domain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    if let Some(text) = literal.and_then(of_literal) {
        return Some(text.to_owned());
    }
    let may_stand = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-') || !c.is_ascii();
    if let Some(list) = strangers(domain, may_stand) {
        let text = "The part after the @-sign contains invalid characters";
        return Some(format!("{text}: {list}."));
    }
    if let Some(text) = of_domain_edges(domain) {
        return Some(text.to_owned());
    }
    let is_ascii = domain.is_ascii();
    if let Some(excess) = excess(domain.len(), MAX_DOMAIN).filter(|_| is_ascii) {
        return Some(format!("The email address is too long after the @-sign ({excess})."));
    }
    let longest = domain.split('.').map(|label| label.chars().count()).max().unwrap_or(0);
    if let Some(excess) = excess(longest, 63) {
        let text = "After the @-sign, periods cannot be separated by so many characters";
        return Some(format!("{text} ({excess})."));
    }
    let text = if !domain.contains('.') {
        "It should have a period."
    } else if !domain.ends_with(|c: char| c.is_ascii_alphabetic()) {
        "It is not within a valid top-level domain."
    } else {
        return None;
    };
    Some(format!("The part after the @-sign is not valid. {text}"))
}

fn of_domain_edges(domain: &str) -> Option<&'static str> {
    Some(if domain.ends_with('.') {
        "An email address cannot end with a period."
    } else if domain.starts_with('.') {
        "An email address cannot have a period immediately after the @-sign."
    } else if domain.contains("..") {
        "An email address cannot have two periods in a row."
    } else if domain.ends_with('-') {
        "An email address cannot end with a hyphen."
    } else if domain.starts_with('-') {
        "An email address cannot have a hyphen immediately after the @-sign."
    } else if domain.contains(".-") || domain.contains("-.") {
        "An email address cannot have a period and a hyphen next to each other."
    } else if domain.split('.').any(has_tag) {
        "An email address cannot have two letters followed by two dashes immediately after the \
         @-sign or after a period, except Punycode."
    } else {
        return None;
    })
}

/// `ab--`, which only Punycode's `xn--` may be.
fn has_tag(label: &str) -> bool {
    let mut characters = label.chars();
    let tag: String = characters.by_ref().take(2).collect();
    !tag.eq_ignore_ascii_case("xn") && characters.as_str().starts_with("--")
}

/// What stands in brackets in place of a domain.
fn of_literal(text: &str) -> Option<&'static str> {
    let is_address = text.parse::<Ipv4Addr>().is_ok();
    match text.split_once(':') {
        None if is_address => Some(BRACKETED),
        Some(("IPv6", address)) if address.parse::<Ipv6Addr>().is_ok() => Some(BRACKETED),
        None if !text.starts_with(|c: char| c.is_ascii_digit()) => Some(
            "The part after the @-sign in brackets is not an IPv4 address and has no address \
             literal tag.",
        ),
        None | Some(_) => None,
    }
}

fn of_whole(text: &str) -> Option<String> {
    excess(text.len(), MAX_WHOLE)?;
    let said = match excess(text.chars().count(), MAX_WHOLE) {
        None => "when encoded in bytes".to_owned(),
        Some(excess) if text.is_ascii() => excess,
        Some(excess) => format!("at least {excess}"),
    };
    Some(format!("The email address is too long ({said})."))
}

/// `2 characters too many`
fn excess(length: usize, most: usize) -> Option<String> {
    match length.checked_sub(most)? {
        0 => None,
        1 => Some("1 character too many".to_owned()),
        excess => Some(format!("{excess} characters too many")),
    }
}

/// The characters that may not stand there, each once, as Python shows them.
fn strangers(text: &str, may_stand: impl Fn(char) -> bool) -> Option<String> {
    let shown: BTreeSet<String> = text.chars().filter(|c| !may_stand(*c)).map(show).collect();
    (!shown.is_empty()).then(|| shown.into_iter().collect::<Vec<_>>().join(", "))
}

fn show(character: char) -> String {
    match character {
        ' ' => "SPACE".to_owned(),
        '\'' => "\"'\"".to_owned(),
        '\\' => "\"\\\"".to_owned(),
        control if control.is_control() => format!("U+{:04X}", u32::from(control)),
        other => format!("'{other}'"),
    }
}

#[cfg(test)]
mod tests {
    use super::{address, reason};

    #[test]
    fn blanks_and_names_around_an_address_do_not_count() {
        for text in
            ["ann@b.co", " ann@b.co\n", "Ann <ann@b.co>", "<ann@b.co>", "\"A, n\" <ann@b.co> "]
        {
            assert_eq!(address(text), "ann@b.co", "{text}");
        }
        for text in ["A, n <ann@b.co>", "<ann@b.co", "ann@b.co>"] {
            assert_eq!(address(text), text);
        }
    }

    #[test]
    fn reasons_are_those_of_the_library() {
        let one = "The email address is not valid. It must have exactly one @-sign.";
        let after = "The part after the @-sign is not valid.";
        for (text, expected) in [
            ("", one.to_owned()),
            ("ann", one.to_owned()),
            ("a@@b.co", one.to_owned()),
            ("@b.co", "There must be something before the @-sign.".to_owned()),
            ("ann@", "There must be something after the @-sign.".to_owned()),
            ("ann@localhost", format!("{after} It should have a period.")),
            ("ann@1.2.3.4", format!("{after} It is not within a valid top-level domain.")),
            (
                "a,<n@b.co",
                "The email address contains invalid characters before the @-sign: ',', '<'.".into(),
            ),
            (
                "a n@b.co",
                "The email address contains invalid characters before the @-sign: SPACE.".into(),
            ),
            ("\"a\"@b.co", "Quoting the part before the @-sign is not allowed here.".to_owned()),
            (
                "a@[1.2.3.4]",
                "A bracketed IP address after the @-sign is not allowed here.".to_owned(),
            ),
            (".a@b.co", "An email address cannot start with a period.".to_owned()),
            ("a@b..co", "An email address cannot have two periods in a row.".to_owned()),
            (
                &format!("{}@b.co", "a".repeat(66)),
                "The email address is too long before the @-sign (2 characters too many).".into(),
            ),
        ] {
            assert_eq!(reason(text), expected, "{text}");
        }
    }
}
