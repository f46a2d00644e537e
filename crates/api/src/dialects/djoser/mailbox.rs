//! `{"email": …}`: the mailbox to which something is to be sent.

use domain::{AccountPolicy, Email, Field, FieldError, Identifier, IdentifierKind};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::kit::{Fields, FromFields};

#[derive(Deserialize, ToSchema)]
#[schema(title = "SendEmailReset")]
#[expect(dead_code, reason = "the shape for the document; the request is read field by field")]
pub(super) struct MailboxShape {
    #[schema(format = Email)]
    email: String,
}

pub(super) struct MailboxBody {
    email: String,
}

impl MailboxBody {
    pub(super) fn named(&self) -> Identifier {
        Identifier::of_kind(IdentifierKind::Email, &self.email)
    }
}

impl FromFields for MailboxBody {
    fn from_fields(fields: &mut Fields) -> Self {
        Self { email: fields.required_text("email") }
    }

    fn review(&self, _: &AccountPolicy) -> Vec<FieldError> {
        let broken = Email::parse(&self.email).err();
        broken.map(|rule| FieldError { field: Field::Email, rule }).into_iter().collect()
    }
}
