//! What is done to a note beside writing and linking it: deleting it, taking a link away, commenting.

use askama::Template;

use super::read::type_name;
use crate::{
    api::ApiError,
    ids::{ConversationId, LinkId, MessageId, NoteId, SpaceId},
    linking::links,
    messaging::{
        conversation::{About, ConversationContent, MessageContent},
        conversations::{self, Of},
        messages,
    },
    sharing::{SharingError, note::Note, notes},
    vault::{Opened, WriteError},
    web::{
        elsewhere::Switch,
        frame::{Frame, Rail, Room},
        marking::{Chip, Stamp},
        page::{Shown, framed},
        token::{Once, Token, notice},
        visit::Visit,
        window::Window,
    },
    words::key as k,
};

/// A question before something is lost.
#[derive(Template)]
#[template(path = "confirm.html")]
pub(in crate::web) struct ConfirmPage {
    pub(in crate::web) frame: Frame,
    pub(in crate::web) stamp: Stamp,
    pub(in crate::web) question: String,
    pub(in crate::web) what: String,
    pub(in crate::web) effect: String,
    pub(in crate::web) action: String,
    pub(in crate::web) back: String,
    pub(in crate::web) button: String,
    pub(in crate::web) token: String,
    pub(in crate::web) notice: Option<String>,
    /// In place of the button, where nothing can be lost at the working label.
    pub(in crate::web) switch: Option<Switch>,
}

framed!(ConfirmPage);

async fn begin(visit: &Visit) -> Result<(Rail, Opened<Note>), ApiError> {
    let id: NoteId = visit.call.id("id");
    let (rail, note) = tokio::join!(Rail::of(&visit.visitor), notes::read(visit.vault(), visit.subject(), id));
    Ok((rail?, note?))
}

fn delete_of(id: NoteId) -> String {
    format!("note-delete {id}")
}

/// `GET /notes/{id}/delete`
///
/// # Errors
/// [`ApiError`].
pub async fn ask_delete(visit: Visit) -> Result<Shown, ApiError> {
    Shown::page(&delete_page(&visit, None).await?)
}

async fn delete_page(visit: &Visit, notice: Option<String>) -> Result<ConfirmPage, ApiError> {
    let (rail, note) = begin(visit).await?;
    let (id, w) = (NoteId(note.id), visit.tongue());
    let title = note.content.content.title.clone();
    Ok(ConfirmPage {
        frame: Frame::over(&visit.visitor, rail, Room::Space(SpaceId(note.home)), Window::Question, note.label),
        stamp: Stamp::of(&visit.visitor, &note.label),
        question: w.say(k::WEB_DELETE_QUESTION),
        what: title,
        effect: w.say(k::WEB_DELETE_EFFECT),
        action: format!("/notes/{id}/delete"),
        back: format!("/notes/{id}"),
        button: w.say(k::WEB_DELETE_BUTTON),
        token: Token::fresh(visit, &delete_of(id), note.version)?,
        notice,
        switch: Switch::to(&visit.visitor, &note.label),
    })
}

/// `POST /notes/{id}/delete`
///
/// # Errors
/// [`ApiError`].
pub async fn delete(visit: Visit) -> Result<Shown, ApiError> {
    let id: NoteId = visit.call.id("id");
    let (_, note) = begin(&visit).await?;
    let done = match Token::sent(&visit, &delete_of(id)) {
        None => Err(ApiError::LabelMismatch),
        Some(token) => match notes::delete(visit.vault(), visit.subject(), id, token.version).await {
            Ok(()) => Ok(()),
            Err(SharingError::Write(WriteError::Stale(_))) => Err(ApiError::Stale(String::new())),
            Err(other) => Err(other.into()),
        },
    };
    match done {
        Ok(()) => Ok(Shown::see(format!("/spaces/{}", SpaceId(note.home)))),
        Err(why @ (ApiError::LabelMismatch | ApiError::Stale(_) | ApiError::Conflict | ApiError::Forbidden(_))) => {
            let told = notice(&why, visit.tongue());
            Shown::refused(&delete_page(&visit, Some(told)).await?, why)
        }
        Err(other) => Err(other),
    }
}

