//! Every row of every family, compared with what the journal says of it.

use std::collections::{BTreeMap, BTreeSet};

use super::{Fault, Report, Stage, Unreadable, chunks::SWEEP_KEY_BYTES, expected::Expected};
use crate::{
    audit::mark::{Content, Place},
    crypto::Unsealable,
    ids::Id,
    limits::SCAN_ROWS_MAX,
    ops::deployment::inspect::Inspection,
    store::{Direction, Family, Key, KeyRange, Row, journal},
    vault::{
        Header, Kind,
        inspect::{Body, Inspected, Inspector},
    },
};

/// Walks all families.
pub(super) fn all(
    of: &Inspection,
    expected: Expected,
    report: Report,
    progress: &mut dyn FnMut(Stage, u64),
) -> Result<Report, Unreadable> {
    let inspector = Inspector::new(&**of.ground.engine(), of.ground.keyring(), &of.keys);
    let mut walk = Walk {
        of,
        inspector,
        expected,
        report,
        present: BTreeMap::new(),
        attached: BTreeMap::new(),
        going: BTreeSet::new(),
        rows: 0,
    };
    walk.records(progress)?;
    walk.lists(progress)?;
    walk.names(progress)?;
    // Opened already: wrapped keys.
    walk.scan(Family::Keys, SCAN_ROWS_MAX, progress, &mut |_walk, _key, _row| Ok(()))?;
    walk.chunks(progress)?;
    walk.journal(progress)?;
    walk.absences();
    Ok(walk.report)
}

pub(super) struct Walk<'a> {
    pub(super) of: &'a Inspection,
    pub(super) inspector: Inspector<'a>,
    pub(super) expected: Expected,
    pub(super) report: Report,
    /// Objects met, with the version of their present record.
    present: BTreeMap<Id, u64>,
    /// Attachments and uploads met, by how the rows of their chunks begin.
    pub(super) attached: BTreeMap<[u8; 16], Header>,
    /// How the rows begin of chunks that are being removed.
    pub(super) going: BTreeSet<[u8; 16]>,
    rows: u64,
}

impl Walk<'_> {
    /// Calls `each` for every row of a family, in order, a page at a time.
    pub(super) fn scan(
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
                let before = self.report.faulty;
                each(self, key, row)?;
                if let Some(fault) = self.against_journal(family, key, row)
                    && self.report.faulty == before
                {
                    self.report.fault(fault);
                }
            }
            progress(Stage::Rows, self.rows);
            match page.last() {
                Some((last, _)) if page.len() == page_rows => range = range.after(last),
                _ => return Ok(()),
            }
        }
    }

    /// Whether the row is what the last entry about its place says. Each place is met once.
    fn against_journal(&mut self, family: Family, key: &Key, row: &Row) -> Option<Fault> {
        if family == Family::Journal || (family, key) == (Family::Meta, &journal::head_key()) {
            // The entries and the root speak for these.
            return None;
        }
        match self.expected.rows.remove(&Place::of(family.name(), key.bytes())) {
            Some((content, _)) if content == Content::of(row.version, &row.value) => None,
            Some((_, number)) => Some(Fault::row(family, key, number)),
            None if self.expected.silent > 0 => None,
            None => Some(Fault::stray(family, key)),
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
        if found.header.kind == Kind::Note {
            let card = self.inspector.card(&found.header);
            if self.of.ground.engine().get(Family::Listings, &card)?.is_none() {
                self.report.fault(Fault::NoCard { id });
                self.expected.rows.remove(&Place::of(Family::Listings.name(), card.bytes()));
            }
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

    /// What stands in a list is the present version of an object. Membership rows were opened with the rolls; that they
    /// are the last ones, the journal says.
    fn lists(&mut self, progress: &mut dyn FnMut(Stage, u64)) -> Result<(), Unreadable> {
        self.scan(Family::Listings, SCAN_ROWS_MAX, progress, &mut |walk, key, row| {
            if key.bytes().len() == SWEEP_KEY_BYTES {
                walk.sweep(key, row);
            }
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

    /// Rows of the journal that belong to no entry of it. What they hold, the tree has said.
    fn journal(&mut self, progress: &mut dyn FnMut(Stage, u64)) -> Result<(), Unreadable> {
        self.scan(Family::Journal, SCAN_ROWS_MAX, progress, &mut |walk, key, row| {
            if row.version != 0 || !journal::is_row_of(key, walk.expected.size) {
                walk.report.fault(Fault::stray(Family::Journal, key));
            }
            Ok(())
        })
    }

    /// What the journal says was written and not removed must be there.
    fn absences(&mut self) {
        let mut last = None;
        for (id, _) in self.expected.digests.keys() {
            let seen = last.replace(*id) == Some(*id);
            if !seen && !self.present.contains_key(id) && !self.expected.gone.contains(id) {
                self.report.fault(Fault::Missing { id: *id });
                self.expected.rows.remove(&Place::of(Family::Records.name(), Key::from(*id).bytes()));
            }
        }
        for (_, number) in self.expected.rows.values() {
            self.report.fault(Fault::Gone { number: *number });
        }
    }
}
