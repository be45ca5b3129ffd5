//! `--dry-run`: what would become what, at which label, in which space, and what would be dropped. Nothing is sent;
//! the server is only asked for the names of the space and of the label.

use std::collections::BTreeMap;

use indicatif::ProgressBar;
use serde::{Deserialize, Serialize};

use super::{
    Into, broken,
    send::{Line, document, more, sentence},
};
use crate::{
    limits::{CLI_REFUSALS_SHOWN_MAX, REVIEW_ITEMS_SHOWN_MAX},
    ops::{
        cli::{
            failure::{Exit, Failure, Outcome},
            session::{Session, in_query},
            terminal::{Form, Terminal, harmless, table},
        },
        import::{Folders, Item, Progress, Refused, Source, item::Kind},
        import_review::{Review, Seen, review},
        import_run::{ImportError, Lead, Listed, NotTaken, Stream},
    },
    words::{Key, Language, Sentence, key},
};

/// Characters of one cell of the table.
const CELL_CHARS: usize = 48;

#[derive(Deserialize)]
struct LabelView {
    marking: String,
}

#[derive(Deserialize)]
struct Me {
    working: LabelView,
}

#[derive(Deserialize, Serialize)]
struct Space {
    id: String,
    name: String,
}

/// One line of JSON for each item.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
enum Would<'a> {
    Note {
        external_id: &'a str,
        kind: Kind,
        title: &'a str,
        tags: &'a [String],
        language: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        home: Option<&'a str>,
        sources: &'a [Source],
        body_bytes: usize,
    },
    Link {
        external_id: &'a str,
        from: &'a str,
        to: &'a str,
        #[serde(rename = "type")]
        kind: &'a str,
    },
    Attachment {
        note: &'a str,
        name: &'a str,
        bytes: u64,
    },
}

#[derive(Serialize)]
struct WouldLine<'a> {
    would: Would<'a>,
}

#[derive(Serialize)]
struct ReviewDocument<'a> {
    space: &'a Space,
    label: &'a str,
    /// Where the names of spaces lead that folders ask for.
    leads: BTreeMap<&'a str, Lead<'a>>,
    #[serde(flatten)]
    counts: &'a Review,
}

#[derive(Serialize)]
struct ReviewLine<'a> {
    review: &'a ReviewDocument<'a>,
}

/// What one reader of the files tells the terminal.
enum Told {
    Progress(Progress),
    Item(Box<Item>),
    Refused(Refused),
}

pub(super) async fn run(into: &Into, stream: Box<dyn Stream>, terminal: &Terminal) -> Outcome {
    let mut session = Session::open(&into.server, terminal).await?;
    let me: Me = session.json("/api/v1/me").await?;
    let space: Space = session.json(&format!("/api/v1/spaces/{}", in_query(&into.space))).await?;
    let listed: Listed = session.json(Listed::PATH).await?;
    let (sender, mut receiver) = tokio::sync::mpsc::channel(crate::limits::IMPORT_PARTS_READ_MAX);
    let reading = tokio::task::spawn_blocking(move || {
        review(stream, &mut |seen| {
            let told = match seen {
                Seen::Progress(progress) => Told::Progress(progress),
                Seen::Item(item) => Told::Item(Box::new(item.clone())),
                Seen::Refused(refused) => Told::Refused(refused.clone()),
            };
            // Nobody listens only when the output has failed, which is told below.
            drop(sender.blocking_send(told));
        })
    });
    let bar = terminal.bar(0, &Sentence::new(key::CLI_SAY_IMPORTING));
    let mut witness = Witness { terminal, bar, rows: [Vec::new(), Vec::new(), Vec::new()], shown: Vec::new() };
    while let Some(told) = receiver.recv().await {
        witness.note(&told)?;
    }
    let counts = reading.await.map_err(|_panicked| broken(&ImportError::Reading))?;
    witness.bar.finish_and_clear();
    let leads: BTreeMap<&str, Lead<'_>> = counts.spaces.keys().map(|name| (name.as_str(), listed.lead(name))).collect();
    let clear = leads.values().all(|lead| *lead != Lead::Several);
    witness.print(&ReviewDocument { space: &space, label: &me.working.marking, leads, counts: &counts })?;
    Ok(if clear && counts.is_complete() { Exit::Done } else { Exit::Refused })
}

struct Witness<'a> {
    terminal: &'a Terminal,
    bar: ProgressBar,
    /// The first notes, links, files.
    rows: [Vec<Vec<String>>; 3],
    shown: Vec<Sentence>,
}

fn cell(text: &str) -> String {
    let text = harmless(text);
    if text.chars().count() <= CELL_CHARS {
        return text;
    }
    text.chars().take(CELL_CHARS.saturating_sub(1)).chain(['…']).collect()
}

