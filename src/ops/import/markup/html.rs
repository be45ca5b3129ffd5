//! Pages saved from a browser, `.html`, `.htm`, `.xhtml`: one note each, named by its path, cleaned to Markdown.
//!
//! The title is `<title>`, else the file's name; address, author, date and language are taken where the page gives them
//! (`canonical`, `og:`, `article:`, the browser's own "saved from" remark). Of `<body>`, all words; see the writer.

use std::path::PathBuf;

use super::{Cleaned, Token, Tokens, attribute, cleaned, decoded};
use crate::{
    limits::{IMPORT_DOCUMENT_BYTES_MAX, NOTE_TITLE_CHARS_MAX, SOURCE_FIELD_CHARS_MAX},
    ops::import::{
        Bundle, Folders, Note, Reading, Reason, Source, Unsaid,
        encoding::{self, Older},
        files::{Cut, Entry, Fault, Format, place},
        item::Kind,
        text,
    },
    words::Language,
};

/// Bytes at the head of a page in which it names its encoding (HTML §4.2.5.4 says 1024).
const ENCODING_BYTES: usize = 4096;

/// The import of these pages, and of all pages in these folders; `unsaid` is the language of pages that do not name one of ours.
pub fn import(paths: &[PathBuf], unsaid: Unsaid, folders: Folders) -> Reading {
    Reading::of_paths(Pages { unsaid }, paths, &["html", "htm", "xhtml"], folders)
}

/// The import of pages that are read from elsewhere.
pub fn from_bundles(bundles: Vec<Bundle>, unsaid: Unsaid) -> Reading {
    Reading::new(Pages { unsaid }, bundles, Vec::new())
}

struct Pages {
    unsaid: Unsaid,
}

impl Format for Pages {
    type Head = ();

    const ENTRY_BYTES_MAX: usize = IMPORT_DOCUMENT_BYTES_MAX.saturating_mul(4);

    fn cut(&self, _file: &str, bytes: Vec<u8>) -> Result<(Vec<u8>, Cut<()>), Fault> {
        let head = String::from_utf8_lossy(bytes.get(..ENCODING_BYTES).unwrap_or(&bytes)).to_ascii_lowercase();
        let named = head.split_once("charset=").map(|(_, after)| after.trim_start_matches(['"', '\'']));
        let named = named.map(|after| after.split(['"', '\'', '>', ';', ' ', '/']).next().unwrap_or_default());
        let older = match named {
            None | Some("utf-8" | "utf8") => Some(Older::Western),
            Some(name) => Older::named(name),
        };
        let text = encoding::decoded(bytes, older).map_err(|_neither| Fault::from(Reason::UnknownCharset))?;
        if text.contains('\0') || !text.contains('<') {
            return Err(Reason::WrongFormat.into());
        }
        let spans = vec![(0, place(text.len()))];
        Ok((text.into_bytes(), Cut { head: (), spans, faults: Vec::new() }))
    }

    fn note(&self, entry: &Entry<'_, ()>) -> Result<Note, Reason> {
        let html = std::str::from_utf8(entry.bytes).map_err(|_not_text| Reason::NotUtf8)?;
        if !text::sound_id(entry.file) {
            return Err(Reason::BadIdentifier);
        }
        let said = said(html);
        let Cleaned { body, .. } = cleaned(html);
        let name = entry.file.rsplit_once('/').map_or(entry.file, |(_, name)| name);
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let title = [said.title, Some(text::heading(stem))].into_iter().flatten().find(|title| !title.is_empty());
        let title = text::shortened(title.ok_or(Reason::NoTitle)?, NOTE_TITLE_CHARS_MAX);
        let author = said.author.map(|author| text::shortened(author, SOURCE_FIELD_CHARS_MAX));
        let source = Source { url: said.url, title: Some(title.clone()), author, date: said.date };
        let language = said.language.unwrap_or_else(|| self.unsaid.of([title.as_str(), &body]));
        Ok(Note {
            external_id: entry.file.to_owned(),
            kind: Kind::Watch,
            title,
            body,
            tags: Vec::new(),
            language,
            sources: vec![source],
            grade: None,
            review: None,
            expires: None,
            label: None,
            home: None,
        })
    }

    fn dropped(&self, entry: &Entry<'_, ()>) -> Option<Reason> {
        let html = std::str::from_utf8(entry.bytes).ok()?;
        cleaned(html).dropped.then_some(Reason::ActiveContent)
    }
}

/// What a page says of itself.
#[derive(Default)]
struct Said {
    title: Option<String>,
    url: Option<String>,
    author: Option<String>,
    date: Option<String>,
    language: Option<Language>,
}

fn said(html: &str) -> Said {
    let mut said = Said::default();
    let mut tokens = Tokens::new(html);
    while let Some(token) = tokens.next() {
        match token {
            Token::Comment(remark) => {
                // <!-- saved from url=(0028)https://example.org/page -->
                let url = remark.trim().strip_prefix("saved from url=").and_then(|rest| rest.split_once(')'));
                said.url = said.url.or_else(|| text::web(url?.1));
            }
            Token::Start { name, .. } if name.eq_ignore_ascii_case("title") => {
                let title = text::heading(&decoded(tokens.raw("title")));
                said.title = said.title.or(Some(title)).filter(|title| !title.is_empty());
            }
            Token::Start { name, attributes, .. } if name.eq_ignore_ascii_case("html") => {
                said.language = attribute(attributes, "lang").and_then(|code| Language::from_preference(&code));
            }
            Token::Start { name, attributes, .. } if name.eq_ignore_ascii_case("link") => {
                if attribute(attributes, "rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical")) {
                    said.url = attribute(attributes, "href").and_then(|url| text::web(&url)).or(said.url);
                }
            }
            Token::Start { name, attributes, .. } if name.eq_ignore_ascii_case("meta") => meta(&mut said, attributes),
            // The head is over: nothing of it is believed further down.
            Token::Start { name, .. } if name.eq_ignore_ascii_case("body") => break,
            Token::Start { name, .. } if name.eq_ignore_ascii_case("script") || name.eq_ignore_ascii_case("style") => {
                tokens.raw(name);
            }
            Token::Start { .. } | Token::End { .. } | Token::Text(_) | Token::Data(_) => {}
        }
    }
    said
}

fn meta(said: &mut Said, attributes: &str) {
    let Some(content) = attribute(attributes, "content") else { return };
    let name = attribute(attributes, "name").or_else(|| attribute(attributes, "property")).unwrap_or_default();
    match name.to_ascii_lowercase().as_str() {
        "author" | "article:author" | "dc.creator" => {
            let author = text::heading(&content);
            said.author = said.author.take().or(Some(author)).filter(|author| !author.is_empty());
        }
        "date" | "dc.date" | "article:published_time" | "dcterms.date" => {
            said.date = said.date.take().or_else(|| text::day(&content));
        }
        "og:url" => said.url = said.url.take().or_else(|| text::web(&content)),
        "og:title" => said.title = said.title.take().or_else(|| Some(text::heading(&content))),
        _ => {}
    }
}
