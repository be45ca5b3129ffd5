//! Conversations and messages.

use serde::Deserialize;

use super::{Answer, ApiError, Call, notes::page_limit, shapes, spaces::joined};
use crate::{
    ids::{ConversationId, MessageId, NoteId, SpaceId},
    messaging::{
        conversation::{About, Conversation, ConversationContent, Message, MessageContent},
        conversations::{self, Of},
        messages::{self, Change},
    },
    vault::{Opened, rows::Place},
};

/// Body of `POST /conversations`.
#[derive(Deserialize, Debug, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewConversation {
    /// Subject, one line.
    pub title: String,
    /// Where it is held.
    pub about: About,
    /// If given, must be the working label.
    #[serde(default)]
    pub label: Option<String>,
}

/// Body of `POST` and `PUT` of a message.
#[derive(Deserialize, Debug, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMessage {
    /// Markdown.
    pub text: String,
    /// If given, must be the working label.
    #[serde(default)]
    pub label: Option<String>,
}

fn view(call: &Call, conversation: &Opened<Conversation>) -> shapes::ConversationView {
    shapes::ConversationView {
        id: ConversationId(conversation.id),
        version: conversation.version,
        label: call.view(&conversation.label),
        title: conversation.content.title.clone(),
        about: conversation.content.about.clone(),
        created: conversation.content.created,
        author: call.person(conversation.author),
    }
}

fn message_view(call: &Call, message: &Opened<Message>) -> shapes::MessageView {
    shapes::MessageView {
        id: MessageId(message.id),
        version: message.version,
        label: call.view(&message.label),
        conversation: message.content.conversation,
        text: message.content.text.clone(),
        created: message.content.created,
        edited: message.content.edited,
        withdrawn: message.content.withdrawn,
        author: call.person(message.author),
    }
}

fn message_answer(call: &Call, message: &Opened<Message>) -> Result<Answer, ApiError> {
    Ok(Answer::labelled(&message_view(call, message), message.label)?.tagged(call.tag(message)?))
}

/// `POST /conversations`
///
/// # Errors
/// [`ApiError`].
pub async fn create(call: Call) -> Result<Answer, ApiError> {
    let new: NewConversation = call.json()?;
    call.same_label(new.label.as_deref())?;
    let content = ConversationContent { title: new.title, about: new.about }.checked(call.subject.id())?;
    let mut name = call.repeat()?;
    if let Some(id) = call.repeated(&mut name)? {
        let found = conversations::read(&call.vault, &call.subject, ConversationId(id)).await?;
        return Ok(Answer::labelled(&view(&call, &found), found.label)?.created());
    }
    let id = ConversationId(call.vault.entropy().id().map_err(|_exhausted| ApiError::Unavailable)?);
    let names: Vec<_> = name.into_iter().collect();
    let made = conversations::create(&call.vault, &call.subject, id, content, &names).await?;
    Ok(Answer::labelled(&view(&call, &made), made.label)?.created())
}

/// Query of `GET /conversations`.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Which {
    space: Option<SpaceId>,
    note: Option<NoteId>,
    after: Option<String>,
    limit: Option<usize>,
}

/// `GET /conversations`
///
/// # Errors
/// [`ApiError`].
pub async fn list(call: Call) -> Result<Answer, ApiError> {
    let query: Which = call.query()?;
    let of = match (query.space, query.note) {
        (None, None) => Of::Mine,
        (Some(space), None) => Of::Space(space),
        (None, Some(note)) => Of::Note(note),
        (Some(_), Some(_)) => return Err(ApiError::BadQuery),
    };
    let after = call.place(query.after.as_deref())?;
    let limit = page_limit(query.limit);
    let found = conversations::list(&call.vault, &call.subject, of, after.as_ref(), limit).await?;
    let next = match found.last() {
        Some(last) if found.len() == limit => Some(call.cursor(Place { order: last.content.created.0, id: last.id })?),
        _ => None,
    };
    let label = joined(&call, found.iter().map(|conversation| conversation.label));
    let items = found.iter().map(|conversation| view(&call, conversation)).collect();
    Answer::labelled(&shapes::Page::<shapes::ConversationView> { items, next }, label)
}

/// `GET /conversations/{id}`
///
/// # Errors
/// [`ApiError`].
pub async fn read(call: Call) -> Result<Answer, ApiError> {
    let found = conversations::read(&call.vault, &call.subject, call.id("id")).await?;
    Answer::labelled(&view(&call, &found), found.label)
}

/// `POST /conversations/{id}/messages`
///
/// # Errors
/// [`ApiError`].
pub async fn post(call: Call) -> Result<Answer, ApiError> {
    let new: NewMessage = call.json()?;
    call.same_label(new.label.as_deref())?;
    let content = MessageContent { text: new.text }.checked()?;
    let mut name = call.repeat()?;
    if let Some(id) = call.repeated(&mut name)? {
        let message = messages::read(&call.vault, &call.subject, MessageId(id)).await?;
        return Ok(message_answer(&call, &message)?.created());
    }
    let id = MessageId(call.vault.entropy().id().map_err(|_exhausted| ApiError::Unavailable)?);
    let names: Vec<_> = name.into_iter().collect();
    let message = messages::post(&call.vault, &call.subject, call.id("id"), id, content, &names).await?;
    Ok(message_answer(&call, &message)?.created())
}

/// `GET /conversations/{id}/messages`
///
/// # Errors
/// [`ApiError`].
pub async fn messages(call: Call) -> Result<Answer, ApiError> {
    let query: shapes::Paging = call.query()?;
    let after = call.place(query.after.as_deref())?;
    let limit = page_limit(query.limit);
    let found = messages::list(&call.vault, &call.subject, call.id("id"), after.as_ref(), limit).await?;
    let next = match found.last() {
        Some(last) if found.len() == limit => Some(call.cursor(Place { order: last.content.created.0, id: last.id })?),
        _ => None,
    };
    let label = joined(&call, found.iter().map(|message| message.label));
    let items = found.iter().map(|message| message_view(&call, message)).collect();
    Answer::labelled(&shapes::Page::<shapes::MessageView> { items, next }, label)
}

/// `PUT /conversations/{id}/messages/{message}`
///
/// # Errors
/// [`ApiError`].
pub async fn edit(call: Call) -> Result<Answer, ApiError> {
    let new: NewMessage = call.json()?;
    call.same_label(new.label.as_deref())?;
    let content = MessageContent { text: new.text }.checked()?;
    change(call, Change::Edit(content)).await
}

/// `DELETE /conversations/{id}/messages/{message}`: withdraws it.
///
/// # Errors
/// [`ApiError`].
pub async fn withdraw(call: Call) -> Result<Answer, ApiError> {
    change(call, Change::Withdraw).await
}

async fn change(call: Call, change: Change) -> Result<Answer, ApiError> {
    let id: MessageId = call.id("message");
    let version = call.matched(id.id())?;
    let message = messages::change(&call.vault, &call.subject, call.id("id"), id, version, change).await;
    message_answer(&call, &message.map_err(|error| call.told(error, id.id()))?)
}
