//! Reading bodies as Django REST framework does: JSON and both kinds of forms.

use std::convert::Infallible;

use axum::body::Bytes;
use serde_json::{Map, Value};

use crate::kit::python_number::Numbers;
use crate::kit::{JsonFault, Rejection, SentBody, python_json};

/// `nullable` fields of a form that say nothing are `null`.
pub(crate) async fn read_body(body: SentBody, nullable: &[&str]) -> Result<Value, Rejection> {
    if body.bytes.is_empty() {
        return Ok(Value::Object(Map::new()));
    }
    let named = match body.media_type().as_str() {
        "application/json" => return read_json(&body.bytes),
        "application/x-www-form-urlencoded" => url::form_urlencoded::parse(&body.bytes)
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
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
    let text = std::str::from_utf8(bytes).map_err(|error| undecodable(bytes, error))?;
    if text.starts_with('\u{feff}') {
        let message = "Unexpected UTF-8 BOM (decode using utf-8-sig)".to_owned();
        let fault = JsonFault { message, position: 0, line: 1, column: 1 };
        return Err(Rejection::MalformedJson(fault));
    }
    python_json::parse(text, Numbers::Texts)
}

/// In the words of Python's codec.
fn undecodable(bytes: &Bytes, error: std::str::Utf8Error) -> Rejection {
    let at = error.valid_up_to();
    let byte = bytes.get(at).copied().unwrap_or_default();
    let is_start = matches!(byte, 0xc2..=0xf4);
    let why = if is_start { "invalid continuation byte" } else { "invalid start byte" };
    let text = format!("'utf-8' codec can't decode byte 0x{byte:02x} in position {at}: {why}");
    Rejection::UndecodableBody(text)
}

/// The last of repeated fields counts.
fn read_form(named: Vec<(String, String)>, nullable: &[&str]) -> Map<String, Value> {
    let value = |name: &str, text: String| {
        if text.is_empty() && nullable.contains(&name) { Value::Null } else { Value::String(text) }
    };
    named.into_iter().map(|(name, text)| (name.clone(), value(&name, text))).collect()
}

/// What can be read of it; files are no texts, so their place stays empty.
async fn read_multipart(body: &SentBody) -> Result<Vec<(String, String)>, Rejection> {
    let content_type = body.content_type.as_deref().unwrap_or_default();
    let Ok(boundary) = multer::parse_boundary(content_type) else {
        let text = "Multipart form parse error - Invalid boundary in multipart: None";
        return Err(Rejection::UndecodableBody(text.to_owned()));
    };
    let bytes = body.bytes.clone();
    let whole = futures_util::stream::once(async move { Ok::<_, Infallible>(bytes) });
    let mut parts = multer::Multipart::new(whole, boundary);
    let mut named = Vec::new();
    while let Ok(Some(part)) = parts.next_field().await {
        let Some(name) = part.name().map(str::to_owned) else { continue };
        if part.file_name().is_some() {
            continue;
        }
        let Ok(text) = part.text().await else { break };
        named.push((name, text));
    }
    Ok(named)
}
