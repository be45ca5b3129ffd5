//! What people do with attachments: list, read, delete. How they come in is [`super::uploads`].
//!
//! An attachment bears its note's label and is read with it: whoever does not reach the note, or whose note is gone,
//! finds no attachment either, whatever its identifier.

use std::sync::Arc;

use super::{
    SharingError,
    attachment::{Attachment, AttachmentCard, State},
    notes,
};
use crate::{
    audit::entry::Act,
    identity::Subject,
    ids::{AttachmentId, NoteId},
    limits,
    monitor::{Claim, Need, Refusal, Target},
    vault::{Chunks, Envelope, Kind, Listing, Opened, Scope, Vault, VaultError},
};

/// An attachment, or an upload of the asker's own, as found in the store; and the note that it is read with.
pub(super) struct Found {
    id: AttachmentId,
    envelope: Option<Envelope>,
    note: Claim,
}

impl Found {
    /// Looks for it. Somebody else's upload is not there.
    pub(super) fn of(vault: &Vault, subject: &Subject, id: AttachmentId, note: Need) -> Result<Self, VaultError> {
        let whole = vault.fetch(Kind::Attachment, id.id())?;
        let upload = vault.fetch(Kind::Upload, id.id())?.filter(|upload| upload.header().author == subject.id());
        let envelope = whole.or(upload);
        // Looked up in any case: what is hidden costs what is absent costs (LEAKS T30).
        let about = envelope.as_ref().map_or(id.id(), |envelope| envelope.header().about);
        let (note, _) = vault.claim(Kind::Note, about, note)?;
        Ok(Self { id, envelope, note })
    }

    pub(super) fn target(&self) -> Option<Target> {
        self.envelope.as_ref().map(Envelope::target_with_digest)
    }

    /// The claim on the note, when there is an attachment to be read with it.
    pub(super) fn others(&self) -> Vec<Claim> {
        self.envelope.iter().map(|_| self.note).collect()
    }

    /// The claims of an act on it.
    pub(super) fn claims(&self, need: Need) -> Vec<Claim> {
        let own = Claim::new(self.id.id(), self.target(), need);
        [&[own], self.others().as_slice()].concat()
    }

    pub(super) fn envelope(self) -> Result<Envelope, VaultError> {
        self.envelope.ok_or(VaultError::Refused(Refusal::Absent))
    }
}

/// The attachments of a note, in the order in which they came.
///
/// # Errors
/// [`VaultError`].
pub async fn of_note(
    vault: &Vault,
    subject: &Subject,
    note: NoteId,
) -> Result<Vec<Opened<AttachmentCard>>, VaultError> {
    let (claim, _) = vault.claim(Kind::Note, note.id(), Need::Reach)?;
    let page = vault.page(subject, Listing::Attachments, &[Scope::of(note.id())], None, limits::PAGE_ROWS_MAX)?;
    vault.list(subject, Act::AttachmentList, &[claim], page).await
}

/// Reads what is known of an attachment, or how far one's own upload has come.
///
/// # Errors
/// [`VaultError`].
pub async fn read(vault: &Vault, subject: &Subject, id: AttachmentId) -> Result<State, VaultError> {
    let found = Found::of(vault, subject, id, Need::Reach)?;
    let (target, others) = (found.target(), found.others());
    let permit = vault.monitor().read(subject, Act::AttachmentRead, id.id(), target, &others).await?;
    let envelope = found.envelope()?;
    if envelope.header().kind == Kind::Attachment {
        return Ok(State::Whole(vault.open(permit, envelope)?));
    }
    let offset = vault.progress(&envelope)?.offset();
    Ok(State::Unfinished { upload: vault.open(permit, envelope)?, offset })
}

