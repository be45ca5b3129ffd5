//! `vigie import FORMAT …`: what each format asks for. [`send`] sends, [`review`] only tells.

mod review;
mod send;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};

use super::{
    failure::{Exit, Failure, Outcome},
    files,
    session::Server,
    terminal::Terminal,
};
use crate::{
    limits::IMPORT_MAPPING_BYTES_MAX,
    ops::{
        import::{
            Folders, feed, html, mail, markdown, misp, references, stix,
            table::{self, Mapping, MappingError},
        },
        import_run::{ImportError, Stream},
    },
    words::{Language, Sentence, key},
};

#[derive(Subcommand)]
pub(super) enum Verb {
    Stix(Files),
    Markdown(Folder),
    Misp(Paths),
    Csv(Tables),
    Feed(Paths),
    Html(Pages),
    Mail(Pages),
    References(Paths),
}

/// Where everything goes.
#[derive(Args)]
struct Into {
    #[arg(long, value_name = "ID")]
    space: String,
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    server: Server,
}

#[derive(Args)]
pub(super) struct Files {
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    into: Into,
}

#[derive(Args)]
pub(super) struct Folder {
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    #[arg(long, value_name = "tags|none", value_enum, default_value_t, hide_possible_values = true)]
    folders: Kept,
    #[command(flatten)]
    into: Into,
}

#[derive(Args)]
pub(super) struct Paths {
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    into: Into,
}

#[derive(Args)]
pub(super) struct Tables {
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    #[arg(long, value_name = "TOML")]
    mapping: PathBuf,
    #[command(flatten)]
    into: Into,
}

/// Files whose folders say something.
#[derive(Args)]
pub(super) struct Pages {
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    #[arg(long, value_name = "tags|none", value_enum, default_value_t, hide_possible_values = true)]
    folders: Kept,
    #[command(flatten)]
    into: Into,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
enum Kept {
    Tags,
    #[default]
    None,
}

impl From<Kept> for Folders {
    fn from(kept: Kept) -> Self {
        match kept {
            Kept::Tags => Self::Tags,
            Kept::None => Self::Nothing,
        }
    }
}

/// Opens the files; a walk over folders is work of its own.
type Open = Box<dyn FnOnce() -> Box<dyn Stream> + Send>;

impl Verb {
    pub(super) async fn run(self, terminal: &Terminal) -> Outcome {
        let (into, open) = self.opened(terminal.language)?;
        // Not on the thread that answers the network.
        let opened = tokio::task::spawn_blocking(open).await;
        let stream = opened.map_err(|_panicked| broken(&ImportError::Reading))?;
        if into.dry_run { review::run(&into, stream, terminal).await } else { send::run(&into, stream, terminal).await }
    }

    fn opened(self, language: Language) -> Result<(Into, Open), Failure> {
        Ok(match self {
            Self::Stix(Files { files, into }) => {
                let bundles = files.into_iter().map(stix::Bundle::file).collect();
                (into, Box::new(move || Box::new(stix::import(bundles))))
            }
            Self::Markdown(Folder { folder, folders, into }) => {
                let open = move || -> Box<dyn Stream> { Box::new(markdown::import(&folder, language, folders.into())) };
                (into, Box::new(open))
            }
            Self::Misp(Paths { paths, into }) => (into, Box::new(move || Box::new(misp::import(&paths)))),
            Self::Csv(Tables { files, mapping, into }) => {
                let mapping = read_mapping(&mapping)?;
                (into, Box::new(move || Box::new(table::import(&files, mapping, language))))
            }
            Self::Feed(Paths { paths, into }) => (into, Box::new(move || Box::new(feed::import(&paths, language)))),
            Self::Html(Pages { paths, folders, into }) => {
                (into, Box::new(move || Box::new(html::import(&paths, language, folders.into()))))
            }
            Self::Mail(Pages { paths, folders, into }) => {
                (into, Box::new(move || Box::new(mail::import(&paths, language, folders.into()))))
            }
            Self::References(Paths { paths, into }) => {
                (into, Box::new(move || Box::new(references::import(&paths, language))))
            }
        })
    }
}

fn read_mapping(path: &Path) -> Result<Mapping, Failure> {
    let bytes = files::read(path)?;
    let malformed = |error: &MappingError| Failure::new(Exit::Usage, "mapping", error.sentence());
    let text = String::from_utf8(bytes).ok().filter(|text| text.len() <= IMPORT_MAPPING_BYTES_MAX);
    let text = text.ok_or_else(|| malformed(&MappingError::Malformed("UTF-8, 64 KiB".to_owned())))?;
    Mapping::parse(&text).map_err(|error| malformed(&error))
}

fn broken(error: &ImportError) -> Failure {
    match error {
        ImportError::Client(error) => error.clone().into(),
        ImportError::Answers { sent, answered } => Failure::new(
            Exit::Unavailable,
            "import-unanswered",
            Sentence::new(key::CLI_SAY_UNANSWERED).with("sent", *sent).with("answered", *answered),
        ),
        ImportError::Reading => Failure::new(Exit::Other, "import-reading", Sentence::new(key::CLI_SAY_IMPORT_READING)),
    }
}
