//! What is to be done to many accounts, and to which.

use std::time::Duration;

use domain::{RoleName, Timestamp, UserId};
use operations::Services;
use operations::accounts::{
    BlockTerms, Bulk, BulkAction, BulkCursor, UserFilter, Whom, open_bulk_cursor,
};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::query::read_filter;
use crate::kit::{Fields, FromFields, JsonKind, QueryFault, Rejection, Shape};
use crate::native::parameters::Parameters;

/// Together less than the deadline of requests.
const PATIENCE: Duration = Duration::from_secs(4);

/// Either `filter` or `ids`. Whoever asks is never among them.
#[derive(ToSchema)]
#[schema(title = "BulkChange")]
#[expect(dead_code, reason = "the shape for the document; the request is read field by field")]
pub(super) struct BulkShape {
    /// One of block, unblock, delete, restore, `end_sessions`, `grant_role` and `revoke_role`
    #[schema(example = "block")]
    action: String,
    /// The parameters of the list that say which accounts, at least one; `restore` means deleted
    /// ones
    #[schema(value_type = Option<Object>, nullable = false, example = json!({ "search": "spam" }))]
    filter: Option<Value>,
    #[schema(nullable = false, max_items = 10000)]
    ids: Option<Vec<Uuid>>,
    /// Of `grant_role` and `revoke_role`.
    #[schema(nullable = false)]
    role: Option<String>,
    /// Of `block`.
    #[schema(nullable = false, max_length = 500)]
    reason: Option<String>,
    /// Of `block`.
    #[schema(nullable = false, format = DateTime)]
    until: Option<String>,
    /// Whether to say only what would be done.
    #[schema(nullable = false, default = true, example = true)]
    dry_run: Option<bool>,
    /// The `count` that a dry run answered at its end; needed unless this is one.
    #[schema(nullable = false)]
    expected: Option<i64>,
    /// The `next` of the answer before, all else being the same
    #[schema(nullable = false)]
    cursor: Option<String>,
}

#[derive(Default)]
pub(super) struct BulkBody {
    action: Option<BulkAction>,
    filter: Option<Map<String, Value>>,
    ids: Vec<UserId>,
    /// None is a dry run.
    pub(super) expected: Option<usize>,
    cursor: Option<String>,
}

impl BulkBody {
    pub(super) fn read(&self, services: &Services) -> Result<Bulk, Rejection> {
        // Read together with the fields, which would have been refused without it.
        let action = self.action.clone().unwrap_or(BulkAction::Unblock);
        let whom = match &self.filter {
            None => Whom::These(self.ids.clone()),
            Some(object) => {
                let mut parameters = Parameters::of_object("filter.", object.clone());
                let filter = read_filter(&mut parameters);
                // Nobody means everybody by leaving everything out.
                if object.is_empty() || filter == UserFilter::default() {
                    let fault = QueryFault::Breaks(domain::Rule::Required);
                    parameters.note("search", "", fault);
                }
                parameters.finish()?;
                Whom::Fitting(Box::new(filter))
            }
        };
        let mut bulk = Bulk { action, whom, after: BulkCursor::START, patience: PATIENCE };
        if let Some(text) = &self.cursor {
            let mut parameters = Parameters::of_query("");
            match open_bulk_cursor(services, &bulk, text) {
                Ok(cursor) => bulk.after = cursor,
                Err(_) => parameters.note("cursor", text, QueryFault::NotACursor),
            }
            parameters.finish()?;
        }
        Ok(bulk)
    }
}

impl FromFields for BulkBody {
    /// For as many ids as one change may mean.
    const ROOM: usize = 512 * 1024;

    fn from_fields(fields: &mut Fields) -> Self {
        let action = read_action(fields);
        let filter = read_object(fields, "filter");
        let ids = fields.texts("ids");
        match (&filter, &ids) {
            (None, None) => fields.note("filter", Shape::Missing),
            (Some(_), Some(_)) => fields.note("ids", Shape::Superfluous),
            (Some(_), None) | (None, Some(_)) => {}
        }
        let ids = ids.unwrap_or_default().into_iter().filter_map(|text| {
            let id = Uuid::parse_str(&text).ok();
            if id.is_none() {
                fields.note("ids", Shape::Unlike { pattern: "ids of accounts", sent: text });
            }
            id.map(UserId)
        });
        let ids = ids.collect();
        let expected = read_count(fields, "expected");
        let cursor = fields.optional_text("cursor");
        let is_dry = fields.optional_boolean("dry_run").unwrap_or(true);
        if !is_dry && expected.is_none() {
            fields.note("expected", Shape::Missing);
        }
        Self { action, filter, ids, expected: expected.filter(|_| !is_dry), cursor }
    }
}

fn read_action(fields: &mut Fields) -> Option<BulkAction> {
    const PATTERN: &str =
        "block, unblock, delete, restore, end_sessions, grant_role or revoke_role";
    let name = fields.required_text("action");
    let (reason, until) = (fields.optional_text("reason"), read_time(fields, "until"));
    let role = fields.optional_text("role");
    let needs_role = matches!(&*name, "grant_role" | "revoke_role");
    for (field, is_given, is_wanted) in [
        ("role", role.is_some(), needs_role),
        ("reason", reason.is_some(), name == "block"),
        ("until", until.is_some(), name == "block"),
    ] {
        if is_given && !is_wanted {
            fields.note(field, Shape::Unknown);
        }
    }
    if needs_role && role.is_none() {
        fields.note("role", Shape::Missing);
    }
    let role = role.map(RoleName::new);
    match &*name {
        "block" => Some(BulkAction::Block(BlockTerms { reason, until })),
        "unblock" => Some(BulkAction::Unblock),
        "delete" => Some(BulkAction::Delete),
        "restore" => Some(BulkAction::Restore),
        "end_sessions" => Some(BulkAction::EndSessions),
        "grant_role" => role.map(BulkAction::GrantRole),
        "revoke_role" => role.map(BulkAction::RevokeRole),
        "" => None,
        _ => {
            fields.note("action", Shape::Unlike { pattern: PATTERN, sent: name });
            None
        }
    }
}

fn read_object(fields: &mut Fields, field: &'static str) -> Option<Map<String, Value>> {
    match fields.unread(field)? {
        Value::Object(object) => Some(object),
        other @ (Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Array(_)) => {
            let found = JsonKind::of(&other);
            fields.note(field, Shape::WrongType { expected: JsonKind::Object, found });
            None
        }
    }
}

fn read_count(fields: &mut Fields, field: &'static str) -> Option<usize> {
    let value = fields.unread(field)?;
    let count = value.as_u64().and_then(|count| usize::try_from(count).ok());
    if count.is_none() {
        let found = JsonKind::of(&value);
        fields.note(field, Shape::WrongType { expected: JsonKind::Integer, found });
    }
    count
}

fn read_time(fields: &mut Fields, field: &'static str) -> Option<Timestamp> {
    let text = fields.optional_text(field)?;
    let time = Timestamp::parse_rfc3339(&text);
    if time.is_none() {
        let pattern = "a time such as 2027-01-31T12:00:00Z";
        fields.note(field, Shape::Unlike { pattern, sent: text });
    }
    time
}
