//! Records of a kind that is never written here, on which RocksDB reads for ever.
//!
//! A log that is used again holds records of kinds of their own, and we use none again ([`super::profile`]). Where one bit of the
//! disk makes such a kind of another, RocksDB 11.8 refuses the record without going past it, and reads it again without end
//! (`log::Reader::ReadPhysicalRecord`, "A recycled log should have started with a recycled record"): the process starts and never
//! answers. Found by `tests/rough/tamper`, which changes bytes at random. So logs and manifests, which have the same form (see
//! [`super::torn`]), are looked at before they are opened.

use std::{
    fs::{self, File},
    io::{self, BufReader, Read},
    path::Path,
};

use super::torn::{BLOCK_BYTES, HEADER_BYTES, Record};

/// `log_format.h` of RocksDB: full, first, middle, last; sizes of timestamps; what log came before.
const RECYCLED: [u8; 6] = [5, 6, 7, 8, 11, 131];

/// The name of a file of the folder that holds such a record.
///
/// # Errors
/// Those of the disk.
pub(super) fn found(folder: &Path) -> io::Result<Option<String>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let is_log = path.extension().is_some_and(|extension| extension == "log");
        if (is_log || name.starts_with("MANIFEST-")) && has_one(BufReader::new(File::open(&path)?))? {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

fn has_one(mut log: impl Read) -> io::Result<bool> {
    let mut block = Vec::with_capacity(usize::from(BLOCK_BYTES));
    loop {
        block.clear();
        log.by_ref().take(u64::from(BLOCK_BYTES)).read_to_end(&mut block)?;
        let mut rest = block.as_slice();
        // Where a length leads out of the block, RocksDB goes on with the next one; and behind a record that is not as it was written,
        // which a power cut leaves.
        while let Some([_, _, _, _, low, high, kind]) = rest.first_chunk::<HEADER_BYTES>().copied() {
            if RECYCLED.contains(&kind) {
                if is_reached(&block, rest.len()) {
                    return Ok(true);
                }
                break;
            }
            let length = usize::from(u16::from_le_bytes([low, high]));
            rest = rest.get(HEADER_BYTES.saturating_add(length)..).unwrap_or_default();
        }
        if block.len() < usize::from(BLOCK_BYTES) {
            return Ok(false);
        }
    }
}

/// Whether all records of a block before its last `left` bytes are as they were written. Asked of a suspect alone: checksums of all
/// logs would make a start long.
fn is_reached(block: &[u8], left: usize) -> bool {
    let mut rest = block;
    while rest.len() > left {
        let Some(record) = Record::first_of(rest) else { return false };
        rest = record.rest;
    }
    true
}
