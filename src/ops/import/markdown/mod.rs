//! A folder of Markdown files.
//!
//! Every `.md` or `.markdown` file becomes one note, kind *watch*, named by its
//! path inside the folder (with `/`). Its title is the front matter's `title`, else the heading that
//! opens the text, else the file's name: a heading further down names a part, not the whole. The body
//! stays as it is; what the front matter says beyond `title`, `tags` and `lang` follows it in a table, and lines
//! of it that are beyond the subset that is read follow as a code block.
//!
//! Links between the files, `[text](other.md)` and `[[Other]]`, become links *related*, one for each pair and
//! direction. A wiki link that leads to no file names a page not yet written: it stays in the text only. A link that
//! leads out of the folder is refused.
//!
//! What a note shows or links to and is no note, `![](plan.png)`, `![[plan.pdf]]`, goes with it as an attachment, after
//! all notes and links. A picture that is not there is told.
//!
//! Hidden files and folders (`.git`, `.obsidian`) are passed over, symbolic links refused, never followed. Order is
//! that of the paths' bytes.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    path::{Path, PathBuf},
};

use self::{
    front::Front,
    target::{Index, Target},
};
use super::{
    Attachment, Folders, Item, Link, Note, Outcome, Place, Progress, Reason, Refused, derived_id,
    item::{Content, Kind},
    text,
    walk::{Found, Walked, read_file, walk},
};
use crate::{
    limits::{NOTE_TAGS_MAX, NOTE_TITLE_CHARS_MAX},
    words::{Language, Sentence, key},
};

mod front;
pub mod own;
mod target;

/// Notes, links, and what the notes carry.
const READINGS: u64 = 3;

/// The import of one folder: all its notes, then all links between them.
pub struct Import {
    root: PathBuf,
    files: Vec<Found>,
    index: Index,
    /// What notes may carry: path and length.
    others: BTreeMap<String, u64>,
    language: Language,
    folders: Folders,
    reading: Reading,
    next_file: usize,
    waiting: VecDeque<Outcome>,
    progress: Progress,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Reading {
    Notes,
    Links,
    Files,
    Over,
}

/// The import of this folder; `language` is that of files that do not name one of ours.
pub fn import(folder: &Path, language: Language, folders: Folders) -> Import {
    let Walked { found: files, others, refused } = walk(folder, &["md", "markdown"]);
    let total: u64 = files.iter().map(|file| file.bytes).fold(0, u64::saturating_add);
    Import {
        root: folder.to_owned(),
        index: Index::new(files.iter().map(|file| file.path.clone()), others.iter().map(|file| file.path.clone())),
        files,
        others: others.into_iter().map(|file| (file.path, file.bytes)).collect(),
        language,
        folders,
        reading: Reading::Notes,
        next_file: 0,
        waiting: refused.into_iter().map(Err).collect(),
        progress: Progress { bytes_read: 0, bytes_total: total.saturating_mul(READINGS) },
    }
}

impl Import {
    /// How far it has come.
    pub fn progress(&self) -> Progress {
        self.progress
    }

