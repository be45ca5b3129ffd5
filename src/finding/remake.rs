//! Indexes made anew from the store: some at once by one walk over all records, in steps, between which what was just
//! written has its turn.
//!
//! Each is made on the side where none lies. One that is whole is asked, and followed, until the other is whole too; then
//! `own` names the other, and that is the moment: what lies on a side that `own` does not name is removed, now or at the
//! next start. One that is lost is made the same way, and closed meanwhile.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use super::{
    error::{FindingError, altered},
    finder::Finder,
    follower::{Follower, Progress},
    index::LabelIndex,
    own::Whole,
};
use crate::{
    limits,
    vault::{
        LabelHandle, Vault,
        follow::{Cursor, Side},
    },
};

/// A walk over all records.
#[derive(Default)]
pub(super) struct Scan {
    /// What is made of it: indexes that are not whole yet.
    making: BTreeMap<LabelHandle, Arc<LabelIndex>>,
    after: Option<Cursor>,
}

impl Follower {
    /// Has every index made anew.
    ///
    /// # Errors
    /// [`FindingError`].
    pub fn renew_all(&mut self, finder: &Finder, vault: &Vault) -> Result<(), FindingError> {
        self.begin(finder, vault)?;
        self.open_known(finder, vault)?;
        let readable = self.right.readable(vault);
        let known: Vec<LabelHandle> = self.own.iter().flat_map(|own| own.indexes.keys().copied()).collect();
        for label in known {
            if self.indexes.contains_key(&label) && readable.contains(&label) {
                self.aged.insert(label);
            } else {
                // Also one whose label the policy in force does not know: nobody asks it, and `own` remembers.
                self.lose(finder, label);
            }
        }
        self.made = 0;
        self.write_own(finder, vault)
    }

    /// How far the rebuilding is. What has changed places and is not saved yet is not done.
    pub(super) fn progress(&self, vault: &Vault) -> Progress {
        let (under_way, share) =
            self.scan.as_ref().map_or((0, 0), |scan| (scan.making.len(), scan.after.as_ref().map_or(0, Cursor::share)));
        let indexes = self.waiting(vault).len().saturating_add(under_way).saturating_add(usize::from(self.unsaved));
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let done = count(self.made).saturating_mul(1000).saturating_add(count(under_way).saturating_mul(share));
        Progress { indexes, share: done.checked_div(count(self.made.saturating_add(indexes))).unwrap_or(0) }
    }

    /// Those that can be made anew, those first that cannot be asked. Of labels that the policy does not know nothing opens.
    fn waiting(&self, vault: &Vault) -> Vec<LabelHandle> {
        let readable = self.right.readable(vault);
        self.lost.iter().chain(&self.aged).filter(|label| readable.contains(*label)).copied().collect()
    }

    /// Makes anew a part of what is to be. Answers whether there is more.
    pub(super) fn remake(&mut self, finder: &Finder, vault: &Vault) -> Result<bool, FindingError> {
        self.drop_unreadable(finder, vault);
        self.save(finder, vault)?;
        if self.scan.is_none() {
            let waiting = self.waiting(vault);
            if waiting.is_empty() {
                self.made = 0;
                return Ok(false);
            }
            self.begin_scan(finder, vault, &waiting)?;
        }
        self.scan_some(finder, vault)?;
        Ok(self.scan.is_some() || !self.waiting(vault).is_empty())
    }

    /// Says on the disk what was decided here, if it is not said yet; then removes what lies where nothing is to lie any more.
    fn save(&mut self, finder: &Finder, vault: &Vault) -> Result<(), FindingError> {
        if !self.unsaved {
            return Ok(());
        }
        self.write_own(finder, vault)?;
        self.unsaved = false;
        for (label, side) in std::mem::take(&mut self.replaced) {
            // Who is asking it now has its files open. What cannot be removed is, at the next start.
            if let Err(error) = self.clear(finder, vault, &label, side) {
                tracing::warn!(%error, "an index that was replaced is not removed yet");
            }
        }
        Ok(())
    }

    fn begin_scan(&mut self, finder: &Finder, vault: &Vault, labels: &[LabelHandle]) -> Result<(), FindingError> {
        // That they are lost is on the disk before their files go.
        self.write_own(finder, vault)?;
        self.scan = Some(Scan::default());
        for label in labels.iter().take(limits::INDEX_WRITERS_MAX).copied() {
            let side = self.side(&label).map_or_else(Side::default, Side::other);
            self.clear(finder, vault, &label, side)?;
            if self.lost.contains(&label) {
                self.clear(finder, vault, &label, side.other())?;
            }
            let (index, _) = self.open(finder, vault, label, side)?;
            self.lost.remove(&label);
            self.aged.remove(&label);
            if let Some(scan) = &mut self.scan {
                scan.making.insert(label, index);
            }
        }
        Ok(())
    }

