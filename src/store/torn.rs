//! What a power cut leaves of the record that was being written.
//!
//! A file system may lengthen a file before its bytes arrive: the record of a commit that nobody was told of then has
//! sectors of zeros, at its start, in its middle or at its end. RocksDB cuts a log that is too short by itself, and takes
//! this for damage. Each commit is synced before the next begins, so only the last record of the newest log can be such:
//! what has another record behind it is damage, and so is a record that is wrong without zeros.
//!
//! Whoever can write zeros there can shorten the log as well: nothing is given away that the journal's checkpoint does not
//! tell.
//!
//! The form of the log: "Write Ahead Log File Format", RocksDB wiki. Blocks of 32 KiB; a record is checksum (4 bytes),
//! length (2), type (1) and content, little endian, whole in its block; a commit is one record or several fragments.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read},
    path::{Path, PathBuf},
};

pub(super) const BLOCK_BYTES: u16 = 32 * 1024;
pub(super) const HEADER_BYTES: usize = 7;
/// A disk writes a sector whole or not at all.
const SECTOR_BYTES: usize = 512;
const WHOLE: u8 = 1;
const FIRST: u8 = 2;
const LAST: u8 = 4;

/// Cuts a torn last record off the newest log of a folder, and tells how many bytes went.
///
/// # Errors
/// Those of the disk; the log is as it was or cut.
pub(super) fn cut(folder: &Path) -> io::Result<Option<u64>> {
    let Some(path) = newest_log(folder)? else { return Ok(None) };
    let Some(end) = torn_from(File::open(&path)?)? else { return Ok(None) };
    let log = OpenOptions::new().write(true).open(&path)?;
    let end = u64::try_from(end).map_err(io::Error::other)?;
    let gone = log.metadata()?.len().saturating_sub(end);
    log.set_len(end)?;
    log.sync_all()?;
    Ok(Some(gone))
}

/// RocksDB names its logs by rising numbers: `000123.log`.
fn newest_log(folder: &Path) -> io::Result<Option<PathBuf>> {
    let mut newest = None;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let number = path.file_stem().and_then(|stem| stem.to_str()).and_then(|stem| stem.parse::<u64>().ok());
        if let Some(number) = number.filter(|_| path.extension().is_some_and(|extension| extension == "log")) {
            newest = newest.max(Some((number, path)));
        }
    }
    Ok(newest.map(|(_, path)| path))
}

/// Where the last commit of a log begins, if it is torn.
fn torn_from(mut log: impl Read) -> io::Result<Option<usize>> {
    let (mut read, mut whole_to) = (0_usize, 0);
    let (mut is_damaged, mut has_hole) = (false, false);
    let mut block = Vec::with_capacity(usize::from(BLOCK_BYTES));
    loop {
        block.clear();
        log.by_ref().take(u64::from(BLOCK_BYTES)).read_to_end(&mut block)?;
        let mut rest = block.as_slice();
        read = read.saturating_add(rest.len());
        while let Some(record) = Record::first_of(rest).filter(|_| !is_damaged) {
            rest = record.rest;
            if record.ends_commit {
                whole_to = read.saturating_sub(rest.len());
            }
        }
        // What is too small for a record fills a block.
        is_damaged |= rest.len() >= HEADER_BYTES;
        if is_damaged {
            if (0..rest.len()).filter_map(|at| rest.get(at..)).any(begins_commit) {
                return Ok(None);
            }
            has_hole |= has_zero_sector(rest, block.len());
        }
        if block.len() < usize::from(BLOCK_BYTES) {
            return Ok(has_hole.then_some(whole_to));
        }
    }
}

/// Whether these bytes begin with the first record of a commit.
fn begins_commit(bytes: &[u8]) -> bool {
    // The type first: most places of a block have another, and a checksum takes time.
    matches!(bytes.get(HEADER_BYTES.saturating_sub(1)), Some(&(WHOLE | FIRST))) && Record::first_of(bytes).is_some()
}

pub(super) struct Record<'block> {
    ends_commit: bool,
    pub(super) rest: &'block [u8],
}

impl<'block> Record<'block> {
    /// The record that these bytes begin with, if there is one and it is as it was written.
    pub(super) fn first_of(bytes: &'block [u8]) -> Option<Self> {
        let (checksum, bytes) = bytes.split_first_chunk()?;
        let (length, bytes) = bytes.split_first_chunk()?;
        let (typed, rest) = bytes.split_at_checked(usize::from(u16::from_le_bytes(*length)).saturating_add(1))?;
        let kind = *typed.first()?;
        (kind != 0 && u32::from_le_bytes(*checksum) == masked(crc32c(typed)))
            .then_some(Self { ends_commit: matches!(kind, WHOLE | LAST), rest })
    }
}

/// Whether a sector is zeros in this end of a block of so many bytes.
fn has_zero_sector(rest: &[u8], block_bytes: usize) -> bool {
    let at = block_bytes.saturating_sub(rest.len());
    let to_sector = at.next_multiple_of(SECTOR_BYTES).saturating_sub(at);
    let (partial, sectors) = rest.split_at_checked(to_sector).unwrap_or((rest, &[]));
    let is_hole = |sector: &[u8]| !sector.is_empty() && sector.iter().all(|byte| *byte == 0);
    is_hole(partial) || sectors.chunks(SECTOR_BYTES).any(is_hole)
}

/// CRC-32C (RFC 3720, section 12.1).
fn crc32c(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _bit| (crc >> 1) ^ (0x82f6_3b78 & (crc & 1).wrapping_neg()))
    })
}

/// RocksDB stores no checksum as it is, so that one of what contains checksums still tells something.
const fn masked(crc: u32) -> u32 {
    crc.rotate_right(15).wrapping_add(0xa282_ead8)
}

#[cfg(test)]
mod tests {
    use super::crc32c;

    #[test]
    fn crc32c_is_that_of_rfc_3720_appendix_b_4() {
        assert_eq!(crc32c(&[0; 32]), 0x8a91_36aa);
        assert_eq!(crc32c(&[0xff; 32]), 0x62a8_ab43);
        let rising: Vec<u8> = (0..32).collect();
        assert_eq!(crc32c(&rising), 0x46dd_794e);
    }
}
