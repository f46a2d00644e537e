//! The pages in a real browser that reaches no host but us.
//!
//! The browser is `VESTIBULE_TEST_CHROMIUM`, else `chromium` on the path.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use api::docs::{Document, router};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// A browser that has not drawn the page by then hangs.
const PATIENCE: Duration = Duration::from_mins(2);

const FIRST: &str = r##"{
  "openapi": "3.1.0",
  "info": {"title": "First surface", "version": "1"},
  "paths": {"/bells": {"post": {
    "operationId": "ring_bell",
    "summary": "Ring the golden bell",
    "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Bell"}}}},
    "responses": {"204": {"description": "It rings"}}
  }}},
  "components": {"schemas": {"Bell": {"type": "object", "properties": {"tone": {"type": "string"}}}}}
}"##;

const SECOND: &str = r#"{
  "openapi": "3.1.0",
  "info": {"title": "Second surface", "version": "1"},
  "paths": {"/doors": {"get": {
    "operationId": "list_doors",
    "summary": "List the silver doors",
    "responses": {"200": {"description": "All of them"}}
  }}}
}"#;

#[tokio::test(flavor = "multi_thread")]
async fn swagger_ui_shows_the_first_document() {
    for page in ["/docs", "/docs/", "/api/docs", "/api/docs/"] {
        assert_shows(page, "Ring the golden bell").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn swagger_ui_shows_the_document_that_is_asked_for() {
    assert_shows("/docs?document=Second", "List the silver doors").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn redoc_shows_the_first_document() {
    for page in ["/api/redoc", "/api/redoc/"] {
        assert_shows(page, "Ring the golden bell").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn redoc_shows_the_document_that_is_asked_for() {
    assert_shows("/api/redoc/?document=Second", "List the silver doors").await;
}

async fn assert_shows(page: &str, text: &str) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("a bound socket");
    let document = |name: &str, path: &str, json: &str| Document {
        name: name.to_owned(),
        path: path.to_owned(),
        json: Arc::from(json),
    };
    let router = router(vec![
        document("First", "/openapi.json", FIRST),
        document("Second", "/second/openapi.json", SECOND),
    ]);
    let mut serving = JoinSet::new();
    serving.spawn(async move { axum::serve(listener, router).await });

    let url = format!("http://{address}{page}");
    let seen = tokio::task::spawn_blocking(move || browse(&url)).await;
    let seen = seen.expect("the browser comes back");
    assert!(
        seen.dom.contains(text),
        "{page} does not show {text:?}:\n{}\n{}",
        seen.dom,
        seen.console
    );
    for complaint in ["Content Security Policy", "Failed to load", "Uncaught"] {
        assert!(!seen.console.contains(complaint), "{page}: {}", seen.console);
    }
}

struct Seen {
    dom: String,
    console: String,
}

fn browse(url: &str) -> Seen {
    let folder = tempfile::tempdir().expect("a folder");
    let output = |name: &str| folder.path().join(name);
    let program = std::env::var_os("VESTIBULE_TEST_CHROMIUM").unwrap_or_else(|| "chromium".into());
    let mut browser = Command::new(&program)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--enable-logging=stderr",
            "--virtual-time-budget=15000",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        ])
        .arg(format!("--user-data-dir={}", output("profile").display()))
        .args(["--dump-dom", url])
        .stdout(created(&output("dom")))
        .stderr(created(&output("console")))
        .spawn()
        .unwrap_or_else(|error| panic!("cannot start the browser {}: {error}", program.display()));

    let late = Instant::now() + PATIENCE;
    while browser.try_wait().expect("a child of ours").is_none() {
        if Instant::now() > late {
            let _ = browser.kill();
            let _ = browser.wait();
            panic!("the browser hangs at {url}: {}", read(&output("console")));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Seen { dom: read(&output("dom")), console: read(&output("console")) }
}

fn created(path: &Path) -> Stdio {
    File::create(path).expect("a file").into()
}

fn read(path: &Path) -> String {
    let bytes = fs::read(path).expect("a file");
    String::from_utf8_lossy(&bytes).into_owned()
}
