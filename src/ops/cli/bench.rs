//! `vigie bench`.

use std::path::PathBuf;

use clap::Args;

use super::{
    deployment::OnTerminal,
    failure::{Exit, Failure, Outcome},
    terminal::{Form, Terminal},
};
use crate::ops::bench::{self, Options};

#[derive(Args)]
pub(super) struct Bench {
    #[arg(value_name = "ROW", value_parser = bench::GROUPS)]
    rows: Vec<String>,
    #[arg(long, value_name = "DIR", default_value = "vigie-bench")]
    dir: PathBuf,
    #[arg(long)]
    quick: bool,
    #[arg(long, value_name = "[FORMAT:]PATH")]
    texts: Vec<String>,
    #[arg(long, value_name = "FILE", default_value = "bench.json")]
    out: PathBuf,
}

impl Bench {
    /// A bar that is missed is a result, not a failure: the table says so.
    pub(super) async fn run(self, terminal: &Terminal) -> Outcome {
        let program = std::env::current_exe().map_err(|error| Failure::output(&error))?;
        let Self { rows: only, dir, quick, texts, out: json } = self;
        let options = Options { dir, quick, program, json, texts, only };
        let table = bench::run(&options, &OnTerminal::new(*terminal)).await?;
        if terminal.form == Form::Json {
            terminal.document(&table)?;
        }
        Ok(Exit::Done)
    }
}
