//! The tables `code_guesses` and `code_brakes`: guesses at short codes all over the service, and
//! what they led to.

use domain::Timestamp;
use domain::confirmation::{GuessCounts, Purpose};

use crate::PIECE;
use crate::error::Result;
use crate::store::{Read, Tx};

const MINUTE: i64 = 60;
/// In minutes.
const DAY: i64 = 24 * 60;
/// There is one brake, for every code of the service.
const NAME: &str = "codes";

statements! {
    COUNT = sql!(
        "INSERT INTO code_guesses (minute, purpose, wrong_guesses, right_guesses) \
         VALUES ($1, $2, $3, $4) ON CONFLICT (minute, purpose) DO UPDATE SET \
         wrong_guesses = code_guesses.wrong_guesses + excluded.wrong_guesses, \
         right_guesses = code_guesses.right_guesses + excluded.right_guesses",
        mysql: "INSERT INTO code_guesses (minute, purpose, wrong_guesses, right_guesses) \
         VALUES ($1, $2, $3, $4) ON DUPLICATE KEY UPDATE \
         wrong_guesses = wrong_guesses + VALUES(wrong_guesses), \
         right_guesses = right_guesses + VALUES(right_guesses)"
    );
    SINCE = sql!(
        "SELECT CAST(COALESCE(SUM(wrong_guesses), 0) AS BIGINT), \
         CAST(COALESCE(SUM(right_guesses), 0) AS BIGINT) FROM code_guesses WHERE minute >= $1",
        mysql: "SELECT CAST(COALESCE(SUM(wrong_guesses), 0) AS SIGNED), \
         CAST(COALESCE(SUM(right_guesses), 0) AS SIGNED) FROM code_guesses WHERE minute >= $1"
    );
    OF_PURPOSE_SINCE = sql!(
        "SELECT CAST(COALESCE(SUM(wrong_guesses), 0) AS BIGINT) FROM code_guesses \
         WHERE minute >= $1 AND purpose = $2",
        mysql: "SELECT CAST(COALESCE(SUM(wrong_guesses), 0) AS SIGNED) FROM code_guesses \
         WHERE minute >= $1 AND purpose = $2"
    );
    DELETE_OLD = delete_some!("code_guesses", "minute, purpose", "minute < ");
    BRAKED_UNTIL = sql!("SELECT until FROM code_brakes WHERE name = $1");
    BRAKE = sql!(
        "INSERT INTO code_brakes (name, until) VALUES ($1, $2) \
         ON CONFLICT (name) DO UPDATE SET until = excluded.until",
        mysql: "INSERT INTO code_brakes (name, until) VALUES ($1, $2) \
         ON DUPLICATE KEY UPDATE until = VALUES(until)"
    );
}

pub async fn count(tx: &mut Tx, purpose: Purpose, is_right: bool, now: Timestamp) -> Result<()> {
    let minute = now.as_seconds() / MINUTE;
    let (wrong, right) = (i64::from(!is_right), i64::from(is_right));
    execute!(tx, COUNT, minute, purpose.as_str(), wrong, right)?;
    Ok(())
}

/// To the whole minute: those that began within the times asked for are counted whole.
pub async fn counts(read: &mut Read, now: Timestamp) -> Result<GuessCounts> {
    let minute = now.as_seconds() / MINUTE;
    let last = fetch_one!(read, SINCE, (i64, i64), minute - 1)?;
    let five = fetch_one!(read, SINCE, (i64, i64), minute - 5)?;
    let recovery = Purpose::Recovery.as_str();
    let day = fetch_one!(read, OF_PURPOSE_SINCE, (i64,), minute - DAY, recovery)?;
    Ok(GuessCounts {
        wrong_in_a_minute: last.0,
        wrong_in_five_minutes: five.0,
        right_in_five_minutes: five.1,
        wrong_recoveries_in_a_day: day.0,
    })
}

/// At most [`PIECE`] minutes that decide nothing any more.
pub async fn delete_old(tx: &mut Tx, now: Timestamp) -> Result<u64> {
    let before = now.as_seconds() / MINUTE - 2 * DAY;
    execute!(tx, DELETE_OLD, before, before, PIECE)
}

pub async fn braked_until(read: &mut Read) -> Result<Option<Timestamp>> {
    let until = fetch_optional!(read, BRAKED_UNTIL, (i64,), NAME)?;
    Ok(until.map(|(until,)| Timestamp::from_micros(until)))
}

pub async fn brake(tx: &mut Tx, until: Timestamp) -> Result<()> {
    execute!(tx, BRAKE, NAME, until.as_micros())?;
    Ok(())
}