/// Begins the reading of an attachment's content. Journalled before the first byte.
///
/// # Errors
/// [`VaultError`]; an upload is not there to be read.
pub async fn open(vault: &Arc<Vault>, subject: &Subject, id: AttachmentId) -> Result<Content, VaultError> {
    let mut found = Found::of(vault, subject, id, Need::Reach)?;
    found.envelope = found.envelope.filter(|envelope| envelope.header().kind == Kind::Attachment);
    let (target, others) = (found.target(), found.others());
    let permit = vault.monitor().read(subject, Act::AttachmentContent, id.id(), target, &others).await?;
    let (attachment, chunks): (Opened<Attachment>, _) = vault.open_with_chunks(permit, found.envelope()?)?;
    let end = chunks.length();
    Ok(Content {
        vault: Arc::clone(vault),
        subject: subject.clone(),
        attachment,
        chunks,
        at: 0,
        end,
        until_look: limits::DOWNLOAD_LOOK_CHUNKS,
    })
}

/// Deletes an attachment: its author or an animator, at its label. One's own upload is given up the same way.
///
/// # Errors
/// [`SharingError`]; stale when `version` is not the present one.
pub async fn delete(vault: &Vault, subject: &Subject, id: AttachmentId, version: u64) -> Result<(), SharingError> {
    let found = Found::of(vault, subject, id, Need::Change)?;
    let claims = found.claims(Need::ChangeAsAuthorOrAnimator);
    let permit = vault.monitor().write(subject, Act::AttachmentDelete, &claims).await?;
    // Whoever is allowed found one: the version told is the one that there is.
    let (mut draft, envelope) = notes::begin(vault, permit, found.envelope, version, 0).await?;
    let header = *envelope.header();
    let stored = if header.kind == Kind::Attachment {
        draft.unlist(Listing::Attachments, &Scope::of(header.about), header.modified.0, id.id());
        header.extent
    } else {
        let progress = vault.progress(&envelope)?;
        draft.end_content(&envelope, progress)?;
        draft.unlist(Listing::Uploads, &Scope::of(header.author.id()), header.modified.0, id.id());
        progress.offset()
    };
    draft.sweep_content(&envelope, stored)?;
    draft.remove(&envelope)?;
    Ok(draft.commit().await?)
}

/// The content of an attachment, read little by little: nothing is held but the present chunk.
#[derive(Debug)]
pub struct Content {
    vault: Arc<Vault>,
    subject: Subject,
    attachment: Opened<Attachment>,
    chunks: Chunks,
    at: u64,
    end: u64,
    until_look: u64,
}

impl Content {
    /// What is known of the attachment.
    pub const fn attachment(&self) -> &Opened<Attachment> {
        &self.attachment
    }

    /// The bytes from `start` to `end`, excluded, alone.
    #[must_use]
    pub fn part(mut self, start: u64, end: u64) -> Self {
        self.end = end.min(self.chunks.length());
        self.at = start.min(self.end);
        self
    }

    /// The next bytes; none at the end. Now and then it is asked anew whether the reader may go on.
    ///
    /// # Errors
    /// [`VaultError`]: refused meanwhile, deleted, or damaged. The answer ends there, visibly too short.
    pub fn next_bytes(&mut self) -> Result<Option<Vec<u8>>, VaultError> {
        if self.at >= self.end {
            return Ok(None);
        }
        if self.until_look == 0 {
            self.look()?;
            self.until_look = limits::DOWNLOAD_LOOK_CHUNKS;
        }
        self.until_look = self.until_look.saturating_sub(1);
        let mut bytes = self.vault.chunk(&self.chunks, self.at)?;
        let left = self.end.saturating_sub(self.at);
        bytes.truncate(usize::try_from(left).unwrap_or(usize::MAX));
        self.at = self.at.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        Ok(Some(bytes))
    }

    /// Whether account, clearance, membership, note and attachment are still what they were when it began.
    fn look(&mut self) -> Result<(), VaultError> {
        let gone = || VaultError::Refused(Refusal::Absent);
        let monitor = self.vault.monitor();
        self.subject = self.subject.renewed(&monitor.config()).map_err(|_no_longer| gone())?;
        let id = self.attachment.id;
        let attachment = self.vault.fetch(Kind::Attachment, id)?;
        let note = self.vault.fetch(Kind::Note, self.attachment.content.note.id())?;
        let reached = |found: &Envelope| monitor.reaches(&self.subject, &found.target());
        let same = attachment.is_some_and(|found| found.header().version == self.attachment.version && reached(&found));
        if same && note.is_some_and(|note| reached(&note)) { Ok(()) } else { Err(gone()) }
    }
}
