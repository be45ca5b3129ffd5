//! Where the files of an index lie: a folder, or memory for examinations. Bytes in, bytes out; everything that comes here
//! is sealed already, names included.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Write as _},
    os::unix::fs::FileExt as _,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The files of a place in memory.
#[derive(Debug, Default)]
pub struct Files {
    files: BTreeMap<String, Arc<Vec<u8>>>,
    /// How many more writes succeed; none for all.
    writes_left: Option<u64>,
}

impl Files {
    /// As a disk does that fills up.
    fn written(&mut self) -> io::Result<()> {
        match &mut self.writes_left {
            Some(0) => Err(io::Error::from(io::ErrorKind::StorageFull)),
            Some(left) => {
                *left = left.saturating_sub(1);
                Ok(())
            }
            None => Ok(()),
        }
    }
}

/// A place for files.
#[derive(Clone, Debug)]
pub enum Place {
    /// A folder of the disk.
    Folder(PathBuf),
    /// Memory: every file under its whole name.
    Memory(Arc<Mutex<Files>>, String),
}

/// A file being written: it has its name at once, and is whole once it is finished.
#[derive(Debug)]
pub enum Sink {
    /// On the disk.
    File(File),
    /// In memory: the place, the name, what came so far.
    Memory(Place, String, Vec<u8>),
}

/// A file being read. What it was opened on stays readable when the name is removed.
#[derive(Debug)]
pub enum Source {
    /// On the disk.
    File(File, u64),
    /// In memory.
    Memory(Arc<Vec<u8>>),
}

fn absent() -> io::Error {
    io::Error::from(io::ErrorKind::NotFound)
}

fn held(files: &Mutex<Files>) -> MutexGuard<'_, Files> {
    files.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Place {
    /// A place in memory.
    pub fn memory() -> Self {
        Self::Memory(Arc::default(), String::new())
    }

    /// From now on so many writes succeed, and then none; without a number all do again. A folder has its own disk.
    pub fn fill_up_after(&self, writes: Option<u64>) {
        if let Self::Memory(files, _) = self {
            held(files).writes_left = writes;
        }
    }

    /// A place within this one.
    #[must_use]
    pub fn within(&self, name: &str) -> Self {
        match self {
            Self::Folder(folder) => Self::Folder(folder.join(name)),
            Self::Memory(files, prefix) => Self::Memory(Arc::clone(files), format!("{prefix}{name}/")),
        }
    }

    /// Makes it, where it is not there yet.
    ///
    /// # Errors
    /// The system's.
    pub fn make(&self) -> io::Result<()> {
        match self {
            Self::Folder(folder) => fs::create_dir_all(folder),
            Self::Memory(..) => Ok(()),
        }
    }

    /// Removes it with all that is in it.
    ///
    /// # Errors
    /// The system's.
    pub fn clear(&self) -> io::Result<()> {
        match self {
            Self::Folder(folder) => match fs::remove_dir_all(folder) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            },
            Self::Memory(files, prefix) => {
                held(files).files.retain(|name, _| !name.starts_with(prefix.as_str()));
                Ok(())
            }
        }
    }

    /// The names of the places and files directly in it.
    ///
    /// # Errors
    /// The system's.
    pub fn names(&self) -> io::Result<Vec<String>> {
        match self {
            Self::Folder(folder) => {
                let mut names = Vec::new();
                for entry in fs::read_dir(folder)? {
                    names.extend(entry?.file_name().into_string());
                }
                Ok(names)
            }
            Self::Memory(files, prefix) => {
                let files = held(files);
                let inner = files.files.keys().filter_map(|name| name.strip_prefix(prefix.as_str()));
                let mut names: Vec<String> =
                    inner.filter_map(|name| name.split('/').next()).map(str::to_owned).collect();
                names.dedup();
                Ok(names)
            }
        }
    }

    /// Begins a file that is not there yet.
    ///
    /// # Errors
    /// [`io::ErrorKind::AlreadyExists`], and the system's.
    pub fn create(&self, name: &str) -> io::Result<Sink> {
        match self {
            Self::Folder(folder) => File::create_new(folder.join(name)).map(Sink::File),
            Self::Memory(..) if self.exists(name)? => Err(io::Error::from(io::ErrorKind::AlreadyExists)),
            Self::Memory(..) => Ok(Sink::Memory(self.clone(), name.to_owned(), Vec::new())),
        }
    }

    /// Opens a file.
    ///
    /// # Errors
    /// [`io::ErrorKind::NotFound`], and the system's.
    pub fn open(&self, name: &str) -> io::Result<Source> {
        match self {
            Self::Folder(folder) => {
                let file = File::open(folder.join(name))?;
                let length = file.metadata()?.len();
                Ok(Source::File(file, length))
            }
            Self::Memory(files, prefix) => {
                let files = held(files);
                let found = files.files.get(&format!("{prefix}{name}")).ok_or_else(absent)?;
                Ok(Source::Memory(Arc::clone(found)))
            }
        }
    }

    /// Whether there is such a file.
    ///
    /// # Errors
    /// The system's.
    pub fn exists(&self, name: &str) -> io::Result<bool> {
        match self {
            Self::Folder(folder) => folder.join(name).try_exists(),
            Self::Memory(files, prefix) => Ok(held(files).files.contains_key(&format!("{prefix}{name}"))),
        }
    }

    /// Replaces a file: a crash leaves the old bytes or the new ones.
    ///
    /// # Errors
    /// The system's.
    pub fn replace(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Folder(folder) => {
                let (path, beside) = (folder.join(name), folder.join(format!("{name}.new")));
                let mut file = File::create(&beside)?;
                file.write_all(bytes)?;
                file.sync_all()?;
                fs::rename(&beside, &path)?;
                self.sync()
            }
            Self::Memory(files, prefix) => {
                let mut files = held(files);
                files.written()?;
                files.files.insert(format!("{prefix}{name}"), Arc::new(bytes.to_vec()));
                Ok(())
            }
        }
    }

    /// Removes a file.
    ///
    /// # Errors
    /// [`io::ErrorKind::NotFound`], and the system's.
    pub fn remove(&self, name: &str) -> io::Result<()> {
        match self {
            Self::Folder(folder) => fs::remove_file(folder.join(name)),
            Self::Memory(files, prefix) => {
                held(files).files.remove(&format!("{prefix}{name}")).map(drop).ok_or_else(absent)
            }
        }
    }

    /// Makes names durable.
    ///
    /// # Errors
    /// The system's.
    pub fn sync(&self) -> io::Result<()> {
        match self {
            Self::Folder(folder) => File::open(folder)?.sync_all(),
            Self::Memory(..) => Ok(()),
        }
    }
}

