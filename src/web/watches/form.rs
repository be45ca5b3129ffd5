//! Keeping a question as a watch, changing it, dropping it.
//!
//! What is sought is content: a search that is to be kept comes in the body of a form (`q`, with `begin`), because browsers
//! keep addresses. One that somebody wrote himself (`?q=…`) is answered as well; no page of ours leads to one.

use askama::Template;
use serde::Deserialize;

use crate::{
    api::ApiError,
    audit::entry::Act,
    finding::{
        watch::{Watch, WatchContent, WatchFault},
        watches,
    },
    ids::{SpaceId, WatchId},
    sharing::SharingError,
    vault::{Opened, WriteError},
    web::{
        elsewhere::{ElsewherePage, Switch},
        frame::{Frame, Rail, Room},
        marking::Stamp,
        note::acts::ConfirmPage,
        page::{Shown, framed},
        spaces::Fault,
        token::{Once, Token, notice},
        visit::Visit,
        window::Window,
    },
    words::key as k,
};

/// Name, question and where it lives, to be filled in.
#[derive(Template)]
#[template(path = "watch_form.html")]
struct WatchForm {
    frame: Frame,
    stamp: Stamp,
    /// The watch that is changed, and its present name; none for a new one.
    watch: Option<(WatchId, String)>,
    token: String,
    name: String,
    query: String,
    space: Option<SpaceId>,
    /// Name and question as they are now, when those are not what was changed.
    present: Option<(String, String)>,
    fault: Option<Fault>,
    notice: Option<String>,
}

framed!(WatchForm);

/// Query of `GET /watches/new`.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Begun {
    /// A question in clear.
    q: Option<String>,
}

const NEW: &str = "watch-create";

impl WatchForm {
    fn is_in(&self, space: &SpaceId) -> bool {
        self.space.as_ref() == Some(space)
    }
}

fn fault(of: &WatchFault, visit: &Visit) -> Fault {
    match of {
        WatchFault::Invalid(invalid) => Fault::of(invalid, visit.tongue()),
        WatchFault::Query(error) => Fault::told("query", visit.tongue().tell(&error.sentence())),
    }
}

fn typed(visit: &Visit) -> WatchContent {
    WatchContent { name: visit.form.text("name").to_owned(), query: visit.form.text("query").to_owned() }
}

/// `GET /watches/new`
///
/// # Errors
/// [`ApiError`].
pub async fn fresh(visit: Visit) -> Result<Shown, ApiError> {
    let query: Begun = visit.call.query()?;
    let sought = WatchContent { name: String::new(), query: query.q.unwrap_or_default() };
    Shown::page(&new_form(&visit, sought, None, None).await?)
}

async fn new_form(
    visit: &Visit,
    content: WatchContent,
    fault: Option<Fault>,
    notice: Option<String>,
) -> Result<WatchForm, ApiError> {
    let rail = Rail::of(&visit.visitor).await?;
    if visit.subject().is_officer() {
        return Err(ApiError::NotFound);
    }
    // What was typed is of the label that he works at.
    let bare = content.name.trim().is_empty() && content.query.trim().is_empty();
    let label = if bare { visit.visitor.lowest() } else { *visit.subject().working() };
    Ok(WatchForm {
        frame: Frame::over(&visit.visitor, rail, Room::Watches, Window::NewWatch, label),
        stamp: Stamp::of(&visit.visitor, visit.subject().working()),
        watch: None,
        token: Token::fresh(visit, NEW, 0)?,
        name: content.name,
        query: content.query,
        space: visit.form.line("space").parse().ok(),
        present: None,
        fault,
        notice,
    })
}

/// `POST /watches/new`: keeps a question, or opens the form over one that was just sought.
///
/// # Errors
/// [`ApiError`].
pub async fn create(mut visit: Visit) -> Result<Shown, ApiError> {
    if visit.form.has("begin") {
        let sought = WatchContent { name: String::new(), query: visit.form.text("q").to_owned() };
        return Shown::page(&new_form(&visit, sought, None, None).await?);
    }
    let names = match Once::of(&mut visit, NEW)? {
        Once::Fresh(names) => names,
        Once::Before(id) => return Ok(Shown::see(format!("/watches/{}", WatchId(id)))),
        Once::Again(why) => {
            let told = notice(&why, visit.tongue());
            return Shown::refused(&new_form(&visit, typed(&visit), None, Some(told)).await?, why);
        }
    };
    let content = match typed(&visit).checked() {
        Ok(content) => content,
        Err(wrong) => {
            let fault = fault(&wrong, &visit);
            return Shown::refused(&new_form(&visit, typed(&visit), Some(fault), None).await?, wrong.into());
        }
    };
    let space = match visit.form.line("space") {
        "" => None,
        text => Some(text.parse().unwrap_or(SpaceId(crate::ids::Id::NONE))),
    };
    let (vault, subject) = (visit.vault(), visit.subject());
    let id = WatchId(vault.entropy().id().map_err(|_exhausted| ApiError::Unavailable)?);
    match watches::create(vault, subject, id, space, content, &names).await.map_err(ApiError::from) {
        Ok(_) => Ok(Shown::see(format!("/watches/{id}"))),
        Err(ApiError::Invalid(invalid)) => {
            let told = Fault::of(&invalid, visit.tongue()).sentence;
            Shown::refused(&new_form(&visit, typed(&visit), None, Some(told)).await?, invalid.into())
        }
        Err(other) => Err(other),
    }
}

async fn begin(visit: &Visit) -> Result<(Rail, Opened<Watch>), ApiError> {
    let id: WatchId = visit.call.id("id");
    let (rail, read) =
        tokio::join!(Rail::of(&visit.visitor), watches::read(visit.vault(), visit.subject(), Act::WatchRead, id));
    let (watch, _) = read?;
    Ok((rail?, watch))
}

