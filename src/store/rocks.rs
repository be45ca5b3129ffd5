//! The contract on RocksDB: a plain database, one family of columns each, no transactions.
//!
//! A row is stored as its version (8 bytes, big endian), then its value.
//!
//! **What a failed write leaves.** RocksDB appends a commit to its log and syncs it before it shows
//! it to readers. After a failure readers still see the last acknowledged state, but the bytes may
//! be whole in the log, and would come back at the next start. RocksDB gets over a full volume by
//! itself, some seconds after there is room again; over any other failure of the log it does not.
//! The latch refuses commits until [`Engine::reopen`] has proved that RocksDB writes again and has
//! left the old log behind, so that the failed commit cannot come back; if that never succeeds, the
//! process must start anew, where the log decides.
//!
//! **What RocksDB cannot see.** Its checksums find accidents, not attackers: whoever writes to the
//! folder can put an older one back, or cut whole commits off the end of the newest log, and one
//! damaged length there has the same effect. The journal's signed checkpoint is compared at start
//! for that. Conversely a power cut may leave zeros where the last, unacknowledged record was being
//! written, which RocksDB takes for damage: [`torn`] cuts it off.

use std::{
    fs::{self, DirBuilder, File},
    io,
    os::unix::fs::DirBuilderExt,
    path::Path,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use rocksdb::{
    BottommostLevelCompaction, Cache, ColumnFamily, ColumnFamilyDescriptor, CompactOptions, ErrorKind, FlushOptions,
    ReadOptions, SnapshotWithThreadMode, WriteBatch, WriteOptions, checkpoint::Checkpoint, properties,
};

use super::{
    engine::{Engine, Family, Key, Row, Snapshot, Writes},
    error::{CommitError, EngineError},
    profile::{self, Profile},
    range::{Direction, KeyRange},
    recycled, torn,
};
use crate::limits::{SCAN_ROWS_MAX, STORE_CACHE_BYTES};

#[expect(clippy::disallowed_types, reason = "the one place that speaks to RocksDB")]
type Database = rocksdb::DB;

/// The engine on one folder of this machine. One process holds a folder at a time.
pub struct Rocks {
    database: Database,
    /// Held from the first check to the end of the write: nobody writes in between.
    writer: Mutex<()>,
    /// A commit has failed: see the module.
    stopped: AtomicBool,
    read: ReadOptions,
    synced: WriteOptions,
}

/// How much a family holds, about: for screens and progress bars, never for decisions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SizeHint {
    /// Rows; overwritten and deleted ones may be counted until compaction.
    pub rows: u64,
    /// Bytes in files and in memory.
    pub bytes: u64,
}