/// `GET /links/{id}/delete`
///
/// # Errors
/// [`ApiError`].
pub async fn ask_unlink(visit: Visit) -> Result<Shown, ApiError> {
    let id: LinkId = visit.call.id("id");
    let link = links::read(visit.vault(), visit.subject(), id).await?;
    let ends = [link.content.from.id(), link.content.to.id()];
    let (rail, cards) = tokio::join!(Rail::of(&visit.visitor), links::cards(visit.vault(), visit.subject(), &ends));
    let (rail, cards, w) = (rail?, cards?, visit.tongue());
    let title = |end: NoteId| {
        cards.iter().find(|card| card.id == end.id()).map_or_else(String::new, |card| card.content.title.clone())
    };
    let (from, to) = (title(link.content.from), title(link.content.to));
    let label = visit.visitor.joined(cards.iter().map(|card| card.label).chain([link.label]));
    let page = ConfirmPage {
        frame: Frame::over(&visit.visitor, rail, Room::Nowhere, Window::Question, label),
        stamp: Stamp::of(&visit.visitor, &link.label),
        question: w.say(k::WEB_UNLINK_QUESTION),
        what: format!("{from} → {} → {to}", type_name(&link.content.kind, true, w)),
        effect: w.say(k::WEB_UNLINK_EFFECT),
        action: format!("/links/{id}/delete"),
        back: format!("/notes/{}", link.content.from),
        button: w.say(k::WEB_LINK_REMOVE),
        token: Token::fresh(&visit, &format!("link-delete {id}"), 0)?,
        notice: None,
        switch: Switch::to(&visit.visitor, &link.label),
    };
    Shown::page(&page)
}

/// `POST /links/{id}/delete`
///
/// # Errors
/// [`ApiError`].
pub async fn unlink(visit: Visit) -> Result<Shown, ApiError> {
    let id: LinkId = visit.call.id("id");
    let link = links::read(visit.vault(), visit.subject(), id).await?;
    if Token::sent(&visit, &format!("link-delete {id}")).is_none() {
        return Err(ApiError::LabelMismatch);
    }
    links::delete(visit.vault(), visit.subject(), id).await?;
    Ok(Shown::see(format!("/notes/{}", link.content.from)))
}

/// What a comment's form is about.
pub(super) fn comment_of(id: NoteId) -> String {
    format!("comment {id}")
}

/// `POST /notes/{id}/comment`: a message in the note's conversation, which the first one opens.
///
/// # Errors
/// [`ApiError`].
pub async fn comment(mut visit: Visit) -> Result<Shown, ApiError> {
    let id: NoteId = visit.call.id("id");
    let names = match Once::of(&mut visit, &comment_of(id))? {
        Once::Before(_) => return Ok(Shown::see(format!("/notes/{id}#discussion"))),
        Once::Again(why) => return super::read::again(visit, &why).await,
        Once::Fresh(names) => names,
    };
    let content = match (MessageContent { text: visit.form.text("text").to_owned() }).checked() {
        Ok(content) => content,
        Err(invalid) => return super::read::again(visit, &invalid.into()).await,
    };
    let (vault, subject) = (visit.vault(), visit.subject());
    let fresh = || vault.entropy().id().map_err(|_exhausted| ApiError::Unavailable);
    let held = conversations::list(vault, subject, Of::Note(id), None, 1).await?;
    let talk = match held.first() {
        Some(talk) => ConversationId(talk.id),
        None => {
            let note = notes::read(vault, subject, id).await?;
            let opened = ConversationContent { title: note.content.content.title, about: About::Note(id) };
            let talk = ConversationId(fresh()?);
            conversations::create(vault, subject, talk, opened.checked(subject.id())?, &[]).await?;
            talk
        }
    };
    messages::post(vault, subject, talk, MessageId(fresh()?), content, &names).await?;
    Ok(Shown::see(format!("/notes/{id}#discussion")))
}

/// The chip of what a composer will write.
pub(in crate::web) fn will_be(visit: &Visit) -> Chip {
    Chip::of(&visit.visitor, visit.subject().working())
}
