//! Where a change that took too long for one request goes on: sealed, as cursors of lists are, and
//! good for the same change of the same accounts only (AUZ-10).

use data_encoding::{BASE64, BASE64URL_NOPAD};
use serde::{Deserialize, Serialize};

use super::{Bulk, Whom};
use crate::accounts::search::NotACursor;
use crate::error::{Fault, Result};
use crate::services::Services;

const PURPOSE: &str = "cursor of a bulk change";

/// What was looked at so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BulkCursor {
    /// Of those who fit a filter, the ones up to this number.
    pub(super) number: i64,
    /// So many were meant among them.
    pub(super) count: usize,
}

impl BulkCursor {
    /// Before the first account.
    pub const START: Self = Self { number: i64::MIN, count: 0 };
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    change: String,
    number: i64,
    count: usize,
}

/// What was answered as the place to go on with the same change of the same accounts.
pub fn open_bulk_cursor(
    services: &Services,
    bulk: &Bulk,
    text: &str,
) -> Result<BulkCursor, NotACursor> {
    let sealed = BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| NotACursor)?;
    let plain = services.vault.open(PURPOSE, &sealed).map_err(|_| NotACursor)?;
    let Sealed { change, number, count } =
        serde_json::from_slice(&plain).map_err(|_| NotACursor)?;
    if change == name(services, bulk) { Ok(BulkCursor { number, count }) } else { Err(NotACursor) }
}

/// For somebody who is to bring it back.
pub fn seal_bulk_cursor(services: &Services, bulk: &Bulk, cursor: BulkCursor) -> Result<String> {
    let BulkCursor { number, count } = cursor;
    let sealed = Sealed { change: name(services, bulk), number, count };
    let plain = serde_json::to_vec(&sealed).map_err(Fault::Encoding)?;
    Ok(BASE64URL_NOPAD.encode(&services.vault.seal(PURPOSE, &plain)?))
}

/// What tells the change apart from every other.
fn name(services: &Services, bulk: &Bulk) -> String {
    let mut parts = match &bulk.whom {
        Whom::These(ids) => ids.iter().map(ToString::to_string).collect(),
        Whom::Fitting(filter) => filter.parts(),
    };
    parts.push(format!("{:?}", bulk.action));
    let parts: Vec<_> = parts.iter().map(|part| Some(part.as_str())).collect();
    BASE64.encode(&services.vault.fingerprint(PURPOSE, &parts))
}
