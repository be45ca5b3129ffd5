//! Import, the client's half: files in, a stream of notes and links out.
//!
//! Nothing here speaks to a server. A stream is an iterator of [`Outcome`]: an
//! item for `POST /api/v1/notes/import`, or what was refused and why. Memory
//! is bounded whatever the files hold, and nothing in them can end the stream
//! but the end of the files.
//!
//! Rules that every source keeps:
//! - **Notes before links.** A server that reads the stream as it comes knows
//!   both ends of a link when it meets it; so the files are read twice.
//! - **Same files, same items, same order.** Identifiers are those of the source, or digests of them; the
//!   server recognises them, so to import twice is to import once.
//! - **Labels never come from files.** A marking found in the data becomes a tag.

use crate::crypto::sha256;

mod encoding;
pub mod feed;
mod files;
mod folders;
pub mod item;
pub mod mail;
pub mod markdown;
mod markup;
pub mod misp;
mod page;
pub mod references;
mod refused;
pub mod stix;
pub mod table;
mod text;
mod unsaid;
mod walk;

pub use files::Reading;
pub use folders::{Folders, Met};
pub use item::{Answer, Attachment, Item, Link, Note, Source, Status};
pub use markup::html;
pub use refused::{Field, Place, Reason, Refused};
pub use stix::Bundle;
pub use unsaid::Unsaid;

/// One step of an import: something to send, or something refused.
pub type Outcome = Result<Item, Refused>;

/// How far an import has come, for a progress bar.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Progress {
    /// Bytes read so far, every reading of a file counted.
    pub bytes_read: u64,
    /// Bytes that will have been read at the end, as far as is known.
    pub bytes_total: u64,
}

/// The name of a link that has none in its source: the same source always gives the same name.
fn derived_id(parts: [&str; 4]) -> String {
    // No part holds a NUL: identifiers and paths with control characters are refused before.
    let [owner, kind, from, to] = parts;
    let digest = sha256(&[owner.as_bytes(), b"\0", kind.as_bytes(), b"\0", from.as_bytes(), b"\0", to.as_bytes()]);
    format!("ref--{digest}")
}
