//! `vigie import stix|markdown`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use http::{HeaderValue, Method, header::CONTENT_TYPE};
use indicatif::ProgressBar;
use serde::Serialize;

use super::{
    failure::{Exit, Failure, Outcome},
    session::{Server, Session, in_query},
    terminal::{Form, Terminal, harmless},
};
use crate::{
    limits::CLI_REFUSALS_SHOWN_MAX,
    ops::{
        import::{markdown, stix},
        import_run::{self, Counts, ImportError, NotTaken, Step, Stream},
    },
    words::{Sentence, key},
};

#[derive(Subcommand)]
pub(super) enum Verb {
    Stix(Stix),
    Markdown(Markdown),
}

#[derive(Args)]
pub(super) struct Stix {
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    #[arg(long, value_name = "ID")]
    space: String,
    #[command(flatten)]
    server: Server,
}

#[derive(Args)]
pub(super) struct Markdown {
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    #[arg(long, value_name = "ID")]
    space: String,
    #[command(flatten)]
    server: Server,
}

#[derive(Serialize)]
struct Line<'a> {
    refused: NotTakenDocument<'a>,
}

#[derive(Serialize)]
struct NotTakenDocument<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    byte: Option<u64>,
    external_id: Option<&'a str>,
    code: &'a str,
    detail: String,
}

#[derive(Serialize)]
struct Summary {
    summary: Counts,
}

impl Verb {
    pub(super) async fn run(self, terminal: &Terminal) -> Outcome {
        match self {
            Self::Stix(stix) => {
                let bundles = stix.files.into_iter().map(stix::Bundle::file).collect();
                import(&stix.server, &stix.space, stix::import(bundles), terminal).await
            }
            Self::Markdown(markdown) => {
                // The walk over the folder is work of its own: not on the thread that answers the network.
                let (folder, language) = (markdown.folder, terminal.language);
                let walked = tokio::task::spawn_blocking(move || markdown::import(&folder, language)).await;
                let stream = walked.map_err(|_panicked| broken(&ImportError::Reading))?;
                import(&markdown.server, &markdown.space, stream, terminal).await
            }
        }
    }
}

async fn import(server: &Server, space: &str, stream: impl Stream, terminal: &Terminal) -> Outcome {
    let mut session = Session::open(server, terminal).await?;
    let path = format!("/api/v1/notes/import?space={}", in_query(space));
    let ndjson = HeaderValue::from_static("application/x-ndjson");
    let request = session.request(Method::POST, &path).header(CONTENT_TYPE, ndjson);
    let mut witness = Witness {
        terminal,
        bar: terminal.bar(0, &Sentence::new(key::CLI_SAY_IMPORTING)),
        shown: Vec::new(),
        output: Ok(()),
    };
    let counts = import_run::run(&mut session.client, request, stream, &mut |step| witness.note(step)).await;
    witness.bar.finish_and_clear();
    for line in &witness.shown {
        terminal.say(line);
    }
    let counts = counts.map_err(|error| broken(&error))?;
    witness.output?;
    let not_taken = counts.refused.saturating_add(counts.unreadable);
    let shown = u64::try_from(witness.shown.len()).unwrap_or(u64::MAX);
    if not_taken > shown {
        terminal.say(&Sentence::new(key::CLI_SAY_MORE_REFUSED).with("count", not_taken.saturating_sub(shown)));
    }
    terminal.result(&summary(&counts), &Summary { summary: counts })?;
    Ok(if counts.is_complete() { Exit::Done } else { Exit::Refused })
}

/// Shows the progress, keeps the first refusals for the end, prints all of them as JSON.
struct Witness<'a> {
    terminal: &'a Terminal,
    bar: ProgressBar,
    shown: Vec<Sentence>,
    output: Result<(), Failure>,
}

impl Witness<'_> {
    fn note(&mut self, step: Step) {
        match step {
            Step::Progress(progress, counts) => {
                self.bar.set_length(progress.bytes_total);
                self.bar.set_position(progress.bytes_read);
                self.bar.set_prefix(counts.answered().to_string());
            }
            Step::NotTaken(not_taken) => {
                let sentence = sentence(&not_taken);
                if self.terminal.form == Form::Json && self.output.is_ok() {
                    let refused = document(&not_taken, sentence.render(self.terminal.language));
                    self.output = self.terminal.document(&Line { refused });
                } else if self.shown.len() < CLI_REFUSALS_SHOWN_MAX {
                    self.shown.push(sentence);
                }
            }
        }
    }
}

fn sentence(not_taken: &NotTaken) -> Sentence {
    match not_taken {
        NotTaken::Here(refused) => refused.sentence(),
        NotTaken::There(answer) => Sentence::new(key::CLI_SAY_LINE_REFUSED)
            .with("line", answer.line)
            .with("name", harmless(answer.external_id.as_deref().unwrap_or("?")))
            .with("code", harmless(answer.code.as_deref().unwrap_or("?")))
            .with("detail", harmless(answer.detail.as_deref().unwrap_or(""))),
    }
}

fn document(not_taken: &NotTaken, detail: String) -> NotTakenDocument<'_> {
    match not_taken {
        NotTaken::Here(refused) => NotTakenDocument {
            line: None,
            file: Some(&refused.place.file),
            byte: refused.place.byte,
            external_id: refused.place.id.as_deref(),
            code: refused.code(),
            detail,
        },
        NotTaken::There(answer) => NotTakenDocument {
            line: Some(answer.line),
            file: None,
            byte: None,
            external_id: answer.external_id.as_deref(),
            code: answer.code.as_deref().unwrap_or_default(),
            detail: answer.detail.clone().unwrap_or_default(),
        },
    }
}

fn summary(counts: &Counts) -> Sentence {
    Sentence::new(key::CLI_SAY_IMPORTED)
        .with("sent", counts.sent)
        .with("created", counts.created)
        .with("unchanged", counts.unchanged)
        .with("updated", counts.updated)
        .with("refused", counts.refused)
        .with("unreadable", counts.unreadable)
        .with("repeated", counts.repeated)
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
