//! Conversations: mine, one of them, a new one.

use askama::Template;
use serde::Deserialize;

use super::{
    frame::{Frame, Rail, Room},
    home::After,
    marking::{Chip, Stamp},
    note::{acts::will_be, read::Said},
    page::{Shown, framed},
    space::Talk,
    spaces::Fault,
    token::{Once, Token, notice},
    visit::Visit,
    window::Window,
};
use crate::{
    api::ApiError,
    ids::{AccountId, ConversationId, Id, MessageId, SpaceId},
    limits,
    messaging::{
        conversation::{About, Conversation, ConversationContent, Message, MessageContent},
        conversations::{self, Of},
        messages,
    },
    sharing::people,
    vault::{Opened, rows::Place},
    words::key as k,
};

#[derive(Template)]
#[template(path = "messages.html")]
struct ListPage {
    frame: Frame,
    talks: Vec<Talk>,
    next: Option<String>,
}

#[derive(Template)]
#[template(path = "thread.html")]
struct ThreadPage {
    frame: Frame,
    id: ConversationId,
    title: String,
    stamp: Stamp,
    /// Where it is held, when that is a page of its own, and how that is called.
    held: Option<(String, String)>,
    people: Vec<String>,
    days: Vec<(String, Vec<Said>)>,
    older: Option<String>,
    first: bool,
    token: String,
    will_be: Chip,
    typed: String,
    notice: Option<String>,
}

#[derive(Template)]
#[template(path = "talk_form.html")]
struct TalkForm {
    frame: Frame,
    stamp: Stamp,
    token: String,
    space: Option<(SpaceId, String)>,
    people: Vec<(AccountId, String, bool)>,
    title: String,
    text: String,
    fault: Option<Fault>,
    notice: Option<String>,
}

framed!(ListPage, ThreadPage, TalkForm);

/// `GET /messages`
///
/// # Errors
/// [`ApiError`].
pub async fn list(visit: Visit) -> Result<Shown, ApiError> {
    let query: After = visit.call.query()?;
    let after = visit.call.place(query.after.as_deref())?;
    let limit = limits::PAGE_ROWS_DEFAULT;
    let (rail, found) = tokio::join!(
        Rail::of(&visit.visitor),
        conversations::list(visit.vault(), visit.subject(), Of::Mine, after.as_ref(), limit)
    );
    let (rail, found) = (rail?, found?);
    let next = match found.last() {
        Some(last) if found.len() == limit => {
            Some(visit.call.cursor(Place { order: last.content.created.0, id: last.id })?)
        }
        _ => None,
    };
    let label = visit.visitor.joined(found.iter().map(|talk| talk.label));
    let page = ListPage {
        frame: Frame::over(&visit.visitor, rail, Room::Messages, Window::Messages, label),
        talks: found.iter().map(|talk| Talk::of(&visit, talk)).collect(),
        next,
    };
    Shown::page(&page)
}

fn post_of(id: ConversationId) -> String {
    format!("message-post {id}")
}

/// `GET /messages/{id}`
///
/// # Errors
/// [`ApiError`].
pub async fn thread(visit: Visit) -> Result<Shown, ApiError> {
    Shown::page(&thread_page(&visit, None).await?)
}

async fn thread_page(visit: &Visit, notice: Option<String>) -> Result<ThreadPage, ApiError> {
    let (vault, subject, id) = (visit.vault(), visit.subject(), visit.call.id::<ConversationId>("id"));
    let query: After = visit.call.query()?;
    let after = visit.call.place(query.after.as_deref())?;
    let (rail, talk) = tokio::join!(Rail::of(&visit.visitor), conversations::read(vault, subject, id));
    let (rail, talk) = (rail?, talk?);
    let limit = limits::PAGE_ROWS_DEFAULT;
    let found = messages::list(vault, subject, id, after.as_ref(), limit).await?;
    let older = match found.last() {
        Some(last) if found.len() == limit => {
            Some(visit.call.cursor(Place { order: last.content.created.0, id: last.id })?)
        }
        _ => None,
    };
    let label = visit.visitor.joined(found.iter().map(|message| message.label).chain([talk.label]));
    let room = match &talk.content.about {
        About::Space(space) => Room::Space(*space),
        About::Note(_) | About::People(_) => Room::Messages,
    };
    let title = talk.content.title.clone();
    let held = held(visit, &talk, &rail);
    Ok(ThreadPage {
        frame: Frame::over(&visit.visitor, rail, room, Window::Talk, label),
        id,
        title,
        stamp: Stamp::of(&visit.visitor, &talk.label),
        held,
        people: held_with(visit, &talk),
        days: by_day(visit, &found),
        older,
        first: after.is_none(),
        token: Token::fresh(visit, &post_of(id), 0)?,
        will_be: will_be(visit),
        typed: visit.form.text("text").to_owned(),
        notice,
    })
}

fn held(visit: &Visit, talk: &Opened<Conversation>, rail: &Rail) -> Option<(String, String)> {
    let w = visit.tongue();
    match &talk.content.about {
        About::Note(note) => Some((format!("/notes/{note}"), w.say(k::WEB_HELD_NOTE))),
        About::Space(space) => {
            let name = rail.name_of(*space).unwrap_or_else(|| w.say(k::WEB_HELD_SPACE));
            Some((format!("/spaces/{space}"), name))
        }
        About::People(_) => None,
    }
}

fn held_with(visit: &Visit, talk: &Opened<Conversation>) -> Vec<String> {
    match &talk.content.about {
        About::People(people) => people.iter().map(|account| visit.visitor.name(*account)).collect(),
        About::Note(_) | About::Space(_) => Vec::new(),
    }
}

