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

use tantivy::TantivyDocument;

use super::{
    analysis::Stems,
    compact::Compaction,
    error::FindingError,
    finder::Finder,
    index::LabelIndex,
    matter::Matter,
    own::{self, Own, Whole},
    remake::Scan,
    schema::Fields,
};
use crate::{
    ids::Id,
    limits,
    vault::{Envelope, Following, Kind, LabelHandle, Vault, VaultError, follow::Side},
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
    stems: Stems,
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
            if self.side(&label) == Some(side) {
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
    fn taken(
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

    fn follow(&mut self, finder: &Finder, vault: &Vault) -> Result<bool, FindingError> {
        let position = self.own.as_ref().map_or(0, |own| own.position);
        // Read before the entries: a change that comes in between is followed now or at the next look.
        let length = vault.monitor().journal().length();
        let changes = self.right.changes(vault, position)?;
        let objects: BTreeSet<Id> = changes.objects.into_iter().filter(|id| !id.is_none()).collect();
        // One label after the other: few indexes are held ready for writing.
        let mut by_label: BTreeMap<LabelHandle, Vec<Id>> = BTreeMap::new();
        for id in &objects {
            match self.right.record(vault, *id) {
                Ok(Some(envelope)) => {
                    if envelope.header().version > 1 {
                        self.leave(finder, *id, envelope.header().label)?;
                    }
                    by_label.entry(envelope.header().label).or_default().push(*id);
                }
                Ok(None) => match self.right.unreadable(vault, *id)? {
                    // The policy in force does not know its label. Another one may again: then all of it is made anew.
                    Some(label) => self.lose(finder, label),
                    None => self.forget(finder, *id)?,
                },
                Err(VaultError::Tampered(_)) => {
                    altered(*id);
                    self.forget(finder, *id)?;
                }
                Err(error) => return Err(error.into()),
            }
        }
        for (label, ids) in by_label {
            for id in ids {
                // Gone meanwhile: its deletion is an entry of its own.
                if let Ok(Some(envelope)) = self.right.record(vault, id) {
                    self.put(finder, vault, envelope)?;
                }
            }
            self.make_room(finder, label, position)?;
        }
        if changes.next != position {
            let touched = !objects.is_empty();
            if touched {
                self.compaction.again();
            }
            self.commit(finder, vault, changes.next, touched)?;
        }
        Ok(changes.next < length)
    }

    /// Takes an object out of all indexes, with what is about it.
    fn forget(&mut self, finder: &Finder, id: Id) -> Result<(), FindingError> {
        self.of_each(finder, |_, index| if index.concerns(id)? { index.forget(id) } else { Ok(()) })
    }

    /// Takes an object out of the indexes of all labels but its own.
    fn leave(&mut self, finder: &Finder, id: Id, own: LabelHandle) -> Result<(), FindingError> {
        self.of_each(finder, |label, index| if *label == own { Ok(()) } else { index.leave(id) })
    }

    fn of_each(
        &mut self,
        finder: &Finder,
        act: impl Fn(&LabelHandle, &LabelIndex) -> Result<(), FindingError>,
    ) -> Result<(), FindingError> {
        let outcomes: Vec<_> = self.indexes.iter().map(|(label, index)| (*label, act(label, index))).collect();
        let made: Vec<_> = self.all_made().map(|(label, index)| (*label, act(label, index))).collect();
        outcomes.into_iter().try_for_each(|(label, outcome)| self.taken(finder, label, outcome))?;
        made.into_iter().try_for_each(|(label, outcome)| self.made_taken(label, outcome))
    }

    fn put(&mut self, finder: &Finder, vault: &Vault, envelope: Envelope) -> Result<(), FindingError> {
        let label = envelope.header().label;
        let (index, made) = (self.index(finder, vault, label)?, self.making(&label).cloned());
        let Some(fields) = index.as_ref().or(made.as_ref()).map(|index| Arc::clone(index.fields())) else {
            return Ok(());
        };
        let Some((id, document)) = self.document(vault, envelope, &fields)? else { return Ok(()) };
        if let Some(made) = made {
            let outcome = made.put(id, document.clone());
            self.made_taken(label, outcome)?;
        }
        let outcome = index.map_or(Ok(()), |index| index.put(id, document));
        self.taken(finder, label, outcome)
    }

    /// What an index is to say of an object: the object with its document, none for one that is not there any more. None
    /// at all for what indexes know nothing of.
    pub(super) fn document(
        &mut self,
        vault: &Vault,
        envelope: Envelope,
        fields: &Fields,
    ) -> Result<Option<(Id, Option<TantivyDocument>)>, FindingError> {
        let header = envelope.header();
        let (id, kind, about) = (header.id, header.kind, header.about);
        // The record of an attachment outlives its note until it is swept.
        let is_orphan = kind == Kind::Attachment && self.right.home(vault, about)?.is_none();
        let document = match Matter::of(vault, &self.right, envelope) {
            Ok(None) if kind != Kind::Link && kind != Kind::Message => return Ok(None),
            Ok(matter) => matter.filter(|_| !is_orphan),
            // Its key was destroyed: it is not there any more.
            Err(VaultError::Refused(_)) => None,
            Err(VaultError::Tampered(id)) => {
                altered(id);
                None
            }
            Err(error) => return Err(error.into()),
        };
        Ok(Some((id, document.map(|(matter, _)| matter.document(fields, &mut self.stems)))))
    }

    /// The index of a label: a fresh one for a label that nothing was written under before, none for a lost one.
    fn index(
        &mut self,
        finder: &Finder,
        vault: &Vault,
        label: LabelHandle,
    ) -> Result<Option<Arc<LabelIndex>>, FindingError> {
        if let Some(index) = self.indexes.get(&label) {
            return Ok(Some(Arc::clone(index)));
        }
        if self.lost.contains(&label) || self.making(&label).is_some() {
            return Ok(None);
        }
        if self.own.as_ref().is_some_and(|own| own.indexes.contains_key(&label)) {
            // It is known and not open: never to be taken for a fresh one, which would be served with next to nothing.
            self.lose(finder, label);
            return Ok(None);
        }
        // What was written under it before `own` would have put it into `own`: it has nothing yet.
        self.clear(finder, vault, &label, Side::default())?;
        let (index, _) = self.open(finder, vault, label, Side::default())?;
        self.indexes.insert(label, Arc::clone(&index));
        finder.serve(Arc::clone(&index));
        Ok(Some(index))
    }

    /// Commits all indexes that have something new, then says how far they are.
    fn commit(&mut self, finder: &Finder, vault: &Vault, position: u64, touched: bool) -> Result<(), FindingError> {
        if touched {
            let committed = |(label, index): (&LabelHandle, &Arc<LabelIndex>), is_whole| {
                (*label, index.commit(position, is_whole).map(drop))
            };
            let outcomes: Vec<_> = self.indexes.iter().map(|known| committed(known, true)).collect();
            let made: Vec<_> = self.all_made().map(|known| committed(known, false)).collect();
            // All are looked at, though one of them ends the step.
            let mut first = Ok(());
            for (label, outcome) in outcomes {
                first = first.and(self.taken(finder, label, outcome));
            }
            for (label, outcome) in made {
                first = first.and(self.made_taken(label, outcome));
            }
            first?;
        }
        let Some(mut own) = self.own.take() else { return Ok(()) };
        let advanced = own.advance(&self.right, vault, position);
        for (label, index) in &self.indexes {
            // One that had nothing to commit stays what it was.
            let before = own.indexes.get(label).copied().flatten();
            let side = before.map_or_else(Side::default, |whole| whole.side);
            let now = index.generation().map(|generation| Whole { generation, side });
            own.indexes.insert(*label, now.or(before));
        }
        self.own = Some(own);
        advanced?;
        // Entries that wrote nothing need not be remembered at once: following them again costs little.
        if touched { self.write_own(finder, vault) } else { Ok(()) }
    }

    /// Lets the writer of a label go when there are too many: each has threads and memory. What it has is committed
    /// first, under the present position: following the same entries again changes nothing.
    fn make_room(&mut self, finder: &Finder, label: LabelHandle, position: u64) -> Result<(), FindingError> {
        let made = self.all_made().map(|(_, index)| index);
        let writing = self.indexes.values().chain(made).filter(|index| index.is_writing()).count();
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
        let made = self.all_made().filter(|(_, index)| index.is_writing()).count();
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
        for (_, index) in self.all_made() {
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

/// Told where an operator looks; the others go on being followed.
pub(super) fn altered(id: Id) {
    tracing::error!(%id, "a stored record does not open and is not in the index: run `vigie store verify`");
}
