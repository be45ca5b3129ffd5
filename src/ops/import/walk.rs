//! The files of a folder. No symbolic link is followed, neither on the way nor when a file is opened.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use rustix::fs::OFlags;

use crate::{
    limits::{IMPORT_FILE_BYTES_MAX, IMPORT_FILES_MAX, IMPORT_FOLDER_DEPTH_MAX},
    ops::import::{Place, Reason, Refused, text},
};

/// A file of the folder.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Found {
    /// Inside the folder, with `/`.
    pub(super) path: String,
    /// Its length when it was found.
    pub(super) bytes: u64,
}

/// What a folder holds, each list in the order of the paths' bytes.
#[derive(Default, Debug)]
pub(super) struct Walked {
    /// Files with one of the wanted extensions.
    pub(super) found: Vec<Found>,
    /// All other files: what notes may carry with them.
    pub(super) others: Vec<Found>,
    /// What is not read.
    pub(super) refused: Vec<Refused>,
}

struct Walk<'a> {
    extensions: &'a [&'a str],
    walked: Walked,
}

/// The files below a folder; `extensions`, in lower case, say which are wanted.
pub(super) fn walk(root: &Path, extensions: &[&str]) -> Walked {
    let mut walk = Walk { extensions, walked: Walked::default() };
    // The folder itself was named by the user and may be a link.
    walk.folder(root, "", 0);
    let mut walked = walk.walked;
    walked.found.sort();
    walked.others.sort();
    walked.refused.sort_by(|one, other| one.place.file.cmp(&other.place.file));
    walked
}

impl Walk<'_> {
    fn refuse(&mut self, path: &str, reason: Reason) {
        let place = Place { file: path.to_owned(), byte: None, id: None };
        self.walked.refused.push(Refused { place, reason });
    }

    /// One folder and what is below it; `inside` is its path inside the root.
    fn folder(&mut self, place: &Path, inside: &str, depth: usize) {
        let shown = if inside.is_empty() { place.to_string_lossy().into_owned() } else { inside.to_owned() };
        if depth > IMPORT_FOLDER_DEPTH_MAX {
            return self.refuse(&shown, Reason::TooDeep);
        }
        let entries = match fs::read_dir(place) {
            Ok(entries) => entries,
            Err(error) => return self.refuse(&shown, Reason::Unreadable(error.kind())),
        };
        for entry in entries {
            match entry.and_then(|entry| Ok((entry.file_name(), entry.path(), entry.metadata()?))) {
                Ok((name, path, metadata)) => self.entry(&name, &path, &metadata, inside, depth),
                Err(error) => self.refuse(&shown, Reason::Unreadable(error.kind())),
            }
        }
    }

    fn entry(&mut self, name: &std::ffi::OsStr, place: &Path, metadata: &fs::Metadata, inside: &str, depth: usize) {
        let lossy = name.to_string_lossy();
        let path = if inside.is_empty() { lossy.clone().into_owned() } else { format!("{inside}/{lossy}") };
        let file_type = metadata.file_type();
        if lossy.starts_with('.') {
            let path = if file_type.is_dir() { format!("{path}/") } else { path };
            return self.refuse(&path, Reason::Hidden);
        }
        let wanted = has_extension(&lossy, self.extensions);
        if file_type.is_symlink() {
            self.refuse(&path, Reason::SymbolicLink);
        } else if file_type.is_dir() {
            self.folder(place, &path, depth.saturating_add(1));
        } else if !file_type.is_file() {
            // A pipe, a socket, a device.
        } else if !wanted {
            // An image or the like: it comes only if a note shows it, and is judged then.
            if name.to_str().is_some() && self.walked.others.len() < IMPORT_FILES_MAX {
                self.walked.others.push(Found { path, bytes: metadata.len() });
            } else {
                self.refuse(&path, Reason::NotShown);
            }
        } else if name.to_str().is_none() {
            self.refuse(&path, Reason::NotUtf8);
        } else if !text::sound_id(&path) {
            self.refuse(&path, Reason::BadIdentifier);
        } else if self.walked.found.len() >= IMPORT_FILES_MAX {
            self.refuse(&path, Reason::TooMany);
        } else {
            self.walked.found.push(Found { path, bytes: metadata.len() });
        }
    }
}

fn has_extension(name: &str, extensions: &[&str]) -> bool {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    extension.is_some_and(|extension| extensions.contains(&extension.as_str()))
}

/// The text of one file with plain line ends, without a byte order mark.
pub(super) fn read_file(root: &Path, path: &str) -> Result<String, Reason> {
    let bytes = whole(open(&root.join(path)), IMPORT_FILE_BYTES_MAX)?;
    let text = String::from_utf8(bytes).map_err(|_not_utf8| Reason::NotUtf8)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    Ok(text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "\u{fffd}"))
}

/// All bytes of a file, if they are not too many.
pub(super) fn whole(file: io::Result<impl Read>, bytes_max: usize) -> Result<Vec<u8>, Reason> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(bytes_max).unwrap_or(u64::MAX).saturating_add(1);
    match file.and_then(|file| file.take(limit).read_to_end(&mut bytes)) {
        Err(error) if error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error()) => Err(Reason::SymbolicLink),
        Err(error) => Err(Reason::Unreadable(error.kind())),
        Ok(_) if bytes.len() > bytes_max => Err(Reason::TooLarge),
        Ok(_) => Ok(bytes),
    }
}

/// Between the walk and now the file may have been replaced by a link or a pipe: neither is followed or waited for.
pub(super) fn open(path: &Path) -> io::Result<File> {
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits();
    let flags = i32::try_from(flags).map_err(|_too_large| io::Error::from(io::ErrorKind::Unsupported))?;
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(io::ErrorKind::Unsupported.into()) }
}
