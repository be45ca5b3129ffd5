//! The encrypted directory, as an attacker with the disk meets it.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use tantivy::{
    Directory as _, Index, IndexWriter, TantivyDocument, Term,
    directory::{INDEX_WRITER_LOCK, TerminatingWrite as _, error::LockError},
    index::IndexSettings,
    schema::{IndexRecordOption, STORED, STRING, Schema, TEXT},
};

use crate::{
    crypto::Entropy,
    finding::{Place, cache::Cache, directory::Sealed},
    limits::INDEX_PAGE_BYTES,
};

/// A folder that goes with its test.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        let unique = Entropy::default().id().unwrap();
        let path = std::env::temp_dir().join(format!("vigie-finding-{name}-{unique}"));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn files(&self) -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> = fs::read_dir(&self.0).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

fn sealed(folder: &Folder) -> Sealed {
    let entropy = Entropy::default();
    let key = Arc::new(entropy.secret().unwrap());
    Sealed::new(Place::Folder(folder.0.clone()), key, entropy, Arc::new(Cache::default()))
}

fn write(directory: &Sealed, name: &str, content: &[u8]) {
    use std::io::Write as _;
    let mut writer = directory.open_write(Path::new(name)).unwrap();
    writer.write_all(content).unwrap();
    writer.terminate().unwrap();
}

/// The content, opened anew; none when it does not open.
fn read(directory: &Sealed, name: &str) -> Option<Vec<u8>> {
    let handle = directory.get_file_handle(Path::new(name)).ok()?;
    handle.read_bytes(0..handle.len()).ok().map(|bytes| bytes.as_slice().to_vec())
}

fn content(pages: usize, more: usize) -> Vec<u8> {
    (0..pages.saturating_mul(INDEX_PAGE_BYTES).saturating_add(more)).map(|at| u8::try_from(at % 251).unwrap()).collect()
}

#[test]
fn a_file_of_any_length_comes_back_whole_and_in_part() {
    let folder = Folder::new("whole");
    let directory = sealed(&folder);
    for (number, (pages, more)) in [(0, 0), (0, 1), (1, 0), (1, 1), (3, 77)].into_iter().enumerate() {
        let (name, content) = (format!("file{number}"), content(pages, more));
        write(&directory, &name, &content);
        assert_eq!(read(&directory, &name), Some(content.clone()));
        let handle = directory.get_file_handle(Path::new(&name)).unwrap();
        for start in [0, content.len() / 3, content.len().saturating_sub(2)] {
            let part = handle.read_bytes(start..content.len()).unwrap();
            assert_eq!(part.as_slice(), &content[start..]);
        }
        assert!(handle.read_bytes(0..content.len() + 1).is_err(), "beyond the end there is nothing");
    }
    assert!(directory.open_write(Path::new("file1")).is_err(), "a file is written once");
}

#[test]
fn a_changed_bit_anywhere_is_refused() {
    let folder = Folder::new("flip");
    let directory = sealed(&folder);
    write(&directory, "one", &content(2, 100));
    let path = folder.0.join(directory.name(Path::new("one")));
    let good = fs::read(&path).unwrap();
    let step = 509;
    for at in (0..good.len()).step_by(step).chain(good.len() - 40..good.len()).chain(0..40) {
        let mut bad = good.clone();
        bad[at] ^= 1;
        fs::write(&path, &bad).unwrap();
        assert_eq!(read(&directory, "one"), None, "byte {at}");
    }
    fs::write(&path, &good).unwrap();
    assert!(read(&directory, "one").is_some());
}

#[test]
fn a_cut_or_lengthened_file_is_refused_at_any_length() {
    let folder = Folder::new("cut");
    let directory = sealed(&folder);
    write(&directory, "one", &content(2, 100));
    let path = folder.0.join(directory.name(Path::new("one")));
    let good = fs::read(&path).unwrap();
    let sealed_page = INDEX_PAGE_BYTES + 28;
    for length in [0, 1, 31, 32, 68, 32 + sealed_page, 32 + sealed_page + 36, good.len() - 36, good.len() - 1] {
        fs::write(&path, &good[..length]).unwrap();
        assert_eq!(read(&directory, "one"), None, "{length} bytes");
    }
    let without_first = [&good[..32], &good[32 + sealed_page..]].concat();
    let with_first_twice = [&good[..32 + sealed_page], &good[32..]].concat();
    for bad in [without_first, with_first_twice, [good.as_slice(), b"x"].concat()] {
        fs::write(&path, &bad).unwrap();
        assert_eq!(read(&directory, "one"), None);
    }
}

#[test]
fn pages_and_files_cannot_change_places() {
    let folder = Folder::new("swap");
    let (directory, stranger) = (sealed(&folder), sealed(&folder));
    write(&directory, "one", &content(3, 0));
    write(&directory, "two", &content(3, 0));
    let [one, two] = ["one", "two"].map(|name| folder.0.join(directory.name(Path::new(name))));
    let [first, second] = [&one, &two].map(|path| fs::read(path).unwrap());
    let page = |number: usize| 32 + number * (INDEX_PAGE_BYTES + 28)..32 + (number + 1) * (INDEX_PAGE_BYTES + 28);
    let mut reordered = first.clone();
    reordered[page(0)].copy_from_slice(&first[page(1)]);
    reordered[page(1)].copy_from_slice(&first[page(0)]);
    let mut foreign = first.clone();
    foreign[page(1)].copy_from_slice(&second[page(1)]);
    let end = first.len() - 36;
    let foreign_end = [&first[..end], &second[end..]].concat();
    for bad in [reordered, foreign, foreign_end, second] {
        fs::write(&one, &bad).unwrap();
        assert_eq!(read(&directory, "one"), None);
    }
    // The same name under another label's key: another file on the disk, and its bytes do not open here.
    write(&stranger, "one", &content(1, 0));
    let theirs = folder.0.join(stranger.name(Path::new("one")));
    assert_ne!(theirs, one);
    fs::copy(&theirs, &one).unwrap();
    assert_eq!(read(&directory, "one"), None);
}

