//! Where an export goes: nothing half written ever bears the name that was asked for.
//!
//! Everything is made in a folder of its own beside the goal, and takes its name at the very end, in one step that does
//! not replace anything. What leaves the safe is read by its owner alone: 0700 and 0600, whatever the umask.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use rustix::fs::{CWD, RenameFlags};

/// A folder under way. Dropped without [`Unfinished::finish_folder`] or [`Unfinished::finish_file`], it goes.
pub struct Unfinished {
    goal: PathBuf,
    folder: PathBuf,
}

impl Unfinished {
    /// Begins beside `goal`, which must not be there, or be an empty folder when `empty_will_do`.
    ///
    /// # Errors
    /// [`io::Error`]; `AlreadyExists` when something is there.
    pub fn begin(goal: &Path, empty_will_do: bool) -> io::Result<Self> {
        let occupied = match fs::symlink_metadata(goal) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) => return Err(error),
            Ok(found) if found.is_dir() && empty_will_do => fs::read_dir(goal)?.next().is_some(),
            Ok(_) => true,
        };
        if occupied {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let name = goal.file_name().ok_or(io::ErrorKind::InvalidInput)?;
        let beside = goal.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut unfinished = std::ffi::OsString::from(".");
        unfinished.push(name);
        unfinished.push(format!(".vigie-{}", std::process::id()));
        let folder = beside.join(unfinished);
        DirBuilder::new().mode(0o700).create(&folder)?;
        Ok(Self { goal: goal.to_owned(), folder })
    }

    /// A path in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// A new file in it, with the folders above it.
    ///
    /// # Errors
    /// [`io::Error`].
    pub fn file(&self, name: &str) -> io::Result<File> {
        let path = self.path(name);
        if let Some(above) = path.parent() {
            DirBuilder::new().mode(0o700).recursive(true).create(above)?;
        }
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
    }

    /// Writes a new file in it.
    ///
    /// # Errors
    /// [`io::Error`].
    pub fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let mut file = self.file(name)?;
        io::Write::write_all(&mut file, bytes)?;
        file.sync_all()
    }

    /// Takes something out of it again.
    ///
    /// # Errors
    /// [`io::Error`].
    pub fn remove(&self, name: &str) -> io::Result<()> {
        fs::remove_file(self.path(name))
    }

    /// The folder takes the name that was asked for.
    ///
    /// # Errors
    /// [`io::Error`]; the goal is as it was.
    pub fn finish_folder(self) -> io::Result<()> {
        // Takes the place of an empty folder and of nothing else: the system sees to it.
        fs::rename(&self.folder, &self.goal)?;
        self.settled()
    }

    /// One file of the folder takes the name that was asked for; the rest goes.
    ///
    /// # Errors
    /// [`io::Error`]; the goal is as it was.
    pub fn finish_file(self, name: &str) -> io::Result<()> {
        // Somebody may have made a file of that name meanwhile: it is not replaced.
        rustix::fs::renameat_with(CWD, self.path(name), CWD, &self.goal, RenameFlags::NOREPLACE)?;
        self.settled()
    }

    fn settled(&self) -> io::Result<()> {
        let beside = self.goal.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(beside)?.sync_all()
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        // Gone already when it took its name.
        drop(fs::remove_dir_all(&self.folder));
    }
}
