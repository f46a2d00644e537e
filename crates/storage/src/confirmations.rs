//! The `confirmations` table: the newest code and link for each purpose of an account, or of an
//! address that no account has.

use domain::confirmation::{Endurance, Purpose};
use domain::{Timestamp, UserId};

use crate::PIECE;
use crate::error::Result;
use crate::store::{Read, Tx};

macro_rules! columns {
    () => {
        "bucket, user_id, challenge, address, code_hash, digits, guesses_left, code_expires_at, \
         link_hash, link_expires_at, detail, failures, escalation, escalated_at, guesses_arrival, \
         of_flow"
    };
}

statements! {
    FIND_LOCKED = sql!(
        concat!("SELECT ", columns!(), " FROM confirmations WHERE bucket = $1 FOR UPDATE"),
        sqlite: concat!("SELECT ", columns!(), " FROM confirmations WHERE bucket = $1")
    );
    FIND = sql!(concat!("SELECT ", columns!(), " FROM confirmations WHERE bucket = $1"));
    FIND_BY_LINK =
        sql!(concat!("SELECT ", columns!(), " FROM confirmations WHERE link_hash = $1 AND purpose = $2"));
    INSERT = sql!(
        "INSERT INTO confirmations (bucket, user_id, purpose, challenge, address, code_hash, \
         digits, guesses_left, code_expires_at, link_hash, link_expires_at, detail, failures, \
         escalation, escalated_at, guesses_arrival, changed_at, of_flow) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)"
    );
    RENEW = sql!(
        "UPDATE confirmations SET challenge = $1, address = $2, code_hash = $3, digits = $4, \
         guesses_left = $5, code_expires_at = $6, link_hash = $7, link_expires_at = $8, \
         detail = $9, changed_at = $10, of_flow = $11 WHERE bucket = $12"
    );
    /// Before the comparison, and only of a code that is still alive.
    TAKE_GUESS = sql!(
        "UPDATE confirmations SET guesses_left = guesses_left - 1 \
         WHERE bucket = $1 AND challenge = $2 AND guesses_left > 0 AND code_hash IS NOT NULL \
         AND code_expires_at > $3"
    );
    SET_ENDURANCE = sql!(
        "UPDATE confirmations SET failures = $1, escalation = $2, escalated_at = $3, \
         guesses_arrival = $4, changed_at = $5 WHERE bucket = $6"
    );
    SPEND = sql!(
        "UPDATE confirmations SET code_hash = NULL, link_hash = NULL, detail = NULL, \
         changed_at = $1 WHERE bucket = $2"
    );
    KILL_CODE =
        sql!("UPDATE confirmations SET code_hash = NULL, changed_at = $1 WHERE bucket = $2");
    SPEND_OF_USER = sql!(
        "UPDATE confirmations SET code_hash = NULL, link_hash = NULL, detail = NULL, \
         changed_at = $1 WHERE user_id = $2 AND purpose <> $3"
    );
    FORGIVE_USER = sql!(
        "UPDATE confirmations SET failures = 0, escalation = 0, escalated_at = NULL, \
         guesses_arrival = NULL WHERE user_id = $1"
    );
    OF_USER = sql!(
        "SELECT purpose, failures, escalation, escalated_at, guesses_arrival FROM confirmations \
         WHERE user_id = $1 ORDER BY purpose"
    );
    FAILURES_OF = sql!(
        "SELECT CAST(COALESCE(SUM(failures), 0) AS BIGINT) FROM confirmations WHERE user_id = $1",
        mysql: "SELECT CAST(COALESCE(SUM(failures), 0) AS SIGNED) FROM confirmations WHERE user_id = $1"
    );
    DETAILS_OF_USER = sql!(
        "SELECT bucket, detail FROM confirmations \
         WHERE user_id = $1 AND purpose = $2 AND detail IS NOT NULL"
    );
    DELETE_OF_USER = sql!("DELETE FROM confirmations WHERE user_id = $1");
    DELETE_OLD = delete_some!("confirmations", "bucket", "(user_id IS NULL OR failures = 0) AND changed_at < ");
}

