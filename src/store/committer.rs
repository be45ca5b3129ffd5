//! The one writer. It drains what waits, settles the checks, numbers and seals the
//! entries, extends the Merkle tree, and writes data and journal in one synced commit;
//! then it answers every waiter. While one sync runs, the next group gathers.
//!
//! What a crash leaves, step by step: before the commit, nothing; during it, all of
//! the group or nothing (one atomic batch); after it, everything, though some waiters
//! never hear of it. The checkpoint file may lag behind the rows, never lead them.

use std::{
    collections::BTreeMap,
    fs::File,
    io::Write as _,
    path::Path,
    sync::{Arc, PoisonError, atomic::Ordering, mpsc},
    thread,
    time::{Duration, Instant},
};

use tokio::sync::oneshot;

use super::{
    batch::{Batch, Receipt},
    engine::{Check, Family, Key, Row, Writes},
    error::{CommitError, EngineError},
    gather::Gathering,
    journal::{CommitRefused, JournalError, Published, Shared, entry_context, entry_key, head_key, tile_key},
};
use crate::{
    audit::{
        Checkpoint, Frontier, RowMark,
        entry::{Entry, LEAF_FORMAT, Leaf, Verdict},
        leaf_hash,
    },
    crypto::{Purpose, cobblestone},
    limits,
};

// Whatever a group holds when it takes its last batch, one commit holds it: data, one leaf each, tiles and the head.
const _: () = assert!(
    limits::COMMIT_GROUP_ROWS + limits::COMMIT_BATCH_ROWS_MAX + 8 <= limits::COMMIT_ROWS_MAX
        && limits::COMMIT_GROUP_BYTES + limits::COMMIT_BATCH_BYTES_MAX + 128 * 1024 <= limits::COMMIT_BYTES_MAX
);

/// A batch, what its entry says of its rows, and who waits for it.
pub(super) struct Submission {
    pub(super) batch: Batch,
    pub(super) marks: Vec<RowMark>,
    pub(super) answer: Waiter,
}

type Waiter = oneshot::Sender<Result<Receipt, CommitRefused>>;

struct Committer {
    shared: Arc<Shared>,
    frontier: Frontier,
    /// Size of the last signed checkpoint.
    signed: u64,
    gathering: Gathering,
}

/// One group on its way to the disk.
#[derive(Default)]
struct Group {
    writes: Writes,
    /// Of `writes`, summed as it grows.
    bytes: usize,
    /// Versions as they will be after the group so far; none = deleted.
    overlay: BTreeMap<(Family, Key), Option<u64>>,
    answers: Vec<(Waiter, Result<u64, CommitRefused>)>,
    /// Entries whose batch writes rows.
    written: Vec<u64>,
}

impl Group {
    fn grow(&mut self, key: &Key, value: usize) {
        self.bytes = self.bytes.saturating_add(key.bytes().len()).saturating_add(value);
    }

    fn has_room(&self) -> bool {
        self.writes.rows() < limits::COMMIT_GROUP_ROWS
            && self.bytes < limits::COMMIT_GROUP_BYTES
            && self.answers.len() < limits::COMMIT_GROUP_MAX
    }
}

pub(super) fn start(
    shared: Arc<Shared>,
    receiver: mpsc::Receiver<Submission>,
    frontier: Frontier,
) -> std::io::Result<thread::JoinHandle<()>> {
    let signed = frontier.size();
    let committer = Committer { shared, frontier, signed, gathering: Gathering::default() };
    thread::Builder::new().name("committer".to_owned()).spawn(move || committer.run(&receiver))
}

