//! An import that sends: progress, refusals, and the counts at the end.

use indicatif::ProgressBar;
use serde::Serialize;

use super::{Into, broken};
use crate::{
    limits::CLI_REFUSALS_SHOWN_MAX,
    ops::{
        cli::{
            failure::{Exit, Failure, Outcome},
            session::{Session, in_query},
            terminal::{Form, Terminal, harmless},
        },
        import_run::{self, Counts, FileRefused, NotTaken, Step, Stream},
    },
    words::{Sentence, key},
};

#[derive(Serialize)]
pub(super) struct Line<'a> {
    pub(super) refused: NotTakenDocument<'a>,
}

#[derive(Serialize)]
pub(super) struct NotTakenDocument<'a> {
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

pub(super) async fn run(into: &Into, stream: Box<dyn Stream>, terminal: &Terminal) -> Outcome {
    let mut session = Session::open(&into.server, terminal).await?;
    let mut witness = Witness {
        terminal,
        bar: terminal.bar(0, &Sentence::new(key::CLI_SAY_IMPORTING)),
        shown: Vec::new(),
        output: Ok(()),
    };
    let bearing = &session.bearing;
    let ask = |method, path: &str| bearing.request(method, path);
    let space = in_query(&into.space);
    let tell = &mut |step| witness.note(step);
    let counts = import_run::run(&mut session.client, &ask, &space, stream, tell).await;
    witness.bar.finish_and_clear();
    for line in &witness.shown {
        terminal.say(line);
    }
    let counts = counts.map_err(|error| broken(&error))?;
    witness.output?;
    more(terminal, [counts.refused, counts.unreadable, counts.left_out, counts.refused_files], witness.shown.len());
    if counts.raised > 0 {
        terminal.say(&Sentence::new(key::CLI_SAY_RAISED).with("count", counts.raised));
    }
    if counts.spaces > 0 {
        terminal.say(&Sentence::new(key::CLI_SAY_SPACES_MADE).with("count", counts.spaces));
    }
    terminal.result(&summary(&counts), &Summary { summary: counts })?;
    Ok(if counts.is_complete() { Exit::Done } else { Exit::Refused })
}

/// Tells how many refusals were not shown.
pub(super) fn more<const N: usize>(terminal: &Terminal, not_taken: [u64; N], shown: usize) {
    let not_taken = not_taken.into_iter().fold(0, u64::saturating_add);
    let shown = u64::try_from(shown).unwrap_or(u64::MAX);
    if not_taken > shown {
        terminal.say(&Sentence::new(key::CLI_SAY_MORE_REFUSED).with("count", not_taken.saturating_sub(shown)));
    }
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
                self.bar.set_prefix(counts.answered().saturating_add(counts.attached).to_string());
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

pub(super) fn sentence(not_taken: &NotTaken) -> Sentence {
    match not_taken {
        NotTaken::Here(refused) => refused.sentence(),
        NotTaken::There(answer) => Sentence::new(key::CLI_SAY_LINE_REFUSED)
            .with("line", answer.line)
            .with("name", harmless(answer.external_id.as_deref().unwrap_or("?")))
            .with("code", harmless(answer.code.as_deref().unwrap_or("?")))
            .with("detail", harmless(answer.detail.as_deref().unwrap_or(""))),
        NotTaken::File(FileRefused { note, name, code, detail }) => Sentence::new(key::CLI_SAY_FILE_REFUSED)
            .with("note", harmless(note))
            .with("name", harmless(name))
            .with("code", harmless(code))
            .with("detail", harmless(detail)),
    }
}

pub(super) fn document(not_taken: &NotTaken, detail: String) -> NotTakenDocument<'_> {
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
        NotTaken::File(refused) => NotTakenDocument {
            line: None,
            file: Some(&refused.name),
            byte: None,
            external_id: Some(&refused.note),
            code: &refused.code,
            detail: refused.detail.clone(),
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
        .with("left_out", counts.left_out)
        .with("attached", counts.attached)
        .with("attached_before", counts.attached_before)
        .with("refused_files", counts.refused_files)
}
