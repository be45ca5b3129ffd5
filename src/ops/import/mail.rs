//! Mail saved as files (`.eml`): every message becomes one note, kind *watch*.
//!
//! | in the message | in Vigie |
//! |---|---|
//! | `Subject` | title |
//! | `From`, `Date` | source |
//! | `From`, `To`, `Cc`, `Date`, `Message-ID` | a table at the end of the note |
//! | the plain text; without one the HTML, cleaned | body |
//! | attached files | attachments of the note, sent after it |
//! | `In-Reply-To`, when that message is in the files too | link *reply-to* |
//!
//! A message is known by its `Message-ID`, else by its content. No header is believed: who a message is from is what it
//! says of itself.

use std::{collections::BTreeSet, path::PathBuf};

use mail_parser::{Address, Message, MessageParser, MimeHeaders as _, PartType};

use super::{
    Bundle, Folders, Link, Note, Reading, Reason, Source, Unsaid, derived_id,
    files::{Carried, Cut, Entry, Fault, Format, place},
    item::Kind,
    markup::cleaned,
    page::Page,
    text,
};
use crate::{
    crypto::sha256,
    limits::{
        ATTACHMENT_NAME_CHARS_MAX, ATTACHMENTS_PER_NOTE_MAX, IMPORT_DOCUMENT_BYTES_MAX, IMPORT_MAIL_PARTS_MAX,
        IMPORT_OBJECTS_MAX, NOTE_TITLE_CHARS_MAX, SOURCE_FIELD_CHARS_MAX,
    },
};

/// The import of these messages, and of all in these folders; `unsaid` is their language: mail names none.
pub fn import(paths: &[PathBuf], unsaid: Unsaid, folders: Folders) -> Reading {
    Reading::of_paths(Mail::new(unsaid), paths, &["eml"], folders)
}

/// The import of messages that are read from elsewhere.
pub fn from_bundles(bundles: Vec<Bundle>, unsaid: Unsaid) -> Reading {
    Reading::new(Mail::new(unsaid), bundles, Vec::new())
}

struct Mail {
    unsaid: Unsaid,
    /// Digests of the messages in all files.
    known: BTreeSet<[u8; 16]>,
}

impl Mail {
    fn new(unsaid: Unsaid) -> Self {
        Self { unsaid, known: BTreeSet::new() }
    }
}

fn digest(external: &str) -> [u8; 16] {
    sha256(&[external.as_bytes()]).0.first_chunk().copied().unwrap_or_default()
}

/// A message, unless parts stand inside parts beyond reason: they are taken apart by recursion.
fn message(bytes: &[u8]) -> Result<Message<'_>, Reason> {
    let nested = |needle: &[u8]| {
        bytes
            .windows(needle.len())
            .filter(|window| window.eq_ignore_ascii_case(needle))
            .take(IMPORT_MAIL_PARTS_MAX)
            .count()
    };
    if [&b"message/rfc822"[..], &b"multipart/"[..]].into_iter().any(|kind| nested(kind) >= IMPORT_MAIL_PARTS_MAX) {
        return Err(Reason::TooDeep);
    }
    let message = MessageParser::default().parse(bytes).ok_or(Reason::WrongFormat)?;
    let told = message.from().is_some() || message.subject().is_some() || message.date().is_some();
    if told { Ok(message) } else { Err(Reason::WrongFormat) }
}

fn external(message: &Message<'_>, bytes: &[u8]) -> String {
    let own = message.message_id().map(text::heading).filter(|id| text::sound_id(id) && id.len() <= 240);
    format!("mail:{}", own.unwrap_or_else(|| sha256(&[bytes]).to_string()))
}

/// `Jane Doe <jane@example.org>, …`
fn people(address: Option<&Address<'_>>) -> String {
    let people = address.into_iter().flat_map(|address| address.iter()).take(100).map(|person| {
        let name = person.name().map(text::heading).unwrap_or_default();
        let at = person.address().map(text::heading).unwrap_or_default();
        match (name.is_empty(), at.is_empty()) {
            (true, _) => at,
            (_, true) => name,
            (false, false) => format!("{name} <{at}>"),
        }
    });
    people.filter(|person| !person.is_empty()).collect::<Vec<_>>().join(", ")
}

fn day(message: &Message<'_>) -> Option<String> {
    let date = message.date()?;
    text::day(&format!("{:04}-{:02}-{:02}", date.year, date.month, date.day))
}

/// The text of a message as Markdown: lines stay lines, what was quoted stays quoted.
fn body(message: &Message<'_>) -> String {
    let mut body = String::new();
    for part in message.text_bodies() {
        match &part.body {
            PartType::Text(words) => body.push_str(&quoted(words)),
            PartType::Html(html) => body.push_str(&cleaned(html).body),
            PartType::Binary(_) | PartType::InlineBinary(_) | PartType::Message(_) | PartType::Multipart(_) => {}
        }
        body.push_str("\n\n");
    }
    body
}

