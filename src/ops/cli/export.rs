//! `vigie export markdown|stix|csv`.

use std::{
    io::{self, BufWriter, Write as _},
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};
use indicatif::ProgressBar;
use serde::Serialize;

use super::{
    failure::{Exit, Failure, Outcome},
    session::{Server, Session, in_query},
    terminal::Terminal,
};
use crate::{
    clock::Clock,
    ops::export::{
        Counts, ExportError,
        collect::{self, Collected, Wanted},
        csv, markdown,
        packet::label_text,
        place::Unfinished,
        spool::Spool,
        stix,
    },
    words::{Sentence, key},
};

#[derive(Subcommand)]
pub(super) enum Verb {
    Markdown(Export),
    Stix(Export),
    Csv(Export),
}

#[derive(Args)]
pub(super) struct Export {
    #[arg(long, value_name = "ID", required_unless_present = "note", conflicts_with = "note")]
    space: Option<String>,
    #[arg(long, value_name = "ID")]
    note: Option<String>,
    #[arg(long, value_name = "LABEL")]
    ceiling: Option<String>,
    #[arg(long, value_name = "PATH")]
    out: PathBuf,
    #[command(flatten)]
    server: Server,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Format {
    Markdown,
    Stix,
    Csv,
}

#[derive(Serialize)]
struct Summary<'a> {
    #[serde(flatten)]
    counts: Counts,
    label: String,
    marking: &'a str,
    ceiling: String,
    out: &'a Path,
}

/// The unfinished file, the notes as they came, and the marking at the top of a folder.
const FILE: &str = "file";
const SPOOL: &str = "spool";
const MARKING: &str = "MARKING.txt";

impl Verb {
    pub(super) async fn run(self, terminal: &Terminal) -> Outcome {
        match self {
            Self::Markdown(export) => export.run(Format::Markdown, terminal).await,
            Self::Stix(export) => export.run(Format::Stix, terminal).await,
            Self::Csv(export) => export.run(Format::Csv, terminal).await,
        }
    }
}

impl Export {
    async fn run(self, format: Format, terminal: &Terminal) -> Outcome {
        // Before the server is asked: what cannot be written should not be let out.
        let unfinished = Unfinished::begin(&self.out, format == Format::Markdown);
        let unfinished = unfinished.map_err(|error| Failure::writing(&self.out, &error))?;
        let broken = |error| broken(&self.out, error);
        let spool = Spool::new(&unfinished.path(SPOOL)).map_err(|error| Failure::writing(&self.out, &error))?;
        let wanted = match (&self.space, &self.note) {
            (Some(space), _) => Wanted::Space(in_query(space)),
            (None, note) => Wanted::Note(in_query(note.as_deref().unwrap_or_default())),
        };
        let mut session = Session::open(&self.server, terminal).await?;
        let mut server = session.served();
        let bar = terminal.bar(0, &Sentence::new(key::CLI_SAY_LEAVING));
        let ceiling = self.ceiling.as_deref().map(in_query);
        let collected =
            collect::collect(&mut server, &wanted, ceiling.as_deref(), spool, &mut |come| shown(&bar, come, come))
                .await;
        let mut collected = collected.map_err(broken)?;
        let whole = collected.spool.length();
        let counts = match format {
            Format::Markdown => {
                let tell = &mut |written| shown(&bar, written, whole);
                let counts = markdown::folder(&mut server, &mut collected, &unfinished, tell).await.map_err(broken)?;
                let marking = marking(&collected, &counts, terminal);
                let closed = unfinished.write(MARKING, marking.as_bytes()).and_then(|()| unfinished.remove(SPOOL));
                closed
                    .and_then(|()| unfinished.finish_folder())
                    .map_err(|error| Failure::writing(&self.out, &error))?;
                counts
            }
            Format::Stix | Format::Csv => {
                let counts = file(format, &mut collected, &unfinished).map_err(broken)?;
                unfinished.finish_file(FILE).map_err(|error| Failure::writing(&self.out, &error))?;
                counts
            }
        };
        bar.finish_and_clear();
        let summary = Summary {
            counts,
            label: label_text(&collected.label),
            marking: &collected.label.marking,
            ceiling: label_text(&collected.ceiling),
            out: &self.out,
        };
        terminal.result(&sentence(&summary), &summary)?;
        Ok(Exit::Done)
    }
}

fn file(format: Format, collected: &mut Collected, unfinished: &Unfinished) -> Result<Counts, ExportError> {
    let mut out = BufWriter::new(unfinished.file(FILE)?);
    let counts = match format {
        Format::Csv => csv::table(collected, &mut out),
        Format::Stix | Format::Markdown => stix::bundle(collected, &mut out),
    }?;
    out.flush()?;
    out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
    Ok(counts)
}

fn shown(bar: &ProgressBar, done: usize, whole: usize) {
    bar.set_length(u64::try_from(whole).unwrap_or(u64::MAX));
    bar.set_position(u64::try_from(done).unwrap_or(u64::MAX));
    bar.set_prefix(done.to_string());
}

/// What stands at the top of a folder.
fn marking(collected: &Collected, counts: &Counts, terminal: &Terminal) -> String {
    let space = collected.space.as_ref().map_or("", |space| space.name.as_str());
    let sentence = Sentence::new(key::CLI_SAY_EXPORT_MARKING)
        .with("marking", collected.label.marking.as_str())
        .with("label", label_text(&collected.label))
        .with("ceiling", collected.ceiling.marking.as_str())
        .with("space", space)
        .with("notes", counts.notes)
        .with("links", counts.links)
        .with("attachments", counts.attachments)
        .with("moment", Clock::System.now().to_string());
    sentence.render(terminal.language) + "\n"
}

fn sentence(summary: &Summary<'_>) -> Sentence {
    Sentence::new(key::CLI_SAY_LEFT)
        .with("out", summary.out.display().to_string())
        .with("marking", summary.marking)
        .with("notes", summary.counts.notes)
        .with("links", summary.counts.links)
        .with("elsewhere", summary.counts.elsewhere)
        .with("attachments", summary.counts.attachments)
}

fn broken(out: &Path, error: ExportError) -> Failure {
    match error {
        ExportError::Client(error) => error.into(),
        ExportError::Disk(error) => Failure::writing(out, &error),
        ExportError::Differs(id) => {
            let sentence = Sentence::new(key::CLI_SAY_EXPORT_DIFFERS).with("id", id);
            Failure::new(Exit::Integrity, "attachment-differs", sentence)
        }
    }
}