    /// Lets go what is being made, or is to be, for labels that the policy in force does not know any more: what is under them
    /// does not open, and would be missing from an index that counts as whole. `own` remembers them. A policy comes into force
    /// between two steps.
    fn drop_unreadable(&mut self, finder: &Finder, vault: &Vault) {
        let readable = self.right.readable(vault);
        let meant = self.all_made().map(|index| *index.label()).chain(self.aged.iter().copied());
        let gone: Vec<LabelHandle> = meant.filter(|label| !readable.contains(label)).collect();
        for label in gone {
            self.unsaved = true;
            if let Some(index) = self.scan.as_mut().and_then(|scan| scan.making.remove(&label)) {
                index.roll_back();
            }
            self.lose(finder, label);
        }
    }

    fn scan_some(&mut self, finder: &Finder, vault: &Vault) -> Result<(), FindingError> {
        let until = Instant::now().checked_add(Duration::from_millis(limits::REINDEX_STEP_MS));
        while until.is_some_and(|until| Instant::now() < until) {
            let Some(scan) = self.scan.as_ref().filter(|scan| !scan.making.is_empty()) else {
                self.scan = None;
                return Ok(());
            };
            let records = self.right.records(vault, scan.after.as_ref())?;
            records.altered.iter().for_each(|id| altered(*id));
            for envelope in records.found {
                let label = envelope.header().label;
                if self.making(&label).is_none() {
                    continue;
                }
                if let Some((id, document)) = self.document(vault, envelope)? {
                    let outcome = self.making(&label).map_or(Ok(()), |index| index.put(id, document));
                    self.made_taken(label, outcome)?;
                }
            }
            let Some(scan) = &mut self.scan else { return Ok(()) };
            let is_done = records.next.is_none();
            scan.after = records.next;
            if is_done {
                return self.finish(finder, vault);
            }
        }
        Ok(())
    }

    fn finish(&mut self, finder: &Finder, vault: &Vault) -> Result<(), FindingError> {
        let Some(scan) = self.scan.take() else { return Ok(()) };
        let generation = self.own.as_ref().map_or(0, |own| own.position);
        for (label, index) in scan.making {
            let side = index.side();
            if let Err(error) = index.seal(generation) {
                tracing::error!(%error, "an index that was made anew does not close");
                self.make_again(label, &index);
                continue;
            }
            if let Some(own) = &mut self.own {
                own.indexes.insert(label, Some(Whole { generation, side }));
            }
            self.made = self.made.saturating_add(1);
            if let Some(before) = self.indexes.insert(label, Arc::clone(&index)) {
                // A merge of it that is under way comes to nothing.
                before.roll_back();
            }
            self.replaced.push((label, side.other()));
            self.unsaved = true;
            finder.serve(index);
            finder.note_renewal();
        }
        // They have several segments.
        self.compaction.again();
        self.save(finder, vault)
    }

    /// All that are being made.
    pub(super) fn all_made(&self) -> impl Iterator<Item = &Arc<LabelIndex>> {
        self.scan.iter().flat_map(|scan| scan.making.values())
    }

    /// The one of this label that is being made.
    pub(super) fn making(&self, label: &LabelHandle) -> Option<&Arc<LabelIndex>> {
        self.scan.as_ref()?.making.get(label)
    }

    /// What becomes of one that is being made and did not take something: what the walk has put already would not come
    /// again, so it begins anew.
    pub(super) fn made_taken(
        &mut self,
        label: LabelHandle,
        outcome: Result<(), FindingError>,
    ) -> Result<(), FindingError> {
        let Err(error) = outcome else { return Ok(()) };
        tracing::error!(%error, "an index that is made anew does not take what is written");
        if let Some(index) = self.scan.as_mut().and_then(|scan| scan.making.remove(&label)) {
            self.make_again(label, &index);
        }
        if matches!(error, FindingError::Damaged(_)) { Ok(()) } else { Err(error) }
    }

    fn make_again(&mut self, label: LabelHandle, index: &LabelIndex) {
        index.roll_back();
        if self.indexes.contains_key(&label) {
            self.aged.insert(label)
        } else {
            self.lost.insert(label)
        };
    }
}
