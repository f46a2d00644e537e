//! The bundled list of passwords that attackers try first (`data/README.md` says whence).

/// Case-folded, one a line, sorted by bytes: searched in place, nothing to load at start.
pub(super) const COMMON: &str = include_str!("../../data/common_passwords.txt");

/// Whether `folded`, a whole case-folded password, stands on the list.
pub fn is_common(folded: &str) -> bool {
    stands_in(COMMON, folded)
}

/// Whether `word` is a line of `list`, which is sorted by bytes.
pub(super) fn stands_in(list: &str, word: &str) -> bool {
    let mut rest = list;
    while !rest.is_empty() {
        let (line, before, after) = middle_line(rest);
        match word.as_bytes().cmp(line.as_bytes()) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => rest = before,
            std::cmp::Ordering::Greater => rest = after,
        }
    }
    false
}

/// The line around the middle of `text`, and the lines before and after it.
fn middle_line(text: &str) -> (&str, &str, &str) {
    let bytes = text.as_bytes();
    let middle = bytes.len() / 2;
    let start = bytes[..middle].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let end =
        bytes[start..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| start + at);
    (&text[start..end], &text[..start], text.get(end + 1..).unwrap_or(""))
}
