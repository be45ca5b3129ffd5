//! The journal read from its first entry to its last, against its tiles and its signed root: what the store must hold.

use std::collections::{BTreeMap, BTreeSet};

use super::{Fault, Report, Stage, Unreadable};
use crate::{
    audit::{
        Replay, RowMark, Rows as _,
        entry::{Act, Entry, Verdict},
        mark::{Content, Place},
    },
    crypto::{Digest, Unsealable},
    ids::Id,
    limits::JOURNAL_READ_ENTRIES,
    ops::deployment::inspect::Inspection,
    store::journal::{StoreRows, head, open_told},
};

/// What the journal says that the store holds.
#[derive(Default)]
pub(super) struct Expected {
    /// Entries.
    pub(super) size: u64,
    /// The digest of each version of each object.
    pub(super) digests: BTreeMap<(Id, u64), Digest>,
    /// Objects that were deleted.
    pub(super) gone: BTreeSet<Id>,
    /// What stands in each place, and the entry that put it there.
    pub(super) rows: BTreeMap<Place, (Content, u64)>,
    /// Entries of the first format, which do not say which rows they wrote.
    pub(super) silent: u64,
}

impl Expected {
    /// The newest version of an object.
    pub(super) fn newest(&self, id: Id) -> Option<(u64, Digest)> {
        let ((_, version), digest) = self.digests.range((id, 0)..=(id, u64::MAX)).next_back()?;
        Some((*version, *digest))
    }

    fn learn(&mut self, number: u64, entry: &Entry, report: &mut Report) {
        // What was refused or came too late was not written.
        if entry.verdict != Verdict::Allow {
            return;
        }
        for object in &entry.objects {
            let Some(digest) = object.digest else { continue };
            let known = self.digests.entry((object.id, object.version)).or_insert(digest);
            if *known != digest {
                report.fault(Fault::Contradiction { number, id: object.id });
            }
            if matches!(
                entry.act,
                Act::NoteDelete
                    | Act::LinkDelete
                    | Act::SpaceDelete
                    | Act::DraftDelete
                    | Act::AttachmentSweep
                    | Act::WatchDelete
            ) {
                self.gone.insert(object.id);
            }
        }
        // What else that entry names is the note that the attachment belonged to.
        if entry.act == Act::AttachmentDelete {
            self.gone.extend(entry.objects.first().map(|object| object.id));
        }
    }

    fn learn_rows(&mut self, number: u64, marks: Option<Vec<RowMark>>) {
        let Some(marks) = marks else {
            self.silent = self.silent.saturating_add(1);
            return;
        };
        for RowMark { place, content } in marks {
            match content {
                Some(content) => self.rows.insert(place, (content, number)),
                None => self.rows.remove(&place),
            };
        }
    }
}

/// Every entry against every tile, the root against the signed checkpoint.
pub(super) fn read(
    of: &Inspection,
    report: &mut Report,
    progress: &mut dyn FnMut(Stage, u64),
) -> Result<Expected, Unreadable> {
    let engine = &**of.ground.engine();
    let rows = StoreRows(engine);
    let (size, root) = head(engine)?.unwrap_or_default();
    let deployment = of.in_force.config.deployment().to_string();
    let mut expected = Expected { size, ..Expected::default() };
    let mut replay = Replay::new(Some(of.checkpoint.clone()));
    while replay.size() < size {
        let first = replay.size();
        let count = size.saturating_sub(first).min(JOURNAL_READ_ENTRIES.into());
        for (number, leaf) in (first..).zip(rows.entries(first, u16::try_from(count).unwrap_or(u16::MAX))?) {
            match open_told(of.ground.keyring(), &deployment, &leaf) {
                Ok(told) if told.number == number => {
                    expected.learn(number, &told.entry, report);
                    expected.learn_rows(number, told.marks);
                }
                Ok(_) | Err(Unsealable) => report.fault(Fault::Entry { number }),
            }
            for full in replay.entry(&leaf) {
                let (level, index) = (full.tile.level(), full.tile.index());
                if rows.full_tile(level, index).ok() != Some(full.bytes) {
                    report.fault(Fault::Tile { path: full.tile.to_string() });
                }
            }
        }
        progress(Stage::Journal, replay.size());
    }
    report.entries = size;
    match replay.finish() {
        Ok(frontier) if root == frontier.root().0 || size == 0 => {}
        Ok(_) => report.fault(Fault::Head),
        Err(divergence) => report.fault(Fault::Diverged(divergence)),
    }
    Ok(expected)
}
