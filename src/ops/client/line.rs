//! The wire under a client: TLS, the task that moves HTTP, and the server's last word.

use std::{
    future::Future,
    io,
    pin::Pin,
    sync::{Arc, OnceLock},
    task::{Context, Poll},
    time::Duration,
};

use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::pki_types::ServerName;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    sync::watch,
    task::JoinSet,
    time::timeout,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

use super::{ClientError, Credentials, Outgoing, Target, Version};
use crate::limits;

/// Where requests go in.
pub(super) enum Sender {
    Http1(http1::SendRequest<Outgoing>),
    Http2(http2::SendRequest<Outgoing>),
}

/// The task that moves one connection, and what became of it. Ends with the last client or answer that needs it.
pub(super) struct Line {
    _task: JoinSet<()>,
    ended: watch::Receiver<bool>,
    reason: Arc<OnceLock<ClientError>>,
}

impl Line {
    /// What the connection itself died of, if it had a reason better than being closed.
    pub(super) fn reason(&self) -> Result<(), ClientError> {
        self.reason.get().cloned().map_or(Ok(()), Err)
    }

    /// The better of two reasons: a request knows only that its connection went, the connection knows why.
    pub(super) async fn cause(&self, error: ClientError) -> ClientError {
        let mut ended = self.ended.clone();
        let dying = ended.wait_for(|ended| *ended);
        match timeout(Duration::from_millis(limits::FAREWELL_MS_MAX), dying).await {
            Ok(_ended) => self.reason().err().unwrap_or(error),
            Err(_elapsed) => error,
        }
    }
}

/// A stream that keeps the server's last word: HTTP libraries lose it on the way up.
struct Heard {
    inner: TlsStream<TcpStream>,
    reason: Arc<OnceLock<ClientError>>,
}

impl Heard {
    fn note<T>(&self, outcome: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if let Poll::Ready(Err(error)) = &outcome {
            let reason = ClientError::of(error);
            if reason != ClientError::Closed {
                self.reason.get_or_init(|| reason);
            }
        }
        outcome
    }
}

impl AsyncRead for Heard {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.inner).poll_read(context, buffer);
        self.note(outcome)
    }
}

impl AsyncWrite for Heard {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.inner).poll_write(context, bytes);
        self.note(outcome)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.inner).poll_flush(context);
        self.note(outcome)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}

/// Connects and starts HTTP.
pub(super) async fn dial(target: &Target, credentials: &Credentials) -> Result<(Sender, Arc<Line>), ClientError> {
    let name = ServerName::try_from(target.name.clone())
        .map_err(|_not_a_name| ClientError::BadAddress { address: target.name.clone() })?;
    let mut config = credentials.config().clone();
    config.alpn_protocols = vec![match target.version {
        Version::Http1 => b"http/1.1".to_vec(),
        Version::Http2 => b"h2".to_vec(),
    }];
    let connecting = async {
        let tcp = TcpStream::connect(&target.address)
            .await
            .map_err(|error| ClientError::Unreachable { address: target.address.clone(), cause: error.kind() })?;
        tcp.set_nodelay(true).map_err(|error| ClientError::of(&error))?;
        let connector = TlsConnector::from(Arc::new(config));
        connector.connect(name, tcp).await.map_err(|error| ClientError::of(&error))
    };
    let stream = timeout(target.patience.connect, connecting).await.map_err(|_elapsed| ClientError::TimedOut)??;
    speak(target.version, stream).await
}

async fn speak(version: Version, stream: TlsStream<TcpStream>) -> Result<(Sender, Arc<Line>), ClientError> {
    let (told, ended) = watch::channel(false);
    let reason = Arc::default();
    let mut task = JoinSet::new();
    let io = TokioIo::new(Heard { inner: stream, reason: Arc::clone(&reason) });
    let sender = match version {
        Version::Http1 => {
            let (sender, connection) = http1::handshake(io).await.map_err(|error| ClientError::of(&error))?;
            task.spawn(follow(connection, told));
            Sender::Http1(sender)
        }
        Version::Http2 => {
            let shaken = http2::Builder::new(TokioExecutor::new())
                .initial_stream_window_size(limits::HTTP2_CONNECTION_WINDOW_BYTES)
                .handshake(io);
            let (sender, connection) = shaken.await.map_err(|error| ClientError::of(&error))?;
            task.spawn(follow(connection, told));
            Sender::Http2(sender)
        }
    };
    Ok((sender, Arc::new(Line { _task: task, ended, reason })))
}

async fn follow(connection: impl Future<Output = hyper::Result<()>>, told: watch::Sender<bool>) {
    if let Err(error) = connection.await {
        tracing::debug!(%error, "the connection ended early");
    }
    told.send_replace(true);
}
