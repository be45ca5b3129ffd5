//! `vigie completions SHELL`, `vigie man DIR`: made from the same tree as the help.

use std::path::PathBuf;

use clap::{Args, Command};
use clap_complete::{Shell, generate};
use clap_mangen::Man as Page;
use serde::Serialize;

use super::{
    failure::{Exit, Failure, Outcome},
    files, localise,
    terminal::Terminal,
};
use crate::words::{Key, Sentence, key};

#[derive(Args)]
pub(super) struct Completions {
    #[arg(value_name = "SHELL", value_enum)]
    shell: Shell,
}

#[derive(Args)]
pub(super) struct Man {
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

#[derive(Serialize)]
struct Written {
    pages: Vec<PathBuf>,
}

impl Completions {
    pub(super) fn run(self, terminal: &Terminal) -> Outcome {
        let mut script = Vec::new();
        generate(self.shell, &mut localise::command(terminal.language), "vigie", &mut script);
        terminal.bytes(&script)?;
        Ok(Exit::Done)
    }
}

impl Man {
    pub(super) fn run(self, terminal: &Terminal) -> Outcome {
        files::make_folder(&self.dir)?;
        let mut root = localise::command(terminal.language);
        root.build();
        let mut pages = Vec::new();
        self.page(&root, "vigie", terminal, &mut pages)?;
        let sentence =
            Sentence::new(key::CLI_SAY_PAGES).with("count", pages.len()).with("folder", self.dir.display().to_string());
        terminal.result(&sentence, &Written { pages })?;
        Ok(Exit::Done)
    }

    /// One page a command: `vigie.1`, `vigie-journal-verify.1`.
    fn page(
        &self,
        command: &Command,
        name: &str,
        terminal: &Terminal,
        pages: &mut Vec<PathBuf>,
    ) -> Result<(), Failure> {
        let path = self.dir.join(format!("{name}.1"));
        let mut roff = Vec::new();
        let page = Page::new(command.clone().name(name.to_owned()))
            .title(name.to_uppercase())
            .source(concat!("vigie ", env!("CARGO_PKG_VERSION")));
        page.render(&mut roff).map_err(|error| Failure::writing(&path, &error))?;
        let text = with_headings(&String::from_utf8_lossy(&roff), terminal);
        files::replace(&path, text.as_bytes())?;
        pages.push(path);
        for below in command.get_subcommands() {
            self.page(below, &format!("{name}-{}", below.get_name()), terminal, pages)?;
        }
        Ok(())
    }
}

/// The page maker writes its headings in English.
fn with_headings(roff: &str, terminal: &Terminal) -> String {
    const HEADINGS: [(&str, Key); 5] = [
        (".SH NAME", key::CLI_MAN_NAME),
        (".SH SYNOPSIS", key::CLI_MAN_SYNOPSIS),
        (".SH DESCRIPTION", key::CLI_MAN_DESCRIPTION),
        (".SH OPTIONS", key::CLI_HELP_OPTIONS),
        (".SH EXTRA", key::CLI_MAN_MORE),
    ];
    let heading = |line: &str| {
        let key = HEADINGS.iter().find(|(english, _)| *english == line)?.1;
        let text = Sentence::new(key).render(terminal.language);
        Some(format!(".SH \"{}\"", text.trim_end_matches([':', '\u{202f}']).to_uppercase()))
    };
    roff.lines().map(|line| heading(line).unwrap_or_else(|| line.to_owned()) + "\n").collect()
}
