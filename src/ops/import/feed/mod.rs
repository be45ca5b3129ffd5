//! Feeds saved as files: Atom, RSS 0.9 to 2.0, RSS 1.0 (RDF), JSON Feed. Every entry becomes one note, kind *watch*.
//!
//! | in the feed | in Vigie |
//! |---|---|
//! | `title`; without one, the first words of the text | title |
//! | the longer of `content` and `summary` (`content:encoded`, `description`) | body, cleaned to Markdown |
//! | `link` (*alternate*), the feed's title, `author` or `dc:creator`, `published`, `pubDate`, `updated` or `dc:date` | source |
//! | `category`, `dc:subject`, `tags` | tags |
//! | `enclosure`, `media:content` | addresses in the text; nothing is fetched |
//!
//! An entry is known by its feed and its `id` or `guid`, else its address, else its words. Feeds in the wild break the
//! rules of XML; what can be read is read, and an entry that never ends is refused.

use std::path::PathBuf;

use self::shape::Head;
use super::{
    Bundle, Folders, Note, Reading, Reason, Unsaid,
    encoding::{self, Older},
    files::{Cut, Entry, Fault, Format},
};

mod entry;
mod json;
mod shape;

/// The import of these feeds, and of all feeds in these folders; `unsaid` is the language of feeds that do not name one of ours.
pub fn import(paths: &[PathBuf], unsaid: Unsaid) -> Reading {
    Reading::of_paths(Feeds { unsaid }, paths, &["xml", "rss", "atom", "rdf", "json"], Folders::None)
}

/// The import of feeds that are read from elsewhere.
pub fn from_bundles(bundles: Vec<Bundle>, unsaid: Unsaid) -> Reading {
    Reading::new(Feeds { unsaid }, bundles, Vec::new())
}

struct Feeds {
    unsaid: Unsaid,
}

impl Format for Feeds {
    type Head = Head;

    fn cut(&self, _file: &str, bytes: Vec<u8>) -> Result<(Vec<u8>, Cut<Head>), Fault> {
        let first = String::from_utf8_lossy(bytes.get(..200).unwrap_or(&bytes)).into_owned();
        let named = first.split_once("encoding=").and_then(|(_, after)| {
            let quote = after.chars().next()?;
            after.get(1..)?.split(quote).next().map(str::to_owned)
        });
        let text = encoding::decoded(bytes, named.as_deref().and_then(Older::named)).map_err(|reason| {
            match named.as_deref() {
                Some(name) if !name.eq_ignore_ascii_case("utf-8") => Reason::UnknownCharset,
                _ => reason,
            }
        })?;
        let cut = if text.trim_start().starts_with('{') { json::cut(&text)? } else { shape::cut(&text)? };
        Ok((text.into_bytes(), cut))
    }

    fn note(&self, entry: &Entry<'_, Head>) -> Result<Note, Reason> {
        let text = std::str::from_utf8(entry.bytes).map_err(|_not_text| Reason::NotUtf8)?;
        let said = if entry.head.json { json::read(text)? } else { entry::read(text) };
        said.note(entry.head, self.unsaid)
    }
}