impl Rocks {
    /// A new, empty store in a folder that does not exist yet or is empty; only its owner may enter.
    ///
    /// Apart from [`Rocks::open`] so that a mistyped path never starts a second history.
    ///
    /// # Errors
    /// [`EngineError::Occupied`] when something is in the folder, or those of the disk. A creation
    /// that was cut short leaves a folder to be removed by hand.
    pub fn create(folder: &Path) -> Result<Self, EngineError> {
        DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(of_folder)?;
        if fs::read_dir(folder).map_err(of_folder)?.next().is_some() {
            return Err(EngineError::Occupied);
        }
        let mut options = profile::database();
        options.create_if_missing(true);
        options.create_missing_column_families(true);
        options.set_error_if_exists(true);
        let created = Self::with(&options, folder)?;
        if let Some(parent) = folder.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            File::open(parent).and_then(|parent| parent.sync_all()).map_err(of_folder)?;
        }
        Ok(created)
    }

    /// The store in a folder, as its last acknowledged commit left it.
    ///
    /// # Errors
    /// [`EngineError::Missing`], [`EngineError::Locked`], [`EngineError::Corrupt`] when anything but
    /// an unfinished last commit is wrong, [`EngineError::Foreign`] when another version made it.
    pub fn open(folder: &Path) -> Result<Self, EngineError> {
        // RocksDB creates files in a folder before it finds out that it holds no database.
        if !folder.join("CURRENT").is_file() {
            return Err(EngineError::Missing);
        }
        if let Some(file) = recycled::found(folder).map_err(of_folder)? {
            return Err(EngineError::Corrupt { detail: format!("{file}: a record of a kind that is never written") });
        }
        match Self::with(&profile::database(), folder) {
            Err(EngineError::Corrupt { detail }) => {
                let Some(bytes) = torn::cut(folder).map_err(of_folder)? else {
                    return Err(EngineError::Corrupt { detail });
                };
                tracing::warn!(bytes, detail, "a commit that a power cut left unfinished is cut off the log");
                Self::with(&profile::database(), folder)
            }
            outcome => outcome,
        }
    }

    fn with(options: &rocksdb::Options, folder: &Path) -> Result<Self, EngineError> {
        let cache = Cache::new_lru_cache(STORE_CACHE_BYTES);
        let default = ColumnFamilyDescriptor::new(rocksdb::DEFAULT_COLUMN_FAMILY_NAME, Profile::Few.options(&cache));
        let families = Family::ALL
            .into_iter()
            .map(|family| ColumnFamilyDescriptor::new(family.name(), Profile::of(family).options(&cache)));
        let database = Database::open_cf_descriptors(options, folder, std::iter::once(default).chain(families))
            .map_err(failure)?;
        let mut synced = WriteOptions::default();
        synced.set_sync(true);
        Ok(Self {
            database,
            writer: Mutex::new(()),
            stopped: AtomicBool::new(false),
            read: ReadOptions::default(),
            synced,
        })
    }

    /// Writes a copy that opens as a store of its own, with every commit that has returned.
    ///
    /// Tables are hard links when `to` is on the same volume: quick, and no room taken at first.
    ///
    /// # Errors
    /// [`EngineError::Occupied`] when `to` exists, or those of the disk.
    pub fn checkpoint(&self, to: &Path) -> Result<(), EngineError> {
        if to.exists() {
            return Err(EngineError::Occupied);
        }
        Checkpoint::new(&self.database).and_then(|checkpoint| checkpoint.create_checkpoint(to)).map_err(failure)
    }

    /// Rewrites a family without what was deleted or replaced, so that it leaves the files at once.
    ///
    /// What a snapshot still sees stays, as do the blocks that the medium keeps for itself, and
    /// copies made by [`Rocks::checkpoint`].
    ///
    /// # Errors
    /// Those of the disk; the rows are as they were.
    pub fn compact(&self, family: Family) -> Result<(), EngineError> {
        // All families: a log is removed only when no family needs it any more.
        self.flush()?;
        let columns = self.columns(family)?;
        if Profile::of(family) == Profile::Blobs {
            self.collect_blobs(columns, "1.0")?;
        }
        let errors = self.background_errors()?;
        let mut options = CompactOptions::default();
        options.set_bottommost_level_compaction(BottommostLevelCompaction::Force);
        self.database.compact_range_cf_opt(columns, None::<&[u8]>, None::<&[u8]>, &options);
        if Profile::of(family) == Profile::Blobs {
            self.collect_blobs(columns, &profile::BLOB_AGE_CUTOFF.to_string())?;
        }
        // The crate does not say how a compaction ended.
        if self.background_errors()? > errors {
            return Err(EngineError::Disk { detail: format!("{family} was not compacted") });
        }
        Ok(())
    }

    /// About how much a family holds.
    ///
    /// # Errors
    /// [`EngineError::Foreign`] when the family does not exist.
    pub fn size_hint(&self, family: Family) -> Result<SizeHint, EngineError> {
        let columns = self.columns(family)?;
        let number = |name: &std::ffi::CStr| {
            self.database.property_int_value_cf(columns, name).map(Option::unwrap_or_default).map_err(failure)
        };
        let tables = number(properties::LIVE_SST_FILES_SIZE)?;
        let blobs = number(c"rocksdb.live-blob-file-size")?;
        let memory = number(properties::CUR_SIZE_ALL_MEM_TABLES)?;
        Ok(SizeHint {
            rows: number(properties::ESTIMATE_NUM_KEYS)?,
            bytes: tables.saturating_add(blobs).saturating_add(memory),
        })
    }

    fn columns(&self, family: Family) -> Result<&ColumnFamily, EngineError> {
        self.database
            .cf_handle(family.name())
            .ok_or_else(|| EngineError::Foreign { detail: format!("there is no family {family}") })
    }

    /// Moves all rows from memory to tables.
    fn flush(&self) -> Result<(), EngineError> {
        let mut families = Vec::with_capacity(Family::ALL.len());
        for family in Family::ALL {
            families.push(self.columns(family)?);
        }
        self.database.flush_cfs_opt(&families, &FlushOptions::default()).map_err(failure)
    }

    fn collect_blobs(&self, columns: &ColumnFamily, age_cutoff: &str) -> Result<(), EngineError> {
        self.database.set_options_cf(columns, &[("blob_garbage_collection_age_cutoff", age_cutoff)]).map_err(failure)
    }

    fn background_errors(&self) -> Result<u64, EngineError> {
        self.database.property_int_value(properties::BACKGROUND_ERRORS).map(Option::unwrap_or_default).map_err(failure)
    }

    fn settle_checks(&self, writes: &Writes) -> Result<(), CommitError> {
        for check in &writes.checks {
            let (family, key) = check.place();
            let stored = self.database.get_pinned_cf_opt(self.columns(family)?, key, &self.read).map_err(failure)?;
            let version = stored.map(|stored| parse(family, &stored).map(|(version, _value)| version)).transpose()?;
            check.settle(version)?;
        }
        Ok(())
    }

    fn write(&self, writes: &Writes) -> Result<(), EngineError> {
        let mut batch = WriteBatch::default();
        for (family, key) in &writes.deletes {
            batch.delete_cf(self.columns(*family)?, key);
        }
        let mut stored = Vec::new();
        for (family, key, row) in &writes.puts {
            stored.clear();
            stored.extend_from_slice(&row.version.to_be_bytes());
            stored.extend_from_slice(&row.value);
            batch.put_cf(self.columns(*family)?, key, &stored);
        }
        self.database.write_opt(batch, &self.synced).map_err(failure)
    }
}

