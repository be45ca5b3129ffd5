//! BibTeX: `@article{key, title = {…}, …}`.
//!
//! Braces count as BibTeX counts them. An entry that never closes ends where a line begins with the next `@word{`.

use std::collections::BTreeMap;

use super::{Head, Work, address, date, latex};
use crate::{
    ops::import::{
        Reason,
        files::{Cut, place},
        text,
    },
    words::Language,
};

/// Names that `@string` gave, and what they stand for; months are known beforehand.
pub(super) type Strings = BTreeMap<String, String>;

/// Bytes that all values of an entry may come to when names stand for texts.
const VALUES_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Bytes that a name may stand for: names stand for names, and each would double the last.
const STRING_BYTES_MAX: usize = 4096;
/// Names that one file may give.
const STRINGS_MAX: usize = 10_000;

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

pub(super) fn cut(text: &str) -> Cut<Head> {
    let mut strings: Strings =
        MONTHS.iter().zip(1_u8..).map(|(month, number)| ((*month).to_owned(), format!("{number:02}"))).collect();
    let (mut spans, mut faults) = (Vec::new(), Vec::new());
    let mut at = 0_usize;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('@')) {
        let start = at.saturating_add(found);
        let rest = text.get(start..).unwrap_or_default();
        let Some((word, open)) = opening(rest) else {
            at = start.saturating_add(1);
            continue;
        };
        let (length, ended) = extent(rest, open);
        at = start.saturating_add(length);
        let span = (place(start), place(at));
        match word.to_ascii_lowercase().as_str() {
            "comment" | "preamble" => {}
            _ if !ended => faults.push((span.0, Reason::UnclosedEntry)),
            "string" => define(rest.get(..length).unwrap_or_default(), &mut strings),
            _ => spans.push(span),
        }
    }
    Cut { head: Head::Bibtex(strings), spans, faults }
}

/// The word after `@`, and where its brace stands.
fn opening(rest: &str) -> Option<(&str, usize)> {
    let after = rest.get(1..)?;
    let length = after.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(after.len());
    let (word, tail) = after.split_at_checked(length)?;
    let spaces = tail.len().saturating_sub(tail.trim_start().len());
    let open = 1_usize.saturating_add(length).saturating_add(spaces);
    (!word.is_empty() && tail.trim_start().starts_with(['{', '('])).then_some((word, open))
}

/// How long the entry is, and whether it ends.
fn extent(rest: &str, open: usize) -> (usize, bool) {
    let round = rest.as_bytes().get(open) == Some(&b'(');
    let (mut depth, mut line) = (0_usize, false);
    for (at, byte) in rest.bytes().enumerate().skip(open) {
        match byte {
            b'{' => depth = depth.saturating_add(1),
            b'}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 && !round {
                    return (at.saturating_add(1), true);
                }
            }
            b')' if round && depth == 0 => return (at.saturating_add(1), true),
            // The next entry: this one was never closed.
            b'@' if line && opening(rest.get(at..).unwrap_or_default()).is_some() => return (at, false),
            _ => {}
        }
        line = byte == b'\n';
    }
    (rest.len(), false)
}

fn define(entry: &str, strings: &mut Strings) {
    let mut reader = Reader::inside(entry);
    if let Ok(Some((name, value))) = reader.field(strings)
        && strings.len() < STRINGS_MAX
        && value.len() <= STRING_BYTES_MAX
    {
        strings.insert(name, value);
    }
}

pub(super) fn read(entry: &str, strings: &Strings) -> Result<Work, Reason> {
    let kind = entry.get(1..).and_then(|rest| rest.split(['{', '(']).next()).unwrap_or_default().trim().to_lowercase();
    let mut reader = Reader::inside(entry);
    let key = text::one_line(reader.until(','));
    if key.is_empty() || key.contains(['=', '"']) {
        return Err(Reason::NoIdentifier);
    }
    let mut fields: BTreeMap<String, String> = BTreeMap::new();
    while let Some((name, value)) = reader.field(strings)? {
        // The first of two is BibTeX's own choice.
        fields.entry(name).or_insert(value);
    }
    let mut take = |name: &str| fields.remove(name).unwrap_or_default();
    let plain = |value: String| latex::decoded(&value);
    let (url, doi) = (take("url"), take("doi"));
    let year =
        [take("date"), take("year")].into_iter().map(plain).find(|year| !year.trim().is_empty()).unwrap_or_default();
    let month = plain(take("month"));
    let dated = date(&format!("{}-{}", year.trim(), month.trim())).or_else(|| date(&year));
    let places = ["journal", "journaltitle", "booktitle", "publisher", "institution", "school", "howpublished"];
    let place = places.map(|name| plain(take(name))).into_iter().filter(|place| !place.trim().is_empty());
    let place = place.collect::<Vec<_>>().join(", ");
    let author =
        [take("author"), take("editor")].into_iter().find(|names| !names.trim().is_empty()).unwrap_or_default();
    let keywords = [take("keywords"), take("keyword")].map(plain).join(";");
    let language = [take("langid"), take("language")].into_iter().find_map(|name| language(&name));
    let whole = Some(text::one_line(&take("crossref"))).filter(|whole| !whole.is_empty());
    Ok(Work {
        external_id: format!("bib:{key}"),
        kind,
        title: plain(take("title")),
        authors: latex::names(&author),
        place,
        url: address(&latex::decoded(&url), &doi),
        date: dated,
        summary: plain(take("abstract")),
        keywords: keywords
            .split([',', ';'])
            .map(|word| word.trim().to_owned())
            .filter(|word| !word.is_empty())
            .collect(),
        language,
        whole,
        rows: rows(doi, fields),
    })
}

