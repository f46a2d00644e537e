//! The pages of the mailbox. They load nothing and run nothing; the HTML of a mail is shown in a frame
//! that can do no more.

use axum::response::Html;
use http::HeaderName;
use http::header::{CONTENT_SECURITY_POLICY, REFRESH};

use super::entry::{Entry, Kind, is_link};

const STYLE: &str = include_str!("mailbox.css");
const PAGE: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; \
                    frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
/// Of the mail itself: links open beside it.
const FRAME: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; \
                     base-uri 'none'; form-action 'none'; \
                     sandbox allow-popups allow-popups-to-escape-sandbox";
const EVERY: &str = "5";

type Page = ([(HeaderName, &'static str); 1], Html<String>);

/// Looks by itself for what is new.
pub(super) fn inbox(entries: &[Entry]) -> ([(HeaderName, &'static str); 2], Html<String>) {
    let rows: String = entries.iter().map(row).collect();
    let body = if rows.is_empty() {
        "<p class=\"none\">No mail yet. It comes by itself.</p>".to_owned()
    } else {
        format!(
            "<table><thead><tr><th>To<th>Subject<th>Code<th>Time</thead><tbody>{rows}</tbody></table>\
             <form method=\"post\" action=\"/dev/mailbox/empty\"><button>Empty the mailbox</button></form>"
        )
    };
    let headers = [(CONTENT_SECURITY_POLICY, PAGE), (REFRESH, EVERY)];
    (headers, Html(document("Mailbox", &format!("<h1>Mailbox</h1>{body}"))))
}

fn row(entry: &Entry) -> String {
    let subject = match entry.kind {
        Kind::Mail => entry.subject.clone().unwrap_or_default(),
        Kind::Sms => entry.text.split_whitespace().collect::<Vec<_>>().join(" "),
    };
    format!(
        "<tr><td><span class=\"kind {kind}\">{kind}</span> {to}<td><a href=\"/dev/mailbox/messages/{id}\">{subject}</a>\
         <td class=\"secret\">{code}<td class=\"time\">{date}",
        kind = entry.kind.word(),
        to = escape(&entry.to),
        id = escape(&entry.id),
        subject = escape(&subject),
        code = escape(entry.code().unwrap_or_default()),
        date = escape(&short(&entry.date)),
    )
}

pub(super) fn message(entry: &Entry) -> Page {
    let title = entry.subject.clone().unwrap_or_else(|| "Text message".to_owned());
    let id = escape(&entry.id);
    let secret = |name: &str, value: Option<&str>| {
        value.map(|value| format!("<dt>{name}<dd class=\"secret\">{}", escape(value)))
    };
    let facts = [
        Some(format!("<dt>To<dd>{}", escape(&entry.to))),
        entry.from.as_ref().map(|from| format!("<dt>From<dd>{}", escape(from))),
        Some(format!("<dt>Time<dd>{}", escape(&short(&entry.date)))),
        secret("Code", entry.code()),
        secret("Token", entry.token()),
        entry.link().map(|link| format!("<dt>Link<dd>{}", anchor(link))),
    ];
    let facts: String = facts.into_iter().flatten().collect();
    let frame = entry.html.as_ref().map(|_| {
        format!(
            "<h2>HTML</h2><iframe title=\"The mail\" sandbox=\"allow-popups allow-popups-to-escape-sandbox\" \
             src=\"/dev/mailbox/messages/{id}.html\"></iframe>"
        )
    });
    let headers: Vec<String> = entry
        .headers
        .iter()
        .map(|(name, value)| format!("{}: {}", escape(name), escape(value)))
        .collect();
    let headers = headers.join("\n");
    let headers = (!headers.is_empty())
        .then(|| format!("<details><summary>Headers</summary><pre>{headers}</pre></details>"));
    let body = format!(
        "<p><a href=\"/dev/mailbox\">Mailbox</a></p><h1>{}</h1><dl>{facts}</dl>{}<h2>Text</h2><pre>{}</pre>{}\
         <p><a href=\"/dev/mailbox/messages/{id}.eml\">Download the source</a> \
         <a href=\"/dev/mailbox/messages/{id}.json\">JSON</a></p>",
        escape(&title),
        frame.unwrap_or_default(),
        linked(&entry.text),
        headers.unwrap_or_default(),
    );
    ([(CONTENT_SECURITY_POLICY, PAGE)], Html(document(&title, &body)))
}

/// The mail as it is, but that its links open in a window of their own: here they could not be shown.
pub(super) fn html(entry: &Entry) -> Page {
    let html = entry.html.clone().unwrap_or_default();
    let html = html.replacen("<head>", "<head><base target=\"_blank\">", 1);
    ([(CONTENT_SECURITY_POLICY, FRAME)], Html(html))
}

fn document(title: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{}</title><style>{STYLE}</style></head><body>{body}</body></html>",
        escape(title)
    )
}

/// The text, line by line as it is, with links to follow and what stands alone in large.
fn linked(text: &str) -> String {
    text.lines()
        .map(|line| match line.trim() {
            link if is_link(link) => anchor(link) + "\n",
            _ => escape(line) + "\n",
        })
        .collect()
}

fn anchor(link: &str) -> String {
    let link = escape(link);
    format!("<a href=\"{link}\" target=\"_blank\" rel=\"noreferrer\">{link}</a>")
}

/// To the second.
fn short(date: &str) -> String {
    date.split('.').next().unwrap_or(date).trim_end_matches('Z').replace('T', " ")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}
