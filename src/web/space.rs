//! One space: its notes, its conversations, its members, its settings.

use askama::Template;

use super::{
    elsewhere::{ElsewherePage, Switch},
    frame::{Frame, Rail, Room},
    home::{After, next},
    marking::{Chip, Stamp},
    page::{Shown, framed},
    rows::Row,
    spaces::{Fault, SpaceForm, typed},
    token::{Token, notice},
    visit::Visit,
    window::Window,
};
use crate::{
    api::ApiError,
    ids::{AccountId, ConversationId, Id, SpaceId},
    label::Label,
    limits,
    messaging::conversations::{self, Of},
    monitor::Part,
    sharing::{
        SharingError, notes, people,
        space::{self, Space},
    },
    vault::{Opened, WriteError},
    words::key as k,
};

/// Head and tabs of a space, the same on all its pages.
pub(super) struct Head {
    pub(super) id: SpaceId,
    pub(super) name: String,
    pub(super) purpose: String,
    pub(super) stamp: Stamp,
    pub(super) tab: &'static str,
    /// Whether notes and conversations can be begun here: always, at the working label.
    pub(super) animator: bool,
    /// Whether the space itself can be changed at the working label.
    pub(super) here: bool,
    /// The way to where it can.
    pub(super) switch: Option<Switch>,
}

impl Head {
    pub(super) fn of(visit: &Visit, space: &Opened<Space>, tab: &'static str) -> Self {
        let part = visit.vault().monitor().part(visit.subject().id(), space.id);
        Self {
            id: SpaceId(space.id),
            name: space.content.content.name.clone(),
            purpose: space.content.content.purpose.clone(),
            stamp: Stamp::of(&visit.visitor, &space.label),
            tab,
            animator: part == Some(Part::Animator),
            here: visit.visitor.works_at(&space.label),
            switch: Switch::to(&visit.visitor, &space.label),
        }
    }
}

#[derive(Template)]
#[template(path = "space_notes.html")]
struct NotesPage {
    frame: Frame,
    head: Head,
    rows: Vec<Row>,
    next: Option<String>,
    first: bool,
}

#[derive(Template)]
#[template(path = "space_talks.html")]
struct TalksPage {
    frame: Frame,
    head: Head,
    talks: Vec<Talk>,
}

#[derive(Template)]
#[template(path = "space_members.html")]
struct MembersPage {
    frame: Frame,
    head: Head,
    members: Vec<MemberRow>,
    others: Vec<(AccountId, String)>,
    token: String,
    notice: Option<String>,
}

/// A conversation in a list.
pub(super) struct Talk {
    pub(super) id: ConversationId,
    pub(super) title: String,
    pub(super) chip: Chip,
    pub(super) author: String,
    pub(super) day: String,
}

struct MemberRow {
    id: AccountId,
    name: String,
    animator: bool,
    me: bool,
}

framed!(NotesPage, TalksPage, MembersPage);

pub(super) async fn begin(visit: &Visit) -> Result<(Rail, Opened<Space>), ApiError> {
    let id: SpaceId = visit.call.id("id");
    let (rail, space) = tokio::join!(Rail::of(&visit.visitor), space::read(visit.vault(), visit.subject(), id));
    Ok((rail?, space?))
}

pub(super) fn frame(
    visit: &Visit,
    rail: Rail,
    space: &Opened<Space>,
    window: Window,
    shown: impl IntoIterator<Item = Label>,
) -> Frame {
    let label = visit.visitor.joined(shown).join(&space.label);
    Frame::over(&visit.visitor, rail, Room::Space(SpaceId(space.id)), window, label)
}

