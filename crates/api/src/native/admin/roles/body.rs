//! What administrators send about roles, and which one a path names.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, Path};
use domain::RoleName;
use http::request::Parts;
use operations::roles::{NewRole, RoleChange};
use utoipa::ToSchema;

use crate::kit::{Fields, FromFields, Front};

#[derive(ToSchema)]
#[schema(title = "NewRole")]
#[expect(dead_code, reason = "the shape for the document; the request is read field by field")]
pub(super) struct NewRoleShape {
    /// Small letters, digits, `.`, `_` and `-`.
    #[schema(max_length = 64, example = "support")]
    name: String,
    /// What it is for.
    #[schema(nullable = false, max_length = 255)]
    description: Option<String>,
    #[schema(nullable = false, example = json!(["users:read"]))]
    permissions: Option<Vec<String>>,
}

/// What is absent stays.
#[derive(ToSchema)]
#[schema(title = "UpdateRole")]
#[expect(dead_code, reason = "the shape for the document; the request is read field by field")]
pub(super) struct RoleUpdateShape {
    #[schema(nullable = false, max_length = 255)]
    description: Option<String>,
    /// All of them.
    #[schema(nullable = false, example = json!(["users:read"]))]
    permissions: Option<Vec<String>>,
}

pub(super) struct CreateBody(pub(super) NewRole);

pub(super) struct UpdateBody(pub(super) RoleChange);

impl FromFields for CreateBody {
    fn from_fields(fields: &mut Fields) -> Self {
        Self(NewRole {
            name: fields.required_text("name"),
            description: fields.optional_text("description").unwrap_or_default(),
            permissions: fields.optional_texts("permissions"),
        })
    }
}

impl FromFields for UpdateBody {
    fn from_fields(fields: &mut Fields) -> Self {
        Self(RoleChange {
            description: fields.optional_text("description"),
            permissions: fields.texts("permissions"),
        })
    }
}

/// What is no text names no role: the operation says so, after it has looked who asks.
pub(super) struct Named(pub(super) RoleName);

impl FromRequestParts<Front> for Named {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, front: &Front) -> Result<Self, Infallible> {
        let name = Path::<String>::from_request_parts(parts, front).await;
        Ok(Self(RoleName::new(name.map_or_else(|_| String::new(), |Path(name)| name))))
    }
}
