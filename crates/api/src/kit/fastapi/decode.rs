//! From bytes to text as Python's `json.loads` goes: UTF-8, or UTF-16 and UTF-32 where a mark or the
//! place of the zero bytes says so.

use std::borrow::Cow;

use crate::kit::Rejection;

const MARK: char = '\u{feff}';

pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Rejection> {
    let text = match width_of(bytes) {
        Width::One => std::str::from_utf8(bytes).ok().map(|text| {
            // Only one mark is taken away: a second is a fault of the JSON.
            Cow::Borrowed(text.strip_prefix(MARK).unwrap_or(text))
        }),
        Width::Two(read) => utf_16(bytes, read).map(unmarked),
        Width::Four(read) => utf_32(bytes, read).map(unmarked),
    };
    text.ok_or_else(|| Rejection::UndecodableText("not the text that it seems to be".to_owned()))
}

/// Bytes of a unit, and how it is read.
enum Width {
    One,
    Two(fn([u8; 2]) -> u16),
    Four(fn([u8; 4]) -> u32),
}

/// `json.detect_encoding`: a mark, or the zero bytes around the ASCII that JSON begins with.
fn width_of(bytes: &[u8]) -> Width {
    match bytes {
        [0, 0, _, _, ..] => Width::Four(u32::from_be_bytes),
        [0xff, 0xfe, 0, 0, ..] | [_, 0, 0, 0, ..] => Width::Four(u32::from_le_bytes),
        [0xfe, 0xff, ..] | [0, _, _, _, ..] | [0, _] => Width::Two(u16::from_be_bytes),
        [0xff, 0xfe, ..] | [_, 0, _, _, ..] | [_, 0] => Width::Two(u16::from_le_bytes),
        _ => Width::One,
    }
}

fn utf_16(bytes: &[u8], read: fn([u8; 2]) -> u16) -> Option<String> {
    let (units, rest) = bytes.as_chunks::<2>();
    let units: Vec<u16> = units.iter().map(|unit| read(*unit)).collect();
    rest.is_empty().then(|| String::from_utf16(&units).ok())?
}

fn utf_32(bytes: &[u8], read: fn([u8; 4]) -> u32) -> Option<String> {
    let (units, rest) = bytes.as_chunks::<4>();
    rest.is_empty().then(|| units.iter().map(|unit| char::from_u32(read(*unit))).collect())?
}

fn unmarked(text: String) -> Cow<'static, str> {
    match text.strip_prefix(MARK) {
        Some(rest) => Cow::Owned(rest.to_owned()),
        None => Cow::Owned(text),
    }
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn every_form_of_unicode_is_told_by_its_first_bytes() {
        let text = "{\"a\": \"ж😀\"}";
        let sixteen: Vec<u16> = text.encode_utf16().collect();
        let marked: Vec<u16> = std::iter::once(0xfeff).chain(sixteen.iter().copied()).collect();
        let forms = [
            text.as_bytes().to_vec(),
            ["\u{feff}", text].concat().into_bytes(),
            sixteen.iter().flat_map(|unit| unit.to_le_bytes()).collect(),
            sixteen.iter().flat_map(|unit| unit.to_be_bytes()).collect(),
            marked.iter().flat_map(|unit| unit.to_le_bytes()).collect(),
            marked.iter().flat_map(|unit| unit.to_be_bytes()).collect(),
            text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect(),
            text.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect(),
        ];
        for bytes in forms {
            assert_eq!(decode(&bytes).expect("text"), text, "{bytes:?}");
        }
    }

    #[test]
    fn what_is_no_text_is_refused() {
        for bytes in [&b"\xff"[..], b"{\"a\": \"\xe9\"}", b"\xff\xfe{", b"\x00\x00\xfe\xff\x00"] {
            assert!(decode(bytes).is_err(), "{bytes:?}");
        }
    }
}
