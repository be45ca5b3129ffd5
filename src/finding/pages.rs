//! A sealed file: written once, read by pages, and nothing of it can be changed, swapped, cut or put in another order.
//!
//! ```text
//! file = "VIX1" ‖ salt 28 ‖ page 0 ‖ page 1 ‖ … ‖ end
//! key  = HKDF(key of the label's index, "vigie/index-file/v1", salt, name)      one file, one key
//! page = frame(key, "page" ‖ number u64, 16 KiB of content, the last one shorter)
//! end  = frame(key, "end", length of the content u64)
//! ```
//!
//! A page of another file, label or deployment has another key. A page in another place has another number. A file that
//! was cut has no end, or an end that says another length. What is left to whoever holds the disk: the sizes and the
//! number of files, and putting back a whole older index, which `follower.rs` finds.

use std::io;

use super::place::{Sink, Source};
use crate::{
    crypto::{Entropy, Secret, expand, frame},
    limits::INDEX_PAGE_BYTES as PAGE,
};

const MAGIC: &[u8; 4] = b"VIX1";
const SALT_BYTES: usize = 28;
const HEAD_BYTES: usize = 4 + SALT_BYTES;
const END_BYTES: usize = 8 + frame::OVERHEAD_BYTES;
const SEALED_PAGE_BYTES: usize = PAGE + frame::OVERHEAD_BYTES;

/// A file does not open: damaged, or not the one that was written under this name.
pub(super) fn tampered() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "a file of the index does not open")
}

fn exhausted() -> io::Error {
    io::Error::new(io::ErrorKind::OutOfMemory, "no random bytes or locked memory")
}

fn file_key(index: &Secret, salt: &[u8], name: &str) -> io::Result<Secret> {
    expand(index, &[b"vigie/index-file/v1\0", salt, name.as_bytes()]).map_err(|_exhausted| exhausted())
}

fn page_place(number: u64) -> Vec<u8> {
    [b"page".as_slice(), &number.to_be_bytes()].concat()
}

fn wide(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// Writes one file.
#[derive(Debug)]
pub struct Writer {
    sink: Sink,
    key: Secret,
    entropy: Entropy,
    pending: Vec<u8>,
    pages: u64,
    length: u64,
}

impl Writer {
    /// Begins a file under its name.
    ///
    /// # Errors
    /// The system's.
    pub fn begin(mut sink: Sink, index: &Secret, name: &str, entropy: &Entropy) -> io::Result<Self> {
        let salt = entropy.bytes::<SALT_BYTES>().map_err(|_exhausted| exhausted())?;
        let key = file_key(index, &salt, name)?;
        sink.write(MAGIC)?;
        sink.write(&salt)?;
        Ok(Self { sink, key, entropy: entropy.clone(), pending: Vec::with_capacity(PAGE), pages: 0, length: 0 })
    }

    /// Adds bytes.
    ///
    /// # Errors
    /// The system's.
    pub fn write(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        self.length = self.length.saturating_add(wide(bytes.len()));
        while !bytes.is_empty() {
            let room = PAGE.saturating_sub(self.pending.len());
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            self.pending.extend_from_slice(now);
            bytes = later;
            if self.pending.len() == PAGE {
                self.seal_page()?;
            }
        }
        Ok(())
    }

    fn seal_page(&mut self) -> io::Result<()> {
        let sealed = frame::seal(&self.key, &page_place(self.pages), &self.pending, &self.entropy);
        self.sink.write(&sealed.map_err(|_exhausted| exhausted())?)?;
        self.pages = self.pages.saturating_add(1);
        zeroize::Zeroize::zeroize(&mut self.pending);
        Ok(())
    }

    /// Ends the file and makes it durable.
    ///
    /// # Errors
    /// The system's.
    pub fn finish(&mut self) -> io::Result<()> {
        if !self.pending.is_empty() {
            self.seal_page()?;
        }
        let end = frame::seal(&self.key, b"end", &self.length.to_be_bytes(), &self.entropy);
        self.sink.write(&end.map_err(|_exhausted| exhausted())?)?;
        self.sink.finish()
    }
}

/// Reads one file.
#[derive(Debug)]
pub struct Reader {
    source: Source,
    key: Secret,
    length: u64,
}

impl Reader {
    /// Opens the file that was written under this name, if it is whole.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidData`] for any other bytes, and the system's.
    pub fn open(source: Source, index: &Secret, name: &str) -> io::Result<Self> {
        let outside = source.length();
        let fixed = wide(HEAD_BYTES.saturating_add(END_BYTES));
        if outside < fixed {
            return Err(tampered());
        }
        let head = source.read(0, HEAD_BYTES)?;
        let salt = head.strip_prefix(MAGIC).ok_or_else(tampered)?;
        let key = file_key(index, salt, name)?;
        let end = source.read(outside.saturating_sub(wide(END_BYTES)), END_BYTES)?;
        let end = frame::open(&key, b"end", &end).map_err(|_unsealable| tampered())?;
        let length = u64::from_be_bytes(end.as_slice().try_into().map_err(|_length| tampered())?);
        let pages = length.div_ceil(wide(PAGE));
        let expected = pages.checked_mul(wide(frame::OVERHEAD_BYTES)).and_then(|over| over.checked_add(length));
        if expected.and_then(|inside| inside.checked_add(fixed)) != Some(outside) {
            return Err(tampered());
        }
        Ok(Self { source, key, length })
    }

    /// Bytes of content.
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// The content of one page.
    ///
    /// # Errors
    /// As [`Reader::open`].
    pub fn page(&self, number: u64) -> io::Result<Vec<u8>> {
        let start = number.checked_mul(wide(PAGE)).filter(|start| *start < self.length).ok_or_else(tampered)?;
        let content = self.length.saturating_sub(start).min(wide(PAGE));
        let content = usize::try_from(content).map_err(|_never| tampered())?;
        let offset = number.saturating_mul(wide(SEALED_PAGE_BYTES)).saturating_add(wide(HEAD_BYTES));
        let sealed = self.source.read(offset, content.saturating_add(frame::OVERHEAD_BYTES))?;
        let opened = frame::open(&self.key, &page_place(number), &sealed).map_err(|_unsealable| tampered())?;
        // Pair assertion: as long as the end of the file says.
        if opened.len() == content { Ok(opened) } else { Err(tampered()) }
    }
}
