//! What people do with messages.

use super::conversation::{Message, MessageContent};
use crate::{
    audit::entry::{Act, Rule},
    identity::Subject,
    ids::{ConversationId, MessageId},
    monitor::{Need, Refusal},
    sharing::{
        SharingError,
        calls::{self, Call},
        notes::begin,
        repeat,
    },
    vault::{Draft, Header, Kind, Listing, Opened, Scope, Vault, VaultError, WriteError, rows::Place},
};

/// Posts a message at the working label. `content` has been checked.
///
/// # Errors
/// [`SharingError`].
pub async fn post(
    vault: &Vault,
    subject: &Subject,
    conversation: ConversationId,
    id: MessageId,
    content: MessageContent,
    names: &[repeat::Name],
) -> Result<Opened<Message>, SharingError> {
    let (claim, envelope) = vault.claim(Kind::Conversation, conversation.id(), Need::Reach)?;
    let permit = vault.monitor().write(subject, Act::MessageCreate, &[claim]).await?;
    let home = envelope.ok_or(VaultError::Refused(Refusal::Absent))?.header().home;
    vault.ensure_label(subject).await?;
    let mut draft = vault.draft(permit);
    let created = draft.now();
    let message = Message { conversation, text: content.text, created, edited: None, withdrawn: false };
    let header = draft.create(id.id(), home, subject.id(), &message)?;
    draft.list(Listing::Messages, &Scope::of(conversation.id()), created.0, &header, &message)?;
    call(&mut draft, &header, &message)?;
    for name in names {
        name.put(&mut draft, subject, id.id())?;
    }
    let opened = draft.opened(&header, message);
    draft.commit().await?;
    Ok(opened)
}

/// Reads one message.
///
/// # Errors
/// [`VaultError`].
pub async fn read(vault: &Vault, subject: &Subject, id: MessageId) -> Result<Opened<Message>, VaultError> {
    vault.read(subject, Act::MessageRead, id.id(), &[]).await
}

/// One page of messages, newest first.
///
/// # Errors
/// [`VaultError`].
pub async fn list(
    vault: &Vault,
    subject: &Subject,
    conversation: ConversationId,
    after: Option<&Place>,
    limit: usize,
) -> Result<Vec<Opened<Message>>, VaultError> {
    let (claim, _) = vault.claim(Kind::Conversation, conversation.id(), Need::Reach)?;
    let page = vault.page(subject, Listing::Messages, &[Scope::of(conversation.id())], after, limit)?;
    vault.list(subject, Act::MessageList, &[claim], page).await
}

/// What an author does to his message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Change {
    /// Says it otherwise.
    Edit(MessageContent),
    /// Takes it back: the text goes, that there was a message stays.
    Withdraw,
}

/// Edits or withdraws a message, by its author at its label.
///
/// # Errors
/// [`SharingError`]; [`WriteError::Stale`] when `version` is not the present one.
pub async fn change(
    vault: &Vault,
    subject: &Subject,
    conversation: ConversationId,
    id: MessageId,
    version: u64,
    change: Change,
) -> Result<Opened<Message>, SharingError> {
    let act = match &change {
        Change::Edit(_) => Act::MessageChange,
        Change::Withdraw => Act::MessageWithdraw,
    };
    let (claim, envelope) = vault.claim(Kind::Message, id.id(), Need::ChangeAsAuthor)?;
    let permit = vault.monitor().write(subject, act, &[claim]).await?;
    let old: Opened<Message> = read(vault, subject, id).await?;
    if old.content.conversation != conversation || old.content.withdrawn {
        return Err(vault.monitor().refuse_for(subject, act, Rule::Absent, &[id.id()]).await.into());
    }
    let (mut draft, envelope) = begin(vault, permit, envelope, version, old.version).await?;
    for named in calls::named(&old.content.text) {
        draft.unlist(Listing::Calls, &calls::scope(&named.name), old.content.created.0, id.id());
    }
    let message = match change {
        Change::Edit(content) => Message { text: content.text, edited: Some(draft.now()), ..old.content },
        Change::Withdraw => Message { text: String::new(), edited: Some(draft.now()), withdrawn: true, ..old.content },
    };
    let header = draft.replace(&envelope, &message)?;
    draft.list(Listing::Messages, &Scope::of(conversation.id()), message.created.0, &header, &message)?;
    call(&mut draft, &header, &message)?;
    let opened = draft.opened(&header, message);
    draft.commit().await?;
    Ok(opened)
}

/// Tells the people whom a message names.
fn call(draft: &mut Draft<'_>, header: &Header, message: &Message) -> Result<(), WriteError> {
    for named in calls::named(&message.text) {
        let call = Call {
            title: String::new(),
            sentence: named.sentence,
            conversation: Some(message.conversation),
            created: message.created,
        };
        draft.list(Listing::Calls, &calls::scope(&named.name), message.created.0, header, &call)?;
    }
    Ok(())
}
