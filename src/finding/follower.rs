//! How the indexes follow what is written.
//!
//! ```text
//! journal entry -> objects it wrote -> their present records -> documents -> commit of each index -> `own`
//! ```
//!
//! What an index says of an object is made from the record as it is now, so the same entry may be followed twice, and
//! order matters only in that nothing is left out. `own` says up to which entry everything is in the indexes, and which
//! generation of each of them that was. What a crash leaves, step by step: before an index commits, its old state;
//! between its commit and `own`, a newer index than `own` says, and some entries are followed again; after `own`,
//! everything. An index that is older than `own` says was put back or lost its last commit: it is made anew.
//!
//! Making one anew goes in steps, between which what was just written has its turn.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};

use super::{error::FindingError, finder::Finder, index::LabelIndex, matter::Matter, place::Place};
use crate::{
    ids::Id,
    limits,
    vault::{Envelope, Following, LabelHandle, Vault, follow::Cursor},
};

/// Name of the file that says how far the indexes are.
const OWN: &str = "own";

/// What the indexes remember of themselves.
#[derive(Serialize, Deserialize, Default, Clone, PartialEq, Eq, Debug)]
struct Own {
    /// Everything before this entry is in the indexes.
    position: u64,
    /// The generation of each index; none while it is being made anew.
    indexes: BTreeMap<LabelHandle, Option<u64>>,
}

/// An index being made anew.
#[derive(Debug, Default)]
struct Rebuilding {
    after: Option<Cursor>,
    /// Records looked at.
    done: u64,
}

/// How far a rebuilding is, for whoever waits.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Progress {
    /// Indexes still to be made anew, the present one included.
    pub indexes: usize,
    /// Records of the present one that were looked at.
    pub records: u64,
}

/// The follower of one process.
pub struct Follower {
    right: Following,
    /// All that are open, those being made anew included.
    indexes: BTreeMap<LabelHandle, Arc<LabelIndex>>,
    own: Option<Own>,
    rebuilding: BTreeMap<LabelHandle, Rebuilding>,
}

impl Follower {
    /// A follower that has looked at nothing yet.
    pub const fn new(right: Following) -> Self {
        Self { right, indexes: BTreeMap::new(), own: None, rebuilding: BTreeMap::new() }
    }

    /// Follows some entries, then makes anew a part of what is to be. Answers whether there is more to do at once.
    ///
    /// # Errors
    /// [`FindingError`]; what was damaged is made anew at the next steps.
    pub fn step(&mut self, finder: &Finder, vault: &Vault) -> Result<bool, FindingError> {
        if self.own.is_none() {
            self.begin(finder, vault)?;
        }
        for label in finder.take_damaged() {
            self.renew(finder, vault, label)?;
        }
        let more = self.follow(finder, vault)?;
        let building = self.rebuild(finder, vault)?;
        self.rest_some()?;
        Ok(more || building)
    }

    /// How far the rebuilding is.
    pub fn progress(&self) -> Progress {
        let records = self.rebuilding.values().next().map_or(0, |one| one.done);
        Progress { indexes: self.rebuilding.len(), records }
    }

    /// Has every index made anew.
    ///
    /// # Errors
    /// [`FindingError`].
    pub fn renew_all(&mut self, finder: &Finder, vault: &Vault) -> Result<(), FindingError> {
        if self.own.is_none() {
            self.begin(finder, vault)?;
        }
        for label in self.right.labels(vault) {
            self.renew(finder, vault, label)?;
        }
        Ok(())
    }

    /// Reads how far the indexes are, and opens them.
    fn begin(&mut self, finder: &Finder, vault: &Vault) -> Result<(), FindingError> {
        finder.place().make()?;
        let own = read_own(&self.right, finder.place(), vault);
        let labels = self.right.labels(vault);
        let known = own.clone().unwrap_or_else(|| {
            // Nothing is known: all that was written so far is made anew, and what comes from now on is followed.
            let indexes = labels.iter().map(|label| (*label, None)).collect();
            Own { position: vault.monitor().journal().length(), indexes }
        });
        self.remove_strangers(finder, vault, &labels)?;
        self.own = Some(known.clone());
        for (label, generation) in &known.indexes {
            if !labels.contains(label) {
                continue;
            }
            let opened = generation.map(|least| self.open(finder, vault, *label).map(|found| (found, least)));
            match opened {
                Some(Ok(((index, Some(there)), least))) if there >= least => {
                    self.indexes.insert(*label, Arc::clone(&index));
                    finder.serve(index);
                }
                Some(Err(FindingError::Disk(error))) => return Err(FindingError::Disk(error)),
                // Rolled back, gone, damaged, or never finished.
                _ => self.renew(finder, vault, *label)?,
            }
        }
        finder.begun();
        Ok(())
    }

