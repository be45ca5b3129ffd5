//! Nothing readable lies in the store: every title, name, tag and sentence of the sample is searched in every file.

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
        report::Report,
        sample::Sample,
    },
    words::{Sentence, key},
};

/// Bytes by which a word is first recognised; shorter words are not searched.
const HEAD_BYTES: usize = 8;

/// What was searched, and what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Searched {
    /// Files read.
    pub files: usize,
    /// Bytes read.
    pub bytes: usize,
    /// Words searched.
    pub words: usize,
    /// Files with a word in them.
    pub found: BTreeSet<PathBuf>,
}

/// Searches the demonstration's store and journal, and says so.
///
/// # Errors
/// [`DemoError::File`] when a file cannot be read.
pub(super) fn prove(site: &Site, loaded: &Loaded, report: &dyn Report) -> Result<(), DemoError> {
    let places = Places::at(site.deployment());
    let words = words(&loaded.sample);
    let mut searched = Searched { words: words.len(), ..Searched::default() };
    for folder in [places.store(), places.root().join("audit")] {
        search(&folder, &index(&words), &mut searched)?;
    }
    let sentence = match searched.found.iter().next() {
        None => Sentence::new(key::DEMO_AT_REST)
            .with("words", searched.words)
            .with("files", searched.files)
            .with("bytes", searched.bytes),
        Some(file) => Sentence::new(key::DEMO_AT_REST_FOUND).with("file", file.display().to_string()),
    };
    report.say(&sentence);
    Ok(())
}

/// What people wrote, long enough not to occur by chance.
fn words(sample: &Sample) -> BTreeSet<&str> {
    let spaces = sample.spaces.iter().flat_map(|space| [space.name.as_str(), &space.purpose]);
    let notes = sample.notes.iter().flat_map(|note| {
        let lines = note.body.lines().map(str::trim);
        lines.chain([note.title.as_str()]).chain(note.tags.iter().map(String::as_str))
    });
    let links = sample.links.iter().map(|link| link.comment.as_str());
    let talk = sample.conversations.iter().flat_map(|conversation| {
        let texts = conversation.messages.iter().map(|message| message.text.as_str());
        texts.chain([conversation.title.as_str()])
    });
    spaces.chain(notes).chain(links).chain(talk).filter(|word| word.len() >= HEAD_BYTES).collect()
}

/// The words by their first bytes, so that one walk over a file finds any of them.
type Index<'w> = BTreeMap<[u8; HEAD_BYTES], Vec<&'w [u8]>>;

fn index<'w>(words: &BTreeSet<&'w str>) -> Index<'w> {
    let mut index = Index::new();
    for word in words {
        if let Some(head) = word.as_bytes().first_chunk() {
            index.entry(*head).or_default().push(word.as_bytes());
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
        if index.get(head).is_some_and(|words| words.iter().any(|word| rest.starts_with(word))) {
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
    fn a_word_is_found_wherever_it_stands() {
        let words = BTreeSet::from(["Modules GaN", "substrats diamant"]);
        let index = index(&words);
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
