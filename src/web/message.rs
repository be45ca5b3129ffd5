//! One message, said otherwise or taken back by its author.

use askama::Template;

use super::{
    frame::{Frame, Rail, Room},
    marking::Stamp,
    page::{Shown, framed},
    spaces::Fault,
    token::{Token, notice},
    visit::Visit,
    window::Window,
};
use crate::{
    api::ApiError,
    ids::{ConversationId, MessageId},
    messaging::{
        conversation::MessageContent,
        messages::{self, Change},
    },
    sharing::SharingError,
    vault::WriteError,
    words::key as k,
};

#[derive(Template)]
#[template(path = "message_form.html")]
struct MessageForm {
    frame: Frame,
    stamp: Stamp,
    talk: ConversationId,
    id: MessageId,
    token: String,
    text: String,
    /// What it says now, when that is not what was changed.
    present: Option<String>,
    fault: Option<Fault>,
    notice: Option<String>,
}

framed!(MessageForm);

fn edit_of(id: MessageId) -> String {
    format!("message-edit {id}")
}

/// `GET /messages/{id}/{message}`
///
/// # Errors
/// [`ApiError`].
pub async fn edit(visit: Visit) -> Result<Shown, ApiError> {
    Shown::page(&message_form(&visit, None, None, None, false).await?)
}

async fn message_form(
    visit: &Visit,
    typed: Option<String>,
    fault: Option<Fault>,
    notice: Option<String>,
    stale: bool,
) -> Result<MessageForm, ApiError> {
    let (vault, subject) = (visit.vault(), visit.subject());
    let (talk, id): (ConversationId, MessageId) = (visit.call.id("id"), visit.call.id("message"));
    let (rail, message) = tokio::join!(Rail::of(&visit.visitor), messages::read(vault, subject, id));
    let (rail, message) = (rail?, message?);
    if message.content.conversation != talk {
        // A message is read where it was said, or not at all.
        return Err(ApiError::NotFound);
    }
    Ok(MessageForm {
        frame: Frame::over(&visit.visitor, rail, Room::Messages, Window::Message, message.label),
        stamp: Stamp::of(&visit.visitor, &message.label),
        talk,
        id,
        token: Token::fresh(visit, &edit_of(id), message.version)?,
        present: stale.then(|| message.content.text.clone()),
        text: typed.unwrap_or(message.content.text),
        fault,
        notice,
    })
}

/// `POST /messages/{id}/{message}`: says it otherwise, or takes it back.
///
/// # Errors
/// [`ApiError`].
pub async fn change(visit: Visit) -> Result<Shown, ApiError> {
    let (talk, id): (ConversationId, MessageId) = (visit.call.id("id"), visit.call.id("message"));
    let why = match changed(&visit, talk, id).await {
        Ok(()) => return Ok(Shown::see(format!("/messages/{talk}"))),
        Err(why @ (ApiError::NotFound | ApiError::Unavailable | ApiError::Internal)) => return Err(why),
        Err(why) => why,
    };
    let typed = Some(visit.form.text("text").to_owned());
    let (fault, told) = match &why {
        ApiError::Invalid(invalid) => (Some(Fault::of(invalid, visit.tongue())), None),
        ApiError::Stale(_) => (None, Some(visit.tongue().say(k::WEB_STALE_FORM))),
        other => (None, Some(notice(other, visit.tongue()))),
    };
    Shown::refused(&message_form(&visit, typed, fault, told, matches!(why, ApiError::Stale(_))).await?, why)
}

async fn changed(visit: &Visit, talk: ConversationId, id: MessageId) -> Result<(), ApiError> {
    let token = Token::sent(visit, &edit_of(id)).ok_or(ApiError::LabelMismatch)?;
    let change = if visit.form.has("withdraw") {
        Change::Withdraw
    } else {
        Change::Edit(MessageContent { text: visit.form.text("text").to_owned() }.checked()?)
    };
    match messages::change(visit.vault(), visit.subject(), talk, id, token.version, change).await {
        Ok(_) => Ok(()),
        Err(SharingError::Write(WriteError::Stale(_))) => Err(ApiError::Stale(String::new())),
        Err(other) => Err(other.into()),
    }
}
