//! Writes a journal into a folder. What is there already and will not change is kept.

use std::{
    collections::BTreeSet,
    fmt, fs,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use super::{CHECKPOINT, Fault, FolderError, Progress, TILE_BYTES, read};
use crate::{
    audit::{
        note::Note,
        tile::{Bundle, Tile, Tiles as _},
        view::{Rows, View},
    },
    limits::JOURNAL_BUNDLE_BYTES_MAX,
};

/// Bytes on their way: renamed into place, so that no half-written file bears a name that counts.
const PART: &str = ".part";

/// Why a folder could not be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExportError<Failure> {
    /// The journal's rows cannot be read.
    Rows(Failure),
    /// The folder.
    Folder(FolderError),
}

impl<Failure> From<FolderError> for ExportError<Failure> {
    fn from(error: FolderError) -> Self {
        Self::Folder(error)
    }
}

impl<Failure: fmt::Display> fmt::Display for ExportError<Failure> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rows(failure) => failure.fmt(formatter),
            Self::Folder(error) => error.fmt(formatter),
        }
    }
}

impl<Failure: fmt::Debug + fmt::Display> std::error::Error for ExportError<Failure> {}

/// Writes the tree of `view` and its signed `checkpoint` into `folder`, which may hold an earlier export of
/// the same log: then only what is new is written.
///
/// The checkpoint comes last, after everything else is on the disk: cut at any moment, the folder holds
/// the earlier checkpoint, and writing again completes it.
///
/// # Errors
/// [`ExportError`]; [`Fault::Occupied`] when a file of another log is in the way.
pub fn write<R: Rows>(
    folder: &Path,
    view: &View<'_, R>,
    checkpoint: &Note,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), ExportError<R::Failure>> {
    let size = view.size();
    let mut target = Target { folder, made: BTreeSet::new() };
    target.make(folder)?;
    for bundle in Bundle::all(size) {
        let file = bundle.to_string();
        target.put(&file, &view.bundle(bundle).map_err(ExportError::Rows)?, JOURNAL_BUNDLE_BYTES_MAX)?;
        let entries = bundle.first().saturating_add(bundle.width().into());
        progress(Progress { entries, size });
    }
    for tile in Tile::all(size) {
        target.put(&tile.to_string(), &view.tile(tile).map_err(ExportError::Rows)?, TILE_BYTES)?;
    }
    target.flush()?;
    target.replace(CHECKPOINT, checkpoint.to_string().as_bytes())?;
    target.flush()?;
    Ok(())
}

struct Target<'folder> {
    folder: &'folder Path,
    made: BTreeSet<PathBuf>,
}

impl Target<'_> {
    fn make(&mut self, folder: &Path) -> Result<(), FolderError> {
        if self.made.contains(folder) {
            return Ok(());
        }
        let name = folder.strip_prefix(self.folder).unwrap_or(folder).display();
        fs::create_dir_all(folder).map_err(|error| FolderError::new(name, Fault::Unwritable(error.kind())))?;
        self.made.insert(folder.to_path_buf());
        Ok(())
    }

    fn put(&mut self, file: &str, bytes: &[u8], limit: usize) -> Result<(), FolderError> {
        match read(self.folder, file, limit) {
            Ok(there) if there == bytes => return Ok(()),
            Ok(_) => return Err(FolderError::new(file, Fault::Occupied)),
            Err(FolderError { fault: Fault::Missing, .. }) => {}
            Err(error) => return Err(error),
        }
        if let Some(parent) = self.folder.join(file).parent() {
            self.make(parent)?;
        }
        self.replace(file, bytes)
    }

    fn replace(&self, file: &str, bytes: &[u8]) -> Result<(), FolderError> {
        let fault = |error: io::Error| FolderError::new(file, Fault::Unwritable(error.kind()));
        let part = self.folder.join(PART);
        fs::write(&part, bytes).map_err(fault)?;
        if file == CHECKPOINT {
            fs::File::open(&part).and_then(|part| part.sync_all()).map_err(fault)?;
        }
        fs::rename(&part, self.folder.join(file)).map_err(fault)
    }

    /// Everything written so far reaches the disk: one call for the whole file system instead of one a file.
    fn flush(&self) -> Result<(), FolderError> {
        let fault = |kind: ErrorKind| FolderError::new(CHECKPOINT, Fault::Unwritable(kind));
        let folder = fs::File::open(self.folder).map_err(|error| fault(error.kind()))?;
        rustix::fs::syncfs(folder).map_err(|error| fault(error.kind()))
    }
}
