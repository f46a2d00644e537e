//! The documents of our surfaces and two pages that show them, `/docs` and `/api/redoc`.
//!
//! Everything comes out of the binary: the pages work without a network and their policy lets them
//! speak to nobody but us. The ready-made `SwaggerUi` router is not used, because it redirects
//! `/docs` to `/docs/` and cannot choose its headers; only its files are.

mod file;
mod page;

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;

use file::File;
use page::Viewer;

/// Where the first document is found by whoever does not know our paths.
const WELL_KNOWN: [&str; 2] = ["/openapi.json", "/api/openapi.json"];

const CSS: &str = "text/css; charset=utf-8";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
const JSON: &str = "application/json";

/// It draws with `data:` images.
const SWAGGER_UI_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data:; connect-src 'self'; object-src 'none'; frame-ancestors 'none'; \
     base-uri 'none'; form-action 'none'";

/// It writes its style sheet at run time and searches in a worker made from a blob.
const REDOC_POLICY: &str = "default-src 'none'; script-src 'self'; \
     style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; \
     worker-src blob:; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; \
     form-action 'none'";

/// One OpenAPI document.
#[derive(Clone, Debug)]
pub struct Document {
    /// How a reader chooses it; unique.
    pub name: String,
    /// Where it is served, from the root.
    pub path: String,
    pub json: Arc<str>,
}

/// The first document is what the pages open with.
pub fn router(documents: Vec<Document>) -> Router {
    let swagger_ui = swagger_ui();
    let redoc = redoc();
    let mut router = Router::new();
    router = swagger_ui.mount(router, "/docs", &documents);
    router = swagger_ui.mount(router, "/api/docs", &documents);
    router = redoc.mount(router, "/api/redoc", &documents);
    if let Some(first) = documents.first() {
        for path in WELL_KNOWN {
            if documents.iter().all(|document| document.path != path) {
                router = both_spellings(router, path, first);
            }
        }
    }
    for document in documents {
        router = both_spellings(router, &document.path, &document);
    }
    router
}

fn both_spellings(router: Router, path: &str, document: &Document) -> Router {
    let route = json(document).route();
    router.route(path, route.clone()).route(&format!("{path}/"), route)
}

fn json(document: &Document) -> File {
    File::new(JSON, Bytes::from(document.json.as_bytes().to_vec()))
}

fn swagger_ui() -> Viewer {
    let mut styles = vec![("page.css", page_css())];
    let mut scripts = Vec::new();
    for (files, name, content_type) in
        [(&mut styles, "swagger-ui.css", CSS), (&mut scripts, "swagger-ui-bundle.js", JAVASCRIPT)]
    {
        files.extend(File::of_swagger_ui(name, content_type).map(|file| (name, file)));
    }
    let init = script(include_bytes!("../../assets/swagger/init.js"));
    scripts.extend([("choice.js", choice_js()), ("init.js", init)]);
    Viewer { title: "Swagger UI", policy: SWAGGER_UI_POLICY, styles, scripts }
}

fn redoc() -> Viewer {
    let redoc = script(include_bytes!("../../assets/redoc/redoc.standalone.js.gz")).gzipped();
    let init = script(include_bytes!("../../assets/redoc/init.js"));
    Viewer {
        title: "ReDoc",
        policy: REDOC_POLICY,
        styles: vec![("page.css", page_css())],
        scripts: vec![
            ("redoc.standalone.js", redoc),
            ("choice.js", choice_js()),
            ("init.js", init),
        ],
    }
}

fn page_css() -> File {
    let css = include_bytes!("../../assets/page.css");
    File::new(CSS, Bytes::from_static(css))
}

fn choice_js() -> File {
    script(include_bytes!("../../assets/choice.js"))
}

fn script(bytes: &'static [u8]) -> File {
    File::new(JAVASCRIPT, Bytes::from_static(bytes))
}
