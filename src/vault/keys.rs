//! Label keys and space salts: one random key per label, one random salt per space,
//! kept wrapped in the store, and the record keys made from both.
//!
//! ```text
//! label handle = HMAC(row key, label text)          keys 'L' ‖ handle      -> wrapped {text, key}
//! home salt    = random                             keys 'S' ‖ HMAC(home)  -> wrapped salt
//! record key   = HKDF(label key, home salt)         never stored
//! ```
//!
//! Destroying a label key or a salt erases everything under it. A label whose key is
//! not here, or whose text the policy no longer knows, is simply absent.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, PoisonError, RwLock},
};

use arc_swap::ArcSwap;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::header::LabelHandle;
use crate::{
    config::Config,
    crypto::{Entropy, Exhausted, Keyring, Purpose, Secret, expand, frame, hmac},
    ids::Id,
    label::{Label, Policy},
    limits,
    store::{Batch, Check, Direction, Engine, EngineError, Family, Key, KeyRange, Row},
};

#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
struct WrappedLabel {
    text: String,
    key: [u8; 32],
}

/// Why a key is not to be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyError {
    /// Not there, destroyed, or not known to the policy: the records under it are absent.
    Missing,
    /// The row does not open: the store was damaged or altered.
    Tampered,
    /// The store failed.
    Engine(EngineError),
    /// No random bytes or locked memory.
    Exhausted(Exhausted),
}

impl From<EngineError> for KeyError {
    fn from(error: EngineError) -> Self {
        Self::Engine(error)
    }
}

impl From<Exhausted> for KeyError {
    fn from(cause: Exhausted) -> Self {
        Self::Exhausted(cause)
    }
}

/// A label that the vault can seal under: its handle and its text.
#[derive(Debug)]
struct KnownLabel {
    text: String,
    key: Secret,
}

/// The labels that have keys, as one policy reads their texts. Read anew when the policy changes, and when a label
/// is learnt.
#[derive(Debug)]
struct Lexicon {
    known: BTreeMap<LabelHandle, Arc<KnownLabel>>,
    policy: Arc<Policy>,
    /// Without the labels that this policy does not know.
    labels: BTreeMap<LabelHandle, Label>,
    /// Where a label is written now.
    handles: BTreeMap<[u8; 25], LabelHandle>,
}

impl Lexicon {
    fn new(known: BTreeMap<LabelHandle, Arc<KnownLabel>>, policy: &Arc<Policy>) -> Self {
        let (labels, handles) = (BTreeMap::new(), BTreeMap::new());
        let mut lexicon = Self { known, policy: Arc::clone(policy), labels, handles };
        lexicon.read(policy);
        lexicon
    }

    fn read(&mut self, policy: &Arc<Policy>) {
        let read = |known: &KnownLabel| policy.parse_label(&known.text).ok();
        self.labels = self.known.iter().filter_map(|(handle, known)| Some((*handle, read(known)?))).collect();
        // Under an old text that has become an alias nothing new is written.
        let present = |handle: &LabelHandle, label: &Label| {
            self.known.get(handle).is_some_and(|known| known.text == policy.stored(label))
        };
        let written = self.labels.iter().filter(|(handle, label)| present(handle, label));
        self.handles = written.map(|(handle, label)| (label.bits(), *handle)).collect();
        self.policy = Arc::clone(policy);
    }
}

/// The keys of labels and homes.
#[derive(Debug)]
pub struct Keys {
    keyring: Arc<Keyring>,
    entropy: Entropy,
    config: Arc<ArcSwap<Config>>,
    lexicon: RwLock<Lexicon>,
    records: RwLock<BTreeMap<(LabelHandle, Id), Arc<Secret>>>,
}

fn first_half(whole: [u8; 32]) -> [u8; 16] {
    let mut half = [0; 16];
    half.iter_mut().zip(whole).for_each(|(to, from)| *to = from);
    half
}

fn tagged(tag: u8, name: &[u8; 16]) -> Key {
    let mut bytes = [tag; 17];
    bytes.iter_mut().skip(1).zip(name).for_each(|(to, from)| *to = *from);
    Key::fixed(bytes)
}

impl Keys {
    /// Reads the label keys.
    ///
    /// # Errors
    /// [`KeyError::Tampered`] when a row does not open; the server must not start then.
    pub fn load(
        engine: &dyn Engine,
        keyring: Arc<Keyring>,
        entropy: Entropy,
        config: Arc<ArcSwap<Config>>,
    ) -> Result<Self, KeyError> {
        let mut labels = BTreeMap::new();
        let mut range = KeyRange::prefix(b"L");
        loop {
            let rows = engine.snapshot()?.scan(Family::Keys, &range, Direction::Forward, limits::SCAN_ROWS_MAX)?;
            for (key, row) in &rows {
                let (handle, label) = open_label(&keyring, key, row)?;
                labels.insert(handle, Arc::new(label));
            }
            match rows.last() {
                Some((last, _)) if rows.len() == limits::SCAN_ROWS_MAX => range = range.after(last),
                _ => break,
            }
        }
        let lexicon = RwLock::new(Lexicon::new(labels, config.load().policy()));
        Ok(Self { keyring, entropy, config, lexicon, records: RwLock::default() })
    }

