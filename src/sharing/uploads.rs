//! How an attachment comes in: announced, then byte by byte from wherever it stands, then whole.
//!
//! Every step is a write of its own, decided and journalled like any other and bounded in memory; a step that was
//! answered for is durable. A connection may break at any byte: what was stored stays, and [`super::attachments::read`]
//! says where to go on.

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};
use tokio::time::{Duration, timeout};

use super::{
    Invalid, SharingError,
    attachment::{Announced, Attachment, AttachmentCard, State, Upload, UploadPlace},
    attachments::{self, Found},
    repeat,
    signature::ContentKind,
};
use crate::{
    audit::entry::Act,
    crypto::{Digest, Sha256},
    identity::Subject,
    ids::{AttachmentId, NoteId},
    limits,
    monitor::{Need, Refusal},
    vault::{Chunks, Kind, Listing, Opened, Scope, Sweep, Vault, VaultError, WriteError},
};

/// Bytes that are stored at once.
const STEP_BYTES: usize = limits::UPLOAD_STEP_CHUNKS * limits::CHUNK_BYTES;

/// Announces an attachment of a note, at the note's label.
///
/// # Errors
/// [`SharingError`].
pub async fn begin(
    vault: &Vault,
    subject: &Subject,
    id: AttachmentId,
    note: NoteId,
    announced: Announced,
    names: &[repeat::Name],
) -> Result<State, SharingError> {
    let (claim, found) = vault.claim(Kind::Note, note.id(), Need::Change)?;
    let permit = vault.monitor().write(subject, Act::AttachmentBegin, &[claim]).await?;
    let found = found.ok_or(VaultError::Refused(Refusal::Absent))?;
    if let Err(too_many) = room(vault, subject, note) {
        vault.monitor().not_done(permit).await?;
        return Err(too_many);
    }
    let size = announced.size();
    let mut draft = vault.draft(permit);
    let upload = announced.upload(note, draft.now());
    let header = draft.create_about(id.id(), &found, size, subject.id(), &upload)?;
    draft.begin_content(&header)?;
    let order = header.modified.0;
    draft.list(Listing::Uploads, &Scope::of(subject.id().id()), order, &header, &UploadPlace {})?;
    draft.sweep(upload.until, id.id(), Sweep::Upload)?;
    for name in names {
        name.put(&mut draft, subject, id.id())?;
    }
    let upload = draft.opened(&header, upload);
    draft.commit().await?;
    Ok(State::Unfinished { upload, offset: 0 })
}

/// Whether the note takes one more attachment, and the person one more upload. Both are counted at the working label
/// alone: what is above, or beside, must not show in a refusal (LEAKS T28).
fn room(vault: &Vault, subject: &Subject, note: NoteId) -> Result<(), SharingError> {
    let counted = |listing, scope| -> Result<usize, VaultError> {
        let page = vault.page(subject, listing, &[scope], None, limits::PAGE_ROWS_MAX)?;
        Ok(page.iter().filter(|row| row.label() == subject.working()).count())
    };
    if counted(Listing::Attachments, Scope::of(note.id()))? >= limits::ATTACHMENTS_PER_NOTE_MAX {
        return Err(Invalid::TooManyAttachments.into());
    }
    if counted(Listing::Uploads, Scope::of(subject.id().id()))? >= limits::UPLOADS_PER_PERSON_MAX {
        return Err(Invalid::TooManyUploads.into());
    }
    Ok(())
}

/// Adds bytes to an upload at exactly `offset`; answers where it stands then. No bytes: only the decision, journalled.
///
/// # Errors
/// [`SharingError::Offset`] with the real one when it stands elsewhere; [`WriteError::TooLarge`] when there are more
/// bytes than announced.
pub async fn append(
    vault: &Vault,
    subject: &Subject,
    id: AttachmentId,
    offset: u64,
    bytes: &[u8],
) -> Result<u64, SharingError> {
    let found = Found::of(vault, subject, id, Need::Change)?;
    let permit = vault.monitor().write(subject, Act::AttachmentAppend, &found.claims(Need::ChangeAsAuthor)).await?;
    let envelope = found.envelope()?;
    let (size, progress) = match envelope.header().kind {
        Kind::Upload => (envelope.header().extent, Some(vault.progress(&envelope)?)),
        _whole => (envelope.header().extent, None),
    };
    let stands = progress.map_or(size, |progress| progress.offset());
    let end = u64::try_from(bytes.len()).ok().and_then(|more| offset.checked_add(more));
    let fits = end.filter(|end| *end <= size);
    let (Some(progress), true, Some(end)) = (progress, stands == offset, fits) else {
        vault.monitor().not_done(permit).await?;
        return Err(if stands == offset && fits.is_none() {
            WriteError::TooLarge.into()
        } else {
            SharingError::Offset(stands)
        });
    };
    let mut draft = vault.draft(permit);
    if !bytes.is_empty() {
        draft.append(&envelope, progress, bytes)?;
    }
    draft.commit().await?;
    Ok(end)
}

