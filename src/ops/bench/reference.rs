//! What we are compared with.
//!
//! R1: an axum server behind the same door (our accept loop, mutual TLS, HTTP/1.1), answering fixed bytes.
//! R2: the same RocksDB settings, the same rows in number and size, the same grouping and syncs; nothing is sealed,
//! nothing is decided and nothing is journalled. Its clients are tasks of this process: they pay for no HTTP and no TLS.
//! R3: `plain`.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
        mpsc,
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::Body,
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use tokio::{net::TcpListener, sync::oneshot, task::JoinSet};

use super::{BenchError, plain::Plain};
use crate::{
    crypto::Entropy,
    edge::{self, Bounds, Door, Gate},
    limits,
    store::{Engine as _, EngineError, Family, Gathering, Key, Rocks, Row, Writes},
};

/// A server of a reference behind our door, serving until it is dropped.
pub(super) struct Reference {
    pub(super) address: SocketAddr,
    _serving: JoinSet<()>,
}

impl Reference {
    /// R1: fixed bytes, nothing else.
    pub(super) async fn fixed(gate: Gate, answer: Vec<u8>) -> Result<Self, BenchError> {
        let answer = Bytes::from(answer);
        Self::serve(gate, Router::new().fallback(move || std::future::ready(json(answer.clone())))).await
    }

    /// R2 behind the door of R1: every request puts the rows of one creation, then fixed bytes are answered.
    pub(super) async fn writing(gate: Gate, answer: Vec<u8>, raw: &Raw, shape: Shape) -> Result<Self, BenchError> {
        let (answer, sender, entropy) = (Bytes::from(answer), raw.sender.clone(), raw.entropy.clone());
        let handler = move |body: Bytes| {
            let (answer, sender, entropy, shape) = (answer.clone(), sender.clone(), entropy.clone(), shape.clone());
            async move {
                drop(body);
                match put(&sender, &entropy, &shape).await {
                    Ok(()) => json(answer),
                    Err(_stopped) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
                }
            }
        };
        Self::serve(gate, Router::new().fallback(handler)).await
    }

    /// R3 behind the door of R1.
    pub(super) async fn searching(gate: Gate, plain: Arc<Plain>) -> Result<Self, BenchError> {
        let handler = move |uri: http::Uri| {
            let asked = uri.query().and_then(|query| query.strip_prefix("q=")).unwrap_or_default().replace("%20", " ");
            let answer = plain.search(&asked);
            std::future::ready(match answer {
                Ok(answer) => json(answer.into()),
                Err(_failed) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
            })
        };
        Self::serve(gate, Router::new().fallback(handler)).await
    }

    async fn serve(gate: Gate, router: Router) -> Result<Self, BenchError> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(BenchError::file("127.0.0.1"))?;
        let address = listener.local_addr().map_err(BenchError::file("127.0.0.1"))?;
        let bounds = Bounds { connections_per_key: limits::CONNECTIONS_MAX, ..Bounds::default() };
        let door = Door::new(gate, bounds, Arc::new(|_refusal| {}));
        let mut serving = JoinSet::new();
        serving.spawn(edge::serve(listener, door, router));
        Ok(Self { address, _serving: serving })
    }
}

fn json(answer: Bytes) -> Response {
    let mut response = Response::new(Body::from(answer));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// How long the writing thread waits for a first put.
const IDLE: Duration = Duration::from_secs(3600);

/// The rows that one creation writes: family and bytes of the value.
pub(super) type Shape = Vec<(Family, usize)>;

struct Put {
    writes: Writes,
    answer: oneshot::Sender<()>,
}

/// R2.
pub(super) struct Raw {
    sender: mpsc::Sender<Put>,
    _thread: JoinHandle<()>,
    entropy: Entropy,
}

impl Raw {
    /// A fresh store in `folder`, removed first if it is there.
    pub(super) fn start(folder: &Path) -> Result<Self, BenchError> {
        if folder.exists() {
            std::fs::remove_dir_all(folder).map_err(BenchError::file(folder))?;
        }
        let engine = Rocks::create(folder)?;
        let (sender, receiver) = mpsc::channel();
        let thread = std::thread::Builder::new().name("raw".to_owned()).spawn(move || commit(&engine, &receiver));
        let thread = thread.map_err(BenchError::file(folder))?;
        Ok(Self { sender, _thread: thread, entropy: Entropy::default() })
    }

    /// Creations a second by so many clients, over so long.
    pub(super) async fn round(&self, clients: usize, shape: &Shape, lasting: Duration) -> Result<f64, BenchError> {
        self.run(clients, shape, move |begun, _claimed| begun.elapsed() < lasting).await
    }

    /// As [`Raw::round`], so many creations.
    pub(super) async fn creations(&self, clients: usize, shape: &Shape, count: u32) -> Result<f64, BenchError> {
        self.run(clients, shape, move |_begun, claimed| claimed < count).await
    }

    async fn run(
        &self,
        clients: usize,
        shape: &Shape,
        more: impl Fn(Instant, u32) -> bool + Copy + Send + 'static,
    ) -> Result<f64, BenchError> {
        let (begun, done, claimed) = (Instant::now(), Arc::<AtomicU32>::default(), Arc::<AtomicU32>::default());
        let mut tasks = JoinSet::new();
        for _ in 0..clients {
            let (sender, entropy, shape) = (self.sender.clone(), self.entropy.clone(), shape.clone());
            let (done, claimed) = (Arc::clone(&done), Arc::clone(&claimed));
            tasks.spawn(async move {
                while more(begun, claimed.fetch_add(1, Ordering::Relaxed)) {
                    put(&sender, &entropy, &shape).await?;
                    done.fetch_add(1, Ordering::Relaxed);
                }
                Ok::<(), BenchError>(())
            });
        }
        while let Some(ended) = tasks.join_next().await {
            ended??;
        }
        Ok(f64::from(done.load(Ordering::Relaxed)) / begun.elapsed().as_secs_f64())
    }
}

async fn put(sender: &mpsc::Sender<Put>, entropy: &Entropy, shape: &Shape) -> Result<(), BenchError> {
    let mut writes = Writes::default();
    for (family, bytes) in shape {
        let key = Key::from(entropy.id()?);
        writes.puts.push((*family, key, Row { version: 1, value: vec![0x5a; *bytes] }));
    }
    let (answer, answered) = oneshot::channel();
    sender.send(Put { writes, answer }).map_err(|_stopped| BenchError::Raw(EngineError::Stopped))?;
    answered.await.map_err(|_stopped| BenchError::Raw(EngineError::Stopped))
}

/// The grouping of our committer, by the same code and within the same bounds.
fn commit(engine: &Rocks, receiver: &mpsc::Receiver<Put>) {
    let mut gathering = Gathering::default();
    loop {
        let (mut writes, mut answers) = (Writes::default(), Vec::new());
        let taken = gathering.group(receiver, IDLE, |put: Put| {
            writes.puts.extend(put.writes.puts);
            answers.push(put.answer);
            writes.rows() < limits::COMMIT_GROUP_ROWS && answers.len() < limits::COMMIT_GROUP_MAX
        });
        let (Ok(taken), begun) = (taken, Instant::now()) else { return };
        if let Err(error) = engine.commit(writes) {
            // The waiters see their channel closed.
            tracing::error!(%error, "the reference store failed");
            return;
        }
        gathering.served(taken, begun.elapsed());
        for answer in answers {
            let _gone = answer.send(());
        }
    }
}
