//! How a list is gone on with: the whole command, so that nothing that was asked for is lost.

/// `options` with their values, as they are to be given again.
pub(super) fn more<'a>(
    command: &str,
    options: impl IntoIterator<Item = (&'static str, Option<&'a str>)>,
) -> String {
    let mut text = format!("more: vestibule {command}");
    for (option, value) in options {
        let Some(value) = value else { continue };
        text.extend([" --", option, " ", &quoted(value)]);
    }
    text
}

/// As a shell reads it.
fn quoted(value: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.,:/@+%".contains(&byte);
    if !value.is_empty() && value.bytes().all(is_plain) {
        return value.to_owned();
    }
    format!("'{}'", value.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::more;

    #[test]
    fn what_a_shell_would_take_apart_is_quoted() {
        let options = [("user", Some("o'hara $x")), ("kind", None), ("after", Some("42"))];
        assert_eq!(
            more("jobs list", options),
            r"more: vestibule jobs list --user 'o'\''hara $x' --after 42"
        );
    }
}
