//! What an import sends, one JSON object a line, and what the server answers.

use std::{
    io::{self, Read},
    path::PathBuf,
    sync::Arc,
};

use serde::{Deserialize, Serialize};

use super::refused::{Field, Reason};
use crate::{
    limits::{
        ATTACHMENT_BYTES_MAX, ATTACHMENT_NAME_CHARS_MAX, COMMENT_BYTES_MAX, EXTERNAL_ID_BYTES_MAX, NOTE_BODY_BYTES_MAX,
        NOTE_SOURCES_MAX, NOTE_TAGS_MAX, NOTE_TITLE_CHARS_MAX, SOURCE_FIELD_CHARS_MAX, TAG_CHARS_MAX,
    },
    words::Language,
};

/// One line of an import.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Item {
    /// A note, new or changed.
    Note(Note),
    /// A typed link between two notes of the same source.
    Link(Link),
    /// A file that a note carries. It is no line of the stream: it is sent when the notes are there.
    #[serde(skip)]
    Attachment(Attachment),
}

/// A file that a note carries.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Attachment {
    /// The note, by its external name.
    pub note: String,
    /// The file's own name, without folders.
    pub name: String,
    /// Its bytes.
    pub content: Content,
}

/// Where the bytes of an attachment stand.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Content {
    /// In a file, which is read when it is sent.
    File {
        /// Where.
        path: PathBuf,
        /// Its length when it was found.
        bytes: u64,
    },
    /// In memory: a part of a file that was read.
    Bytes(Arc<[u8]>),
}

impl Content {
    /// Its bytes from the start. Neither a link nor a pipe is followed, whatever took the file's place meanwhile.
    ///
    /// # Errors
    /// What the system says.
    pub fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        match self {
            Self::File { path, .. } => Ok(Box::new(super::walk::open(path)?)),
            Self::Bytes(bytes) => Ok(Box::new(io::Cursor::new(Arc::clone(bytes)))),
        }
    }

    /// Bytes, as far as is known before they are read.
    pub fn length(&self) -> u64 {
        match self {
            Self::File { bytes, .. } => *bytes,
            Self::Bytes(bytes) => u64::try_from(bytes.len()).unwrap_or(u64::MAX),
        }
    }
}

/// A note as an import states it. It has no label: the server gives it the working label.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// What the source calls it; the same name is the same note.
    pub external_id: String,
    /// What sort of note it is.
    pub kind: Kind,
    /// One line.
    pub title: String,
    /// Markdown.
    pub body: String,
    /// Words to find it by, lower case.
    pub tags: Vec<String>,
    /// The language of the body.
    #[serde(with = "language_code")]
    pub language: Language,
    /// Where it comes from.
    pub sources: Vec<Source>,
    /// How far source and information are believed.
    pub grade: Option<Grade>,
    /// Day by which it is to be looked at again, `2027-11-21`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<String>,
    /// Day on which the note's classification ends.
    pub expires: Option<String>,
    /// The label that the file says it had. It chooses nothing: what does not flow to the working label is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The space that its folder asks for, by its name; else it goes to the space of the import.
    #[serde(skip)]
    pub home: Option<String>,
}

/// A link as an import states it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// What the source calls it; the same name is the same link.
    pub external_id: String,
    /// The note it goes from, by its external name.
    pub from: String,
    /// The note it goes to, by its external name.
    pub to: String,
    /// Kebab-case: one of ours or the source's own.
    #[serde(rename = "type")]
    pub kind: String,
    /// Why, in Markdown; may be empty.
    pub comment: String,
    /// The label that the file says it had; as a note's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

/// Sorts of notes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Something seen outside and kept.
    Watch,
    /// What several notes come to.
    Synthesis,
    /// A thought.
    Idea,
    /// Something to find out.
    Question,
    /// Something to do.
    Task,
    /// What new notes may begin from.
    Template,
}

/// Where a note comes from.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// An `http` or `https` address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What it is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Who wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// When it appeared, `2026-11-21`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
}

/// The Admiralty code: two judgements made apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grade {
    /// `A` to `F`.
    pub reliability: char,
    /// 1 to 6.
    pub credibility: u8,
}

/// The server's word on one line.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The line, counted from 1.
    pub line: u64,
    /// The item's external name, when the line had one.
    #[serde(default)]
    pub external_id: Option<String>,
    /// What became of it.
    pub status: Status,
    /// The note or link in the server, unless refused.
    #[serde(default)]
    pub id: Option<String>,
    /// Why it was refused, for machines.
    #[serde(default)]
    pub code: Option<String>,
    /// Why it was refused, for people.
    #[serde(default)]
    pub detail: Option<String>,
}

/// What became of one line.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It is new.
    Created,
    /// It was there and differed.
    Updated,
    /// It was there and is the same.
    Unchanged,
    /// It was not taken.
    Refused,
}

impl Item {
    /// The item, if the server's limits allow it.
    ///
    /// # Errors
    /// [`Reason::TooLong`] with the first field that is beyond its limit.
    pub fn within_limits(self) -> Result<Self, Reason> {
        match &self {
            Self::Note(note) => note.longest_breach(),
            Self::Link(link) => link.longest_breach(),
            Self::Attachment(attachment) => attachment.longest_breach(),
        }
        .map_or(Ok(self), |(field, limit)| Err(Reason::TooLong { field, limit }))
    }

    /// What the source calls it.
    pub fn external_id(&self) -> &str {
        match self {
            Self::Note(note) => &note.external_id,
            Self::Link(link) => &link.external_id,
            Self::Attachment(attachment) => &attachment.note,
        }
    }
}

/// A measure, its limit, and whose it is.
type Measure = (usize, usize, Field);

