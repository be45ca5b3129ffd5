//! `vigie store verify`: every row of a stopped deployment against the signed journal.
//!
//! The journal is believed because its root is signed; it says of every write which object, which version and which
//! bytes. So a row that an attacker put back from an older copy of the disk opens, and is still found: the journal
//! names a later version. What this does not find: a whole older folder, checkpoint included, put in the place of the
//! present one. For that, an inspector keeps a checkpoint elsewhere.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde::Serialize;

pub use self::fault::Fault;
use crate::{
    audit::{
        Replay, Rows as _,
        entry::{Act, Entry, Verdict},
    },
    crypto::{Digest, Unsealable},
    ids::Id,
    limits::{JOURNAL_READ_ENTRIES, SCAN_ROWS_MAX, STORE_FAULTS_KEPT_MAX},
    ops::deployment::inspect::Inspection,
    store::{
        Direction, EngineError, Family, JournalError, Key, KeyRange, Row,
        journal::{StoreRows, head, open_leaf},
    },
    vault::{
        Header, Kind,
        inspect::{Body, Inspected, Inspector},
    },
};

mod chunks;
mod fault;

/// Which rows are being read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    /// Entries and tiles of the journal.
    Journal,
    /// Records, lists and named rows.
    Rows,
}

/// What was found.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Report {
    /// Entries of the journal.
    pub entries: u64,
    /// Present records of objects.
    pub records: u64,
    /// Old versions.
    pub revisions: u64,
    /// Rows of lists.
    pub listed: u64,
    /// Rows under names of their own.
    pub named: u64,
    /// Chunks of attachments.
    pub chunks: u64,
    /// Bodies that were opened (and shown to nobody).
    pub bodies: u64,
    /// Bodies whose key is not here: destroyed on purpose, or never unsealed.
    pub sealed: u64,
    /// All faults.
    pub faulty: u64,
    /// The first of them.
    #[serde(skip)]
    pub faults: Vec<Fault>,
}

impl Report {
    fn fault(&mut self, fault: Fault) {
        self.faulty = self.faulty.saturating_add(1);
        if self.faults.len() < STORE_FAULTS_KEPT_MAX {
            self.faults.push(fault);
        }
    }

    /// Whether everything is what the journal says.
    pub const fn is_whole(&self) -> bool {
        self.faulty == 0
    }
}

/// Why the store could not be read to its end.
#[derive(Debug)]
pub struct Unreadable(pub JournalError);

impl fmt::Display for Unreadable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl std::error::Error for Unreadable {}

impl From<JournalError> for Unreadable {
    fn from(error: JournalError) -> Self {
        Self(error)
    }
}

impl From<EngineError> for Unreadable {
    fn from(error: EngineError) -> Self {
        Self(error.into())
    }
}

/// What the journal says that the store holds.
#[derive(Default)]
struct Expected {
    /// The digest of each version of each object.
    digests: BTreeMap<(Id, u64), Digest>,
    /// Objects that were deleted.
    gone: BTreeSet<Id>,
}

impl Expected {
    /// The newest version of an object.
    fn newest(&self, id: Id) -> Option<(u64, Digest)> {
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
            if matches!(entry.act, Act::NoteDelete | Act::LinkDelete | Act::SpaceDelete | Act::AttachmentSweep) {
                self.gone.insert(object.id);
            }
        }
        // What else that entry names is the note that the attachment belonged to.
        if entry.act == Act::AttachmentDelete {
            self.gone.extend(entry.objects.first().map(|object| object.id));
        }
    }
}

/// Reads everything.
///
/// # Errors
/// [`Unreadable`] when the store itself fails; what is merely wrong is in the report.
pub fn verify(of: &Inspection, progress: &mut dyn FnMut(Stage, u64)) -> Result<Report, Unreadable> {
    let mut report = Report::default();
    let expected = journal(of, &mut report, progress)?;
    let engine = &**of.ground.engine();
    let inspector = Inspector::new(engine, of.ground.keyring(), &of.keys);
    let mut walk = Walk { of, inspector, expected, report, present: BTreeMap::new(), attached: BTreeMap::new(), rows: 0 };
    walk.records(progress)?;
    walk.lists(progress)?;
    walk.names(progress)?;
    walk.chunks(progress)?;
    walk.absences()?;
    Ok(walk.report)
}

