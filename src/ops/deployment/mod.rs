//! The folder of a deployment, and how it becomes a running one.
//!
//! ```text
//! config/            signed files (see `config::folder`), inbox/ and refused/
//! keys/slots.toml    ways to the root key        keys/keyring         all other keys, sealed under it
//! keys/machine.secret  64 hexadecimal characters, readable by the owner alone (or a systemd credential elsewhere)
//! store/             everything people wrote     audit/checkpoint     the journal's signed length and root
//! index/             search indexes, sealed, made from the store
//! tls/server.pem     the server's certificate    tls/server.key       its private key
//! lock               held by the one process that uses the folder
//! ```
//!
//! | file | idea |
//! |---|---|
//! | `mod.rs` | the places; open, build, stop |
//! | [`unseal`] | the machine's secret, a custodian's words, the slots |
//! | [`standing`] | what the store remembers of the signed configuration |
//! | [`gate`] | who gets through the door |
//! | [`inspect`] | opened for reading alone
//! | [`error`] | why it does not start: which file, what to do |

pub mod error;
pub mod gate;
pub mod inspect;
pub mod standing;
pub mod unseal;

use std::{
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
    sync::Arc,
    thread::JoinHandle,
};

use arc_swap::ArcSwap;

pub use self::{error::OpenError, unseal::Unseal};
use crate::{
    audit::entry::{Act, Detail, Entry},
    clock::Clock,
    config::{Config, Folder, InForce},
    crypto::{Entropy, Keyring},
    ids::Id,
    monitor::{Monitor, Rolls},
    store::{Engine, Journal, Opening, Rocks},
    vault::{Keys, Vault},
};

/// Where everything stands in the folder of a deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    root: PathBuf,
}

impl Places {
    /// The places under `root`; nothing is read yet.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The folder of signed files.
    pub fn config(&self) -> PathBuf {
        self.root.join("config")
    }

    /// The slots.
    pub fn slots(&self) -> PathBuf {
        self.root.join("keys/slots.toml")
    }

    /// The keyring.
    pub fn keyring(&self) -> PathBuf {
        self.root.join("keys/keyring")
    }

    /// The machine's secret, when it is not a credential elsewhere.
    pub fn machine_secret(&self) -> PathBuf {
        self.root.join("keys/machine.secret")
    }

    /// The store.
    pub fn store(&self) -> PathBuf {
        self.root.join("store")
    }

    /// The journal's signed checkpoint.
    pub fn checkpoint(&self) -> PathBuf {
        self.root.join("audit/checkpoint")
    }

    /// The server's certificate chain.
    pub fn server_certificate(&self) -> PathBuf {
        self.root.join("tls/server.pem")
    }

    /// The server's private key.
    pub fn server_key(&self) -> PathBuf {
        self.root.join("tls/server.key")
    }

    /// The search indexes: made from the store, and made anew from it when they are damaged.
    pub fn index(&self) -> PathBuf {
        self.root.join("index")
    }

    /// Whether a process works on the deployment now.
    ///
    /// # Errors
    /// [`OpenError`] of the lock file.
    pub fn is_in_use(&self) -> Result<bool, OpenError> {
        match hold(self) {
            Ok(_let_go_at_once) => Ok(false),
            Err(OpenError::InUse { .. }) => Ok(true),
            Err(other) => Err(other),
        }
    }

    fn lock(&self) -> PathBuf {
        self.root.join("lock")
    }
}

/// The journal's name, in its checkpoints and for whoever verifies them. It must never change, so it holds nothing
/// that a configuration may change.
pub fn origin(deployment: Id) -> String {
    format!("vigie/{deployment}/audit/1")
}

/// What a vault is built on, and what outlives a store that failed.
#[derive(Clone)]
pub struct Ground {
    pub(super) places: Places,
    pub(super) deployment: Id,
    pub(super) engine: Arc<dyn Engine>,
    pub(super) keyring: Arc<Keyring>,
    pub(super) config: Arc<ArcSwap<Config>>,
    pub(super) clock: Clock,
    pub(super) entropy: Entropy,
}

impl Ground {
    /// The journal compared with its checkpoint, rolls and label keys read, and the vault over them. The same code
    /// runs at start and after a full disk. Blocks.
    ///
    /// # Errors
    /// [`OpenError`]: nothing may be answered then.
    pub fn build(&self, inception: bool) -> Result<(Arc<Vault>, JoinHandle<()>), OpenError> {
        let opening = Opening {
            keyring: Arc::clone(&self.keyring),
            deployment: self.deployment.to_string(),
            origin: origin(self.deployment),
            checkpoint_path: Some(self.places.checkpoint()),
            inception,
        };
        let engine = Arc::clone(&self.engine);
        let (journal, committer) = Journal::open(engine, opening, self.entropy.clone())?;
        let rolls = Rolls::load(&*self.engine, Arc::clone(&self.keyring), self.entropy.clone())?;
        let (config, entropy) = (Arc::clone(&self.config), self.entropy.clone());
        let keys = Keys::load(&*self.engine, Arc::clone(&self.keyring), entropy.clone(), Arc::clone(&config))?;
        let monitor = Monitor::new(journal, rolls, self.clock.clone(), config);
        let engine = Arc::clone(&self.engine);
        let vault = Vault::new(engine, monitor, Arc::clone(&self.keyring), keys, entropy, self.clock.clone());
        Ok((Arc::new(vault), committer))
    }

