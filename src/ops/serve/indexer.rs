//! The thread that follows what is written, so that it is found within a second of its commit; and makes indexes anew
//! when it is asked to, while the server serves.
//!
//! `vigie store reindex` of another process asks through two files of the index folder: `again`, empty, which this thread
//! removes when it has begun, and `progress`, two numbers, which it removes when it is done. Where `progress` lies when a server
//! begins, one that was asked has ended before it was done: the asking holds.

use std::{
    fs,
    panic::{self, AssertUnwindSafe},
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use crate::{
    edge::App,
    finding::{Finder, Place},
    limits::{FOLLOW_LOOK_MS, FOLLOW_RETRY_MS},
    vault::Vault,
};

/// Asks for all indexes to be made anew.
pub const AGAIN: &str = "again";
/// How far that is: indexes left, thousandths of all that are done.
pub const PROGRESS: &str = "progress";

/// The thread.
pub(super) struct Indexer {
    app: Arc<App>,
    stop: Arc<AtomicBool>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Indexer {
    pub(super) fn start(app: &Arc<App>) -> Self {
        let (stop, runtime) = (Arc::new(AtomicBool::new(false)), tokio::runtime::Handle::current());
        let (shared, stopped) = (Arc::clone(app), Arc::clone(&stop));
        resume(app);
        let thread = thread::Builder::new().name("indexer".to_owned()).spawn(move || {
            while !stopped.load(Ordering::Acquire) {
                let looked = panic::catch_unwind(AssertUnwindSafe(|| look(&shared, &runtime)));
                let pause = match looked {
                    Ok(Some(true)) => continue,
                    Ok(Some(false)) => FOLLOW_LOOK_MS,
                    Ok(None) => FOLLOW_RETRY_MS,
                    Err(_panicked) => {
                        tracing::error!("the index broke off and begins again");
                        shared.finder.abandon();
                        resume(&shared);
                        FOLLOW_RETRY_MS
                    }
                };
                thread::sleep(Duration::from_millis(pause));
            }
        });
        if let Err(error) = &thread {
            tracing::error!(%error, "no thread for the index: nothing new will be found");
        }
        Self { app: Arc::clone(app), stop, thread: thread.ok() }
    }

    /// Lets the thread end, and merges under way.
    pub(super) async fn stop(self) {
        self.stop.store(true, Ordering::Release);
        let Self { app, thread, .. } = self;
        let ended = tokio::task::spawn_blocking(move || {
            if let Some(thread) = thread
                && thread.join().is_err()
            {
                tracing::error!("the indexer ended badly");
            }
            let Some(vault) = app.vault.load_full() else { return };
            if let Err(error) = app.finder.rest(&vault) {
                tracing::warn!(%error, "the index did not end in order: it is followed again at the next start");
            }
        });
        if ended.await.is_err() {
            tracing::error!("the indexer could not be awaited");
        }
    }
}

/// Takes up what somebody asked for and a process before this one, or a follower before this one, did not end.
fn resume(app: &App) {
    if let Place::Folder(folder) = app.finder.place()
        && folder.join(PROGRESS).is_file()
    {
        app.finder.renew();
    }
}

/// One look; whether there is more to do at once, none when it failed. The vault is held for one step only: whoever
/// changes the policy waits for that.
fn look(app: &App, runtime: &tokio::runtime::Handle) -> Option<bool> {
    let vault = app.vault.load_full()?;
    if runtime.block_on(app.finder.begin(&vault)).is_err() {
        return None;
    }
    let folder = match app.finder.place() {
        Place::Folder(folder) => Some(folder.clone()),
        Place::Memory(..) => None,
    };
    // Told before the request goes: whoever asked waits while this file is there.
    if let Some(folder) = &folder
        && folder.join(AGAIN).is_file()
        && fs::write(folder.join(PROGRESS), "0 0\n").is_ok()
        && fs::remove_file(folder.join(AGAIN)).is_ok()
    {
        app.finder.renew();
    }
    let more = step(&app.finder, &vault);
    if let Some(folder) = folder {
        tell(&app.finder, &folder);
    }
    more
}

fn step(finder: &Finder, vault: &Vault) -> Option<bool> {
    match finder.step(vault) {
        Ok(more) => Some(more),
        Err(error) => {
            tracing::error!(%error, "the index does not follow now: what was written since is not found yet");
            None
        }
    }
}

fn tell(finder: &Finder, folder: &std::path::Path) {
    let (progress, path): (_, PathBuf) = (finder.progress(), folder.join(PROGRESS));
    let told = if progress.indexes == 0 {
        match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    } else if !path.is_file() {
        // Nobody asked: an index was found damaged.
        Ok(())
    } else {
        // Whole or not at all: it is read while it is written.
        let beside = folder.join(format!("{PROGRESS}.new"));
        fs::write(&beside, format!("{} {}\n", progress.indexes, progress.share))
            .and_then(|()| fs::rename(&beside, &path))
    };
    if let Err(error) = told {
        tracing::debug!(%error, "how far the index is cannot be told");
    }
}