/// Every entry against every tile, the root against the signed checkpoint.
fn journal(of: &Inspection, report: &mut Report, progress: &mut dyn FnMut(Stage, u64)) -> Result<Expected, Unreadable> {
    let engine = &**of.ground.engine();
    let rows = StoreRows(engine);
    let (size, root) = head(engine)?.unwrap_or_default();
    let deployment = of.in_force.config.deployment().to_string();
    let mut expected = Expected::default();
    let mut replay = Replay::new(Some(of.checkpoint.clone()));
    while replay.size() < size {
        let first = replay.size();
        let count = size.saturating_sub(first).min(JOURNAL_READ_ENTRIES.into());
        for (number, leaf) in (first..).zip(rows.entries(first, u16::try_from(count).unwrap_or(u16::MAX))?) {
            match open_leaf(of.ground.keyring(), &deployment, &leaf) {
                Ok((inside, entry)) if inside == number => expected.learn(number, &entry, report),
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

struct Walk<'a> {
    of: &'a Inspection,
    inspector: Inspector<'a>,
    expected: Expected,
    report: Report,
    /// Objects met, with the version of their present record.
    present: BTreeMap<Id, u64>,
    /// Attachments and uploads met, by how the rows of their chunks begin.
    attached: BTreeMap<[u8; 16], Header>,
    rows: u64,
}

impl Walk<'_> {
    /// Calls `each` for every row of a family, in order, a page at a time.
    fn scan(
        &mut self,
        family: Family,
        page_rows: usize,
        progress: &mut dyn FnMut(Stage, u64),
        each: &mut dyn FnMut(&mut Self, &Key, &Row) -> Result<(), Unreadable>,
    ) -> Result<(), Unreadable> {
        let mut range = KeyRange::all();
        loop {
            let page = self.of.ground.engine().snapshot()?.scan(family, &range, Direction::Forward, page_rows)?;
            for (key, row) in &page {
                self.rows = self.rows.saturating_add(1);
                each(self, key, row)?;
            }
            progress(Stage::Rows, self.rows);
            match page.last() {
                Some((last, _)) if page.len() == page_rows => range = range.after(last),
                _ => return Ok(()),
            }
        }
    }

    /// Records, old versions, and the further parts of both. Their keys differ in length.
    fn records(&mut self, progress: &mut dyn FnMut(Stage, u64)) -> Result<(), Unreadable> {
        let old: BTreeMap<[u8; 16], Id> = {
            let ids: BTreeSet<Id> = self.expected.digests.keys().map(|(id, _)| *id).collect();
            ids.into_iter().map(|id| (self.inspector.revisions_begin(id), id)).collect()
        };
        let (mut parts, mut claimed) = (BTreeSet::new(), BTreeSet::new());
        self.scan(Family::Records, SCAN_ROWS_MAX, progress, &mut |walk, key, row| {
            let bytes = key.bytes();
            let found = match bytes.len() {
                16 => walk.record(bytes.try_into().map_or(Id::NONE, Id::from_bytes), row)?,
                24 => {
                    let begins = bytes.first_chunk().and_then(|begins| old.get(begins));
                    walk.revision(begins.copied(), key, row)?
                }
                17 => {
                    parts.insert(key.clone());
                    None
                }
                _ => {
                    walk.report.fault(Fault::stray(Family::Records, key));
                    None
                }
            };
            claimed.extend(found.iter().flat_map(|found| walk.inspector.parts(&found.header)));
            Ok(())
        })?;
        for stray in parts.difference(&claimed) {
            self.report.fault(Fault::stray(Family::Records, stray));
        }
        Ok(())
    }

    fn record(&mut self, id: Id, row: &Row) -> Result<Option<Inspected>, Unreadable> {
        self.report.records = self.report.records.saturating_add(1);
        let Ok(found) = self.inspector.record(id, row) else {
            self.report.fault(Fault::Sealed { id });
            return Ok(None);
        };
        let version = found.header.version;
        self.present.insert(id, version);
        if matches!(found.header.kind, Kind::Attachment | Kind::Upload) {
            self.attached.insert(self.inspector.chunks_begin(id), found.header);
        }
        match self.expected.newest(id) {
            None => self.report.fault(Fault::Unknown { id }),
            Some(_) if self.expected.gone.contains(&id) => self.report.fault(Fault::Returned { id }),
            Some((newest, _)) if newest != version => self.report.fault(Fault::Stale { id, version, newest }),
            Some((_, digest)) if digest != found.digest => self.report.fault(Fault::Altered { id, version }),
            Some(_) => {}
        }
        if found.header.kind == Kind::Note
            && self.of.ground.engine().get(Family::Listings, &self.inspector.card(&found.header))?.is_none()
        {
            self.report.fault(Fault::NoCard { id });
        }
        self.body(&found, row)?;
        Ok(Some(found))
    }

    fn revision(&mut self, id: Option<Id>, key: &Key, row: &Row) -> Result<Option<Inspected>, Unreadable> {
        self.report.revisions = self.report.revisions.saturating_add(1);
        let Some(id) = id else {
            self.report.fault(Fault::stray(Family::Records, key));
            return Ok(None);
        };
        let Ok(found) = self.inspector.revision(id, key, row) else {
            self.report.fault(Fault::Sealed { id });
            return Ok(None);
        };
        let version = found.header.version;
        if self.expected.digests.get(&(id, version)) != Some(&found.digest) {
            self.report.fault(Fault::Altered { id, version });
        }
        self.body(&found, row)?;
        Ok(Some(found))
    }

    fn body(&mut self, found: &Inspected, row: &Row) -> Result<(), Unreadable> {
        match self.inspector.body(found, row)? {
            Body::Opens => self.report.bodies = self.report.bodies.saturating_add(1),
            Body::NoKey => self.report.sealed = self.report.sealed.saturating_add(1),
            Body::Damaged => {
                self.report.fault(Fault::Body { id: found.header.id, version: found.header.version });
            }
        }
        Ok(())
    }

    /// What stands in a list is the present version of an object. Membership rows were opened with the rolls.
    fn lists(&mut self, progress: &mut dyn FnMut(Stage, u64)) -> Result<(), Unreadable> {
        self.scan(Family::Listings, SCAN_ROWS_MAX, progress, &mut |walk, key, row| {
            if key.bytes().len() != 40 {
                return Ok(());
            }
            walk.report.listed = walk.report.listed.saturating_add(1);
            match walk.inspector.listed(key, row) {
                Err(Unsealable) => walk.report.fault(Fault::stray(Family::Listings, key)),
                Ok(found) => {
                    let id = found.header.id;
                    if walk.present.get(&id) != Some(&found.header.version) {
                        walk.report.fault(Fault::Listed { id, version: found.header.version });
                    }
                    walk.body(&found, row)?;
                }
            }
            Ok(())
        })
    }

    fn names(&mut self, progress: &mut dyn FnMut(Stage, u64)) -> Result<(), Unreadable> {
        self.scan(Family::Meta, SCAN_ROWS_MAX, progress, &mut |walk, key, row| {
            if key.bytes().len() != 16 {
                return Ok(());
            }
            walk.report.named = walk.report.named.saturating_add(1);
            match walk.inspector.named(key, row) {
                Err(Unsealable) => walk.report.fault(Fault::stray(Family::Meta, key)),
                Ok(found) => walk.body(&found, row)?,
            }
            Ok(())
        })
    }

    /// What the journal says was written and not deleted must be there.
    fn absences(&mut self) -> Result<(), Unreadable> {
        let mut last = None;
        for (id, _) in self.expected.digests.keys() {
            let seen = last.replace(*id) == Some(*id);
            if !seen && !self.present.contains_key(id) && !self.expected.gone.contains(id) {
                self.report.fault(Fault::Missing { id: *id });
            }
        }
        Ok(())
    }
}