impl Engine for Rocks {
    fn snapshot(&self) -> Result<Box<dyn Snapshot + '_>, EngineError> {
        Ok(Box::new(View { rocks: self, snapshot: self.database.snapshot() }))
    }

    fn get(&self, family: Family, key: &Key) -> Result<Option<Row>, EngineError> {
        let stored = self.database.get_pinned_cf_opt(self.columns(family)?, key, &self.read).map_err(failure)?;
        stored.map(|stored| row(family, &stored)).transpose()
    }

    fn commit(&self, writes: Writes) -> Result<(), CommitError> {
        writes.bounded()?;
        let _alone = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        if self.stopped.load(Ordering::Acquire) {
            return Err(EngineError::Stopped.into());
        }
        let outcome = self.settle_checks(&writes).and_then(|()| self.write(&writes).map_err(CommitError::from));
        if let Err(CommitError::Engine(_unknown)) = &outcome {
            self.stopped.store(true, Ordering::Release);
        }
        outcome
    }

    fn reopen(&self) -> Result<(), EngineError> {
        let _alone = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.stopped.load(Ordering::Acquire) {
            return Ok(());
        }
        // The empty key, which no row can have, in every family: the write proves that the log
        // works, the flush leaves no family that would read the old log at the next start.
        let mut probe = WriteBatch::default();
        for family in Family::ALL {
            probe.delete_cf(self.columns(family)?, []);
        }
        self.database.write_opt(probe, &self.synced).map_err(failure)?;
        self.flush()?;
        self.stopped.store(false, Ordering::Release);
        Ok(())
    }
}

struct View<'rocks> {
    rocks: &'rocks Rocks,
    snapshot: SnapshotWithThreadMode<'rocks, Database>,
}

impl Snapshot for View<'_> {
    fn get_many(&self, family: Family, keys: &[Key]) -> Result<Vec<Option<Row>>, EngineError> {
        let mut options = ReadOptions::default();
        options.set_snapshot(&self.snapshot);
        let columns = self.rocks.columns(family)?;
        self.rocks
            .database
            .batched_multi_get_cf_opt(columns, keys, false, &options)
            .into_iter()
            .map(|stored| stored.map_err(failure)?.map(|stored| row(family, &stored)).transpose())
            .collect()
    }

    fn scan(
        &self,
        family: Family,
        range: &KeyRange,
        direction: Direction,
        limit: usize,
    ) -> Result<Vec<(Key, Row)>, EngineError> {
        let limit = limit.min(SCAN_ROWS_MAX);
        if limit == 0 || range.is_empty() {
            return Ok(Vec::new());
        }
        let mut options = ReadOptions::default();
        options.set_iterate_lower_bound(range.start());
        if let Some(end) = range.end() {
            options.set_iterate_upper_bound(end);
        }
        let mut rows = Vec::new();
        let mut cursor = self.snapshot.raw_iterator_cf_opt(self.rocks.columns(family)?, options);
        match direction {
            Direction::Forward => cursor.seek_to_first(),
            Direction::Backward => cursor.seek_to_last(),
        }
        while let Some((key, stored)) = cursor.item() {
            let key = Key::new(key).map_err(|length| EngineError::Foreign { detail: format!("{family}: {length}") })?;
            rows.push((key, row(family, stored)?));
            if rows.len() == limit {
                return Ok(rows);
            }
            match direction {
                Direction::Forward => cursor.next(),
                Direction::Backward => cursor.prev(),
            }
        }
        // The end of the range and a damaged block both end the walk.
        cursor.status().map_err(failure)?;
        Ok(rows)
    }
}

fn row(family: Family, stored: &[u8]) -> Result<Row, EngineError> {
    parse(family, stored).map(|(version, value)| Row { version, value: value.to_vec() })
}

fn parse(family: Family, stored: &[u8]) -> Result<(u64, &[u8]), EngineError> {
    let Some((version, value)) = stored.split_first_chunk() else {
        return Err(EngineError::Foreign { detail: format!("a row of {family} has no version") });
    };
    Ok((u64::from_be_bytes(*version), value))
}

/// RocksDB's status as a fact. The crate hands on its text only, and that text is stable.
fn failure(error: rocksdb::Error) -> EngineError {
    let kind = error.kind();
    let detail = error.into_string();
    match kind {
        ErrorKind::IOError if detail.contains("No space left on device") => EngineError::Full,
        ErrorKind::IOError if detail.contains("While lock file") || detail.contains("lock hold by") => {
            EngineError::Locked
        }
        ErrorKind::Corruption => EngineError::Corrupt { detail },
        ErrorKind::InvalidArgument | ErrorKind::NotSupported => EngineError::Foreign { detail },
        _ => EngineError::Disk { detail },
    }
}

fn of_folder(error: io::Error) -> EngineError {
    match error.kind() {
        io::ErrorKind::StorageFull => EngineError::Full,
        _ => EngineError::Disk { detail: error.to_string() },
    }
}
