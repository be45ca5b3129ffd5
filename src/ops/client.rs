//! A small mutual-TLS client for our own command line: one kept-alive connection, JSON, and streams both ways at once.

use std::{
    error::Error,
    fmt,
    future::Future,
    io,
    pin::Pin,
    sync::{Arc, OnceLock},
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use http::{
    HeaderValue, Method, Request, StatusCode, Uri,
    header::{CONTENT_TYPE, HOST},
};
use http_body::{Body, Frame};
use http_body_util::{BodyExt, Empty, Full, combinators::UnsyncBoxBody};
use hyper::{
    body::Incoming,
    client::conn::{http1, http2},
};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::{
    AlertDescription, CertificateError, ClientConfig, RootCertStore,
    client::Resumption,
    pki_types::{PrivateKeyDer, ServerName, pem::PemObject},
};
use serde::{Serialize, de::DeserializeOwned};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    sync::{mpsc, watch},
    task::JoinSet,
    time::timeout,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

use crate::{
    clock::Clock,
    edge::{Reason, tls},
    limits,
    words::{Sentence, key},
};

/// HTTP versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// HTTP/1.1: one request at a time.
    Http1,
    /// HTTP/2.
    Http2,
}

/// How long to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For the connection.
    pub connect: Duration,
    /// For the head of an answer, and for each next part.
    pub answer: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_millis(limits::CLIENT_CONNECT_MS_MAX),
            answer: Duration::from_millis(limits::CLIENT_ANSWER_MS_MAX),
        }
    }
}

/// The server, and how to speak with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// `host:port` to connect to.
    pub address: String,
    /// Name that the server's certificate must bear.
    pub name: String,
    /// HTTP version.
    pub version: Version,
    /// Time-outs.
    pub patience: Patience,
}

impl Target {
    /// From `https://host:port`, the port being 443 if left out.
    ///
    /// # Errors
    /// [`ClientError::BadAddress`] for anything else.
    pub fn parse(url: &str, version: Version) -> Result<Self, ClientError> {
        let bad = || ClientError::BadAddress { address: url.to_owned() };
        let uri: Uri = url.parse().map_err(|_not_a_url| bad())?;
        let host = uri.host().ok_or_else(bad)?;
        if uri.scheme_str() != Some("https") || !matches!(uri.path(), "" | "/") || uri.query().is_some() {
            return Err(bad());
        }
        let address = format!("{host}:{}", uri.port_u16().unwrap_or(443));
        let name = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        Ok(Self { address, name, version, patience: Patience::default() })
    }
}

/// Our certificate and key, and whom we believe.
#[derive(Clone)]
pub struct Credentials(Arc<ClientConfig>);

impl Credentials {
    /// From PEM: the authorities of the server, our certificate chain, our key.
    ///
    /// # Errors
    /// [`ClientError::BadAuthority`], [`ClientError::BadCertificate`] or [`ClientError::BadKey`].
    pub fn from_pem(authorities: &[u8], certificate: &[u8], key: &[u8], clock: &Clock) -> Result<Self, ClientError> {
        let mut roots = RootCertStore::empty();
        for authority in tls::certificates(authorities).ok_or(ClientError::BadAuthority)? {
            roots.add(authority).map_err(|_not_an_anchor| ClientError::BadAuthority)?;
        }
        let chain = tls::certificates(certificate).ok_or(ClientError::BadCertificate)?;
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|_not_a_key| ClientError::BadKey)?;
        let mut config = ClientConfig::builder_with_details(tls::provider(), Arc::new(tls::Timekeeper(clock.clone())))
            .with_protocol_versions(&[&rustls::version::TLS13])
            .map_err(|_no_suite| ClientError::BadKey)?
            .with_root_certificates(roots)
            .with_client_auth_cert(chain, key)
            .map_err(|_mismatch| ClientError::BadKey)?;
        config.resumption = Resumption::disabled();
        Ok(Self(Arc::new(config)))
    }
}