impl Sink {
    /// Adds bytes.
    ///
    /// # Errors
    /// The system's.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::File(file) => file.write_all(bytes),
            Self::Memory(_, _, content) => {
                content.extend_from_slice(bytes);
                Ok(())
            }
        }
    }

    /// Makes it durable. Nothing is added any more.
    ///
    /// # Errors
    /// The system's.
    pub fn finish(&mut self) -> io::Result<()> {
        match self {
            Self::File(file) => file.sync_all(),
            Self::Memory(place, name, content) => place.replace(name, &std::mem::take(content)),
        }
    }
}

impl Source {
    /// Bytes in it.
    pub fn length(&self) -> u64 {
        match self {
            Self::File(_, length) => *length,
            Self::Memory(content) => u64::try_from(content.len()).unwrap_or(u64::MAX),
        }
    }

    /// `length` bytes from `offset` on.
    ///
    /// # Errors
    /// [`io::ErrorKind::UnexpectedEof`] when there are fewer, and the system's.
    pub fn read(&self, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        let short = || io::Error::from(io::ErrorKind::UnexpectedEof);
        match self {
            Self::File(file, whole) => {
                let end = offset.checked_add(u64::try_from(length).unwrap_or(u64::MAX)).ok_or_else(short)?;
                if end > *whole {
                    return Err(short());
                }
                let mut bytes = vec![0; length];
                file.read_exact_at(&mut bytes, offset)?;
                Ok(bytes)
            }
            Self::Memory(content) => {
                let start = usize::try_from(offset).map_err(|_beyond| short())?;
                let end = start.checked_add(length).ok_or_else(short)?;
                content.get(start..end).map(<[u8]>::to_vec).ok_or_else(short)
            }
        }
    }
}
