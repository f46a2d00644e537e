//! Forms in parts (RFC 7578), as far as dialects need them: names and texts.

use std::convert::Infallible;

use axum::body::Bytes;

use super::body::SentBody;

/// What can be read of a form.
pub(super) struct Parts {
    pub(super) named: Vec<(String, Part)>,
    pub(super) has_nameless: bool,
    /// It ends where it should not, or never was a form.
    pub(super) is_broken: bool,
}

pub(super) enum Part {
    Text(String),
    File,
}

/// None without a boundary. `end` stands behind what was sent, for whoever takes a part that was
/// cut off.
pub(super) async fn read(body: &SentBody, end: fn(&str) -> String) -> Option<Parts> {
    let content_type = body.content_type.as_deref().unwrap_or_default();
    let boundary = multer::parse_boundary(content_type).ok()?;
    let sent = [body.bytes.clone(), Bytes::from(end(&boundary))].map(Ok::<_, Infallible>);
    let mut form = multer::Multipart::new(futures_util::stream::iter(sent), boundary);
    let mut parts = Parts { named: Vec::new(), has_nameless: false, is_broken: false };
    loop {
        let part = match form.next_field().await {
            Ok(Some(part)) => part,
            Ok(None) => return Some(parts),
            Err(_) => return Some(Parts { is_broken: true, ..parts }),
        };
        let Some(name) = part.name().map(str::to_owned) else {
            parts.has_nameless = true;
            continue;
        };
        if part.file_name().is_some() {
            parts.named.push((name, Part::File));
            continue;
        }
        match part.text().await {
            Ok(text) => parts.named.push((name, Part::Text(text))),
            Err(_) => return Some(Parts { is_broken: true, ..parts }),
        }
    }
}
