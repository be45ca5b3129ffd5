//! Every bound of the system: sizes, counts, times, rates. Nothing else holds one.
//!
//! Names say the thing, the unit, then `MAX` or `MIN`.

/// Bytes of a key of the store (DESIGN: keys of at most 1 KiB, so that other engines fit).
pub const STORE_KEY_BYTES_MAX: usize = 1024;
/// Bytes of a value of the store; longer bodies are cut into parts.
pub const STORE_VALUE_BYTES_MAX: usize = 64 * 1024;
/// Rows that one scan may return.
pub const SCAN_ROWS_MAX: usize = 1024;

/// Bytes of one locked mapping of the secrets' arena.
pub const ARENA_PAGE_BYTES: usize = 64 * 1024;
/// argon2id floor: memory (FORMATS §4.3).
pub const PASSPHRASE_MEMORY_KIB_MIN: u32 = 256 * 1024;
/// argon2id ceiling: memory. A forged slot file must not exhaust the host.
pub const PASSPHRASE_MEMORY_KIB_MAX: u32 = 4 * 1024 * 1024;
/// argon2id floor: passes.
pub const PASSPHRASE_PASSES_MIN: u32 = 3;
/// argon2id ceiling: passes.
pub const PASSPHRASE_PASSES_MAX: u32 = 16;
/// argon2id ceiling: lanes.
pub const PASSPHRASE_LANES_MAX: u32 = 16;

/// Bytes of a signed note: a checkpoint with all its signature lines (a post-quantum line takes 3.3 KB).
pub const NOTE_BYTES_MAX: usize = 128 * 1024;
/// Signature lines of a note (C2SP asks for at least 16).
pub const NOTE_SIGNATURES_MAX: usize = 100;
/// Entries of the journal: a tree larger than this is not believed (and is what a signed 64-bit reader can count).
pub const JOURNAL_ENTRIES_MAX: u64 = 0x7fff_ffff_ffff_ffff;
/// Bytes of one journal entry: its length stands in two bytes of the entry bundle (C2SP tlog-tiles).
pub const JOURNAL_ENTRY_BYTES_MAX: usize = 0xffff;
/// Hashes of an inclusion or consistency proof.
pub const PROOF_HASHES_MAX: usize = 64;
/// Bytes of an entry bundle: 256 entries with their lengths.
pub const JOURNAL_BUNDLE_BYTES_MAX: usize = 256 * (JOURNAL_ENTRY_BYTES_MAX + 2);
