//! The contents of attachments: every chunk in its place and whole, none missing, none of what was removed.

use std::collections::BTreeMap;

use super::{Fault, Stage, Unreadable, walk::Walk};
use crate::{
    crypto::Unsealable,
    store::{Family, Key, Row},
    vault::{Kind, Sweep, inspect::Body},
};

/// Rows read at once: chunks are large.
const PAGE_ROWS: usize = 64;
/// Length of the key of a row that says what is to be removed, and of a chunk's.
pub(super) const SWEEP_KEY_BYTES: usize = 41;
const CHUNK_KEY_BYTES: usize = 20;
/// The index under which the progress of an upload stands.
const PROGRESS: u32 = u32::MAX;

impl Walk<'_> {
    /// Every chunk against the record of its attachment.
    pub(super) fn chunks(&mut self, progress: &mut dyn FnMut(Stage, u64)) -> Result<(), Unreadable> {
        let going = std::mem::take(&mut self.going);
        let mut attached = std::mem::take(&mut self.attached);
        for header in attached.values_mut().filter(|header| header.kind == Kind::Upload) {
            match self.inspector.progress(header)? {
                Some(stored) => header.extent = stored,
                None => self.report.fault(Fault::Body { id: header.id, version: header.version }),
            }
        }
        let mut seen: BTreeMap<[u8; 16], u32> = BTreeMap::new();
        self.scan(Family::Chunks, PAGE_ROWS, progress, &mut |walk, key, row| {
            walk.report.chunks = walk.report.chunks.saturating_add(1);
            let bytes = key.bytes();
            let begins = bytes.first_chunk::<16>().filter(|_| bytes.len() == CHUNK_KEY_BYTES);
            if begins.is_some_and(|begins| going.contains(begins)) {
                return Ok(());
            }
            let index = bytes.last_chunk().map_or(0, |index| u32::from_be_bytes(*index));
            let Some((begins, header)) = begins.and_then(|begins| attached.get_key_value(begins)) else {
                walk.report.fault(Fault::stray(Family::Chunks, key));
                return Ok(());
            };
            if index == PROGRESS {
                if header.kind != Kind::Upload {
                    walk.report.fault(Fault::stray(Family::Chunks, key));
                }
                return Ok(());
            }
            let count = seen.entry(*begins).or_default();
            *count = count.saturating_add(1);
            match walk.inspector.chunk(header, index, row)? {
                Body::Opens => walk.report.bodies = walk.report.bodies.saturating_add(1),
                Body::NoKey => walk.report.sealed = walk.report.sealed.saturating_add(1),
                Body::Damaged => walk.report.fault(Fault::Body { id: header.id, version: header.version }),
            }
            Ok(())
        })?;
        for (begins, header) in &attached {
            if seen.get(begins).copied().unwrap_or(0) != self.inspector.chunks_of(header) {
                self.report.fault(Fault::Body { id: header.id, version: header.version });
            }
        }
        Ok(())
    }

    /// A row that says what is to be removed.
    pub(super) fn sweep(&mut self, key: &Key, row: &Row) {
        match self.inspector.sweep(key, row) {
            Ok((id, Sweep::Chunks(_))) => {
                self.going.insert(self.inspector.chunks_begin(id));
            }
            Ok((_, Sweep::Note(_) | Sweep::Upload)) => {}
            Err(Unsealable) => self.report.fault(Fault::stray(Family::Listings, key)),
        }
    }
}
