//! What administrators send about services.

use std::time::Duration;

use operations::service_accounts::{NewServiceAccount, OVERLAP};
use utoipa::ToSchema;

use crate::kit::{Fields, FromFields};

#[derive(ToSchema)]
#[schema(title = "NewService")]
#[expect(dead_code, reason = "the shape for the document; the request is read field by field")]
pub(super) struct CreateShape {
    /// Small letters, digits, `.`, `_` and `-`.
    #[schema(max_length = 64, example = "gateway")]
    name: String,
    #[schema(nullable = false, example = json!(["tokens:introspect"]))]
    permissions: Option<Vec<String>>,
}

pub(super) struct CreateBody(pub(super) NewServiceAccount);

#[derive(ToSchema)]
#[schema(title = "RotateService")]
#[expect(dead_code, reason = "the shape for the document; the request is read field by field")]
pub(super) struct RotateShape {
    /// Whether the secret so far stays good for a while. Not when it leaked.
    #[schema(nullable = false, example = true)]
    keep_previous: Option<bool>,
}

pub(super) struct RotateBody {
    keep_previous: bool,
}

impl RotateBody {
    pub(super) fn overlap(&self) -> Duration {
        if self.keep_previous { OVERLAP } else { Duration::ZERO }
    }
}

impl FromFields for CreateBody {
    fn from_fields(fields: &mut Fields) -> Self {
        Self(NewServiceAccount {
            name: fields.required_text("name"),
            permissions: fields.optional_texts("permissions"),
        })
    }
}

impl FromFields for RotateBody {
    fn from_fields(fields: &mut Fields) -> Self {
        Self { keep_previous: fields.optional_boolean("keep_previous").unwrap_or(true) }
    }
}
