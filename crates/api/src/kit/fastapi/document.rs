//! The shapes of errors, for the documents.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub(crate) struct Detail {
    detail: String,
}

/// An error of pydantic for each field.
#[derive(Serialize, ToSchema)]
pub(crate) struct ValidationDetail {
    detail: Vec<ValidationError>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct ValidationError {
    #[schema(example = "missing")]
    r#type: String,
    /// Where: `["body", "username"]`.
    #[schema(value_type = Vec<String>)]
    loc: Vec<Value>,
    msg: String,
    /// What was sent; secrets are stars.
    #[schema(value_type = Object)]
    input: Value,
}
