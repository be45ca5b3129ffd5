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
//! What goes wrong is told apart. An index that is not what it should be is *lost*: `own` says so before anything else
//! is written, searches that need it wait, and it is made anew ([`super::remake`]). Where the disk or the store fails,
//! the position stays: the same entries are followed again later, and no index goes.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{
    analysis::Stems,
    compact::Compaction,
    error::FindingError,
    finder::Finder,
    index::LabelIndex,
    own::{self, Own, Whole},
    remake::Scan,
    schema::Fields,
};
use crate::{
    limits,
    vault::{Following, LabelHandle, Vault, follow::Side},
};

/// How far a rebuilding is, for whoever waits.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Progress {
    /// Indexes still to be made anew, those under way included.
    pub indexes: usize,
    /// How much of all that was to be made anew is, in thousandths.
    pub share: u32,
}

/// The follower of one process.
pub struct Follower {
    pub(super) right: Following,
    /// Those that are whole.
    pub(super) indexes: BTreeMap<LabelHandle, Arc<LabelIndex>>,
    pub(super) own: Option<Own>,
    /// To be made anew. What is written under them meanwhile is found then.
    pub(super) lost: BTreeSet<LabelHandle>,
    /// Whole, and to be made anew because somebody asked for it. They are asked and followed until then.
    pub(super) aged: BTreeSet<LabelHandle>,
    /// Those being made anew now.
    pub(super) scan: Option<Scan>,
    /// How many were made anew since there was nothing to make.
    pub(super) made: usize,
    /// What lies where nothing is to lie any more, once `own` says so.
    pub(super) replaced: Vec<(LabelHandle, Side)>,
    /// Whether `own` on the disk is older than what was decided here.
    pub(super) unsaved: bool,
    pub(super) compaction: Compaction,
    /// Forgotten when there is nothing to do: they are words of all labels.
    pub(super) stems: Stems,
    pub(super) fields: Fields,
}

impl Follower {
    /// A follower that has looked at nothing yet.
    pub fn new(right: Following) -> Self {
        Self {
            right,
            indexes: BTreeMap::new(),
            own: None,
            lost: BTreeSet::new(),
            aged: BTreeSet::new(),
            scan: None,
            made: 0,
            replaced: Vec::new(),
            unsaved: false,
            compaction: Compaction::default(),
            stems: Stems::default(),
            fields: Fields::default(),
        }
    }

    /// Follows some entries, then makes anew a part of what is to be. Answers whether there is more to do at once.
    ///
    /// # Errors
    /// [`FindingError`]; the next step goes on from there.
    pub fn step(&mut self, finder: &Finder, vault: &Vault) -> Result<bool, FindingError> {
        let outcome = self.stride(finder, vault);
        if !matches!(outcome, Ok(true)) {
            self.stems = Stems::default();
        }
        if matches!(outcome, Ok(false)) && self.compaction.is_time() {
            self.compact();
        }
        outcome
    }

    fn stride(&mut self, finder: &Finder, vault: &Vault) -> Result<bool, FindingError> {
        self.begin(finder, vault)?;
        for (label, side) in finder.take_damaged() {
            if self.indexes.get(&label).is_some_and(|index| index.side() == side) {
                self.lose(finder, label);
            }
        }
        self.open_known(finder, vault)?;
        let more = self.follow(finder, vault)?;
        let building = self.remake(finder, vault)?;
        self.rest_some()?;
        Ok(more || building)
    }

    /// Reads how far the indexes are.
    pub(super) fn begin(&mut self, finder: &Finder, vault: &Vault) -> Result<(), FindingError> {
        if self.own.is_some() {
            return Ok(());
        }
        finder.place().make()?;
        let held = self.right.labels(vault);
        let mut own = match Own::read(&self.right, finder.place(), vault) {
            Some(own) => own,
            None => Own::fresh(&self.right, vault)?,
        };
        own.indexes.retain(|label, _| held.contains(label));
        self.remove_strangers(finder, vault, &own)?;
        let unfinished: Vec<LabelHandle> =
            own.indexes.iter().filter(|(_, whole)| whole.is_none()).map(|(label, _)| *label).collect();
        self.own = Some(own);
        for label in unfinished {
            self.lose(finder, label);
        }
        Ok(())
    }

    /// What lies there and is no whole index: of a label without a key, or one that was being made.
    fn remove_strangers(&self, finder: &Finder, vault: &Vault, own: &Own) -> Result<(), FindingError> {
        let mut ours: BTreeSet<String> = [own::NAME.to_owned()].into();
        for (label, whole) in &own.indexes {
            if let Some(whole) = whole {
                ours.insert(self.right.folder(vault, label, whole.side)?);
            }
        }
        for name in finder.place().names()? {
            if !ours.contains(&name) && name.len() == 32 {
                finder.place().within(&name).clear()?;
            }
        }
        Ok(())
    }

