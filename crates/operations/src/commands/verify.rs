//! Who sent a message. Nothing of it is believed before its signature holds; what is read before is
//! whose key to try, and nothing else.

use std::borrow::Cow;

use data_encoding::{BASE64, BASE64_NOPAD};
use serde::Deserialize;

use super::dead_letter::{DeadLetter, Defect};
use super::source::{Source, Sources};
use crate::ports::QueuedMessage;

/// The header with the signatures of a message.
pub const SIGNATURE: &str = "vestibule-signature";
const VERSION: &str = "v1,";
/// Every one of them costs a digest of the whole message, for each key.
const MOST_SIGNATURES: usize = 8;
/// Metadata may have 16 KiB; nothing else of a command is long.
pub const MOST_BYTES: usize = 64 * 1024;

#[derive(Deserialize)]
struct Claimed<'a> {
    #[serde(borrow)]
    source: Cow<'a, str>,
}

/// The source whose key signed the message, and the value that it signed.
pub(super) fn verify<'a, 'm>(
    sources: &'a Sources,
    message: &'m QueuedMessage,
) -> Result<(&'a Source, &'m [u8]), DeadLetter> {
    let value = message.value.as_deref().unwrap_or_default();
    if value.len() > MOST_BYTES {
        return Err(Defect::TooLarge.because(format!("more than {MOST_BYTES} bytes")));
    }
    let claimed: Claimed<'_> = serde_json::from_slice(value)
        .map_err(|_| Defect::Malformed.because("no JSON object that names its source"))?;
    let source = sources
        .get(&claimed.source)
        .ok_or_else(|| Defect::UnknownSource.because("no source of this name is configured"))?;
    let signatures = signatures(message);
    if signatures.is_empty() {
        let what = format!("no header {SIGNATURE} with {VERSION}<base64>");
        return Err(Defect::SignatureMissing.because(what));
    }
    let holds =
        |signature: &Vec<u8>| source.keys.iter().any(|key| key.is_signature_of(value, signature));
    if signatures.iter().any(holds) {
        Ok((source, value))
    } else {
        Err(Defect::SignatureWrong.because("no key of the source made any of the signatures"))
    }
}

fn signatures(message: &QueuedMessage) -> Vec<Vec<u8>> {
    let values = message.headers.iter().filter(|(name, _)| name == SIGNATURE);
    let texts = values.filter_map(|(_, value)| std::str::from_utf8(value.as_deref()?).ok());
    let signatures = texts.flat_map(str::split_ascii_whitespace);
    let encoded = signatures.filter_map(|signature| signature.strip_prefix(VERSION));
    let decoded = encoded.take(MOST_SIGNATURES).filter_map(|text| {
        [BASE64, BASE64_NOPAD].iter().find_map(|encoding| encoding.decode(text.as_bytes()).ok())
    });
    decoded.collect()
}
