//! The one way of all sources that are cut into pieces: a file is read whole, within a bound, cut into the places of
//! its entries, and each entry is mapped for itself. What is wrong with an entry spoils that entry alone.
//!
//! Held in memory: one file, eight bytes for each of its entries, and a digest for each name given so far.

use std::{
    collections::{BTreeMap, VecDeque},
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    Attachment, Bundle, Folders, Item, Link, Met, Note, Outcome, Place, Progress, Reason, Refused,
    item::Content,
    walk::{self, walk},
};
use crate::{
    crypto::sha256,
    limits::{IMPORT_DOCUMENT_BYTES_MAX, IMPORT_OBJECT_BYTES_MAX, IMPORT_OBJECTS_MAX},
};

/// Where an entry stands in its file: first byte, and the first after it.
pub(super) type Span = (u32, u32);

/// A file cut into its entries.
pub(super) struct Cut<H> {
    /// What the file says of all of them.
    pub(super) head: H,
    /// The entries, in their order.
    pub(super) spans: Vec<Span>,
    /// What is none, and where.
    pub(super) faults: Vec<(u32, Reason)>,
}

/// Why a file cannot be cut at all, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Fault {
    pub(super) byte: Option<u64>,
    /// What in the file is meant, by its own name.
    pub(super) id: Option<String>,
    pub(super) reason: Reason,
}

impl From<Reason> for Fault {
    fn from(reason: Reason) -> Self {
        Self { byte: None, id: None, reason }
    }
}

/// One entry of a file.
pub(super) struct Entry<'a, H> {
    /// The file as it is named in messages.
    pub(super) file: &'a str,
    /// What the file says of all entries.
    pub(super) head: &'a H,
    /// The entry itself.
    pub(super) bytes: &'a [u8],
    /// Which entry of its file, from 0.
    pub(super) number: usize,
}

/// A file that goes with a note, before it is known whether its content can be had.
pub(super) struct Carried {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
}

