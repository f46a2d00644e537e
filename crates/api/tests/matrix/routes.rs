//! Every path and method that is served: from the documents that are served with them, and from a
//! list of what is in none. `router.rs` holds both against what the router has.

use std::fmt;

use http::Method;
use serde_json::Value;
use testkit::App;

/// What no document names.
const UNDOCUMENTED: [(&str, Method); 19] = [
    ("/api/docs", Method::GET),
    ("/api/openapi.json", Method::GET),
    ("/api/redoc", Method::GET),
    ("/docs", Method::GET),
    ("/link/password", Method::POST),
    ("/link/recover", Method::GET),
    ("/link/recover", Method::POST),
    ("/link/restore", Method::GET),
    ("/link/restore", Method::POST),
    ("/link/take-back", Method::GET),
    ("/link/take-back", Method::POST),
    ("/link/verify-email", Method::GET),
    ("/link/verify-email", Method::POST),
    ("/link/verify-phone", Method::GET),
    ("/link/verify-phone", Method::POST),
    ("/livez", Method::GET),
    ("/metrics", Method::GET),
    ("/openapi.json", Method::GET),
    ("/readyz", Method::GET),
];

pub(super) struct Route {
    pub(super) surface: String,
    pub(super) method: Method,
    pub(super) path: String,
    /// The media type and the schema of its body, references resolved.
    pub(super) body: Option<(String, Value)>,
    pub(super) credentials: Credentials,
}

/// What the document of a route says of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Credentials {
    /// At most in the body.
    Unnamed,
    /// With one of these, or without.
    Optional,
    Needed,
}

impl Route {
    /// Of no surface.
    fn open(path: &str, method: Method) -> Self {
        let (surface, path) = (String::new(), path.to_owned());
        Self { surface, method, path, body: None, credentials: Credentials::Unnamed }
    }
}

impl fmt::Display for Route {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:6} {}", self.method.as_str(), self.path)
    }
}

pub(super) async fn all(app: &App) -> Vec<Route> {
    let mut routes = Vec::new();
    for surface in api::surface_names() {
        let path = format!("/openapi/{surface}.json");
        let document = app.get(&path).send().await.expect(200).json();
        routes.push(Route::open(&path, Method::GET));
        for (path, item) in document["paths"].as_object().expect("paths") {
            for (method, operation) in item.as_object().expect("methods") {
                routes.push(Route {
                    surface: surface.to_owned(),
                    method: method.to_uppercase().parse().expect("a method"),
                    path: path.clone(),
                    body: body(&document, operation),
                    credentials: credentials(&document, operation),
                });
            }
        }
    }
    routes.extend(UNDOCUMENTED.map(|(path, method)| Route::open(path, method)));
    routes
}

fn credentials(document: &Value, operation: &Value) -> Credentials {
    let ways = operation["security"].as_array().map(Vec::as_slice).unwrap_or_default();
    let named = ways.iter().flat_map(|way| way.as_object().expect("schemes").keys());
    for scheme in named {
        let known = &document["components"]["securitySchemes"][scheme];
        assert!(known.is_object(), "no scheme {scheme} is explained");
    }
    match ways.iter().any(|way| way.as_object().is_some_and(serde_json::Map::is_empty)) {
        true => Credentials::Optional,
        false if ways.is_empty() => Credentials::Unnamed,
        false => Credentials::Needed,
    }
}

fn body(document: &Value, operation: &Value) -> Option<(String, Value)> {
    let content = operation["requestBody"]["content"].as_object()?;
    let (kind, content) = content.iter().next()?;
    Some((kind.clone(), resolved(document, &content["schema"])))
}

/// Of a body that may be missing, what it is when it is there.
fn resolved(document: &Value, schema: &Value) -> Value {
    let one = schema["oneOf"].as_array().and_then(|all| all.first()).unwrap_or(schema);
    match one["$ref"].as_str() {
        Some(reference) => document.pointer(&reference[1..]).expect(reference).clone(),
        None => one.clone(),
    }
}
