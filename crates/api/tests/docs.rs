//! The pages and documents as files: where they are, and what they say about themselves.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use api::docs::{Document, router};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use testkit::{App, Backend};
use tower::ServiceExt;

const PAGES: [&str; 6] =
    ["/docs", "/docs/", "/api/docs", "/api/docs/", "/api/redoc", "/api/redoc/"];

fn documents() -> Vec<Document> {
    let document = |name: &str, path: &str| Document {
        name: name.to_owned(),
        path: path.to_owned(),
        json: Arc::from(format!(r#"{{"openapi":"3.1.0","info":{{"title":"{path}"}}}}"#)),
    };
    vec![
        document("Native", "/api/v1/openapi.json"),
        document("Mail & \"more\"", "/dialect/openapi.json"),
    ]
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    bytes: Vec<u8>,
}

impl Answer {
    fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).expect("text")
    }

    fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).expect(name);
        value.to_str().expect("text")
    }
}

async fn send(router: &Router, request: Request<Body>) -> Answer {
    let response = router.clone().oneshot(request).await;
    let (parts, body) = response.expect("an answer").into_parts();
    let body = body.collect().await.expect("a whole body");
    Answer { status: parts.status, headers: parts.headers, bytes: body.to_bytes().to_vec() }
}

async fn get(router: &Router, path: &str) -> Answer {
    let request = Request::get(path).body(Body::empty()).expect("a request");
    send(router, request).await
}

/// The values of `name="…"` in a page of ours.
fn attributes<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!("{name}=\"");
    let values = html.split(&start).skip(1);
    values.filter_map(|rest| rest.split('"').next()).collect()
}

/// As a browser resolves a relative address, for the forms we write.
fn resolved(page: &str, relative: &str) -> String {
    let mut folders: Vec<&str> = page.split('/').collect();
    folders.pop();
    let mut rest = relative;
    while let Some(shorter) = rest.strip_prefix("../") {
        folders.pop();
        rest = shorter;
    }
    format!("{}/{rest}", folders.join("/"))
}

#[tokio::test]
async fn every_page_answers_and_finds_its_files_and_documents() {
    let router = router(documents());
    for page in PAGES {
        let answer = get(&router, page).await;
        assert_eq!(answer.status, StatusCode::OK, "{page}");
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");

        let html = answer.text();
        let scripts = attributes(html, "src");
        let styles = attributes(html, "rel=\"stylesheet\" href");
        let choices = attributes(html, "data-url");
        assert_eq!(scripts.len(), 3, "{html}");
        assert!(!styles.is_empty(), "{html}");
        assert_eq!(choices.len(), 2, "{html}");
        for relative in scripts.into_iter().chain(styles).chain(choices) {
            let path = resolved(page, relative);
            let answer = get(&router, &path).await;
            assert_eq!(answer.status, StatusCode::OK, "{page} asks for {path}");
        }
    }
}

/// Those of the pages that the service itself answers with.
async fn offered(app: &App) -> Vec<String> {
    let mut all = Vec::new();
    for page in PAGES {
        let html = app.get(page).send().await.expect(200).text;
        let offered: Vec<String> =
            attributes(&html, "data-url").iter().map(|relative| resolved(page, relative)).collect();
        for path in &offered {
            let document = app.get(path).send().await.expect(200).json();
            assert!(document["paths"].as_object().is_some_and(|paths| !paths.is_empty()), "{path}");
        }
        all.push(offered);
    }
    all.dedup();
    let [offered] = all.as_slice() else { panic!("the same on every page: {all:?}") };
    offered.clone()
}

fn paths_of(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| format!("/openapi/{name}.json")).collect()
}

#[tokio::test]
async fn the_service_offers_the_document_of_every_surface_that_answers() {
    let app = App::on(Backend::Sqlite).await;
    assert_eq!(offered(&app).await, paths_of(&api::surface_names()));
    let app = App::with(&[("VESTIBULE_DIALECTS__ENABLED", "djoser")]);
    let app = app.start(Backend::Sqlite).await;
    assert_eq!(offered(&app).await, paths_of(&["native", "djoser"]));
}