/// `GET /spaces/{id}`
///
/// # Errors
/// [`ApiError`].
pub async fn of_notes(visit: Visit) -> Result<Shown, ApiError> {
    let query: After = visit.call.query()?;
    let after = visit.call.place(query.after.as_deref())?;
    let (rail, space) = begin(&visit).await?;
    let limit = limits::PAGE_ROWS_DEFAULT;
    let id = SpaceId(space.id);
    let cards = notes::of_space(visit.vault(), visit.subject(), id, after.as_ref(), limit).await?;
    let page = NotesPage {
        frame: frame(&visit, rail, &space, Window::Space, cards.iter().map(|card| card.label)),
        head: Head::of(&visit, &space, "notes"),
        rows: cards.iter().map(|card| Row::of(&visit.visitor, card)).collect(),
        next: next(&visit, &cards, limit)?,
        first: after.is_none(),
    };
    Shown::page(&page)
}

/// `GET /spaces/{id}/conversations`
///
/// # Errors
/// [`ApiError`].
pub async fn of_talks(visit: Visit) -> Result<Shown, ApiError> {
    let (rail, space) = begin(&visit).await?;
    let of = Of::Space(SpaceId(space.id));
    let found = conversations::list(visit.vault(), visit.subject(), of, None, limits::PAGE_ROWS_MAX).await?;
    let page = TalksPage {
        frame: frame(&visit, rail, &space, Window::Space, found.iter().map(|talk| talk.label)),
        head: Head::of(&visit, &space, "talks"),
        talks: found.iter().map(|talk| Talk::of(&visit, talk)).collect(),
    };
    Shown::page(&page)
}

impl Talk {
    pub(super) fn of(visit: &Visit, talk: &Opened<crate::messaging::conversation::Conversation>) -> Self {
        Self {
            id: ConversationId(talk.id),
            title: talk.content.title.clone(),
            chip: Chip::of(&visit.visitor, &talk.label),
            author: visit.visitor.name(talk.author),
            day: visit.tongue().date(talk.content.created),
        }
    }
}

/// What the members' form is about.
fn members_of(id: SpaceId) -> String {
    format!("members {id}")
}

/// `GET /spaces/{id}/members`
///
/// # Errors
/// [`ApiError`].
pub async fn of_members(visit: Visit) -> Result<Shown, ApiError> {
    Shown::page(&members_page(&visit, None).await?)
}

async fn members_page(visit: &Visit, notice: Option<String>) -> Result<MembersPage, ApiError> {
    let (rail, space) = begin(visit).await?;
    let id = SpaceId(space.id);
    let head = Head::of(visit, &space, "members");
    let (_, members) = space::members(visit.vault(), visit.subject(), id).await?;
    let mut others = Vec::new();
    if head.animator && head.here {
        let known = people::list(visit.vault(), visit.subject()).await?;
        let outside = known.iter().filter(|account| !members.iter().any(|member| member.account == account.id()));
        others.extend(outside.map(|account| (account.id(), account.display().to_owned())));
    }
    let me = visit.subject().id();
    let mut rows: Vec<MemberRow> = members
        .iter()
        .map(|member| MemberRow {
            id: member.account,
            name: visit.visitor.name(member.account),
            animator: member.part == Part::Animator,
            me: member.account == me,
        })
        .collect();
    rows.sort_by_key(|row| row.name.to_lowercase());
    Ok(MembersPage {
        frame: frame(visit, rail, &space, Window::Space, []),
        head,
        members: rows,
        others,
        token: Token::fresh(visit, &members_of(id), 0)?,
        notice,
    })
}

