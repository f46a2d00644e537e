//! What administrators send about services.

use operations::service_accounts::NewServiceAccount;
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

impl FromFields for CreateBody {
    fn from_fields(fields: &mut Fields) -> Self {
        Self(NewServiceAccount {
            name: fields.required_text("name"),
            permissions: fields.optional_texts("permissions"),
        })
    }
}