    /// What lies there and is no index of a label that has a key: it can never be read again.
    fn remove_strangers(&self, finder: &Finder, vault: &Vault, labels: &[LabelHandle]) -> Result<(), FindingError> {
        let mut ours: BTreeSet<String> = [OWN.to_owned()].into();
        for label in labels {
            ours.insert(self.right.folder(vault, label)?);
        }
        for name in finder.place().names()? {
            if !ours.contains(&name) && name.len() == 32 {
                finder.place().within(&name).clear()?;
            }
        }
        Ok(())
    }

    fn open(
        &self,
        finder: &Finder,
        vault: &Vault,
        label: LabelHandle,
    ) -> Result<(Arc<LabelIndex>, Option<u64>), FindingError> {
        let key = Arc::new(self.right.key(vault, &label)?);
        let place = finder.place().within(&self.right.folder(vault, &label)?);
        let (index, generation) = LabelIndex::open(label, &place, key, finder.entropy(), finder.cache())?;
        Ok((Arc::new(index), generation))
    }

    /// Throws an index away and begins it anew.
    fn renew(&mut self, finder: &Finder, vault: &Vault, label: LabelHandle) -> Result<(), FindingError> {
        tracing::warn!("an index is made anew");
        finder.withdraw(label);
        if let Some(old) = self.indexes.remove(&label) {
            // A merge that is under way would end in the new one's list of segments. What it says does not matter any more.
            drop(old.rest());
        }
        if let Some(own) = &mut self.own {
            own.indexes.insert(label, None);
        }
        finder.place().within(&self.right.folder(vault, &label)?).clear()?;
        let (index, _) = self.open(finder, vault, label)?;
        self.indexes.insert(label, index);
        self.rebuilding.insert(label, Rebuilding::default());
        self.write_own(finder, vault)
    }

    /// The index of a label; a fresh one for a label that nothing was written under before.
    fn index(&mut self, finder: &Finder, vault: &Vault, label: LabelHandle) -> Result<Arc<LabelIndex>, FindingError> {
        if let Some(index) = self.indexes.get(&label) {
            return Ok(Arc::clone(index));
        }
        // What was written under it before `own` would have put it into `own`: it has nothing yet.
        finder.place().within(&self.right.folder(vault, &label)?).clear()?;
        let (index, _) = self.open(finder, vault, label)?;
        self.indexes.insert(label, Arc::clone(&index));
        finder.serve(Arc::clone(&index));
        Ok(index)
    }

    fn follow(&mut self, finder: &Finder, vault: &Vault) -> Result<bool, FindingError> {
        let position = self.own.as_ref().map_or(0, |own| own.position);
        // Read before the entries: a change that comes in between is followed now or at the next look.
        let length = vault.monitor().journal().length();
        let changes = self.right.changes(vault, position)?;
        let objects: BTreeSet<Id> = changes.objects.into_iter().filter(|id| !id.is_none()).collect();
        for id in &objects {
            match self.right.record(vault, *id)? {
                Some(envelope) => self.put(finder, vault, envelope)?,
                None => {
                    for (label, index) in &self.indexes {
                        let gone = index.concerns(*id).and_then(|is| if is { index.forget(*id) } else { Ok(()) });
                        kept(finder, *label, gone)?;
                    }
                }
            }
        }
        if changes.next != position {
            self.commit(finder, vault, changes.next, !objects.is_empty())?;
        }
        Ok(changes.next < length)
    }

    fn put(&mut self, finder: &Finder, vault: &Vault, envelope: Envelope) -> Result<(), FindingError> {
        let (label, id, kind) = (envelope.header().label, envelope.header().id, envelope.header().kind);
        let document = match Matter::of(vault, &self.right, envelope) {
            Ok(None) if kind != crate::vault::Kind::Link && kind != crate::vault::Kind::Message => return Ok(()),
            Ok(matter) => matter,
            // Its key was destroyed: it is not there any more.
            Err(crate::vault::VaultError::Refused(_)) => None,
            Err(crate::vault::VaultError::Tampered(id)) => {
                tracing::error!(%id, "a stored record does not open and is not in the index: run `vigie store verify`");
                None
            }
            Err(error) => return Err(error.into()),
        };
        let index = self.index(finder, vault, label)?;
        let document = document.map(|(matter, _)| matter.document(index.fields()));
        kept(finder, label, index.put(id, document))
    }

