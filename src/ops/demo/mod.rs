//! `vigie demo`: everything in one folder and one go, for whoever wants to see before reading.
//!
//! ```text
//! ca/       a small authority             signers/  two people's OpenSSH keys      signed/  root.toml, config.toml
//! people/   one certificate and key each  site/     the deployment, nothing else   loaded   what the sample became
//! ```
//!
//! | file | idea |
//! |---|---|
//! | `mod.rs` | found or reopen, serve, load, guide, go on serving |
//! | [`found`] | authority, signers, accounts, signed files, `init` |
//! | [`team`] | the four people, each with a connection of their own |

pub mod found;
pub mod team;

use std::{
    fmt,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::Arc,
};

use tokio::{sync::oneshot, task::JoinSet};

use self::{found::found, team::Team};
use super::{
    client::ClientError,
    deployment::{self, OpenError, Unseal},
    init::InitError,
    load,
    pki::PkiError,
    report::Report,
    sample::Malformed,
    serve::{ServeError, Server, harden::harden, signalled},
    tour,
};
use crate::{
    clock::Clock,
    crypto::{Entropy, Exhausted},
    words::{Sentence, key},
};

/// What `vigie demo` is asked for.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder; made when it does not exist.
    pub dir: PathBuf,
    /// Where to listen on this machine; 0 takes a free port.
    pub port: u16,
    /// Whether to stop after the tour.
    pub once: bool,
}

/// Where everything stands in the folder of a demonstration.
#[derive(Clone, Debug)]
pub struct Site {
    root: PathBuf,
}

impl Site {
    /// The demonstration in that folder; nothing is read yet.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The deployment: what a server would have, and nothing else.
    pub fn deployment(&self) -> PathBuf {
        self.root.join("site")
    }

    /// The authority's certificate.
    pub fn authority(&self) -> PathBuf {
        self.root.join("ca/ca.pem")
    }

    /// A person's certificate.
    pub fn certificate(&self, name: &str) -> PathBuf {
        self.root.join(format!("people/{name}.pem"))
    }

    /// A person's private key.
    pub fn key(&self, name: &str) -> PathBuf {
        self.root.join(format!("people/{name}.key"))
    }

    /// What became of the sample knowledge.
    pub fn loaded(&self) -> PathBuf {
        self.root.join("loaded")
    }
}

/// Why there is no demonstration.
#[derive(Debug)]
pub enum DemoError {
    /// The folder holds something else, or a demonstration that was never finished.
    HalfMade {
        /// The folder.
        dir: PathBuf,
    },
    /// The authority.
    Pki(PkiError),
    /// The deployment could not be made.
    Init(InitError),
    /// The deployment could not be served.
    Serve(ServeError),
    /// A file of the demonstration.
    File(OpenError),
    /// A connection.
    Client(ClientError),
    /// The server refused something of the sample.
    Refused {
        /// Which: its key in the sample.
        what: String,
        /// HTTP status.
        status: u16,
        /// The problem's code.
        code: String,
    },
    /// The tour has shown faults, and told each.
    Faulty {
        /// How many.
        faults: usize,
    },
    /// The sample itself.
    Sample(Malformed),
    /// No random bytes or locked memory.
    Exhausted(Exhausted),
}

impl DemoError {
    /// Stable, for machines.
    pub fn code(&self) -> &str {
        match self {
            Self::HalfMade { .. } => "demo-half-made",
            Self::Pki(_) => "demo-authority",
            Self::Init(error) => error.code(),
            Self::Serve(error) => error.code(),
            Self::File(error) => error.code(),
            Self::Client(error) => error.code(),
            Self::Refused { .. } => "demo-refused",
            Self::Faulty { .. } => "demo-faulty",
            Self::Sample(_) => "demo-sample",
            Self::Exhausted(_) => "exhausted",
        }
    }