    /// Opens the indexes that `own` says are whole. A policy may know a label again that it did not know: so at each step.
    pub(super) fn open_known(&mut self, finder: &Finder, vault: &Vault) -> Result<(), FindingError> {
        let readable = self.right.readable(vault);
        let closed: Vec<(LabelHandle, Whole)> = self
            .own
            .iter()
            .flat_map(|own| &own.indexes)
            .filter(|(label, _)| readable.contains(*label) && !self.indexes.contains_key(*label))
            .filter_map(|(label, whole)| whole.map(|whole| (*label, whole)))
            .collect();
        for (label, whole) in closed {
            match self.open(finder, vault, label, whole.side) {
                Ok((index, Some(there))) if there >= whole.generation => {
                    self.indexes.insert(label, Arc::clone(&index));
                    finder.serve(index);
                }
                // Rolled back, gone, damaged, or never finished.
                Ok(_) | Err(FindingError::Damaged(_)) => self.lose(finder, label),
                Err(error) => {
                    finder.withdraw(label);
                    return Err(error);
                }
            }
        }
        finder.begun();
        Ok(())
    }

    pub(super) fn open(
        &self,
        finder: &Finder,
        vault: &Vault,
        label: LabelHandle,
        side: Side,
    ) -> Result<(Arc<LabelIndex>, Option<u64>), FindingError> {
        let key = Arc::new(self.right.key(vault, &label, side)?);
        let place = finder.place().within(&self.right.folder(vault, &label, side)?);
        let (index, generation) = LabelIndex::open(label, side, &place, key, finder.entropy(), finder.cache())?;
        Ok((Arc::new(index), generation))
    }

    /// Removes what lies on a side.
    pub(super) fn clear(
        &self,
        finder: &Finder,
        vault: &Vault,
        label: &LabelHandle,
        side: Side,
    ) -> Result<(), FindingError> {
        Ok(finder.place().within(&self.right.folder(vault, label, side)?).clear()?)
    }

    /// Where the index of a label lies; none for one that is not whole.
    pub(super) fn side(&self, label: &LabelHandle) -> Option<Side> {
        Some((*self.own.as_ref()?.indexes.get(label)?)?.side)
    }

    /// An index is not to be relied on any more. Nothing can fail here: whatever happens next, it counts as lost.
    pub(super) fn lose(&mut self, finder: &Finder, label: LabelHandle) {
        tracing::warn!("an index is made anew");
        finder.withdraw(label);
        if let Some(own) = &mut self.own {
            own.indexes.insert(label, None);
        }
        self.aged.remove(&label);
        self.compaction.again();
        if let Some(old) = self.indexes.remove(&label) {
            // A merge that is under way would end in the new one's list of segments. What it says does not matter.
            drop(old.rest());
        }
        // One that is being made in its place goes on, and is waited for.
        if self.making(&label).is_none() {
            self.lost.insert(label);
        }
    }

    /// What becomes of an index that did not take something.
    pub(super) fn taken(
        &mut self,
        finder: &Finder,
        label: LabelHandle,
        outcome: Result<(), FindingError>,
    ) -> Result<(), FindingError> {
        let Err(error) = outcome else { return Ok(()) };
        tracing::error!(%error, "an index does not take what is written");
        if matches!(error, FindingError::Damaged(_)) {
            self.lose(finder, label);
            return Ok(());
        }
        if let Some(index) = self.indexes.get(&label) {
            index.roll_back();
        }
        Err(error)
    }

    /// Lets the writer of a label go when there are too many: each has threads and memory. What it has is committed
    /// first, under the present position: following the same entries again changes nothing.
    pub(super) fn make_room(&mut self, finder: &Finder, label: LabelHandle, position: u64) -> Result<(), FindingError> {
        let writing = self.indexes.values().chain(self.all_made()).filter(|index| index.is_writing()).count();
        if writing <= limits::INDEX_WRITERS_MAX {
            return Ok(());
        }
        let Some(index) = self.indexes.get(&label).cloned() else { return Ok(()) };
        // It would be waited for until all its segments are one.
        if self.compaction.is_merging(&index) {
            return Ok(());
        }
        let outcome = index.commit(position, true).and_then(|_| index.rest());
        self.taken(finder, label, outcome)
    }

    /// Lets writers go beyond their number.
    fn rest_some(&self) -> Result<(), FindingError> {
        let writing: Vec<_> = self.indexes.values().filter(|index| index.is_writing()).collect();
        let made = self.all_made().filter(|index| index.is_writing()).count();
        let surplus = writing.len().saturating_add(made).saturating_sub(limits::INDEX_WRITERS_MAX);
        let may_rest = |index: &&Arc<LabelIndex>| !self.compaction.is_merging(index);
        for index in writing.into_iter().filter(may_rest).take(surplus) {
            index.rest()?;
        }
        Ok(())
    }

    /// Ends in order: merges under way are finished, but for one that only a quiet while has brought. What is being made
    /// comes to nothing.
    ///
    /// # Errors
    /// [`FindingError`].
    pub fn rest(&self, finder: &Finder, vault: &Vault) -> Result<(), FindingError> {
        for index in self.all_made() {
            index.roll_back();
        }
        for index in self.indexes.values() {
            if self.compaction.is_merging(index) { index.break_off()? } else { index.rest()? }
        }
        self.write_own(finder, vault)
    }

    pub(super) fn write_own(&self, finder: &Finder, vault: &Vault) -> Result<(), FindingError> {
        self.own.as_ref().map_or(Ok(()), |own| own.write(&self.right, finder.place(), vault))
    }
}
