//! Tables (CSV): every row becomes one note, as a mapping file says; see [`Mapping`].
//!
//! The first row names the columns. What the mapping does not name stands in a table at the end of the note, so that
//! nothing is lost; columns that it names under `ignore` are left out. A row with another number of columns than the head
//! is refused: nobody can know which of its cells is missing.

use std::{collections::BTreeSet, path::PathBuf};

pub use mapping::{Mapping, MappingError};

use super::{
    Bundle, Folders, Link, Note, Reading, Reason, Source, Unsaid, derived_id, encoding,
    files::{Cut, Entry, Fault, Format, place},
    item::Kind,
    page::Page,
    text,
};
use crate::{
    crypto::sha256,
    limits::{IMPORT_COLUMNS_MAX, NOTE_TAGS_MAX, NOTE_TITLE_CHARS_MAX, SOURCE_FIELD_CHARS_MAX},
    words::Language,
};

mod mapping;

/// The import of these tables, all by the same mapping; `unsaid` is the language of notes when the mapping names none.
pub fn import(paths: &[PathBuf], mapping: Mapping, unsaid: Unsaid) -> Reading {
    Reading::of_paths(Tables { mapping, unsaid }, paths, &["csv", "tsv", "txt"], Folders::None)
}

/// The import of tables that are read from elsewhere.
pub fn from_bundles(bundles: Vec<Bundle>, mapping: Mapping, unsaid: Unsaid) -> Reading {
    Reading::new(Tables { mapping, unsaid }, bundles, Vec::new())
}

struct Tables {
    mapping: Mapping,
    unsaid: Unsaid,
}

/// The names of the columns.
struct Head {
    columns: Vec<String>,
}

/// A row, by the names of its columns.
struct Row<'a> {
    head: &'a Head,
    cells: Vec<String>,
}

impl Row<'_> {
    fn cell(&self, column: &str) -> &str {
        let place = self.head.columns.iter().position(|known| known == column);
        place.and_then(|place| self.cells.get(place)).map(String::as_str).unwrap_or_default()
    }

    fn word(&self, column: Option<&String>) -> Option<String> {
        Some(text::heading(self.cell(column?))).filter(|word| !word.is_empty())
    }

    /// The words of a cell that holds several.
    fn words<'a>(&'a self, column: &str, separator: &'a str) -> impl Iterator<Item = &'a str> {
        self.cell(column).split(separator).map(str::trim).filter(|word| !word.is_empty())
    }
}

impl Tables {
    fn reader<'a>(&self, bytes: &'a [u8]) -> csv::Reader<&'a [u8]> {
        let mut builder = csv::ReaderBuilder::new();
        builder.delimiter(self.mapping.delimiter()).has_headers(false).flexible(true);
        builder.from_reader(bytes)
    }

    fn row<'a>(&self, entry: &'a Entry<'_, Head>) -> Result<Row<'a>, Reason> {
        let mut record = csv::StringRecord::new();
        let read = self.reader(entry.bytes).read_record(&mut record).map_err(|error| match error.kind() {
            csv::ErrorKind::Utf8 { .. } => Reason::NotUtf8,
            _ => Reason::BadEntry,
        })?;
        if !read || record.len() != entry.head.columns.len() {
            return Err(Reason::WrongColumns);
        }
        Ok(Row { head: entry.head, cells: record.iter().map(text::plain).collect() })
    }

    /// The name of a row: what its column says, else the digest of all its cells.
    fn external(&self, row: &Row<'_>) -> Result<String, Reason> {
        let known = match &self.mapping.id {
            Some(column) => {
                Some(text::one_line(row.cell(column))).filter(|id| !id.is_empty()).ok_or(Reason::NoIdentifier)?
            }
            None => {
                sha256(&row.cells.iter().flat_map(|cell| [cell.as_bytes(), &b"\0"[..]]).collect::<Vec<_>>()).to_string()
            }
        };
        let id = format!("{}:{known}", self.mapping.prefix);
        if text::sound_id(&id) { Ok(id) } else { Err(Reason::BadIdentifier) }
    }

    fn tags(&self, row: &Row<'_>) -> Vec<String> {
        let separator = &self.mapping.separator;
        let own = self.mapping.tags.iter().flat_map(|column| row.words(column, separator));
        let mut tags: Vec<String> = Vec::new();
        let always = self.mapping.always.iter().map(String::as_str);
        for tag in always.chain(own).filter_map(|word| text::tag(&text::heading(word))) {
            if tags.len() < NOTE_TAGS_MAX && !tags.contains(&tag) {
                tags.push(tag);
            }
        }
        tags
    }

    fn sources(&self, row: &Row<'_>) -> Vec<Source> {
        let mapping = &self.mapping;
        let short = |word: String| text::shortened(word, SOURCE_FIELD_CHARS_MAX);
        let url = mapping.url.as_ref().and_then(|column| text::web(row.cell(column)));
        let title = row.word(mapping.source.as_ref()).map(short);
        let author = row.word(mapping.author.as_ref()).map(short);
        let date = mapping.date.as_ref().and_then(|column| text::day(row.cell(column)));
        let told = url.is_some() || title.is_some() || author.is_some();
        if told { vec![Source { url, title, author, date }] } else { Vec::new() }
    }

    fn body(&self, row: &Row<'_>, sources: &[Source], language: Language) -> String {
        let mapping = &self.mapping;
        let mut page = Page::new(language);
        for column in &mapping.body {
            let words = row.cell(column).trim();
            if words.is_empty() {
                continue;
            }
            if mapping.body.len() > 1 {
                page.add(column, &format!("## {}\n\n", text::escaped(column)));
            }
            page.add("description", &format!("{words}\n\n"));
        }
        let date = sources.iter().any(|source| source.date.is_some());
        let url = sources.iter().any(|source| source.url.is_some());
        let told = |column: &String| {
            let is = |named: &Option<String>| named.as_ref() == Some(column);
            mapping.body.contains(column)
                || mapping.ignore.contains(column)
                || is(&Some(mapping.title.clone()))
                || is(&mapping.source)
                || is(&mapping.author)
                || (is(&mapping.date) && date)
                || (is(&mapping.url) && url)
        };
        let columns = row.head.columns.iter().zip(&row.cells).filter(|(column, _)| !told(column));
        let rows: Vec<(String, String)> = columns.map(|(column, cell)| (column.clone(), cell.clone())).collect();
        page.table(&rows);
        page.finish()
    }
}