/// `POST /spaces/{id}/members`: adds, removes, or changes a part. Each deed done twice is the deed done once.
///
/// # Errors
/// [`ApiError`].
pub async fn change_members(visit: Visit) -> Result<Shown, ApiError> {
    let id: SpaceId = visit.call.id("id");
    if Token::sent(&visit, &members_of(id)).is_none() {
        let why = ApiError::LabelMismatch;
        let page = members_page(&visit, Some(notice(&why, visit.tongue()))).await?;
        return Shown::refused(&page, why);
    }
    let named = |field: &str| AccountId(visit.form.line(field).parse().unwrap_or(Id::NONE));
    let (vault, subject) = (visit.vault(), visit.subject());
    let done = if visit.form.has("dismiss") {
        space::dismiss(vault, subject, id, named("dismiss")).await
    } else if visit.form.has("animator") {
        space::enrol(vault, subject, id, named("animator"), Part::Animator).await
    } else if visit.form.has("member") {
        space::enrol(vault, subject, id, named("member"), Part::Member).await
    } else {
        space::enrol(vault, subject, id, named("account"), Part::Member).await
    };
    match done.map_err(ApiError::from) {
        Ok(()) if visit.form.line("dismiss") == subject.id().to_string() => Ok(Shown::see("/spaces".to_owned())),
        Ok(()) => Ok(Shown::see(format!("/spaces/{id}/members"))),
        Err(why @ (ApiError::Invalid(_) | ApiError::Forbidden(_) | ApiError::Conflict)) => {
            let page = members_page(&visit, Some(notice(&why, visit.tongue()))).await?;
            Shown::refused(&page, why)
        }
        Err(other) => Err(other),
    }
}

fn settings_of(id: SpaceId) -> String {
    format!("space-change {id}")
}

/// `GET /spaces/{id}/edit`
///
/// # Errors
/// [`ApiError`].
pub async fn edit(visit: Visit) -> Result<Shown, ApiError> {
    let (rail, space) = begin(&visit).await?;
    let content = space.content.content.clone();
    if let Some(switch) = Switch::to(&visit.visitor, &space.label) {
        return Shown::page(&ElsewherePage {
            frame: frame(&visit, rail, &space, Window::SpaceSettings, []),
            what: content.name,
            back: format!("/spaces/{}", SpaceId(space.id)),
            deed: visit.tongue().say(k::WEB_TAB_SETTINGS),
            stamp: Stamp::of(&visit.visitor, &space.label),
            switch,
        });
    }
    Shown::page(&settings(&visit, rail, &space, (content.name, content.purpose), None, None)?)
}

fn settings(
    visit: &Visit,
    rail: Rail,
    space: &Opened<Space>,
    (name, purpose): (String, String),
    fault: Option<Fault>,
    notice: Option<String>,
) -> Result<SpaceForm, ApiError> {
    let id = SpaceId(space.id);
    Ok(SpaceForm {
        frame: frame(visit, rail, space, Window::SpaceSettings, []),
        stamp: Stamp::of(&visit.visitor, &space.label),
        space: Some((id, space.content.content.name.clone())),
        token: Token::fresh(visit, &settings_of(id), space.version)?,
        name,
        purpose,
        present: None,
        fault,
        notice,
    })
}

/// `POST /spaces/{id}/edit`
///
/// # Errors
/// [`ApiError`].
pub async fn change(visit: Visit) -> Result<Shown, ApiError> {
    let id: SpaceId = visit.call.id("id");
    let token = Token::sent(&visit, &settings_of(id));
    let (why, fault) = match (token, typed(&visit).checked()) {
        (None, _) => (ApiError::LabelMismatch, None),
        (_, Err(invalid)) => {
            let fault = Fault::of(&invalid, visit.tongue());
            (invalid.into(), Some(fault))
        }
        (Some(token), Ok(content)) => {
            match space::change(visit.vault(), visit.subject(), id, token.version, content).await {
                Ok(_) => return Ok(Shown::see(format!("/spaces/{id}"))),
                Err(SharingError::Write(WriteError::Stale(_))) => (ApiError::Stale(String::new()), None),
                Err(other) => (other.into(), None),
            }
        }
    };
    if why == ApiError::NotFound {
        return Err(why);
    }
    let told = fault.is_none().then(|| match &why {
        ApiError::Stale(_) => visit.tongue().say(k::WEB_STALE_FORM),
        other => notice(other, visit.tongue()),
    });
    let (rail, space) = begin(&visit).await?;
    let content = typed(&visit);
    let mut form = settings(&visit, rail, &space, (content.name, content.purpose), fault, told)?;
    if matches!(why, ApiError::Stale(_)) {
        form.present = Some((space.content.content.name.clone(), space.content.content.purpose.clone()));
    }
    Shown::refused(&form, why)
}
