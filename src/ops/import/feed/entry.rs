//! One entry of a feed: what it says, and the note that comes of it.

use super::shape::Head;
use crate::{
    crypto::sha256,
    limits::{NOTE_TAGS_MAX, NOTE_TITLE_CHARS_MAX, SOURCE_FIELD_CHARS_MAX},
    ops::import::{
        Note, Reason, Source, Unsaid,
        item::Kind,
        markup::{Token, Tokens, attribute, cleaned, decoded},
        text,
    },
    words::Language,
};

/// Characters of a title made from the text.
const TITLE_FROM_TEXT_CHARS: usize = 80;

/// What an entry says.
#[derive(Default, Debug)]
pub(super) struct Said {
    pub(super) title: String,
    pub(super) identity: String,
    pub(super) link: Option<String>,
    pub(super) author: String,
    pub(super) date: Option<String>,
    /// Markdown.
    pub(super) body: String,
    pub(super) tags: Vec<String>,
    /// Addresses of what goes with it.
    pub(super) enclosures: Vec<String>,
    pub(super) language: Option<Language>,
}

impl Said {
    pub(super) fn note(self, head: &Head, unsaid: Unsaid) -> Result<Note, Reason> {
        let mut body = self.body.trim().to_owned();
        let first = text::heading(body.lines().next().unwrap_or_default());
        let title = if self.title.is_empty() { text::shortened(first, TITLE_FROM_TEXT_CHARS) } else { self.title };
        let title = [title, self.link.clone().unwrap_or_default()].into_iter().find(|title| !title.is_empty());
        let title = title.ok_or(Reason::NoTitle)?;
        let known =
            [&self.identity, self.link.as_ref().unwrap_or(&self.identity)].into_iter().find(|known| !known.is_empty());
        let parts: [&[u8]; 3] = match known {
            Some(known) => [head.identity.as_bytes(), b"\0", known.as_bytes()],
            None => [title.as_bytes(), b"\0", body.as_bytes()],
        };
        let external_id = format!("feed:{}", sha256(&parts));
        let language = self.language.or(head.language).unwrap_or_else(|| unsaid.of([title.as_str(), &body]));
        for url in &self.enclosures {
            body.push_str(&format!("\n\n- {}", text::escaped(url)));
        }
        let short = |words: &str| {
            Some(text::shortened(words.to_owned(), SOURCE_FIELD_CHARS_MAX)).filter(|words| !words.is_empty())
        };
        let source = Source { url: self.link, title: short(&head.title), author: short(&self.author), date: self.date };
        let told = source.url.is_some() || source.title.is_some() || source.author.is_some();
        Ok(Note {
            external_id,
            kind: Kind::Watch,
            title: text::shortened(title, NOTE_TITLE_CHARS_MAX),
            body: format!("{}\n", body.trim()),
            tags: tags(&self.tags),
            language,
            sources: if told { vec![source] } else { Vec::new() },
            grade: None,
            review: None,
            expires: None,
            label: None,
            home: None,
        })
    }
}

fn tags(words: &[String]) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for tag in words.iter().filter_map(|word| text::tag(&text::heading(word))) {
        if tags.len() < NOTE_TAGS_MAX && !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags
}

/// Reads an entry of an XML feed, its own tags included.
pub(super) fn read(entry: &str) -> Said {
    let mut said = Said::default();
    let mut tokens = Tokens::new(entry);
    if let Some(Token::Start { attributes, .. }) = tokens.next() {
        said.identity = attribute(attributes, "rdf:about").map(|about| text::heading(&about)).unwrap_or_default();
        said.language = attribute(attributes, "xml:lang").and_then(|code| Language::from_preference(&code));
    }
    let mut dates = Dates::default();
    while let Some(token) = tokens.next() {
        let Token::Start { name, attributes, closed } = token else { continue };
        let name = name.to_ascii_lowercase();
        let inner = if closed { "" } else { inner(&mut tokens, entry, &name) };
        property(&mut said, &mut dates, &name, attributes, inner);
    }
    said.date = dates.best();
    said
}

/// When an entry appeared; a change of it matters only when nothing else is said.
#[derive(Default)]
struct Dates {
    published: Option<String>,
    updated: Option<String>,
}

impl Dates {
    fn best(self) -> Option<String> {
        self.published.or(self.updated)
    }
}

