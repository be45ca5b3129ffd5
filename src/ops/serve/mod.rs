//! `vigie serve`: a deployment opened, a door before it, and the one task that minds both.
//!
//! | file | idea |
//! |---|---|
//! | `mod.rs` | bind, run, stop in order |
//! | [`keeper`] | the inbox of signed files, the failure and return of the store, what time changes |
//! | `indexer` | the thread that follows what is written |
//! | [`harden`] | what the process gives up before it holds a key |

pub mod harden;
pub(super) mod indexer;
mod keeper;
#[cfg(test)]
mod tests;

use std::{fmt, future::Future, io, net::SocketAddr, path::PathBuf, sync::Arc};

use tokio::{
    net::TcpListener,
    signal::unix::{Signal, SignalKind, signal},
    sync::{mpsc, watch},
    task::JoinSet,
};

use self::{indexer::Indexer, keeper::Keeper};
use super::{
    deployment::{self, OpenError, Running, Unseal, gate},
    report::Report,
};
use crate::{
    audit::entry::{Act, Detail, Entry, Verdict},
    clock::Clock,
    config::Limits,
    crypto::{Digest, Entropy},
    edge::{self, App, Bounds, Door, Refusal},
    finding::{Finder, Place},
    limits,
    words::{Sentence, key},
};

/// What to serve, and where.
#[derive(Debug)]
pub struct Options {
    /// The folder of the deployment.
    pub dir: PathBuf,
    /// Where to listen; port 0 takes a free one.
    pub address: SocketAddr,
    /// What opens the deployment.
    pub unseal: Unseal,
}

/// Why nothing is served.
#[derive(Debug)]
pub enum ServeError {
    /// The deployment does not open.
    Open(OpenError),
    /// The address cannot be listened on.
    Bind {
        /// Which.
        address: SocketAddr,
        /// What the system says.
        kind: io::ErrorKind,
    },
}

impl ServeError {
    /// Stable, for machines.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Open(error) => error.code(),
            Self::Bind { .. } => "address-unusable",
        }
    }

    /// For the operator.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::Open(error) => error.sentence(),
            Self::Bind { address, kind } => {
                let sentence = Sentence::new(key::SERVE_BIND).with("address", address.to_string());
                sentence.with("why", kind.to_string())
            }
        }
    }
}

impl fmt::Display for ServeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.code(), self.sentence())
    }
}

impl std::error::Error for ServeError {}

impl From<OpenError> for ServeError {
    fn from(error: OpenError) -> Self {
        Self::Open(error)
    }
}

/// Opens and serves a deployment until SIGTERM or SIGINT.
///
/// # Errors
/// [`ServeError`]: nothing was served.
pub async fn serve(
    options: Options,
    clock: Clock,
    entropy: Entropy,
    report: Arc<dyn Report>,
) -> Result<(), ServeError> {
    harden::harden();
    let stop = signalled();
    let running = deployment::open(&options.dir, &options.unseal, clock, entropy).await?;
    Server::bind(running, options.address, report).await?.run(stop).await;
    Ok(())
}

/// Ends with SIGTERM or SIGINT. They are caught from the call on, not from the first wait on: whoever is told that
/// the server answers may stop it in order at once.
pub fn signalled() -> impl Future<Output = ()> {
    let (terminate, interrupt) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()));
    async move {
        tokio::select! {
            () = arrived(terminate) => {}
            () = arrived(interrupt) => {}
        }
    }
}

async fn arrived(signals: io::Result<Signal>) {
    match signals {
        Ok(mut signals) => {
            signals.recv().await;
        }
        Err(error) => {
            tracing::error!(%error, "a signal cannot be awaited");
            std::future::pending::<()>().await;
        }
    }
}

/// A deployment with a door that is not open yet.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    door: Arc<Door>,
    app: Arc<App>,
    keeper: Keeper,
    refusals: mpsc::Receiver<Refusal>,
    report: Arc<dyn Report>,
}

