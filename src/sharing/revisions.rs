//! The history of a note: every old version is kept unopened, with its own label.

use super::{
    SharingError,
    note::Note,
    notes::{self, Origin},
};
use crate::{
    audit::entry::Act,
    identity::Subject,
    ids::NoteId,
    monitor::{Need, Refusal},
    vault::{Envelope, Kind, Opened, Vault, VaultError},
};

/// The old versions of a note that the subject reaches, newest first, older than `before`.
///
/// # Errors
/// [`VaultError`].
pub async fn list(
    vault: &Vault,
    subject: &Subject,
    id: NoteId,
    before: u64,
    limit: usize,
) -> Result<Vec<Opened<Note>>, VaultError> {
    let (claim, present) = vault.claim(Kind::Note, id.id(), Need::Reach)?;
    #[cfg(feature = "exam")]
    if crate::exam::planted(crate::exam::Leak::HistoryEmptyNotAbsent)
        && present.as_ref().is_some_and(|note| !vault.monitor().reaches(subject, &note.target()))
    {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    if let Some(present) = present
        && present.header().version < before
    {
        found.push(present);
    }
    found.extend(vault.fetch_revisions(id.id(), before, limit)?);
    found.truncate(limit);
    // Each version bears its own label: those above the working label are left out without a word (LEAKS T20).
    vault.list(subject, Act::RevisionList, &[claim], found).await
}

/// Reads one version of a note, old or present.
///
/// # Errors
/// [`VaultError`].
pub async fn read(vault: &Vault, subject: &Subject, id: NoteId, version: u64) -> Result<Opened<Note>, VaultError> {
    let (claim, present) = vault.claim(Kind::Note, id.id(), Need::Reach)?;
    // Looked up in any case: a note that is hidden costs what one that is absent costs (LEAKS T30).
    let old = vault.fetch_revision(Kind::Note, id.id(), version)?;
    let envelope = present.filter(|present| present.header().version == version).or(old);
    let target = envelope.as_ref().map(Envelope::target_with_digest);
    let permit = vault.monitor().read(subject, Act::RevisionRead, id.id(), target, &[claim]).await?;
    match envelope {
        Some(envelope) => vault.open(permit, envelope),
        None => Err(VaultError::Refused(Refusal::Absent)),
    }
}

/// Writes an old version's content as the next version.
///
/// # Errors
/// [`SharingError`].
pub async fn restore(
    vault: &Vault,
    subject: &Subject,
    id: NoteId,
    present: u64,
    version: u64,
) -> Result<Opened<Note>, SharingError> {
    let old = read(vault, subject, id, version).await?;
    let origin = Origin { external: None, restored: Some(version) };
    notes::change_with(vault, subject, Act::RevisionRestore, id, present, old.content.content, origin, &[]).await
}
