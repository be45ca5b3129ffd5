//! `vigie journal`: verify a copy, make one, prove an entry; read the entries in `journal_read`.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde::Serialize;
use tokio::{runtime::Handle, task::block_in_place};

use super::{
    failure::{Exit, Failure, Outcome},
    files::{self, Readers},
    journal_read,
    session::{Server, ServerOrNone, Session},
    terminal::Terminal,
    waiting,
};
use crate::{
    audit::{
        Checkpoint, Divergence, Note, ProofFile, Rows, VerifyingKey,
        folder::{self, ExportError},
    },
    ops::{
        deployment::Places,
        journal_tools::{self, Remote, RemoteError},
    },
    store::{Rocks, journal::StoreRows},
    words::{Sentence, key},
};

#[derive(Subcommand)]
pub(super) enum Verb {
    Verify(Verify),
    Export(Export),
    Show(journal_read::Show),
    Prove(Prove),
    WhoRead(journal_read::WhoRead),
}

#[derive(Args)]
pub(super) struct Verify {
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    #[arg(long, value_name = "VKEY")]
    key: String,
}

#[derive(Args)]
struct Source {
    #[arg(long, value_name = "DIR", conflicts_with = "server", required_unless_present = "server")]
    dir: Option<PathBuf>,
    #[command(flatten)]
    server: ServerOrNone,
    #[arg(long, value_name = "VKEY")]
    log_key: Option<String>,
}

#[derive(Args)]
pub(super) struct Export {
    #[command(flatten)]
    source: Source,
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
}

#[derive(Args)]
pub(super) struct Prove {
    #[arg(value_name = "N")]
    number: u64,
    #[command(flatten)]
    source: Source,
    #[arg(long, value_name = "DIR", default_value = ".")]
    to: PathBuf,
}

#[derive(Serialize)]
struct Log<'a> {
    origin: &'a str,
    entries: u64,
    root: String,
    key: Option<String>,
}

#[derive(Serialize)]
struct Proved<'a> {
    number: u64,
    proof: &'a Path,
    entry: &'a Path,
    checkpoint: Log<'a>,
}

impl Verb {
    pub(super) fn run(self, terminal: &Terminal) -> Outcome {
        match self {
            Self::Verify(verify) => verify.run(terminal),
            Self::Export(export) => waiting(export.run(terminal)),
            Self::Show(show) => waiting(show.run(terminal)),
            Self::Prove(prove) => waiting(prove.run(terminal)),
            Self::WhoRead(who_read) => waiting(who_read.run(terminal)),
        }
    }
}

impl Verify {
    fn run(self, terminal: &Terminal) -> Outcome {
        let log = log_key(&self.key)?;
        if !self.folder.is_dir() {
            return Err(Failure::reading(&self.folder, &std::io::ErrorKind::NotFound.into()));
        }
        let bar = terminal.bar(0, &Sentence::new(key::CLI_SAY_VERIFYING));
        let verified = folder::verify(&self.folder, &log, &mut |progress| {
            bar.set_length(progress.size);
            bar.set_position(progress.entries);
        });
        bar.finish_and_clear();
        let checkpoint = verified?.checkpoint;
        let sentence = Sentence::new(key::CLI_SAY_JOURNAL_WHOLE)
            .with("entries", checkpoint.size)
            .with("origin", checkpoint.origin.as_str())
            .with("root", checkpoint.root.to_string());
        terminal.result(&sentence, &document(&checkpoint, Some(&log)))?;
        Ok(Exit::Done)
    }
}

/// A verifier key, or the name of a file that holds one on its first line.
fn log_key(text: &str) -> Result<VerifyingKey, Failure> {
    let path = Path::new(text);
    let text = if path.is_file() { files::read_text(path)? } else { text.to_owned() };
    let line = text.lines().next().unwrap_or_default();
    VerifyingKey::parse(line).map_err(|error| Failure::usage(error.sentence()))
}

fn document<'a>(checkpoint: &'a Checkpoint, key: Option<&VerifyingKey>) -> Log<'a> {
    Log {
        origin: &checkpoint.origin,
        entries: checkpoint.size,
        root: checkpoint.root.to_string(),
        key: key.map(ToString::to_string),
    }
}

/// A signed checkpoint, and the key that signed it when we know it.
struct Signed {
    note: Note,
    checkpoint: Checkpoint,
    key: Option<VerifyingKey>,
}

impl Signed {
    fn read(bytes: &[u8], key: Option<VerifyingKey>) -> Result<Self, Failure> {
        let note = Note::parse(bytes)?;
        let checkpoint = journal_tools::read_checkpoint(&note, key.as_ref())?;
        Ok(Self { note, checkpoint, key })
    }

    /// From a server; its own word for the key when we have none.
    async fn fetch(session: &mut Session, key: Option<VerifyingKey>) -> Result<Self, Failure> {
        let key = match key {
            Some(key) => key,
            None => VerifyingKey::parse(session.text("/api/v1/journal/key").await?.trim_end())?,
        };
        Self::read(&session.bytes("/api/v1/journal/checkpoint").await?, Some(key))
    }

    /// From a stopped deployment: the folder is one's own, so its checkpoint is read, and believed only with a key.
    fn of_folder(places: &Places, key: Option<VerifyingKey>) -> Result<Self, Failure> {
        Self::read(&files::read(&places.checkpoint())?, key)
    }
}

/// Reads resources of a log from a server, for code that waits.
fn fetch(session: &mut Session) -> impl FnMut(&str) -> Result<Vec<u8>, crate::ops::client::ClientError> {
    move |path| {
        let path = format!("/api/v1/journal/{path}");
        block_in_place(|| Handle::current().block_on(session.bytes(&path))).map(|bytes| bytes.to_vec())
    }
}