/// Messages come newest first and are read oldest first, day by day.
fn by_day(visit: &Visit, found: &[Opened<Message>]) -> Vec<(String, Vec<Said>)> {
    let now = visit.vault().clock().now();
    let mut days: Vec<(String, Vec<Said>)> = Vec::new();
    for message in found.iter().rev() {
        let name = visit.tongue().heading(message.content.created, now);
        let said = Said::of(visit, message);
        match days.last_mut() {
            Some((day, all)) if *day == name => all.push(said),
            _ => days.push((name, vec![said])),
        }
    }
    days
}

/// `POST /messages/{id}`
///
/// # Errors
/// [`ApiError`].
pub async fn post(mut visit: Visit) -> Result<Shown, ApiError> {
    let id: ConversationId = visit.call.id("id");
    let why = match Once::of(&mut visit, &post_of(id))? {
        Once::Before(_) => return Ok(Shown::see(format!("/messages/{id}"))),
        Once::Again(why) => why,
        Once::Fresh(names) => match (MessageContent { text: visit.form.text("text").to_owned() }).checked() {
            Err(invalid) => invalid.into(),
            Ok(content) => {
                let message = MessageId(fresh(&visit)?);
                messages::post(visit.vault(), visit.subject(), id, message, content, &names).await?;
                return Ok(Shown::see(format!("/messages/{id}")));
            }
        },
    };
    let told = told(&why, &visit);
    Shown::refused(&thread_page(&visit, Some(told)).await?, why)
}

fn told(why: &ApiError, visit: &Visit) -> String {
    match why {
        ApiError::Invalid(invalid) => Fault::of(invalid, visit.tongue()).sentence,
        other => notice(other, visit.tongue()),
    }
}

fn fresh(visit: &Visit) -> Result<Id, ApiError> {
    visit.vault().entropy().id().map_err(|_exhausted| ApiError::Unavailable)
}

/// Query of `GET /messages/new`.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct With {
    person: Option<AccountId>,
    space: Option<SpaceId>,
}

const NEW: &str = "conversation-create";

/// `GET /messages/new`
///
/// # Errors
/// [`ApiError`].
pub async fn begin(visit: Visit) -> Result<Shown, ApiError> {
    let with: With = visit.call.query()?;
    Shown::page(&talk_form(&visit, with, None, None).await?)
}

async fn talk_form(
    visit: &Visit,
    with: With,
    fault: Option<Fault>,
    notice: Option<String>,
) -> Result<TalkForm, ApiError> {
    let (rail, known) = tokio::join!(Rail::of(&visit.visitor), people::list(visit.vault(), visit.subject()));
    let (rail, known, me) = (rail?, known?, visit.subject().id());
    let chosen: Vec<AccountId> = visit.form.all("people").filter_map(|id| id.parse().ok()).chain(with.person).collect();
    let others = known.iter().filter(|account| account.id() != me);
    let people = others.map(|account| {
        let id = account.id();
        (id, account.display().to_owned(), chosen.contains(&id))
    });
    let people = people.collect();
    let space = with.space.and_then(|space| Some((space, rail.name_of(space)?)));
    let room = space.as_ref().map_or(Room::Messages, |(space, _)| Room::Space(*space));
    Ok(TalkForm {
        frame: Frame::over(&visit.visitor, rail, room, Window::NewTalk, *visit.subject().working()),
        stamp: Stamp::of(&visit.visitor, visit.subject().working()),
        token: Token::fresh(visit, NEW, 0)?,
        space,
        people,
        title: visit.form.text("title").to_owned(),
        text: visit.form.text("text").to_owned(),
        fault,
        notice,
    })
}

/// `POST /messages/new`: a conversation, and its first message.
///
/// # Errors
/// [`ApiError`].
pub async fn open(mut visit: Visit) -> Result<Shown, ApiError> {
    let done = match Once::of(&mut visit, NEW)? {
        Once::Before(id) => Ok(id),
        Once::Again(why) => Err(why),
        Once::Fresh(names) => opened(&visit, &names).await,
    };
    let why = match done {
        Ok(id) => return Ok(Shown::see(format!("/messages/{id}"))),
        Err(why @ (ApiError::NotFound | ApiError::Unavailable | ApiError::Internal)) => return Err(why),
        Err(why) => why,
    };
    let with = With { person: None, space: visit.form.line("space").parse().ok() };
    let (fault, notice) = match &why {
        ApiError::Invalid(invalid) => (Some(Fault::of(invalid, visit.tongue())), None),
        other => (None, Some(notice(other, visit.tongue()))),
    };
    Shown::refused(&talk_form(&visit, with, fault, notice).await?, why)
}

async fn opened(visit: &Visit, names: &[crate::sharing::repeat::Name]) -> Result<Id, ApiError> {
    let about = match visit.form.line("space").parse() {
        Ok(space) => About::Space(space),
        Err(_none) => About::People(visit.form.all("people").filter_map(|id| id.parse().ok()).collect()),
    };
    let content = ConversationContent { title: visit.form.text("title").to_owned(), about };
    let content = content.checked(visit.subject().id())?;
    let first = MessageContent { text: visit.form.text("text").to_owned() }.checked()?;
    let talk = ConversationId(fresh(visit)?);
    conversations::create(visit.vault(), visit.subject(), talk, content, names).await?;
    messages::post(visit.vault(), visit.subject(), talk, MessageId(fresh(visit)?), first, &[]).await?;
    Ok(talk.id())
}