fn first_beyond(measures: &[Measure]) -> Option<(Field, usize)> {
    measures.iter().find(|(length, limit, _)| length > limit).map(|(_, limit, field)| (*field, *limit))
}

fn chars(text: &str) -> usize {
    text.chars().count()
}

impl Note {
    fn longest_breach(&self) -> Option<(Field, usize)> {
        let fields = self.sources.iter().flat_map(|source| [&source.url, &source.title, &source.author, &source.date]);
        first_beyond(&[
            (self.external_id.len(), EXTERNAL_ID_BYTES_MAX, Field::ExternalId),
            (chars(&self.title), NOTE_TITLE_CHARS_MAX, Field::Title),
            (self.body.len(), NOTE_BODY_BYTES_MAX, Field::Body),
            (self.tags.len(), NOTE_TAGS_MAX, Field::Tags),
            (self.tags.iter().map(|tag| chars(tag)).max().unwrap_or(0), TAG_CHARS_MAX, Field::Tags),
            (self.sources.len(), NOTE_SOURCES_MAX, Field::Sources),
            (fields.flatten().map(|text| chars(text)).max().unwrap_or(0), SOURCE_FIELD_CHARS_MAX, Field::Sources),
        ])
    }
}

impl Link {
    fn longest_breach(&self) -> Option<(Field, usize)> {
        first_beyond(&[
            (self.external_id.len(), EXTERNAL_ID_BYTES_MAX, Field::ExternalId),
            (self.from.len(), EXTERNAL_ID_BYTES_MAX, Field::From),
            (self.to.len(), EXTERNAL_ID_BYTES_MAX, Field::To),
            (chars(&self.kind), TAG_CHARS_MAX, Field::Type),
            (self.comment.len(), COMMENT_BYTES_MAX, Field::Comment),
        ])
    }
}

impl Attachment {
    fn longest_breach(&self) -> Option<(Field, usize)> {
        let bytes_max = usize::try_from(ATTACHMENT_BYTES_MAX).unwrap_or(usize::MAX);
        first_beyond(&[
            (chars(&self.name), ATTACHMENT_NAME_CHARS_MAX, Field::Name),
            (usize::try_from(self.content.length()).unwrap_or(usize::MAX), bytes_max, Field::Content),
        ])
    }
}

/// ISO 639-1 codes of our languages.
mod language_code {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use crate::words::Language;

    pub(super) fn serialize<S: Serializer>(language: &Language, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(language.code())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Language, D::Error> {
        let code = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        let known = Language::ALL.into_iter().find(|language| language.code() == code);
        known.ok_or_else(|| D::Error::custom("not one of fr, en, de"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AGREED_NOTE: &str = r#"{"note":{"external_id":"attack-pattern--1","kind":"watch","title":"t","body":"b","tags":["x"],"language":"en","sources":[{"url":"https://a.example/","title":"t","author":"a","date":"2026-11-21"}],"grade":{"reliability":"B","credibility":2},"expires":null}}"#;
    const AGREED_LINK: &str =
        r#"{"link":{"external_id":"relationship--1","from":"a","to":"b","type":"uses","comment":"c"}}"#;

    #[test]
    fn the_agreed_lines_are_read_and_written_byte_for_byte() {
        for line in [AGREED_NOTE, AGREED_LINK] {
            let item: Item = serde_json::from_str(line).unwrap();
            assert_eq!(serde_json::to_string(&item).unwrap(), line);
            assert!(item.within_limits().is_ok());
        }
    }

    #[test]
    fn a_field_nobody_agreed_on_is_refused() {
        for line in [
            AGREED_NOTE.replace("\"kind\"", "\"marking\":\"NP\",\"kind\""),
            AGREED_LINK.replace("\"type\"", "\"marking\":\"NP\",\"type\""),
            AGREED_NOTE.replace("\"en\"", "\"it\""),
        ] {
            assert!(serde_json::from_str::<Item>(&line).is_err(), "{line}");
        }
    }

    #[test]
    fn an_item_at_its_limits_passes_and_one_beyond_names_the_field() {
        let Ok(Item::Note(note)) = serde_json::from_str(AGREED_NOTE) else { panic!("a note") };
        let beyond = |change: &dyn Fn(&mut Note, usize)| {
            [0, 1].map(|extra| {
                let mut note = note.clone();
                change(&mut note, extra);
                match Item::Note(note).within_limits() {
                    Ok(_) => None,
                    Err(Reason::TooLong { field, .. }) => Some(field),
                    Err(other) => panic!("{other}"),
                }
            })
        };
        let title = beyond(&|note, extra| note.title = "é".repeat(NOTE_TITLE_CHARS_MAX + extra));
        assert_eq!(title, [None, Some(Field::Title)]);
        let body = beyond(&|note, extra| note.body = "b".repeat(NOTE_BODY_BYTES_MAX + extra));
        assert_eq!(body, [None, Some(Field::Body)]);
        let tags = beyond(&|note, extra| note.tags = (0..NOTE_TAGS_MAX + extra).map(|n| n.to_string()).collect());
        assert_eq!(tags, [None, Some(Field::Tags)]);
        let tag = beyond(&|note, extra| note.tags = vec!["t".repeat(TAG_CHARS_MAX + extra)]);
        assert_eq!(tag, [None, Some(Field::Tags)]);
        let sources = beyond(&|note, extra| note.sources = vec![Source::default(); NOTE_SOURCES_MAX + extra]);
        assert_eq!(sources, [None, Some(Field::Sources)]);
        let id = beyond(&|note, extra| note.external_id = "i".repeat(EXTERNAL_ID_BYTES_MAX + extra));
        assert_eq!(id, [None, Some(Field::ExternalId)]);
    }
}
