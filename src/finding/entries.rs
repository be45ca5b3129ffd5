//! What the entries of the journal bring into the indexes: objects put, taken out, and committed.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use tantivy::TantivyDocument;

use super::{
    error::{FindingError, altered},
    finder::Finder,
    follower::Follower,
    index::LabelIndex,
    matter::Matter,
    own::Whole,
};
use crate::{
    ids::Id,
    vault::{Envelope, Kind, LabelHandle, Vault, VaultError, follow::Side},
};

impl Follower {
    /// Follows some entries. Answers whether there are more.
    pub(super) fn follow(&mut self, finder: &Finder, vault: &Vault) -> Result<bool, FindingError> {
        let position = self.own.as_ref().map_or(0, |own| own.position);
        // Read before the entries: a change that comes in between is followed now or at the next look.
        let length = vault.monitor().journal().length();
        let changes = self.right.changes(vault, position)?;
        if changes.unknown > 0 {
            tracing::error!(
                entries = changes.unknown,
                "entries of the journal are missing or do not open, and all indexes are made anew: run `vigie store verify`"
            );
            // Any of them may lack what these wrote, one that would be begun now as well.
            for label in self.right.labels(vault) {
                self.lose(finder, label);
            }
        }
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
                if let Some(envelope) = self.right.record(vault, id)? {
                    self.put(finder, vault, envelope)?;
                }
            }
            self.make_room(finder, label, position)?;
        }
        if changes.next != position {
            let touched = !objects.is_empty() || changes.unknown > 0;
            if touched {
                self.compaction.again();
            }
            self.commit(finder, vault, changes.next, touched)?;
        }
        Ok(changes.next < length)
    }

    /// Takes an object out of all indexes, with what is about it.
    fn forget(&mut self, finder: &Finder, id: Id) -> Result<(), FindingError> {
        self.of_each(finder, |index, _| if index.concerns(id)? { index.forget(id) } else { Ok(()) })
    }

    /// Takes an object out of the indexes of all labels but its own.
    fn leave(&mut self, finder: &Finder, id: Id, own: LabelHandle) -> Result<(), FindingError> {
        self.of_each(finder, |index, _| if *index.label() == own { Ok(()) } else { index.leave(id) })
    }

    /// Acts on every index, told whether it is whole or still being made. All are acted on, though one of them ends the step.
    fn of_each(
        &mut self,
        finder: &Finder,
        act: impl Fn(&LabelIndex, bool) -> Result<(), FindingError>,
    ) -> Result<(), FindingError> {
        let whole: Vec<_> = self.indexes.values().map(|index| (*index.label(), act(index, true))).collect();
        let made: Vec<_> = self.all_made().map(|index| (*index.label(), act(index, false))).collect();
        let mut first = Ok(());
        for (label, outcome) in whole {
            first = first.and(self.taken(finder, label, outcome));
        }
        for (label, outcome) in made {
            first = first.and(self.made_taken(label, outcome));
        }
        first
    }

    fn put(&mut self, finder: &Finder, vault: &Vault, envelope: Envelope) -> Result<(), FindingError> {
        let label = envelope.header().label;
        // It is put when its index is made anew.
        if self.lost.contains(&label) {
            return Ok(());
        }
        // Before the index, which need not be where nothing is to be found.
        let Some((id, document)) = self.document(vault, envelope)? else { return Ok(()) };
        if let Some(made) = self.making(&label).cloned() {
            let outcome = made.put(id, document.clone());
            self.made_taken(label, outcome)?;
        }
        let outcome = self.index(finder, vault, label)?.map_or(Ok(()), |index| index.put(id, document));
        self.taken(finder, label, outcome)
    }

    /// What an index is to say of an object: the object with its document, none for one that is not there any more. None
    /// at all for what indexes know nothing of.
    pub(super) fn document(
        &mut self,
        vault: &Vault,
        envelope: Envelope,
    ) -> Result<Option<(Id, Option<TantivyDocument>)>, FindingError> {
        let header = envelope.header();
        let (id, kind) = (header.id, header.kind);
        let document = match Matter::of(vault, &self.right, envelope) {
            Ok(None) if !matches!(kind, Kind::Link | Kind::Message | Kind::Attachment) => return Ok(None),
            Ok(matter) => matter,
            // Its key was destroyed: it is not there any more.
            Err(VaultError::Refused(_)) => None,
            Err(VaultError::Tampered(id)) => {
                altered(id);
                None
            }
            Err(error) => return Err(error.into()),
        };
        Ok(Some((id, document.map(|(matter, _)| matter.document(&self.fields, &mut self.stems)))))
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
            self.of_each(finder, |index, is_whole| index.commit(position, is_whole).map(drop))?;
        }
        let Some(mut own) = self.own.take() else { return Ok(()) };
        let advanced = own.advance(&self.right, vault, position);
        for (label, index) in &self.indexes {
            // One whose first commit came to nothing has none: there is nothing to remember.
            if let Some(generation) = index.generation() {
                own.indexes.insert(*label, Some(Whole { generation, side: index.side() }));
            }
        }
        self.own = Some(own);
        advanced?;
        // Entries that wrote nothing need not be remembered at once: following them again costs little.
        if touched { self.write_own(finder, vault) } else { Ok(()) }
    }
}