fn property(said: &mut Said, dates: &mut Dates, name: &str, attributes: &str, inner: &str) {
    let kind = attribute(attributes, "type").unwrap_or_default();
    let once = |known: &mut String, words: String| {
        if known.is_empty() {
            *known = words;
        }
    };
    match name.strip_prefix("atom:").unwrap_or(name) {
        "title" => once(&mut said.title, text::heading(&cleaned_title(&kind, inner))),
        "id" | "guid" => said.identity = text::heading(&words(inner)),
        "link" => link(said, attributes, inner),
        "author" | "dc:creator" => once(&mut said.author, author(inner)),
        "pubdate" | "published" | "dc:date" | "issued" | "date_published" => {
            dates.published = dates.published.take().or_else(|| day(&words(inner)));
        }
        "updated" | "modified" | "dcterms:modified" => {
            dates.updated = dates.updated.take().or_else(|| day(&words(inner)))
        }
        "category" | "dc:subject" => said.tags.push(attribute(attributes, "term").unwrap_or_else(|| words(inner))),
        "description" | "summary" | "content" | "content:encoded" | "media:description" => {
            let body = body(&kind, name, inner);
            // A summary repeats the beginning of the text.
            if body.len() > said.body.len() {
                said.body = body;
            }
        }
        "enclosure" | "media:content" => {
            said.enclosures.extend(attribute(attributes, "url").and_then(|url| text::web(&url)));
        }
        _ => {}
    }
}

fn link(said: &mut Said, attributes: &str, inner: &str) {
    let relation = attribute(attributes, "rel").unwrap_or_else(|| "alternate".to_owned());
    let address = attribute(attributes, "href").unwrap_or_else(|| words(inner));
    match relation.as_str() {
        "alternate" => said.link = said.link.take().or_else(|| text::web(&address)),
        "enclosure" => said.enclosures.extend(text::web(&address)),
        _ => {}
    }
}

/// The content of an element up to its own end tag; the rest of the entry when there is none.
fn inner<'a>(tokens: &mut Tokens<'a>, entry: &'a str, name: &str) -> &'a str {
    let start = tokens.place();
    let mut open = 1_usize;
    loop {
        let before = tokens.place();
        match tokens.next() {
            None => return entry.get(start..).unwrap_or_default(),
            Some(Token::Start { name: inside, closed: false, .. }) if inside.eq_ignore_ascii_case(name) => {
                open = open.saturating_add(1);
            }
            Some(Token::End { name: inside }) if inside.eq_ignore_ascii_case(name) => {
                open = open.saturating_sub(1);
                if open == 0 {
                    return entry.get(start..before).unwrap_or_default();
                }
            }
            Some(_) => {}
        }
    }
}

/// The words of an element: its texts one after the other, entities decoded once.
fn words(inner: &str) -> String {
    let mut words = String::new();
    for token in Tokens::new(inner) {
        match token {
            Token::Text(text) => words.push_str(&decoded(text)),
            Token::Data(text) => words.push_str(text),
            Token::Start { .. } | Token::End { .. } | Token::Comment(_) => {}
        }
    }
    words
}

fn cleaned_title(kind: &str, inner: &str) -> String {
    match kind {
        "text" | "text/plain" => words(inner),
        "xhtml" => words(inner),
        // HTML by custom, and a `<` in plain words begins no tag.
        _ => words(&words(inner)).replace('\u{fffd}', ""),
    }
}

fn body(kind: &str, name: &str, inner: &str) -> String {
    match kind {
        "xhtml" | "application/xhtml+xml" => cleaned(inner).body,
        // RFC 4287: without a type, Atom's text is text; RSS's is HTML by custom.
        "text" | "text/plain" => paragraphs(&words(inner)),
        "" if matches!(name, "summary" | "content") => paragraphs(&words(inner)),
        _ => cleaned(&words(inner)).body,
    }
}

fn paragraphs(words: &str) -> String {
    let parts = words.split("\n\n").map(text::escaped).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("\n\n")
}

/// `<author>` holds words in RSS, and in Atom a name.
fn author(inner: &str) -> String {
    let mut tokens = Tokens::new(inner);
    while let Some(token) = tokens.next() {
        if let Token::Start { name, closed: false, .. } = token
            && matches!(name.to_ascii_lowercase().as_str(), "name" | "atom:name")
        {
            let start = tokens.place();
            let rest = inner.get(start..).unwrap_or_default();
            return text::heading(&decoded(rest.split_once('<').map_or(rest, |(words, _)| words)));
        }
    }
    text::heading(&words(inner))
}

/// The day of a date as RFC 3339 or RFC 822 writes it.
pub(in crate::ops::import) fn day(date: &str) -> Option<String> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    if let Some(day) = text::day(date) {
        return Some(day);
    }
    let lower = date.to_ascii_lowercase();
    let parts: Vec<&str> = lower.split([' ', ',', '-']).filter(|part| !part.is_empty()).take(6).collect();
    let place = parts.iter().position(|part| part.get(..3).is_some_and(|head| MONTHS.contains(&head)))?;
    let month = MONTHS.iter().position(|month| parts.get(place).is_some_and(|part| part.starts_with(month)))?;
    let day: u8 = parts.get(place.checked_sub(1)?)?.parse().ok()?;
    let year: u16 = parts.get(place.saturating_add(1))?.parse().ok()?;
    let year = match year {
        0..=69 => year.saturating_add(2000),
        70..=99 => year.saturating_add(1900),
        _ => year,
    };
    text::day(&format!("{year:04}-{:02}-{day:02}", month.saturating_add(1)))
}
