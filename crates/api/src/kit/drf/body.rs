//! Reading bodies as Django REST framework does: JSON and both kinds of forms.

use axum::body::Bytes;
use serde_json::{Map, Value};

use crate::kit::multipart::{self, Part};
use crate::kit::python::{self, Numbers};
use crate::kit::{JsonFault, Rejection, SentBody};

/// `nullable` fields of a form that say nothing are `null`.
pub(super) async fn read_body(body: SentBody, nullable: &[&str]) -> Result<Value, Rejection> {
    if body.bytes.is_empty() {
        return Ok(Value::Object(Map::new()));
    }
    let named = match body.media_type().as_str() {
        "application/json" => return read_json(&body.bytes),
        "application/x-www-form-urlencoded" => url::form_urlencoded::parse(&body.bytes)
            .map(|(name, value)| (name.into_owned(), Value::String(value.into_owned())))
            .collect(),
        "multipart/form-data" => read_multipart(&body).await?,
        _ => {
            let media_type = body.content_type.unwrap_or_default();
            return Err(Rejection::UnsupportedMediaType { media_type });
        }
    };
    Ok(Value::Object(read_form(named, nullable)))
}

fn read_json(bytes: &Bytes) -> Result<Value, Rejection> {
    let text = decode(bytes)?;
    if text.starts_with('\u{feff}') {
        let message = "Unexpected UTF-8 BOM (decode using utf-8-sig)".to_owned();
        let fault = JsonFault { message, position: 0, line: 1, column: 1 };
        return Err(Rejection::MalformedJson(fault));
    }
    let value = python::parse(text, Numbers::Texts)?;
    // A number by itself is no object, and what it is instead is said.
    let is_number = value.is_string() && !text.trim_start().starts_with('"');
    if is_number { python::parse(text, Numbers::Kept) } else { Ok(value) }
}

/// In the words of Python's codec, which forgets a character that the end cuts off.
fn decode(bytes: &Bytes) -> Result<&str, Rejection> {
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Ok(text),
        Err(error) => error,
    };
    let at = error.valid_up_to();
    let Some(length) = error.error_len() else {
        return Ok(std::str::from_utf8(&bytes[..at]).unwrap_or_default());
    };
    let byte = bytes.get(at).copied().unwrap_or_default();
    let is_start = matches!(byte, 0xc2..=0xf4);
    let why = if is_start { "invalid continuation byte" } else { "invalid start byte" };
    let what = if length == 1 {
        format!("byte 0x{byte:02x} in position {at}")
    } else {
        format!("bytes in position {at}-{}", at + length - 1)
    };
    Err(Rejection::UndecodableText(format!("'utf-8' codec can't decode {what}: {why}")))
}

/// The last of repeated fields counts.
fn read_form(named: Vec<(String, Value)>, nullable: &[&str]) -> Map<String, Value> {
    let is_null = |name: &str, value: &Value| value == "" && nullable.contains(&name);
    named
        .into_iter()
        .map(
            |(name, value)| {
                if is_null(&name, &value) { (name, Value::Null) } else { (name, value) }
            },
        )
        .collect()
}

/// What can be read of it, a part that the end cuts off included.
async fn read_multipart(body: &SentBody) -> Result<Vec<(String, Value)>, Rejection> {
    let end = |boundary: &str| format!("\r\n--{boundary}--\r\n");
    let Some(parts) = multipart::read(body, end).await else {
        return Err(Rejection::UndecodableForm("Invalid boundary in multipart: None"));
    };
    let value = |part| match part {
        Part::Text(text) => Value::String(text),
        // A file is no text: something that no field takes for one.
        Part::File => Value::Array(Vec::new()),
    };
    Ok(parts.named.into_iter().map(|(name, part)| (name, value(part))).collect())
}
