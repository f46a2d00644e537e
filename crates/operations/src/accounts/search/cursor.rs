//! Where a list goes on: sealed, because it holds what somebody is called, and because nobody but
//! us says where in an index to begin (AUZ-10).

use data_encoding::{BASE64, BASE64URL_NOPAD};
use serde::{Deserialize, Serialize};
use storage::users::{Position, Sort, SortOrder};

use super::filter::UserFilter;
use crate::error::{Fault, Result};
use crate::services::Services;

const PURPOSE: &str = "cursor of accounts";

/// A place in the list of one filter and one order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub(in crate::accounts) position: Position,
    /// So many that fit come before what was asked for: time was over while they were passed over.
    pub(in crate::accounts) skip: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor of this list")]
pub struct NotACursor;

#[derive(Serialize, Deserialize)]
struct Sealed {
    list: String,
    place: Place,
    #[serde(default)]
    skip: usize,
}

#[derive(Serialize, Deserialize)]
enum Place {
    Number(i64),
    Time(i64, i64),
    Key(String),
    Without(i64),
}

/// What was answered as the place to go on with the same filter and the same order.
pub fn open_cursor(
    services: &Services,
    filter: &UserFilter,
    sort: Sort,
    order: SortOrder,
    text: &str,
) -> Result<Cursor, NotACursor> {
    let sealed = BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| NotACursor)?;
    let plain = services.vault.open(PURPOSE, &sealed).map_err(|_| NotACursor)?;
    let Sealed { list, place, skip } = serde_json::from_slice(&plain).map_err(|_| NotACursor)?;
    if list != name(services, filter, sort, order) {
        return Err(NotACursor);
    }
    let position = match place {
        Place::Number(number) => Position::Number(number),
        Place::Time(at, number) => Position::Time(at, number),
        Place::Key(key) => Position::Key(key),
        Place::Without(number) => Position::Without(number),
    };
    Ok(Cursor { position, skip })
}

pub(in crate::accounts) fn seal_cursor(
    services: &Services,
    filter: &UserFilter,
    sort: Sort,
    order: SortOrder,
    cursor: Cursor,
) -> Result<String> {
    let Cursor { position, skip } = cursor;
    let place = match position {
        Position::Number(number) => Place::Number(number),
        Position::Time(at, number) => Place::Time(at, number),
        Position::Key(key) => Place::Key(key),
        Position::Without(number) => Place::Without(number),
    };
    let sealed = Sealed { list: name(services, filter, sort, order), place, skip };
    let plain = serde_json::to_vec(&sealed).map_err(Fault::Encoding)?;
    Ok(BASE64URL_NOPAD.encode(&services.vault.seal(PURPOSE, &plain)?))
}

/// What tells the list apart from every other.
fn name(services: &Services, filter: &UserFilter, sort: Sort, order: SortOrder) -> String {
    let mut parts = filter.parts();
    parts.push(format!("{sort:?} {order:?}"));
    let parts: Vec<_> = parts.iter().map(|part| Some(part.as_str())).collect();
    BASE64.encode(&services.vault.fingerprint(PURPOSE, &parts))
}