fn quoted(words: &str) -> String {
    let mut out = String::new();
    for line in text::plain(words).lines() {
        let bare = line.trim_start_matches(['>', ' ']);
        let depth = line.get(..line.len().saturating_sub(bare.len())).unwrap_or_default().matches('>').count();
        let marks = "> ".repeat(depth.min(crate::limits::MARKUP_DEPTH_MAX));
        let bare = text::escaped(bare);
        // Two spaces at the end of a line keep it a line.
        out.push_str(&if bare.is_empty() { format!("{}\n", marks.trim_end()) } else { format!("{marks}{bare}  \n") });
    }
    out
}

impl Format for Mail {
    type Head = ();

    const SURVEYS: bool = true;
    const LINKS: bool = true;
    const CARRIES: bool = true;
    const ENTRY_BYTES_MAX: usize = IMPORT_DOCUMENT_BYTES_MAX;

    fn cut(&self, _file: &str, bytes: Vec<u8>) -> Result<(Vec<u8>, Cut<()>), Fault> {
        let spans = vec![(0, place(bytes.len()))];
        Ok((bytes, Cut { head: (), spans, faults: Vec::new() }))
    }

    fn survey(&mut self, entry: &Entry<'_, ()>) {
        if let Ok(message) = message(entry.bytes)
            && self.known.len() < IMPORT_OBJECTS_MAX
        {
            self.known.insert(digest(&external(&message, entry.bytes)));
        }
    }

    fn note(&self, entry: &Entry<'_, ()>) -> Result<Note, Reason> {
        let message = message(entry.bytes)?;
        let from = people(message.from());
        let subject = message.subject().map(text::heading).filter(|subject| !subject.is_empty());
        let title = [subject, Some(from.clone())].into_iter().flatten().find(|title| !title.is_empty());
        let title = text::shortened(title.ok_or(Reason::NoTitle)?, NOTE_TITLE_CHARS_MAX);
        let words = body(&message);
        let language = self.unsaid.of([title.as_str(), &words]);
        let mut page = Page::new(language);
        page.add("description", &format!("{}\n\n", words.trim()));
        let date = message.date().map(mail_parser::DateTime::to_rfc3339).unwrap_or_default();
        let id = message.message_id().map(text::heading).unwrap_or_default();
        let rows = [
            ("From", from.clone()),
            ("To", people(message.to())),
            ("Cc", people(message.cc())),
            ("Date", date),
            ("Message-ID", id),
        ];
        page.table(&rows.map(|(name, value)| (name.to_owned(), value)));
        let author = Some(text::shortened(from, SOURCE_FIELD_CHARS_MAX)).filter(|author| !author.is_empty());
        let source = Source { url: None, title: Some(title.clone()), author, date: day(&message) };
        Ok(Note {
            external_id: external(&message, entry.bytes),
            kind: Kind::Watch,
            title,
            body: page.finish(),
            tags: vec!["mail".to_owned()],
            language,
            sources: vec![source],
            grade: None,
            review: None,
            expires: None,
            label: None,
            home: None,
        })
    }

    fn links(&self, entry: &Entry<'_, ()>) -> Vec<Result<Link, Reason>> {
        let Ok(message) = message(entry.bytes) else { return Vec::new() };
        let from = external(&message, entry.bytes);
        let Some(to) = message.in_reply_to().as_text().map(|id| format!("mail:{}", text::heading(id))) else {
            return Vec::new();
        };
        // A message that is not in the files is no loss: most threads begin elsewhere.
        if to == from || !self.known.contains(&digest(&to)) {
            return Vec::new();
        }
        let external_id = derived_id([&from, "reply-to", &from, &to]);
        vec![Ok(Link { external_id, from, to, kind: "reply-to".to_owned(), comment: String::new(), label: None })]
    }

    fn carried(&self, entry: &Entry<'_, ()>) -> Vec<Carried> {
        let Ok(message) = message(entry.bytes) else { return Vec::new() };
        let mut carried = Vec::new();
        for (part, number) in message.attachments().zip(1_usize..).take(ATTACHMENTS_PER_NOTE_MAX) {
            let name = part.attachment_name().map(text::heading).unwrap_or_default();
            // Folders in a name are somebody's, not ours.
            let name = name.rsplit(['/', '\\']).next().unwrap_or_default().trim().to_owned();
            let plain = matches!(name.as_str(), "" | "." | "..");
            let name = if plain { format!("part-{number}") } else { name };
            let bytes = match &part.body {
                PartType::Message(inner) => inner.raw_message().to_vec(),
                PartType::Text(_) | PartType::Html(_) | PartType::Binary(_) | PartType::InlineBinary(_) => {
                    part.contents().to_vec()
                }
                PartType::Multipart(_) => continue,
            };
            carried.push(Carried { name: text::shortened(name, ATTACHMENT_NAME_CHARS_MAX), bytes });
        }
        carried
    }
}