    /// For the person at the terminal.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::HalfMade { dir } => Sentence::new(key::DEMO_HALF_MADE).with("file", dir.display().to_string()),
            Self::Pki(error) => error.sentence(),
            Self::Init(error) => error.sentence(),
            Self::Serve(error) => error.sentence(),
            Self::File(error) => error.sentence(),
            Self::Client(error) => error.sentence(),
            Self::Refused { what, status, code } => Sentence::new(key::DEMO_REFUSED)
                .with("what", what.as_str())
                .with("status", u32::from(*status).to_string())
                .with("code", code.as_str()),
            Self::Faulty { faults } => Sentence::new(key::DEMO_FAULTY).with("count", *faults),
            Self::Sample(error) => Sentence::new(key::DEMO_SAMPLE).with("why", error.to_string()),
            Self::Exhausted(cause) => OpenError::from(*cause).sentence(),
        }
    }
}

impl fmt::Display for DemoError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.code(), self.sentence())
    }
}

impl std::error::Error for DemoError {}

macro_rules! wrapped {
    ($($error:ty => $variant:ident),*) => {$(
        impl From<$error> for DemoError {
            fn from(error: $error) -> Self {
                Self::$variant(error)
            }
        }
    )*};
}

wrapped!(PkiError => Pki, InitError => Init, ServeError => Serve, OpenError => File, ClientError => Client,
    Malformed => Sample, Exhausted => Exhausted);

/// Makes or reopens the demonstration, serves it, loads the sample, guides through it, and goes on serving.
///
/// # Errors
/// [`DemoError`]; the server has been stopped in order then.
pub async fn demo(options: Options, clock: Clock, entropy: Entropy, report: Arc<dyn Report>) -> Result<(), DemoError> {
    harden();
    let site = Site::at(&options.dir);
    if site.deployment().is_dir() {
        report.say(&Sentence::new(key::DEMO_REOPENED).with("file", site.root().display().to_string()));
    } else {
        report.say(&Sentence::new(key::DEMO_FOUNDING).with("file", site.root().display().to_string()));
        drop(found(&site, &clock, &entropy).await?);
    }
    let unseal = Unseal::default();
    let running = deployment::open(&site.deployment(), &unseal, clock.clone(), entropy).await?;
    let people = found::account_ids(&running.in_force.config);
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
    let server = Server::bind(running, address, Arc::clone(&report)).await?;
    let address = server.address();
    let (stop, stopped) = oneshot::channel::<()>();
    let mut serving = JoinSet::new();
    serving.spawn(server.run(async move {
        // Dropped or sent: both mean stop.
        drop(stopped.await);
    }));
    let guided = async {
        let mut team = Team::gather(&site, address, people, &clock).await?;
        let loaded = load::load(&site, &mut team, &*report).await?;
        tour::tour(&site, &mut team, &loaded, &*report).await
    };
    let outcome = tokio::select! {
        outcome = guided => outcome.map(|()| !options.once),
        () = signalled() => Ok(false),
    };
    if matches!(outcome, Ok(true)) {
        farewell(&site, address, &*report);
        signalled().await;
    }
    drop(stop);
    while serving.join_next().await.is_some() {}
    outcome.map(|_goes_on| ())
}

/// How to go on, as lines that can be copied.
fn farewell(site: &Site, address: SocketAddr, report: &dyn Report) {
    let path = |path: PathBuf| path.display().to_string();
    let (ca, dir) = (path(site.authority()), path(site.deployment()));
    let access = |name: &str| {
        let (certificate, key) = (path(site.certificate(name)), path(site.key(name)));
        format!("--cert {certificate} --key {key}")
    };
    let server = format!("https://localhost:{}", address.port());
    report.say(&Sentence::new(key::DEMO_GO_ON));
    report.text(&format!("  curl --cacert {ca} {} -H 'Vigie-Working: DR' {server}/api/v1/feed", access("analyste-dr")));
    report.text(&format!("  vigie status --server {server} --ca {ca} {}", access("analyste-s")));
    report.text(&format!("  vigie journal show --server {server} --ca {ca} {}", access("officier")));
    report.text(&format!("  vigie serve --dir {dir} --listen {address}"));
    report.say(&Sentence::new(key::DEMO_STOP));
}