/// The body of a request: see [`empty`], [`full`] and [`upload`].
pub type Outgoing = UnsyncBoxBody<Bytes, Aborted>;

/// No body.
pub fn empty() -> Outgoing {
    Empty::new().map_err(|never: std::convert::Infallible| match never {}).boxed_unsync()
}

/// A body held in memory.
pub fn full(bytes: impl Into<Bytes>) -> Outgoing {
    Full::new(bytes.into()).map_err(|never: std::convert::Infallible| match never {}).boxed_unsync()
}

/// A body sent part by part, and the end that feeds it.
pub fn upload() -> (Upload, Outgoing) {
    let (sender, receiver) = mpsc::channel(limits::CLIENT_PARTS_WAITING_MAX);
    (Upload(sender), Parts { receiver, ended: false }.boxed_unsync())
}

/// Feeds a streamed body. Dropped without [`Upload::finish`], the request is broken off: half a file is not a file.
pub struct Upload(mpsc::Sender<Option<Bytes>>);

impl Upload {
    /// Sends one part; waits when the server is slower.
    ///
    /// # Errors
    /// [`ClientError::Closed`] when the server has stopped reading.
    pub async fn push(&self, part: impl Into<Bytes>) -> Result<(), ClientError> {
        self.0.send(Some(part.into())).await.map_err(|_nobody_reads| ClientError::Closed)
    }

    /// The body is complete.
    ///
    /// # Errors
    /// [`ClientError::Closed`] when the server has stopped reading.
    pub async fn finish(self) -> Result<(), ClientError> {
        self.0.send(None).await.map_err(|_nobody_reads| ClientError::Closed)
    }
}

struct Parts {
    receiver: mpsc::Receiver<Option<Bytes>>,
    ended: bool,
}

impl Body for Parts {
    type Data = Bytes;
    type Error = Aborted;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Aborted>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let part = ready!(self.receiver.poll_recv(context));
        self.ended = !matches!(part, Some(Some(_)));
        Poll::Ready(match part {
            Some(Some(part)) => Some(Ok(Frame::data(part))),
            Some(None) => None,
            None => Some(Err(Aborted)),
        })
    }
}

/// A streamed request was broken off by ourselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Aborted;

impl fmt::Display for Aborted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the request was broken off before its end")
    }
}

impl Error for Aborted {}

enum Sender {
    Http1(http1::SendRequest<Outgoing>),
    Http2(http2::SendRequest<Outgoing>),
}

/// One connection to one server, opened again when the server has closed it between two requests.
pub struct Client {
    target: Target,
    credentials: Credentials,
    sender: Sender,
    line: Arc<Line>,
}

impl Client {
    /// Connects. The server's refusal of our certificate shows with the first answer only (TLS 1.3).
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn connect(target: Target, credentials: Credentials) -> Result<Self, ClientError> {
        let (sender, line) = dial(&target, &credentials).await?;
        Ok(Self { target, credentials, sender, line })
    }

    /// A request for a path such as `/api/v1/me`, to complete and hand to [`Client::send`].
    pub fn request(method: Method, path: &str) -> http::request::Builder {
        Request::builder().method(method).uri(path)
    }

