//! The accept loop: from a TCP connection to a [`Peer`] whose requests are served.
//!
//! Each handshake runs in its own task, so a slow one holds up nobody. What the door demands can change at any time
//! ([`Door::swap`], [`Door::cut`]); every live connection then looks again whether it may stay.

use std::{
    convert::Infallible,
    fmt, io,
    net::{IpAddr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use http::{Request, Response};
use http_body::Body;
use hyper::body::Incoming;
use rustls::pki_types::CertificateDer;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    task::{JoinError, JoinSet},
    time::{interval, sleep, timeout},
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use super::{
    connection,
    crowd::Crowd,
    gate_error::GateError,
    peer::Peer,
    refusal::{Reason, Refusals, Report},
    tls::{self, Gate},
};
use crate::limits;

/// Bounds of one listener. `Bounds::default()` is what `limits.rs` says; examinations shorten them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// A handshake.
    pub handshake: Duration,
    /// The first request, and the head of any HTTP/1.1 request once begun.
    pub head: Duration,
    /// A connection without a request.
    pub idle: Duration,
    /// The whole life of a connection.
    pub age: Duration,
    /// Requests under way when the connection has to end.
    pub drain: Duration,
    /// Connections with a finished handshake.
    pub connections: usize,
    /// Connections of one certificate.
    pub connections_per_key: usize,
    /// Handshakes under way.
    pub handshakes: usize,
    /// Handshakes under way from one address.
    pub handshakes_per_address: usize,
    /// Refused handshakes of one reason told one by one in a minute.
    pub refusals_told: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            handshake: Duration::from_millis(limits::HANDSHAKE_MS_MAX),
            head: Duration::from_millis(limits::REQUEST_HEAD_MS_MAX),
            idle: Duration::from_millis(limits::CONNECTION_IDLE_MS_MAX),
            age: Duration::from_millis(limits::CONNECTION_AGE_MS_MAX),
            drain: Duration::from_millis(limits::DRAIN_MS_MAX),
            connections: limits::CONNECTIONS_MAX,
            connections_per_key: limits::CONNECTIONS_PER_KEY_MAX,
            handshakes: limits::HANDSHAKES_MAX,
            handshakes_per_address: limits::HANDSHAKES_PER_ADDRESS_MAX,
            refusals_told: limits::REFUSALS_TOLD_MAX,
        }
    }
}

/// Says whether a live connection may stay.
pub type Allow = Arc<dyn Fn(&Peer) -> bool + Send + Sync>;

/// What the door demands at this moment.
#[derive(Clone)]
pub(super) struct Standing {
    gate: Arc<Gate>,
    allow: Allow,
    pub(super) closing: bool,
}

impl Standing {
    /// Whether a handshake made under `gate` still holds.
    pub(super) fn admits(&self, gate: &Arc<Gate>, peer: &Peer, chain: &[CertificateDer<'_>]) -> Result<(), Reason> {
        if !Arc::ptr_eq(gate, &self.gate) {
            self.gate.admits(chain)?;
        }
        if (self.allow)(peer) { Ok(()) } else { Err(Reason::UnknownKey) }
    }

    pub(super) fn gate(&self) -> Arc<Gate> {
        Arc::clone(&self.gate)
    }
}

/// One listener's control: what it demands, and whether it is open.
pub struct Door {
    standing: watch::Sender<Standing>,
    bounds: Bounds,
    refusals: Refusals,
    handshakes: Arc<Semaphore>,
    seats: Arc<Semaphore>,
    addresses: Arc<Crowd<IpAddr>>,
    keys: Arc<Crowd<[u8; 32]>>,
    numbers: AtomicU64,
}

impl Door {
    /// A door that demands what `gate` does and tells refused handshakes to `report`.
    pub fn new(gate: Gate, bounds: Bounds, report: Report) -> Arc<Self> {
        let standing = Standing { gate: Arc::new(gate), allow: Arc::new(|_peer| true), closing: false };
        Arc::new(Self {
            standing: watch::Sender::new(standing),
            bounds,
            refusals: Refusals::new(report, bounds.refusals_told),
            handshakes: Arc::new(Semaphore::new(bounds.handshakes)),
            seats: Arc::new(Semaphore::new(bounds.connections)),
            addresses: Crowd::new(bounds.handshakes_per_address),
            keys: Crowd::new(bounds.connections_per_key),
            numbers: AtomicU64::new(1),
        })
    }

    /// New handshakes meet the new gate at once; every live connection is checked against it and closed if it fails,
    /// open streams included.
    ///
    /// # Errors
    /// [`GateError::ListWentBack`]: nothing has changed then.
    pub fn swap(&self, gate: Gate) -> Result<(), GateError> {
        let mut outcome = Ok(());
        self.standing.send_if_modified(|standing| {
            outcome = gate.succeeds(&standing.gate);
            if outcome.is_ok() {
                standing.gate = Arc::new(gate);
            }
            outcome.is_ok()
        });
        outcome
    }

    /// Closes every live connection that `allow` does not allow, and from now on every new one. Holds until the next
    /// call, which replaces it.
    pub fn cut(&self, allow: Allow) {
        self.standing.send_modify(|standing| standing.allow = allow);
    }

    /// Ends [`serve`]: no new connection, and the time of `Bounds::drain` for requests under way.
    pub fn close(&self) {
        self.standing.send_modify(|standing| standing.closing = true);
    }

