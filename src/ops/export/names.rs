//! Names of what leaves: files that no title and no stranger's name can lead out of the folder, each note its own.

use std::collections::{BTreeMap, BTreeSet};

use super::packet::{Attachment, Note};

/// Bytes of one part of a path, of the name that a title gives, and of a whole path.
const PART_BYTES_MAX: usize = 200;
const TITLE_CHARS_MAX: usize = 50;
const PATH_BYTES_MAX: usize = 240;
/// What a title's name keeps of the identifier.
const IDENTIFIER_CHARS: usize = 10;

/// A note's names in the export.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Named {
    /// The file, with `/`.
    pub file: String,
    /// The name under which an import knows it.
    pub external_id: String,
}

/// The names of all notes of an export.
#[derive(Default)]
pub struct Names {
    notes: BTreeMap<String, Named>,
    /// Lower case: what differs in case alone is one file on some systems.
    files: BTreeSet<String>,
    folders: BTreeSet<String>,
    external: BTreeSet<String>,
}

impl Names {
    /// Gives a note its names: those that it was imported under, where they can be borne and nobody bears them yet.
    pub fn give(&mut self, note: &Note) {
        let own = format!("vigie:{}", note.id);
        let external_id = note.external_id.clone().filter(|name| !self.external.contains(name)).unwrap_or(own);
        let imported = Some(&external_id).filter(|path| sound(path) && self.is_free(path)).cloned();
        let file = imported.unwrap_or_else(|| {
            let short: String = note.id.chars().take(IDENTIFIER_CHARS).collect();
            let name = format!("{}-{short}.md", slug(&note.title));
            if self.is_free(&name) { name } else { format!("{}.md", note.id) }
        });
        self.external.insert(external_id.clone());
        let lower = file.to_lowercase();
        for (at, _) in lower.match_indices('/') {
            self.folders.extend(lower.get(..at).map(str::to_owned));
        }
        self.files.insert(lower);
        self.notes.insert(note.id.clone(), Named { file, external_id });
    }

    /// The names of a note of the export.
    pub fn of(&self, id: &str) -> Option<&Named> {
        self.notes.get(id)
    }

    fn is_free(&self, path: &str) -> bool {
        let lower = path.to_lowercase();
        let below_a_file =
            lower.match_indices('/').any(|(at, _)| lower.get(..at).is_some_and(|above| self.files.contains(above)));
        !self.files.contains(&lower) && !self.folders.contains(&lower) && !below_a_file
    }
}

/// The file of an attachment, beside those of its note: what it is called is said in the note. The same content under the
/// same name is the same file in every export; `id` tells two of one note apart that are both.
pub fn attachment(note: &Named, of: &Attachment, taken: &mut BTreeSet<String>) -> String {
    let digest = of.digest.as_deref().unwrap_or(&of.id);
    let file = named_attachment(note, digest, &of.name);
    let file = if taken.contains(&file) { named_attachment(note, &of.id, &of.name) } else { file };
    taken.insert(file.clone());
    file
}

fn named_attachment(note: &Named, mark: &str, name: &str) -> String {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let short: String = mark.chars().take(IDENTIFIER_CHARS).collect();
    let kept =
        !extension.is_empty() && extension.len() <= 8 && extension.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let ending = if kept { format!(".{}", extension.to_ascii_lowercase()) } else { String::new() };
    // Never `.md`: an import would take it for a note.
    let ending = if matches!(ending.as_str(), ".md" | ".markdown") { format!("{ending}.txt") } else { ending };
    let folder = note.file.strip_suffix(".md").unwrap_or(&note.file);
    format!("{ATTACHMENTS}/{folder}/{}-{short}{ending}", slug(stem))
}

/// The folder of attachments.
pub const ATTACHMENTS: &str = "attachments";

/// A name that an import gave, which is a path of Markdown inside the folder and nothing else.
fn sound(path: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && part.len() <= PART_BYTES_MAX
            && !part.starts_with('.')
            && !part.chars().any(|letter| letter.is_control() || matches!(letter, '\\' | ':'))
    };
    path.len() <= PATH_BYTES_MAX
        && path.ends_with(".md")
        && path.split('/').all(part)
        && !path.to_lowercase().starts_with(&format!("{ATTACHMENTS}/"))
}

/// Letters and digits of a title, with hyphens between the words.
fn slug(title: &str) -> String {
    let words = title.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    let name: String = words.collect::<Vec<_>>().join("-").to_lowercase().chars().take(TITLE_CHARS_MAX).collect();
    if name.is_empty() { "note".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ops::export::tests::note;

    #[test]
    fn a_note_keeps_the_path_that_it_was_imported_under_when_it_can_be_borne() {
        let file = |external: &str| {
            let mut names = Names::default();
            names.give(&Note {
                external_id: Some(external.to_owned()),
                ..note("aaaaaaaaaaaaaaaaaaaaaaaaae", "Été & hiver")
            });
            names.of("aaaaaaaaaaaaaaaaaaaaaaaaae").expect("a name").file.clone()
        };
        assert_eq!(file("text/0001-private-fields.md"), "text/0001-private-fields.md");
        for bad in [
            "../x.md",
            "/x.md",
            "a//b.md",
            "a/../../x.md",
            ".ssh/x.md",
            "a\\b.md",
            "a:b.md",
            "a\nb.md",
            "x.txt",
            "",
            "attachments/x.md",
            "Attachments/x.md",
            "a/./b.md",
            "report--1",
        ] {
            assert_eq!(file(bad), "été-hiver-aaaaaaaaaa.md", "{bad:?}");
        }
    }

    #[test]
    fn two_notes_of_one_name_are_two_files_and_two_names() {
        let mut names = Names::default();
        let mut give = |id: &str, external: Option<&str>| {
            let note = Note { external_id: external.map(str::to_owned), ..note(id, "T") };
            names.give(&note);
            let named = names.of(id).expect("a name");
            (named.file.clone(), named.external_id.clone())
        };
        let own = |id: &str| format!("vigie:{id}");
        assert_eq!(give("one", Some("a.md")), ("a.md".to_owned(), "a.md".to_owned()));
        assert_eq!(give("two", Some("a.md")), ("t-two.md".to_owned(), own("two")));
        assert_eq!(give("three", Some("A.md")), ("t-three.md".to_owned(), "A.md".to_owned()));
        assert_eq!(give("four", Some("a.md/b.md")), ("t-four.md".to_owned(), "a.md/b.md".to_owned()));
        assert_eq!(give("five", None), ("t-five.md".to_owned(), own("five")));
    }

    proptest! {
        #[test]
        fn no_name_leads_out_of_the_folder(name in "[./\\\\a-z:\u{e9}\n]{0,40}", title in "\\PC{0,80}") {
            let mut names = Names::default();
            let note = Note { external_id: Some(name.clone()), ..note("id", &title) };
            names.give(&note);
            let path = named_attachment(names.of("id").expect("a name"), "digest", &name);
            for path in [path, names.of("id").expect("a name").file.clone()] {
                prop_assert!(path.split('/').all(|part| !part.is_empty() && !part.starts_with('.')), "{}", path);
                prop_assert!(!path.contains(['\\', '\n']) && path.len() < 800);
            }
        }
    }
}
