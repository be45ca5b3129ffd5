//! Home: what changed in my spaces.

use askama::Template;
use serde::Deserialize;

use super::{
    frame::{Frame, Rail, Room},
    page::{Shown, framed},
    rows::Row,
    visit::Visit,
};
use crate::{
    api::ApiError,
    audit::entry::Act,
    clock::Time,
    limits,
    sharing::{note::NoteCard, notes},
    vault::{Opened, rows::Place},
    words::key as k,
};

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    frame: Frame,
    days: Vec<Day>,
    reviews: Vec<Row>,
    next: Option<String>,
    first: bool,
}

struct Day {
    name: String,
    rows: Vec<Row>,
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
    let limit = limits::PAGE_ROWS_DEFAULT;
    let (rail, cards) =
        tokio::join!(Rail::of(visitor), notes::feed(visit.vault(), visit.subject(), after.as_ref(), limit));
    let (rail, cards) = (rail?, cards?);
    let next = next(&visit, &cards, limit)?;
    let label = visitor.joined(cards.iter().map(|card| card.label));
    let now = visit.vault().clock().now();
    let row = |card: &Opened<NoteCard>| {
        let mut row = Row::of(visitor, card);
        row.space_name = rail.name_of(row.space);
        row
    };
    let due = due_until(now);
    let reviews =
        cards.iter().filter(|card| card.content.review.as_ref().is_some_and(|day| *day <= due)).map(row).collect();
    let mut days: Vec<Day> = Vec::new();
    for card in &cards {
        let name = visitor.tongue.heading(card.modified, now);
        match days.last_mut() {
            Some(day) if day.name == name => day.rows.push(row(card)),
            _ => days.push(Day { name, rows: vec![row(card)] }),
        }
    }
    let title = visit.tongue().say(k::WEB_HOME);
    let frame = Frame::over(visitor, rail, Room::Home, title, label);
    Shown::page(&HomePage { frame, days, reviews, next, first: after.is_none() })
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

/// The last day on which a review is soon: written as reviews are.
fn due_until(now: Time) -> String {
    now.plus_ms(limits::REVIEW_SOON_MS).to_string().get(..10).unwrap_or_default().to_owned()
}
