//! An import under way: items to the server and its answers back, both at once, memory bounded whatever the files hold.
//!
//! One thread reads the files, one task feeds the request, one reads the answers. The server takes notes before the
//! links between them, because the files give them in that order; a request goes into one space, and the next begins
//! where the items turn to another. Links between two spaces and what the notes carry come last, each in a request of its
//! own, when the answers have told the notes' identifiers.
//!
//! | file | idea |
//! |---|---|
//! | [`reader`] | files to parts of requests |
//! | [`homes`], [`spaces`] | which space a note goes to, and which one that is in the server |
//! | [`ledger`] | what is known so far |
//! | [`across`], [`attach`], [`caller`] | what is sent beside the stream |

mod across;
mod attach;
mod caller;
mod homes;
mod ledger;
mod reader;
mod spaces;

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use http::{HeaderValue, Method, Request, header::CONTENT_TYPE};
use serde::Serialize;
use tokio::sync::mpsc;

use self::{
    across::Weaver,
    attach::Carrier,
    caller::Caller,
    ledger::Ledger,
    reader::{Part, Reader, Shared},
    spaces::Spaces,
};
pub use self::{
    homes::{Home, Homes},
    spaces::{Lead, Listed},
};
use super::{
    client::{Client, ClientError, Outgoing, Upload, upload},
    import::{Answer, Met, Outcome, Progress, Reading, Refused, markdown, stix},
};
use crate::{crypto::sha256, limits::IMPORT_PARTS_READ_MAX};

/// Where items come from.
pub trait Stream: Iterator<Item = Outcome> + Send + 'static {
    /// How far the files are read.
    fn read(&self) -> Progress;

    /// The folders in which they lie.
    fn folders(&self) -> Met {
        Met::default()
    }
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

    fn folders(&self) -> Met {
        self.met()
    }
}

impl Stream for Reading {
    fn read(&self) -> Progress {
        self.progress()
    }

    fn folders(&self) -> Met {
        self.met()
    }
}

impl Stream for Box<dyn Stream> {
    fn read(&self) -> Progress {
        (**self).read()
    }

    fn folders(&self) -> Met {
        (**self).folders()
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
    /// Spaces that were made for folders.
    pub spaces: u64,
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
    /// A folder asks for a space by a name that several bear.
    SpaceUnclear(String),
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
            Self::SpaceUnclear(name) => write!(formatter, "several spaces are called {name}"),
        }
    }
}

impl std::error::Error for ImportError {}

/// Sends all items of a stream, into that space unless a folder asks for another, and tells what becomes of them.
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
        let reader = Reader::new(Arc::clone(&shared), sender);
        tokio::task::spawn_blocking(move || reader.read(stream))
    };
    let mut caller = Caller { client, ask };
    let mut ledger = Ledger::new(&shared, tell);
    let (mut spaces, mut weaver, mut carrier) = (Spaces::new(space), Weaver::default(), Carrier::default());
    let mut here = spaces.id(&mut caller, None).await?;
    let mut next = parts.recv().await;
    while let Some(part) = next.take() {
        match part {
            Part::Lines(lines) => {
                next = stream_into(&mut caller, &here, lines, &mut parts, &mut ledger).await?;
                continue;
            }
            Part::Home(home) => here = spaces.id(&mut caller, home.as_deref()).await?,
            Part::Refused(refused) => ledger.unsent(*refused),
            Part::Across(link) => weaver.tie(&mut caller, *link, &mut ledger).await?,
            Part::Attachment(attachment) => carrier.carry(&mut caller, *attachment, &mut ledger).await?,
        }
        next = parts.recv().await;
    }
    reading.await.map_err(|_panicked| ImportError::Reading)?;
    ledger.counts.spaces = spaces.made;
    ledger.progress();
    Ok(ledger.counts)
}

/// The front half of a name's digest: so many names fit into memory.
type Name = [u8; 16];

fn name(external: &str) -> Name {
    sha256(&[external.as_bytes()]).0.first_chunk().copied().unwrap_or_default()
}

/// Sends lines into a space, those and all that follow; gives back the first part that is none.
async fn stream_into(
    caller: &mut Caller<'_>,
    space: &str,
    lines: Bytes,
    parts: &mut mpsc::Receiver<Part>,
    ledger: &mut Ledger<'_>,
) -> Result<Option<Part>, ImportError> {
    let (feed, body) = upload();
    let path = format!("/api/v1/notes/import?space={space}");
    let request =
        (caller.ask)(Method::POST, &path).header(CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson"));
    let request: Request<Outgoing> =
        request.body(body).map_err(|_bad_path| ClientError::BadAddress { address: path.clone() })?;
    let answer = caller.client.begin(request).await?;
    let before = ledger.counts.answered();
    let ledger = Mutex::new(ledger);
    let feeding = feed_all(feed, lines, parts, &ledger);
    let answering = async {
        let mut lines = answer.await?.accepted().await?.lines();
        while let Some(line) = lines.next().await? {
            let mut answer: Answer = serde_json::from_str(&line).map_err(|_not_an_answer| ClientError::NotJson)?;
            // Each request counts its own lines.
            answer.line = answer.line.saturating_add(before);
            ledger.lock().unwrap_or_else(PoisonError::into_inner).answered(answer);
        }
        Ok::<(), ClientError>(())
    };
    // When the server refuses the whole, the feed only knows that nobody reads: the answer says why.
    let (fed, answered) = tokio::join!(feeding, answering);
    answered?;
    let next = fed?;
    let counts = ledger.into_inner().unwrap_or_else(PoisonError::into_inner).counts;
    if counts.answered() != counts.sent {
        return Err(ImportError::Answers { sent: counts.sent, answered: counts.answered() });
    }
    Ok(next)
}

async fn feed_all(
    feed: Upload,
    lines: Bytes,
    parts: &mut mpsc::Receiver<Part>,
    ledger: &Mutex<&mut Ledger<'_>>,
) -> Result<Option<Part>, ClientError> {
    let mut next = Some(Part::Lines(lines));
    while let Some(part) = next.take() {
        match part {
            Part::Lines(lines) => {
                let count = lines.iter().filter(|byte| **byte == b'\n').count();
                ledger.lock().unwrap_or_else(PoisonError::into_inner).sent(count);
                feed.push(lines).await?;
            }
            Part::Refused(refused) => ledger.lock().unwrap_or_else(PoisonError::into_inner).unsent(*refused),
            other @ (Part::Home(_) | Part::Across(_) | Part::Attachment(_)) => {
                next = Some(other);
                break;
            }
        }
        next = parts.recv().await;
    }
    feed.finish().await?;
    Ok(next)
}
