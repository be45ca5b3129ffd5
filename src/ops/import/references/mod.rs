//! References: BibTeX and RIS. Every entry becomes one note, kind *watch*, whose source is the work; its abstract is the
//! body, and what else the entry says stands in a table.
//!
//! A BibTeX entry is known by its key, a RIS record by its `ID`, `DO`, `UR` or its content. `crossref` becomes a link
//! *part-of*. An entry that breaks the rules of its format is refused, and the next one has its turn.

use std::{collections::BTreeSet, path::PathBuf};

use super::{
    Bundle, Folders, Link, Note, Reading, Reason, Source, Unsaid, derived_id,
    encoding::{self, Older},
    files::{Cut, Entry, Fault, Format},
    item::Kind,
    page::Page,
    text,
};
use crate::{
    crypto::sha256,
    limits::{IMPORT_OBJECTS_MAX, NOTE_TAGS_MAX, NOTE_TITLE_CHARS_MAX, SOURCE_FIELD_CHARS_MAX},
    words::Language,
};

mod bibtex;
mod latex;
mod ris;

/// The import of these references, and of all in these folders; `unsaid` is the language of works that name none of ours.
pub fn import(paths: &[PathBuf], unsaid: Unsaid) -> Reading {
    Reading::of_paths(References::new(unsaid), paths, &["bib", "ris"], Folders::None)
}

/// The import of references that are read from elsewhere.
pub fn from_bundles(bundles: Vec<Bundle>, unsaid: Unsaid) -> Reading {
    Reading::new(References::new(unsaid), bundles, Vec::new())
}

struct References {
    unsaid: Unsaid,
    /// Digests of the keys in all files.
    keys: BTreeSet<[u8; 16]>,
}

impl References {
    fn new(unsaid: Unsaid) -> Self {
        Self { unsaid, keys: BTreeSet::new() }
    }
}

/// What a file says of all its entries.
enum Head {
    /// The texts that `@string` gives a name.
    Bibtex(bibtex::Strings),
    Ris,
}

/// A work, whatever the format it was written in.
#[derive(Default, Debug)]
struct Work {
    external_id: String,
    kind: String,
    title: String,
    authors: Vec<String>,
    /// Where it appeared: journal, book, publisher.
    place: String,
    url: Option<String>,
    date: Option<String>,
    summary: String,
    keywords: Vec<String>,
    language: Option<Language>,
    /// The key of the work that this is a part of.
    whole: Option<String>,
    rows: Vec<(String, String)>,
}

fn digest(key: &str) -> [u8; 16] {
    sha256(&[key.to_lowercase().as_bytes()]).0.first_chunk().copied().unwrap_or_default()
}

fn work(entry: &Entry<'_, Head>) -> Result<Work, Reason> {
    let text = std::str::from_utf8(entry.bytes).map_err(|_not_text| Reason::NotUtf8)?;
    let work = match entry.head {
        Head::Bibtex(strings) => bibtex::read(text, strings)?,
        Head::Ris => ris::read(text)?,
    };
    if text::sound_id(&work.external_id) { Ok(work) } else { Err(Reason::BadIdentifier) }
}

impl Work {
    fn tags(&self) -> Vec<String> {
        let mut tags: Vec<String> = Vec::new();
        for tag in [&self.kind].into_iter().chain(&self.keywords).filter_map(|word| text::tag(&text::heading(word))) {
            if tags.len() < NOTE_TAGS_MAX && !tags.contains(&tag) {
                tags.push(tag);
            }
        }
        tags
    }

    fn source(&self) -> Option<Source> {
        let short = |words: &str| {
            Some(text::shortened(text::heading(words), SOURCE_FIELD_CHARS_MAX)).filter(|words| !words.is_empty())
        };
        let title = if self.place.is_empty() { &self.title } else { &self.place };
        let author = short(&self.authors.join("; "));
        let source = Source { url: self.url.clone(), title: short(title), author, date: self.date.clone() };
        (source.url.is_some() || source.title.is_some() || source.author.is_some()).then_some(source)
    }
}

impl Format for References {
    type Head = Head;

    const SURVEYS: bool = true;
    const LINKS: bool = true;

    fn cut(&self, _file: &str, bytes: Vec<u8>) -> Result<(Vec<u8>, Cut<Head>), Fault> {
        // Old collections are written in Latin-1 and do not say so.
        let text = encoding::decoded(bytes, Some(Older::Western))?.replace("\r\n", "\n").replace('\r', "\n");
        let cut = if ris::is_ris(&text) { ris::cut(&text) } else { bibtex::cut(&text) };
        if cut.spans.is_empty() && cut.faults.is_empty() {
            return Err(Reason::WrongFormat.into());
        }
        Ok((text.into_bytes(), cut))
    }

    fn survey(&mut self, entry: &Entry<'_, Head>) {
        if let Ok(work) = work(entry)
            && self.keys.len() < IMPORT_OBJECTS_MAX
        {
            self.keys.insert(digest(&work.external_id));
        }
    }

    fn note(&self, entry: &Entry<'_, Head>) -> Result<Note, Reason> {
        let work = work(entry)?;
        let language = work.language.unwrap_or_else(|| self.unsaid.of([work.title.as_str(), &work.summary]));
        let title = text::heading(&work.title);
        if title.is_empty() {
            return Err(Reason::NoTitle);
        }
        let mut page = Page::new(language);
        if !work.summary.trim().is_empty() {
            let parts = work.summary.split("\n\n").map(text::escaped).collect::<Vec<_>>();
            page.add("description", &format!("{}\n\n", parts.join("\n\n")));
        }
        page.table(&work.rows);
        Ok(Note {
            external_id: work.external_id.clone(),
            kind: Kind::Watch,
            title: text::shortened(title, NOTE_TITLE_CHARS_MAX),
            body: page.finish(),
            tags: work.tags(),
            language,
            sources: work.source().into_iter().collect(),
            grade: None,
            review: None,
            expires: None,
            label: None,
            home: None,
        })
    }

    fn links(&self, entry: &Entry<'_, Head>) -> Vec<Result<Link, Reason>> {
        let Ok(work) = work(entry) else { return Vec::new() };
        let Some(whole) = work.whole else { return Vec::new() };
        let (from, to) = (work.external_id, format!("bib:{whole}"));
        let link = if !self.keys.contains(&digest(&to)) {
            Err(Reason::NoSuchEnd)
        } else if from == to {
            Err(Reason::SelfRelation)
        } else {
            let external_id = derived_id([&from, "part-of", &from, &to]);
            Ok(Link { external_id, from, to, kind: "part-of".to_owned(), comment: String::new(), label: None })
        };
        vec![link]
    }
}

/// An address of a work: its own, else that of its DOI.
fn address(url: &str, doi: &str) -> Option<String> {
    let bare = doi.trim().trim_start_matches("https://doi.org/").trim_start_matches("doi:");
    let resolved = || text::web(&format!("https://doi.org/{bare}")).filter(|_| bare.starts_with("10."));
    text::web(url.trim()).or_else(resolved)
}

/// Day, month or year, of the forms in which works are dated.
fn date(words: &str) -> Option<String> {
    let dashed = words.trim().replace('/', "-");
    let trimmed = dashed.trim_end_matches('-');
    let year = || text::day(trimmed.get(..4)?);
    text::day(trimmed).or_else(year)
}
