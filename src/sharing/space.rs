//! Spaces: a name, a purpose, members and animators. Two spaces may bear the same name.

use serde::{Deserialize, Serialize};

use super::{Invalid, SharingError, line, text};
use crate::{
    audit::entry::{Act, Rule},
    clock::Time,
    identity::Subject,
    ids::{AccountId, SpaceId},
    label::Label,
    limits,
    monitor::{Need, Part, RollChange},
    vault::{Kind, Opened, Stored, Vault, VaultError},
};

/// What an animator gives of a space.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SpaceContent {
    /// Name, one line.
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub purpose: String,
}

impl SpaceContent {
    /// The content as it is stored, if it keeps the rules.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn checked(self) -> Result<Self, Invalid> {
        Ok(Self {
            name: line("name", &self.name, limits::SPACE_NAME_CHARS_MAX)?,
            purpose: text("purpose", &self.purpose, limits::SPACE_PURPOSE_BYTES_MAX)?,
        })
    }
}

/// A space as stored.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Space {
    /// What its animator gave.
    pub content: SpaceContent,
    /// When it was made.
    pub created: Time,
}

impl Stored for Space {
    const KIND: Kind = Kind::Space;
    const SCHEMA: u8 = 1;
}

/// A member of a space.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Member {
    /// Who.
    pub account: AccountId,
    /// In which part.
    pub part: Part,
}

/// Makes a space at the working label; who makes it animates it.
///
/// # Errors
/// [`SharingError`].
pub async fn create(
    vault: &Vault,
    subject: &Subject,
    id: SpaceId,
    content: SpaceContent,
    names: &[super::repeat::Name],
) -> Result<Opened<Space>, SharingError> {
    let permit = vault.monitor().write(subject, Act::SpaceCreate, &[]).await?;
    vault.ensure_label(subject).await?;
    let mut draft = vault.draft(permit);
    let space = Space { content, created: draft.now() };
    draft.open_home(id.id())?;
    draft.enrol(RollChange::Put(id.id(), subject.id(), Part::Animator))?;
    let header = draft.create(id.id(), id.id(), subject.id(), &space)?;
    for name in names {
        name.put(&mut draft, subject, id.id())?;
    }
    let opened = draft.opened(&header, space);
    draft.commit().await?;
    Ok(opened)
}

/// Reads a space.
///
/// # Errors
/// [`VaultError`].
pub async fn read(vault: &Vault, subject: &Subject, id: SpaceId) -> Result<Opened<Space>, VaultError> {
    #[cfg(feature = "exam")]
    if crate::exam::planted(crate::exam::Leak::VersionByNotes) {
        let rows = vault.exam_rows(subject, crate::vault::Listing::SpaceNotes, crate::vault::Scope::of(id.id())).len();
        let mut opened: Opened<Space> = vault.read(subject, Act::SpaceRead, id.id(), &[]).await?;
        opened.version = opened.version.saturating_add(u64::try_from(rows).unwrap_or(0));
        return Ok(opened);
    }
    vault.read(subject, Act::SpaceRead, id.id(), &[]).await
}

/// The spaces that the subject belongs to and reaches, in the order of their identifiers.
///
/// # Errors
/// [`VaultError`].
pub async fn list(vault: &Vault, subject: &Subject) -> Result<Vec<Opened<Space>>, VaultError> {
    let mut envelopes = Vec::new();
    for home in vault.monitor().rolls().homes(subject.id()) {
        // A conversation's roll has no space record: the kind differs, so it is absent here.
        if let Some(envelope) = vault.fetch(Kind::Space, home)?
            && vault.monitor().reaches(subject, &envelope.target())
        {
            envelopes.push(envelope);
        }
    }
    #[cfg(feature = "exam")]
    if crate::exam::planted(crate::exam::Leak::SpacesByActivity) {
        let of = |home| crate::vault::Scope::of(home);
        envelopes.sort_by_cached_key(|space| {
            vault.exam_rows(subject, crate::vault::Listing::SpaceNotes, of(space.header().id)).len()
        });
    }
    envelopes.truncate(limits::SPACES_LISTED_MAX);
    vault.list(subject, Act::SpaceList, &[], envelopes).await
}

/// Changes name and purpose.
///
/// # Errors
/// [`SharingError`]; [`WriteError::Stale`](crate::vault::WriteError::Stale) when `version` is not the present one.
pub async fn change(
    vault: &Vault,
    subject: &Subject,
    id: SpaceId,
    version: u64,
    content: SpaceContent,
) -> Result<Opened<Space>, SharingError> {
    let (claim, envelope) = vault.claim(Kind::Space, id.id(), Need::ChangeAsAnimator)?;
    let permit = vault.monitor().write(subject, Act::SpaceChange, &[claim]).await?;
    let old: Opened<Space> = vault.read(subject, Act::SpaceRead, id.id(), &[]).await?;
    let (mut draft, envelope) = super::notes::begin(vault, permit, envelope, version, old.version).await?;
    let space = Space { content, created: old.content.created };
    let header = draft.replace(&envelope, &space)?;
    let opened = draft.opened(&header, space);
    draft.commit().await?;
    Ok(opened)
}

