//! `vigie init`: a new deployment from signed files. Everything is built in a folder beside and takes its place by one
//! rename: nothing is left half done, and nothing that exists is overwritten.

use std::{
    fmt,
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use arc_swap::ArcSwap;
use zeroize::Zeroizing;

use super::deployment::{
    self, Ground, OpenError, Places,
    gate::gate,
    standing,
    unseal::{machine_secret, new_machine_secret},
};
use crate::{
    clock::Clock,
    config::{Folder, FolderError, InForce, SignedFile},
    crypto::{
        Digest, Entropy, Exhausted, Keyring, keyring,
        passphrase::Cost,
        slots::{Offer, SlotError, Slots},
    },
    ids::Id,
    limits,
    store::{Engine, Rocks},
    words::{Sentence, key},
};

/// What a deployment begins with.
pub struct Plan {
    /// `root.toml` and its signatures.
    pub root: SignedFile,
    /// `config.toml` and its signatures.
    pub config: SignedFile,
    /// Policy files that `config.toml` names; those of the product need not be here.
    pub policies: Vec<Vec<u8>>,
    /// The server's certificate chain, PEM.
    pub server_certificate: Vec<u8>,
    /// The server's private key, PEM.
    pub server_key: Zeroizing<Vec<u8>>,
    /// A machine's secret that exists already (a systemd credential); otherwise one is made in the folder.
    pub credential: Option<PathBuf>,
    /// When given, these words are asked for at every start, beside the machine's secret.
    pub passphrase: Option<(Zeroizing<Vec<u8>>, Cost)>,
}

/// The cost of a passphrase when none is chosen: the floor that is accepted.
pub const fn default_cost() -> Cost {
    Cost { memory_kib: limits::PASSPHRASE_MEMORY_KIB_MIN, passes: limits::PASSPHRASE_PASSES_MIN, lanes: 1 }
}

/// What people write down when a deployment begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inception {
    /// The deployment.
    pub deployment: Id,
    /// SHA-256 of the first `root.toml`: to be compared with its signers, since nobody else vouches for it.
    pub root: Digest,
    /// The journal's verifier key (C2SP vkey), for inspectors.
    pub journal_key: String,
}

/// Why no deployment was made.
#[derive(Debug)]
pub enum InitError {
    /// Something is in the folder already.
    Occupied {
        /// The folder.
        dir: PathBuf,
    },
    /// The words given for a passphrase slot are none, or their cost is out of bounds.
    Passphrase,
    /// What was built does not open, or its files are not good.
    Open(OpenError),
}

impl InitError {
    /// Stable, for machines.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Occupied { .. } => "folder-occupied",
            Self::Passphrase => "passphrase-refused",
            Self::Open(error) => error.code(),
        }
    }

    /// For the operator.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::Occupied { dir } => Sentence::new(key::SERVE_INIT_OCCUPIED).with("file", dir.display().to_string()),
            Self::Passphrase => Sentence::new(key::SERVE_INIT_PASSPHRASE),
            Self::Open(error) => error.sentence(),
        }
    }
}

impl fmt::Display for InitError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.code(), self.sentence())
    }
}

impl std::error::Error for InitError {}

impl<E: Into<OpenError>> From<E> for InitError {
    fn from(error: E) -> Self {
        Self::Open(error.into())
    }
}

/// Makes a new deployment in `dir`, which must not exist or be empty.
///
/// # Errors
/// [`InitError`]; `dir` is as it was then.
pub async fn init(dir: &Path, plan: Plan, clock: Clock, entropy: Entropy) -> Result<Inception, InitError> {
    if fs::read_dir(dir).is_ok_and(|mut inside| inside.next().is_some()) || dir.is_file() {
        return Err(InitError::Occupied { dir: dir.to_owned() });
    }
    let beside = Beside::new(dir, &entropy)?;
    let inception = build(&Places::at(&beside.path), &plan, clock, entropy).await?;
    beside.take_place(dir)?;
    Ok(inception)
}

async fn build(places: &Places, plan: &Plan, clock: Clock, entropy: Entropy) -> Result<Inception, InitError> {
    let folder = Folder::at(places.config());
    make_folder(&places.config())?;
    let in_force =
        folder.begin(&plan.root, &plan.config, &plan.policies, clock.now()).map_err(|error| match error {
            FolderError::Occupied => InitError::Occupied { dir: places.config() },
            error => InitError::Open(error.into()),
        })?;
    for inside in ["keys", "audit", "tls"] {
        make_folder(&places.root().join(inside))?;
    }
    write_new(&places.server_certificate(), &plan.server_certificate)?;
    write_new(&places.server_key(), &plan.server_key)?;
    let deployment = in_force.config.deployment();
    let keyring = make_keys(places, plan, deployment, &clock, &entropy)?;
    let engine: Arc<dyn Engine> = Arc::new(Rocks::create(&places.store())?);
    let config = Arc::new(ArcSwap::new(Arc::clone(&in_force.config)));
    // A server that could let nobody in is better noticed now.
    drop(gate(places, &config, &clock)?);
    let places = places.clone();
    let ground = Ground { places, deployment, engine, keyring: Arc::new(keyring), config, clock, entropy };
    let journal_key = first_entry(&ground, &in_force).await?;
    Ok(Inception { deployment, root: in_force.root.digest(), journal_key })
}

