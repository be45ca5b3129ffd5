//! The folder of one label's index, as tantivy sees it: files under readable names, in clear. On the disk a name is an
//! HMAC and a file is sealed under the label's key ([`super::pages`]).
//!
//! The files that tantivy replaces (the list of segments) are sealed whole. There is no lock file: the deployment's own
//! lock keeps other processes out, and a set in memory keeps two writers of this process apart.
//!
//! Not solved here: what tantivy reads it holds in clear in its own memory, unwiped (the dictionaries of open segments).
//! The process is undumpable and its memory is given back by no swap that is not sealed; see SECURITY.

use std::{
    collections::BTreeSet,
    fmt,
    io::{self, BufWriter, Write},
    ops::Range,
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, PoisonError},
    time::Duration,
};

use tantivy::{
    Directory, HasLen,
    directory::{
        AntiCallToken, DirectoryLock, FileHandle, Lock, OwnedBytes, TerminatingWrite, WatchCallback, WatchHandle,
        WritePtr,
        error::{DeleteError, LockError, OpenReadError, OpenWriteError},
    },
};

use super::{
    cache::Cache,
    pages::{Reader, Writer, tampered},
    place::Place,
};
use crate::{
    crypto::{Entropy, Secret, cobblestone, hmac},
    limits::{INDEX_LOCK_MS_MAX, INDEX_PAGE_BYTES},
};

#[derive(Default)]
struct Locks {
    held: Mutex<BTreeSet<PathBuf>>,
    freed: Condvar,
}

/// The sealed folder of one index. Cheap to clone.
#[derive(Clone)]
pub struct Sealed {
    place: Place,
    key: Arc<Secret>,
    entropy: Entropy,
    cache: Arc<Cache>,
    locks: Arc<Locks>,
}

impl fmt::Debug for Sealed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Sealed")
    }
}

impl Sealed {
    /// The index in `place`, under `key`.
    pub fn new(place: Place, key: Arc<Secret>, entropy: Entropy, cache: Arc<Cache>) -> Self {
        Self { place, key, entropy, cache, locks: Arc::default() }
    }

    /// The name on the disk: tells nothing, and another one in every index.
    pub fn name(&self, path: &Path) -> String {
        let whole = hmac(&self.key, &[b"vigie/index-name/v1\0", path.as_os_str().as_encoded_bytes()]);
        data_encoding::HEXLOWER.encode(whole.get(..16).unwrap_or_default())
    }

    fn context(path: &Path) -> Vec<u8> {
        [b"vigie/index-meta/v1\0".as_slice(), path.as_os_str().as_encoded_bytes()].concat()
    }
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn unreadable(path: &Path, error: io::Error) -> OpenReadError {
    if error.kind() == io::ErrorKind::NotFound {
        OpenReadError::FileDoesNotExist(path.to_owned())
    } else {
        OpenReadError::IoError { io_error: Arc::new(error), filepath: path.to_owned() }
    }
}

/// An open file.
struct Handle {
    reader: Reader,
    length: usize,
    number: u64,
    cache: Arc<Cache>,
}

impl fmt::Debug for Handle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Handle")
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.cache.forget(self.number);
    }
}

impl HasLen for Handle {
    fn len(&self) -> usize {
        self.length
    }
}

impl FileHandle for Handle {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        if range.start > range.end || range.end > self.length {
            return Err(tampered());
        }
        let mut bytes = Vec::with_capacity(range.len());
        let mut at = range.start;
        while at < range.end {
            let number = at.checked_div(INDEX_PAGE_BYTES).unwrap_or(0);
            let begins = number.saturating_mul(INDEX_PAGE_BYTES);
            let wide = u64::try_from(number).unwrap_or(u64::MAX);
            let page = self.cache.page(self.number, wide, || self.reader.page(wide))?;
            let until = range.end.min(begins.saturating_add(page.len()));
            let part =
                page.get(at.saturating_sub(begins)..until.saturating_sub(begins)).filter(|part| !part.is_empty());
            bytes.extend_from_slice(part.ok_or_else(tampered)?);
            at = until;
        }
        Ok(OwnedBytes::new(bytes))
    }
}

struct Ending(Writer);

impl Write for Ending {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl TerminatingWrite for Ending {
    fn terminate_ref(&mut self, _: AntiCallToken) -> io::Result<()> {
        self.0.finish()
    }
}

/// Gives a lock back.
struct Held(Arc<Locks>, PathBuf);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.held.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.1);
        self.0.freed.notify_all();
    }
}

impl Directory for Sealed {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        let source = self.place.open(&self.name(path)).map_err(|error| unreadable(path, error))?;
        let reader = Reader::open(source, &self.key, &text(path)).map_err(|error| unreadable(path, error))?;
        let length = usize::try_from(reader.length()).map_err(|_beyond| unreadable(path, tampered()))?;
        Ok(Arc::new(Handle { reader, length, number: self.cache.enrol(), cache: Arc::clone(&self.cache) }))
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.place.remove(&self.name(path)).map_err(|error| {
            if error.kind() == io::ErrorKind::NotFound {
                DeleteError::FileDoesNotExist(path.to_owned())
            } else {
                DeleteError::IoError { io_error: Arc::new(error), filepath: path.to_owned() }
            }
        })
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.place.exists(&self.name(path)).map_err(|error| unreadable(path, error))
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        let failed = |error: io::Error| {
            if error.kind() == io::ErrorKind::AlreadyExists {
                OpenWriteError::FileAlreadyExists(path.to_owned())
            } else {
                OpenWriteError::IoError { io_error: Arc::new(error), filepath: path.to_owned() }
            }
        };
        let sink = self.place.create(&self.name(path)).map_err(failed)?;
        let writer = Writer::begin(sink, &self.key, &text(path), &self.entropy).map_err(failed)?;
        Ok(BufWriter::new(Box::new(Ending(writer))))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        let read = || {
            let source = self.place.open(&self.name(path))?;
            let length = usize::try_from(source.length()).map_err(|_beyond| tampered())?;
            cobblestone::open(&self.key, &Self::context(path), &source.read(0, length)?)
                .map_err(|_unsealable| tampered())
        };
        read().map_err(|error| unreadable(path, error))
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        let sealed = cobblestone::seal(&self.key, &Self::context(path), data, &self.entropy);
        self.place.replace(&self.name(path), &sealed.map_err(|_exhausted| io::Error::from(io::ErrorKind::OutOfMemory))?)
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.place.sync()
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        let mut held = self.locks.held.lock().unwrap_or_else(PoisonError::into_inner);
        if lock.is_blocking {
            let patience = Duration::from_millis(INDEX_LOCK_MS_MAX);
            let waited = self.locks.freed.wait_timeout_while(held, patience, |held| held.contains(&lock.filepath));
            (held, _) = waited.unwrap_or_else(PoisonError::into_inner);
        }
        if !held.insert(lock.filepath.clone()) {
            return Err(LockError::LockBusy);
        }
        Ok(DirectoryLock::from(Box::new(Held(Arc::clone(&self.locks), lock.filepath.clone()))))
    }

    /// Readers are renewed by who commits; nobody watches.
    fn watch(&self, _: WatchCallback) -> tantivy::Result<WatchHandle> {
        Ok(WatchHandle::empty())
    }
}
