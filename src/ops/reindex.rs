//! `vigie store reindex`: the search indexes of a deployment, made anew from its store.
//!
//! Where a server runs, it does the work itself and goes on serving; it is asked, and asked how far it is, through two
//! files of the index folder (`serve/indexer.rs`). Where none runs, this process opens the deployment.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use super::{
    deployment::{self, OpenError, Places, Unseal},
    serve::indexer::{AGAIN, PROGRESS},
};
use crate::{
    clock::Clock,
    crypto::Entropy,
    finding::{Finder, FindingError, Place, Progress},
    limits::{REINDEX_ASK_MS, REINDEX_START_MS_MAX},
    words::{Sentence, key},
};

/// Why the indexes were not made anew.
#[derive(Debug)]
pub enum ReindexError {
    /// The deployment does not open.
    Open(OpenError),
    /// A file of the index folder cannot be read or written.
    File(PathBuf, io::ErrorKind),
    /// The process that uses the folder does not begin: it is no server, or an older one.
    Silent,
    /// The server that had begun has ended.
    Unfinished,
    /// The work could not be done.
    Finding(FindingError),
}

impl ReindexError {
    /// Stable, for machines.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Open(error) => error.code(),
            Self::File(..) => "index-file",
            Self::Silent => "index-silent",
            Self::Unfinished => "index-unfinished",
            Self::Finding(_) => "index-failed",
        }
    }

    /// For the operator.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::Open(error) => error.sentence(),
            Self::File(path, kind) => Sentence::new(key::FINDING_FILE)
                .with("file", path.display().to_string())
                .with("cause", kind.to_string()),
            Self::Silent => Sentence::new(key::FINDING_SILENT),
            Self::Unfinished => Sentence::new(key::FINDING_UNFINISHED),
            Self::Finding(error) => Sentence::new(key::FINDING_FAILED).with("cause", error.to_string()),
        }
    }
}

impl From<OpenError> for ReindexError {
    fn from(error: OpenError) -> Self {
        Self::Open(error)
    }
}

impl From<FindingError> for ReindexError {
    fn from(error: FindingError) -> Self {
        Self::Finding(error)
    }
}

/// Makes all indexes anew. Answers whether a running server did it.
///
/// # Errors
/// [`ReindexError`].
pub async fn reindex(dir: &Path, unseal: &Unseal, progress: &mut dyn FnMut(Progress)) -> Result<bool, ReindexError> {
    let running = match deployment::open(dir, unseal, Clock::System, Entropy::default()).await {
        Ok(running) => running,
        Err(OpenError::InUse { .. }) => {
            ask(&Places::at(dir), progress).await?;
            return Ok(true);
        }
        Err(error) => return Err(ReindexError::Open(error)),
    };
    let folder = running.ground.places().index();
    let finder = Finder::new(Place::Folder(folder.clone()));
    let done = async {
        // As a server does: what is broken off here goes on when one starts.
        fs::create_dir_all(&folder).map_err(failed(&folder))?;
        fs::write(folder.join(PROGRESS), b"0 0\n").map_err(failed(&folder.join(PROGRESS)))?;
        finder.begin(&running.vault).await.map_err(FindingError::from)?;
        finder.renew();
        while finder.step(&running.vault)? {
            progress(finder.progress());
        }
        finder.rest(&running.vault)?;
        for name in [AGAIN, PROGRESS] {
            match fs::remove_file(folder.join(name)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(&folder.join(name))(error)),
                _ => {}
            }
        }
        Ok(())
    };
    let outcome: Result<(), ReindexError> = done.await;
    running.stop().await;
    outcome?;
    Ok(false)
}

fn failed(path: &Path) -> impl Fn(io::Error) -> ReindexError {
    let path = path.to_owned();
    move |error| ReindexError::File(path.clone(), error.kind())
}

/// Asks the running server, and follows what it tells.
async fn ask(places: &Places, progress: &mut dyn FnMut(Progress)) -> Result<(), ReindexError> {
    let folder = places.index();
    let (again, told) = (folder.join(AGAIN), folder.join(PROGRESS));
    fs::write(&again, b"").map_err(failed(&again))?;
    let begun = Instant::now();
    let (pause, patience) = (Duration::from_millis(REINDEX_ASK_MS), Duration::from_millis(REINDEX_START_MS_MAX));
    while again.try_exists().map_err(failed(&again))? {
        if begun.elapsed() > patience {
            drop(fs::remove_file(&again));
            return Err(ReindexError::Silent);
        }
        tokio::time::sleep(pause).await;
    }
    loop {
        let written = fs::metadata(&told).and_then(|about| Ok((about.modified()?, fs::read_to_string(&told)?)));
        match written {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(failed(&told)(error)),
            // A server at work writes it several times a second; at rest somewhere, it still holds the deployment.
            Ok((when, _)) if when.elapsed().is_ok_and(|since| since > patience) && !places.is_in_use()? => {
                return Err(ReindexError::Unfinished);
            }
            Ok((_, text)) => {
                let mut numbers = text.split_whitespace();
                let indexes = numbers.next().and_then(|number| number.parse().ok()).unwrap_or(0);
                let share = numbers.next().and_then(|number| number.parse().ok()).unwrap_or(0);
                progress(Progress { indexes, share });
            }
        }
        tokio::time::sleep(pause).await;
    }
}
