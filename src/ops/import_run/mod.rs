//! An import under way: items to the server and its answers back, both at once, memory bounded whatever the files hold.
//!
//! One thread reads the files, one task feeds the request, one reads the answers. The server takes notes before the
//! links between them, because the files give them in that order. What the notes carry comes last, each file in a
//! request of its own, when the answers have told the notes' identifiers.

mod attach;

use std::{
    collections::BTreeMap,
    fmt,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use bytes::Bytes;
use http::{HeaderValue, Method, Request, header::CONTENT_TYPE};
use serde::Serialize;
use tokio::sync::mpsc;

use super::{
    client::{Client, ClientError, Outgoing, Upload, upload},
    import::{Answer, Attachment, Item, Outcome, Progress, Reading, Refused, Status, markdown, stix},
};
use crate::{
    crypto::sha256,
    limits::{IMPORT_OBJECTS_MAX, IMPORT_PART_BYTES, IMPORT_PARTS_READ_MAX},
};

/// Where items come from.
pub trait Stream: Iterator<Item = Outcome> + Send + 'static {
    /// How far the files are read.
    fn read(&self) -> Progress;
}

impl Stream for stix::Import {
    fn read(&self) -> Progress {
        self.progress()
    }
}

impl Stream for markdown::Import {
    fn read(&self) -> Progress {
        self.progress()
    }
}

impl Stream for Reading {
    fn read(&self) -> Progress {
        self.progress()
    }
}

impl Stream for Box<dyn Stream> {
    fn read(&self) -> Progress {
        (**self).read()
    }
}

/// Begins a request that lacks only its body: its headers say as whom and at which working label.
pub type Ask<'a> = dyn Fn(Method, &str) -> http::request::Builder + Send + Sync + 'a;

/// What became of all items.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Counts {
    /// Items that were sent.
    pub sent: u64,
    /// New in the server.
    pub created: u64,
    /// There already, the same.
    pub unchanged: u64,
    /// There already, and changed.
    pub updated: u64,
    /// Refused by the server.
    pub refused: u64,
    /// Not even sent: what stands there is no item.
    pub unreadable: u64,
    /// Not sent because another copy was: nothing is lost.
    pub repeated: u64,
    /// Parts that the rules of their format leave out.
    pub left_out: u64,
    /// Files that notes carry and that are in the server now.
    pub attached: u64,
    /// Files that were there already, the same.
    pub attached_before: u64,
    /// Files that the server did not take.
    pub refused_files: u64,
    /// Items that bore a lower label than the working label, which they have now.
    pub raised: u64,
}

impl Counts {
    /// Items the server has answered.
    pub const fn answered(&self) -> u64 {
        self.created.saturating_add(self.unchanged).saturating_add(self.updated).saturating_add(self.refused)
    }

    /// Whether everything in the files is in the server now.
    pub const fn is_complete(&self) -> bool {
        self.refused == 0 && self.unreadable == 0 && self.refused_files == 0
    }
}

/// One thing that was not taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NotTaken {
    /// By us, before it was sent.
    Here(Refused),
    /// By the server.
    There(Answer),
    /// By the server, a file that a note carries.
    File(FileRefused),
}

/// A file that the server did not take.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FileRefused {
    /// The note that carries it, by its external name.
    pub note: String,
    /// The file's name.
    pub name: String,
    /// Why, for machines.
    pub code: String,
    /// Why, for people.
    pub detail: String,
}

/// What the caller is told while the import runs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    /// How far it has come.
    Progress(Progress, Counts),
    /// Something was not taken.
    NotTaken(NotTaken),
}

/// Why an import broke off. What was answered before stands; the same import again goes on from there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ImportError {
    /// The connection or the server.
    Client(ClientError),
    /// The server's answers do not fit what was sent.
    Answers {
        /// Items sent.
        sent: u64,
        /// Items answered.
        answered: u64,
    },
    /// The files could not be read to their end.
    Reading,
}

