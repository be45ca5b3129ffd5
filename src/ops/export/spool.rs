//! What has come of an export, kept in one file until all of it is known: links are written only to notes that left too.
//!
//! The file stands in the unfinished folder, for its owner alone, and goes with it. In memory is a line's place for each note.

use std::{
    collections::BTreeMap,
    fs::{File, OpenOptions},
    io::{self, BufRead as _, BufReader, BufWriter, Seek as _, SeekFrom, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

use super::packet::Packet;

/// Where a note's line stands, and in which order notes are written.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Line {
    created: u64,
    at: u64,
}

/// The notes that have come.
pub struct Spool {
    file: BufWriter<File>,
    end: u64,
    lines: BTreeMap<String, (Line, u64)>,
    writes: u64,
}

impl Spool {
    /// An empty spool in a new file.
    ///
    /// # Errors
    /// [`io::Error`].
    pub fn new(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(path)?;
        Ok(Self { file: BufWriter::new(file), end: 0, lines: BTreeMap::new(), writes: 0 })
    }

    /// Whether this very version of the note has come.
    pub fn has(&self, packet: &Packet) -> bool {
        self.lines.get(&packet.note.id).is_some_and(|(_, version)| *version == packet.note.version)
    }

    /// Keeps a note; it takes the place of an older version.
    ///
    /// # Errors
    /// [`io::Error`].
    pub fn keep(&mut self, packet: &Packet) -> io::Result<()> {
        let mut line = serde_json::to_vec(packet)?;
        line.push(b'\n');
        self.file.write_all(&line)?;
        let place = Line { created: packet.note.created.0, at: self.end };
        self.lines.insert(packet.note.id.clone(), (place, packet.note.version));
        self.writes = self.writes.saturating_add(1);
        self.end = self.end.saturating_add(u64::try_from(line.len()).unwrap_or(u64::MAX));
        Ok(())
    }

    /// How often something was kept.
    pub const fn writes(&self) -> u64 {
        self.writes
    }

    /// How many notes there are.
    pub fn length(&self) -> usize {
        self.lines.len()
    }

    /// Whether that note is among them.
    pub fn holds(&self, id: &str) -> bool {
        self.lines.contains_key(id)
    }

    /// All notes, the oldest first: the same export twice gives the same order.
    ///
    /// # Errors
    /// [`io::Error`].
    pub fn packets(&mut self) -> io::Result<impl Iterator<Item = io::Result<Packet>> + use<>> {
        self.file.flush()?;
        let mut order: Vec<(u64, String, u64)> =
            self.lines.iter().map(|(id, (line, _))| (line.created, id.clone(), line.at)).collect();
        order.sort();
        let mut reader = BufReader::new(self.file.get_ref().try_clone()?);
        let mut line = Vec::new();
        Ok(order.into_iter().map(move |(_, _, at)| {
            reader.seek(SeekFrom::Start(at))?;
            line.clear();
            reader.read_until(b'\n', &mut line)?;
            serde_json::from_slice(&line).map_err(io::Error::from)
        }))
    }
}