    /// Answers from the labels as the policy in force reads them.
    fn consult<T>(&self, question: impl FnOnce(&Lexicon) -> T) -> T {
        let config = self.config.load();
        {
            let lexicon = self.lexicon.read().unwrap_or_else(PoisonError::into_inner);
            if Arc::ptr_eq(&lexicon.policy, config.policy()) {
                return question(&lexicon);
            }
        }
        let mut lexicon = self.lexicon.write().unwrap_or_else(PoisonError::into_inner);
        // Another request may have done it meanwhile.
        if !Arc::ptr_eq(&lexicon.policy, config.policy()) {
            lexicon.read(config.policy());
        }
        question(&lexicon)
    }

    /// The handle of a label.
    pub fn handle(&self, label: &Label) -> LabelHandle {
        let known = self.consult(|lexicon| lexicon.handles.get(&label.bits()).copied());
        known.unwrap_or_else(|| self.handle_of(&self.config.load().policy().stored(label)))
    }

    fn handle_of(&self, text: &str) -> LabelHandle {
        first_half(hmac(self.keyring.row(), &[b"label\0", text.as_bytes()]))
    }

    /// The label of a handle, under the policy in force.
    ///
    /// # Errors
    /// [`KeyError::Missing`] when its key is not here or the policy does not know it.
    pub fn label(&self, handle: &LabelHandle) -> Result<Label, KeyError> {
        self.consult(|lexicon| lexicon.labels.get(handle).copied()).ok_or(KeyError::Missing)
    }

    fn known(&self, handle: &LabelHandle) -> Option<Arc<KnownLabel>> {
        self.lexicon.read().unwrap_or_else(PoisonError::into_inner).known.get(handle).cloned()
    }

    /// All labels that have a key and flow to `working`: where a list may look.
    pub fn below(&self, working: &Label) -> Vec<(LabelHandle, Label)> {
        self.consult(|lexicon| {
            #[cfg(feature = "exam")]
            let all = lexicon.labels.values();
            #[cfg(feature = "exam")]
            let working =
                &if crate::exam::is_wide() { all.fold(*working, |all, label| all.join(label)) } else { *working };
            let labels = lexicon.labels.iter().filter(|(_, label)| label.flows_to(working));
            labels.map(|(handle, label)| (*handle, *label)).collect()
        })
    }

    /// All labels that have a key and that the policy in force knows.
    pub fn readable(&self) -> BTreeSet<LabelHandle> {
        self.consult(|lexicon| lexicon.labels.keys().copied().collect())
    }

    /// All labels that have a key.
    pub fn all(&self) -> Vec<LabelHandle> {
        self.lexicon.read().unwrap_or_else(PoisonError::into_inner).known.keys().copied().collect()
    }

