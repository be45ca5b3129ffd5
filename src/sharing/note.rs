//! What a note is: the stored shapes and the rules its content must keep.

use serde::{Deserialize, Serialize};

use super::{Invalid, line, text};
use crate::{
    clock::Time,
    ids::AccountId,
    limits,
    vault::{Kind, Stored},
    words::Language,
};

/// What a note is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NoteKind {
    /// Something seen outside and kept.
    Watch,
    /// What several notes amount to.
    Synthesis,
    /// An idea.
    Idea,
    /// A question that waits for an answer.
    Question,
    /// Something to be done.
    Task,
    /// What new notes of its space may begin from.
    Template,
}

/// Reliability of a source, STANAG 2511. F means "cannot be judged", not "worst".
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub enum Reliability {
    /// Completely reliable.
    A,
    /// Usually reliable.
    B,
    /// Fairly reliable.
    C,
    /// Not usually reliable.
    D,
    /// Unreliable.
    E,
    /// Reliability cannot be judged: where a new source starts.
    F,
}

/// The two axes of the Admiralty code, judged apart and written together: `B2`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Grade {
    /// The source.
    pub reliability: Reliability,
    /// The information, 1 to 6; 6 means "cannot be judged".
    #[schemars(range(min = 1, max = 6))]
    pub credibility: u8,
}

/// Where something was found.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Source {
    /// Address. Shown as text: an air-gapped page opens nothing outside.
    pub url: String,
    /// Title of the publication.
    pub title: String,
    /// Who wrote it.
    pub author: String,
    /// The day it appeared, as far as known: `2026`, `2026-11` or `2026-11-21`.
    pub date: String,
}

/// What an author gives of a note.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoteContent {
    /// What it is for.
    pub kind: NoteKind,
    /// Title, one line.
    pub title: String,
    /// Markdown.
    #[serde(default)]
    pub body: String,
    /// Tags, one line each.
    #[serde(default)]
    pub tags: Vec<String>,
    /// `fr`, `en` or `de`.
    #[serde(default = "french")]
    pub language: String,
    /// Sources.
    #[serde(default)]
    pub sources: Vec<Source>,
    /// Admiralty grade.
    #[serde(default)]
    pub grade: Option<Grade>,
    /// Day by which the note is to be looked at again, `2027-11-21`.
    #[serde(default)]
    pub review: Option<String>,
    /// Day on which its protection ends, chosen, never a default (IM 2300 §3.1.1): under 50 years.
    #[serde(default)]
    pub expires: Option<String>,
}

fn french() -> String {
    Language::French.code().to_owned()
}

