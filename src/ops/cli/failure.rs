//! How a command ends: one exit code, one stable word, one sentence.

use std::{io, path::Path, process::ExitCode};

use crate::{
    audit::{self, NoteError, TileError, folder::Fault},
    config,
    ops::{
        bench::BenchError, client::ClientError, demo::DemoError, deployment::OpenError, init::InitError, label,
        pki::PkiError, reindex::ReindexError, serve::ServeError,
    },
    store::{EngineError, JournalError},
    words::{Sentence, key},
};

/// The exit codes, as the help documents them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Exit {
    /// Done.
    Done,
    /// Anything that has no code of its own.
    Other,
    /// The command line is wrong.
    Usage,
    /// Refused by policy, by the server or by the rules of signed files.
    Refused,
    /// What was asked for is not there.
    NotFound,
    /// Something else is there already, or it has changed meanwhile.
    Conflict,
    /// Something is not what was signed, sealed or journalled.
    Integrity,
    /// The server or the store cannot answer now.
    Unavailable,
}

impl Exit {
    /// What the process returns.
    pub const fn number(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Other => 1,
            Self::Usage => 2,
            Self::Refused => 3,
            Self::NotFound => 4,
            Self::Conflict => 5,
            Self::Integrity => 6,
            Self::Unavailable => 7,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.number())
    }
}

/// Why a command did not do its work.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failure {
    /// How the process ends.
    pub exit: Exit,
    /// Stable word for machines.
    pub code: String,
    /// For people.
    pub sentence: Sentence,
}

/// How a command ends.
pub type Outcome = Result<Exit, Failure>;

impl Failure {
    /// A failure of that kind.
    pub fn new(exit: Exit, code: &str, sentence: Sentence) -> Self {
        Self { exit, code: code.to_owned(), sentence }
    }

    /// The command line says something that cannot be meant.
    pub fn usage(sentence: Sentence) -> Self {
        Self::new(Exit::Usage, "usage", sentence)
    }

    /// A file cannot be read.
    pub fn reading(path: &Path, error: &io::Error) -> Self {
        let exit = if error.kind() == io::ErrorKind::NotFound { Exit::NotFound } else { Exit::Other };
        Self::new(exit, "file-unreadable", about_file(key::CLI_SAY_FILE_UNREADABLE, path, error))
    }

    /// A file cannot be written.
    pub fn writing(path: &Path, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::AlreadyExists => {
                let sentence = Sentence::new(key::CLI_SAY_FILE_EXISTS).with("file", path.display().to_string());
                Self::new(Exit::Conflict, "file-exists", sentence)
            }
            _ => Self::new(Exit::Other, "file-unwritable", about_file(key::CLI_SAY_FILE_UNWRITABLE, path, error)),
        }
    }

    /// Nobody reads our output any more (`vigie … | head`): not worth a word.
    pub fn output(error: &io::Error) -> Self {
        let exit = if error.kind() == io::ErrorKind::BrokenPipe { Exit::Done } else { Exit::Other };
        Self::new(exit, "output", Sentence::new(key::CLI_SAY_OUTPUT).with("cause", error.kind().to_string()))
    }

    /// Whether there is something to say.
    pub fn is_silent(&self) -> bool {
        self.exit == Exit::Done
    }
}

fn about_file(key: crate::words::Key, path: &Path, error: &io::Error) -> Sentence {
    Sentence::new(key).with("file", path.display().to_string()).with("cause", error.kind().to_string())
}

impl From<label::Refused> for Failure {
    fn from(refused: label::Refused) -> Self {
        let exit = match &refused {
            label::Refused::UnknownPolicy { .. } => Exit::NotFound,
            label::Refused::NothingToJoin => Exit::Usage,
            label::Refused::Policy(_)
            | label::Refused::Label(_)
            | label::Refused::Stanag(_)
            | label::Refused::NoJson => Exit::Refused,
        };
        Self::new(exit, refused.code(), refused.sentence())
    }
}

impl From<PkiError> for Failure {
    fn from(error: PkiError) -> Self {
        let (exit, code) = match &error {
            PkiError::BadName
            | PkiError::BadDnsName { .. }
            | PkiError::ServerWithoutName
            | PkiError::YearsOutOfBounds
            | PkiError::DaysOutOfBounds
            | PkiError::OutlivesAuthority { .. } => (Exit::Usage, "pki-usage"),
            PkiError::KeyDoesNotFit | PkiError::BadRequest => (Exit::Integrity, "pki-integrity"),
            PkiError::NotAnAuthority | PkiError::BadKey => (Exit::Other, "pki-unreadable"),
            PkiError::Signing | PkiError::Exhausted(_) => (Exit::Other, "pki-system"),
        };
        Self::new(exit, code, error.sentence())
    }
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        let exit = match &error {
            ClientError::BadAddress { .. }
            | ClientError::BadAuthority
            | ClientError::BadCertificate
            | ClientError::BadKey => Exit::Usage,
            ClientError::Unreachable { .. } | ClientError::TimedOut | ClientError::Closed => Exit::Unavailable,
            ClientError::Refused { .. } => Exit::Refused,
            ClientError::ServerNotTrusted | ClientError::ServerName | ClientError::ServerExpired => Exit::Integrity,
            ClientError::Protocol | ClientError::TooLarge | ClientError::NotJson | ClientError::NotText => Exit::Other,
            ClientError::Problem { status, .. } => match status {
                401 | 403 => Exit::Refused,
                404 => Exit::NotFound,
                409 | 412 => Exit::Conflict,
                429 | 502..=504 => Exit::Unavailable,
                400 | 413 | 415 | 422 | 428 => Exit::Usage,
                _ => Exit::Other,
            },
        };
        Self::new(exit, error.code(), error.sentence())
    }
}