fn rows(doi: String, fields: BTreeMap<String, String>) -> Vec<(String, String)> {
    let rest = fields.into_iter().map(|(name, value)| (name, latex::decoded(&value)));
    [("doi".to_owned(), doi)].into_iter().chain(rest).filter(|(_, value)| !value.trim().is_empty()).collect()
}

fn language(name: &str) -> Option<Language> {
    match name.trim().to_lowercase().as_str() {
        "french" | "français" | "francais" | "francaise" => Some(Language::French),
        "english" | "british" | "american" | "ukenglish" | "usenglish" => Some(Language::English),
        "german" | "deutsch" | "ngerman" => Some(Language::German),
        code => Language::from_preference(code).filter(|_| code.len() <= 5),
    }
}

/// Reads the inside of one entry.
struct Reader<'a> {
    rest: &'a str,
    /// Bytes that values may still come to.
    room: usize,
}

impl<'a> Reader<'a> {
    fn inside(entry: &'a str) -> Self {
        let inner = entry.find(['{', '(']).and_then(|open| entry.get(open.saturating_add(1)..)).unwrap_or_default();
        let end = inner.len().saturating_sub(1);
        Self { rest: inner.get(..end).unwrap_or_default(), room: VALUES_BYTES_MAX }
    }

    fn until(&mut self, mark: char) -> &'a str {
        let (before, after) = self.rest.split_once(mark).unwrap_or((self.rest, ""));
        self.rest = after;
        before
    }

    /// The next `name = value`, past its comma.
    fn field(&mut self, strings: &Strings) -> Result<Option<(String, String)>, Reason> {
        self.rest = self.rest.trim_start_matches(|letter: char| letter.is_whitespace() || letter == ',');
        if self.rest.is_empty() {
            return Ok(None);
        }
        let Some((name, after)) = self.rest.split_once('=') else { return Err(Reason::BadEntry) };
        let name = name.trim().to_lowercase();
        if name.is_empty() || name.contains(|letter: char| letter.is_whitespace() || matches!(letter, '{' | '}' | '"'))
        {
            return Err(Reason::BadEntry);
        }
        self.rest = after;
        let mut value = String::new();
        loop {
            let part = self.part(strings)?;
            self.room = self.room.checked_sub(part.len()).ok_or(Reason::TooLarge)?;
            value.push_str(&part);
            self.rest = self.rest.trim_start();
            match self.rest.strip_prefix('#') {
                Some(after) => self.rest = after,
                None if self.rest.is_empty() || self.rest.starts_with(',') => return Ok(Some((name, value))),
                None => return Err(Reason::BadEntry),
            }
        }
    }

    /// One part of a value: in braces, in quotes, a number, or a name.
    fn part(&mut self, strings: &Strings) -> Result<String, Reason> {
        self.rest = self.rest.trim_start();
        let first = self.rest.chars().next().ok_or(Reason::BadEntry)?;
        if !matches!(first, '{' | '"') {
            let length = self.rest.find(|letter: char| letter.is_whitespace() || matches!(letter, ',' | '#'));
            let (word, rest) = self.rest.split_at_checked(length.unwrap_or(self.rest.len())).ok_or(Reason::BadEntry)?;
            self.rest = rest;
            let number = word.bytes().all(|byte| byte.is_ascii_digit());
            // A name that nobody gave: the word itself is better than nothing.
            return Ok(if number {
                word.to_owned()
            } else {
                strings.get(&word.to_lowercase()).cloned().unwrap_or_else(|| word.to_owned())
            });
        }
        let inner = self.rest.get(1..).unwrap_or_default();
        let mut depth = 0_usize;
        for (at, byte) in inner.bytes().enumerate() {
            let closes = depth == 0 && ((first == '{' && byte == b'}') || (first == '"' && byte == b'"'));
            if closes {
                self.rest = inner.get(at.saturating_add(1)..).unwrap_or_default();
                return Ok(inner.get(..at).unwrap_or_default().to_owned());
            }
            match byte {
                b'{' => depth = depth.saturating_add(1),
                b'}' => depth = depth.checked_sub(1).ok_or(Reason::BadEntry)?,
                _ => {}
            }
        }
        Err(Reason::BadEntry)
    }
}