impl From<ClientError> for ImportError {
    fn from(error: ClientError) -> Self {
        Self::Client(error)
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Client(error) => error.fmt(formatter),
            Self::Answers { sent, answered } => write!(formatter, "{sent} items sent, {answered} answered"),
            Self::Reading => formatter.write_str("the files were not read to their end"),
        }
    }
}

impl std::error::Error for ImportError {}

/// What the reader of the files passes on.
enum Part {
    Lines(Bytes),
    Refused(Box<Refused>),
    Attachment(Box<Attachment>),
}

#[derive(Default)]
struct Shared {
    bytes_read: AtomicU64,
    bytes_total: AtomicU64,
    sent: AtomicU64,
}

impl Shared {
    fn progress(&self) -> Progress {
        Progress {
            bytes_read: self.bytes_read.load(Ordering::Relaxed),
            bytes_total: self.bytes_total.load(Ordering::Relaxed),
        }
    }
}

/// Sends all items of a stream into a space, and tells what becomes of them.
///
/// # Errors
/// [`ImportError`].
pub async fn run(
    client: &mut Client,
    ask: &Ask<'_>,
    space: &str,
    stream: impl Stream,
    tell: &mut (dyn FnMut(Step) + Send),
) -> Result<Counts, ImportError> {
    let shared = Arc::new(Shared::default());
    let (sender, mut parts) = mpsc::channel(IMPORT_PARTS_READ_MAX);
    let reading = {
        let shared = Arc::clone(&shared);
        tokio::task::spawn_blocking(move || read(stream, &shared, &sender))
    };
    let (feed, body) = upload();
    let path = format!("/api/v1/notes/import?space={space}");
    let request = ask(Method::POST, &path).header(CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson"));
    let request: Request<Outgoing> =
        request.body(body).map_err(|_bad_path| ClientError::BadAddress { address: path.clone() })?;
    let answer = client.begin(request).await?;
    let ledger = Ledger { counts: Counts::default(), shared: &shared, ids: BTreeMap::new(), tell };
    let ledger = Mutex::new(ledger);
    let feeding = send(feed, &mut parts, &ledger);
    let answering = async {
        let mut lines = answer.await?.accepted().await?.lines();
        while let Some(line) = lines.next().await? {
            let answer: Answer = serde_json::from_str(&line).map_err(|_not_an_answer| ClientError::NotJson)?;
            ledger.lock().unwrap_or_else(PoisonError::into_inner).answered(answer);
        }
        Ok::<(), ClientError>(())
    };
    // When the server refuses the whole, the feed only knows that nobody reads: the answer says why.
    let (fed, answered) = tokio::join!(feeding, answering);
    answered?;
    let mut next = fed?;
    let mut ledger = ledger.into_inner().unwrap_or_else(PoisonError::into_inner);
    ledger.counts.sent = shared.sent.load(Ordering::Relaxed);
    if ledger.counts.answered() != ledger.counts.sent {
        return Err(ImportError::Answers { sent: ledger.counts.sent, answered: ledger.counts.answered() });
    }
    let mut carrier = attach::Carrier::new(client, ask);
    while let Some(attachment) = next.take() {
        carrier.carry(*attachment, &mut ledger).await?;
        next = files(&mut parts, &mut ledger).await;
    }
    reading.await.map_err(|_panicked| ImportError::Reading)?;
    ledger.progress();
    Ok(ledger.counts)
}

/// The next file that a note carries. The stream gives no items any more; what it refuses is told.
async fn files(parts: &mut mpsc::Receiver<Part>, ledger: &mut Ledger<'_>) -> Option<Box<Attachment>> {
    loop {
        match parts.recv().await? {
            Part::Attachment(attachment) => return Some(attachment),
            Part::Refused(refused) => ledger.unsent(*refused),
            Part::Lines(_never_after_files) => {}
        }
    }
}

/// The front half of a name's digest: so many names fit into memory.
type Name = [u8; 16];

fn name(external: &str) -> Name {
    sha256(&[external.as_bytes()]).0.first_chunk().copied().unwrap_or_default()
}

/// What is known so far. Feed and answers write to it in turns, in one task.
struct Ledger<'a> {
    counts: Counts,
    shared: &'a Shared,
    /// Notes that the server has, by their external names: for the files that they carry.
    ids: BTreeMap<Name, String>,
    tell: &'a mut (dyn FnMut(Step) + Send),
}