    fn step(&mut self) {
        let Some(file) = self.files.get(self.next_file) else {
            self.next_file = 0;
            self.reading = match self.reading {
                Reading::Notes => Reading::Links,
                Reading::Links => Reading::Files,
                Reading::Files | Reading::Over => Reading::Over,
            };
            return;
        };
        self.next_file = self.next_file.saturating_add(1);
        self.progress.bytes_read = self.progress.bytes_read.saturating_add(file.bytes);
        let content = read_file(&self.root, &file.path);
        let refuse = |reason, id| Refused { place: Place { file: file.path.clone(), byte: None, id }, reason };
        match (self.reading, content) {
            (Reading::Notes, Ok(content)) => {
                let item = match own::read(&content) {
                    Ok(Some((own, body))) => own_note(own, body),
                    Ok(None) => {
                        let mut note = note(&file.path, &content, self.language);
                        self.folders.mark(&mut note, &file.path);
                        Ok(note)
                    }
                    Err(own::Damaged) => Err(Reason::DamagedFrontMatter),
                };
                let item = item.map(Item::Note).and_then(Item::within_limits);
                self.waiting.push_back(item.map_err(|reason| refuse(reason, None)));
            }
            (Reading::Notes, Err(reason)) => self.waiting.push_back(Err(refuse(reason, None))),
            (Reading::Links, Ok(content)) => {
                match own::read(&content) {
                    Ok(Some((own, _))) => return self.waiting.extend(own_links(own).map(|link| Ok(Item::Link(link)))),
                    Ok(None) => {}
                    // Told with the notes.
                    Err(own::Damaged) => return,
                }
                for found in targets(&file.path, &content, &self.index) {
                    self.waiting.extend(match found {
                        Target::File(to) => Some(Ok(related(&file.path, &to))),
                        Target::Outside(written) => Some(Err(refuse(Reason::OutsideFolder, Some(written)))),
                        Target::Absent(written) => Some(Err(refuse(Reason::NoSuchFile, Some(written)))),
                        Target::Carried(_) => None,
                    });
                }
            }
            (Reading::Files, Ok(content)) => {
                match own::read(&content) {
                    Ok(Some((own, _))) => {
                        let note = own.external_id;
                        for file in own.attachments {
                            let item = own_file(&self.root, &note, &file, &self.others).map(Item::Attachment);
                            let item = item.and_then(Item::within_limits);
                            self.waiting.push_back(item.map_err(|reason| refuse(reason, Some(file.name))));
                        }
                        return;
                    }
                    Ok(None) => {}
                    // Told with the notes.
                    Err(own::Damaged) => return,
                }
                for found in targets(&file.path, &content, &self.index) {
                    let Target::Carried(path) = found else { continue };
                    let item = Item::Attachment(carried(&self.root, &file.path, &path, &self.others));
                    self.waiting.push_back(item.within_limits().map_err(|reason| refuse(reason, Some(path))));
                }
            }
            // Told with the notes.
            (Reading::Links | Reading::Files | Reading::Over, _) => {}
        }
    }
}

impl Iterator for Import {
    type Item = Outcome;

    fn next(&mut self) -> Option<Outcome> {
        loop {
            if let Some(outcome) = self.waiting.pop_front() {
                return Some(outcome);
            }
            if self.reading == Reading::Over {
                return None;
            }
            self.step();
        }
    }
}

/// A file of a note of an export, under the name that it had. Only what the walk found is opened: no path of a front matter
/// leads anywhere else.
fn own_file(
    root: &Path,
    note: &str,
    file: &own::OwnFile,
    lengths: &BTreeMap<String, u64>,
) -> Result<Attachment, Reason> {
    let bytes = *lengths.get(&file.file).ok_or(Reason::NoSuchFile)?;
    let content = Content::File { path: root.join(&file.file), bytes };
    Ok(Attachment { note: note.to_owned(), name: file.name.clone(), content })
}

fn carried(root: &Path, note: &str, path: &str, lengths: &BTreeMap<String, u64>) -> Attachment {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name).to_owned();
    let bytes = lengths.get(path).copied().unwrap_or_default();
    Attachment { note: note.to_owned(), name, content: Content::File { path: root.join(path), bytes } }
}

fn related(from: &str, to: &str) -> Item {
    Item::Link(Link {
        external_id: derived_id([from, "related", from, to]),
        from: from.to_owned(),
        to: to.to_owned(),
        kind: "related".to_owned(),
        comment: String::new(),
        label: None,
    })
}

/// Links of the text and of the front matter's values, each target once, never the file itself.
fn targets(path: &str, content: &str, index: &Index) -> BTreeSet<Target> {
    let (front, text) = front::split(content);
    let values = front.entries.iter().flat_map(|(_, values)| values).map(String::as_str);
    let mut found: BTreeSet<Target> = values.chain([text]).flat_map(|text| index.targets(path, text)).collect();
    found.remove(&Target::File(path.to_owned()));
    found
}

fn note(path: &str, content: &str, default: Language) -> Note {
    let (front, text) = front::split(content);
    let named = front.first("title").map(text::one_line).filter(|title| !title.is_empty());
    let title = named.or_else(|| target::opening_heading(text)).unwrap_or_else(|| stem(path).to_owned());
    let language = front.first("lang").or_else(|| front.first("language")).and_then(Language::from_preference);
    let language = language.unwrap_or(default);
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
    }
}

/// A note of an export, as it was.
fn own_note(own: own::Own, body: &str) -> Result<Note, Reason> {
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
    })
}

/// The links of a note of an export: those of its front matter. What its text mentions was made a link, or not, before.
fn own_links(own: own::Own) -> impl Iterator<Item = Link> {
    let from = own.external_id;
    own.links.into_iter().map(move |link| Link {
        external_id: link.external_id,
        from: from.clone(),
        to: link.to,
        kind: link.kind,
        comment: link.comment,
        label: Some(link.label),
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
