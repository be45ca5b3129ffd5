//! `vigie bench`: how fast it is, as ratios to references measured in the same run on the same machine.
//!
//! | file | idea |
//! |---|---|
//! | `mod.rs` | what is measured, in which order |
//! | [`row`] | ours, reference, ratio, bar |
//! | `measure` | the rows |
//! | `pages` | those of the pages: time, weight, requests |
//! | `graph` | those of the graph, around a busy note and to depth 3 |
//! | `load` | the clients |
//! | `finding` | those of search |
//! | `reference` | R1 and R2 |
//! | `plain` | R3 |
//! | `side` | a deployment served in this process |
//! | `apart` | a server as a process of its own: start, memory |
//! | `site`, `fill`, `text`, `texts` | the deployment that is measured, and the notes in it |
//! | [`error`] | why nothing was measured |
//!
//! The clients share the machine's cores with what they measure, for ours and for the references alike. Times are
//! read with `Instant`, never compared with a bound in a test.

mod apart;
pub mod error;
mod fill;
mod finding;
mod graph;
mod load;
mod measure;
mod pages;
mod plain;
mod reference;
pub mod row;
mod side;
mod site;
mod text;
mod texts;

use std::{
    fs,
    path::{Path, PathBuf},
};

pub use self::{
    error::BenchError,
    row::{Row, Sense, Table},
};
use self::{measure::Pace, site::Site};
use super::report::Report;
use crate::words::{Sentence, key};

/// Notes of the small deployment.
const SMALL: u64 = 10_000;
/// Notes of the large one, and of its stand-in for the hasty.
const LARGE: u64 = 1_000_000;
const LARGE_QUICK: u64 = 100_000;
/// Notes of the deployment that is written to.
const SCRATCH: u64 = 1_000;

/// Groups of rows that can be asked for: the first part of the rows' names, `search` for all that is sought.
pub const GROUPS: [&str; 13] = [
    "read", "list", "feed", "page", "graph", "create", "import", "start", "memory", "growth", "search", "suggest",
    "index",
];

/// What to measure, and where.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder of the deployments that are measured; kept, so that the next run finds them filled.
    pub dir: PathBuf,
    /// Without the million of notes.
    pub quick: bool,
    /// This program, to be started as a server of its own.
    pub program: PathBuf,
    /// Where the table goes for programs.
    pub json: PathBuf,
    /// Where paragraphs to seek in come from (`texts`); made up without.
    pub texts: Vec<String>,
    /// Some of [`GROUPS`]; all when empty.
    pub only: Vec<String>,
}

impl Options {
    fn wants(&self, names: &[&str]) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| names.contains(&only.as_str()))
    }
}

/// Measures everything and answers the table, which is also in the file of `options`.
///
/// # Errors
/// [`BenchError`].
pub async fn run(options: &Options, report: &dyn Report) -> Result<Table, BenchError> {
    let dir = options.dir.as_path();
    fs::create_dir_all(dir).map_err(BenchError::file(dir))?;
    report.say(&Sentence::new(key::BENCH_SHARED));
    report.say(&Sentence::new(key::BENCH_REFERENCES));
    let (pace, mut table) = (Pace::of(options), Table::default());
    if options.wants(&["read", "list", "feed"]) {
        measure::reading(&Site::at(dir, SMALL, report).await?, pace, &mut table, report).await?;
    }
    if options.wants(&["page"]) {
        pages::measure(&Site::at(dir, SMALL, report).await?, pace, &mut table, report).await?;
    }
    if options.wants(&["graph"]) {
        graph::measure(&Site::at(dir, SMALL, report).await?, pace, &mut table, report).await?;
    }
    if options.wants(&["create", "import"]) {
        let scratch = Site::fresh(dir, SCRATCH, report).await?;
        measure::writing(&scratch, dir, pace, &mut table, report).await?;
    }
    let notes = if options.quick { LARGE_QUICK } else { LARGE };
    if options.wants(&["growth", "start", "memory"]) {
        let (small, large) = (Site::at(dir, SMALL, report).await?, Site::at(dir, notes, report).await?);
        // Before anything has warmed the files of the large one.
        if options.wants(&["start", "memory"]) {
            measure::starting(&small, options, &mut table, report).await?;
            measure::starting(&large, options, &mut table, report).await?;
        }
        if options.wants(&["growth"]) {
            measure::growth(&small, &large, pace, &mut table, report).await?;
        }
    }
    if options.wants(&["search", "suggest", "index"]) {
        let sizes: &[u64] = if options.quick { &[LARGE_QUICK] } else { &[LARGE_QUICK, LARGE] };
        finding::measure(options, sizes, pace, &mut table, report).await?;
    }
    write(&options.json, &table)?;
    report.text(&table.text(report.language()));
    let done = if table.holds() { key::BENCH_ALL_HOLD } else { key::BENCH_SOME_MISS };
    report.say(&Sentence::new(done).with("file", options.json.display().to_string()));
    Ok(table)
}

fn write(path: &Path, table: &Table) -> Result<(), BenchError> {
    let mut text = serde_json::to_string_pretty(table).map_err(|_never| BenchError::Broken)?;
    text.push('\n');
    fs::write(path, text).map_err(BenchError::file(path))
}
