//! Files that commands read and write.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

use super::failure::Failure;
use crate::limits::CLI_FILE_BYTES_MAX;

/// Who may read a file that we write.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Readers {
    /// Whom the umask lets.
    Everybody,
    /// The owner alone.
    Owner,
}

/// The bytes of a file; `-` is stdin.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let failed = |error: io::Error| Failure::reading(path, &error);
    let source: Box<dyn io::Read> = match path.to_str() {
        Some("-") => Box::new(io::stdin()),
        _ => Box::new(File::open(path).map_err(failed)?),
    };
    let mut bytes = Vec::new();
    let limit = u64::try_from(CLI_FILE_BYTES_MAX).unwrap_or(u64::MAX);
    source.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() > CLI_FILE_BYTES_MAX {
        return Err(Failure::reading(path, &io::ErrorKind::FileTooLarge.into()));
    }
    Ok(bytes)
}

/// The text of a file.
pub(super) fn read_text(path: &Path) -> Result<String, Failure> {
    let utf8 = String::from_utf8(read(path)?);
    utf8.map_err(|_not_utf8| Failure::reading(path, &io::ErrorKind::InvalidData.into()))
}

/// Writes a file that must not exist yet.
pub(super) fn write_new(path: &Path, bytes: &[u8], readers: Readers) -> Result<(), Failure> {
    let mode = match readers {
        Readers::Everybody => 0o666,
        Readers::Owner => 0o600,
    };
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(mode);
    let written = options.open(path).and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()));
    written.map_err(|error| Failure::writing(path, &error))
}

/// Replaces a file so that a crash leaves the old bytes or the new ones.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    crate::store::committer::replace(path, bytes).map_err(|error| Failure::writing(path, &error))
}

/// Makes a folder with those above it.
pub(super) fn make_folder(path: &Path) -> Result<(), Failure> {
    fs::create_dir_all(path).map_err(|error| Failure::writing(path, &error))
}