/// The members of a space whose clearance reaches the working label, and the space's label.
///
/// # Errors
/// [`VaultError`].
pub async fn members(vault: &Vault, subject: &Subject, id: SpaceId) -> Result<(Label, Vec<Member>), VaultError> {
    let (claim, _) = vault.claim(Kind::Space, id.id(), Need::Reach)?;
    let members = vault.monitor().members(subject, &claim).await?;
    let label = claim.found.map_or(*subject.working(), |space| space.label);
    Ok((label, members.into_iter().map(|(account, part)| Member { account, part }).collect()))
}

/// Adds a member, or changes the part he plays. His clearance must reach the space's label.
///
/// # Errors
/// [`SharingError`].
pub async fn enrol(
    vault: &Vault,
    subject: &Subject,
    id: SpaceId,
    account: AccountId,
    part: Part,
) -> Result<(), SharingError> {
    let (claim, _) = vault.claim(Kind::Space, id.id(), Need::ChangeAsAnimator)?;
    let known = vault.monitor().config().account(account).is_some_and(|account| {
        account.clearance().reaches(subject.working()) && !account.roles().officer && !account.suspended()
    });
    if !known {
        // The same answer for somebody who does not exist and somebody whom W does not let one know.
        return Err(vault
            .monitor()
            .refuse_for(subject, Act::MemberAdd, Rule::OtherBeyondClearance, &[id.id(), account.id()])
            .await
            .into());
    }
    #[cfg(feature = "exam")]
    if crate::exam::planted(crate::exam::Leak::AnimatorsToldFirst)
        && part == Part::Member
        && is_last_animator(vault, id, account)
    {
        return Err(Invalid::LastAnimator.into());
    }
    let permit = vault.monitor().write_about(subject, Act::MemberAdd, &[claim], &[account]).await?;
    // After the decision: before it, the answer would tell strangers who animates the space.
    if part == Part::Member && is_last_animator(vault, id, account) {
        vault.monitor().not_done(permit).await?;
        return Err(Invalid::LastAnimator.into());
    }
    let mut draft = vault.draft(permit);
    draft.enrol(RollChange::Put(id.id(), account, part))?;
    Ok(draft.commit().await?)
}

/// Removes a member.
///
/// # Errors
/// [`SharingError`].
pub async fn dismiss(vault: &Vault, subject: &Subject, id: SpaceId, account: AccountId) -> Result<(), SharingError> {
    let need = if account == subject.id() { Need::Change } else { Need::ChangeAsAnimator };
    let (claim, _) = vault.claim(Kind::Space, id.id(), need)?;
    let permit = vault.monitor().write_about(subject, Act::MemberRemove, &[claim], &[account]).await?;
    #[cfg(feature = "exam")]
    if crate::exam::planted(crate::exam::Leak::DismissToldOfTalks)
        && [crate::vault::Listing::Conversations, crate::vault::Listing::SpaceNotes]
            .into_iter()
            .flat_map(|listing| vault.exam_rows(subject, listing, crate::vault::Scope::of(id.id())))
            .any(|row| !row.label().flows_to(subject.working()))
    {
        return Err(crate::vault::WriteError::Conflict.into());
    }
    if vault.monitor().part(account, id.id()).is_none() {
        let named = [id.id(), account.id()];
        return Err(vault.monitor().refuse_for(subject, Act::MemberRemove, Rule::Absent, &named).await.into());
    }
    if is_last_animator(vault, id, account) {
        vault.monitor().not_done(permit).await?;
        return Err(Invalid::LastAnimator.into());
    }
    let mut draft = vault.draft(permit);
    draft.enrol(RollChange::Remove(id.id(), account))?;
    Ok(draft.commit().await?)
}

/// A space without an animator could never change its members again.
fn is_last_animator(vault: &Vault, id: SpaceId, leaving: AccountId) -> bool {
    let members = vault.monitor().rolls().members(id.id());
    let animates = members.get(&leaving) == Some(&Part::Animator);
    let others = members.iter().any(|(account, part)| *account != leaving && *part == Part::Animator);
    animates && !others
}

/// Whether the identifier is that of a space the subject reaches, for those who write in it.
///
/// # Errors
/// [`VaultError`].
pub fn claim_on(vault: &Vault, id: SpaceId) -> Result<crate::monitor::Claim, VaultError> {
    Ok(vault.claim(Kind::Space, id.id(), Need::Reach)?.0)
}
