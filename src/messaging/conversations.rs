//! What people do with conversations.

use super::conversation::{About, Conversation, ConversationContent};
use crate::{
    audit::entry::{Act, Rule},
    identity::Subject,
    ids::{ConversationId, Id},
    monitor::{Claim, Need, Part, RollChange},
    sharing::{SharingError, people, repeat},
    vault::{Kind, Listing, Opened, Scope, Vault, VaultError, rows::Place},
};

/// Opens a conversation at the working label. `content` has been checked.
///
/// # Errors
/// [`SharingError`].
pub async fn create(
    vault: &Vault,
    subject: &Subject,
    id: ConversationId,
    content: ConversationContent,
    names: &[repeat::Name],
) -> Result<Opened<Conversation>, SharingError> {
    let (claims, home) = place(vault, id, &content.about)?;
    if let About::People(accounts) = &content.about {
        let known = {
            let config = vault.monitor().config();
            accounts
                .iter()
                .all(|account| config.account(*account).is_some_and(|account| people::knows(subject, account)))
        };
        if !known {
            let named: Vec<Id> = accounts.iter().map(|account| account.id()).collect();
            let refusal =
                vault.monitor().refuse_for(subject, Act::ConversationCreate, Rule::OtherBeyondClearance, &named).await;
            return Err(refusal.into());
        }
    }
    let permit = vault.monitor().write(subject, Act::ConversationCreate, &claims).await?;
    vault.ensure_label(subject).await?;
    let mut draft = vault.draft(permit);
    let conversation = Conversation { title: content.title, about: content.about, created: draft.now() };
    if let About::People(accounts) = &conversation.about {
        draft.open_home(home)?;
        for account in accounts {
            draft.enrol(RollChange::Put(home, *account, Part::Member))?;
        }
    }
    let header = draft.create(id.id(), home, subject.id(), &conversation)?;
    for scope in scopes(&conversation.about) {
        draft.list(Listing::Conversations, &scope, conversation.created.0, &header, &conversation)?;
    }
    for name in names {
        name.put(&mut draft, subject, id.id())?;
    }
    let opened = draft.opened(&header, conversation);
    draft.commit().await?;
    Ok(opened)
}

/// What must be reached to open a conversation there, and the home it lives in.
fn place(vault: &Vault, id: ConversationId, about: &About) -> Result<(Vec<Claim>, Id), VaultError> {
    match about {
        About::Note(note) => {
            let (claim, envelope) = vault.claim(Kind::Note, note.id(), Need::Reach)?;
            let home = envelope.map_or(Id::NONE, |note| note.header().home);
            Ok((vec![claim], home))
        }
        About::Space(space) => Ok((vec![crate::sharing::space::claim_on(vault, *space)?], space.id())),
        About::People(_) => Ok((Vec::new(), id.id())),
    }
}

fn scopes(about: &About) -> Vec<Scope> {
    match about {
        About::Note(note) => vec![Scope::of(note.id())],
        About::Space(space) => vec![Scope::of(space.id())],
        About::People(accounts) => accounts.iter().map(|account| Scope::of(account.id())).collect(),
    }
}

/// Reads a conversation.
///
/// # Errors
/// [`VaultError`].
pub async fn read(vault: &Vault, subject: &Subject, id: ConversationId) -> Result<Opened<Conversation>, VaultError> {
    #[cfg(feature = "exam")]
    if crate::exam::planted(crate::exam::Leak::VersionByMessages) {
        let rows = vault.exam_rows(subject, Listing::Messages, Scope::of(id.id())).len();
        let mut opened: Opened<Conversation> = vault.read(subject, Act::ConversationRead, id.id(), &[]).await?;
        opened.version = opened.version.saturating_add(u64::try_from(rows).unwrap_or(0));
        return Ok(opened);
    }
    vault.read(subject, Act::ConversationRead, id.id(), &[]).await
}

/// Whose conversations are listed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Of {
    /// One's own, with other people.
    Mine,
    /// Those held in a space.
    Space(crate::ids::SpaceId),
    /// Those held on a note.
    Note(crate::ids::NoteId),
}

/// One page of conversations, newest first.
///
/// # Errors
/// [`VaultError`].
pub async fn list(
    vault: &Vault,
    subject: &Subject,
    of: Of,
    after: Option<&Place>,
    limit: usize,
) -> Result<Vec<Opened<Conversation>>, VaultError> {
    let (claims, scope) = match of {
        Of::Mine => (Vec::new(), subject.id().id()),
        Of::Space(space) => (vec![vault.claim(Kind::Space, space.id(), Need::Reach)?.0], space.id()),
        Of::Note(note) => (vec![vault.claim(Kind::Note, note.id(), Need::Reach)?.0], note.id()),
    };
    let page = vault.page(subject, Listing::Conversations, &[Scope::of(scope)], after, limit)?;
    #[cfg(feature = "exam")]
    let page = if crate::exam::planted(crate::exam::Leak::TalksReadUp) {
        vault.exam_rows(subject, Listing::Conversations, Scope::of(scope))
    } else {
        page
    };
    #[cfg(feature = "exam")]
    let mut page = page;
    #[cfg(feature = "exam")]
    if crate::exam::planted(crate::exam::Leak::TalksByActivity) {
        page.sort_by_cached_key(|talk| vault.exam_rows(subject, Listing::Messages, Scope::of(talk.header().id)).len());
    }
    vault.list(subject, Act::ConversationList, &claims, page).await
}
