//! What searches and the follower share: the indexes that may be asked, and those that may not.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::sync::Semaphore;

use super::{
    cache::Cache,
    error::FindingError,
    follower::{Follower, Progress},
    index::LabelIndex,
    place::Place,
};
use crate::{
    crypto::Entropy,
    limits::SEARCHES_AT_ONCE_MAX,
    monitor::Refusal,
    vault::{LabelHandle, Vault, follow::Side},
};

#[derive(Default)]
struct Serving {
    ready: BTreeMap<LabelHandle, Arc<LabelIndex>>,
    /// Lost: there is nothing to be asked until they are made anew.
    closed: BTreeSet<LabelHandle>,
}

impl Serving {
    fn close(&mut self, label: LabelHandle) {
        self.ready.remove(&label);
        self.closed.insert(label);
    }
}

/// The indexes of a deployment.
pub struct Finder {
    place: Place,
    /// Of its own: what is drawn for pages must not change what is drawn for identifiers.
    entropy: Entropy,
    cache: Arc<Cache>,
    serving: RwLock<Serving>,
    damaged: Mutex<BTreeSet<(LabelHandle, Side)>>,
    begun: AtomicBool,
    follower: Mutex<Option<Follower>>,
    progress: Mutex<Progress>,
    renewal: AtomicBool,
    renewed: AtomicBool,
    /// Places of those who look something up, see `gate.rs`.
    pub(super) gate: Arc<Semaphore>,
}

impl std::fmt::Debug for Finder {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Finder")
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Finder {
    /// The indexes in a place. Nothing is read before the first [`Finder::step`].
    pub fn new(place: Place) -> Arc<Self> {
        Arc::new(Self {
            place,
            entropy: Entropy::default(),
            cache: Arc::default(),
            serving: RwLock::default(),
            damaged: Mutex::default(),
            begun: AtomicBool::new(false),
            follower: Mutex::new(None),
            progress: Mutex::default(),
            renewal: AtomicBool::new(false),
            renewed: AtomicBool::new(false),
            gate: Arc::new(Semaphore::new(SEARCHES_AT_ONCE_MAX)),
        })
    }

    /// Where they lie.
    pub const fn place(&self) -> &Place {
        &self.place
    }

    pub(super) const fn entropy(&self) -> &Entropy {
        &self.entropy
    }

    pub(super) const fn cache(&self) -> &Arc<Cache> {
        &self.cache
    }

    /// Takes up the right to follow, journalled, if this process does not have it yet.
    ///
    /// # Errors
    /// [`Refusal::Stopped`].
    pub async fn begin(&self, vault: &Vault) -> Result<(), Refusal> {
        if held(&self.follower).is_some() {
            return Ok(());
        }
        let permit = vault.monitor().follow().await?;
        held(&self.follower).get_or_insert_with(|| Follower::new(vault.follow(permit)));
        Ok(())
    }

    /// Follows a little; whether there is more to do at once. Blocks.
    ///
    /// # Errors
    /// [`FindingError`]. The next step goes on where this one ended.
    pub fn step(&self, vault: &Vault) -> Result<bool, FindingError> {
        let mut follower = held(&self.follower);
        let Some(follower) = &mut *follower else { return Ok(false) };
        if self.renewal.load(Ordering::Acquire) {
            follower.renew_all(self, vault)?;
            *held(&self.progress) = follower.progress(vault);
            self.renewal.store(false, Ordering::Release);
        }
        let outcome = follower.step(self, vault);
        // Also of a step that failed: whoever waits must not take it for the last one.
        *held(&self.progress) = follower.progress(vault);
        outcome
    }

    /// Goes on making one segment of those of each index; whether there is more to do, now or later. Does not block.
    pub fn compact(&self) -> bool {
        held(&self.follower).as_mut().is_some_and(Follower::compact)
    }

    /// Lets the follower go, whose state nobody knows after a panic: the next one begins with what is on the disk.
    pub fn abandon(&self) {
        drop(held(&self.follower).take());
    }

    /// Follows until everything that is committed now can be found. Blocks.
    ///
    /// # Errors
    /// [`FindingError`].
    pub fn settle(&self, vault: &Vault) -> Result<(), FindingError> {
        while self.step(vault)? {}
        Ok(())
    }

    /// Has all indexes made anew, from the next step on. Those that are whole are asked until then.
    pub fn renew(&self) {
        self.renewal.store(true, Ordering::Release);
    }

    /// Whether any index was made anew since the process began.
    pub fn was_renewed(&self) -> bool {
        self.renewed.load(Ordering::Acquire)
    }

    /// How far a rebuilding is. One that was asked for and has not begun yet is not done.
    pub fn progress(&self) -> Progress {
        let progress = *held(&self.progress);
        if self.renewal.load(Ordering::Acquire) {
            Progress { indexes: progress.indexes.max(1), share: 0 }
        } else {
            progress
        }
    }

    /// Ends in order. Blocks until merges under way are done.
    ///
    /// # Errors
    /// [`FindingError`].
    pub fn rest(&self, vault: &Vault) -> Result<(), FindingError> {
        let follower = held(&self.follower).take();
        follower.map_or(Ok(()), |follower| follower.rest(self, vault))
    }

    /// The indexes of these labels; a label that nothing was written under has none.
    ///
    /// # Errors
    /// [`FindingError::Rebuilding`] when one of them cannot be asked now.
    pub fn indexes(&self, labels: &[LabelHandle]) -> Result<Vec<Arc<LabelIndex>>, FindingError> {
        let serving = self.serving.read().unwrap_or_else(PoisonError::into_inner);
        if !self.begun.load(Ordering::Acquire) || labels.iter().any(|label| serving.closed.contains(label)) {
            return Err(FindingError::Rebuilding);
        }
        Ok(labels.iter().filter_map(|label| serving.ready.get(label)).cloned().collect())
    }

    /// A search met something in an index that cannot be: it is closed now, and made anew soon. A search that began before
    /// another index took its place tells of one that nobody asks any more.
    pub fn damaged(&self, label: LabelHandle, side: Side, error: &FindingError) {
        let is_asked = {
            let mut serving = self.serving.write().unwrap_or_else(PoisonError::into_inner);
            // Until it is closed nothing takes its place.
            let is_asked = serving.ready.get(&label).is_some_and(|index| index.side() == side);
            if is_asked {
                serving.close(label);
                held(&self.damaged).insert((label, side));
                self.note_renewal();
            }
            is_asked
        };
        tracing::error!(%error, is_asked, "an index is damaged");
    }

    pub(super) fn take_damaged(&self) -> BTreeSet<(LabelHandle, Side)> {
        std::mem::take(&mut held(&self.damaged))
    }

    pub(super) fn begun(&self) {
        self.begun.store(true, Ordering::Release);
    }

    pub(super) fn serve(&self, index: Arc<LabelIndex>) {
        let mut serving = self.serving.write().unwrap_or_else(PoisonError::into_inner);
        serving.closed.remove(index.label());
        serving.ready.insert(*index.label(), index);
    }

    pub(super) fn note_renewal(&self) {
        self.renewed.store(true, Ordering::Release);
    }

    pub(super) fn withdraw(&self, label: LabelHandle) {
        self.note_renewal();
        self.serving.write().unwrap_or_else(PoisonError::into_inner).close(label);
    }
}
