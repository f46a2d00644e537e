//! What administrators send about webhooks.

use operations::webhooks::{ChangeWebhook, NewWebhook};
use utoipa::ToSchema;

use crate::kit::{Fields, FromFields};

#[derive(ToSchema)]
#[schema(title = "NewWebhook")]
#[expect(dead_code, reason = "the shape for the document; the request is read field by field")]
pub(super) struct NewWebhookShape {
    /// `https://`; the address must be public, or within `webhooks.allowed_networks`.
    #[schema(max_length = 2000, example = "https://billing.example.org/events")]
    url: String,
    /// Only events of these types; none means all.
    #[schema(nullable = false, example = json!(["vestibule.user.deleted.v1"]))]
    types: Option<Vec<String>>,
}

/// What is absent stays.
#[derive(ToSchema)]
#[schema(title = "UpdateWebhook")]
#[expect(dead_code, reason = "the shape for the document; the request is read field by field")]
pub(super) struct WebhookUpdateShape {
    /// `https://`; the address must be public, or within `webhooks.allowed_networks`.
    #[schema(nullable = false, max_length = 2000, example = "https://billing.example.org/events")]
    url: Option<String>,
    /// All of them; none means every event.
    #[schema(nullable = false, example = json!(["vestibule.user.deleted.v1"]))]
    types: Option<Vec<String>>,
}

pub(super) struct CreateBody(pub(super) NewWebhook);

pub(super) struct UpdateBody(pub(super) ChangeWebhook);

impl FromFields for CreateBody {
    fn from_fields(fields: &mut Fields) -> Self {
        Self(NewWebhook { url: fields.required_text("url"), types: fields.optional_texts("types") })
    }
}

impl FromFields for UpdateBody {
    fn from_fields(fields: &mut Fields) -> Self {
        Self(ChangeWebhook { url: fields.optional_text("url"), types: fields.texts("types") })
    }
}
