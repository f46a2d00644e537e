//! The text fields of `multipart/form-data` (RFC 7578): a name, a password and little else. Files are
//! passed over.

use crate::kit::{Rejection, SentBody};

pub(super) fn fields(body: &SentBody) -> Result<Vec<(String, String)>, Rejection> {
    let content_type = body.content_type.as_deref().unwrap_or_default();
    let boundary = parameter(content_type, "boundary").filter(|text| !text.is_empty());
    let boundary = boundary.ok_or_else(|| unreadable("no boundary"))?;
    if body.bytes.is_empty() {
        return Ok(Vec::new());
    }
    let text = std::str::from_utf8(&body.bytes).map_err(|_| unreadable("not UTF-8"))?;
    let first = format!("--{boundary}");
    let text = text.strip_prefix(&first).filter(|rest| rest.starts_with("\r\n"));
    let text = text.ok_or_else(|| unreadable("no first boundary"))?;
    let next = format!("\r\n{first}");
    let mut pieces: Vec<&str> = text.split(next.as_str()).collect();
    // What no boundary ends is the epilogue, or was cut off.
    pieces.pop();
    pieces.into_iter().filter_map(|piece| part(piece).transpose()).collect()
}

/// A part's name and text; none for a file.
fn part(piece: &str) -> Result<Option<(String, String)>, Rejection> {
    let piece = piece.strip_prefix("\r\n").ok_or_else(|| unreadable("no part"))?;
    let (head, text) = piece.split_once("\r\n\r\n").ok_or_else(|| unreadable("no headers"))?;
    let disposition = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim().eq_ignore_ascii_case("content-disposition").then_some(value)
    });
    let disposition = disposition.unwrap_or_default();
    if parameter(disposition, "filename").is_some() {
        return Ok(None);
    }
    let name = parameter(disposition, "name").ok_or_else(|| unreadable("no name"))?;
    Ok(Some((name.to_owned(), text.to_owned())))
}

/// `…; name="value"`
fn parameter<'h>(header: &'h str, name: &str) -> Option<&'h str> {
    header.split(';').skip(1).find_map(|parameter| {
        let (key, value) = parameter.split_once('=')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"'))
    })
}

fn unreadable(why: &str) -> Rejection {
    Rejection::UndecodableBody(format!("no form in parts: {why}"))
}