/// Begins the journal, with the configuration as its first entry, and ends it in order.
async fn first_entry(ground: &Ground, in_force: &InForce) -> Result<String, OpenError> {
    let (vault, committer) = ground.build(true)?;
    let journal = vault.monitor().journal();
    standing::begin(ground, journal, in_force).await?;
    let key = journal.verifier().to_string();
    drop(vault);
    deployment::settle(committer).await;
    Ok(key)
}

fn make_keys(
    places: &Places,
    plan: &Plan,
    deployment: Id,
    clock: &Clock,
    entropy: &Entropy,
) -> Result<Keyring, InitError> {
    let secret_path = plan.credential.clone().unwrap_or_else(|| places.machine_secret());
    if plan.credential.is_none() {
        write_new(&secret_path, new_machine_secret(entropy)?.as_bytes())?;
    }
    let machine = machine_secret(&secret_path)?;
    let root = entropy.secret()?;
    let deployment = deployment.to_string();
    let mut slots = Slots::empty(&deployment);
    let (offer, cost) = match &plan.passphrase {
        Some((words, _)) if words.is_empty() => return Err(InitError::Passphrase),
        Some((words, cost)) => (Offer::Passphrase(&machine, words), *cost),
        None => (Offer::Machine(&machine), default_cost()),
    };
    slots.add(&offer, cost, &root, entropy).map_err(|fault| match fault {
        SlotError::Exhausted(cause) => InitError::from(cause),
        SlotError::Cost | SlotError::WrongSecret | SlotError::Malformed | SlotError::NotSupported => {
            InitError::Passphrase
        }
    })?;
    let text = toml::to_string(&slots).map_err(|_never| Exhausted::Entropy)?;
    write_new(&places.slots(), text.as_bytes())?;
    let sealed = keyring::create(&root, &deployment, clock.now(), entropy)?;
    write_new(&places.keyring(), &sealed)?;
    let damaged = OpenError::KeyringDamaged { file: places.keyring() };
    Keyring::open(&root, &deployment, &sealed).map_err(|_unsealable| damaged.into())
}

/// A folder under construction beside its place; it goes away unless it takes that place.
struct Beside {
    path: PathBuf,
}

impl Beside {
    fn new(dir: &Path, entropy: &Entropy) -> Result<Self, OpenError> {
        let parent = parent(dir);
        fs::create_dir_all(&parent).map_err(|error| OpenError::of_file(&parent, &error))?;
        let name = dir.file_name().unwrap_or_default().to_string_lossy();
        let path = parent.join(format!(".{name}.{}", entropy.id()?));
        make_folder(&path)?;
        Ok(Self { path })
    }

    fn take_place(mut self, dir: &Path) -> Result<(), InitError> {
        // Replaces an empty folder and nothing else.
        fs::rename(&self.path, dir).map_err(|error| match error.kind() {
            io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
                InitError::Occupied { dir: dir.to_owned() }
            }
            _ => InitError::Open(OpenError::of_file(dir, &error)),
        })?;
        self.path.clear();
        let parent = parent(dir);
        sync(&parent)?;
        Ok(())
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        if !self.path.as_os_str().is_empty()
            && let Err(error) = fs::remove_dir_all(&self.path)
        {
            tracing::warn!(%error, folder = %self.path.display(), "a folder under construction stays behind");
        }
    }
}

fn parent(dir: &Path) -> PathBuf {
    match dir.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        Some(_) | None => PathBuf::from("."),
    }
}

fn make_folder(path: &Path) -> Result<(), OpenError> {
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|error| OpenError::of_file(path, &error))
}

/// A file that did not exist, for its owner alone, durable with its name.
pub(super) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), OpenError> {
    let failed = |error: io::Error| OpenError::of_file(path, &error);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed)?;
    sync(&parent(path))
}

fn sync(folder: &Path) -> Result<(), OpenError> {
    File::open(folder).and_then(|open| open.sync_all()).map_err(|error| OpenError::of_file(folder, &error))
}
