//! HTTP/1.1 by hand: it tells a request that was never sent from one that got no answer.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

const SILENCE: Duration = Duration::from_secs(40);

#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Reply {
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}\n{}", self.head, self.body);
        self
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().skip(1).filter_map(|line| line.split_once(':'));
        lines.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }
}

/// One request on a connection of its own.
pub(crate) fn call(
    address: SocketAddr,
    method: &str,
    path: &str,
    token: Option<&str>,
    body: Option<&Value>,
) -> io::Result<Reply> {
    let mut connection = Connection::open(address)?;
    let body = body.map(Value::to_string).unwrap_or_default();
    connection.exchange(&request(method, path, token, &body, "close"))
}

pub(crate) fn request(
    method: &str,
    path: &str,
    token: Option<&str>,
    body: &str,
    connection: &str,
) -> String {
    let authorization = token.map(|token| format!("Authorization: Bearer {token}\r\n"));
    let kind = if body.is_empty() { "" } else { "Content-Type: application/json\r\n" };
    format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: {connection}\r\n{kind}\
         Content-Length: {}\r\n{}\r\n{body}",
        body.len(),
        authorization.unwrap_or_default(),
    )
}

/// A connection that may carry several requests.
pub(crate) struct Connection(TcpStream);

impl Connection {
    pub(crate) fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(SILENCE))?;
        Ok(Self(stream))
    }

    pub(crate) fn exchange(&mut self, request: &str) -> io::Result<Reply> {
        self.send(request)?;
        self.receive()
    }

    pub(crate) fn send(&mut self, request: &str) -> io::Result<()> {
        self.0.write_all(request.as_bytes())
    }

    /// What comes of an answer without an end, up to this text.
    pub(crate) fn receive_until(&mut self, text: &str) -> io::Result<String> {
        let mut bytes = Vec::new();
        loop {
            let received = String::from_utf8_lossy(&bytes).into_owned();
            if received.contains(text) {
                return Ok(received);
            }
            let mut piece = [0; 16 * 1024];
            match self.0.read(&mut piece)? {
                0 => return Err(io::Error::new(io::ErrorKind::UnexpectedEof, received)),
                count => bytes.extend_from_slice(&piece[..count]),
            }
        }
    }

    /// All that comes until the other side closes.
    pub(crate) fn receive_rest(&mut self) -> io::Result<String> {
        let mut text = String::new();
        self.0.read_to_string(&mut text)?;
        Ok(text)
    }

    pub(crate) fn receive(&mut self) -> io::Result<Reply> {
        let mut bytes = Vec::new();
        loop {
            if let Some(reply) = whole(&bytes) {
                return Ok(reply);
            }
            let mut piece = [0; 16 * 1024];
            match self.0.read(&mut piece)? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                count => bytes.extend_from_slice(&piece[..count]),
            }
        }
    }
}

/// The answer once all of it is there. Ours always say how long they are.
fn whole(bytes: &[u8]) -> Option<Reply> {
    let text = String::from_utf8_lossy(bytes);
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let reply = Reply { status, head: head.to_owned(), body: body.to_owned() };
    let length = reply.header("content-length").map_or(0, |length| length.parse().expect("a size"));
    (body.len() >= length).then_some(reply)
}
