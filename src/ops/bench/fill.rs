//! Loading a deployment with notes, through the vault and with its journal, as fast as it goes.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::task::JoinSet;

use super::{
    BenchError,
    site::{self, Site},
    text,
};
use crate::{
    identity::Subject,
    ids::{NoteId, SpaceId},
    ops::{deployment::Running, report::Report},
    sharing::{
        notes::{self, Origin},
        space::{self, SpaceContent},
    },
    vault::Vault,
    words::{Sentence, key},
};

/// Spaces that the notes are spread over; the analyst belongs to all of them.
pub(super) const SPACES: u64 = 12;
/// Labels of the notes: of ten, seven bear the first, two the second, one the third.
pub(super) const LABELS: [&str; 3] = ["DR", "S", "S/ALPHA"];
/// Notes under way at once: what fills a group of the committer.
const AT_ONCE: usize = 256;

/// The space of the `number`th note.
pub(super) fn space_of(number: u64) -> SpaceId {
    SpaceId(text::id("space", number.checked_rem(SPACES).unwrap_or(0)))
}

/// The identifier of the `number`th note.
pub(super) fn note_id(number: u64) -> NoteId {
    NoteId(text::id("note", number))
}

/// Notes of the lowest label.
pub(super) fn low_notes() -> impl Iterator<Item = NoteId> {
    (0..).filter(|number| label_of(*number) == 0).map(note_id)
}

fn label_of(number: u64) -> usize {
    // Spaces and labels must not go in step: 12 and 10 have a common divisor.
    match number.checked_div(SPACES).and_then(|round| round.checked_rem(10)) {
        Some(0..7) | None => 0,
        Some(7..9) => 1,
        Some(_) => 2,
    }
}

pub(super) async fn fill(site: &Site, running: &Running, report: &dyn Report) -> Result<(), BenchError> {
    let config = site::config(running);
    let mut subjects = Vec::new();
    for label in LABELS {
        subjects.push(site.subject(&config, label, running.ground.entropy())?);
    }
    let lowest = subjects.first().ok_or(BenchError::Broken)?;
    for number in 0..SPACES {
        let content = SpaceContent { name: format!("Espace {number}"), purpose: String::new() };
        space::create(&running.vault, lowest, space_of(number), content, &[]).await?;
    }
    let next = Arc::new(AtomicU64::new(0));
    let subjects = Arc::new(subjects);
    let mut writing = JoinSet::new();
    for _ in 0..AT_ONCE {
        let (vault, subjects, next) = (Arc::clone(&running.vault), Arc::clone(&subjects), Arc::clone(&next));
        writing.spawn(write(vault, subjects, next, site.clone()));
    }
    let what = Sentence::new(key::BENCH_FILLING).with("notes", site.notes.to_string());
    let mut tick = tokio::time::interval(Duration::from_millis(250));
    loop {
        tokio::select! {
            _ = tick.tick() => report.progress(&what, next.load(Ordering::Relaxed).min(site.notes), site.notes),
            ended = writing.join_next() => match ended {
                Some(ended) => ended??,
                None => break,
            },
        }
    }
    report.progress(&what, site.notes, site.notes);
    Ok(())
}

async fn write(
    vault: Arc<Vault>,
    subjects: Arc<Vec<Subject>>,
    next: Arc<AtomicU64>,
    site: Site,
) -> Result<(), BenchError> {
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= site.notes {
            return Ok(());
        }
        let subject = subjects.get(label_of(number)).ok_or(BenchError::Broken)?;
        let content = site.texts.as_ref().map_or_else(|| text::note(number), |texts| texts.note(number));
        let content = content.checked(vault.clock().now()).map_err(crate::api::ApiError::from)?;
        notes::create(&vault, subject, note_id(number), space_of(number), content, Origin::HERE, &[]).await?;
    }
}
