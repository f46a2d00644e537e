//! One connection that stays open, so that no hand-shake is measured. Written by hand: a client
//! with a pool does not say on which connection a request went.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};

/// Longer than the server takes to say that it took too long.
const PATIENCE: Duration = Duration::from_secs(30);

pub(super) struct Connection {
    stream: BufReader<TcpStream>,
    port: u16,
}

pub(super) struct Answer {
    pub(super) status: u16,
    /// Names in lower case.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
}

impl Connection {
    pub(super) fn open(port: u16) -> Result<Self> {
        let stream =
            TcpStream::connect((Ipv4Addr::LOCALHOST, port)).context("connect to the server")?;
        stream.set_nodelay(true).context("send at once")?;
        stream.set_read_timeout(Some(PATIENCE)).context("limit the wait")?;
        Ok(Self { stream: BufReader::new(stream), port })
    }

    /// Answers how long it took, from the first byte that was sent to the last that came.
    pub(super) fn post(&mut self, path: &str, body: &str) -> Result<(Answer, Duration)> {
        let (port, length) = (self.port, body.len());
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\ncontent-type: application/json\r\n\
             content-length: {length}\r\n\r\n{body}"
        );
        let begun = Instant::now();
        self.stream.get_mut().write_all(request.as_bytes()).context("send a request")?;
        let answer = self.read().context("read an answer")?;
        Ok((answer, begun.elapsed()))
    }

    fn read(&mut self) -> Result<Answer> {
        let first = self.line()?;
        let status = first.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.with_context(|| format!("no status in {first:?}"))?;
        let mut headers = Vec::new();
        loop {
            let line = self.line()?;
            if line.is_empty() {
                break;
            }
            let (name, value) =
                line.split_once(':').with_context(|| format!("no header: {line:?}"))?;
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let mut answer = Answer { status, headers, body: String::new() };
        ensure!(answer.header("connection") != Some("close"), "the server closes the connection");
        let Some(length) = answer.header("content-length") else { bail!("an unknown length") };
        let mut body = vec![0; length.parse().context("read the length")?];
        self.stream.read_exact(&mut body)?;
        answer.body = String::from_utf8(body)?;
        Ok(answer)
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        let read = self.stream.read_line(&mut line)?;
        ensure!(read > 0, "the server closed the connection");
        Ok(line.trim_end().to_owned())
    }
}

impl Answer {
    fn header(&self, wanted: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(name, _)| name == wanted);
        found.map(|(_, value)| value.as_str())
    }

    /// For an error: what was answered instead.
    pub(super) fn told(&self) -> String {
        format!("{} {}", self.status, self.body)
    }
}