impl NoteContent {
    /// The content as it is stored, if it keeps the rules.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn checked(mut self, now: Time) -> Result<Self, Invalid> {
        self.title = line("title", &self.title, limits::NOTE_TITLE_CHARS_MAX)?;
        self.body = text("body", &self.body, limits::NOTE_BODY_BYTES_MAX)?;
        if self.tags.len() > limits::NOTE_TAGS_MAX {
            return Err(Invalid::TooLong { field: "tags", maximum: limits::NOTE_TAGS_MAX });
        }
        let mut tags = Vec::with_capacity(self.tags.len());
        for tag in &self.tags {
            let tag = line("tags", tag, limits::TAG_CHARS_MAX)?;
            if !tags.contains(&tag) {
                tags.push(tag);
            }
        }
        self.tags = tags;
        if !Language::ALL.iter().any(|language| language.code() == self.language) {
            return Err(Invalid::Language);
        }
        self.check_sources()?;
        self.check_grade()?;
        self.check_dates(now)?;
        Ok(self)
    }

    fn check_sources(&mut self) -> Result<(), Invalid> {
        if self.sources.len() > limits::NOTE_SOURCES_MAX {
            return Err(Invalid::TooLong { field: "sources", maximum: limits::NOTE_SOURCES_MAX });
        }
        for source in &mut self.sources {
            for field in [&mut source.url, &mut source.title, &mut source.author] {
                if !field.is_empty() {
                    *field = line("sources", field, limits::SOURCE_FIELD_CHARS_MAX)?;
                }
            }
            if source.url.is_empty() && source.title.is_empty() && source.author.is_empty() {
                return Err(Invalid::Empty("sources"));
            }
            let whole_day = match source.date.len() {
                0 => continue,
                4 => format!("{}-01-01", source.date),
                7 => format!("{}-01", source.date),
                _ => source.date.clone(),
            };
            day(&whole_day).ok_or(Invalid::Date("sources"))?;
        }
        Ok(())
    }

    fn check_grade(&self) -> Result<(), Invalid> {
        let Some(grade) = self.grade else { return Ok(()) };
        if !(1..=6).contains(&grade.credibility) {
            return Err(Invalid::Grade);
        }
        // "1" says: confirmed by another source that does not depend on the first (STANAG 2511).
        if grade.credibility == 1 && self.sources.len() < 2 {
            return Err(Invalid::Unconfirmed);
        }
        Ok(())
    }

    fn check_dates(&self, now: Time) -> Result<(), Invalid> {
        let read = |field, date: &Option<String>| match date {
            Some(date) => day(date).map(Some).ok_or(Invalid::Date(field)),
            None => Ok(None),
        };
        let (review, expires) = (read("review", &self.review)?, read("expires", &self.expires)?);
        let latest = now.plus_ms(limits::EXPIRY_MS_MAX);
        if [review, expires].into_iter().flatten().any(|date| date > latest) {
            return Err(Invalid::DateOrder);
        }
        match (review, expires) {
            (Some(review), Some(expires)) if review > expires => Err(Invalid::DateOrder),
            _ => Ok(()),
        }
    }
}

/// The start of a day written `2026-11-21`.
fn day(text: &str) -> Option<Time> {
    let exact = text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok();
    if exact { Time::parse(&format!("{text}T00:00:00Z")) } else { None }
}

impl NoteContent {
    /// The start of the day by which the note is to be looked at again.
    pub fn review_time(&self) -> Option<Time> {
        self.review.as_deref().and_then(day)
    }
}

/// A note as stored.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Note {
    /// What its author gave.
    pub content: NoteContent,
    /// When it was first written.
    pub created: Time,
    /// Who wrote this version.
    pub editor: AccountId,
    /// The version that this one restores, if it does.
    pub restored: Option<u64>,
    /// The name it bears elsewhere, if it was imported.
    pub external: Option<String>,
}

impl Stored for Note {
    const KIND: Kind = Kind::Note;
    const SCHEMA: u8 = 1;
}

/// A note in a list: enough to choose by, opened without its body.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct NoteCard {
    /// What it is for.
    pub kind: NoteKind,
    /// Title.
    pub title: String,
    /// The first words of the body.
    pub extract: String,
    /// Tags.
    pub tags: Vec<String>,
    /// Language.
    pub language: String,
    /// Grade.
    pub grade: Option<Grade>,
    /// Review day.
    pub review: Option<String>,
    /// Expiry day.
    pub expires: Option<String>,
    /// When it was first written.
    pub created: Time,
    /// Who wrote the present version.
    pub editor: AccountId,
}

impl Stored for NoteCard {
    const KIND: Kind = Kind::NoteCard;
    const SCHEMA: u8 = 1;
}

impl NoteCard {
    /// The start of the day by which the note is to be looked at again.
    pub fn review_time(&self) -> Option<Time> {
        self.review.as_deref().and_then(day)
    }

    /// The card of a note.
    pub fn of(note: &Note) -> Self {
        let content = &note.content;
        Self {
            kind: content.kind,
            title: content.title.clone(),
            extract: crate::text::excerpt::excerpt(&content.body, limits::EXTRACT_CHARS_MAX),
            tags: content.tags.clone(),
            language: content.language.clone(),
            grade: content.grade,
            review: content.review.clone(),
            expires: content.expires.clone(),
            created: note.created,
            editor: note.editor,
        }
    }
}
