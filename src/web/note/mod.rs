//! One note: read, printed, written, linked, discussed, its history.

pub mod acts;
mod draft;
pub mod drafts;
pub mod files;
mod form;
pub mod history;
pub mod link;
pub mod preview;
pub mod print;
pub mod read;
pub mod tasks;
pub mod write;

use askama::Template;

use super::{marking::Cote, say::Tongue, visit::Visit};
use crate::{limits, sharing::note::Note, vault::Opened, words::key as k};

/// The title block of a note.
#[derive(Template)]
#[template(path = "cartouche.html")]
pub(super) struct Cartouche {
    w: Tongue,
    kind: String,
    cote: Option<Cote>,
    sources: Vec<SourceLine>,
    /// Those that are folded.
    more: Vec<SourceLine>,
    created: String,
    review: Option<String>,
    expires: String,
    tags: Vec<String>,
}

impl askama::filters::HtmlSafe for Cartouche {}

#[derive(Template)]
#[template(path = "source.html")]
struct SourceLine {
    w: Tongue,
    /// Title, author and day, as far as known.
    text: String,
    /// Shown as text: an air-gapped page opens nothing outside.
    url: String,
}

impl askama::filters::HtmlSafe for SourceLine {}

impl Cartouche {
    pub(super) fn of(visit: &Visit, note: &Opened<Note>) -> Self {
        let (w, content) = (visit.tongue(), &note.content.content);
        let config = visit.visitor.config();
        let policy = config.policy();
        let lowest = policy.levels().first().map(|level| level.code());
        let mention = policy.level(&note.label).is_some_and(|level| level.is_mention() || Some(level.code()) == lowest);
        let expires = match &content.expires {
            Some(day) => w.day(day),
            None if mention => w.say(k::WEB_NOTE_EXPIRES_MENTION),
            None => w.say(k::WEB_NOTE_EXPIRES_NONE),
        };
        let sources = content.sources.iter().map(|source| {
            let day = w.day(&source.date);
            let parts = [source.title.as_str(), source.author.as_str(), day.as_str()];
            SourceLine {
                w,
                text: parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "),
                url: source.url.clone(),
            }
        });
        Self {
            w,
            kind: w.kind(content.kind),
            cote: content.grade.map(|grade| Cote::of(grade, w)),
            sources: sources.collect(),
            more: Vec::new(),
            created: w.date(note.content.created),
            review: content.review.as_ref().map(|day| w.day(day)),
            expires,
            tags: content.tags.clone(),
        }
    }

    /// As on the page of a note, whose text is not to stand below dozens of sources.
    pub(super) fn folded(mut self) -> Self {
        self.more = self.sources.split_off(self.sources.len().min(limits::SOURCES_SHOWN_MAX));
        self
    }
}
