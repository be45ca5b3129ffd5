//! Why a deployment does not start. Every variant names what is to blame; every sentence says what to do.

use std::{
    fmt, io,
    path::{Path, PathBuf},
};

use crate::{
    config::FolderError,
    crypto::Exhausted,
    edge::GateError,
    monitor::rolls::RollError,
    store::{EngineError, JournalError, Stopped},
    vault::KeyError,
    words::{Key, Sentence, key},
};

/// Why the server does not start on this folder. Nothing was changed.
#[derive(Debug)]
pub enum OpenError {
    /// The folder holds no deployment.
    NotADeployment {
        /// The folder.
        dir: PathBuf,
    },
    /// Another process holds the folder.
    InUse {
        /// The folder.
        dir: PathBuf,
    },
    /// A file that must be there is not.
    FileMissing {
        /// Which.
        file: PathBuf,
    },
    /// A file cannot be read or written.
    FileFailed {
        /// Which.
        file: PathBuf,
        /// What the system says.
        kind: io::ErrorKind,
    },
    /// Others may read the machine's secret.
    SecretExposed {
        /// Its file.
        file: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// Not 64 hexadecimal characters.
    SecretMalformed {
        /// Its file.
        file: PathBuf,
    },
    /// The slot file is not one, or is that of another deployment, or was weakened.
    SlotsDamaged {
        /// Its file.
        file: PathBuf,
    },
    /// No slot opens: another machine's secret, other words, or a slot was altered.
    WrongSecret {
        /// The slot file.
        slots: PathBuf,
        /// The machine's secret.
        secret: PathBuf,
    },
    /// Every slot asks for a custodian's words.
    PassphraseNeeded,
    /// The keyring does not open under the root key.
    KeyringDamaged {
        /// Its file.
        file: PathBuf,
    },
    /// The signed files: damaged, missing, exchanged, rolled back.
    Config(FolderError),
    /// The store's memory of the configuration is missing or does not open.
    StandingDamaged,
    /// The store.
    Store(EngineError),
    /// The journal: rolled back, rewritten, damaged, or its checkpoint is.
    Journal(JournalError),
    /// A membership row does not open.
    RollsDamaged,
    /// A label key does not open.
    KeysDamaged,
    /// The server's certificate, or whom it is to believe.
    Gate(GateError),
    /// The journal takes no entry.
    Stopped,
    /// No random bytes or locked memory.
    Exhausted(Exhausted),
}

impl OpenError {
    pub(in crate::ops) fn of_file(file: &Path, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::FileMissing { file: file.to_owned() },
            io::ErrorKind::StorageFull => Self::Store(EngineError::Full),
            kind => Self::FileFailed { file: file.to_owned(), kind },
        }
    }

    fn facts(&self) -> (&'static str, Sentence) {
        let of = |key: Key, path: &Path| Sentence::new(key).with("file", path.display().to_string());
        match self {
            Self::NotADeployment { dir } => ("not-a-deployment", of(key::SERVE_NOT_A_DEPLOYMENT, dir)),
            Self::InUse { dir } => ("deployment-in-use", of(key::SERVE_IN_USE, dir)),
            Self::FileMissing { file } => ("file-missing", of(key::SERVE_FILE_MISSING, file)),
            Self::FileFailed { file, kind } => {
                ("file-unreadable", of(key::SERVE_FILE_FAILED, file).with("why", kind.to_string()))
            }
            Self::SecretExposed { file, mode } => {
                ("machine-secret-exposed", of(key::SERVE_SECRET_EXPOSED, file).with("mode", format!("{mode:o}")))
            }
            Self::SecretMalformed { file } => ("machine-secret-malformed", of(key::SERVE_SECRET_MALFORMED, file)),
            Self::SlotsDamaged { file } => ("slots-damaged", of(key::SERVE_SLOTS_DAMAGED, file)),
            Self::WrongSecret { slots, secret } => {
                ("wrong-secret", of(key::SERVE_WRONG_SECRET, slots).with("secret", secret.display().to_string()))
            }
            Self::PassphraseNeeded => ("passphrase-needed", Sentence::new(key::SERVE_PASSPHRASE_NEEDED)),
            Self::KeyringDamaged { file } => ("keyring-damaged", of(key::SERVE_KEYRING_DAMAGED, file)),
            Self::Config(error) => (error.code(), error.sentence()),
            Self::StandingDamaged => ("standing-damaged", Sentence::new(key::SERVE_STANDING_DAMAGED)),
            Self::Store(error) => of_store(error),
            Self::Journal(error) => of_journal(error),
            Self::RollsDamaged => ("rolls-damaged", Sentence::new(key::SERVE_ROLLS_DAMAGED)),
            Self::KeysDamaged => ("label-keys-damaged", Sentence::new(key::SERVE_KEYS_DAMAGED)),
            Self::Gate(error) => ("gate", error.sentence()),
            Self::Stopped => ("journal-stopped", Sentence::new(key::SERVE_STOPPED)),
            Self::Exhausted(Exhausted::Entropy) => ("no-entropy", Sentence::new(key::SERVE_NO_ENTROPY)),
            Self::Exhausted(Exhausted::LockedMemory) => ("no-locked-memory", Sentence::new(key::SERVE_NO_MEMORY)),
        }
    }