#[tokio::test]
async fn the_documents_are_where_they_are_looked_for() {
    let router = router(documents());
    for path in ["/openapi.json", "/api/openapi.json", "/api/v1/openapi.json"] {
        let answer = get(&router, path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.header("content-type"), "application/json");
        assert!(answer.text().contains("/api/v1/openapi.json"), "{path}");
    }
    let second = get(&router, "/dialect/openapi.json").await;
    assert!(second.text().contains("/dialect/openapi.json"));
}

#[tokio::test]
async fn a_document_may_itself_be_well_known() {
    let mut documents = documents();
    documents[1].path = "/openapi.json".to_owned();
    let router = router(documents);
    let answer = get(&router, "/openapi.json").await;
    assert!(answer.text().contains(r#""title":"/dialect"#));
    let answer = get(&router, "/api/openapi.json").await;
    assert!(answer.text().contains("/api/v1/openapi.json"));
}

#[tokio::test]
async fn without_documents_there_are_pages_only() {
    let router = router(Vec::new());
    assert_eq!(get(&router, "/docs").await.status, StatusCode::OK);
    let answer = get(&router, "/openapi.json").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn every_answer_keeps_the_browser_on_a_short_leash() {
    let router = router(documents());
    let files = ["/openapi.json", "/docs/init.js", "/api/redoc/page.css"];
    for path in PAGES.into_iter().chain(files) {
        let answer = get(&router, path).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; "), "{path}");
        assert!(policy.contains("frame-ancestors 'none'; base-uri 'none'"));
        assert!(!policy.contains("unsafe-eval"));
        let scripts = policy.contains("script-src 'self';");
        assert_eq!(scripts, PAGES.contains(&path), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert_eq!(answer.header("cache-control"), "public, no-cache");
    }
}

#[tokio::test]
async fn what_the_browser_has_is_not_sent_again() {
    let router = router(documents());
    let path = "/docs/swagger-ui-bundle.js";
    let first = get(&router, path).await;
    assert_eq!(first.header("content-encoding"), "gzip");
    assert!(first.bytes.starts_with(&[0x1f, 0x8b]));
    let etag = first.header("etag");

    for (tags, status) in [
        (etag.to_owned(), StatusCode::NOT_MODIFIED),
        (format!("\"other\", W/{etag}"), StatusCode::NOT_MODIFIED),
        ("\"other\"".to_owned(), StatusCode::OK),
    ] {
        let request = Request::get(path).header("if-none-match", &tags);
        let request = request.body(Body::empty()).expect("a request");
        let answer = send(&router, request).await;
        assert_eq!(answer.status, status, "{tags}");
        assert_eq!(answer.header("etag"), etag);
        let is_empty = status == StatusCode::NOT_MODIFIED;
        assert_eq!(answer.bytes.is_empty(), is_empty, "{tags}");
    }
}

#[tokio::test]
async fn what_we_write_names_no_other_host_and_runs_nothing_in_line() {
    let router = router(documents());
    let files = ["/docs/choice.js", "/docs/init.js", "/docs/page.css", "/api/redoc/init.js"];
    for path in PAGES.into_iter().chain(files) {
        let answer = get(&router, path).await;
        let text = answer.text();
        assert!(!text.contains("://"), "{path}");
        assert!(!text.contains("=\"//"), "{path}");
        assert!(!text.contains("<script>"), "{path}");
        assert!(!text.contains("onload="), "{path}");
    }
}

#[tokio::test]
async fn a_name_stays_text() {
    let router = router(documents());
    let answer = get(&router, "/docs").await;
    assert!(answer.text().contains("Mail &amp; &quot;more&quot;</a>"));
}
