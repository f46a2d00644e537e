//! The catalogue as a page, for `docs/reference/events.md`.

use std::fmt::Write;

use domain::event::{EventKind, Field};
use serde_json::Value;

use super::schema::attributes;

/// One row an event, made by the code that writes them.
pub fn reference() -> String {
    let mut page = String::from(
        "# Events\n\nEach is a CloudEvent 1.0; the file behind its type is the JSON Schema of the whole. Fields \
         and words may\nbe added to a version; anything else that changes is another type, with the next number at \
         its end.\n\n| type | when | data |\n|---|---|---|\n",
    );
    for kind in EventKind::ALL {
        let (name, about) = (kind.name(), kind.about());
        let fields: Vec<String> = kind.fields().iter().map(field).collect();
        let fields = if fields.is_empty() { "-".to_owned() } else { fields.join("<br>") };
        let _ = writeln!(page, "| [`{name}`](events/{name}.json) | {about} | {fields} |");
    }
    page.push_str("\n## The attributes of all\n\n| attribute | what it says |\n|---|---|\n");
    for attribute in attributes(Value::Null) {
        let optional = if attribute.is_required { "" } else { " (optional)" };
        let _ = writeln!(page, "| `{}`{optional} | {} |", attribute.name, attribute.about);
    }
    page
}

fn field(field: &Field) -> String {
    let optional = if field.is_required { "" } else { " (optional)" };
    format!("`{}`{optional}: {}", field.name, field.about)
}
