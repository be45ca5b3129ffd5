//! One connection after its handshake: HTTP, and the clocks and changes that end it.

use std::{
    convert::Infallible,
    future::{Future, poll_fn},
    pin::{Pin, pin},
    sync::{Arc, Mutex, PoisonError, Weak},
    task::{Context, Poll},
    time::Duration,
};

use http::{Request, Response};
use http_body::{Body, Frame, SizeHint};
use hyper::{body::Incoming, rt};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::conn::auto,
};
use rustls::pki_types::CertificateDer;
use tokio::{
    net::TcpStream,
    sync::watch,
    task::JoinSet,
    time::{Sleep, sleep_until},
};
use tokio_rustls::server::TlsStream;
use tower::ServiceExt;

use super::{
    accept::{Door, Standing},
    peer::Peer,
    pulse::{Exchange, Heads, Pulse, Verdict, Watched},
    tls::Gate,
};
use crate::limits;

/// Serves one connection to its end.
pub(super) async fn serve<S, B>(
    door: &Door,
    mut standing: watch::Receiver<Standing>,
    mut gate: Arc<Gate>,
    stream: TlsStream<TcpStream>,
    peer: Peer,
    chain: Vec<CertificateDer<'static>>,
    service: S,
) where
    S: tower::Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + Clone + Send + Sync + 'static,
    S::Future: Send + 'static,
    B: Body + Send + Unpin + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
    let pulse = Pulse::new(*door.bounds(), if http2 { Heads::Framed } else { Heads::Plain });
    let streams = Streams::default();
    let builder = protocol(http2, &streams);
    let served = Served { service, peer, pulse: Arc::clone(&pulse) };
    let mut http = pin!(builder.serve_connection(TokioIo::new(Watched::new(stream, Arc::clone(&pulse))), served));
    let mut alarm = pin!(sleep_until(pulse.due()));
    standing.mark_changed();
    loop {
        let event = tokio::select! {
            biased;
            _ = standing.changed() => Event::Standing,
            event = poll_fn(|context| drive(http.as_mut(), alarm.as_mut(), &pulse, context)) => event,
        };
        match event {
            Event::Standing => {
                let now = standing.borrow_and_update().clone();
                // Dropping the connection here cuts open answers short, which their reader sees as an error.
                if let Err(reason) = now.admits(&gate, &peer, &chain) {
                    return door.refusals().tell(reason, peer.address(), Some(*peer.fingerprint()));
                }
                gate = now.gate();
                if now.closing {
                    http.as_mut().graceful_shutdown();
                    pulse.leave();
                }
            }
            Event::Alarm => match pulse.verdict() {
                Verdict::Stay => {}
                Verdict::Leave => {
                    http.as_mut().graceful_shutdown();
                    pulse.leave();
                }
                Verdict::Cut => return,
            },
            Event::Ended => return,
        }
        alarm.as_mut().reset(pulse.due());
    }
}

enum Event {
    Standing,
    Alarm,
    Ended,
}

/// Moves HTTP on, and keeps the alarm at the earliest time at which something may be due.
fn drive<H, E>(http: Pin<&mut H>, mut alarm: Pin<&mut Sleep>, pulse: &Pulse, context: &mut Context<'_>) -> Poll<Event>
where
    H: Future<Output = Result<(), E>>,
    E: std::fmt::Display,
{
    if let Poll::Ready(ended) = http.poll(context) {
        if let Err(error) = ended {
            tracing::debug!(%error, "a connection ended early");
        }
        return Poll::Ready(Event::Ended);
    }
    // Only ever earlier: a time that moved away is found out when the alarm rings.
    let due = pulse.due();
    if due < alarm.deadline() {
        alarm.as_mut().reset(due);
    }
    alarm.poll(context).map(|()| Event::Alarm)
}

/// HTTP with our bounds. ALPN has chosen the version, so no first bytes are guessed at.
fn protocol(http2: bool, streams: &Streams) -> auto::Builder<Executor> {
    let builder = auto::Builder::new(streams.executor());
    let mut builder = if http2 { builder.http2_only() } else { builder.http1_only() };
    builder
        .http1()
        .timer(TokioTimer::new())
        // Ours (`Pulse`) tells a slow head from an idle connection; hyper's does not.
        .header_read_timeout(None)
        .half_close(false)
        .max_headers(limits::HEADERS_MAX)
        .max_buf_size(limits::HTTP1_BUFFER_BYTES_MAX);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(limits::HTTP2_STREAMS_MAX)
        .max_pending_accept_reset_streams(limits::HTTP2_PENDING_RESETS_MAX)
        .max_local_error_reset_streams(limits::HTTP2_FAULT_RESETS_MAX)
        .max_header_list_size(limits::HEADERS_BYTES_MAX)
        .initial_stream_window_size(limits::HTTP2_STREAM_WINDOW_BYTES)
        .initial_connection_window_size(limits::HTTP2_CONNECTION_WINDOW_BYTES)
        .max_frame_size(limits::HTTP2_FRAME_BYTES_MAX)
        .max_send_buf_size(limits::HTTP2_SEND_BUFFER_BYTES_MAX)
        .keep_alive_interval(Duration::from_millis(limits::HTTP2_PING_MS))
        .keep_alive_timeout(Duration::from_millis(limits::HTTP2_PING_ANSWER_MS_MAX));
    builder
}

/// The tasks of one connection's HTTP/2 streams. They end with it: a stream that outlived its connection would
/// outlive a revocation.
#[derive(Default)]
struct Streams(Arc<Mutex<JoinSet<()>>>);

impl Streams {
    fn executor(&self) -> Executor {
        Executor(Arc::downgrade(&self.0))
    }
}

/// Weak, because the tasks hold it themselves.
#[derive(Clone)]
struct Executor(Weak<Mutex<JoinSet<()>>>);

impl<F> rt::Executor<F> for Executor
where
    F: Future<Output = ()> + Send + 'static,
{
    fn execute(&self, stream: F) {
        if let Some(tasks) = self.0.upgrade() {
            let mut tasks = tasks.lock().unwrap_or_else(PoisonError::into_inner);
            while let Some(ended) = tasks.try_join_next() {
                if let Err(error) = ended {
                    tracing::error!(%error, "a request's task ended badly");
                }
            }
            tasks.spawn(stream);
        }
    }
}

/// The service of one connection: each request carries the [`Peer`].
struct Served<S> {
    service: S,
    peer: Peer,
    pulse: Arc<Pulse>,
}

impl<S, B> hyper::service::Service<Request<Incoming>> for Served<S>
where
    S: tower::Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send + 'static,
{
    type Response = Response<Tracked<B>>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn call(&self, mut request: Request<Incoming>) -> Self::Future {
        request.extensions_mut().insert(self.peer);
        let exchange = Pulse::begin(&self.pulse);
        let answer = self.service.clone().oneshot(request);
        Box::pin(async move { Ok(answer.await?.map(|inner| Tracked { inner, _exchange: exchange })) })
    }
}

/// An answer's body: the exchange is over when it is dropped.
struct Tracked<B> {
    inner: B,
    _exchange: Exchange,
}

impl<B: Body + Unpin> Body for Tracked<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        Pin::new(&mut self.inner).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