    /// Commits all indexes that have something new, then says how far they are.
    fn commit(&mut self, finder: &Finder, vault: &Vault, position: u64, touched: bool) -> Result<(), FindingError> {
        if touched {
            for (label, index) in &self.indexes {
                if let Err(error) = index.commit(position) {
                    finder.damaged(*label, &error);
                }
            }
        }
        let Some(own) = &mut self.own else { return Ok(()) };
        own.position = position;
        if touched {
            for label in self.indexes.keys() {
                let is_whole = !self.rebuilding.contains_key(label);
                // One that had nothing to commit stays what it was.
                let before = own.indexes.get(label).copied().flatten();
                let now = self.indexes.get(label).and_then(|index| index.generation());
                own.indexes.insert(*label, if is_whole { now.or(before) } else { None });
            }
        }
        // Entries that wrote nothing need not be remembered at once: following them again costs little.
        if touched { self.write_own(finder, vault) } else { Ok(()) }
    }

    /// Makes a part of the first index that is to be made anew.
    fn rebuild(&mut self, finder: &Finder, vault: &Vault) -> Result<bool, FindingError> {
        let until = Instant::now().checked_add(Duration::from_millis(limits::REINDEX_STEP_MS));
        let Some(label) = self.rebuilding.keys().next().copied() else { return Ok(false) };
        while until.is_some_and(|until| Instant::now() < until) {
            let after = self.rebuilding.get(&label).and_then(|one| one.after.as_ref());
            let records = self.right.records(vault, after)?;
            let count = u64::try_from(records.found.len()).unwrap_or(u64::MAX);
            for envelope in records.found.into_iter().filter(|envelope| envelope.header().label == label) {
                self.put(finder, vault, envelope)?;
            }
            if let Some(one) = self.rebuilding.get_mut(&label) {
                one.after.clone_from(&records.next);
                one.done = one.done.saturating_add(count);
            }
            if records.next.is_none() {
                self.finish(finder, vault, label)?;
                break;
            }
        }
        finder.tell(self.progress());
        Ok(!self.rebuilding.is_empty())
    }

    fn finish(&mut self, finder: &Finder, vault: &Vault, label: LabelHandle) -> Result<(), FindingError> {
        self.rebuilding.remove(&label);
        let Some(index) = self.indexes.get(&label).cloned() else { return Ok(()) };
        let position = self.own.as_ref().map_or(0, |own| own.position);
        index.seal(position)?;
        if let Some(own) = &mut self.own {
            own.indexes.insert(label, Some(position));
        }
        self.write_own(finder, vault)?;
        finder.serve(index);
        Ok(())
    }

    /// Lets writers go beyond their number: each has threads and memory.
    fn rest_some(&self) -> Result<(), FindingError> {
        let writing: Vec<_> = self.indexes.iter().filter(|(_, index)| index.is_writing()).collect();
        let surplus = writing.len().saturating_sub(limits::INDEX_WRITERS_MAX);
        for (label, index) in
            writing.into_iter().filter(|(label, _)| !self.rebuilding.contains_key(*label)).take(surplus)
        {
            tracing::debug!(?label, "an index rests");
            index.rest()?;
        }
        Ok(())
    }

    /// Ends in order: merges under way are finished.
    ///
    /// # Errors
    /// [`FindingError`].
    pub fn rest(&self, finder: &Finder, vault: &Vault) -> Result<(), FindingError> {
        for index in self.indexes.values() {
            index.rest()?;
        }
        self.write_own(finder, vault)
    }

    fn write_own(&self, finder: &Finder, vault: &Vault) -> Result<(), FindingError> {
        let Some(own) = &self.own else { return Ok(()) };
        let bytes = postcard::to_stdvec(own).map_err(|_never| FindingError::Damaged("own".to_owned()))?;
        Ok(finder.place().replace(OWN, &self.right.seal_own(vault, &bytes)?)?)
    }
}

/// A damaged index is made anew; it does not stop the others.
fn kept(finder: &Finder, label: LabelHandle, outcome: Result<(), FindingError>) -> Result<(), FindingError> {
    match outcome {
        Err(error @ FindingError::Damaged(_)) => {
            finder.damaged(label, &error);
            Ok(())
        }
        other => other,
    }
}

fn read_own(right: &Following, place: &Place, vault: &Vault) -> Option<Own> {
    let source = place.open(OWN).ok()?;
    let length = usize::try_from(source.length()).ok().filter(|length| *length <= limits::INDEX_OWN_BYTES_MAX)?;
    let bytes = right.open_own(vault, &source.read(0, length).ok()?)?;
    let own: Own = postcard::from_bytes(&bytes).ok()?;
    // A journal shorter than that is another one.
    (own.position <= vault.monitor().journal().length()).then_some(own)
}