impl Ledger<'_> {
    fn unsent(&mut self, refused: Refused) {
        if refused.reason.harmless() {
            self.counts.repeated = self.counts.repeated.saturating_add(1);
        } else {
            let by_rule = refused.reason.by_rule();
            let count = if by_rule { &mut self.counts.left_out } else { &mut self.counts.unreadable };
            *count = count.saturating_add(1);
            (self.tell)(Step::NotTaken(NotTaken::Here(refused)));
        }
    }

    fn answered(&mut self, answer: Answer) {
        let counts = &mut self.counts;
        let count = match answer.status {
            Status::Created => &mut counts.created,
            Status::Updated => &mut counts.updated,
            Status::Unchanged => &mut counts.unchanged,
            Status::Refused => &mut counts.refused,
        };
        *count = count.saturating_add(1);
        if answer.code.as_deref() == Some("raised") {
            counts.raised = counts.raised.saturating_add(1);
        }
        if let (Some(external), Some(id)) = (&answer.external_id, &answer.id)
            && self.ids.len() < IMPORT_OBJECTS_MAX
        {
            self.ids.insert(name(external), id.clone());
        }
        if answer.status == Status::Refused {
            (self.tell)(Step::NotTaken(NotTaken::There(answer)));
        }
        self.progress();
    }

    fn progress(&mut self) {
        (self.tell)(Step::Progress(self.shared.progress(), self.counts));
    }
}

/// Reads the files to their end, or until nobody wants more.
fn read(mut stream: impl Stream, shared: &Shared, sender: &mpsc::Sender<Part>) {
    let mut lines = Vec::new();
    while let Some(outcome) = stream.next() {
        let progress = stream.read();
        shared.bytes_read.store(progress.bytes_read, Ordering::Relaxed);
        shared.bytes_total.store(progress.bytes_total, Ordering::Relaxed);
        match outcome {
            Err(refused) => {
                if sender.blocking_send(Part::Refused(Box::new(refused))).is_err() {
                    return;
                }
            }
            Ok(Item::Attachment(attachment)) => {
                let lines = std::mem::take(&mut lines);
                let parts = [Some(Part::Lines(lines.into())), Some(Part::Attachment(Box::new(attachment)))];
                for part in parts.into_iter().flatten() {
                    let nothing = matches!(&part, Part::Lines(lines) if lines.is_empty());
                    if !nothing && sender.blocking_send(part).is_err() {
                        return;
                    }
                }
            }
            Ok(item) => {
                // An item is text, numbers and lists of them: it always has a JSON form.
                if serde_json::to_writer(&mut lines, &item).is_ok() {
                    lines.push(b'\n');
                    shared.sent.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
        if lines.len() >= IMPORT_PART_BYTES
            && sender.blocking_send(Part::Lines(std::mem::take(&mut lines).into())).is_err()
        {
            return;
        }
    }
    if !lines.is_empty() {
        // The other end has gone only when the import has failed, which it tells itself.
        drop(sender.blocking_send(Part::Lines(lines.into())));
    }
}

/// Sends the items; gives back the first file that a note carries, which ends them.
async fn send(
    feed: Upload,
    parts: &mut mpsc::Receiver<Part>,
    ledger: &Mutex<Ledger<'_>>,
) -> Result<Option<Box<Attachment>>, ClientError> {
    let mut first = None;
    while let Some(part) = parts.recv().await {
        match part {
            Part::Lines(lines) => feed.push(lines).await?,
            Part::Refused(refused) => ledger.lock().unwrap_or_else(PoisonError::into_inner).unsent(*refused),
            Part::Attachment(attachment) => {
                first = Some(attachment);
                break;
            }
        }
    }
    feed.finish().await?;
    Ok(first)
}