impl From<audit::folder::FolderError> for Failure {
    fn from(error: audit::folder::FolderError) -> Self {
        let (exit, code) = match error.fault {
            Fault::Unreadable(_) | Fault::Unwritable(_) => (Exit::Other, "journal-folder-system"),
            Fault::Occupied => (Exit::Conflict, "journal-folder-occupied"),
            Fault::Missing
            | Fault::Malformed
            | Fault::Entry(_)
            | Fault::Differs
            | Fault::Rewritten
            | Fault::Note(_)
            | Fault::Root
            | Fault::Foreign => (Exit::Integrity, "journal-folder-damaged"),
        };
        Self::new(exit, code, error.sentence())
    }
}

impl From<NoteError> for Failure {
    fn from(error: NoteError) -> Self {
        Self::new(Exit::Integrity, "checkpoint-not-believed", error.sentence())
    }
}

impl From<config::Refusal> for Failure {
    fn from(refusal: config::Refusal) -> Self {
        Self::new(Exit::Refused, refusal.code(), refusal.sentence())
    }
}

impl From<config::FolderError> for Failure {
    fn from(error: config::FolderError) -> Self {
        let exit = match &error {
            config::FolderError::Missing { .. } => Exit::NotFound,
            config::FolderError::Damaged { .. }
            | config::FolderError::Exchanged { .. }
            | config::FolderError::RolledBack { .. } => Exit::Integrity,
            config::FolderError::System { .. } => Exit::Other,
            config::FolderError::Occupied | config::FolderError::Waiting { .. } => Exit::Conflict,
            config::FolderError::Refused { .. } => Exit::Refused,
        };
        Self::new(exit, error.code(), error.sentence())
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        let exit = match &error {
            OpenError::NotADeployment { .. } | OpenError::FileMissing { .. } => Exit::NotFound,
            OpenError::InUse { .. } | OpenError::Stopped | OpenError::Exhausted(_) => Exit::Unavailable,
            OpenError::WrongSecret { .. } | OpenError::PassphraseNeeded | OpenError::SecretExposed { .. } => {
                Exit::Refused
            }
            OpenError::SecretMalformed { .. }
            | OpenError::SlotsDamaged { .. }
            | OpenError::KeyringDamaged { .. }
            | OpenError::StandingDamaged
            | OpenError::RollsDamaged
            | OpenError::KeysDamaged => Exit::Integrity,
            OpenError::Store(error) | OpenError::Journal(JournalError::Engine(error)) => of_store(error),
            OpenError::Journal(
                JournalError::Damaged(_) | JournalError::Diverged(_) | JournalError::Checkpoint(_) | JournalError::Key,
            ) => Exit::Integrity,
            OpenError::Config(error) => return error.clone().into(),
            OpenError::FileFailed { .. }
            | OpenError::Gate(_)
            | OpenError::Journal(JournalError::Disk(..) | JournalError::Thread(_)) => Exit::Other,
        };
        Self::new(exit, error.code(), error.sentence())
    }
}

const fn of_store(error: &EngineError) -> Exit {
    match error {
        EngineError::Missing => Exit::NotFound,
        EngineError::Occupied => Exit::Conflict,
        EngineError::Corrupt { .. } | EngineError::Foreign { .. } => Exit::Integrity,
        EngineError::Locked | EngineError::Full | EngineError::Disk { .. } | EngineError::Stopped => Exit::Unavailable,
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        OpenError::Store(error).into()
    }
}

impl From<JournalError> for Failure {
    fn from(error: JournalError) -> Self {
        OpenError::Journal(error).into()
    }
}

impl From<InitError> for Failure {
    fn from(error: InitError) -> Self {
        match error {
            InitError::Open(error) => error.into(),
            InitError::Occupied { .. } => Self::new(Exit::Conflict, error.code(), error.sentence()),
            InitError::Passphrase => Self::new(Exit::Usage, error.code(), error.sentence()),
        }
    }
}

impl From<ServeError> for Failure {
    fn from(error: ServeError) -> Self {
        match error {
            ServeError::Open(error) => error.into(),
            ServeError::Bind { .. } => Self::new(Exit::Unavailable, error.code(), error.sentence()),
        }
    }
}

impl From<ReindexError> for Failure {
    fn from(error: ReindexError) -> Self {
        let exit = match error {
            ReindexError::Open(error) => return error.into(),
            ReindexError::Silent | ReindexError::Unfinished => Exit::Unavailable,
            ReindexError::File(..) | ReindexError::Finding(_) => Exit::Other,
        };
        Self::new(exit, error.code(), error.sentence())
    }
}

impl From<DemoError> for Failure {
    fn from(error: DemoError) -> Self {
        let exit = match error {
            DemoError::Pki(error) => return error.into(),
            DemoError::Init(error) => return error.into(),
            DemoError::Serve(error) => return error.into(),
            DemoError::File(error) => return error.into(),
            DemoError::Client(error) => return error.into(),
            DemoError::HalfMade { .. } => Exit::Conflict,
            DemoError::Refused { .. } => Exit::Refused,
            DemoError::Faulty { .. } => Exit::Integrity,
            DemoError::Sample(_) | DemoError::Exhausted(_) => Exit::Other,
        };
        Self::new(exit, error.code(), error.sentence())
    }
}

impl From<BenchError> for Failure {
    fn from(error: BenchError) -> Self {
        Self::new(Exit::Other, error.code(), error.sentence())
    }
}

impl From<TileError> for Failure {
    fn from(error: TileError) -> Self {
        JournalError::Damaged(error).into()
    }
}