/// A row: what was sent last, and what guesses made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmation {
    pub bucket: Vec<u8>,
    pub user_id: Option<UserId>,
    /// Another one with each sending: 128 bits that bind the code to it.
    pub challenge: Vec<u8>,
    /// A fingerprint of where it was sent to.
    pub address: Vec<u8>,
    /// None when there is no code, or no more.
    pub code_hash: Option<Vec<u8>>,
    pub digits: u8,
    pub guesses_left: i64,
    pub code_expires_at: Timestamp,
    pub link_hash: Option<Vec<u8>>,
    pub link_expires_at: Timestamp,
    /// Sealed: what has to be known when the link comes back.
    pub detail: Option<Vec<u8>>,
    /// Whether the code is worth something in the flow that sent it, and nowhere else.
    pub is_of_flow: bool,
    pub endurance: Endurance,
}

#[derive(sqlx::FromRow)]
struct ConfirmationRow {
    bucket: Vec<u8>,
    user_id: Option<uuid::Uuid>,
    challenge: Vec<u8>,
    address: Vec<u8>,
    code_hash: Option<Vec<u8>>,
    digits: i64,
    guesses_left: i64,
    code_expires_at: i64,
    link_hash: Option<Vec<u8>>,
    link_expires_at: i64,
    detail: Option<Vec<u8>>,
    failures: i64,
    escalation: i64,
    escalated_at: Option<i64>,
    guesses_arrival: Option<i64>,
    of_flow: i64,
}

impl From<ConfirmationRow> for Confirmation {
    fn from(row: ConfirmationRow) -> Self {
        Self {
            bucket: row.bucket,
            user_id: row.user_id.map(UserId),
            challenge: row.challenge,
            address: row.address,
            code_hash: row.code_hash,
            digits: u8::try_from(row.digits).unwrap_or_default(),
            guesses_left: row.guesses_left,
            code_expires_at: Timestamp::from_micros(row.code_expires_at),
            link_hash: row.link_hash,
            link_expires_at: Timestamp::from_micros(row.link_expires_at),
            detail: row.detail,
            is_of_flow: row.of_flow != 0,
            endurance: Endurance {
                failures: row.failures,
                escalation: row.escalation,
                escalated_at: row.escalated_at.map(Timestamp::from_micros),
                guesses: row.guesses_arrival.map(Timestamp::from_micros),
            },
        }
    }
}

/// What is remembered of the bucket; its row stays locked.
pub async fn find_locked(tx: &mut Tx, bucket: &[u8]) -> Result<Option<Confirmation>> {
    let row = fetch_optional!(tx, FIND_LOCKED, ConfirmationRow, bucket)?;
    Ok(row.map(Confirmation::from))
}

pub async fn find(read: &mut Read, bucket: &[u8]) -> Result<Option<Confirmation>> {
    let row = fetch_optional!(read, FIND, ConfirmationRow, bucket)?;
    Ok(row.map(Confirmation::from))
}

/// The one whose link has this digest; lock its account and its bucket before it is believed.
pub async fn find_by_link(
    tx: &mut Tx,
    purpose: Purpose,
    link_hash: &[u8],
) -> Result<Option<Confirmation>> {
    let row = fetch_optional!(tx, FIND_BY_LINK, ConfirmationRow, link_hash, purpose.as_str())?;
    Ok(row.map(Confirmation::from))
}

/// Conflicts when a rival was first.
pub async fn insert(
    tx: &mut Tx,
    new: &Confirmation,
    purpose: Purpose,
    now: Timestamp,
) -> Result<()> {
    let Endurance { failures, escalation, escalated_at, guesses } = new.endurance;
    execute!(
        tx,
        INSERT,
        &new.bucket,
        new.user_id.map(|id| id.0),
        purpose.as_str(),
        &new.challenge,
        &new.address,
        &new.code_hash,
        i64::from(new.digits),
        new.guesses_left,
        new.code_expires_at.as_micros(),
        &new.link_hash,
        new.link_expires_at.as_micros(),
        &new.detail,
        failures,
        escalation,
        escalated_at.map(Timestamp::as_micros),
        guesses.map(Timestamp::as_micros),
        now.as_micros(),
        i64::from(new.is_of_flow),
    )?;
    Ok(())
}