impl Committer {
    fn run(mut self, receiver: &mpsc::Receiver<Submission>) {
        let interval = Duration::from_millis(limits::CHECKPOINT_INTERVAL_MS);
        let mut beaten = Instant::now();
        loop {
            let (gathering, mut group, before) = (self.gathering, Group::default(), self.frontier.clone());
            let idle = interval.saturating_sub(beaten.elapsed());
            let taken = gathering.group(receiver, idle, |submission| {
                self.add(&mut group, submission);
                group.has_room()
            });
            match taken {
                // Without answers nothing was added: every batch met a failed store.
                Ok(_) if !group.answers.is_empty() => self.commit_group(group, before),
                Ok(_) | Err(mpsc::RecvTimeoutError::Timeout) => {}
                Err(mpsc::RecvTimeoutError::Disconnected) => break,
            }
            // Also under load: an entry is provable a second after it was made.
            if beaten.elapsed() >= interval {
                self.beat();
                beaten = Instant::now();
            }
        }
        self.beat();
    }

    /// Signs what is new.
    fn beat(&mut self) {
        if self.frontier.size() == self.signed || self.shared.stopped.load(Ordering::Acquire) {
            return;
        }
        match sign_checkpoint(&self.shared, &self.frontier) {
            Ok(()) => self.signed = self.frontier.size(),
            Err(error) => tracing::warn!(%error, "the checkpoint could not be written; it will be tried again"),
        }
    }

    fn commit_group(&mut self, mut group: Group, before: Frontier) {
        let size = self.frontier.size();
        group.writes.checks.push(head_check(before.size()));
        group.writes.puts.push((
            Family::Meta,
            head_key(),
            Row { version: size, value: self.frontier.root().0.to_vec() },
        ));
        let begun = Instant::now();
        let written = if self.shared.stopped.load(Ordering::Acquire) {
            Err(EngineError::Stopped)
        } else {
            match self.shared.engine.commit(std::mem::take(&mut group.writes)) {
                Ok(()) => Ok(()),
                Err(CommitError::Engine(error)) => Err(error),
                // The head has moved under us, or a bound of ours is wrong: either way we no longer know the truth.
                Err(CommitError::Conflict(..) | CommitError::TooLarge(_)) => Err(EngineError::Stopped),
            }
        };
        match written {
            Ok(()) => {
                // Told before the length: whoever sees the length sees what was written before it.
                self.shared.recent.add(&group.written);
                self.shared.length.store(size, Ordering::Release);
                self.gathering.served(group.answers.len(), begun.elapsed());
                for (answer, outcome) in group.answers {
                    // A waiter that went away (its connection closed) hears nothing; the write stands.
                    drop(answer.send(outcome.map(|number| Receipt { number })));
                }
            }
            Err(error) => {
                tracing::error!(%error, "a commit failed: no longer answering until the store is whole");
                self.shared.stopped.store(true, Ordering::Release);
                self.frontier = before;
                for (answer, _outcome) in group.answers {
                    drop(answer.send(Err(CommitRefused::Stopped)));
                }
            }
        }
    }

