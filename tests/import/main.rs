//! Every way in: what becomes what, what is refused and where, what is left out; then the same under millions of
//! mutations. The samples are committed; the large collections stand beside the repository, and where they are absent the
//! tests that need them say so and pass.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::print_stderr,
    clippy::panic,
    reason = "a test fails by panicking, and says when it has nothing to test"
)]

mod feed;
mod fuzz;
mod html;
mod mail;
mod misp;
mod references;
mod review;
mod table;
mod vault;

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
    process::Command,
};

use vigie::{
    ops::import::{Attachment, Bundle, Item, Link, Note, Outcome, Refused},
    words::Language,
};

/// What came out of an import.
#[derive(Default, Debug, PartialEq, Eq)]
struct Sorted {
    notes: Vec<Note>,
    links: Vec<Link>,
    files: Vec<Attachment>,
    refused: Vec<Refused>,
}

impl Sorted {
    fn codes(&self) -> Vec<&'static str> {
        self.refused.iter().map(Refused::code).collect()
    }

    fn titles(&self) -> Vec<&str> {
        self.notes.iter().map(|note| note.title.as_str()).collect()
    }

    /// From, type, to.
    fn ends(&self) -> Vec<(&str, &str, &str)> {
        self.links.iter().map(|link| (link.from.as_str(), link.kind.as_str(), link.to.as_str())).collect()
    }
}

/// Runs an import to its end and holds it to the rules of every source.
fn sorted(outcomes: impl Iterator<Item = Outcome>) -> Sorted {
    let (mut found, mut names) = (Sorted::default(), BTreeSet::new());
    for outcome in outcomes {
        match outcome.map(|item| item.within_limits().expect("what is delivered keeps the limits")) {
            Ok(Item::Note(note)) => {
                assert!(found.links.is_empty() && found.files.is_empty(), "notes come first");
                assert!(names.insert(note.external_id.clone()), "one name, one note: {}", note.external_id);
                assert!(!note.title.trim().is_empty() && !note.title.contains('\n'), "{:?}", note.title);
                assert!(note.tags.iter().all(|tag| !tag.is_empty()), "{:?}", note.tags);
                let sources = note.sources.iter().filter_map(|source| source.url.as_deref());
                assert!(sources.into_iter().all(|url| url.starts_with("http")), "{:?}", note.sources);
                found.notes.push(note);
            }
            Ok(Item::Link(link)) => {
                assert!(found.files.is_empty(), "links come before files");
                assert_ne!(link.from, link.to);
                found.links.push(link);
            }
            Ok(Item::Attachment(file)) => found.files.push(file),
            Err(refused) => {
                for language in Language::ALL {
                    assert!(!refused.sentence().render(language).contains("import-"), "{refused}");
                }
                found.refused.push(refused);
            }
        }
    }
    found
}

fn bundle(name: &str, bytes: impl Into<Vec<u8>>) -> Bundle {
    let bytes: Vec<u8> = bytes.into();
    let length = bytes.len() as u64;
    Bundle::new(name.to_owned(), length, move || Ok(Box::new(io::Cursor::new(bytes.clone()))))
}

/// A folder of this test alone, removed with it.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            eprintln!("{}: {error}", self.0.display());
        }
    }
}

fn scratch(test: &str) -> Scratch {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("ways-{test}-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("the scratch folder can be made");
    Scratch(folder)
}

/// The collection of that name, unpacked; nothing where it is absent.
fn corpus(name: &str, test: &str) -> Option<(Scratch, PathBuf)> {
    let packed = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../shared/corpora/{name}.tar.xz"));
    if !packed.is_file() {
        eprintln!("{test}: {name} is absent, nothing tested");
        return None;
    }
    let scratch = scratch(test);
    let status = Command::new("tar").arg("xJf").arg(&packed).arg("-C").arg(&scratch.0).status().expect("tar runs");
    assert!(status.success());
    let inner = scratch.0.join(name);
    Some((scratch, inner))
}