    /// Connections with a finished handshake.
    pub fn open_connections(&self) -> usize {
        self.bounds.connections.saturating_sub(self.seats.available_permits())
    }

    pub(super) const fn bounds(&self) -> &Bounds {
        &self.bounds
    }

    pub(super) const fn refusals(&self) -> &Refusals {
        &self.refusals
    }
}

impl fmt::Debug for Door {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Door").field("bounds", &self.bounds).finish_non_exhaustive()
    }
}

/// Serves `service` (an axum `Router`) on `listener` until [`Door::close`]. Dropping the future ends every connection.
///
/// A handler may be dropped at any `await`, when its client leaves or is cut: what must be whole is whole in one commit.
pub async fn serve<S, B>(listener: TcpListener, door: Arc<Door>, service: S)
where
    S: tower::Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + Clone + Send + Sync + 'static,
    S::Future: Send + 'static,
    B: Body + Send + Unpin + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let mut tasks = JoinSet::new();
    let mut standing = door.standing.subscribe();
    let mut window = interval(Duration::from_millis(limits::REFUSAL_WINDOW_MS));
    while !standing.borrow_and_update().closing {
        tokio::select! {
            biased;
            _ = standing.changed() => {}
            _ = window.tick() => door.refusals.turn(),
            Some(ended) = tasks.join_next() => note(ended),
            (permit, accepted) = next(&listener, &door.handshakes) => match accepted {
                Ok((tcp, address)) => {
                    tasks.spawn(welcome(Arc::clone(&door), tcp, address, permit, service.clone()));
                }
                Err(error) => {
                    // Out of descriptors: without a pause this loop would burn a core.
                    tracing::warn!(%error, "no new connection can be accepted");
                    sleep(Duration::from_millis(limits::ACCEPT_PAUSE_MS)).await;
                }
            },
        }
    }
    drop(listener);
    while let Some(ended) = tasks.join_next().await {
        note(ended);
    }
    door.refusals.turn();
}

/// The next connection, once a handshake more may run; until then strangers wait in the kernel's queue.
async fn next(
    listener: &TcpListener,
    handshakes: &Arc<Semaphore>,
) -> (Option<OwnedSemaphorePermit>, io::Result<(TcpStream, SocketAddr)>) {
    let permit = Arc::clone(handshakes).acquire_owned().await.ok();
    (permit, listener.accept().await)
}

fn note(ended: Result<(), JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "a connection's task ended badly");
    }
}

/// One connection from its first byte to its last.
async fn welcome<S, B>(
    door: Arc<Door>,
    tcp: TcpStream,
    address: SocketAddr,
    permit: Option<OwnedSemaphorePermit>,
    service: S,
) where
    S: tower::Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + Clone + Send + Sync + 'static,
    S::Future: Send + 'static,
    B: Body + Send + Unpin + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let Some(waiting) = door.addresses.enter(address.ip()) else {
        return door.refusals.tell(Reason::Crowded, address, None);
    };
    // Taken before the handshake: a change that comes meanwhile is seen below.
    let standing = door.standing.subscribe();
    let gate = standing.borrow().gate();
    let Some((stream, chain, fingerprint)) = handshake(&door, &gate, tcp, address).await else { return };
    drop((waiting, permit));
    let (Some(_place), Ok(_seat)) = (door.keys.enter(fingerprint), door.seats.try_acquire()) else {
        return door.refusals.tell(Reason::Crowded, address, Some(fingerprint));
    };
    let peer = Peer::proved(fingerprint, address, door.numbers.fetch_add(1, Ordering::Relaxed));
    connection::serve(&door, standing, gate, stream, peer, chain, service).await;
}

type Proved = (TlsStream<TcpStream>, Vec<CertificateDer<'static>>, [u8; 32]);

async fn handshake(door: &Door, gate: &Gate, tcp: TcpStream, address: SocketAddr) -> Option<Proved> {
    if tcp.set_nodelay(true).is_err() {
        return None;
    }
    let accept = TlsAcceptor::from(gate.config()).accept(tcp).into_fallible();
    let (outcome, shown) = tls::showing(timeout(door.bounds.handshake, accept)).await;
    match outcome {
        Err(_elapsed) => door.refusals.tell(Reason::Timeout, address, shown),
        Ok(Err((error, tcp))) => {
            door.refusals.tell(Reason::of_io(&error), address, shown);
            farewell(tcp).await;
        }
        Ok(Ok(stream)) => {
            let chain = stream.get_ref().1.peer_certificates().map(<[_]>::to_vec).unwrap_or_default();
            let fingerprint = chain.first().and_then(|certificate| tls::key_fingerprint(certificate));
            if let Some(fingerprint) = fingerprint {
                return Some((stream, chain, fingerprint));
            }
            door.refusals.tell(Reason::NoCertificate, address, None);
        }
    }
    None
}

/// Lets the client read the alert. A close with unread bytes would be a reset, which throws the alert away.
async fn farewell(mut tcp: TcpStream) {
    let reading = async {
        tcp.shutdown().await?;
        let mut rest = tcp.take(limits::FAREWELL_BYTES_MAX);
        tokio::io::copy(&mut rest, &mut tokio::io::sink()).await
    };
    if let Ok(Err(error)) = timeout(Duration::from_millis(limits::FAREWELL_MS_MAX), reading).await {
        tracing::debug!(%error, "a refused client left at once");
    }
}
