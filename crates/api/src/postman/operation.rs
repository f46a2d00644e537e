//! One operation of a document, as far as the collection wants to know it.

use serde_json::Value;

pub(super) struct Operation<'a> {
    pub(super) surface: &'static str,
    pub(super) method: String,
    pub(super) path: &'a str,
    document: &'a Value,
    details: &'a Value,
}

impl<'a> Operation<'a> {
    pub(super) fn all((surface, document): &'a (&'static str, Value)) -> Vec<Self> {
        let paths = document["paths"].as_object().into_iter().flatten();
        let operations = paths.flat_map(|(path, item)| {
            let methods = item.as_object().into_iter().flatten();
            methods.map(move |(method, details)| (path, method, details))
        });
        let operation = |(path, method, details): (&'a String, &String, &'a Value)| Self {
            surface,
            method: method.to_uppercase(),
            path,
            document,
            details,
        };
        operations.map(operation).collect()
    }

    /// As a plan names it.
    pub(super) fn route(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    pub(super) fn about_surface(&self) -> &'a str {
        self.document["info"]["description"].as_str().unwrap_or_default()
    }

    pub(super) fn summary(&self) -> &'a str {
        let summary = self.details["summary"].as_str().unwrap_or(self.path);
        summary.lines().next().unwrap_or_default()
    }

    pub(super) fn description(&self) -> &'a str {
        self.details["description"].as_str().unwrap_or_default()
    }

    pub(super) fn successes(&self) -> impl Iterator<Item = u16> + 'a {
        let statuses = self.details["responses"].as_object().into_iter().flatten();
        statuses.filter_map(|(status, _)| status.parse().ok()).filter(|code| *code < 400)
    }

    pub(super) fn takes_token(&self) -> bool {
        let schemes = self.details["security"].as_array().into_iter().flatten();
        schemes.into_iter().any(|scheme| scheme["bearer"].is_array())
    }

    pub(super) fn parameters(&self, place: &str) -> impl Iterator<Item = &'a Value> {
        let parameters = self.details["parameters"].as_array().into_iter().flatten();
        parameters.filter(move |parameter| parameter["in"] == place)
    }

    /// The schema of the body in a media type.
    pub(super) fn body(&self, media_type: &str) -> Option<&'a Value> {
        let schema = &self.details["requestBody"]["content"][media_type]["schema"];
        // A body that may be left out is "this or null".
        let schema = schema["oneOf"].get(0).unwrap_or(schema);
        let Some(reference) = schema["$ref"].as_str() else {
            return (!schema.is_null()).then_some(schema);
        };
        self.document.pointer(reference.trim_start_matches('#'))
    }
}
