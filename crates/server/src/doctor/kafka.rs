//! Does each Kafka broker speak its protocol? Asked by hand: `ApiVersions` needs no client.
//!
//! Over plain TCP and without a user: a broker that wants either hangs up, and is told about as
//! such. Whether topics exist and may be written is not asked.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::PATIENCE;
use super::finding::Finding;

const CHECK: &str = "kafka";
const API_VERSIONS: i16 = 18;
const CORRELATION: i32 = 0x5e57;
const CLIENT: &str = "vestibule-doctor";
/// Real answers have a few hundred bytes.
const LONGEST: i32 = 64 * 1024;

pub(super) async fn check(broker: &str) -> Finding {
    let mend = "check kafka.brokers and that the broker runs, or leave kafka.brokers empty";
    match tokio::time::timeout(PATIENCE, versions(broker)).await {
        Ok(Ok(count)) => Finding::ok(CHECK, format!("{broker} answers, with {count} requests")),
        Ok(Err(error)) => Finding::problem(CHECK, format!("{broker}: {error}"), mend),
        Err(_) => Finding::problem(CHECK, format!("{broker} does not answer"), mend),
    }
}

/// How many kinds of requests the broker takes.
async fn versions(broker: &str) -> io::Result<i32> {
    let mut stream = TcpStream::connect(broker).await?;
    let hung_up = |error: io::Error| {
        use io::ErrorKind::{BrokenPipe, ConnectionReset, UnexpectedEof};
        if [BrokenPipe, ConnectionReset, UnexpectedEof].contains(&error.kind()) {
            io::Error::other("hangs up: does it want TLS?")
        } else {
            error
        }
    };
    stream.write_all(&request()?).await.map_err(hung_up)?;
    let length = stream.read_i32().await.map_err(hung_up)?;
    let correlation = stream.read_i32().await.map_err(hung_up)?;
    if !(10..=LONGEST).contains(&length) || correlation != CORRELATION {
        return Err(io::Error::other("something else than Kafka answers"));
    }
    match (stream.read_i16().await?, stream.read_i32().await?) {
        (0, count) => Ok(count),
        (code, _) => Err(io::Error::other(format!("refuses with error {code}"))),
    }
}

/// Version 0: a header with a client's name, and no body.
fn request() -> io::Result<Vec<u8>> {
    let name = i16::try_from(CLIENT.len()).map_err(io::Error::other)?;
    let mut body = Vec::new();
    body.extend(API_VERSIONS.to_be_bytes());
    body.extend(0_i16.to_be_bytes());
    body.extend(CORRELATION.to_be_bytes());
    body.extend(name.to_be_bytes());
    body.extend(CLIENT.as_bytes());
    let length = i32::try_from(body.len()).map_err(io::Error::other)?;
    Ok([length.to_be_bytes().as_slice(), &body].concat())
}
