//! RocksDB's settings: what keeps the promises, and one small profile for each way of being read.
//!
//! Compression is off everywhere: values are ciphertext, and a length after compression would say
//! something of the text.

use rocksdb::{BlockBasedOptions, Cache, DBCompressionType, DBRecoveryMode, DataBlockIndexType, LogLevel, Options};

use super::engine::Family;
use crate::limits::{STORE_LOG_BYTES_MAX, STORE_MEMTABLE_BYTES_MAX, STORE_OPEN_FILES_MAX};

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;
/// Bits of filter for each key: one read in a hundred of an absent key touches the disk.
const FILTER_BITS: f64 = 10.0;
/// The newest block format of RocksDB 11 that keeps checksums bound to their place in the file.
const BLOCK_FORMAT: i32 = 6;
/// Values from this size on go to blob files, where compaction does not rewrite them.
const BLOB_BYTES_MIN: u64 = 4 * 1024;
const BLOB_FILE_BYTES: u64 = 64 * 1024 * 1024;
/// Collect the oldest quarter of the blob files as it empties, and at once when half is garbage.
pub(super) const BLOB_AGE_CUTOFF: f64 = 0.25;
const BLOB_GARBAGE_MAX: f64 = 0.5;
const CORES: i32 = 2;
const INFO_LOGS: usize = 2;

/// How a family is read and written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Profile {
    /// One row by its key, present or absent.
    Points,
    /// Neighbours, as pages.
    Pages,
    /// Large values, written once, read one by one.
    Blobs,
    /// Rising keys, never changed, read in runs.
    Appended,
    /// Few rows, all of them warm.
    Few,
}

impl Profile {
    pub(super) const fn of(family: Family) -> Self {
        match family {
            Family::Records => Self::Points,
            Family::Listings => Self::Pages,
            Family::Chunks => Self::Blobs,
            Family::Journal => Self::Appended,
            Family::Keys | Family::Meta => Self::Few,
        }
    }

    pub(super) fn options(self, cache: &Cache) -> Options {
        let mut options = Options::default();
        options.set_compression_type(DBCompressionType::None);
        options.set_bottommost_compression_type(DBCompressionType::None);
        options.set_write_buffer_size(self.memtable_bytes());
        options.set_max_write_buffer_number(2);
        options.set_target_file_size_base(64 * 1024 * 1024);
        if self == Self::Points {
            options.set_memtable_whole_key_filtering(true);
            options.set_memtable_prefix_bloom_ratio(0.05);
        }
        if self == Self::Blobs {
            options.set_enable_blob_files(true);
            options.set_min_blob_size(BLOB_BYTES_MIN);
            options.set_blob_file_size(BLOB_FILE_BYTES);
            options.set_blob_compression_type(DBCompressionType::None);
            options.set_enable_blob_gc(true);
            options.set_blob_gc_age_cutoff(BLOB_AGE_CUTOFF);
            options.set_blob_gc_force_threshold(BLOB_GARBAGE_MAX);
        }
        options.set_block_based_table_factory(&self.table(cache));
        options
    }

    fn table(self, cache: &Cache) -> BlockBasedOptions {
        let mut table = BlockBasedOptions::default();
        table.set_block_cache(cache);
        table.set_format_version(BLOCK_FORMAT);
        table.set_block_size(self.block_bytes());
        // Counted in the cache, so that memory is bounded whatever the number of rows.
        table.set_cache_index_and_filter_blocks(true);
        table.set_cache_index_and_filter_blocks_with_high_priority(true);
        table.set_pin_l0_filter_and_index_blocks_in_cache(true);
        if matches!(self, Self::Points | Self::Blobs | Self::Few) {
            table.set_bloom_filter(FILTER_BITS, false);
            table.set_whole_key_filtering(true);
            table.set_optimize_filters_for_memory(true);
        }
        if matches!(self, Self::Points | Self::Few) {
            table.set_data_block_index_type(DataBlockIndexType::BinaryAndHash);
        }
        table
    }

    const fn memtable_bytes(self) -> usize {
        match self {
            Self::Points | Self::Blobs | Self::Appended => 16 * MIB,
            Self::Pages => 8 * MIB,
            Self::Few => 2 * MIB,
        }
    }

    const fn block_bytes(self) -> usize {
        match self {
            Self::Points | Self::Blobs | Self::Few => 4 * KIB,
            Self::Pages => 8 * KIB,
            Self::Appended => 16 * KIB,
        }
    }
}

/// The settings of the whole database: safety first, then memory, then a quick start.
pub(super) fn database() -> Options {
    let mut options = Options::default();

    // The default mode opens quietly at the first damage and loses what follows. This one opens
    // only past an unfinished last record, which is a commit that was never acknowledged.
    options.set_wal_recovery_mode(DBRecoveryMode::TolerateCorruptedTailRecords);
    options.set_track_and_verify_wals_in_manifest(true);
    options.set_paranoid_checks(true);
    // A commit spans families. Were they flushed one by one, a crash while RocksDB gets over a full
    // volume could replay the failed commit into some of them and not into others.
    options.set_atomic_flush(true);
    options.set_manual_wal_flush(false);

    // Deleted rows must leave the disk: no old log is kept, renamed or written over.
    options.set_recycle_log_file_num(0);
    options.set_wal_ttl_seconds(0);
    options.set_wal_size_limit_mb(0);
    options.set_delete_obsolete_files_period_micros(10 * 60 * 1_000_000);

    options.set_db_write_buffer_size(STORE_MEMTABLE_BYTES_MAX);
    options.set_max_total_wal_size(STORE_LOG_BYTES_MAX);
    options.set_max_open_files(STORE_OPEN_FILES_MAX);
    options.set_max_manifest_file_size(16 * MIB);

    options.increase_parallelism(CORES);
    options.set_max_background_jobs(CORES);
    options.set_max_file_opening_threads(CORES);
    options.set_bytes_per_sync(1024 * 1024);
    options.set_skip_stats_update_on_db_open(true);

    // RocksDB's own LOG: settings, file numbers, errors; no key and no value at this level.
    options.set_log_level(LogLevel::Warn);
    options.set_keep_log_file_num(INFO_LOGS);
    options.set_max_log_file_size(MIB);
    options.set_stats_dump_period_sec(0);
    options.set_stats_persist_period_sec(0);
    options
}
