//! The table against the router itself (AUZ-01): a document that forgets a route, or a route that is
//! added beside all documents, must not go unnoticed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use http::Method;
use testkit::{App, Backend};

use super::people::{People, Who};
use super::routes::{self, Route};

/// Where routers are given routes, and how often: the mount table, into which only what a document
/// names can come, and what is in no document. Whoever adds another place asks for its routes in
/// `routes.rs` as well. The development mailbox is there only where mail goes to a folder.
const PLACES: [(&str, usize); 6] = [
    ("api/src/docs/mod.rs", 2),
    ("api/src/docs/page.rs", 2),
    ("api/src/kit/health.rs", 2),
    ("api/src/kit/table.rs", 3),
    ("api/src/pages/mod.rs", 3),
    ("server/src/mailbox/mod.rs", 5),
];

const WAYS: [&str; 4] = [".route(", ".route_service(", ".nest(", ".nest_service("];
const METHODS: [Method; 5] =
    [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];

/// Of every path that is known, whatever else the router answered there would be found. Asked by an
/// administrator of the surface: some surfaces ask everybody else first who he is.
#[tokio::test]
async fn auz_01_no_path_answers_a_method_that_the_table_does_not_name() {
    let app = App::on(Backend::Sqlite).await;
    let mut people = People::new(&app).await;
    let mut named = BTreeMap::<String, (Route, Vec<Method>)>::new();
    for route in routes::all(&app).await {
        let method = route.method.clone();
        named.entry(route.path.clone()).or_insert((route, Vec::new())).1.push(method);
    }
    let mut asked = 0;
    for (path, (route, named)) in named {
        let scene = people.scene(&app, &route, Who::Admin).await;
        for method in METHODS.iter().filter(|method| !named.contains(*method)) {
            let call = scene.sign(app.call(method.clone(), &scene.fill(&path)));
            assert_eq!(call.send().await.status.as_u16(), 405, "{method} {path}");
            asked += 1;
        }
    }
    assert!(asked > 100, "{asked}");
}

#[test]
fn auz_01_no_route_is_added_where_the_table_does_not_look() {
    let crates = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let crates = crates.parent().expect("a folder of crates");
    let mut found = BTreeMap::new();
    for part in ["api/src", "server/src"] {
        for file in sources(&crates.join(part)) {
            let text = std::fs::read_to_string(&file).expect("a source");
            let count = WAYS.iter().map(|way| additions(&text, way)).sum::<usize>();
            if count > 0 {
                let name = file.strip_prefix(crates).expect("below").display().to_string();
                found.insert(name, count);
            }
        }
    }
    let expected = PLACES.map(|(place, count)| (place.to_owned(), count));
    assert_eq!(found, BTreeMap::from(expected));
}

/// Each page of a link has a line of its own where the pages are put together.
#[tokio::test]
async fn auz_01_every_page_of_a_link_is_in_the_table() {
    let source = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/pages/mod.rs");
    let source = std::fs::read_to_string(source).expect("a source");
    let lines = source.lines().map(str::trim);
    let names = lines.filter_map(|line| line.strip_prefix("(\"")?.split_once("\", "));
    let paths: Vec<String> = names.map(|(name, _)| format!("/link/{name}")).collect();
    assert!(paths.len() >= 6, "{paths:?}");
    let app = App::on(Backend::Sqlite).await;
    let known = routes::all(&app).await;
    for path in paths {
        assert!(known.iter().any(|route| route.path == path), "{path}");
    }
}

/// With an argument: `operation.route()` adds nothing.
fn additions(text: &str, way: &str) -> usize {
    text.matches(way).count() - text.matches(&format!("{way})")).count()
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            files.push(path);
        }
    }
    files
}