impl Witness<'_> {
    fn word(&self, key: Key) -> String {
        Sentence::new(key).render(self.terminal.language)
    }

    fn note(&mut self, told: &Told) -> Result<(), Failure> {
        match told {
            Told::Progress(progress) => {
                self.bar.set_length(progress.bytes_total);
                self.bar.set_position(progress.bytes_read);
            }
            Told::Item(item) if self.terminal.form == Form::Json => {
                self.terminal.document(&WouldLine { would: would(item) })?;
            }
            Told::Item(item) => self.row(item),
            Told::Refused(refused) => {
                let not_taken = NotTaken::Here(refused.clone());
                let sentence = sentence(&not_taken);
                if self.terminal.form == Form::Json {
                    let refused = document(&not_taken, sentence.render(self.terminal.language));
                    self.terminal.document(&Line { refused })?;
                } else if self.shown.len() < CLI_REFUSALS_SHOWN_MAX {
                    self.shown.push(sentence);
                }
            }
        }
        Ok(())
    }

    fn row(&mut self, item: &Item) {
        let (place, row) = match item {
            Item::Note(note) => (
                0,
                [
                    self.word(key::CLI_SAY_REVIEW_NOTE),
                    cell(&note.external_id),
                    cell(&note.title),
                    cell(&note.tags.join(" ")),
                ],
            ),
            Item::Link(link) => {
                (1, [self.word(key::CLI_SAY_REVIEW_LINK), cell(&link.from), cell(&link.to), cell(&link.kind)])
            }
            Item::Attachment(attachment) => {
                let bytes = attachment.content.length().to_string();
                (2, [self.word(key::CLI_SAY_REVIEW_FILE), cell(&attachment.note), cell(&attachment.name), bytes])
            }
        };
        if let Some(rows) = self.rows.get_mut(place).filter(|rows| rows.len() < REVIEW_ITEMS_SHOWN_MAX) {
            rows.push(row.to_vec());
        }
    }

    fn print(&self, review: &ReviewDocument<'_>) -> Result<(), Failure> {
        let (terminal, counts) = (self.terminal, review.counts);
        if terminal.form == Form::Json {
            return terminal.document(&ReviewLine { review });
        }
        let head = Sentence::new(key::CLI_SAY_REVIEW)
            .with("space", harmless(&review.space.name))
            .with("label", harmless(review.label));
        terminal.text(&head.render(terminal.language))?;
        for line in places(review) {
            terminal.text(&line.render(terminal.language))?;
        }
        let words =
            [key::CLI_SAY_REVIEW_WHAT, key::CLI_SAY_REVIEW_SOURCE, key::CLI_SAY_REVIEW_TITLE, key::CLI_SAY_REVIEW_TAGS];
        let heading = words.map(|key| self.word(key)).to_vec();
        let rows: Vec<Vec<String>> = self.rows.iter().flatten().cloned().collect();
        if !rows.is_empty() {
            terminal.text(&table(heading, &rows).join("\n"))?;
        }
        let all = [counts.notes, counts.links, counts.files].into_iter().fold(0, u64::saturating_add);
        let unseen = all.saturating_sub(u64::try_from(rows.len()).unwrap_or(u64::MAX));
        if unseen > 0 {
            terminal.text(&Sentence::new(key::CLI_SAY_REVIEW_MORE).with("count", unseen).render(terminal.language))?;
        }
        for line in &self.shown {
            terminal.say(line);
        }
        more(terminal, [counts.unreadable(), counts.left_out()], self.shown.len());
        terminal.text(&totals(counts, terminal.language))
    }
}

/// What becomes of the folders, and the spaces that they ask for.
fn places(review: &ReviewDocument<'_>) -> Vec<Sentence> {
    let folders = review.counts.folders;
    let key = match folders.kept_as {
        Folders::Tags => key::CLI_SAY_REVIEW_FOLDERS_TAGS,
        Folders::Spaces => key::CLI_SAY_REVIEW_FOLDERS_SPACES,
        Folders::None => key::CLI_SAY_REVIEW_FOLDERS_NONE,
    };
    let met = (folders.count > 0).then(|| Sentence::new(key).with("count", folders.count));
    let spaces = review.leads.iter().map(|(name, lead)| {
        let key = match lead {
            Lead::There(_) => key::CLI_SAY_REVIEW_SPACE_THERE,
            Lead::ToMake => key::CLI_SAY_REVIEW_SPACE_TO_MAKE,
            Lead::Several => key::CLI_SAY_REVIEW_SPACE_SEVERAL,
        };
        let notes = review.counts.spaces.get(*name).copied().unwrap_or_default();
        Sentence::new(key).with("name", harmless(name)).with("notes", notes)
    });
    let across = review.counts.links_across;
    let across = (across > 0).then(|| Sentence::new(key::CLI_SAY_REVIEW_ACROSS).with("count", across));
    met.into_iter().chain(spaces).chain(across).collect()
}

fn totals(counts: &Review, language: Language) -> String {
    let sentence = Sentence::new(key::CLI_SAY_REVIEW_TOTALS)
        .with("notes", counts.notes)
        .with("links", counts.links)
        .with("files", counts.files)
        .with("bytes", counts.file_bytes)
        .with("unreadable", counts.unreadable())
        .with("left_out", counts.left_out())
        .with("repeated", counts.repeated);
    sentence.render(language)
}

fn would(item: &Item) -> Would<'_> {
    match item {
        Item::Note(note) => Would::Note {
            external_id: &note.external_id,
            kind: note.kind,
            title: &note.title,
            tags: &note.tags,
            language: note.language.code(),
            home: note.home.as_deref(),
            sources: &note.sources,
            body_bytes: note.body.len(),
        },
        Item::Link(link) => {
            Would::Link { external_id: &link.external_id, from: &link.from, to: &link.to, kind: &link.kind }
        }
        Item::Attachment(file) => {
            Would::Attachment { note: &file.note, name: &file.name, bytes: file.content.length() }
        }
    }
}
