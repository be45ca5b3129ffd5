//! The engines under examination, and folders that clean up after themselves.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use vigie::store::{Engine, Family, Key, Memory, Rocks, Row, Writes};

/// What the suite does to an engine beyond the trait.
pub trait Subject: Engine {
    /// Moves rows from memory and old files to new files, where there are any.
    fn rewrite(&self, family: Family);
}

impl Subject for Memory {
    fn rewrite(&self, _: Family) {}
}

impl Subject for Rocks {
    fn rewrite(&self, family: Family) {
        self.compact(family).expect("compaction");
    }
}

/// An engine that can be stopped and started.
pub trait Bench {
    /// The engine.
    type Subject: Subject;
    /// A new, empty one.
    fn new() -> Self;
    /// Stops it if it runs, and starts it on what it kept.
    fn start(&mut self) -> &Self::Subject;
}

/// Keeps its rows as long as the bench lives.
pub struct InMemory(Memory);

impl Bench for InMemory {
    type Subject = Memory;

    fn new() -> Self {
        Self(Memory::new())
    }

    fn start(&mut self) -> &Memory {
        &self.0
    }
}

/// Keeps its rows in a folder. Fields drop in order: the engine before its folder.
pub struct OnDisk {
    rocks: Option<Rocks>,
    folder: Folder,
}

impl Bench for OnDisk {
    type Subject = Rocks;

    fn new() -> Self {
        let folder = Folder::new();
        drop(Rocks::create(&folder.0).expect("a new store"));
        Self { rocks: None, folder }
    }

    fn start(&mut self) -> &Rocks {
        self.rocks = None;
        self.rocks.insert(Rocks::open(&self.folder.0).expect("the store opens again"))
    }
}

/// A path of its own in the target folder, removed at the end.
pub struct Folder(pub PathBuf);

impl Folder {
    /// A path where nothing is yet.
    pub fn new() -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let name = format!("engine-{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        Self(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name))
    }

    /// A copy of the files as they are now, as a crash of the process would leave them.
    pub fn copy(&self) -> Self {
        let copy = Self::new();
        fs::create_dir(&copy.0).expect("a folder");
        for (name, bytes) in self.files() {
            fs::write(copy.0.join(name), bytes).expect("a copied file");
        }
        copy
    }

    /// Every file with its bytes, by name.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        let mut files: Vec<_> = fs::read_dir(&self.0)
            .expect("the folder")
            .map(|entry| {
                let entry = entry.expect("an entry");
                let name = entry.file_name().into_string().expect("a readable name");
                (name, fs::read(entry.path()).expect("a file"))
            })
            .collect();
        files.sort();
        files
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.0.exists() {
            fs::remove_dir_all(&self.0).expect("the folder is removed");
        }
    }
}

/// A key of these bytes.
pub fn key(bytes: impl Into<Vec<u8>>) -> Key {
    Key::new(bytes).expect("a key")
}

/// A row of these.
pub fn row(version: u64, value: impl Into<Vec<u8>>) -> Row {
    Row { version, value: value.into() }
}

/// One put, unchecked.
pub fn put(family: Family, key: Key, row: Row) -> Writes {
    Writes { puts: vec![(family, key, row)], ..Writes::default() }
}
