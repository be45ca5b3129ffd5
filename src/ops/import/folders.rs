//! What becomes of the folders that files lie in.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{Note, text};
use crate::limits::{NOTE_TAGS_MAX, SPACE_NAME_CHARS_MAX};

/// What becomes of folders.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Folders {
    /// A tag for each folder on the way: `plans`, `plans/2026`.
    Tags,
    /// A space for each folder at the top, and in it a tag for each folder below: in the space `plans`, the tag `2026`.
    Spaces,
    /// Nothing.
    #[default]
    None,
}

/// The folders in which an import found its files.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Met {
    /// What becomes of them.
    pub kept_as: Folders,
    /// How many they are.
    pub count: usize,
}

impl Folders {
    /// The folders of these paths.
    pub(super) fn met<'p, P: Iterator<Item = &'p str>>(self, paths: P) -> Met {
        let folders: BTreeSet<&str> = paths.flat_map(steps).collect();
        Met { kept_as: self, count: folders.len() }
    }

    /// Gives a note the space and the tags of its path, the tags as far as there is room.
    pub(super) fn mark(self, note: &mut Note, path: &str) {
        self.settle(note, path);
        let tagged = match self {
            Self::Tags => path,
            Self::Spaces => path.split_once('/').map_or("", |(_, below)| below),
            Self::None => return,
        };
        for tag in steps(tagged).filter_map(|folder| text::tag(&text::heading(folder))) {
            if note.tags.len() < NOTE_TAGS_MAX && !note.tags.contains(&tag) {
                note.tags.push(tag);
            }
        }
    }

    /// Gives a note the space of its path.
    pub(super) fn settle(self, note: &mut Note, path: &str) {
        let top = path.split_once('/').filter(|_| self == Self::Spaces).map(|(top, _)| text::heading(top));
        note.home = top.filter(|top| !top.is_empty()).map(|top| text::shortened(top, SPACE_NAME_CHARS_MAX));
    }
}

/// Every folder on the way: `plans`, `plans/2026`.
fn steps(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').filter_map(|(end, _)| path.get(..end))
}
