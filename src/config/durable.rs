//! Files that are there whole or not at all, and stay.

use std::{
    collections::BTreeSet,
    fs, io,
    io::{Read as _, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

use super::folder_error::FolderError;
use crate::limits::CONFIG_FILE_BYTES_MAX;

/// Names of the regular files in a folder. Links and names that are not text are not ours.
pub(super) fn names_in(folder: &Path) -> Result<BTreeSet<String>, FolderError> {
    let failed = |fault: io::Error| system(folder, &fault);
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if entry.file_type().map_err(failed)?.is_file() {
            names.extend(entry.file_name().into_string().ok());
        }
    }
    Ok(names)
}

/// The bytes of a file, at most one more than may be: the check refuses that many.
pub(super) fn read_bounded(path: &Path) -> Result<Vec<u8>, FolderError> {
    let failed = |fault: io::Error| system(path, &fault);
    let most = u64::try_from(CONFIG_FILE_BYTES_MAX).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    fs::File::open(path).map_err(failed)?.take(most).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

/// A file is there whole or not at all, and stays: written beside, synced, renamed, and the folder synced.
pub(super) fn write_durably(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), FolderError> {
    let path = folder.join(name);
    let failed = |fault: io::Error| system(&path, &fault);
    let beside = folder.join(format!(".{name}.part"));
    let mut file =
        fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside).map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed)?;
    fs::rename(&beside, &path).map_err(failed)?;
    sync(folder)
}

pub(super) fn sync(folder: &Path) -> Result<(), FolderError> {
    fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(|fault| system(folder, &fault))
}

pub(super) fn remove(path: &Path) -> Result<(), FolderError> {
    match fs::remove_file(path) {
        Err(fault) if fault.kind() != io::ErrorKind::NotFound => Err(system(path, &fault)),
        Ok(()) | Err(_) => Ok(()),
    }
}

pub(super) fn system(path: &Path, fault: &io::Error) -> FolderError {
    let file = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    match fault.kind() {
        io::ErrorKind::NotFound => FolderError::Missing { file },
        kind => FolderError::System { file, kind },
    }
}