    /// Settles one batch's checks against the store and the group so far, and adds it: with its rows, or as a conflict.
    fn add(&mut self, group: &mut Group, submission: Submission) {
        let Submission { batch: Batch { mut entry, writes }, mut marks, answer } = submission;
        let fits = writes.rows() <= limits::COMMIT_BATCH_ROWS_MAX && writes.bytes() <= limits::COMMIT_BATCH_BYTES_MAX;
        // One that does not fit would make the whole group fail, which looks like a failed store.
        let outcome = match writes.bounded() {
            Ok(()) if fits => self.settle(group, &writes.checks),
            _ => Err(CommitRefused::TooLarge),
        };
        if outcome == Err(CommitRefused::Stopped) {
            drop(answer.send(Err(CommitRefused::Stopped)));
            return;
        }
        if outcome.is_err() {
            entry.verdict = Verdict::Conflict;
            // Nothing is written, so nothing may be said of rows.
            marks.clear();
        }
        let Some((number, leaf)) = self.leaf(&entry, &marks) else {
            drop(answer.send(Err(CommitRefused::Stopped)));
            return;
        };
        for full in self.frontier.append(leaf_hash(&leaf)) {
            let key = tile_key(full.tile.level(), full.tile.index());
            group.grow(&key, full.bytes.len());
            group.writes.puts.push((Family::Journal, key, Row { version: 0, value: full.bytes }));
        }
        group.grow(&entry_key(number), leaf.len());
        group.writes.puts.push((Family::Journal, entry_key(number), Row { version: 0, value: leaf }));
        if outcome.is_ok() {
            if writes.rows() > 0 {
                group.written.push(number);
            }
            // The engine's order within a commit, too: deletes, then puts.
            for (family, key) in writes.deletes {
                if group.overlay.insert((family, key.clone()), None).is_some() {
                    // An earlier put of this group must not survive the delete.
                    group.writes.puts.retain(|(put_family, put, _)| (*put_family, put) != (family, &key));
                }
                group.grow(&key, 0);
                group.writes.deletes.push((family, key));
            }
            for (family, key, row) in writes.puts {
                if group.overlay.insert((family, key.clone()), Some(row.version)).is_some() {
                    // An earlier delete of this group must not undo the put.
                    group.writes.deletes.retain(|(gone_family, gone)| (*gone_family, gone) != (family, &key));
                }
                group.grow(&key, row.value.len());
                group.writes.puts.push((family, key, row));
            }
        }
        group.answers.push((answer, outcome.map(|()| number)));
    }

    fn settle(&self, group: &Group, checks: &[Check]) -> Result<(), CommitRefused> {
        for check in checks {
            let (family, key) = check.place();
            let found = match group.overlay.get(&(family, key.clone())) {
                Some(version) => *version,
                None => match self.shared.engine.get(family, key) {
                    Ok(row) => row.map(|row| row.version),
                    Err(error) => {
                        tracing::error!(%error, "a check could not be settled");
                        return Err(CommitRefused::Stopped);
                    }
                },
            };
            check.settle(found).map_err(|_conflict| CommitRefused::Conflict)?;
        }
        Ok(())
    }

    fn leaf(&self, entry: &Entry, marks: &[RowMark]) -> Option<(u64, Vec<u8>)> {
        let number = self.frontier.size();
        let content = postcard::to_stdvec(&(entry, marks)).ok()?;
        let key = self.shared.keyring.present(Purpose::Audit).ok()?;
        let context = entry_context(LEAF_FORMAT, &self.shared.deployment, number);
        let sealed = cobblestone::seal(key, &context, &content, &self.shared.entropy).ok()?;
        let leaf = Leaf { format: LEAF_FORMAT, number, epoch: self.shared.keyring.current(), sealed: &sealed }.bytes();
        // tlog-tiles: an entry is at most 65,535 bytes; lists are bounded so that this holds.
        (leaf.len() <= usize::from(u16::MAX)).then_some((number, leaf))
    }
}

fn head_check(size: u64) -> Check {
    if size == 0 { Check::Absent(Family::Meta, head_key()) } else { Check::VersionIs(Family::Meta, head_key(), size) }
}

/// Signs the present size and root, and replaces the checkpoint file.
pub(super) fn sign_checkpoint(shared: &Shared, frontier: &Frontier) -> Result<(), JournalError> {
    let checkpoint = Checkpoint { origin: shared.origin.clone(), size: frontier.size(), root: frontier.root() };
    let text = checkpoint.sign(&shared.signer).map_err(|_bad| JournalError::Key)?.to_string();
    if let Some(path) = &shared.checkpoint_path {
        replace(path, text.as_bytes()).map_err(|error| JournalError::Disk(path.clone(), error))?;
    }
    *shared.published.lock().unwrap_or_else(PoisonError::into_inner) =
        Published { note: text, frontier: frontier.clone() };
    Ok(())
}

/// Replaces a file so that a crash leaves the old bytes or the new ones.
pub fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let temporary = path.with_extension("new");
    let mut file = File::create(&temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&temporary, path)?;
    match path.parent() {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}
