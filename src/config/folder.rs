//! How the accepted files are kept: a folder that only grows.
//!
//! ```text
//! root.1.toml  root.2.toml …                each root, with its signatures root.2.toml.sig.1 …
//! config.1.toml  config.2.toml …            each configuration
//! revoke.2.1.toml  revoke.2.2.toml …        what lies on top of configuration 2
//! policy.<sha256>.toml                      each policy file that one of them named
//! inbox/                                    what people bring (see `inbox.rs`)
//! refused/                                  what was not accepted, each with its reason
//! ```
//!
//! The one with the highest number is in force. A file is accepted by one rename, after its policy and signatures lie
//! there durably: a crash leaves it wholly in force or not at all, and signatures without their file mean nothing.
//! Whoever takes the newest file away falls back to the one before; that is seen by [`Folder::confirms`], which
//! compares with what the store's journal remembers.

use std::{collections::BTreeSet, fs, path::PathBuf, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{
    Config, Root,
    accept::{self, Link, Occasion},
    content::ContentFault,
    durable::{names_in, read_bounded, remove, system, write_durably},
    file::SignedFile,
    folder_error::FolderError,
    refusal::Refusal,
};
use crate::{
    clock::Time,
    crypto::{Digest, sha256},
    limits::SIGNATURES_MAX,
};

/// What counts now. Both parts exist only as results of checking.
#[derive(Clone, Debug)]
pub struct InForce {
    /// Who may sign.
    pub root: Arc<Root>,
    /// What is granted.
    pub config: Arc<Config>,
}

impl InForce {
    /// What the journal is to remember.
    pub fn standing(&self) -> Standing {
        Standing {
            root_epoch: self.root.epoch(),
            root_digest: self.root.digest(),
            config_epoch: self.config.epoch(),
            revocations: self.config.revocations(),
            config_digest: self.config.digest(),
        }
    }
}

/// Where both chains stood at some moment. The store's journal keeps the last one, so that an older folder put in
/// the place of this one is seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Standing {
    /// [`Root::epoch`].
    pub root_epoch: u64,
    /// [`Root::digest`].
    pub root_digest: Digest,
    /// [`Config::epoch`].
    pub config_epoch: u64,
    /// [`Config::revocations`].
    pub revocations: u64,
    /// [`Config::digest`].
    pub config_digest: Digest,
}

/// The folder of signed files of one deployment. One process at a time writes to it.
#[derive(Clone, Debug)]
pub struct Folder {
    pub(super) path: PathBuf,
}

impl Folder {
    /// The folder at that path; nothing is read yet.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Where people put what they bring.
    pub fn inbox(&self) -> PathBuf {
        self.path.join("inbox")
    }

    /// Where refused files go.
    pub fn refused(&self) -> PathBuf {
        self.path.join("refused")
    }

    /// Begins the folder of a new deployment. The directory may exist, without files of ours in it.
    ///
    /// # Errors
    /// [`FolderError::Refused`] when the files are not good, [`FolderError::Occupied`], [`FolderError::System`].
    pub fn begin(
        &self,
        root: &SignedFile,
        config: &SignedFile,
        policies: &[Vec<u8>],
        now: Time,
    ) -> Result<InForce, FolderError> {
        let refused = |file: &str| {
            let file = file.to_owned();
            move |why| FolderError::Refused { file, why }
        };
        let new_root = accept::first_root(root, now).map_err(refused("root.toml"))?;
        let new_config = accept::first_config(&new_root, config, policies, now).map_err(refused("config.toml"))?;
        for folder in [self.path.clone(), self.inbox(), self.refused()] {
            fs::create_dir_all(&folder).map_err(|fault| system(&folder, &fault))?;
        }
        if !self.names()?.is_empty() {
            return Err(FolderError::Occupied);
        }
        self.keep(&root_name(1), root)?;
        self.keep_policy(&new_config)?;
        self.keep(&config_name(1), config)?;
        Ok(InForce { root: Arc::new(new_root), config: Arc::new(new_config) })
    }

    /// Reads what is in force and checks all of it again: every root from the first, the last configuration and how
    /// it follows the one before, every revocation on top of it. Age is not checked: see [`Config::in_force`].
    ///
    /// # Errors
    /// [`FolderError`] names the file that is to blame. An older file is never used instead.
    pub fn load(&self) -> Result<InForce, FolderError> {
        let names = self.names()?;
        let mut roots: Vec<Root> = Vec::new();
        for epoch in 1..=highest(&names, "root.").max(1) {
            let name = root_name(epoch);
            let checked = accept::root(roots.last(), &self.signed(&name)?, Occasion::Kept);
            roots.push(checked.map_err(|why| FolderError::Damaged { file: name, why })?);
        }
        let newest_first: Vec<&Root> = roots.iter().rev().collect();
        let epoch = highest(&names, "config.").max(1);
        let link = self.link_before(epoch, &names)?;
        let name = config_name(epoch);
        let policies = self.policies(&names)?;
        let checked = accept::config(&newest_first, link, &self.signed(&name)?, &policies, Occasion::Kept);
        let mut config = checked.map_err(|why| match why {
            Refusal::Content(ContentFault::NoPolicy { digest, .. }) => self.policy_to_blame(digest),
            Refusal::WrongPrevious { .. } => FolderError::Exchanged { file: name },
            why => FolderError::Damaged { file: name, why },
        })?;
        for number in 1..=highest(&names, &format!("revoke.{epoch}.")) {
            let name = revoke_name(epoch, number);
            let checked = accept::revoke(&newest_first, &config, &self.signed(&name)?, Occasion::Kept);
            config = checked.map_err(|why| FolderError::Damaged { file: name, why })?;
        }
        let root = roots.pop().ok_or_else(|| FolderError::Missing { file: root_name(1) })?;
        Ok(InForce { root: Arc::new(root), config: Arc::new(config) })
    }

