//! Lost indexes, made anew from the store: some at once by one walk over all records, in steps, between which what was
//! just written has its turn.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use super::{
    error::FindingError,
    finder::Finder,
    follower::{Follower, Progress, altered},
};
use crate::{
    limits,
    vault::{LabelHandle, Vault, follow::Cursor},
};

/// A walk over all records.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// Whose indexes are made of it.
    pub(super) labels: BTreeSet<LabelHandle>,
    after: Option<Cursor>,
    /// Records looked at.
    done: u64,
}

impl Follower {
    /// How far the rebuilding is.
    fn progress(&self, vault: &Vault) -> Progress {
        let (under_way, records) = self.scan.as_ref().map_or((0, 0), |scan| (scan.labels.len(), scan.done));
        Progress { indexes: self.waiting(vault).len().saturating_add(under_way), records }
    }

    /// Those that can be made anew: of labels that the policy does not know nothing opens.
    fn waiting(&self, vault: &Vault) -> Vec<LabelHandle> {
        let readable = self.right.readable(vault);
        self.lost.iter().filter(|label| readable.contains(*label)).copied().collect()
    }

    /// Makes anew a part of what is to be. Answers whether there is more.
    pub(super) fn remake(&mut self, finder: &Finder, vault: &Vault) -> Result<bool, FindingError> {
        if self.scan.is_none() {
            let waiting = self.waiting(vault);
            if waiting.is_empty() {
                return Ok(false);
            }
            self.begin_scan(finder, vault, &waiting)?;
        }
        let outcome = self.scan_some(finder, vault);
        finder.tell(self.progress(vault));
        outcome?;
        Ok(self.scan.is_some() || !self.waiting(vault).is_empty())
    }

    fn begin_scan(&mut self, finder: &Finder, vault: &Vault, labels: &[LabelHandle]) -> Result<(), FindingError> {
        // That they are lost is on the disk before their files go.
        self.write_own(finder, vault)?;
        self.scan = Some(Scan::default());
        for label in labels.iter().take(limits::INDEX_WRITERS_MAX).copied() {
            finder.place().within(&self.right.folder(vault, &label)?).clear()?;
            let (index, _) = self.open(finder, vault, label)?;
            self.indexes.insert(label, index);
            self.lost.remove(&label);
            if let Some(scan) = &mut self.scan {
                scan.labels.insert(label);
            }
        }
        Ok(())
    }

    fn scan_some(&mut self, finder: &Finder, vault: &Vault) -> Result<(), FindingError> {
        let until = Instant::now().checked_add(Duration::from_millis(limits::REINDEX_STEP_MS));
        while until.is_some_and(|until| Instant::now() < until) {
            let Some(scan) = &self.scan else { return Ok(()) };
            let records = self.right.records(vault, scan.after.as_ref())?;
            records.altered.iter().for_each(|id| altered(*id));
            let count = u64::try_from(records.found.len()).unwrap_or(u64::MAX);
            for envelope in records.found {
                if self.is_scanned(&envelope.header().label) {
                    self.put(finder, vault, envelope)?;
                }
            }
            let Some(scan) = &mut self.scan else { return Ok(()) };
            scan.done = scan.done.saturating_add(count);
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
        let position = self.own.as_ref().map_or(0, |own| own.position);
        for label in scan.labels {
            let Some(index) = self.indexes.get(&label).cloned() else { continue };
            if let Err(error) = index.seal(position) {
                tracing::error!(%error, "an index that was made anew does not close");
                self.lose(finder, label);
                continue;
            }
            if let Some(own) = &mut self.own {
                own.indexes.insert(label, Some(position));
            }
            finder.serve(index);
        }
        self.write_own(finder, vault)
    }
}
