//! Nothing readable lies in the store: every title, name and sentence of the sample is searched in every file.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};

use crate::{
    ops::{
        demo::{DemoError, Site},
        deployment::{OpenError, Places},
        load::Loaded,
        sample::Sample,
        tour::Finding,
    },
    words::{Sentence, key},
};

/// Bytes by which a text is first recognised.
const HEAD_BYTES: usize = 8;
/// Bytes of the shortest text that is searched.
const TEXT_BYTES_MIN: usize = 12;

/// What was searched, and what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Searched {
    /// Files read.
    pub files: usize,
    /// Bytes read.
    pub bytes: usize,
    /// Texts searched.
    pub texts: usize,
    /// Files with one of them in clear.
    pub found: BTreeSet<PathBuf>,
}

/// Searches the demonstration's store and journal.
///
/// # Errors
/// [`DemoError::File`] when a file cannot be read.
pub(super) fn prove(site: &Site, loaded: &Loaded) -> Result<Finding, DemoError> {
    let places = Places::at(site.deployment());
    let texts = texts(&loaded.sample);
    let mut searched = Searched { texts: texts.len(), ..Searched::default() };
    for folder in [places.store(), places.root().join("audit")] {
        search(&folder, &index(&texts), &mut searched)?;
    }
    Ok(match searched.found.iter().next() {
        None => Ok(Sentence::new(key::DEMO_AT_REST)
            .with("texts", searched.texts)
            .with("files", searched.files)
            .with("bytes", searched.bytes)),
        Some(file) => Err(Sentence::new(key::DEMO_AT_REST_FOUND).with("file", file.display().to_string())),
    })
}

/// What people wrote, in more than one word: the store's own log speaks English, and uses words such as `capacity`.
fn texts(sample: &Sample) -> BTreeSet<&str> {
    let spaces = sample.spaces.iter().flat_map(|space| [space.name.as_str(), &space.purpose]);
    let notes = sample.notes.iter().flat_map(|note| {
        let lines = note.body.lines().map(str::trim);
        lines.chain([note.title.as_str()])
    });
    let links = sample.links.iter().map(|link| link.comment.as_str());
    let talk = sample.conversations.iter().flat_map(|conversation| {
        let texts = conversation.messages.iter().map(|message| message.text.as_str());
        texts.chain([conversation.title.as_str()])
    });
    let telling = |text: &&str| text.len() >= TEXT_BYTES_MIN && text.contains(' ');
    spaces.chain(notes).chain(links).chain(talk).filter(telling).collect()
}

/// The texts by their first bytes, so that one walk over a file finds any of them.
type Index<'t> = BTreeMap<[u8; HEAD_BYTES], Vec<&'t [u8]>>;

fn index<'t>(texts: &BTreeSet<&'t str>) -> Index<'t> {
    let mut index = Index::new();
    for text in texts {
        if let Some(head) = text.as_bytes().first_chunk() {
            index.entry(*head).or_default().push(text.as_bytes());
        }
    }
    index
}

fn search(folder: &Path, index: &Index<'_>, searched: &mut Searched) -> Result<(), OpenError> {
    let failed = |error: io::Error| OpenError::of_file(folder, &error);
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            search(&path, index, searched)?;
            continue;
        }
        match fs::read(&path) {
            Ok(bytes) => {
                searched.files = searched.files.saturating_add(1);
                searched.bytes = searched.bytes.saturating_add(bytes.len());
                if holds(&bytes, index) {
                    searched.found.insert(path);
                }
            }
            // The store removes its old files while it runs.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(OpenError::of_file(&path, &error)),
        }
    }
    Ok(())
}

fn holds(bytes: &[u8], index: &Index<'_>) -> bool {
    let mut rest = bytes;
    while let Some(head) = rest.first_chunk::<HEAD_BYTES>() {
        if index.get(head).is_some_and(|texts| texts.iter().any(|text| rest.starts_with(text))) {
            return true;
        }
        rest = rest.get(1..).unwrap_or_default();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_found_wherever_it_stands() {
        let texts = BTreeSet::from(["Modules GaN", "substrats diamant"]);
        let index = index(&texts);
        for (bytes, found) in [
            ("Modules GaN", true),
            ("\0\0Modules GaN\0", true),
            ("Modules GaP", false),
            ("…substrats diamant", true),
            ("substrats diaman", false),
            ("", false),
        ] {
            assert_eq!(holds(bytes.as_bytes(), &index), found, "{bytes}");
        }
    }
}