    /// Sends a request and waits for the head of the answer.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn send(&mut self, request: Request<Outgoing>) -> Result<Answer, ClientError> {
        let patience = self.target.patience.answer;
        let answer = self.begin(request).await?;
        timeout(patience, answer).await.map_err(|_elapsed| ClientError::TimedOut)?
    }

    /// Sends a request whose body is still being fed; the answer is awaited apart, without time-out.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn begin(
        &mut self,
        request: Request<Outgoing>,
    ) -> Result<impl Future<Output = Result<Answer, ClientError>> + Send + use<>, ClientError> {
        let request = self.addressed(request)?;
        let sent = match self.dispatch(request).await {
            Ok(sent) => sent,
            Err(error) => return Err(self.line.cause(error).await),
        };
        let (line, patience) = (Arc::clone(&self.line), self.target.patience.answer);
        Ok(async move {
            match sent.await {
                Ok(response) => {
                    let (head, body) = response.into_parts();
                    Ok(Answer { head, body, line, patience })
                }
                Err(error) => Err(line.cause(ClientError::of(&error)).await),
            }
        })
    }

    /// `GET` and the JSON of a good answer.
    ///
    /// # Errors
    /// [`ClientError`]; a status from 400 is [`ClientError::Problem`].
    pub async fn get_json<T: DeserializeOwned>(&mut self, path: &str) -> Result<T, ClientError> {
        let request = Self::request(Method::GET, path).body(empty()).map_err(|_bad_path| bad_path(path))?;
        self.send(request).await?.accepted().await?.json().await
    }

    /// `POST` of JSON and the JSON of a good answer.
    ///
    /// # Errors
    /// [`ClientError`]; a status from 400 is [`ClientError::Problem`].
    pub async fn post_json<T: DeserializeOwned>(
        &mut self,
        path: &str,
        value: &(impl Serialize + Sync),
    ) -> Result<T, ClientError> {
        let request = Self::request(Method::POST, path)
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .body(json(value)?)
            .map_err(|_bad_path| bad_path(path))?;
        self.send(request).await?.accepted().await?.json().await
    }

    /// HTTP/1.1 wants `Host` and a path, HTTP/2 the whole address.
    fn addressed(&self, mut request: Request<Outgoing>) -> Result<Request<Outgoing>, ClientError> {
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
        let port = self.target.address.rsplit_once(':').map_or("443", |(_host, port)| port);
        let host =
            if self.target.name.contains(':') { format!("[{}]", self.target.name) } else { self.target.name.clone() };
        let authority = format!("{host}:{port}");
        let text = match self.sender {
            Sender::Http1(_) => {
                let value = HeaderValue::from_str(&authority).map_err(|_not_a_header| bad_path(&authority))?;
                request.headers_mut().insert(HOST, value);
                path
            }
            Sender::Http2(_) => format!("https://{authority}{path}"),
        };
        *request.uri_mut() = text.parse().map_err(|_not_a_path| bad_path(&text))?;
        Ok(request)
    }

    async fn dispatch(&mut self, request: Request<Outgoing>) -> Result<Sent, ClientError> {
        let closed = match &self.sender {
            Sender::Http1(sender) => sender.is_closed(),
            Sender::Http2(sender) => sender.is_closed(),
        };
        // Nothing has been sent yet, so a second connection cannot do a thing twice. But a connection that the server
        // ended with a reason (our certificate, say) is not to be asked again.
        if closed {
            self.line.reason()?;
            (self.sender, self.line) = dial(&self.target, &self.credentials).await?;
        }
        let patience = self.target.patience.answer;
        let waited = match &mut self.sender {
            Sender::Http1(sender) => timeout(patience, sender.ready()).await,
            Sender::Http2(sender) => timeout(patience, sender.ready()).await,
        };
        waited.map_err(|_elapsed| ClientError::TimedOut)?.map_err(|error| ClientError::of(&error))?;
        Ok(match &mut self.sender {
            Sender::Http1(sender) => Box::pin(sender.send_request(request)),
            Sender::Http2(sender) => Box::pin(sender.send_request(request)),
        })
    }
}

type Sent = Pin<Box<dyn Future<Output = hyper::Result<http::Response<Incoming>>> + Send>>;

/// The task that moves one connection, and what became of it. Ends with the last client or answer that needs it.
struct Line {
    _task: JoinSet<()>,
    ended: watch::Receiver<bool>,
    reason: Arc<OnceLock<ClientError>>,
}

impl Line {
    /// What the connection itself died of, if it had a reason better than being closed.
    fn reason(&self) -> Result<(), ClientError> {
        self.reason.get().cloned().map_or(Ok(()), Err)
    }