    /// Whether `now` (what [`Folder::load`] gave) goes on from `then`, which the journal remembers: the same files
    /// or later ones, on top of the very file that was in force then. Later ones are those that were accepted and
    /// kept just before a crash; the caller journals them now.
    ///
    /// # Errors
    /// [`FolderError::RolledBack`] or [`FolderError::Exchanged`].
    pub fn confirms(&self, then: &Standing, now: &Standing) -> Result<(), FolderError> {
        let last = match then.revocations {
            0 => config_name(then.config_epoch),
            number => revoke_name(then.config_epoch, number),
        };
        let config_went_back = (now.config_epoch, now.revocations) < (then.config_epoch, then.revocations);
        let root_went_back = now.root_epoch < then.root_epoch;
        for (went_back, file, remembered) in [
            (root_went_back, root_name(then.root_epoch), then.root_digest),
            (config_went_back, last, then.config_digest),
        ] {
            if went_back {
                return Err(FolderError::RolledBack { file });
            }
            if sha256(&[&self.bytes(&file)?]) != remembered {
                return Err(FolderError::Exchanged { file });
            }
        }
        Ok(())
    }

    /// Keeps a file and its signatures durably; the rename of the file itself, last, is the moment it counts.
    pub(super) fn keep(&self, name: &str, file: &SignedFile) -> Result<(), FolderError> {
        // Signatures that a crash left here belong to another attempt and would refuse this one at the next start.
        for stale in self.signature_names(name)? {
            remove(&self.path.join(stale))?;
        }
        for (place, signature) in file.signatures.iter().enumerate() {
            let number = place.saturating_add(1);
            write_durably(&self.path, &format!("{name}.sig.{number}"), signature)?;
        }
        write_durably(&self.path, name, &file.bytes)
    }

    pub(super) fn keep_policy(&self, config: &Config) -> Result<(), FolderError> {
        write_durably(&self.path, &policy_name(config.policy_digest()), config.policy_file())
    }

    /// The file of that name with the signatures beside it.
    fn signed(&self, name: &str) -> Result<SignedFile, FolderError> {
        let bytes = self.bytes(name)?;
        let signatures = self.signature_names(name)?.iter().map(|name| self.bytes(name)).collect::<Result<_, _>>()?;
        Ok(SignedFile { bytes, signatures })
    }

    fn bytes(&self, name: &str) -> Result<Vec<u8>, FolderError> {
        read_bounded(&self.path.join(name))
    }

    fn signature_names(&self, name: &str) -> Result<Vec<String>, FolderError> {
        Ok(signatures_of(name, &self.names()?))
    }

    pub(super) fn policies(&self, names: &BTreeSet<String>) -> Result<Vec<Vec<u8>>, FolderError> {
        names.iter().filter(|name| name.starts_with("policy.")).map(|name| self.bytes(name)).collect()
    }

    /// What configuration `epoch` has to name: the last revocation on the one before, or that one itself.
    fn link_before(&self, epoch: u64, names: &BTreeSet<String>) -> Result<Link, FolderError> {
        let before = epoch.saturating_sub(1);
        if before == 0 {
            return Ok(Link::NONE);
        }
        let last = match highest(names, &format!("revoke.{before}.")) {
            0 => config_name(before),
            number => revoke_name(before, number),
        };
        Ok(Link { epoch: before, digest: sha256(&[&self.bytes(&last)?]) })
    }

    fn policy_to_blame(&self, digest: Digest) -> FolderError {
        let file = policy_name(digest);
        if self.path.join(&file).exists() { FolderError::Exchanged { file } } else { FolderError::Missing { file } }
    }

    /// Names of the files that are ours, without those that a crash left half written.
    pub(super) fn names(&self) -> Result<BTreeSet<String>, FolderError> {
        let mut names = names_in(&self.path)?;
        names.retain(|name| ["root.", "config.", "revoke.", "policy."].iter().any(|kind| name.starts_with(kind)));
        Ok(names)
    }
}

pub(super) fn root_name(epoch: u64) -> String {
    format!("root.{epoch}.toml")
}

pub(super) fn config_name(epoch: u64) -> String {
    format!("config.{epoch}.toml")
}

pub(super) fn revoke_name(epoch: u64, number: u64) -> String {
    format!("revoke.{epoch}.{number}.toml")
}

fn policy_name(digest: Digest) -> String {
    format!("policy.{digest}.toml")
}

/// The highest number between `prefix` and `.toml`, zero when there is none.
fn highest(names: &BTreeSet<String>, prefix: &str) -> u64 {
    let number = |name: &String| name.strip_prefix(prefix)?.strip_suffix(".toml")?.parse().ok();
    names.iter().filter_map(number).max().unwrap_or(0)
}

/// The signature files beside `name`, at most one more than may be: the check refuses that many.
pub(super) fn signatures_of(name: &str, names: &BTreeSet<String>) -> Vec<String> {
    let prefix = format!("{name}.sig.");
    let beside =
        names.iter().filter(|other| other.strip_prefix(&prefix).is_some_and(|rest| rest.parse::<u32>().is_ok()));
    beside.take(SIGNATURES_MAX.saturating_add(1)).cloned().collect()
}