    /// Stable, for machines.
    pub fn code(&self) -> &'static str {
        self.facts().0
    }

    /// For the operator: which file, what is wrong with it, what to do.
    pub fn sentence(&self) -> Sentence {
        self.facts().1
    }
}

fn of_store(error: &EngineError) -> (&'static str, Sentence) {
    let say = Sentence::new;
    match error {
        EngineError::Full => ("disk-full", say(key::SERVE_STORE_FULL)),
        EngineError::Locked => ("store-locked", say(key::SERVE_STORE_LOCKED)),
        EngineError::Missing => ("store-missing", say(key::SERVE_STORE_MISSING)),
        EngineError::Occupied => ("store-occupied", say(key::SERVE_STORE_OCCUPIED)),
        EngineError::Corrupt { detail } => {
            ("store-damaged", say(key::SERVE_STORE_DAMAGED).with("detail", detail.as_str()))
        }
        EngineError::Disk { detail } => ("store-disk", say(key::SERVE_STORE_DISK).with("detail", detail.as_str())),
        EngineError::Foreign { detail } => {
            ("store-foreign", say(key::SERVE_STORE_FOREIGN).with("detail", detail.as_str()))
        }
        EngineError::Stopped => ("journal-stopped", say(key::SERVE_STOPPED)),
    }
}

fn of_journal(error: &JournalError) -> (&'static str, Sentence) {
    let of = |key: Key, path: &Path| Sentence::new(key).with("file", path.display().to_string());
    match error {
        JournalError::Engine(error) => of_store(error),
        JournalError::Damaged(_) => ("journal-damaged", Sentence::new(key::SERVE_JOURNAL_DAMAGED)),
        JournalError::Diverged(error) => (error.code(), error.sentence()),
        JournalError::Checkpoint(path) => ("checkpoint-damaged", of(key::SERVE_CHECKPOINT_DAMAGED, path)),
        JournalError::Disk(path, error) => {
            ("checkpoint-unwritable", of(key::SERVE_FILE_FAILED, path).with("why", error.kind().to_string()))
        }
        JournalError::Key => ("journal-key", Sentence::new(key::SERVE_JOURNAL_KEY)),
        JournalError::Thread(error) => {
            ("journal-thread", Sentence::new(key::SERVE_JOURNAL_THREAD).with("why", error.kind().to_string()))
        }
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (code, sentence) = self.facts();
        write!(formatter, "{code}: {sentence}")
    }
}

impl std::error::Error for OpenError {}

impl From<FolderError> for OpenError {
    fn from(error: FolderError) -> Self {
        Self::Config(error)
    }
}

impl From<EngineError> for OpenError {
    fn from(error: EngineError) -> Self {
        Self::Store(error)
    }
}

impl From<JournalError> for OpenError {
    fn from(error: JournalError) -> Self {
        Self::Journal(error)
    }
}

impl From<RollError> for OpenError {
    fn from(error: RollError) -> Self {
        match error {
            RollError::Engine(error) => Self::Store(error),
            RollError::Tampered => Self::RollsDamaged,
        }
    }
}

impl From<KeyError> for OpenError {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Engine(error) => Self::Store(error),
            KeyError::Missing | KeyError::Tampered => Self::KeysDamaged,
            KeyError::Exhausted(cause) => Self::Exhausted(cause),
        }
    }
}

impl From<GateError> for OpenError {
    fn from(error: GateError) -> Self {
        Self::Gate(error)
    }
}

impl From<Stopped> for OpenError {
    fn from(Stopped: Stopped) -> Self {
        Self::Stopped
    }
}

impl From<Exhausted> for OpenError {
    fn from(cause: Exhausted) -> Self {
        Self::Exhausted(cause)
    }
}