#[test]
fn the_list_of_segments_is_sealed_and_bound_to_its_name() {
    let folder = Folder::new("meta");
    let directory = sealed(&folder);
    directory.atomic_write(Path::new("meta.json"), b"{\"zorglub\":1}").unwrap();
    directory.atomic_write(Path::new(".managed.json"), b"[]").unwrap();
    assert_eq!(directory.atomic_read(Path::new("meta.json")).unwrap(), b"{\"zorglub\":1}");
    let [meta, managed] = ["meta.json", ".managed.json"].map(|name| folder.0.join(directory.name(Path::new(name))));
    fs::copy(&managed, &meta).unwrap();
    assert!(directory.atomic_read(Path::new("meta.json")).is_err());
    assert!(matches!(
        directory.atomic_read(Path::new("nothing")),
        Err(tantivy::directory::error::OpenReadError::FileDoesNotExist(_))
    ));
}

#[test]
fn one_writer_at_a_time_and_no_file_for_its_lock() {
    let folder = Folder::new("lock");
    let directory = sealed(&folder);
    let lock = directory.acquire_lock(&INDEX_WRITER_LOCK).unwrap();
    assert!(matches!(directory.clone().acquire_lock(&INDEX_WRITER_LOCK), Err(LockError::LockBusy)));
    drop(lock);
    drop(directory.acquire_lock(&INDEX_WRITER_LOCK).unwrap());
    assert!(folder.files().is_empty());
}

/// An index with words that stand nowhere else.
fn zorglub(directory: Sealed) -> Index {
    let mut schema = Schema::builder();
    let text = schema.add_text_field("biglotron", TEXT);
    let tag = schema.add_text_field("schmilblick", STRING | STORED);
    let index = Index::create(directory, schema.build(), IndexSettings::default()).unwrap();
    let mut writer: IndexWriter = index.writer_with_num_threads(1, crate::limits::INDEX_MEMORY_BYTES).unwrap();
    for number in 0..3000 {
        let mut document = TantivyDocument::new();
        document.add_text(text, format!("zorglub mot{number} gloubiboulga"));
        document.add_text(tag, format!("etiquette{number}"));
        writer.add_document(document).unwrap();
        if number % 1000 == 999 {
            writer.commit().unwrap();
        }
    }
    writer.wait_merging_threads().unwrap();
    index
}

#[test]
fn no_word_field_or_file_name_of_an_index_stands_on_the_disk() {
    let folder = Folder::new("canary");
    drop(zorglub(sealed(&folder)));
    let files = folder.files();
    assert!(files.len() > 5);
    for path in files {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        assert!(name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}");
        let bytes = fs::read(&path).unwrap();
        for canary in ["zorglub", "mot77", "gloubiboulga", "etiquette7", "biglotron", "schmilblick", "segment", "raw"] {
            assert!(!bytes.windows(canary.len()).any(|window| window == canary.as_bytes()), "{canary} in {name}");
        }
    }
}

#[test]
fn every_page_of_every_file_of_an_index_is_guarded() {
    let folder = Folder::new("each");
    let directory = sealed(&folder);
    drop(zorglub(directory.clone()));
    // Whether opening the index and reading all there is to read notices anything.
    let survives = || -> Option<()> {
        let directory = Sealed::clone(&directory);
        let index = Index::open(directory).ok()?;
        let searcher = index.reader().ok()?.searcher();
        for (field, _) in index.schema().fields() {
            for segment in searcher.segment_readers() {
                segment.inverted_index(field).ok()?;
            }
        }
        index.validate_checksum().ok()?.is_empty().then_some(())
    };
    assert!(survives().is_some());
    for path in folder.files() {
        let good = fs::read(&path).unwrap();
        let sealed_page = INDEX_PAGE_BYTES + 28;
        for start in (0..good.len()).step_by(sealed_page) {
            let mut bad = good.clone();
            let middle = start + (good.len() - start).min(sealed_page) / 2;
            bad[middle] ^= 0x40;
            fs::write(&path, &bad).unwrap();
            assert!(survives().is_none(), "{} byte {middle} of {}", path.display(), good.len());
        }
        fs::write(&path, &good[..good.len() / 2]).unwrap();
        assert!(survives().is_none());
        fs::write(&path, &good).unwrap();
    }
    assert!(survives().is_some());
    let index = Index::open(directory).unwrap();
    let searcher = index.reader().unwrap().searcher();
    let field = index.schema().get_field("biglotron").unwrap();
    let term = Term::from_field_text(field, "zorglub");
    let found: u32 = searcher
        .segment_readers()
        .iter()
        .filter_map(|segment| {
            segment.inverted_index(field).unwrap().read_postings(&term, IndexRecordOption::Basic).unwrap()
        })
        .map(|postings| postings.doc_freq())
        .sum();
    assert_eq!(found, 3000);
}
