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
