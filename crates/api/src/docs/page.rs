//! The HTML around a viewer.
//!
//! A page answers with and without its trailing slash, and all its addresses are relative, so that
//! it also works where a proxy serves us under a prefix. Relative to what depends on the slash,
//! and `<base>` would need a hole in the policy: each spelling gets its own text.

use std::fmt::Write as _;

use axum::Router;
use axum::body::Bytes;

use super::Document;
use super::file::File;

const HTML: &str = "text/html; charset=utf-8";

pub(super) struct Viewer {
    pub(super) title: &'static str,
    /// What the browser may do on its page.
    pub(super) policy: &'static str,
    pub(super) styles: Vec<(&'static str, File)>,
    /// In the order in which they run.
    pub(super) scripts: Vec<(&'static str, File)>,
}

impl Viewer {
    pub(super) fn mount(&self, mut router: Router, path: &str, documents: &[Document]) -> Router {
        for page in [path.to_owned(), format!("{path}/")] {
            let html = self.html(&page, documents);
            let file = File::new(HTML, Bytes::from(html)).under(self.policy);
            router = router.route(&page, file.route());
        }
        for (name, file) in self.styles.iter().chain(&self.scripts) {
            router = router.route(&format!("{path}/{name}"), file.clone().route());
        }
        router
    }

    fn html(&self, page: &str, documents: &[Document]) -> String {
        let folder = match page.rsplit_once('/') {
            Some((_, "")) | None => String::new(),
            Some((_, last)) => format!("{last}/"),
        };
        let mut assets = String::new();
        for (name, _) in &self.styles {
            let _ = writeln!(assets, r#"<link rel="stylesheet" href="{folder}{name}">"#);
        }
        for (name, _) in &self.scripts {
            let _ = writeln!(assets, r#"<script defer src="{folder}{name}"></script>"#);
        }
        let to_root = "../".repeat(page.matches('/').count() - 1);
        let mut choice = String::new();
        for document in documents {
            let url = escaped(document.path.trim_start_matches('/'));
            let name = escaped(&document.name);
            let _ = writeln!(choice, r#"<a data-url="{to_root}{url}">{name}</a>"#);
        }
        let hidden = if documents.len() > 1 { "" } else { " hidden" };
        let title = self.title;
        // The empty icon keeps the browser from asking for `/favicon.ico`.
        format!(
            r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Vestibule API: {title}</title>
<link rel="icon" href="data:,">
{assets}</head>
<body>
<nav aria-label="API"{hidden}>
{choice}</nav>
<div id="documentation"></div>
</body>
</html>
"#
        )
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}