fn change_of(id: WatchId) -> String {
    format!("watch-change {id}")
}

/// `GET /watches/{id}/edit`
///
/// # Errors
/// [`ApiError`].
pub async fn edit(visit: Visit) -> Result<Shown, ApiError> {
    let (rail, watch) = begin(&visit).await?;
    let content = watch.content.content.clone();
    if let Some(switch) = Switch::to(&visit.visitor, &watch.label) {
        return Shown::page(&ElsewherePage {
            frame: Frame::over(&visit.visitor, rail, Room::Watches, Window::WatchChange, watch.label),
            what: content.name,
            back: format!("/watches/{}", WatchId(watch.id)),
            deed: visit.tongue().say(k::WATCH_EDIT),
            stamp: Stamp::of(&visit.visitor, &watch.label),
            switch,
        });
    }
    Shown::page(&change_form(&visit, rail, &watch, content, None, None)?)
}

fn change_form(
    visit: &Visit,
    rail: Rail,
    watch: &Opened<Watch>,
    content: WatchContent,
    fault: Option<Fault>,
    notice: Option<String>,
) -> Result<WatchForm, ApiError> {
    let id = WatchId(watch.id);
    let label = watch.label.join(visit.subject().working());
    Ok(WatchForm {
        frame: Frame::over(&visit.visitor, rail, Room::Watches, Window::WatchChange, label),
        stamp: Stamp::of(&visit.visitor, &watch.label),
        watch: Some((id, watch.content.content.name.clone())),
        token: Token::fresh(visit, &change_of(id), watch.version)?,
        name: content.name,
        query: content.query,
        space: watches::space_of(watch),
        present: None,
        fault,
        notice,
    })
}

/// `POST /watches/{id}/edit`
///
/// # Errors
/// [`ApiError`].
pub async fn change(visit: Visit) -> Result<Shown, ApiError> {
    let id: WatchId = visit.call.id("id");
    let (why, wrong) = match (Token::sent(&visit, &change_of(id)), typed(&visit).checked()) {
        (None, _) => (ApiError::LabelMismatch, None),
        (_, Err(wrong)) => {
            let fault = fault(&wrong, &visit);
            (wrong.into(), Some(fault))
        }
        (Some(token), Ok(content)) => {
            match watches::change(visit.vault(), visit.subject(), id, token.version, content).await {
                Ok(_) => return Ok(Shown::see(format!("/watches/{id}"))),
                Err(SharingError::Write(WriteError::Stale(_))) => (ApiError::Stale(String::new()), None),
                Err(other) => (other.into(), None),
            }
        }
    };
    if matches!(why, ApiError::NotFound | ApiError::Unavailable | ApiError::Internal) {
        return Err(why);
    }
    let told = wrong.is_none().then(|| match &why {
        ApiError::Stale(_) => visit.tongue().say(k::WEB_STALE_FORM),
        other => notice(other, visit.tongue()),
    });
    let (rail, watch) = begin(&visit).await?;
    let mut form = change_form(&visit, rail, &watch, typed(&visit), wrong, told)?;
    if matches!(why, ApiError::Stale(_)) {
        let WatchContent { name, query } = watch.content.content;
        form.present = Some((name, query));
    }
    Shown::refused(&form, why)
}

fn delete_of(id: WatchId) -> String {
    format!("watch-delete {id}")
}

/// `GET /watches/{id}/delete`
///
/// # Errors
/// [`ApiError`].
pub async fn ask_delete(visit: Visit) -> Result<Shown, ApiError> {
    Shown::page(&delete_page(&visit, None).await?)
}

async fn delete_page(visit: &Visit, notice: Option<String>) -> Result<ConfirmPage, ApiError> {
    let (rail, watch) = begin(visit).await?;
    let (id, w) = (WatchId(watch.id), visit.tongue());
    Ok(ConfirmPage {
        frame: Frame::over(&visit.visitor, rail, Room::Watches, Window::Question, watch.label),
        stamp: Stamp::of(&visit.visitor, &watch.label),
        question: w.say(k::WATCH_DELETE_QUESTION),
        what: watch.content.content.name.clone(),
        effect: w.say(k::WATCH_DELETE_EFFECT),
        action: format!("/watches/{id}/delete"),
        back: format!("/watches/{id}"),
        button: w.say(k::WATCH_DELETE),
        token: Token::fresh(visit, &delete_of(id), watch.version)?,
        notice,
        switch: Switch::to(&visit.visitor, &watch.label),
    })
}

/// `POST /watches/{id}/delete`
///
/// # Errors
/// [`ApiError`].
pub async fn delete(visit: Visit) -> Result<Shown, ApiError> {
    let id: WatchId = visit.call.id("id");
    let done = match Token::sent(&visit, &delete_of(id)) {
        None => Err(ApiError::LabelMismatch),
        Some(token) => match watches::delete(visit.vault(), visit.subject(), id, token.version).await {
            Ok(()) => Ok(()),
            Err(SharingError::Write(WriteError::Stale(_))) => Err(ApiError::Stale(String::new())),
            Err(other) => Err(other.into()),
        },
    };
    match done {
        Ok(()) => Ok(Shown::see("/watches".to_owned())),
        Err(why @ (ApiError::LabelMismatch | ApiError::Stale(_) | ApiError::Conflict | ApiError::Forbidden(_))) => {
            let told = notice(&why, visit.tongue());
            Shown::refused(&delete_page(&visit, Some(told)).await?, why)
        }
        Err(other) => Err(other),
    }
}
