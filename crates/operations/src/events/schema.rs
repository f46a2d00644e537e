//! Events as JSON Schema (2020-12) describes them, made of the catalogue: the whole `CloudEvent` in the
//! JSON format of `CloudEvents` 1.0.

use domain::Actor;
use domain::event::{EventKind, Field, Shape};
use serde_json::{Map, Value, json};

use super::cloud_event::{CONTENT_TYPE, SEQUENCE_DIGITS, SPEC_VERSION};

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";
/// Beside it, before the type.
const NAMESPACE: &str = "urn:vestibule:event:";

/// An attribute of the envelope.
pub(super) struct Attribute {
    pub(super) name: &'static str,
    pub(super) is_required: bool,
    pub(super) about: &'static str,
    schema: Value,
}

/// All schemas by type.
pub fn schemas() -> Map<String, Value> {
    EventKind::ALL.iter().map(|kind| (kind.name().to_owned(), schema(*kind))).collect()
}

/// The schema of events of one type. What it does not name is allowed: fields may be added.
pub fn schema(kind: EventKind) -> Value {
    let name = kind.name();
    let mut schema = Map::new();
    schema.insert("$schema".to_owned(), DIALECT.into());
    schema.insert("$id".to_owned(), format!("{NAMESPACE}{name}").into());
    schema.insert("title".to_owned(), name.into());
    schema.insert("description".to_owned(), kind.about().into());
    schema.extend(whole(json!({ "type": "string", "const": name }), data(kind.fields())));
    Value::Object(schema)
}

/// What the schemas of all types have in common.
pub fn envelope() -> Value {
    let mut schema = whole(json!({ "type": "string" }), json!({ "type": "object" }));
    schema.insert("title".to_owned(), "Event".into());
    Value::Object(schema)
}

fn whole(kind: Value, data: Value) -> Map<String, Value> {
    let mut attributes = attributes(kind);
    attributes.push(Attribute {
        name: "data",
        is_required: true,
        about: "What else there is to say: ids and names, never personal values.",
        schema: data,
    });
    let required = attributes.iter().filter(|attribute| attribute.is_required);
    let required: Vec<&str> = required.map(|attribute| attribute.name).collect();
    let properties = attributes.into_iter().map(|attribute| {
        let Attribute { name, about, schema, .. } = attribute;
        (name.to_owned(), described(about, schema))
    });
    let mut whole = Map::new();
    whole.insert("type".to_owned(), "object".into());
    whole.insert("required".to_owned(), required.into());
    whole.insert("properties".to_owned(), Value::Object(properties.collect()));
    whole.insert("additionalProperties".to_owned(), true.into());
    whole
}

/// The envelope, without `data`.
pub(super) fn attributes(kind: Value) -> Vec<Attribute> {
    let attribute = |name, about, schema| Attribute { name, is_required: true, about, schema };
    let sequence = format!("^[0-9]{{{SEQUENCE_DIGITS}}}$");
    vec![
        attribute(
            "specversion",
            "The version of CloudEvents.",
            json!({ "type": "string", "const": SPEC_VERSION }),
        ),
        attribute(
            "id",
            "Names the event: one that comes twice has the same id.",
            json!({ "type": "string", "format": "uuid" }),
        ),
        attribute(
            "source",
            "Which deployment tells it; the same in all its events.",
            json!({ "type": "string", "format": "uri-reference", "minLength": 1 }),
        ),
        attribute(
            "type",
            "What happened. The number at its end is the version of this schema.",
            kind,
        ),
        attribute(
            "subject",
            "The id of the account that it is about.",
            json!({ "type": "string", "format": "uuid" }),
        ),
        attribute(
            "time",
            "When it happened, in UTC.",
            json!({ "type": "string", "format": "date-time" }),
        ),
        attribute(
            "datacontenttype",
            "The media type of `data`.",
            json!({ "type": "string", "const": CONTENT_TYPE }),
        ),
        attribute(
            "sequence",
            "The number of the event in the whole log, without gaps. Texts of one length: they \
             compare as the numbers do.",
            json!({ "type": "string", "pattern": sequence }),
        ),
        attribute(
            "userversion",
            "The number of the event among those of the account, from 1 and without gaps.",
            json!({ "type": "string", "pattern": "^[1-9][0-9]*$" }),
        ),
        attribute("actor", "Who did it.", json!({ "type": "string", "enum": Actor::NAMES })),
        Attribute {
            is_required: false,
            ..attribute(
                "actorid",
                "Which account, service or source did it, where one did.",
                json!({ "type": "string", "format": "uuid" }),
            )
        },
    ]
}

fn data(fields: &[Field]) -> Value {
    let required = fields.iter().filter(|field| field.is_required);
    let required: Vec<&str> = required.map(|field| field.name).collect();
    let properties = fields
        .iter()
        .map(|field| (field.name.to_owned(), described(field.about, shape(field.shape))));
    json!({
        "type": "object",
        "required": required,
        "properties": properties.collect::<Map<_, _>>(),
        "additionalProperties": true,
    })
}

fn shape(shape: Shape) -> Value {
    match shape {
        Shape::Id => json!({ "type": "string", "format": "uuid" }),
        Shape::Count => json!({ "type": "integer", "minimum": 0 }),
        Shape::Flag => json!({ "type": "boolean" }),
        Shape::Name => json!({ "type": "string", "minLength": 1 }),
        Shape::Names => json!({ "type": "array", "items": { "type": "string", "minLength": 1 } }),
        Shape::Moment => json!({ "type": ["string", "null"], "format": "date-time" }),
    }
}

/// The description first.
fn described(about: &str, schema: Value) -> Value {
    let mut described = Map::new();
    described.insert("description".to_owned(), about.into());
    if let Value::Object(schema) = schema {
        described.extend(schema);
    }
    Value::Object(described)
}