/// Takes what comes, from exactly `offset` on, and finishes the attachment when all of it is there. Holds one step of
/// bytes, whatever the size; asks before each step anew whether this person may.
///
/// # Errors
/// As [`append`]; [`SharingError::Cut`] when the sender went away or stood still: what came is kept.
pub async fn receive<S, E>(
    vault: &Vault,
    subject: &Subject,
    id: AttachmentId,
    offset: u64,
    mut parts: S,
) -> Result<State, SharingError>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
{
    // Decided before the first byte is looked at; an attachment that is whole already needs none.
    let mut desk = match append(vault, subject, id, offset, &[]).await {
        Ok(offset) => Desk { vault, subject: subject.clone(), id, offset, sum: (offset == 0).then(Sha256::default) },
        Err(SharingError::Offset(stands)) if stands == offset => {
            return Ok(attachments::read(vault, subject, id).await?);
        }
        Err(error) => return Err(error),
    };
    let mut held = Vec::new();
    loop {
        match timeout(Duration::from_millis(limits::UPLOAD_STALL_MS_MAX), parts.next()).await {
            Ok(Some(Ok(mut part))) => {
                while !part.is_empty() {
                    let room = desk.room().saturating_sub(held.len()).min(part.len());
                    held.extend_from_slice(&part.split_to(room));
                    if held.len() >= desk.room() {
                        desk.store(&held).await?;
                        held.clear();
                    }
                }
            }
            Ok(None) => break,
            Ok(Some(Err(_))) | Err(_) => {
                desk.store(&held).await?;
                return Err(SharingError::Cut);
            }
        }
    }
    desk.store(&held).await?;
    drop(held);
    let Desk { subject, sum, offset, .. } = desk;
    match attachments::read(vault, &subject, id).await? {
        State::Unfinished { upload, .. } if upload.content.size == offset => {
            finish(vault, &subject, id, sum.map(Sha256::finish)).await
        }
        state => Ok(state),
    }
}

/// One upload under way.
struct Desk<'v> {
    vault: &'v Vault,
    subject: Subject,
    id: AttachmentId,
    offset: u64,
    /// Of all bytes, when all of them came this way.
    sum: Option<Sha256>,
}

impl Desk<'_> {
    /// Bytes to the next step: one that begins within a chunk ends with a chunk.
    fn room(&self) -> usize {
        let chunk = u64::try_from(limits::CHUNK_BYTES).unwrap_or(u64::MAX);
        let begun = self.offset.checked_rem(chunk).and_then(|begun| usize::try_from(begun).ok()).unwrap_or(0);
        STEP_BYTES.saturating_sub(begun)
    }

    async fn store(&mut self, bytes: &[u8]) -> Result<(), SharingError> {
        if bytes.is_empty() {
            return Ok(());
        }
        // Looked up again for every step: a clearance lowered during a long upload counts from the next one on.
        let renewed = self.subject.renewed(&self.vault.monitor().config());
        self.subject = renewed.map_err(|_gone| VaultError::Refused(Refusal::Absent))?;
        self.offset = append(self.vault, &self.subject, self.id, self.offset, bytes).await?;
        if let Some(sum) = &mut self.sum {
            sum.update(bytes);
        }
        Ok(())
    }
}

/// Makes an attachment of an upload whose bytes are all there. `sum` is their SHA-256 if they passed by in one go;
/// otherwise they are read back. Content that is not what was announced is removed.
///
/// # Errors
/// [`SharingError`]; [`Invalid::DigestDiffers`] when the content is not what was announced.
async fn finish(
    vault: &Vault,
    subject: &Subject,
    id: AttachmentId,
    sum: Option<Digest>,
) -> Result<State, SharingError> {
    let found = Found::of(vault, subject, id, Need::Change)?;
    let (target, claims) = (found.target(), found.others());
    let permit = vault.monitor().read(subject, Act::AttachmentVerify, id.id(), target, &claims).await?;
    let (upload, chunks): (Opened<Upload>, _) = vault.open_with_chunks(permit, found.envelope()?)?;
    let digest = match sum {
        Some(digest) => digest,
        None => read_back(vault, &chunks).await?,
    };
    if upload.content.digest.is_some_and(|announced| announced != digest) {
        attachments::delete(vault, subject, id, upload.version).await?;
        return Err(Invalid::DigestDiffers.into());
    }
    let kind = ContentKind::of(&vault.chunk(&chunks, 0)?);
    let found = Found::of(vault, subject, id, Need::Change)?;
    let permit = vault.monitor().write(subject, Act::AttachmentFinish, &found.claims(Need::ChangeAsAuthor)).await?;
    let envelope = found.envelope()?;
    let progress = vault.progress(&envelope)?;
    let Upload { note, name, size, created, until, .. } = upload.content;
    let attachment = Attachment { note, name, size, kind, digest, created };
    let mut draft = vault.draft(permit);
    draft.end_content(&envelope, progress)?;
    let header = draft.replace(&envelope, &attachment)?;
    draft.unlist(Listing::Uploads, &Scope::of(subject.id().id()), envelope.header().modified.0, id.id());
    draft.keep(until, id.id(), Sweep::Upload);
    let card = AttachmentCard(attachment.clone());
    draft.list(Listing::Attachments, &Scope::of(note.id()), header.modified.0, &header, &card)?;
    let attachment = draft.opened(&header, attachment);
    draft.commit().await?;
    Ok(State::Whole(attachment))
}

/// SHA-256 of what is stored.
async fn read_back(vault: &Vault, chunks: &Chunks) -> Result<Digest, VaultError> {
    let mut sum = Sha256::default();
    let mut at = 0;
    while at < chunks.length() {
        let content = vault.chunk(chunks, at)?;
        sum.update(&content);
        at = at.saturating_add(u64::try_from(content.len()).unwrap_or(u64::MAX));
        // A large file must not keep a thread from everybody else's requests.
        tokio::task::yield_now().await;
    }
    Ok(sum.finish())
}