    /// A key of its own for what is made from the contents of a label.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn derived(&self, label: &LabelHandle, purpose: &[u8]) -> Result<Secret, KeyError> {
        let known = self.known(label).ok_or(KeyError::Missing)?;
        Ok(expand(&known.key, &[purpose, label])?)
    }

    /// Whether the label has its key.
    pub fn has(&self, handle: &LabelHandle) -> bool {
        self.known(handle).is_some()
    }

    /// Adds a fresh key for `label` to a batch; [`Keys::learn`] puts it in force once the batch is durable.
    ///
    /// # Errors
    /// [`Exhausted`].
    pub fn make_label(&self, batch: &mut Batch, label: &Label) -> Result<(), Exhausted> {
        let text = self.config.load().policy().stored(label);
        let handle = self.handle_of(&text);
        let wrapped = WrappedLabel { text, key: self.entropy.bytes()? };
        let mut content = postcard::to_stdvec(&wrapped).map_err(|_never| Exhausted::Entropy)?;
        let key = tagged(b'L', &handle);
        let value = self.wrap(key.bytes(), &content)?;
        content.zeroize();
        batch.check(Check::Absent(Family::Keys, key.clone()));
        batch.put(Family::Keys, key, Row { version: 1, value });
        Ok(())
    }

    /// Takes up a label's key from the store.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn learn(&self, engine: &dyn Engine, label: &Label) -> Result<(), KeyError> {
        let handle = self.handle(label);
        let key = tagged(b'L', &handle);
        let row = engine.get(Family::Keys, &key)?.ok_or(KeyError::Missing)?;
        let (handle, known) = open_label(&self.keyring, &key, &row)?;
        let config = self.config.load();
        let mut lexicon = self.lexicon.write().unwrap_or_else(PoisonError::into_inner);
        lexicon.known.insert(handle, Arc::new(known));
        lexicon.read(config.policy());
        Ok(())
    }

    fn salt_key(&self, home: Id) -> Key {
        tagged(b'S', &first_half(hmac(self.keyring.row(), &[b"salt\0", home.bytes()])))
    }

    /// Adds a fresh salt for a new home to a batch, and answers it for what else the batch seals there.
    ///
    /// # Errors
    /// [`Exhausted`].
    pub fn make_salt(&self, batch: &mut Batch, home: Id) -> Result<Vec<u8>, Exhausted> {
        let key = self.salt_key(home);
        let salt: [u8; 32] = self.entropy.bytes()?;
        let value = self.wrap(key.bytes(), &salt)?;
        batch.check(Check::Absent(Family::Keys, key.clone()));
        batch.put(Family::Keys, key, Row { version: 1, value });
        Ok(salt.to_vec())
    }

    /// Destroys the salt of a home with a batch: nothing that was sealed there opens again, wherever a copy lies.
    pub fn forget_salt(&self, batch: &mut Batch, home: Id) {
        batch.delete(Family::Keys, self.salt_key(home));
        let mut records = self.records.write().unwrap_or_else(PoisonError::into_inner);
        records.retain(|(_, of), _| *of != home);
    }

    /// The key of the records of one label in a home whose salt is not in the store yet.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn fresh_record_key(&self, label: &LabelHandle, home: Id, salt: &[u8]) -> Result<Arc<Secret>, KeyError> {
        let known = self.known(label).ok_or(KeyError::Missing)?;
        Ok(Arc::new(salted(&known.key, home, salt)?))
    }

    fn wrap(&self, place: &[u8], content: &[u8]) -> Result<Vec<u8>, Exhausted> {
        let key = self.keyring.present(Purpose::Label).map_err(|_never| Exhausted::Entropy)?;
        let mut value = self.keyring.current().to_be_bytes().to_vec();
        value.extend_from_slice(&frame::seal(key, place, content, &self.entropy)?);
        Ok(value)
    }

    /// The key of the records of one label in one home.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn record_key(&self, engine: &dyn Engine, label: &LabelHandle, home: Id) -> Result<Arc<Secret>, KeyError> {
        if let Some(key) = self.records.read().unwrap_or_else(PoisonError::into_inner).get(&(*label, home)) {
            return Ok(Arc::clone(key));
        }
        let known = self.known(label).ok_or(KeyError::Missing)?;
        let key = if home.is_none() {
            expand(&known.key, &[b"vigie/records/v1\0"])?
        } else {
            let place = self.salt_key(home);
            let row = engine.get(Family::Keys, &place)?.ok_or(KeyError::Missing)?;
            let mut salt = unwrap(&self.keyring, &place, &row)?;
            let key = salted(&known.key, home, &salt);
            salt.zeroize();
            key?
        };
        let key = Arc::new(key);
        let mut records = self.records.write().unwrap_or_else(PoisonError::into_inner);
        if records.len() >= limits::RECORD_KEYS_CACHED_MAX {
            records.clear();
        }
        records.insert((*label, home), Arc::clone(&key));
        Ok(key)
    }
}

fn salted(label_key: &Secret, home: Id, salt: &[u8]) -> Result<Secret, Exhausted> {
    expand(label_key, &[b"vigie/records/v1\0", home.bytes(), salt])
}

fn unwrap(keyring: &Keyring, place: &Key, row: &Row) -> Result<Vec<u8>, KeyError> {
    let (epoch, framed) = row.value.split_at_checked(4).ok_or(KeyError::Tampered)?;
    let epoch = u32::from_be_bytes(epoch.try_into().map_err(|_length| KeyError::Tampered)?);
    let key = keyring.key(epoch, Purpose::Label).map_err(|_destroyed| KeyError::Tampered)?;
    frame::open(key, place.bytes(), framed).map_err(|_unsealable| KeyError::Tampered)
}

fn open_label(keyring: &Keyring, place: &Key, row: &Row) -> Result<(LabelHandle, KnownLabel), KeyError> {
    let mut content = unwrap(keyring, place, row)?;
    let wrapped: Result<WrappedLabel, _> = postcard::from_bytes(&content);
    content.zeroize();
    let mut wrapped = wrapped.map_err(|_malformed| KeyError::Tampered)?;
    let handle = first_half(hmac(keyring.row(), &[b"label\0", wrapped.text.as_bytes()]));
    // Pair assertion: the row stands under the handle of the text it holds.
    if tagged(b'L', &handle) != *place {
        return Err(KeyError::Tampered);
    }
    let key = Secret::new(&mut wrapped.key)?;
    Ok((handle, KnownLabel { text: std::mem::take(&mut wrapped.text), key }))
}
