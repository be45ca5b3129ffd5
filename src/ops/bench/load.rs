//! The load: so many kept-alive connections over mutual TLS, each asking again as soon as it is answered.
//!
//! Written on the bare stream, so that the generator, which shares the machine with what it measures, costs little:
//! a heavy one would make everything look alike.

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use rustls::pki_types::ServerName;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinSet,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

use super::{BenchError, site::SERVER_NAME, text::Numbers};
use crate::ops::client::{ClientError, Credentials};

const BUFFER_BYTES: usize = 64 * 1024;
const ANSWER_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Makes the bytes of the next request of a connection.
pub(super) type Requests = Arc<dyn Fn(&mut Numbers) -> Vec<u8> + Send + Sync>;

/// The bytes of a request without a body.
pub(super) fn get(path: &str, working: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: {SERVER_NAME}\r\nvigie-working: {working}\r\n\r\n").into_bytes()
}

/// The bytes of a browser's request for a page or a file.
pub(super) fn visit(path: &str, cookie: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: {SERVER_NAME}\r\ncookie: {cookie}\r\naccept-encoding: zstd\r\n\r\n")
        .into_bytes()
}

/// The bytes of a request with a JSON body.
pub(super) fn post(path: &str, working: &str, json: &[u8]) -> Vec<u8> {
    let length = json.len();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: {SERVER_NAME}\r\nvigie-working: {working}\r\n\
         content-type: application/json\r\ncontent-length: {length}\r\n\r\n"
    );
    [head.as_bytes(), json].concat()
}

/// One kept-alive connection.
pub(super) struct Line {
    stream: TlsStream<TcpStream>,
    buffer: Vec<u8>,
    numbers: Numbers,
}

impl Line {
    pub(super) async fn connect(address: SocketAddr, credentials: &Credentials, seed: u64) -> Result<Self, BenchError> {
        let mut config = credentials.config().clone();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let name = ServerName::try_from(SERVER_NAME).map_err(|_never| BenchError::Broken)?;
        let unreachable = |error: std::io::Error| {
            BenchError::Client(ClientError::Unreachable { address: address.to_string(), cause: error.kind() })
        };
        let tcp = TcpStream::connect(address).await.map_err(unreachable)?;
        tcp.set_nodelay(true).map_err(unreachable)?;
        let stream = TlsConnector::from(Arc::new(config)).connect(name, tcp).await.map_err(unreachable)?;
        Ok(Self { stream, buffer: vec![0; BUFFER_BYTES], numbers: Numbers::from_seed(seed) })
    }

    /// Asks, and answers the status and the body.
    pub(super) async fn ask(&mut self, request: &[u8]) -> Result<(u16, &[u8]), BenchError> {
        let closed = |_error: std::io::Error| BenchError::Client(ClientError::Closed);
        self.stream.write_all(request).await.map_err(closed)?;
        self.stream.flush().await.map_err(closed)?;
        let mut filled = 0_usize;
        loop {
            if filled == self.buffer.len() {
                if filled >= ANSWER_BYTES_MAX {
                    return Err(BenchError::Client(ClientError::TooLarge));
                }
                self.buffer.resize(filled.saturating_mul(2), 0);
            }
            let room = self.buffer.get_mut(filled..).unwrap_or_default();
            match self.stream.read(room).await.map_err(closed)? {
                0 => return Err(BenchError::Client(ClientError::Closed)),
                more => filled = filled.saturating_add(more),
            }
            if let Some((status, start, end)) = whole(self.buffer.get(..filled).unwrap_or_default()) {
                return Ok((status, self.buffer.get(start..end).unwrap_or_default()));
            }
        }
    }
}

/// Status, start and end of the body, once all of it is there. Every answer that is measured says its length.
fn whole(bytes: &[u8]) -> Option<(u16, usize, usize)> {
    let start = bytes.windows(4).position(|four| four == b"\r\n\r\n")?.saturating_add(4);
    let head = std::str::from_utf8(bytes.get(..start)?).ok()?;
    let status = head.get(9..12)?.parse().ok()?;
    let length = head.split("\r\n").find_map(|line| line.strip_prefix("content-length: "));
    let end = start.saturating_add(length?.parse().ok()?);
    (bytes.len() >= end).then_some((status, start, end))
}

/// Clients that ask at once.
pub(super) struct Clients {
    lines: Vec<Line>,
    requests: Requests,
    wanted: u16,
    what: &'static str,
}

impl Clients {
    /// Connects `count` clients that will send `requests` and take no other status than `wanted`.
    pub(super) async fn connect(
        address: SocketAddr,
        credentials: &Credentials,
        count: u64,
        what: &'static str,
        wanted: u16,
        requests: Requests,
    ) -> Result<Self, BenchError> {
        let mut lines = Vec::new();
        for number in 0..count {
            lines.push(Line::connect(address, credentials, number.wrapping_mul(7919)).await?);
        }
        Ok(Self { lines, requests, wanted, what })
    }

    /// Answers a second, over so long.
    pub(super) async fn round(&mut self, lasting: Duration) -> Result<f64, BenchError> {
        let mut tasks = JoinSet::new();
        let begun = Instant::now();
        for mut line in std::mem::take(&mut self.lines) {
            let (requests, wanted, what) = (Arc::clone(&self.requests), self.wanted, self.what);
            tasks.spawn(async move {
                let mut answered = 0_u32;
                while begun.elapsed() < lasting {
                    let request = requests(&mut line.numbers);
                    let (status, _body) = line.ask(&request).await?;
                    if status != wanted {
                        return Err(BenchError::Status { status, request: what });
                    }
                    answered = answered.saturating_add(1);
                }
                Ok((line, answered))
            });
        }
        let mut answered = 0_u32;
        while let Some(ended) = tasks.join_next().await {
            let (line, count) = ended??;
            self.lines.push(line);
            answered = answered.saturating_add(count);
        }
        Ok(f64::from(answered) / begun.elapsed().as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_whole_when_its_length_has_come() {
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\netag: \"1\"\r\n\r\nhello";
        assert_eq!(whole(answer), Some((200, answer.len() - 5, answer.len())));
        for cut in 0..answer.len() {
            assert_eq!(whole(&answer[..cut]), None, "{cut}");
        }
    }
}
