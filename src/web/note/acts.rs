//! What is done to a note beside writing it: deleting it, linking it, taking a link away, commenting.

use askama::Template;

use super::read::type_name;
use crate::{
    api::ApiError,
    ids::{ConversationId, LinkId, MessageId, NoteId, SpaceId},
    label::Label,
    limits,
    linking::{
        link::{LinkContent, TYPES},
        links,
    },
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
        rows::Row,
        spaces::Fault,
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

#[derive(Template)]
#[template(path = "link_form.html")]
struct LinkPage {
    frame: Frame,
    id: NoteId,
    title: String,
    stamp: Stamp,
    sought: String,
    kind: String,
    comment: String,
    to: String,
    found: Vec<Row>,
    token: String,
    fault: Option<Fault>,
    notice: Option<String>,
}

framed!(ConfirmPage, LinkPage);

impl LinkPage {
    fn kinds(&self) -> Vec<(&'static str, String, bool)> {
        TYPES.iter().map(|kind| (*kind, type_name(kind, true, self.frame.w), *kind == self.kind)).collect()
    }
}

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

fn link_of(id: NoteId) -> String {
    format!("link-create {id}")
}

/// `GET /notes/{id}/link`
///
/// # Errors
/// [`ApiError`].
pub async fn ask_link(visit: Visit) -> Result<Shown, ApiError> {
    Shown::page(&link_page(&visit, String::new(), None, None).await?)
}

async fn link_page(
    visit: &Visit,
    sought: String,
    fault: Option<Fault>,
    notice: Option<String>,
) -> Result<LinkPage, ApiError> {
    let (rail, note) = begin(visit).await?;
    let id = NoteId(note.id);
    let title = note.content.content.title.clone();
    // What changed last in my spaces, by the words of the title; a search over all notes will take its place.
    let cards = notes::feed(visit.vault(), visit.subject(), None, limits::PAGE_ROWS_MAX).await?;
    let words: Vec<String> = sought.to_lowercase().split_whitespace().map(str::to_owned).collect();
    let fits = |title: &str| {
        let title = title.to_lowercase();
        words.iter().all(|word| title.contains(word.as_str()))
    };
    let chosen = cards.iter().filter(|card| card.id != note.id && fits(&card.content.title));
    let chosen: Vec<_> = chosen.take(limits::PAGE_ROWS_DEFAULT).collect();
    let label = visit.visitor.joined(chosen.iter().map(|card| card.label).chain([note.label]));
    let label: Label = label.join(visit.subject().working());
    Ok(LinkPage {
        frame: Frame::over(&visit.visitor, rail, Room::Space(SpaceId(note.home)), Window::Link, label),
        id,
        title,
        stamp: Stamp::of(&visit.visitor, visit.subject().working()),
        sought,
        kind: visit.form.text("type").to_owned(),
        comment: visit.form.text("comment").to_owned(),
        to: visit.form.line("to").to_owned(),
        found: chosen.into_iter().map(|card| Row::of(&visit.visitor, card)).collect(),
        token: Token::fresh(visit, &link_of(id), 0)?,
        fault,
        notice,
    })
}

/// `POST /notes/{id}/link`: searches, or links. What is sought is content: it stands in a body and never in an address, which
/// the browser would keep.
///
/// # Errors
/// [`ApiError`].
pub async fn link(mut visit: Visit) -> Result<Shown, ApiError> {
    let id: NoteId = visit.call.id("id");
    if visit.form.has("find") {
        let sought = visit.form.text("q").to_owned();
        let told = Token::sent(&visit, &link_of(id)).is_none();
        let told = told.then(|| notice(&ApiError::LabelMismatch, visit.tongue()));
        return Shown::page(&link_page(&visit, sought, None, told).await?);
    }
    let done = match Once::of(&mut visit, &link_of(id))? {
        Once::Before(_) => Ok(()),
        Once::Again(why) => Err(why),
        Once::Fresh(names) => linked(&visit, id, &names).await,
    };
    let why = match done {
        Ok(()) => return Ok(Shown::see(format!("/notes/{id}"))),
        Err(why @ (ApiError::Unavailable | ApiError::Internal)) => return Err(why),
        Err(why) => why,
    };
    let (fault, told) = match &why {
        ApiError::Invalid(invalid) => (Some(Fault::of(invalid, visit.tongue())), None),
        // The note it would lead to, while the one it starts from is there: or this page is absent as well.
        ApiError::NotFound => (None, Some(visit.tongue().say(k::WEB_LINK_TO_MISSING))),
        other => (None, Some(notice(other, visit.tongue()))),
    };
    let sought = visit.form.text("q").to_owned();
    let page = link_page(&visit, sought, fault, told).await?;
    Shown::refused(&page, why)
}

async fn linked(visit: &Visit, from: NoteId, names: &[crate::sharing::repeat::Name]) -> Result<(), ApiError> {
    let content = LinkContent {
        from,
        to: NoteId(visit.form.line("to").parse().unwrap_or(crate::ids::Id::NONE)),
        kind: visit.form.line("type").to_owned(),
        comment: visit.form.text("comment").to_owned(),
    };
    let content = content.checked(false)?;
    let id = LinkId(visit.vault().entropy().id().map_err(|_exhausted| ApiError::Unavailable)?);
    links::create(visit.vault(), visit.subject(), id, content, None, names).await?;
    Ok(())
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