impl Source {
    fn key(&self) -> Result<Option<VerifyingKey>, Failure> {
        self.log_key.as_deref().map(log_key).transpose()
    }
}

impl Export {
    async fn run(self, terminal: &Terminal) -> Outcome {
        let key = self.source.key()?;
        let signed = match (self.source.server.given(), self.source.dir) {
            (Some(server), _) => remote_copy(&server, key, &self.to, terminal).await?,
            (None, dir) => {
                let places = Places::at(dir.unwrap_or_default());
                let engine = Rocks::open(&places.store())?;
                let signed = Signed::of_folder(&places, key)?;
                copy(&self.to, &StoreRows(&engine), &signed, terminal)?;
                signed
            }
        };
        let checkpoint = &signed.checkpoint;
        let sentence = match &signed.key {
            Some(key) => Sentence::new(key::CLI_SAY_EXPORTED).with("key", key.to_string()),
            None => Sentence::new(key::CLI_SAY_EXPORTED_UNKEYED),
        };
        let sentence = sentence.with("entries", checkpoint.size).with("folder", self.to.display().to_string());
        terminal.result(&sentence, &document(checkpoint, signed.key.as_ref()))?;
        Ok(Exit::Done)
    }
}

async fn remote_copy(
    server: &Server,
    key: Option<VerifyingKey>,
    to: &Path,
    terminal: &Terminal,
) -> Result<Signed, Failure> {
    let mut session = Session::open(server, terminal).await?;
    let signed = Signed::fetch(&mut session, key).await?;
    copy(to, &Remote::new(signed.checkpoint.size, fetch(&mut session)), &signed, terminal)?;
    Ok(signed)
}

fn copy<R: Rows>(to: &Path, rows: &R, signed: &Signed, terminal: &Terminal) -> Result<(), Failure>
where
    R::Failure: From<Divergence> + Into<Failure>,
{
    let bar = terminal.bar(signed.checkpoint.size, &Sentence::new(key::CLI_SAY_EXPORTING));
    let copied = journal_tools::export(to, rows, &signed.note, &signed.checkpoint, &mut |progress| {
        bar.set_position(progress.entries);
    });
    bar.finish_and_clear();
    copied.map_err(|error| match error {
        ExportError::Rows(failure) => failure.into(),
        ExportError::Folder(error) => error.into(),
    })
}

impl Prove {
    async fn run(self, terminal: &Terminal) -> Outcome {
        let key = self.source.key()?;
        let (proof, entry, signed) = match (self.source.server.given(), self.source.dir) {
            (Some(server), _) => remote_proof(&server, key, self.number, terminal).await?,
            (None, dir) => {
                let places = Places::at(dir.unwrap_or_default());
                let engine = Rocks::open(&places.store())?;
                let signed = Signed::of_folder(&places, key)?;
                within(self.number, &signed.checkpoint)?;
                let rows = StoreRows(&engine);
                let (proof, entry) = journal_tools::prove(&rows, signed.note.clone(), &signed.checkpoint, self.number)?;
                (proof, entry, signed)
            }
        };
        if let Some(key) = &signed.key {
            proof
                .verify(&entry, key)
                .map_err(|error| Failure::new(Exit::Integrity, "proof-wrong", error.sentence()))?;
        }
        files::make_folder(&self.to)?;
        let of = |ending: &str| self.to.join(format!("{}.{ending}", self.number));
        let (proof_file, entry_file) = (of("tlog-proof"), of("entry"));
        files::write_new(&proof_file, proof.to_string().as_bytes(), Readers::Everybody)?;
        files::write_new(&entry_file, &entry, Readers::Everybody)?;
        let sentence = Sentence::new(key::CLI_SAY_PROVED)
            .with("number", self.number.to_string())
            .with("proof", proof_file.display().to_string())
            .with("entry", entry_file.display().to_string());
        let checkpoint = document(&signed.checkpoint, signed.key.as_ref());
        let proved = Proved { number: self.number, proof: &proof_file, entry: &entry_file, checkpoint };
        terminal.result(&sentence, &proved)?;
        Ok(Exit::Done)
    }
}

/// The proof as the server makes it (and journals it), and the entry out of its bundle.
async fn remote_proof(
    server: &Server,
    key: Option<VerifyingKey>,
    number: u64,
    terminal: &Terminal,
) -> Result<(ProofFile, Vec<u8>, Signed), Failure> {
    let mut session = Session::open(server, terminal).await?;
    let signed = Signed::fetch(&mut session, key).await?;
    within(number, &signed.checkpoint)?;
    let text = session.text(&format!("/api/v1/journal/proof/{number}")).await?;
    let wrong = |error: crate::audit::proof::ProofError| Failure::new(Exit::Integrity, "proof-wrong", error.sentence());
    let proof = ProofFile::parse(&text).map_err(wrong)?;
    let signed = Signed::read(proof.checkpoint.to_string().as_bytes(), signed.key)?;
    let entry = session.bytes(&format!("/api/v1/journal/leaf/{number}")).await?.to_vec();
    Ok((proof, entry, signed))
}

fn within(number: u64, checkpoint: &Checkpoint) -> Result<(), Failure> {
    if number < checkpoint.size {
        return Ok(());
    }
    let sentence =
        Sentence::new(key::CLI_SAY_NO_ENTRY).with("number", number.to_string()).with("entries", checkpoint.size);
    Err(Failure::new(Exit::NotFound, "no-such-entry", sentence))
}

impl From<RemoteError> for Failure {
    fn from(error: RemoteError) -> Self {
        match error {
            RemoteError::Client(error) => error.into(),
            RemoteError::Tile(error) => error.into(),
            RemoteError::Diverged(error) => Self::new(Exit::Integrity, error.code(), error.sentence()),
        }
    }
}
