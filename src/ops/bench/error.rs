//! Why nothing was measured.

use std::{fmt, io, path::PathBuf};

use crate::{
    api::ApiError,
    edge::GateError,
    finding::FindingError,
    ops::{client::ClientError, deployment::OpenError, init::InitError, pki::PkiError, serve::ServeError},
    sharing::SharingError,
    store::{CommitError, EngineError},
    words::{Sentence, key},
};

/// Why nothing was measured.
#[derive(Debug)]
pub enum BenchError {
    /// The deployment to be measured cannot be made.
    Init(InitError),
    /// It cannot be opened.
    Open(OpenError),
    /// It cannot be served.
    Serve(ServeError),
    /// Its certificates cannot be made or read.
    Pki(PkiError),
    /// The reference has no door.
    Gate(GateError),
    /// No connection to the server, or not the answer that was expected.
    Client(ClientError),
    /// An answer with another status than expected.
    Status {
        /// Which.
        status: u16,
        /// What was asked for.
        request: &'static str,
    },
    /// The vault refused what is loaded before the measurement.
    NotWritten(ApiError),
    /// The raw store failed.
    Raw(EngineError),
    /// The index.
    Finding(FindingError),
    /// A file.
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        kind: io::ErrorKind,
    },
    /// The server that was started apart gave no answer in time.
    NoAnswer,
    /// A task of the measurement ended badly.
    Broken,
}

impl BenchError {
    /// Stable, for machines.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Init(error) => error.code(),
            Self::Open(error) => error.code(),
            Self::Serve(error) => error.code(),
            Self::Pki(_) => "bench-certificates",
            Self::Gate(_) => "bench-reference",
            Self::Client(_) | Self::Status { .. } => "bench-answer",
            Self::NotWritten(_) => "bench-not-written",
            Self::Raw(_) => "bench-raw-store",
            Self::Finding(_) => "bench-index",
            Self::File { .. } => "bench-file",
            Self::NoAnswer => "bench-no-answer",
            Self::Broken => "bench-broken",
        }
    }

    /// For the operator.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::Init(error) => error.sentence(),
            Self::Open(error) => error.sentence(),
            Self::Serve(error) => error.sentence(),
            Self::Pki(error) => error.sentence(),
            Self::Gate(error) => error.sentence(),
            Self::Client(error) => error.sentence(),
            Self::NotWritten(error) => error.sentence(),
            Self::Status { status, request } => {
                Sentence::new(key::BENCH_STATUS).with("status", u64::from(*status)).with("request", *request)
            }
            Self::Raw(error) => Sentence::new(key::BENCH_RAW).with("why", error.to_string()),
            Self::Finding(error) => Sentence::new(key::FINDING_FAILED).with("cause", error.to_string()),
            Self::File { path, kind } => {
                Sentence::new(key::BENCH_FILE).with("file", path.display().to_string()).with("why", kind.to_string())
            }
            Self::NoAnswer => Sentence::new(key::BENCH_NO_ANSWER),
            Self::Broken => Sentence::new(key::BENCH_BROKEN),
        }
    }

    pub(super) fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |error| Self::File { path, kind: error.kind() }
    }
}

impl fmt::Display for BenchError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.code(), self.sentence())
    }
}

impl std::error::Error for BenchError {}

macro_rules! from {
    ($($error:ty => $variant:ident),*) => {$(
        impl From<$error> for BenchError {
            fn from(error: $error) -> Self {
                Self::$variant(error)
            }
        }
    )*};
}

from!(InitError => Init, OpenError => Open, ServeError => Serve, PkiError => Pki, GateError => Gate,
    ClientError => Client, ApiError => NotWritten, EngineError => Raw,
    FindingError => Finding);

impl From<SharingError> for BenchError {
    fn from(error: SharingError) -> Self {
        Self::NotWritten(error.into())
    }
}

impl From<CommitError> for BenchError {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Engine(error) => Self::Raw(error),
            CommitError::Conflict(..) | CommitError::TooLarge(_) => Self::Broken,
        }
    }
}

impl From<tokio::task::JoinError> for BenchError {
    fn from(_ended_badly: tokio::task::JoinError) -> Self {
        Self::Broken
    }
}
