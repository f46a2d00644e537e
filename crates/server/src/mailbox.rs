//! `/dev/mailbox`: the mails and text messages of the folder, for development only.

use std::path::{Path, PathBuf};

use axum::Router;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use http::StatusCode;
use http::header::CONTENT_SECURITY_POLICY;
use mailparse::{MailHeaderMap, ParsedMail, parse_mail};
use serde_json::Value;

use crate::config::{MailTransport, Profile, Settings};

/// The newest are shown; the rest stays in the folder.
const SHOWN: usize = 50;
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; \
                      base-uri 'none'; form-action 'none'";
const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1f2937}\
    article{border:1px solid #d1d5db;border-radius:8px;padding:1rem;margin:1rem 0}\
    pre{white-space:pre-wrap;word-break:break-word;background:#f3f4f6;padding:1rem;border-radius:4px}";

/// No route at all in production, or when mail leaves the machine.
pub(crate) fn router(settings: &Settings) -> Router {
    let is_here = settings.profile == Profile::Development
        && settings.mail.transport == MailTransport::Folder;
    if !is_here {
        return Router::new();
    }
    let folder = settings.mail.folder.clone();
    Router::new()
        .route("/dev/mailbox", get(show))
        .route("/dev/mailbox/", get(show))
        .with_state(folder)
}

async fn show(State(folder): State<PathBuf>) -> Response {
    let read = tokio::task::spawn_blocking(move || newest(&folder)).await;
    let Ok(Ok(mails)) = read else {
        return (StatusCode::INTERNAL_SERVER_ERROR, "the mail folder cannot be read")
            .into_response();
    };
    let articles: String = mails.iter().map(|mail| article(mail)).collect();
    let empty = if articles.is_empty() { "<p>No mail yet.</p>" } else { "" };
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Mailbox</title>\
         <style>{STYLE}</style></head><body><h1>Mailbox</h1>{empty}{articles}</body></html>"
    );
    ([(CONTENT_SECURITY_POLICY, POLICY)], Html(page)).into_response()
}

/// The bytes of the newest mails, newest first. No folder yet is no mail yet.
fn newest(folder: &Path) -> std::io::Result<Vec<Vec<u8>>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|kind| kind == "eml" || kind == "sms"))
        .collect();
    paths.sort();
    paths.iter().rev().take(SHOWN).map(std::fs::read).collect()
}

fn article(bytes: &[u8]) -> String {
    // A mail begins with a header, which is no JSON.
    if let Ok(text) = serde_json::from_slice::<Value>(bytes) {
        let field = |name: &str| escape(text[name].as_str().unwrap_or_default());
        return format!(
            "<article><h2>Text message</h2><p>To {}</p><pre>{}</pre></article>",
            field("to"),
            field("text"),
        );
    }
    let Ok(mail) = parse_mail(bytes) else { return String::new() };
    let header = |name: &str| escape(&mail.headers.get_first_value(name).unwrap_or_default());
    format!(
        "<article><h2>{}</h2><p>To {}<br>{}</p><pre>{}</pre></article>",
        header("Subject"),
        header("To"),
        header("Date"),
        escape(&plain_text(&mail)),
    )
}

fn plain_text(mail: &ParsedMail<'_>) -> String {
    let parts = std::iter::once(mail).chain(&mail.subparts);
    let text = parts.into_iter().find(|part| part.ctype.mimetype == "text/plain");
    text.and_then(|part| part.get_body().ok()).unwrap_or_default()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
