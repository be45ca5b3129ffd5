//! The notes of a space by their links: most linked, without any link, contradicted.

use askama::Template;
use serde::Deserialize;

use crate::{
    api::ApiError,
    ids::SpaceId,
    linking::standing::{self, Standing},
    web::{
        frame::Frame,
        page::{Shown, framed},
        rows::Row,
        space::{self, Head},
        visit::Visit,
        window::Window,
    },
    words::key as k,
};

#[derive(Template)]
#[template(path = "space_standing.html")]
struct StandingPage {
    frame: Frame,
    head: Head,
    list: Standing,
    rows: Vec<(Row, u64)>,
    /// How many notes were looked at, if those are not all.
    among: Option<u64>,
    more: bool,
}

framed!(StandingPage);

impl StandingPage {
    fn lists(&self) -> [(&'static str, String, bool); 3] {
        Standing::ALL.map(|list| {
            let name = match list {
                Standing::MostLinked => k::WEB_STANDING_MOST,
                Standing::Orphans => k::WEB_STANDING_ORPHANS,
                Standing::Contradicted => k::WEB_STANDING_CONTRADICTED,
            };
            (list.word(), self.frame.w.say(name), list == self.list)
        })
    }
}

/// Query of `GET /spaces/{id}/standing`.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Asked {
    list: Option<String>,
}

/// `GET /spaces/{id}/standing`
///
/// # Errors
/// [`ApiError`].
pub async fn of_space(visit: Visit) -> Result<Shown, ApiError> {
    let asked: Asked = visit.call.query()?;
    let list = match asked.list.as_deref() {
        None => Standing::MostLinked,
        Some(word) => Standing::from_word(word).ok_or(ApiError::BadQuery)?,
    };
    let (rail, space) = space::begin(&visit).await?;
    let found = standing::of_space(visit.vault(), visit.subject(), SpaceId(space.id), list).await?;
    let rows = found
        .notes
        .iter()
        .map(|(note, count)| (Row::of(&visit.visitor, note), u64::try_from(*count).unwrap_or(u64::MAX)));
    Shown::page(&StandingPage {
        list,
        rows: rows.collect(),
        among: (!found.whole).then(|| u64::try_from(found.looked).unwrap_or(u64::MAX)),
        more: found.more,
        head: Head::of(&visit, &space, "standing"),
        frame: space::frame(&visit, rail, &space, Window::Standing, found.notes.iter().map(|(note, _)| note.label)),
    })
}