    /// The better of two reasons: a request knows only that its connection went, the connection knows why.
    async fn cause(&self, error: ClientError) -> ClientError {
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

async fn dial(target: &Target, credentials: &Credentials) -> Result<(Sender, Arc<Line>), ClientError> {
    let name = ServerName::try_from(target.name.clone())
        .map_err(|_not_a_name| ClientError::BadAddress { address: target.name.clone() })?;
    let mut config = ClientConfig::clone(&credentials.0);
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

/// An answer whose head has come.
pub struct Answer {
    head: http::response::Parts,
    body: Incoming,
    line: Arc<Line>,
    patience: Duration,
}

impl Answer {
    /// The status.
    pub const fn status(&self) -> StatusCode {
        self.head.status
    }

    /// The headers.
    pub const fn headers(&self) -> &http::HeaderMap {
        &self.head.headers
    }

    /// The next bytes; `None` at the end.
    ///
    /// # Errors
    /// [`ClientError`]; [`ClientError::Closed`] when the answer ends before its end.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, ClientError> {
        loop {
            let frame = timeout(self.patience, self.body.frame()).await.map_err(|_elapsed| ClientError::TimedOut)?;
            match frame {
                None => return Ok(None),
                Some(Ok(frame)) => {
                    if let Ok(bytes) = frame.into_data() {
                        return Ok(Some(bytes));
                    }
                }
                Some(Err(error)) => return Err(self.line.cause(ClientError::of(&error)).await),
            }
        }
    }

    /// The whole body.
    ///
    /// # Errors
    /// [`ClientError`]; [`ClientError::TooLarge`] beyond `limits::CLIENT_ANSWER_BYTES_MAX`.
    pub async fn bytes(mut self) -> Result<Bytes, ClientError> {
        let mut all = BytesMut::new();
        while let Some(chunk) = self.chunk().await? {
            if all.len().saturating_add(chunk.len()) > limits::CLIENT_ANSWER_BYTES_MAX {
                return Err(ClientError::TooLarge);
            }
            all.extend_from_slice(&chunk);
        }
        Ok(all.freeze())
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// [`ClientError`]; [`ClientError::NotJson`].
    pub async fn json<T: DeserializeOwned>(self) -> Result<T, ClientError> {
        serde_json::from_slice(&self.bytes().await?).map_err(|_not_json| ClientError::NotJson)
    }

    /// The answer, unless its status says that the server did not do it.
    ///
    /// # Errors
    /// [`ClientError::Problem`] with what the server's problem document says.
    pub async fn accepted(self) -> Result<Self, ClientError> {
        let status = self.status();
        if status.is_success() {
            return Ok(self);
        }
        #[derive(serde::Deserialize, Default)]
        #[serde(default)]
        struct Problem {
            code: String,
            title: String,
            detail: Option<String>,
        }
        let problem: Problem = self.json().await.unwrap_or_default();
        let detail = problem.detail.unwrap_or(problem.title);
        Err(ClientError::Problem { status: status.as_u16(), code: problem.code, detail })
    }

    /// The body line by line, as it comes.
    pub fn lines(self) -> Lines {
        Lines { answer: self, waiting: BytesMut::new(), searched: 0, ended: false }
    }
}

/// The lines of a streamed answer.
pub struct Lines {
    answer: Answer,
    waiting: BytesMut,
    searched: usize,
    ended: bool,
}

impl Lines {
    /// The next line, without its end; `None` after the last.
    ///
    /// # Errors
    /// [`ClientError`]; [`ClientError::TooLarge`] for a line beyond `limits::CLIENT_LINE_BYTES_MAX`,
    /// [`ClientError::NotText`] for one that is not UTF-8.
    pub async fn next(&mut self) -> Result<Option<String>, ClientError> {
        loop {
            let unsearched = self.waiting.get(self.searched..).unwrap_or_default();
            if let Some(place) = unsearched.iter().position(|byte| *byte == b'\n') {
                let line = self.waiting.split_to(self.searched.saturating_add(place));
                let _newline = self.waiting.split_to(1);
                self.searched = 0;
                return text(line).map(Some);
            }
            self.searched = self.waiting.len();
            if self.searched > limits::CLIENT_LINE_BYTES_MAX {
                return Err(ClientError::TooLarge);
            }
            if self.ended {
                let rest = self.waiting.split();
                self.searched = 0;
                return if rest.is_empty() { Ok(None) } else { text(rest).map(Some) };
            }
            match self.answer.chunk().await? {
                Some(chunk) => self.waiting.extend_from_slice(&chunk),
                None => self.ended = true,
            }
        }
    }
}

fn text(line: BytesMut) -> Result<String, ClientError> {
    let line = String::from_utf8(line.to_vec()).map_err(|_not_utf8| ClientError::NotText)?;
    Ok(line.strip_suffix('\r').map(ToOwned::to_owned).unwrap_or(line))
}

/// A JSON body.
///
/// # Errors
/// [`ClientError::NotJson`] when the value cannot be written as JSON.
pub fn json(value: &impl Serialize) -> Result<Outgoing, ClientError> {
    serde_json::to_vec(value).map(full).map_err(|_not_json| ClientError::NotJson)
}

fn bad_path(path: &str) -> ClientError {
    ClientError::BadAddress { address: path.to_owned() }
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientError {
    /// Not an address.
    BadAddress {
        /// What was given.
        address: String,
    },
    /// The file of authorities holds none.
    BadAuthority,
    /// The certificate file holds none.
    BadCertificate,
    /// The key file holds none, or another certificate's.
    BadKey,
    /// Nobody answers there.
    Unreachable {
        /// Where.
        address: String,
        /// What the system says.
        cause: io::ErrorKind,
    },
    /// Too slow.
    TimedOut,
    /// The server's certificate comes from an authority that we do not believe.
    ServerNotTrusted,
    /// The server's certificate bears another name.
    ServerName,
    /// The server's certificate is not valid today.
    ServerExpired,
    /// The server refused our certificate.
    Refused {
        /// Why, as far as it says.
        reason: Reason,
    },
    /// No common ground in TLS or HTTP.
    Protocol,
    /// The server closed the connection before the answer's end.
    Closed,
    /// The answer, or a line of it, is larger than we hold.
    TooLarge,
    /// Not JSON, or not the JSON that was expected.
    NotJson,
    /// Not text.
    NotText,
    /// The server answered that it did not do it.
    Problem {
        /// HTTP status.
        status: u16,
        /// The problem's stable code; empty if it gave none.
        code: String,
        /// What it says.
        detail: String,
    },
}

impl ClientError {
    /// The first cause in a chain of errors that means something to us.
    fn of(error: &(dyn Error + 'static)) -> Self {
        let mut next = Some(error);
        while let Some(error) = next {
            if let Some(tls) = error.downcast_ref::<rustls::Error>() {
                return Self::of_tls(tls);
            }
            let io = error.downcast_ref::<io::Error>();
            // An io::Error hides the error it wraps from `source`.
            if let Some(tls) = io.and_then(io::Error::get_ref).and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
                return Self::of_tls(tls);
            }
            if io.is_some() {
                return Self::Closed;
            }
            if let Some(http) = error.downcast_ref::<hyper::Error>()
                && (http.is_parse() || http.is_user())
            {
                return Self::Protocol;
            }
            next = error.source();
        }
        Self::Closed
    }

    const fn of_tls(error: &rustls::Error) -> Self {
        match error {
            rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            ) => Self::ServerName,
            rustls::Error::InvalidCertificate(
                CertificateError::Expired
                | CertificateError::ExpiredContext { .. }
                | CertificateError::NotValidYet
                | CertificateError::NotValidYetContext { .. },
            ) => Self::ServerExpired,
            rustls::Error::InvalidCertificate(_) => Self::ServerNotTrusted,
            rustls::Error::AlertReceived(alert) => match alert {
                AlertDescription::CertificateRequired => Self::Refused { reason: Reason::NoCertificate },
                AlertDescription::UnknownCA => Self::Refused { reason: Reason::UnknownIssuer },
                AlertDescription::CertificateRevoked => Self::Refused { reason: Reason::Revoked },
                AlertDescription::CertificateExpired => Self::Refused { reason: Reason::Expired },
                AlertDescription::UnsupportedCertificate => Self::Refused { reason: Reason::WrongPurpose },
                AlertDescription::AccessDenied => Self::Refused { reason: Reason::UnknownKey },
                _ => Self::Protocol,
            },
            _ => Self::Protocol,
        }
    }

    /// Stable word for machines.
    pub fn code(&self) -> &str {
        match self {
            Self::BadAddress { .. } => "bad-address",
            Self::BadAuthority => "bad-authority",
            Self::BadCertificate => "bad-certificate",
            Self::BadKey => "bad-key",
            Self::Unreachable { .. } => "unreachable",
            Self::TimedOut => "timed-out",
            Self::ServerNotTrusted => "server-not-trusted",
            Self::ServerName => "server-name",
            Self::ServerExpired => "server-expired",
            Self::Refused { .. } => "refused",
            Self::Protocol => "protocol",
            Self::Closed => "closed",
            Self::TooLarge => "too-large",
            Self::NotJson => "not-json",
            Self::NotText => "not-text",
            Self::Problem { code, .. } => code,
        }
    }

    /// For people.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::BadAddress { address } => Sentence::new(key::CLIENT_BAD_ADDRESS).with("address", address.as_str()),
            Self::BadAuthority => Sentence::new(key::CLIENT_BAD_AUTHORITY),
            Self::BadCertificate => Sentence::new(key::CLIENT_BAD_CERTIFICATE),
            Self::BadKey => Sentence::new(key::CLIENT_BAD_KEY),
            Self::Unreachable { address, cause } => Sentence::new(key::CLIENT_UNREACHABLE)
                .with("address", address.as_str())
                .with("cause", cause.to_string()),
            Self::TimedOut => Sentence::new(key::CLIENT_TIMED_OUT),
            Self::ServerNotTrusted => Sentence::new(key::CLIENT_SERVER_NOT_TRUSTED),
            Self::ServerName => Sentence::new(key::CLIENT_SERVER_NAME),
            Self::ServerExpired => Sentence::new(key::CLIENT_SERVER_EXPIRED),
            // One alert, unknown_ca, stands for an unknown issuer and for an expired list.
            Self::Refused { reason: Reason::UnknownIssuer } => Sentence::new(key::CLIENT_REFUSED_ISSUER),
            Self::Refused { reason } => Sentence::new(key::CLIENT_REFUSED).with("reason", reason.sentence()),
            Self::Protocol => Sentence::new(key::CLIENT_PROTOCOL),
            Self::Closed => Sentence::new(key::CLIENT_CLOSED),
            Self::TooLarge => Sentence::new(key::CLIENT_TOO_LARGE),
            Self::NotJson => Sentence::new(key::CLIENT_NOT_JSON),
            Self::NotText => Sentence::new(key::CLIENT_NOT_TEXT),
            Self::Problem { status, detail, .. } => Sentence::new(key::CLIENT_PROBLEM)
                .with("status", u32::from(*status).to_string())
                .with("detail", detail.as_str()),
        }
    }
}

impl fmt::Display for ClientError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sentence().fmt(formatter)
    }
}

impl Error for ClientError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_named_by_its_address_alone() {
        let target = Target::parse("https://vigie.example:8443", Version::Http2).expect("an address");
        assert_eq!((target.address.as_str(), target.name.as_str()), ("vigie.example:8443", "vigie.example"));
        assert_eq!(Target::parse("https://[::1]/", Version::Http1).expect("an address").name, "::1");
        for bad in ["http://vigie.example", "vigie.example:8443", "https://vigie.example/api", "https://", ""] {
            assert!(Target::parse(bad, Version::Http2).is_err(), "{bad}");
        }
    }
}
