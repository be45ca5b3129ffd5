//! The files, read on a thread of their own: items become parts of requests, in their order.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use bytes::Bytes;
use tokio::sync::mpsc;

use super::{Home, Homes, Stream};
use crate::{
    limits::{IMPORT_LINKS_ACROSS_MAX, IMPORT_PART_BYTES},
    ops::import::{Attachment, Item, Link, Place, Progress, Reason, Refused},
};

/// What the reader of the files passes on.
pub(super) enum Part {
    /// Items for the space that was named last.
    Lines(Bytes),
    /// What follows goes into another space.
    Home(Home),
    Refused(Box<Refused>),
    /// A link between two spaces; all notes came before.
    Across(Box<Link>),
    Attachment(Box<Attachment>),
}

/// How far the reader has come, for all to see.
#[derive(Default)]
pub(super) struct Shared {
    bytes_read: AtomicU64,
    bytes_total: AtomicU64,
}

impl Shared {
    pub(super) fn progress(&self) -> Progress {
        Progress {
            bytes_read: self.bytes_read.load(Ordering::Relaxed),
            bytes_total: self.bytes_total.load(Ordering::Relaxed),
        }
    }
}

/// Nobody wants more: the import has failed, which it tells itself.
struct Unwanted;

/// Reads the files to their end, or until nobody wants more.
pub(super) struct Reader {
    shared: Arc<Shared>,
    sender: mpsc::Sender<Part>,
    lines: Vec<u8>,
    homes: Homes,
    /// The space that the lines go to.
    home: Home,
    across: Vec<Link>,
}

impl Reader {
    pub(super) fn new(shared: Arc<Shared>, sender: mpsc::Sender<Part>) -> Self {
        Self { shared, sender, lines: Vec::new(), homes: Homes::default(), home: None, across: Vec::new() }
    }

    pub(super) fn read(mut self, stream: impl Stream) {
        // The other end has gone only when the import has failed.
        drop(self.pass_all(stream));
    }

    fn pass_all(&mut self, mut stream: impl Stream) -> Result<(), Unwanted> {
        while let Some(outcome) = stream.next() {
            let progress = stream.read();
            self.shared.bytes_read.store(progress.bytes_read, Ordering::Relaxed);
            self.shared.bytes_total.store(progress.bytes_total, Ordering::Relaxed);
            match outcome {
                Ok(item) => self.item(item)?,
                Err(refused) => self.pass(Part::Refused(Box::new(refused)))?,
            }
        }
        self.flush()?;
        self.pass_across()
    }

    fn item(&mut self, item: Item) -> Result<(), Unwanted> {
        let refuse = |id: &str, reason| {
            Part::Refused(Box::new(Refused { place: Place { file: id.to_owned(), byte: None, id: None }, reason }))
        };
        let home = match item {
            Item::Note(ref note) => match self.homes.settle(note) {
                Ok(home) => home,
                Err(reason) => return self.pass(refuse(&note.external_id, reason)),
            },
            Item::Link(link) => match self.homes.of(&link) {
                Some(home) => return self.line(home, &Item::Link(link)),
                None if self.across.len() < IMPORT_LINKS_ACROSS_MAX => {
                    self.across.push(link);
                    return Ok(());
                }
                None => return self.pass(refuse(&link.external_id, Reason::TooMany)),
            },
            Item::Attachment(attachment) => {
                self.flush()?;
                self.pass_across()?;
                return self.pass(Part::Attachment(Box::new(attachment)));
            }
        };
        self.line(home, &item)
    }

    fn line(&mut self, home: Home, item: &Item) -> Result<(), Unwanted> {
        if home != self.home {
            self.flush()?;
            self.home.clone_from(&home);
            self.pass(Part::Home(home))?;
        }
        // An item is text, numbers and lists of them: it always has a JSON form.
        if serde_json::to_writer(&mut self.lines, item).is_ok() {
            self.lines.push(b'\n');
        }
        if self.lines.len() >= IMPORT_PART_BYTES { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), Unwanted> {
        if self.lines.is_empty() {
            return Ok(());
        }
        let lines = std::mem::take(&mut self.lines);
        self.pass(Part::Lines(lines.into()))
    }

    fn pass_across(&mut self) -> Result<(), Unwanted> {
        let mut across = std::mem::take(&mut self.across).into_iter();
        across.try_for_each(|link| self.pass(Part::Across(Box::new(link))))
    }

    fn pass(&self, part: Part) -> Result<(), Unwanted> {
        self.sender.blocking_send(part).map_err(|_nobody_reads| Unwanted)
    }
}
