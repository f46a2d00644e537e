//! From a page to HTML in the language of whoever reads it, with the headers of a page.

use std::sync::LazyLock;

use aws_lc_rs::digest::{SHA256, digest};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use data_encoding::BASE64;
use domain::Rule;
use http::header::{
    CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName,
    HeaderValue, VARY,
};
use minijinja::value::Serde;
use minijinja::{Environment, context};
use serde::Serialize;

use super::language::Language;
use super::page::{Link, Page, Wrong};
use super::words::{Said, Words};
use crate::kit::Front;
use crate::kit::layers::Learned;

const TEMPLATE: &str = "page.html";
const STYLE: &str = include_str!("../../../../templates/pages/page.css");
const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");

/// What is put into it is escaped, for its name ends with `.html` (API-09).
static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    let html = include_str!("../../../../templates/pages/page.html");
    let added = environment.add_template(TEMPLATE, html);
    // Every test of a page would tell.
    debug_assert!(added.is_ok(), "{added:?}");
    environment
});

/// One style and nothing else: no script, no image, no other host (RCV-11).
static POLICY: LazyLock<Option<HeaderValue>> = LazyLock::new(|| {
    let style = BASE64.encode(digest(&SHA256, STYLE.as_bytes()).as_ref());
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; form-action 'self'; \
         frame-ancestors 'none'; base-uri 'none'"
    );
    HeaderValue::from_str(&policy).ok()
});

/// What the template is given.
#[derive(Serialize)]
struct View {
    tone: &'static str,
    title: &'static str,
    paragraphs: Vec<String>,
    form: Option<Form>,
}

#[derive(Serialize)]
struct Form {
    action: String,
    hidden: &'static str,
    value: String,
    fields: Vec<Field>,
    button: &'static str,
}

#[derive(Serialize)]
struct Field {
    name: &'static str,
    kind: &'static str,
    autocomplete: &'static str,
    label: &'static str,
    hint: Option<String>,
    wrong: Vec<String>,
    focus: bool,
}

/// Around every page: whatever comes from within is shown as one, never as JSON.
pub(super) async fn as_page(State(front): State<Front>, request: Request, next: Next) -> Response {
    Learned::surface(request.extensions(), "pages");
    let language = Language::of(request.headers());
    // Relative, so that it also works where a proxy serves us under a prefix.
    let root = "../".repeat(request.uri().path().matches('/').count().saturating_sub(2));
    let mut response = next.run(request).await;
    let status = response.status();
    let page = response.extensions_mut().remove::<Page>();
    let words = language.words();
    let view = match page {
        Some(page) => view(page, words, &root),
        None => said(words.refused(status), "bad"),
    };
    let html = ENVIRONMENT.get_template(TEMPLATE).and_then(|template| {
        template.render(context! {
            style => STYLE,
            language => language.tag(),
            service => front.services.service_name(),
            footer => words.footer(),
            page => Serde(&view),
        })
    });
    let html = html.unwrap_or_else(|error| {
        tracing::error!(%error, "a page cannot be rendered");
        view.title.to_owned()
    });
    let (mut parts, _) = response.into_parts();
    for name in [CONTENT_LENGTH, CONTENT_TYPE] {
        parts.headers.remove(name);
    }
    let mut response = (parts, Html(html)).into_response();
    let headers = response.headers_mut();
    headers.insert(VARY, HeaderValue::from_static("accept-language"));
    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
    headers.insert(ROBOTS, HeaderValue::from_static("noindex, nofollow"));
    if let Some(policy) = &*POLICY {
        headers.insert(CONTENT_SECURITY_POLICY, policy.clone());
    }
    response
}

fn said(said: Said, tone: &'static str) -> View {
    let paragraphs = said.paragraphs.iter().map(|text| (*text).to_owned()).collect();
    View { tone, title: said.title, paragraphs, form: None }
}

fn view(page: Page, words: &dyn Words, root: &str) -> View {
    match page {
        Page::Ask { link, token } => {
            let fields = Vec::new();
            let form = form(link, token, fields, words, root);
            View { form: Some(form), ..said(words.ask(link), "ask") }
        }
        Page::AskName { token, is_wrong } => {
            let name = Field {
                name: "identifier",
                kind: "text",
                autocomplete: "username",
                label: words.identifier(),
                hint: None,
                wrong: is_wrong.then(|| words.does_not_fit().to_owned()).into_iter().collect(),
                focus: true,
            };
            let form = form(Link::Restore, token, vec![name], words, root);
            View { form: Some(form), ..said(words.ask(Link::Restore), "ask") }
        }
        Page::Password { ticket, is_taken_back, min, wrong } => {
            // What is wrong says the same.
            let is_short = matches!(&wrong, Wrong::Rules(rules) if rules.iter().any(|rule| matches!(rule, Rule::TooShort { .. })));
            let hint = (!is_short).then(|| words.at_least(min));
            let (rules, repetition) = match wrong {
                Wrong::Nothing => (Vec::new(), Vec::new()),
                Wrong::Rules(rules) => {
                    (rules.iter().map(|rule| words.rule(rule)).collect(), Vec::new())
                }
                Wrong::Repetition => (Vec::new(), vec![words.not_repeated().to_owned()]),
            };
            let field = |name, label, hint, wrong, focus| Field {
                name,
                kind: "password",
                autocomplete: "new-password",
                label,
                hint,
                wrong,
                focus,
            };
            let form = Form {
                action: format!("{root}password"),
                hidden: "ticket",
                value: ticket,
                fields: vec![
                    field("password", words.password(), hint, rules, true),
                    field("repeated", words.repeated(), None, repetition, false),
                ],
                button: words.set_password(),
            };
            View { form: Some(form), ..said(words.choose_password(is_taken_back), "ask") }
        }
        Page::Done(done) => said(words.done(done), "good"),
        Page::NoToken => said(words.refused(http::StatusCode::BAD_REQUEST), "bad"),
    }
}

fn form(link: Link, token: String, fields: Vec<Field>, words: &dyn Words, root: &str) -> Form {
    Form {
        action: format!("{root}{}", link.path()),
        hidden: "token",
        value: token,
        fields,
        button: words.button(link),
    }
}
