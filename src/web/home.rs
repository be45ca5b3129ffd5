//! Home: what changed in my spaces.

use askama::Template;
use serde::Deserialize;

use super::{
    frame::{Frame, Rail, Room},
    marking::Chip,
    page::{Shown, framed},
    rows::Row,
    visit::Visit,
    watches::news::{self, WatchRow},
    window::Window,
};
use crate::{
    api::ApiError,
    audit::entry::Act,
    finding::{
        delivery::{self, News},
        watches::{self, Listed},
    },
    ids::{DraftId, WatchId},
    limits,
    sharing::{
        calls,
        note::NoteCard,
        notes,
        sketches::{self, SketchCard},
    },
    vault::{Opened, rows::Place},
    words::key as k,
};

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    frame: Frame,
    days: Vec<Day>,
    mentions: Vec<Mention>,
    reviews: Vec<Row>,
    drafts: Vec<DraftRow>,
    watches: Vec<WatchRow>,
    next: Option<String>,
    first: bool,
}

struct Day {
    name: String,
    rows: Vec<Row>,
}

/// Where somebody named me.
struct Mention {
    chip: Chip,
    path: String,
    title: String,
    sentence: String,
    who: String,
    day: String,
}

/// What I am writing.
struct DraftRow {
    chip: Chip,
    path: String,
    drop: String,
    title: String,
    saved: String,
}

framed!(HomePage);

/// Where a list goes on.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(super) struct After {
    pub(super) after: Option<String>,
}

/// `GET /`
///
/// # Errors
/// [`ApiError`].
pub async fn home(visit: Visit) -> Result<Shown, ApiError> {
    let (visitor, call) = (&visit.visitor, &visit.call);
    if visit.subject().is_officer() {
        visit.vault().monitor().note(visit.subject(), Act::SelfRead, &[visit.subject().id()]).await?;
        return Ok(Shown::see("/journal".to_owned()));
    }
    let query: After = call.query()?;
    let after = call.place(query.after.as_deref())?;
    let limit = limits::HOME_FEED_ROWS;
    let (vault, subject) = (visit.vault(), visit.subject());
    let (rail, cards, named, due, mine, watched) = tokio::join!(
        Rail::of(visitor),
        notes::feed(vault, subject, after.as_ref(), limit),
        calls::list(vault, subject, None, limits::HOME_ASIDE_ROWS),
        notes::reviews(vault, subject, None, limits::HOME_ASIDE_ROWS),
        sketches::list(vault, subject, None, limits::HOME_ASIDE_ROWS),
        watched(&visit),
    );
    let (rail, cards, named, due, mine) = (rail?, cards?, named?, due?, mine?);
    let (listed, news) = watched?;
    let next = next(&visit, &cards, limit)?;
    let now = visit.vault().clock().now();
    let soon = now.plus_ms(limits::REVIEW_SOON_MS).to_string().get(..10).unwrap_or_default().to_owned();
    let due: Vec<_> = due.iter().filter(|card| card.content.review.as_ref().is_some_and(|day| *day <= soon)).collect();
    let labels = cards.iter().map(|card| card.label).chain(named.iter().map(|call| call.label));
    let labels = labels.chain(due.iter().map(|card| card.label)).chain(mine.iter().map(|draft| draft.label));
    let label = visitor.joined(labels).join(&news::label(&visit, &listed, &news));
    let row = |card: &Opened<NoteCard>| {
        let mut row = Row::of(visitor, card);
        row.space_name = rail.name_of(row.space);
        row.watch = watch_of(card, &listed, &news);
        row
    };
    let watches =
        listed.watches.iter().zip(&news).map(|(watch, news)| WatchRow::of(&visit, &rail, watch, news)).collect();
    let reviews = due.into_iter().map(row).collect();
    let drafts = mine.iter().map(|draft| DraftRow::of(&visit, draft)).collect();
    let mentions = named.iter().map(|call| Mention::of(&visit, call)).collect();
    let mut days: Vec<Day> = Vec::new();
    for card in &cards {
        let name = visitor.tongue.heading(card.modified, now);
        match days.last_mut() {
            Some(day) if day.name == name => day.rows.push(row(card)),
            _ => days.push(Day { name, rows: vec![row(card)] }),
        }
    }
    let frame = Frame::over(visitor, rail, Room::Home, Window::Home, label);
    Shown::page(&HomePage { frame, days, mentions, reviews, drafts, watches, next, first: after.is_none() })
}

/// The first watches, and what is new of each.
async fn watched(visit: &Visit) -> Result<(Listed, Vec<News>), ApiError> {
    let (vault, subject) = (visit.vault(), visit.subject());
    let listed = watches::list(vault, subject, None, limits::WATCHES_HOME_MAX).await?;
    let news = delivery::news(&visit.call.finder, vault, subject, &listed, limits::WATCH_HOME_MATCHES).await?;
    Ok((listed, news))
}

/// The first watch that a note of the feed is new in.
fn watch_of(card: &Opened<NoteCard>, listed: &Listed, news: &[News]) -> Option<(WatchId, String)> {
    let matching = listed.watches.iter().zip(news).find(|(_, news)| news.ids.contains(&card.id));
    matching.map(|(watch, _)| (WatchId(watch.id), watch.content.0.content.name.clone()))
}

/// The cursor behind a page of cards that may go on.
pub(super) fn next(visit: &Visit, cards: &[Opened<NoteCard>], limit: usize) -> Result<Option<String>, ApiError> {
    match cards.last() {
        Some(last) if cards.len() == limit => {
            visit.call.cursor(Place { order: last.modified.0, id: last.id }).map(Some)
        }
        _ => Ok(None),
    }
}

impl DraftRow {
    fn of(visit: &Visit, draft: &Opened<SketchCard>) -> Self {
        let (id, content, w) = (DraftId(draft.id), &draft.content, visit.tongue());
        let title = content.title.trim();
        Self {
            chip: Chip::of(&visit.visitor, &draft.label),
            path: match content.note {
                Some(note) => format!("/notes/{note}/edit?draft={id}"),
                None => format!("/notes/new?draft={id}"),
            },
            drop: format!("/drafts/{id}/delete"),
            title: if title.is_empty() { w.say(k::WEB_DRAFT_UNTITLED) } else { title.to_owned() },
            saved: w.moment(draft.modified),
        }
    }
}

impl Mention {
    fn of(visit: &Visit, call: &Opened<calls::Call>) -> Self {
        let content = &call.content;
        Self {
            chip: Chip::of(&visit.visitor, &call.label),
            path: match content.conversation {
                Some(talk) => format!("/messages/{talk}#m{}", call.id),
                None => format!("/notes/{}", call.id),
            },
            title: content.title.clone(),
            sentence: content.sentence.clone(),
            who: visit.visitor.name(call.author),
            day: visit.tongue().date(call.modified),
        }
    }
}
