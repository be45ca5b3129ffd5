//! Why the folder of signed files cannot be used: which file is to blame, and what the operator does about it.

use std::io;

use super::refusal::Refusal;
use crate::words::{Sentence, key};

/// The folder is not usable, and which file is to blame. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FolderError {
    /// A file that must be there is not.
    Missing {
        /** Its name. */
        file: String,
    },
    /// A kept file no longer passes the checks that it once passed.
    Damaged {
        /** Its name. */
        file: String,
        /** Which check. */
        why: Refusal,
    },
    /// A file does not fit the one before it, or is not the one that the journal remembers.
    Exchanged {
        /** Its name. */
        file: String,
    },
    /// The journal remembers a later file than the last one here.
    RolledBack {
        /** The name of the one it remembers. */
        file: String,
    },
    /// The system does not let us read or write.
    System {
        /** What. */
        file: String,
        /** Why. */
        kind: io::ErrorKind,
    },
    /// A folder that is to be begun holds a deployment already.
    Occupied,
    /// A file of that name waits in the inbox already.
    Waiting {
        /** Its name. */
        file: String,
    },
    /// The files that were to begin the folder are not good.
    Refused {
        /** Which. */
        file: String,
        /** Why. */
        why: Refusal,
    },
}

impl FolderError {
    fn facts(&self) -> (&'static str, Sentence) {
        let say = Sentence::new;
        match self {
            Self::Missing { file } => {
                ("folder-file-missing", say(key::CONFIG_FOLDER_MISSING).with("file", file.as_str()))
            }
            Self::Damaged { file, why } => {
                let sentence = say(key::CONFIG_FOLDER_DAMAGED).with("file", file.as_str());
                ("folder-file-damaged", sentence.with("why", why.sentence()))
            }
            Self::Exchanged { file } => {
                ("folder-file-exchanged", say(key::CONFIG_FOLDER_EXCHANGED).with("file", file.as_str()))
            }
            Self::RolledBack { file } => {
                ("folder-rolled-back", say(key::CONFIG_FOLDER_ROLLED_BACK).with("file", file.as_str()))
            }
            Self::System { file, kind } => {
                let sentence = say(key::CONFIG_FOLDER_SYSTEM).with("file", file.as_str());
                ("folder-system", sentence.with("why", kind.to_string()))
            }
            Self::Occupied => ("folder-occupied", say(key::CONFIG_FOLDER_OCCUPIED)),
            Self::Waiting { file } => {
                ("inbox-file-waiting", say(key::CONFIG_FOLDER_WAITING).with("file", file.as_str()))
            }
            Self::Refused { file, why } => {
                let sentence = say(key::CONFIG_FOLDER_REFUSED).with("file", file.as_str());
                (why.code(), sentence.with("why", why.sentence()))
            }
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

impl std::fmt::Display for FolderError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.sentence().fmt(formatter)
    }
}

impl std::error::Error for FolderError {}
