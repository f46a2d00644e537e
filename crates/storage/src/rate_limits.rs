//! The `rate_limits` table: how often something was asked for, where no other store keeps it.

use domain::Timestamp;
use domain::limit::Arrivals;

use crate::PIECE;
use crate::error::Result;
use crate::store::Tx;

statements! {
    FIND_LOCKED = sql!(
        "SELECT short_arrival, long_arrival FROM rate_limits WHERE bucket = $1 FOR UPDATE",
        sqlite: "SELECT short_arrival, long_arrival FROM rate_limits WHERE bucket = $1"
    );
    INSERT = sql!(
        "INSERT INTO rate_limits (bucket, short_arrival, long_arrival, over_at) \
         VALUES ($1, $2, $3, $4)"
    );
    UPDATE = sql!(
        "UPDATE rate_limits SET short_arrival = $1, long_arrival = $2, over_at = $3 \
         WHERE bucket = $4"
    );
    DELETE_OVER = delete_some!("rate_limits", "bucket", "over_at < ");
}

/// What is remembered of the bucket; its row stays locked.
pub async fn find_locked(tx: &mut Tx, bucket: &[u8]) -> Result<Option<Arrivals>> {
    let row = fetch_optional!(tx, FIND_LOCKED, (Option<i64>, Option<i64>), bucket)?;
    let time = |micros: Option<i64>| micros.map(Timestamp::from_micros);
    Ok(row.map(|(short, long)| [time(short), time(long)]))
}

/// Conflicts when a rival was first.
pub async fn insert(tx: &mut Tx, bucket: &[u8], arrivals: Arrivals) -> Result<()> {
    let [short, long] = micros(arrivals);
    execute!(tx, INSERT, bucket, short, long, short.max(long).unwrap_or(0))?;
    Ok(())
}

pub async fn update(tx: &mut Tx, bucket: &[u8], arrivals: Arrivals) -> Result<()> {
    let [short, long] = micros(arrivals);
    execute!(tx, UPDATE, short, long, short.max(long).unwrap_or(0), bucket)?;
    Ok(())
}

/// Forgets those who are as if they had never asked.
/// At most [`PIECE`].
pub async fn delete_over(tx: &mut Tx, now: Timestamp) -> Result<u64> {
    execute!(tx, DELETE_OVER, now.as_micros(), now.as_micros(), PIECE)
}

fn micros(arrivals: Arrivals) -> [Option<i64>; 2] {
    arrivals.map(|arrival| arrival.map(Timestamp::as_micros))
}
