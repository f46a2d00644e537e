//! Exchanging a secret, of whatever it is.

use std::time::Duration;

use utoipa::ToSchema;

use crate::kit::{Fields, FromFields};

#[derive(ToSchema)]
#[schema(title = "Rotation")]
#[expect(dead_code, reason = "the shape for the document; the request is read field by field")]
pub(super) struct RotationShape {
    /// Whether the secret so far stays good for a while. Not when it leaked.
    #[schema(nullable = false, example = true)]
    keep_previous: Option<bool>,
}

pub(super) struct RotationBody {
    keep_previous: bool,
}

impl RotationBody {
    /// How long both are good, which is `usual` unless the old one leaked.
    pub(super) fn overlap(&self, usual: Duration) -> Duration {
        if self.keep_previous { usual } else { Duration::ZERO }
    }
}

impl FromFields for RotationBody {
    fn from_fields(fields: &mut Fields) -> Self {
        Self { keep_previous: fields.optional_boolean("keep_previous").unwrap_or(true) }
    }
}
