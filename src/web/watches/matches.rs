//! One watch: its question, its matches with the sentences that answer, and a button that marks them as seen.

use askama::Template;
use serde::Deserialize;

use super::news::{notices, row};
use crate::{
    api::ApiError,
    clock::Time,
    finding::{
        delivery::{self, Asked},
        watches,
    },
    ids::{SpaceId, WatchId},
    limits,
    sharing::Invalid,
    web::{
        frame::{Frame, Rail, Room},
        marking::Chip,
        page::{Shown, framed},
        result::ResultRow,
        token::{Token, notice},
        visit::Visit,
        window::Window,
    },
    words::{Sentence, key as k},
};

#[derive(Template)]
#[template(path = "watch.html")]
struct WatchPage {
    frame: Frame,
    id: WatchId,
    chip: Chip,
    name: String,
    query: String,
    space: Option<(SpaceId, String)>,
    who: String,
    created: String,
    notices: Vec<String>,
    /// Why marking was not done.
    refused: Option<String>,
    rows: Vec<ResultRow>,
    all: bool,
    next: Option<String>,
    /// Up to when the matches on the page reach, for the form that marks them.
    until: Option<String>,
    token: String,
}

framed!(WatchPage);

impl WatchPage {
    /// Who made it, and when.
    fn made(&self) -> String {
        let made = Sentence::new(k::WATCH_BY).with("person", self.who.as_str()).with("day", self.created.as_str());
        self.frame.w.tell(&made)
    }
}

/// Query of the page.
#[derive(Deserialize, Debug, Default)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// All matches, not only the new ones.
    all: Option<bool>,
    after: Option<String>,
}

fn seen_of(id: WatchId) -> String {
    format!("watch-seen {id}")
}

/// `GET /watches/{id}`
///
/// # Errors
/// [`ApiError`].
pub async fn watch(visit: Visit) -> Result<Shown, ApiError> {
    let wanted: Wanted = visit.call.query()?;
    Shown::page(&page(&visit, wanted, None).await?)
}

async fn page(visit: &Visit, wanted: Wanted, refused: Option<String>) -> Result<WatchPage, ApiError> {
    let id: WatchId = visit.call.id("id");
    let all = wanted.all.unwrap_or(false);
    let asked = Asked { all, after: visit.call.place(wanted.after.as_deref())?, limit: limits::SEARCH_ROWS_DEFAULT };
    let (rail, delivered) = tokio::join!(
        Rail::of(&visit.visitor),
        delivery::matches(&visit.call.finder, visit.vault(), visit.subject(), id, asked)
    );
    let (rail, delivered) = (rail?, delivered?);
    let (watch, w) = (&delivered.watch, visit.tongue());
    let labels = delivered.outcome.hits.iter().map(|hit| hit.label);
    let label = visit.visitor.joined(labels.chain([watch.label]));
    let hits = &delivered.outcome.hits;
    let rows = hits.iter().map(|hit| ResultRow {
        told: (all && delivered.is_news(hit)).then(|| w.say(k::WATCH_FRESH)),
        ..row(visit, &rail, hit)
    });
    let rows: Vec<ResultRow> = rows.collect();
    Ok(WatchPage {
        id,
        chip: Chip::of(&visit.visitor, &watch.label),
        name: watch.content.content.name.clone(),
        query: watch.content.content.query.clone(),
        space: watches::space_of(watch).and_then(|space| Some((space, rail.name_of(space)?))),
        who: visit.visitor.name(watch.author),
        created: w.date(watch.content.created),
        notices: notices(&delivered.missing, delivered.trouble.as_ref(), w),
        refused,
        all,
        next: delivered.outcome.next.map(|place| visit.call.cursor(place)).transpose()?,
        // From the newest on: a later page must not mark what stands on the one before it.
        until: delivered
            .until()
            .filter(|_| asked.after.is_none() && hits.iter().any(|hit| delivered.is_news(hit)))
            .map(|until| until.to_string()),
        token: Token::fresh(visit, &seen_of(id), 0)?,
        rows,
        frame: Frame::over(&visit.visitor, rail, Room::Watches, Window::Watch, label),
    })
}

/// `POST /watches/{id}/seen`
///
/// # Errors
/// [`ApiError`].
pub async fn see(visit: Visit) -> Result<Shown, ApiError> {
    let id: WatchId = visit.call.id("id");
    let done = match (Token::sent(&visit, &seen_of(id)), Time::parse(visit.form.line("until"))) {
        (None, _) => Err(ApiError::LabelMismatch),
        (Some(_), None) => Err(Invalid::Date("until").into()),
        (Some(_), Some(until)) => watches::see(visit.vault(), visit.subject(), id, until).await.map_err(ApiError::from),
    };
    match done {
        Ok(()) => Ok(Shown::see(format!("/watches/{id}"))),
        Err(why @ (ApiError::LabelMismatch | ApiError::Invalid(_) | ApiError::Conflict)) => {
            let told = notice(&why, visit.tongue());
            Shown::refused(&page(&visit, Wanted::default(), Some(told)).await?, why)
        }
        Err(other) => Err(other),
    }
}
