//! Watches: all of them with what is new, one with its matches, and the forms that keep, change and drop one.
//!
//! | file | idea |
//! |---|---|
//! | [`news`] | what is new of a watch, in a list and on the home page |
//! | [`matches`] | the matches of one watch, and marking them as seen |
//! | [`form`] | keeping a question, changing it, dropping it |

pub mod form;
pub mod matches;
pub mod news;

use askama::Template;

use self::news::WatchRow;
use super::{
    frame::{Frame, Rail, Room},
    home::After,
    page::{Shown, framed},
    visit::Visit,
    window::Window,
};
use crate::{
    api::ApiError,
    finding::{delivery, watches},
    limits,
    vault::rows::Place,
    words::key as k,
};

#[derive(Template)]
#[template(path = "watches.html")]
struct WatchesPage {
    frame: Frame,
    rows: Vec<WatchRow>,
    next: Option<String>,
    first: bool,
}

framed!(WatchesPage);

/// `GET /watches`
///
/// # Errors
/// [`ApiError`].
pub async fn list(visit: Visit) -> Result<Shown, ApiError> {
    let query: After = visit.call.query()?;
    let after = visit.call.place(query.after.as_deref())?;
    let (vault, subject, limit) = (visit.vault(), visit.subject(), limits::WATCHES_ROWS_MAX);
    let (rail, listed) = tokio::join!(Rail::of(&visit.visitor), watches::list(vault, subject, after.as_ref(), limit));
    let (rail, listed) = (rail?, listed?);
    let news = delivery::news(&visit.call.finder, vault, subject, &listed, 0).await?;
    let next = match listed.watches.last() {
        Some(last) if listed.watches.len() == limit => {
            Some(visit.call.cursor(Place { order: last.modified.0, id: last.id })?)
        }
        _ => None,
    };
    let label = news::label(&visit, &listed, &news);
    let rows = listed.watches.iter().zip(&news).map(|(watch, news)| WatchRow::of(&visit, &rail, watch, news)).collect();
    let frame = Frame::over(&visit.visitor, rail, Room::Watches, Window::Watches, label);
    Shown::page(&WatchesPage { frame, rows, next, first: after.is_none() })
}
