//! What the documents of all surfaces say alike.

use http::Method;
use operations::limits::Limit;
use utoipa::Modify;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{OpenApi, PathItem, ResponseBuilder};

/// Operations name it as `security(("bearer" = []))`.
const BEARER: &str = "bearer";

/// The scheme of security that every dialect has: the token of a session in the header.
pub(crate) struct BearerScheme;

impl Modify for BearerScheme {
    fn modify(&self, document: &mut OpenApi) {
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme(BEARER, SecurityScheme::Http(bearer));
    }
}

/// The methods of a path, as far as it has them.
pub(super) fn operations(item: &mut PathItem) -> impl Iterator<Item = (Method, &mut Operation)> {
    [
        (Method::GET, &mut item.get),
        (Method::POST, &mut item.post),
        (Method::PUT, &mut item.put),
        (Method::PATCH, &mut item.patch),
        (Method::DELETE, &mut item.delete),
    ]
    .into_iter()
    .filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// Whoever is limited can be refused, also where nothing was written of it.
pub(super) fn tell_limits(item: &mut PathItem, limits: &[(Method, Limit)]) {
    for (method, operation) in operations(item) {
        if limits.iter().any(|(limited, _)| *limited == method) {
            let seconds = HeaderBuilder::new()
                .description(Some("In how many seconds to ask again"))
                .schema(Some(ObjectBuilder::new().schema_type(Type::Integer)))
                .build();
            let refused = ResponseBuilder::new()
                .description("Asked too often")
                .header("Retry-After", seconds);
            operation.responses.responses.entry("429".to_owned()).or_insert(refused.into());
        }
    }
}
