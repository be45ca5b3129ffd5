//! The file that says what the columns of a table become.

use serde::Deserialize;

use crate::{
    limits::TAG_CHARS_MAX,
    ops::import::{encoding::Older, item::Kind, text},
    words::{Language, Sentence, key},
};

/// What each column becomes. Columns are named as the first row of the table names them.
///
/// ```toml
/// prefix   = "kev"                 # before every identifier, so that two tables do not mix
/// title    = "vulnerabilityName"   # a column
/// id       = "cveID"               # a column; without it a row is known by its content
/// body     = ["shortDescription"]  # columns, in this order
/// tags     = ["vendorProject"]     # columns
/// always   = ["kev"]               # tags of every note
/// url      = "notes"               # columns that make the source
/// author   = "vendorProject"
/// source   = "product"
/// date     = "dateAdded"           # 2026-11-21
/// ignore   = ["knownRansomwareCampaignUse"]
/// separator = ","                  # between the words of one cell, for tags and links
/// delimiter = ","                  # between cells: one of , ; | or a tab
/// encoding = "utf-8"               # or windows-1252, iso-8859-15
/// language = "en"
/// kind     = "watch"
/// links    = [{ column = "related", type = "related" }]   # identifiers of other rows
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    pub(super) prefix: String,
    pub(super) title: String,
    pub(super) id: Option<String>,
    #[serde(default)]
    pub(super) body: Vec<String>,
    #[serde(default)]
    pub(super) tags: Vec<String>,
    #[serde(default)]
    pub(super) always: Vec<String>,
    pub(super) url: Option<String>,
    pub(super) author: Option<String>,
    pub(super) source: Option<String>,
    pub(super) date: Option<String>,
    #[serde(default)]
    pub(super) ignore: Vec<String>,
    #[serde(default = "comma")]
    pub(super) separator: String,
    #[serde(default = "comma")]
    delimiter: String,
    encoding: Option<String>,
    language: Option<String>,
    pub(super) kind: Option<Kind>,
    #[serde(default)]
    pub(super) links: Vec<ColumnLink>,
}

/// A column that names other rows.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ColumnLink {
    pub(super) column: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
}

fn comma() -> String {
    ",".to_owned()
}

/// Why a mapping is not used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum MappingError {
    /// Not TOML, a key that nobody knows, a missing one; in the words of the reader, with its line.
    Malformed(String),
    /// A value that is none of those allowed, by its key.
    Value(&'static str),
}

impl MappingError {
    /// For people.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::Malformed(detail) => Sentence::new(key::IMPORT_MAPPING_MALFORMED).with("detail", detail.as_str()),
            Self::Value(name) => Sentence::new(key::IMPORT_MAPPING_VALUE).with("key", *name),
        }
    }
}

impl Mapping {
    /// Reads a mapping.
    ///
    /// # Errors
    /// [`MappingError`].
    pub fn parse(file: &str) -> Result<Self, MappingError> {
        let mapping: Self =
            toml::from_str(file).map_err(|error| MappingError::Malformed(text::one_line(&error.to_string())))?;
        let faults = [
            ("delimiter", mapping.delimiter.len() != 1 || !matches!(mapping.delimiter(), b',' | b';' | b'|' | b'\t')),
            ("separator", mapping.separator.is_empty()),
            (
                "prefix",
                text::kebab(&mapping.prefix).as_ref() != Some(&mapping.prefix) || mapping.prefix.len() > TAG_CHARS_MAX,
            ),
            ("encoding", !matches!(mapping.encoding.as_deref(), None | Some("utf-8")) && mapping.encoding().is_none()),
            ("language", mapping.language.is_some() && mapping.language().is_none()),
            ("links", mapping.links.iter().any(|link| text::link_type(&link.kind).as_ref() != Some(&link.kind))),
            ("always", mapping.always.iter().any(|tag| text::tag(tag).is_none())),
        ];
        match faults.iter().find(|(_, fault)| *fault) {
            Some((name, _)) => Err(MappingError::Value(name)),
            None => Ok(mapping),
        }
    }

    pub(super) fn delimiter(&self) -> u8 {
        self.delimiter.bytes().next().unwrap_or(b',')
    }

    pub(super) fn encoding(&self) -> Option<Older> {
        self.encoding.as_deref().and_then(Older::named)
    }

    pub(super) fn language(&self) -> Option<Language> {
        self.language.as_deref().and_then(|code| Language::ALL.into_iter().find(|known| known.code() == code))
    }

    /// Every column that the mapping names, behind the key under which it does.
    pub(super) fn columns(&self) -> impl Iterator<Item = (&'static str, &String)> {
        let single = [
            ("title", Some(&self.title)),
            ("id", self.id.as_ref()),
            ("url", self.url.as_ref()),
            ("author", self.author.as_ref()),
            ("source", self.source.as_ref()),
            ("date", self.date.as_ref()),
        ];
        let lists = [("body", &self.body), ("tags", &self.tags), ("ignore", &self.ignore)];
        let links = self.links.iter().map(|link| ("links", &link.column));
        let single = single.into_iter().filter_map(|(key, column)| Some((key, column?)));
        single
            .chain(lists.into_iter().flat_map(|(key, list)| list.iter().map(move |column| (key, column))))
            .chain(links)
    }
}