impl Server {
    /// Listens, so that the address is known, without accepting yet.
    ///
    /// # Errors
    /// [`ServeError`]. The deployment is closed in order then.
    pub async fn bind(running: Running, address: SocketAddr, report: Arc<dyn Report>) -> Result<Self, ServeError> {
        let unusable = |error: io::Error| ServeError::Bind { address, kind: error.kind() };
        let (config, clock) = (running.ground.config(), running.ground.clock());
        let (listener, gate) =
            match (TcpListener::bind(address).await, gate::gate(running.ground.places(), config, clock)) {
                (Ok(listener), Ok(gate)) => (listener, gate),
                (Err(error), _) => {
                    running.stop().await;
                    return Err(unusable(error));
                }
                (_, Err(error)) => {
                    running.stop().await;
                    return Err(error.into());
                }
            };
        let address = listener.local_addr().map_err(unusable)?;
        let (told, refusals) = mpsc::channel(limits::REFUSALS_WAITING_MAX);
        let bounds = bounds(running.in_force.config.limits());
        let lists_until = keeper::lists_until(&gate);
        let door = Door::new(
            gate,
            bounds,
            Arc::new(move |refusal| {
                if told.try_send(refusal).is_err() {
                    tracing::warn!(reason = refusal.reason.code(), "a refused handshake is not in the journal");
                }
            }),
        );
        let app = app(&running);
        let keeper = Keeper::new(running, Arc::clone(&door), Arc::clone(&app), Arc::clone(&report), lists_until);
        Ok(Self { listener, address, door, app, keeper, refusals, report })
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `stop`, then lets requests under way finish and closes the journal in order.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let Self { listener, address, door, app, mut keeper, refusals, report } = self;
        let mut serving = JoinSet::new();
        serving.spawn(edge::serve(listener, Arc::clone(&door), edge::router(&app)));
        let mut telling = JoinSet::new();
        telling.spawn(tell(refusals, Arc::clone(&app), keeper.clock().clone()));
        let (end, ended) = watch::channel(());
        let mut keeping = JoinSet::new();
        let ready = keeper.ready(address);
        keeping.spawn(async move {
            keeper.run(ended).await;
            keeper
        });
        let indexing = Indexer::start(&app);
        report.say(&ready);
        tokio::select! {
            () = stop => report.say(&Sentence::new(key::SERVE_STOPPING)),
            // Neither ends by itself; if one does, the process must not pretend to serve.
            _ = serving.join_next() => tracing::error!("the accept loop ended"),
        }
        door.close();
        while serving.join_next().await.is_some() {}
        drop(end);
        indexing.stop().await;
        telling.shutdown().await;
        if let Some(Ok(keeper)) = keeping.join_next().await {
            drop((door, app));
            keeper.close().await;
        }
        report.say(&Sentence::new(key::SERVE_STOPPED_IN_ORDER));
    }
}

/// What requests are answered from.
fn app(running: &Running) -> Arc<App> {
    let ground = &running.ground;
    let finder = Finder::new(Place::Folder(ground.places().index()));
    let vault = Arc::clone(&running.vault);
    App::new(vault, finder, Arc::clone(ground.config()), ground.clock().clone(), ground.entropy().clone())
}

fn bounds(limits: Limits) -> Bounds {
    let number = |value: u32| usize::try_from(value).unwrap_or(usize::MAX);
    Bounds {
        connections: number(limits.connections),
        connections_per_key: number(limits.connections_per_account),
        ..Bounds::default()
    }
}

/// Journals refused handshakes; [`Door`] has bounded their number.
async fn tell(mut refusals: mpsc::Receiver<Refusal>, app: Arc<App>, clock: Clock) {
    while let Some(refusal) = refusals.recv().await {
        let address = match refusal.address {
            Some(address) => address.ip().to_string(),
            None => format!("+{}", refusal.count),
        };
        let detail = Detail::Handshake { reason: refusal.reason.code().to_owned(), address };
        let mut entry = Entry::system(clock.now(), Act::HandshakeRefused, detail);
        entry.verdict = Verdict::Deny;
        entry.fingerprint = refusal.fingerprint.map(Digest);
        let Some(vault) = app.vault.load_full() else { continue };
        entry.basis = vault.monitor().journal().length();
        if vault.monitor().journal().append(entry).await.is_err() {
            tracing::warn!(reason = refusal.reason.code(), "a refused handshake is not in the journal");
        }
    }
}