    /// Journals what the store does not remember yet of the configuration in force, then that the server starts.
    ///
    /// # Errors
    /// [`OpenError`]; the configuration may have been rolled back.
    pub async fn begin(&self, vault: &Vault, folder: &Folder, in_force: &InForce) -> Result<(), OpenError> {
        let journal = vault.monitor().journal();
        let length = journal.length();
        standing::settle(self, journal, folder, in_force).await?;
        let detail = Detail::Start { version: env!("CARGO_PKG_VERSION").to_owned(), length };
        let mut entry = Entry::system(self.clock.now(), Act::Start, detail);
        entry.basis = length;
        drop(journal.append(entry).await?);
        Ok(())
    }

    /// The configuration in force, which others read through the same handle.
    pub const fn config(&self) -> &Arc<ArcSwap<Config>> {
        &self.config
    }

    /// The time.
    pub const fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Random bytes.
    pub const fn entropy(&self) -> &Entropy {
        &self.entropy
    }

    /// Where everything stands.
    pub const fn places(&self) -> &Places {
        &self.places
    }

    /// The store.
    pub const fn engine(&self) -> &Arc<dyn Engine> {
        &self.engine
    }

    /// The keys.
    pub const fn keyring(&self) -> &Arc<Keyring> {
        &self.keyring
    }
}

/// A deployment whose files have all been checked and which this process alone holds. It answers nobody yet.
pub struct Running {
    /// What the vault is built on.
    pub ground: Ground,
    /// The signed files.
    pub folder: Folder,
    /// What counts now.
    pub in_force: InForce,
    /// The only way to what is stored.
    pub vault: Arc<Vault>,
    pub(super) committer: JoinHandle<()>,
    pub(super) alone: File,
}

/// Opens the deployment in `dir`: every check, every key, and the entry that says so.
///
/// # Errors
/// [`OpenError`] names the file and what to do. An older file is never used instead.
pub async fn open(dir: &Path, unseal: &Unseal, clock: Clock, entropy: Entropy) -> Result<Running, OpenError> {
    open_on(dir, unseal, clock, entropy, |store| Arc::new(store)).await
}

/// As [`open`], with something between the store and its users: an examination puts a failing disk there.
pub(super) async fn open_on(
    dir: &Path,
    unseal: &Unseal,
    clock: Clock,
    entropy: Entropy,
    mount: impl FnOnce(Rocks) -> Arc<dyn Engine>,
) -> Result<Running, OpenError> {
    let places = Places::at(dir);
    let alone = hold(&places)?;
    let folder = Folder::at(places.config());
    let in_force = folder.load()?;
    let deployment = in_force.config.deployment();
    let keyring = unseal::keyring(&places, deployment, unseal)?;
    let engine = mount(Rocks::open(&places.store())?);
    let config = Arc::new(ArcSwap::new(Arc::clone(&in_force.config)));
    let ground = Ground { places, deployment, engine, keyring: Arc::new(keyring), config, clock, entropy };
    let (vault, committer) = ground.build(false)?;
    ground.begin(&vault, &folder, &in_force).await?;
    Ok(Running { ground, folder, in_force, vault, committer, alone })
}

impl Running {
    /// Ends in order. Whoever else holds the vault must have let it go.
    pub async fn stop(self) {
        let Self { ground, vault, committer, alone, .. } = self;
        close(&ground, Some(vault), committer).await;
        // The folder is free once the store is closed, and not before.
        drop(ground);
        drop(alone);
    }
}

/// Journals the end and waits until the journal's last checkpoint is signed.
pub(super) async fn close(ground: &Ground, vault: Option<Arc<Vault>>, committer: JoinHandle<()>) {
    if let Some(vault) = vault {
        let journal = vault.monitor().journal();
        let mut entry = Entry::system(ground.clock.now(), Act::Stop, Detail::None);
        entry.basis = journal.length();
        if journal.append(entry).await.is_err() {
            tracing::warn!("the journal takes no entry: the end is not in it");
        }
    }
    settle(committer).await;
}

/// Waits for the committer to sign its last checkpoint. Without that, the next start only has more rows than were signed.
pub(super) async fn settle(committer: JoinHandle<()>) {
    let joined = tokio::task::spawn_blocking(move || committer.join());
    let patience = std::time::Duration::from_millis(crate::limits::DRAIN_MS_MAX);
    if !matches!(tokio::time::timeout(patience, joined).await, Ok(Ok(Ok(())))) {
        tracing::warn!("the committer did not end in time");
    }
}

/// One process at a time: two writers would each believe their own journal.
fn hold(places: &Places) -> Result<File, OpenError> {
    if !places.slots().is_file() && !places.config().is_dir() {
        return Err(OpenError::NotADeployment { dir: places.root().to_owned() });
    }
    let path = places.lock();
    let failed = |error: std::io::Error| OpenError::of_file(&path, &error);
    let file = fs::OpenOptions::new().write(true).create(true).truncate(false).open(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse { dir: places.root().to_owned() }),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}
