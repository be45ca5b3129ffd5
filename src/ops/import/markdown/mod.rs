//! A folder of Markdown files.
//!
//! Every `.md` or `.markdown` file becomes one note, kind *watch*, named by its
//! path inside the folder (with `/`). Its title is the front matter's `title`, else the heading that
//! opens the text, else the file's name: a heading further down names a part, not the whole, and so does one that opens
//! several files (*Context*). The body stays as it is; what the front matter says beyond `title`, `tags` and `lang` follows it
//! in a table, and lines of it that are beyond the subset that is read follow as a code block.
//!
//! Links between the files, `[text](other.md)` and `[[Other]]`, become links *related*, one for each pair and
//! direction. A wiki link that leads to no file names a page not yet written: it stays in the text only. A link that
//! leads out of the folder is refused.
//!
//! What a note shows or links to and is no note, `![](plan.png)`, `![[plan.pdf]]`, goes with it as an attachment, after
//! all notes and links. A picture that is not there is told, and so is a file that no note shows.
//!
//! Hidden files and folders (`.git`, `.obsidian`) are passed over and told, symbolic links refused, never followed. Order
//! is that of the paths' bytes.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    path::{Path, PathBuf},
};

use self::{
    note::Titles,
    target::{Index, Target},
};
use super::{
    Attachment, Folders, Item, Link, Met, Note, Outcome, Place, Progress, Reason, Refused, Unsaid, derived_id,
    item::Content,
    walk::{Found, Walked, read_file, walk},
};

mod front;
mod note;
pub mod own;
mod target;

/// Titles, notes, links, and what the notes carry.
const READINGS: u64 = 4;

/// The import of one folder: all its notes, then all links between them.
pub struct Import {
    root: PathBuf,
    files: Vec<Found>,
    index: Index,
    /// What notes may carry: path and length.
    others: BTreeMap<String, u64>,
    /// What notes carry, of those.
    shown: BTreeSet<String>,
    titles: Titles,
    unsaid: Unsaid,
    folders: Folders,
    reading: Reading,
    next_file: usize,
    waiting: VecDeque<Outcome>,
    progress: Progress,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Reading {
    Titles,
    Notes,
    Links,
    Files,
    Over,
}

/// The import of this folder; `unsaid` is the language of files that do not name one of ours.
pub fn import(folder: &Path, unsaid: Unsaid, folders: Folders) -> Import {
    let Walked { found: files, others, refused } = walk(folder, &["md", "markdown"]);
    let total: u64 = files.iter().map(|file| file.bytes).fold(0, u64::saturating_add);
    Import {
        root: folder.to_owned(),
        index: Index::new(files.iter().map(|file| file.path.clone()), others.iter().map(|file| file.path.clone())),
        files,
        others: others.into_iter().map(|file| (file.path, file.bytes)).collect(),
        shown: BTreeSet::new(),
        titles: Titles::default(),
        unsaid,
        folders,
        reading: Reading::Titles,
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

    /// The folders in which its files lie.
    pub fn met(&self) -> Met {
        self.folders.met(self.files.iter().map(|file| file.path.as_str()))
    }

    fn step(&mut self) {
        let Some(file) = self.files.get(self.next_file) else {
            self.next_file = 0;
            self.reading = match self.reading {
                Reading::Titles => Reading::Notes,
                Reading::Notes => Reading::Links,
                Reading::Links => Reading::Files,
                Reading::Files => {
                    self.leave();
                    Reading::Over
                }
                Reading::Over => Reading::Over,
            };
            return;
        };
        let Found { path, bytes } = file.clone();
        self.next_file = self.next_file.saturating_add(1);
        self.progress.bytes_read = self.progress.bytes_read.saturating_add(bytes);
        match (self.reading, read_file(&self.root, &path)) {
            (Reading::Titles, Ok(content)) => self.titles.see(&content),
            (Reading::Notes, content) => {
                let note = content.and_then(|content| self.note(&path, &content)).map(Item::Note);
                let item = note.and_then(Item::within_limits);
                self.waiting.push_back(item.map_err(|reason| refused(&path, reason, None)));
            }
            (Reading::Links, Ok(content)) => self.links(&path, &content),
            (Reading::Files, Ok(content)) => self.attachments(&path, &content),
            // Told with the notes.
            (Reading::Titles | Reading::Links | Reading::Files | Reading::Over, _) => {}
        }
    }

    fn note(&self, path: &str, content: &str) -> Result<Note, Reason> {
        match own::read(content) {
            Ok(Some((own, body))) => {
                let mut note = note::own_note(own, body)?;
                self.folders.settle(&mut note, path);
                Ok(note)
            }
            Ok(None) => {
                let mut note = note::note(path, content, &self.titles, self.unsaid);
                self.folders.mark(&mut note, path);
                Ok(note)
            }
            Err(own::Damaged) => Err(Reason::DamagedFrontMatter),
        }
    }

    fn links(&mut self, path: &str, content: &str) {
        match own::read(content) {
            Ok(Some((own, _))) => return self.waiting.extend(own_links(own).map(|link| Ok(Item::Link(link)))),
            Ok(None) => {}
            // Told with the notes.
            Err(own::Damaged) => return,
        }
        for found in targets(path, content, &self.index) {
            self.waiting.extend(match found {
                Target::File(to) => Some(Ok(related(path, &to))),
                Target::Outside(written) => Some(Err(refused(path, Reason::OutsideFolder, Some(written)))),
                Target::Absent(written) => Some(Err(refused(path, Reason::NoSuchFile, Some(written)))),
                Target::Carried(_) => None,
            });
        }
    }

    fn attachments(&mut self, path: &str, content: &str) {
        match own::read(content) {
            Ok(Some((own, _))) => {
                let note = own.external_id;
                for file in own.attachments {
                    let item = own_file(&self.root, &note, &file, &self.others).map(Item::Attachment);
                    let item = item.and_then(Item::within_limits);
                    self.waiting.push_back(item.map_err(|reason| refused(path, reason, Some(file.name))));
                    self.shown.insert(file.file);
                }
                return;
            }
            Ok(None) => {}
            // Told with the notes.
            Err(own::Damaged) => return,
        }
        for found in targets(path, content, &self.index) {
            let Target::Carried(other) = found else { continue };
            let item = Item::Attachment(carried(&self.root, path, &other, &self.others)).within_limits();
            self.shown.insert(other.clone());
            self.waiting.push_back(item.map_err(|reason| refused(path, reason, Some(other))));
        }
    }

    /// Tells the files that are left behind.
    fn leave(&mut self) {
        let left = self.others.keys().filter(|path| !self.shown.contains(*path));
        self.waiting.extend(left.map(|path| Err(refused(path, Reason::NotShown, None))));
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

fn refused(path: &str, reason: Reason, id: Option<String>) -> Refused {
    Refused { place: Place { file: path.to_owned(), byte: None, id }, reason }
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