impl Format for Tables {
    type Head = Head;

    const LINKS: bool = true;

    fn cut(&self, _file: &str, bytes: Vec<u8>) -> Result<(Vec<u8>, Cut<Head>), Fault> {
        let bytes = encoding::decoded(bytes, self.mapping.encoding())?.into_bytes();
        let mut reader = self.reader(&bytes);
        let mut record = csv::ByteRecord::new();
        let mut head = None;
        let mut spans = Vec::new();
        let mut start = 0;
        while reader.read_byte_record(&mut record).map_err(|_unreadable| Reason::BadEntry)? {
            let end = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
            match &head {
                Some(_) => spans.push((place(start), place(end))),
                None if record.len() > IMPORT_COLUMNS_MAX => return Err(Reason::TooMany.into()),
                None => {
                    let name = |cell: &[u8]| text::heading(&String::from_utf8_lossy(cell));
                    head = Some(Head { columns: record.iter().map(name).collect() });
                }
            }
            start = end;
        }
        let head = head.ok_or(Reason::WrongFormat)?;
        let known: BTreeSet<&String> = head.columns.iter().collect();
        // Two columns of one name: the mapping could mean either.
        if known.len() != head.columns.len() {
            return Err(Reason::SameColumns.into());
        }
        if let Some((key, column)) = self.mapping.columns().find(|(_, column)| !known.contains(column)) {
            return Err(Fault { byte: None, id: Some(text::heading(column)), reason: Reason::NoColumn { key } });
        }
        Ok((bytes, Cut { head, spans, faults: Vec::new() }))
    }

    fn note(&self, entry: &Entry<'_, Head>) -> Result<Note, Reason> {
        let row = self.row(entry)?;
        let language = self.mapping.language();
        let language = language.unwrap_or_else(|| self.unsaid.of(row.cells.iter().map(String::as_str)));
        let sources = self.sources(&row);
        let title = row.word(Some(&self.mapping.title)).ok_or(Reason::NoTitle)?;
        Ok(Note {
            external_id: self.external(&row)?,
            kind: self.mapping.kind.unwrap_or(Kind::Watch),
            title: text::shortened(title, NOTE_TITLE_CHARS_MAX),
            body: self.body(&row, &sources, language),
            tags: self.tags(&row),
            language,
            sources,
            grade: None,
            review: None,
            expires: None,
            label: None,
            home: None,
        })
    }

    fn links(&self, entry: &Entry<'_, Head>) -> Vec<Result<Link, Reason>> {
        let Ok(row) = self.row(entry) else { return Vec::new() };
        let Ok(from) = self.external(&row) else { return Vec::new() };
        let mut links = Vec::new();
        for link in &self.mapping.links {
            for word in row.words(&link.column, &self.mapping.separator) {
                let to = format!("{}:{}", self.mapping.prefix, text::one_line(word));
                let sound = text::link_type(&link.kind).filter(|_| text::sound_id(&to)).ok_or(Reason::BadIdentifier);
                links.push(sound.and_then(|kind| {
                    if to == from {
                        return Err(Reason::SelfRelation);
                    }
                    let external_id = derived_id([&from, &kind, &from, &to]);
                    Ok(Link { external_id, from: from.clone(), to, kind, comment: String::new(), label: None })
                }));
            }
        }
        links
    }
}
