//! The OpenAPI document of the native API.

use std::collections::BTreeSet;

use serde_json::Value;

use super::support::any;

async fn document() -> Value {
    any().await.get("/openapi.json").send().await.expect(200).json()
}

#[tokio::test]
async fn the_document_is_in_every_place_it_is_looked_for() {
    let app = any().await;
    let first = app.get("/openapi.json").send().await.expect(200);
    let second = app.get("/api/openapi.json").send().await.expect(200);
    assert_eq!(first.text, second.text);
    assert_eq!(first.header("content-type"), Some("application/json"));
    for page in ["/docs", "/api/docs", "/api/redoc"] {
        app.get(page).send().await.expect(200);
    }
    let committed: Value =
        serde_json::from_str(&api::openapi("native").expect("a document")).expect("JSON");
    assert_eq!(first.json(), committed);
}

#[tokio::test]
async fn every_operation_says_what_it_does() {
    let document = document().await;
    assert!(document["openapi"].as_str().is_some_and(|version| version.starts_with("3.1.")));
    for member in ["title", "version", "description"] {
        assert!(document["info"][member].as_str().is_some_and(|text| !text.is_empty()), "{member}");
    }
    let tags: BTreeSet<&str> = document["tags"]
        .as_array()
        .expect("tags")
        .iter()
        .filter_map(|tag| tag["name"].as_str())
        .collect();
    let mut ids = BTreeSet::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        assert!(path.starts_with('/') && !path.ends_with('/'), "{path}");
        for (method, operation) in item.as_object().expect("methods") {
            let place = format!("{method} {path}");
            assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{place}");
            let tag = operation["tags"][0].as_str().expect("a tag");
            assert!(tags.contains(tag), "{place}: {tag}");
            let id = operation["operationId"].as_str().expect("an id");
            assert!(ids.insert(id.to_owned()), "{place}: {id} is used twice");
            let responses = operation["responses"].as_object().expect("responses");
            assert!(responses.keys().any(|status| status.starts_with('2')), "{place}");
            for (status, response) in responses {
                assert!(response["description"].is_string(), "{place}: {status}");
                let is_error = status.starts_with('4') || status.starts_with('5');
                let content = response["content"].as_object();
                if is_error {
                    let kinds: Vec<_> = content.expect("a body").keys().collect();
                    assert_eq!(kinds, ["application/problem+json"], "{place}: {status}");
                }
            }
        }
    }
}

#[tokio::test]
async fn every_reference_leads_somewhere() {
    fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
        match value {
            Value::Object(object) => {
                found.extend(object.get("$ref").and_then(Value::as_str));
                object.values().for_each(|value| references(value, found));
            }
            Value::Array(values) => values.iter().for_each(|value| references(value, found)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let document = document().await;
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(!found.is_empty());
    for reference in found {
        let pointer = reference.strip_prefix('#').expect("a local reference");
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
    for operation in document["paths"].as_object().expect("paths").values() {
        for security in
            operation.pointer("/get/security").and_then(Value::as_array).into_iter().flatten()
        {
            for scheme in security.as_object().expect("a scheme").keys() {
                let pointer = format!("/components/securitySchemes/{scheme}");
                assert!(document.pointer(&pointer).is_some(), "{scheme}");
            }
        }
    }
}

/// What the document calls required is what is missed when it is not there.
#[tokio::test]
async fn the_schemas_say_what_the_code_does() {
    let document = document().await;
    let schema = |path: &str, method: &str| {
        let pointer = format!(
            "/paths/{}/{method}/requestBody/content/application~1json/schema",
            path.replace('/', "~1")
        );
        let schema = document.pointer(&pointer).expect("a schema");
        let reference = schema["$ref"].as_str().expect("a reference");
        document.pointer(&reference[1..]).expect("a schema").clone()
    };
    let register = schema("/api/v1/auth/register", "post");
    assert_eq!(register["required"], serde_json::json!(["password"]));
    for (field, property) in register["properties"].as_object().expect("properties") {
        assert_eq!(property["type"], "string", "{field}: null is no text (REG-08)");
    }
    let fields: BTreeSet<&str> = register["properties"]
        .as_object()
        .expect("properties")
        .keys()
        .map(String::as_str)
        .collect();
    let expected = ["email", "first_name", "last_name", "password", "phone", "username"];
    assert_eq!(fields.into_iter().collect::<Vec<_>>(), expected);
}
