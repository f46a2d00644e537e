//! How a surface reads requests and frames answers, whatever it says: what a framework does the same
//! for every service built on it.

use axum::response::Response;
use domain::Field;
use http::{HeaderMap, Method};
use serde_json::Value;

use super::answer::Answer;
use super::body::SentBody;
use super::fields::Reading;
use super::rejection::Rejection;

/// Implemented by an empty type for each framework.
pub(crate) trait Manners: Send + Sync + 'static {
    const READING: Reading;
    /// Whether HEAD is answered where GET is.
    const HEAD: bool = true;
    /// Whether a body that cannot be read is refused before the token is looked at.
    const BODY_FIRST: bool = false;
    /// Fields that are called something else than natively.
    const RENAMED: &'static [(Field, &'static str)] = &[];

    /// The body as a value. An empty one is what the original takes it for.
    fn read_body(body: SentBody) -> impl Future<Output = Result<Value, Rejection>> + Send;

    /// What the field is called on the wire.
    fn field_name(field: Field) -> &'static str {
        let renamed = Self::RENAMED.iter().find(|(known, _)| *known == field);
        renamed.map_or(native_name(field), |(_, name)| name)
    }

    /// The value of `Allow` where these methods are routed.
    fn allow(methods: &[Method]) -> String {
        let mut names: Vec<&str> = Vec::new();
        for method in methods {
            names.push(method.as_str());
            if *method == Method::GET && Self::HEAD {
                names.push("HEAD");
            }
        }
        names.join(", ")
    }

    /// An answer that is due before anything else is looked at, the credentials included.
    fn before(_headers: &HeaderMap) -> Option<Answer> {
        None
    }

    /// Headers that every answer carries, refusals included. `allow` is of the path, if it is
    /// routed.
    fn dress(_allow: Option<&str>, _response: &mut Response) {}
}

const fn native_name(field: Field) -> &'static str {
    match field {
        Field::Username => "username",
        Field::Email => "email",
        Field::Phone => "phone",
        Field::Password => "password",
        Field::CurrentPassword => "current_password",
        Field::FirstName => "first_name",
        Field::LastName => "last_name",
        Field::Locale => "locale",
        Field::Metadata => "metadata",
        Field::Identifier => "identifier",
        Field::RestorationToken => "restoration_token",
        Field::RefreshToken => "refresh_token",
        Field::IdempotencyKey => "Idempotency-Key",
        Field::ServiceName | Field::RoleName => "name",
        Field::Permissions => "permissions",
        Field::Description => "description",
        Field::WebhookUrl => "url",
        Field::EventTypes => "types",
        Field::Reason => "reason",
        Field::Until => "until",
    }
}
