//! The note that a file becomes.

use std::collections::BTreeMap;

use super::{
    front::{self, Front},
    own, target,
};
use crate::{
    crypto::sha256,
    limits::{NOTE_TAGS_MAX, NOTE_TITLE_CHARS_MAX},
    ops::import::{Note, Reason, Unsaid, item::Kind, text},
    words::{Language, Sentence, key},
};

/// The titles that the files of a folder give themselves, by their digests: how many bear each.
#[derive(Default)]
pub(super) struct Titles(BTreeMap<[u8; 16], usize>);

impl Titles {
    /// Counts the title of a file.
    pub(super) fn see(&mut self, content: &str) {
        let (front, text) = front::split(content);
        if let Some(title) = named(&front).or_else(|| target::opening_heading(text)) {
            let count = self.0.entry(digest(&title)).or_default();
            *count = count.saturating_add(1);
        }
    }

    /// Whether several files bear it: then it names a part that they all have, and none of them.
    fn shared(&self, title: &str) -> bool {
        self.0.get(&digest(title)).is_some_and(|count| *count > 1)
    }
}

fn digest(title: &str) -> [u8; 16] {
    sha256(&[title.to_lowercase().as_bytes()]).0.first_chunk().copied().unwrap_or_default()
}

fn named(front: &Front) -> Option<String> {
    front.first("title").map(text::one_line).filter(|title| !title.is_empty())
}

pub(super) fn note(path: &str, content: &str, titles: &Titles, unsaid: Unsaid) -> Note {
    let (front, text) = front::split(content);
    let heading = || target::opening_heading(text).filter(|heading| !titles.shared(heading));
    let title = named(&front).or_else(heading).unwrap_or_else(|| stem(path).to_owned());
    let language = front.first("lang").or_else(|| front.first("language")).and_then(Language::from_preference);
    let language = language.unwrap_or_else(|| unsaid.of([title.as_str(), text]));
    let (tags, surplus) = tags(&front);
    Note {
        external_id: path.to_owned(),
        kind: Kind::Watch,
        title: text::shortened(title, NOTE_TITLE_CHARS_MAX),
        body: body(text, &front, &surplus, language),
        tags,
        language,
        sources: Vec::new(),
        grade: None,
        review: None,
        expires: None,
        label: None,
        home: None,
    }
}

/// A note of an export, as it was.
pub(super) fn own_note(own: own::Own, body: &str) -> Result<Note, Reason> {
    let language = Language::ALL.into_iter().find(|language| language.code() == own.language);
    Ok(Note {
        external_id: own.external_id,
        kind: own.kind,
        title: own.title,
        body: body.to_owned(),
        tags: own.tags,
        language: language.ok_or(Reason::DamagedFrontMatter)?,
        sources: own.sources,
        grade: own.grade,
        review: own.review,
        expires: own.expires,
        label: Some(own.label),
        home: None,
    })
}

fn stem(path: &str) -> &str {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// The tags, and the words that cannot be any.
fn tags(front: &Front) -> (Vec<String>, Vec<String>) {
    let (mut tags, mut surplus) = (Vec::new(), Vec::new());
    let lists = front.entries.iter().filter(|(name, _)| is_tags(name)).flat_map(|(_, values)| values);
    let words = lists.flat_map(|list| list.split(',')).map(str::trim).filter(|word| !word.is_empty());
    for word in words {
        match text::tag(word) {
            Some(tag) if tags.contains(&tag) => {}
            Some(tag) if tags.len() < NOTE_TAGS_MAX => tags.push(tag),
            _ => surplus.push(word.to_owned()),
        }
    }
    (tags, surplus)
}

fn is_tags(name: &str) -> bool {
    matches!(name, "tags" | "tag" | "keywords" | "taxonomies.tags")
}

/// The text, then what the front matter says besides.
fn body(text: &str, front: &Front, surplus: &[String], language: Language) -> String {
    let word = |key| Sentence::new(key).render(language);
    let mut body = text.trim_matches('\n').to_owned();
    let kept = |name: &str| !is_tags(name) && !matches!(name, "title" | "lang" | "language");
    let mut rows: Vec<(&str, String)> = front
        .entries
        .iter()
        .filter(|(name, values)| kept(name) && !values.is_empty())
        .map(|(name, values)| (name.as_str(), values.join(", ")))
        .collect();
    if !surplus.is_empty() {
        rows.push(("tags", surplus.join(", ")));
    }
    if !rows.is_empty() {
        let (heading, property, value) =
            (word(key::IMPORT_BODY_PROPERTIES), word(key::IMPORT_BODY_PROPERTY), word(key::IMPORT_BODY_VALUE));
        body.push_str(&format!("\n\n## {heading}\n\n| {property} | {value} |\n| --- | --- |\n"));
        for (name, value) in rows {
            body.push_str(&format!("| {} | {} |\n", text::escaped(name), text::escaped(&value)));
        }
    }
    if !front.rest.is_empty() {
        let heading = word(key::IMPORT_BODY_FRONT_MATTER);
        body.push_str(&format!("\n\n## {heading}\n\n{}", text::fenced(&front.rest)));
    }
    let length = body.trim_end().len();
    body.truncate(length);
    body.push('\n');
    body
}
