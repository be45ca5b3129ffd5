//! `vigie import FORMAT …`: what each format asks for. [`send`] sends, [`review`] only tells.

mod review;
mod send;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};

use super::{
    failure::{Exit, Failure, Outcome},
    files,
    session::Server,
    terminal::{Terminal, harmless},
};
use crate::{
    limits::IMPORT_MAPPING_BYTES_MAX,
    ops::{
        import::{
            Folders, Unsaid, feed, html, mail, markdown, misp, references, stix,
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
    Feed(Texts),
    Html(Pages),
    Mail(Pages),
    References(Texts),
}

/// The language of what does not name its own.
#[derive(Args)]
struct Tongue {
    #[arg(long, value_name = "fr|en|de", value_parser = ["fr", "en", "de"], hide_possible_values = true)]
    language: Option<String>,
}

impl Tongue {
    fn unsaid(&self, terminal: Language) -> Unsaid {
        let asked = self.language.as_deref().and_then(Language::from_preference);
        asked.map_or(Unsaid::Guessed(terminal), Unsaid::Known)
    }
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
    #[arg(long, value_name = "tags|spaces|none", value_enum, default_value_t, hide_possible_values = true)]
    folders: Kept,
    #[command(flatten)]
    tongue: Tongue,
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

/// Files that may be written in any language.
#[derive(Args)]
pub(super) struct Texts {
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    tongue: Tongue,
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
    tongue: Tongue,
    #[command(flatten)]
    into: Into,
}

/// Files whose folders say something.
#[derive(Args)]
pub(super) struct Pages {
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    #[arg(long, value_name = "tags|spaces|none", value_enum, default_value_t, hide_possible_values = true)]
    folders: Kept,
    #[command(flatten)]
    tongue: Tongue,
    #[command(flatten)]
    into: Into,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
enum Kept {
    Tags,
    Spaces,
    #[default]
    None,
}

impl From<Kept> for Folders {
    fn from(kept: Kept) -> Self {
        match kept {
            Kept::Tags => Self::Tags,
            Kept::Spaces => Self::Spaces,
            Kept::None => Self::None,
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

    fn opened(self, terminal: Language) -> Result<(Into, Open), Failure> {
        Ok(match self {
            Self::Stix(Files { files, into }) => {
                let bundles = files.into_iter().map(stix::Bundle::file).collect();
                (into, Box::new(move || Box::new(stix::import(bundles))))
            }
            Self::Markdown(Folder { folder, folders, tongue, into }) => {
                let unsaid = tongue.unsaid(terminal);
                let open = move || -> Box<dyn Stream> { Box::new(markdown::import(&folder, unsaid, folders.into())) };
                (into, Box::new(open))
            }
            Self::Misp(Paths { paths, into }) => (into, Box::new(move || Box::new(misp::import(&paths)))),
            Self::Csv(Tables { files, mapping, tongue, into }) => {
                let (mapping, unsaid) = (read_mapping(&mapping)?, tongue.unsaid(terminal));
                (into, Box::new(move || Box::new(table::import(&files, mapping, unsaid))))
            }
            Self::Feed(Texts { paths, tongue, into }) => {
                let unsaid = tongue.unsaid(terminal);
                (into, Box::new(move || Box::new(feed::import(&paths, unsaid))))
            }
            Self::Html(Pages { paths, folders, tongue, into }) => {
                let unsaid = tongue.unsaid(terminal);
                (into, Box::new(move || Box::new(html::import(&paths, unsaid, folders.into()))))
            }
            Self::Mail(Pages { paths, folders, tongue, into }) => {
                let unsaid = tongue.unsaid(terminal);
                (into, Box::new(move || Box::new(mail::import(&paths, unsaid, folders.into()))))
            }
            Self::References(Texts { paths, tongue, into }) => {
                let unsaid = tongue.unsaid(terminal);
                (into, Box::new(move || Box::new(references::import(&paths, unsaid))))
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
        ImportError::SpaceUnclear(name) => Failure::new(
            Exit::Usage,
            "import-space-unclear",
            Sentence::new(key::CLI_SAY_SPACE_UNCLEAR).with("name", harmless(name)),
        ),
        ImportError::Reading => Failure::new(Exit::Other, "import-reading", Sentence::new(key::CLI_SAY_IMPORT_READING)),
    }
}