/// A format of files.
pub(super) trait Format: Send + 'static {
    /// What a file says of all its entries.
    type Head: Send + 'static;

    /// Whether all files are read once before the notes.
    const SURVEYS: bool = false;
    /// Whether entries have links.
    const LINKS: bool = false;
    /// Whether entries carry files.
    const CARRIES: bool = false;

    /// Bytes of the largest entry.
    const ENTRY_BYTES_MAX: usize = IMPORT_OBJECT_BYTES_MAX;

    /// Cuts a file into its entries; gives back the bytes that the spans stand in.
    fn cut(&self, file: &str, bytes: Vec<u8>) -> Result<(Vec<u8>, Cut<Self::Head>), Fault>;

    /// Sees an entry before the notes are made.
    fn survey(&mut self, _entry: &Entry<'_, Self::Head>) {}

    /// The note that an entry becomes.
    fn note(&self, entry: &Entry<'_, Self::Head>) -> Result<Note, Reason>;

    /// What of an entry is left out by rule, to be told.
    fn dropped(&self, _entry: &Entry<'_, Self::Head>) -> Option<Reason> {
        None
    }

    /// The links that an entry asks for.
    fn links(&self, _entry: &Entry<'_, Self::Head>) -> Vec<Result<Link, Reason>> {
        Vec::new()
    }

    /// The files that an entry carries.
    fn carried(&self, _entry: &Entry<'_, Self::Head>) -> Vec<Carried> {
        Vec::new()
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Round {
    Survey,
    Notes,
    Links,
    Files,
    Over,
}

struct Current<H> {
    file: String,
    /// Whether the file was found below a folder: only then its path says something.
    below: bool,
    bytes: Vec<u8>,
    cut: Cut<H>,
    next: usize,
}

/// An import under way, whatever its format.
pub struct Reading(Box<dyn Steps>);

trait Steps: Iterator<Item = Outcome> + Send {
    fn progress(&self) -> Progress;
    fn met(&self) -> Met;
}

impl<F: Format> Steps for Files<F> {
    fn progress(&self) -> Progress {
        self.so_far()
    }

    fn met(&self) -> Met {
        let below = self.inputs.iter().filter(|input| input.below);
        self.folders.met(below.map(|input| input.name.as_str()))
    }
}

impl Reading {
    pub(super) fn new<F: Format>(format: F, inputs: Vec<Bundle>, refused: Vec<Refused>) -> Self {
        Self(Box::new(Files::new(format, inputs, refused)))
    }

    /// The import of all files behind these paths.
    pub(super) fn of_paths<F: Format>(format: F, paths: &[PathBuf], extensions: &[&str], folders: Folders) -> Self {
        let (inputs, refused) = inputs(paths, extensions);
        Self(Box::new(Files { folders, ..Files::new(format, inputs, refused) }))
    }

    /// How far it has come.
    pub fn progress(&self) -> Progress {
        self.0.progress()
    }

    /// The folders in which its files lie.
    pub fn met(&self) -> Met {
        self.0.met()
    }
}

impl Iterator for Reading {
    type Item = Outcome;

    fn next(&mut self) -> Option<Outcome> {
        self.0.next()
    }
}

/// The import of some files: all notes, then all links, then what the notes carry.
struct Files<F: Format> {
    format: F,
    folders: Folders,
    inputs: Vec<Bundle>,
    reading: Round,
    next_input: usize,
    current: Option<Current<F::Head>>,
    waiting: VecDeque<Outcome>,
    bytes_read: u64,
    /// Names given in this import, and what was given them.
    names: BTreeMap<[u8; 16], [u8; 16]>,
}

/// The files behind some paths: a folder stands for all files below it with one of these extensions.
fn inputs(paths: &[PathBuf], extensions: &[&str]) -> (Vec<Bundle>, Vec<Refused>) {
    let (mut inputs, mut refused) = (Vec::new(), Vec::new());
    for path in paths {
        if !path.is_dir() {
            inputs.push(Bundle::file(path.clone()));
            continue;
        }
        let walked = walk(path, extensions);
        refused.extend(walked.refused);
        let others = walked.others.into_iter().map(|other| Place { file: other.path, byte: None, id: None });
        refused.extend(others.map(|place| Refused { place, reason: Reason::NotShown }));
        inputs.extend(walked.found.into_iter().map(|found| inside(path, found)));
    }
    (inputs, refused)
}

fn inside(root: &Path, found: walk::Found) -> Bundle {
    let place = root.join(&found.path);
    let below = true;
    Bundle { below, ..Bundle::new(found.path, found.bytes, move || Ok(Box::new(walk::open(&place)?))) }
}

impl<F: Format> Files<F> {
    fn new(format: F, inputs: Vec<Bundle>, refused: Vec<Refused>) -> Self {
        Self {
            format,
            folders: Folders::None,
            inputs,
            reading: if F::SURVEYS { Round::Survey } else { Round::Notes },
            next_input: 0,
            current: None,
            waiting: refused.into_iter().map(Err).collect(),
            bytes_read: 0,
            names: BTreeMap::new(),
        }
    }

    fn so_far(&self) -> Progress {
        let total: u64 = self.inputs.iter().map(|input| input.bytes).fold(0, u64::saturating_add);
        let readings = [F::SURVEYS, true, F::LINKS, F::CARRIES].into_iter().map(u64::from).fold(0, u64::saturating_add);
        Progress { bytes_read: self.bytes_read, bytes_total: total.saturating_mul(readings) }
    }

    fn step(&mut self) {
        let Some(mut current) = self.current.take() else { return self.open_next() };
        let Some(span) = current.cut.spans.get(current.next).copied() else { return };
        let number = current.next;
        current.next = current.next.saturating_add(1);
        let place = |end: u32| usize::try_from(end).unwrap_or(usize::MAX);
        let bytes = current.bytes.get(place(span.0)..place(span.1)).unwrap_or_default();
        let entry = Entry { file: &current.file, head: &current.cut.head, bytes, number };
        let refuse = |id: Option<String>, reason| -> Outcome {
            Err(Refused { place: Place { file: current.file.clone(), byte: Some(u64::from(span.0)), id }, reason })
        };
        match self.reading {
            _ if bytes.len() > F::ENTRY_BYTES_MAX => {
                if self.reading == Round::Notes {
                    self.waiting.push_back(refuse(None, Reason::TooLarge));
                }
            }
            Round::Survey => self.format.survey(&entry),
            Round::Notes => {
                let found = self.note(&entry, current.below).and_then(|note| Item::Note(note).within_limits());
                let found = found.and_then(|item| named(&mut self.names, item));
                let dropped = self.format.dropped(&entry).filter(|_| found.is_ok());
                self.waiting.push_back(found.or_else(|reason| refuse(None, reason)));
                self.waiting.extend(dropped.map(|reason| refuse(None, reason)));
            }
            Round::Links => {
                for link in self.format.links(&entry) {
                    let id = link.as_ref().ok().map(|link| link.external_id.clone());
                    let item = link.map(Item::Link).and_then(Item::within_limits);
                    let item = item.and_then(|item| named(&mut self.names, item));
                    self.waiting.push_back(item.or_else(|reason| refuse(id, reason)));
                }
            }
            Round::Files => {
                // Only what became a note carries something: a namesake that was refused must not fill the other's hands.
                let note = self.note(&entry, current.below).map(Item::Note).ok();
                let note = note.filter(|item| {
                    let (name, content) = digests(item);
                    self.names.get(&name) == Some(&content)
                });
                let carried = if note.is_some() { self.format.carried(&entry) } else { Vec::new() };
                for Carried { name, bytes } in carried {
                    let note = note.as_ref().map(Item::external_id).unwrap_or_default().to_owned();
                    let attachment = Attachment { note, name, content: Content::Bytes(Arc::from(bytes)) };
                    let item = Item::Attachment(attachment).within_limits();
                    self.waiting.push_back(item.or_else(|reason| refuse(None, reason)));
                }
            }
            Round::Over => {}
        }
        self.current = Some(current);
    }

    fn note(&self, entry: &Entry<'_, F::Head>, below: bool) -> Result<Note, Reason> {
        let mut note = self.format.note(entry)?;
        if below {
            self.folders.mark(&mut note, entry.file);
        }
        Ok(note)
    }

    fn open_next(&mut self) {
        let Some(input) = self.inputs.get(self.next_input) else {
            self.next_input = 0;
            self.reading = match self.reading {
                Round::Survey => Round::Notes,
                Round::Notes if F::LINKS => Round::Links,
                Round::Notes | Round::Links if F::CARRIES => Round::Files,
                Round::Notes | Round::Links | Round::Files | Round::Over => Round::Over,
            };
            return;
        };
        self.next_input = self.next_input.saturating_add(1);
        self.bytes_read = self.bytes_read.saturating_add(input.bytes);
        let read = walk::whole((input.open)(), IMPORT_DOCUMENT_BYTES_MAX);
        let told = self.reading == Round::Notes;
        let refuse = |byte, id, reason| -> Outcome {
            Err(Refused { place: Place { file: input.name.clone(), byte, id }, reason })
        };
        match read.map_err(Fault::from).and_then(|bytes| self.format.cut(&input.name, bytes)) {
            Ok((bytes, cut)) => {
                if told {
                    let faults = cut.faults.iter().map(|(byte, reason)| refuse(Some(u64::from(*byte)), None, *reason));
                    self.waiting.extend(faults);
                }
                self.current = Some(Current { file: input.name.clone(), below: input.below, bytes, cut, next: 0 });
            }
            Err(fault) if told => self.waiting.push_back(refuse(fault.byte, fault.id, fault.reason)),
            Err(_told_with_the_notes) => {}
        }
    }
}

/// The item, unless its name was given before: the same again is no loss, another under the same name would take the
/// place of the first.
fn named(names: &mut BTreeMap<[u8; 16], [u8; 16]>, item: Item) -> Result<Item, Reason> {
    let (name, content) = digests(&item);
    match names.get(&name) {
        Some(known) if *known == content => Err(Reason::Repeated),
        Some(_other) => Err(Reason::NameTaken),
        None if names.len() >= IMPORT_OBJECTS_MAX => Err(Reason::TooMany),
        None => {
            names.insert(name, content);
            Ok(item)
        }
    }
}

fn digests(item: &Item) -> ([u8; 16], [u8; 16]) {
    let half = |parts: &[&[u8]]| sha256(parts).0.first_chunk::<16>().copied().unwrap_or_default();
    let family: &[u8] = if matches!(item, Item::Link(_)) { b"link\0" } else { b"note\0" };
    let content = serde_json::to_vec(item).unwrap_or_default();
    (half(&[family, item.external_id().as_bytes()]), half(&[&content]))
}

impl<F: Format> Iterator for Files<F> {
    type Item = Outcome;

    fn next(&mut self) -> Option<Outcome> {
        loop {
            if let Some(outcome) = self.waiting.pop_front() {
                return Some(outcome);
            }
            if self.reading == Round::Over {
                return None;
            }
            self.step();
        }
    }
}

/// A place in a file, as a [`Span`] holds it; files are far below 4 GiB.
pub(super) fn place(byte: usize) -> u32 {
    u32::try_from(byte).unwrap_or(u32::MAX)
}