/// Replaces code and link; what guesses did stays (OTP-06).
pub async fn renew(tx: &mut Tx, new: &Confirmation, now: Timestamp) -> Result<()> {
    execute!(
        tx,
        RENEW,
        &new.challenge,
        &new.address,
        &new.code_hash,
        i64::from(new.digits),
        new.guesses_left,
        new.code_expires_at.as_micros(),
        &new.link_hash,
        new.link_expires_at.as_micros(),
        &new.detail,
        now.as_micros(),
        i64::from(new.is_of_flow),
        &new.bucket,
    )?;
    Ok(())
}

/// False when the code is dead: used, guessed at too often, too old, or another one by now.
pub async fn take_guess(
    tx: &mut Tx,
    bucket: &[u8],
    challenge: &[u8],
    now: Timestamp,
) -> Result<bool> {
    Ok(execute!(tx, TAKE_GUESS, bucket, challenge, now.as_micros())? == 1)
}

pub async fn set_endurance(
    tx: &mut Tx,
    bucket: &[u8],
    endurance: &Endurance,
    now: Timestamp,
) -> Result<()> {
    let Endurance { failures, escalation, escalated_at, guesses } = *endurance;
    let [escalated_at, guesses] =
        [escalated_at, guesses].map(|time| time.map(Timestamp::as_micros));
    let now = now.as_micros();
    execute!(tx, SET_ENDURANCE, failures, escalation, escalated_at, guesses, now, bucket)?;
    Ok(())
}

/// Neither code nor link are good any more.
pub async fn spend(tx: &mut Tx, bucket: &[u8], now: Timestamp) -> Result<()> {
    execute!(tx, SPEND, now.as_micros(), bucket)?;
    Ok(())
}

/// The code is not good any more; the link is.
pub async fn kill_code(tx: &mut Tx, bucket: &[u8], now: Timestamp) -> Result<()> {
    execute!(tx, KILL_CODE, now.as_micros(), bucket)?;
    Ok(())
}

/// Nothing that was sent to the account is good any more, for any purpose but `kept`.
pub async fn spend_of_user(
    tx: &mut Tx,
    user_id: UserId,
    kept: Option<Purpose>,
    now: Timestamp,
) -> Result<()> {
    let kept = kept.map_or("", Purpose::as_str);
    execute!(tx, SPEND_OF_USER, now.as_micros(), user_id.0, kept)?;
    Ok(())
}

/// What was sealed into the links of one purpose that nobody has used, each with its bucket.
pub async fn details_of_user(
    tx: &mut Tx,
    user_id: UserId,
    purpose: Purpose,
) -> Result<Vec<(Vec<u8>, Vec<u8>)>> {
    fetch_all!(tx, DETAILS_OF_USER, (Vec<u8>, Vec<u8>), user_id.0, purpose.as_str())
}

/// Its owner is here: what was guessed wrong before counts no more.
pub async fn forgive_user(tx: &mut Tx, user_id: UserId) -> Result<()> {
    execute!(tx, FORGIVE_USER, user_id.0)?;
    Ok(())
}

/// What guesses made of each purpose's codes.
pub async fn of_user(read: &mut Read, user_id: UserId) -> Result<Vec<(Purpose, Endurance)>> {
    type Row = (String, i64, i64, Option<i64>, Option<i64>);
    let rows = fetch_all!(read, OF_USER, Row, user_id.0)?;
    let endurance = |(name, failures, escalation, escalated_at, guesses): Row| {
        let time = |micros: Option<i64>| micros.map(Timestamp::from_micros);
        let (escalated_at, guesses) = (time(escalated_at), time(guesses));
        Some((Purpose::parse(&name)?, Endurance { failures, escalation, escalated_at, guesses }))
    };
    Ok(rows.into_iter().filter_map(endurance).collect())
}

/// Consecutive wrong codes, all purposes together.
pub async fn failures_of(read: &mut Read, user_id: UserId) -> Result<i64> {
    fetch_one!(read, FAILURES_OF, (i64,), user_id.0).map(|(failures,)| failures)
}

pub async fn delete_of_user(tx: &mut Tx, user_id: UserId) -> Result<()> {
    execute!(tx, DELETE_OF_USER, user_id.0)?;
    Ok(())
}

/// Forgets what nothing happened to since `before`; not the failures of accounts, which are
/// consecutive however far apart. At most [`PIECE`].
pub async fn delete_old(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    execute!(tx, DELETE_OLD, before.as_micros(), before.as_micros(), PIECE)
}
