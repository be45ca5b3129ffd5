//! `vigie store verify` and `vigie store reindex`.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde::Serialize;

use super::{
    deployment::Opening,
    failure::{Exit, Failure, Outcome},
    files,
    terminal::{Form, Terminal},
};
use crate::{
    audit::{Checkpoint, Note},
    clock::Clock,
    crypto::Entropy,
    ops::{
        deployment::inspect::{Inspection, inspect},
        journal_tools, reindex,
        store_tools::{self, Fault, Report, Stage},
    },
    words::{Sentence, key},
};

#[derive(Subcommand)]
pub(super) enum Verb {
    Verify(Verify),
    Reindex(Reindex),
}

#[derive(Args)]
pub(super) struct Verify {
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
    #[command(flatten)]
    opening: Opening,
}

#[derive(Serialize)]
struct FaultLine {
    code: &'static str,
    detail: String,
}

#[derive(Serialize)]
struct Document<'a> {
    whole: bool,
    config_epoch: u64,
    #[serde(flatten)]
    report: &'a Report,
    faults: Vec<FaultLine>,
}

impl Verb {
    pub(super) async fn run(self, terminal: &Terminal) -> Outcome {
        match self {
            Self::Verify(verify) => tokio::task::block_in_place(|| verify.run(terminal)),
            Self::Reindex(reindex) => reindex.run(terminal).await,
        }
    }
}

#[derive(Args)]
pub(super) struct Reindex {
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    #[command(flatten)]
    opening: Opening,
}

#[derive(Serialize)]
struct Reindexed {
    by_server: bool,
}

impl Reindex {
    async fn run(self, terminal: &Terminal) -> Outcome {
        let unseal = self.opening.unseal()?;
        let bar = terminal.bar(1000, &Sentence::new(key::CLI_SAY_REINDEXING));
        let by_server = reindex::reindex(&self.dir, &unseal, &mut |progress| {
            bar.set_position(u64::from(progress.share));
        })
        .await;
        bar.finish_and_clear();
        let by_server = by_server?;
        let said = if by_server { key::CLI_SAY_REINDEXED_SERVING } else { key::CLI_SAY_REINDEXED };
        terminal.result(&Sentence::new(said), &Reindexed { by_server })?;
        Ok(Exit::Done)
    }
}

impl Verify {
    fn run(self, terminal: &Terminal) -> Outcome {
        let unseal = self.opening.unseal()?;
        let inspection = inspect(&self.dir, &unseal, Clock::System, Entropy::default())?;
        let kept = self.checkpoint.map(|file| kept(&file, &inspection)).transpose()?;
        let bar = terminal.bar(inspection.checkpoint.size, &Sentence::new(key::CLI_SAY_VERIFYING_JOURNAL));
        let mut stage = Stage::Journal;
        let report = store_tools::verify(&inspection, kept.as_ref(), &mut |now, done| {
            if stage != now {
                stage = now;
                // How many rows there are is known only in the end: the bar shows the number.
                bar.set_message(Sentence::new(key::CLI_SAY_VERIFYING_ROWS).render(terminal.language));
                bar.unset_length();
            }
            bar.set_position(done);
            bar.set_prefix(done.to_string());
        });
        bar.finish_and_clear();
        let report = report.map_err(|error| Failure::from(error.0))?;
        if terminal.form == Form::Json {
            let language = terminal.language;
            let line = |fault: &Fault| FaultLine { code: fault.code(), detail: fault.sentence().render(language) };
            let faults = report.faults.iter().map(line).collect();
            let config_epoch = inspection.in_force.config.epoch();
            terminal.document(&Document { whole: report.is_whole(), config_epoch, report: &report, faults })?;
        } else {
            for fault in &report.faults {
                terminal.text(&fault.sentence().render(terminal.language))?;
            }
            terminal.text(&summary(&report).render(terminal.language))?;
        }
        Ok(if report.is_whole() { Exit::Done } else { Exit::Integrity })
    }
}

/// A checkpoint that somebody kept elsewhere: signed by this very journal, or it says nothing.
fn kept(file: &Path, of: &Inspection) -> Result<Checkpoint, Failure> {
    let note = Note::parse(&files::read(file)?)?;
    Ok(journal_tools::read_checkpoint(&note, Some(&of.verifier))?)
}

fn summary(report: &Report) -> Sentence {
    let key = if report.is_whole() { key::CLI_SAY_STORE_WHOLE } else { key::CLI_SAY_STORE_FAULTY };
    Sentence::new(key)
        .with("faulty", report.faulty)
        .with("entries", report.entries)
        .with("records", report.records)
        .with("revisions", report.revisions)
        .with("listed", report.listed)
        .with("named", report.named)
        .with("chunks", report.chunks)
        .with("bodies", report.bodies)
        .with("sealed", report.sealed)
}
