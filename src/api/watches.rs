//! Watches, and their matches.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Answer, ApiError, Call, search, shapes, spaces::joined};
use crate::{
    audit::entry::Act,
    clock::Time,
    finding::{
        delivery::{self, Asked, News, Trouble},
        watch::{Seen, Watch, WatchContent},
        watches,
    },
    ids::{SpaceId, WatchId},
    label::LabelView,
    limits,
    vault::{Opened, rows::Place},
};

/// A watch.
#[derive(Serialize, Debug, JsonSchema)]
pub struct WatchView {
    /// Identifier.
    pub id: WatchId,
    /// Version.
    pub version: u64,
    /// Label.
    pub label: LabelView,
    /// The space it is shared in; null for one's own.
    pub space: Option<SpaceId>,
    /// Name.
    pub name: String,
    /// The question, as it is typed into a search.
    pub query: String,
    /// Who made it.
    pub author: shapes::Person,
    /// When it was made.
    pub created: Time,
    /// When this version was written.
    pub modified: Time,
    /// Up to when one has seen its matches, of the label that one works at.
    pub seen: Time,
    /// What is new; in lists.
    pub news: Option<NewsView>,
}

/// What is new of a watch.
#[derive(Serialize, Debug, JsonSchema)]
pub struct NewsView {
    /// New matches.
    pub count: usize,
    /// Whether there are more than are counted.
    pub more: bool,
    /// When the newest was changed.
    pub newest: Option<Time>,
    /// Names in the question that lead to nothing that one sees here.
    pub missing: Vec<String>,
    /// Why nothing can be told: a code of `GET /search`, `index-rebuilding`, or `too-broad` for what matches so much that it
    /// is not counted in lists.
    pub trouble: Option<&'static str>,
}

/// Matches of a watch.
#[derive(Serialize, Debug, JsonSchema)]
pub struct MatchesPage {
    /// Matches, last changed first.
    pub items: Vec<search::HitView>,
    /// Where the next page starts; null on the last one.
    pub next: Option<String>,
    /// The newest of them: what `POST /watches/{id}/seen` is told.
    pub until: Option<Time>,
    /// Names in the question that lead to nothing that one sees here.
    pub missing: Vec<String>,
}

/// Body of `POST /watches`.
#[derive(Deserialize, Debug, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWatch {
    /// Name.
    pub name: String,
    /// The question.
    pub query: String,
    /// The space it is shared in; none for one's own.
    #[serde(default)]
    pub space: Option<SpaceId>,
    /// If given, must be the working label.
    #[serde(default)]
    pub label: Option<String>,
}

/// Body of `PUT /watches/{id}`. Where it lives does not change.
#[derive(Deserialize, Debug, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangedWatch {
    /// Name.
    pub name: String,
    /// The question.
    pub query: String,
    /// If given, must be the working label.
    #[serde(default)]
    pub label: Option<String>,
}

/// Body of `POST /watches/{id}/seen`.
#[derive(Deserialize, Debug, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMark {
    /// What was changed up to then has been seen.
    pub until: Time,
}

/// Query of `GET /watches/{id}/matches`.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Wanted {
    all: Option<bool>,
    after: Option<String>,
    limit: Option<usize>,
}

/// The stable code of what is wrong with a watch.
const fn code(trouble: &Trouble) -> &'static str {
    match trouble {
        Trouble::Query(error) => error.code(),
        Trouble::Rebuilding => "index-rebuilding",
        Trouble::Broad => "too-broad",
    }
}

fn told(news: News) -> NewsView {
    NewsView {
        count: news.count,
        more: news.more,
        newest: news.newest,
        missing: news.missing,
        trouble: news.trouble.as_ref().map(code),
    }
}

fn view(call: &Call, watch: &Opened<Watch>, seen: &Seen, news: Option<NewsView>) -> WatchView {
    let content = &watch.content.content;
    WatchView {
        id: WatchId(watch.id),
        version: watch.version,
        label: call.view(&watch.label),
        space: watches::space_of(watch),
        name: content.name.clone(),
        query: content.query.clone(),
        author: call.person(watch.author),
        created: watch.content.created,
        modified: watch.modified,
        seen: seen.since(watch.id, watch.content.created).of(call.subject.working()),
        news,
    }
}

fn answer(call: &Call, watch: &Opened<Watch>, seen: &Seen) -> Result<Answer, ApiError> {
    Ok(Answer::labelled(&view(call, watch, seen, None), watch.label)?.tagged(call.tag(watch)?))
}

/// What is told of a watch after an act: as it is read now.
async fn present(call: &Call, id: WatchId) -> Result<Answer, ApiError> {
    let (watch, seen) = watches::read(&call.vault, &call.subject, Act::WatchRead, id).await?;
    answer(call, &watch, &seen)
}

/// `GET /watches`
///
/// # Errors
/// [`ApiError`].
pub async fn list(call: Call) -> Result<Answer, ApiError> {
    let query: shapes::Paging = call.query()?;
    let after = call.place(query.after.as_deref())?;
    let limit = query.limit.unwrap_or(limits::WATCHES_ROWS_MAX).clamp(1, limits::WATCHES_ROWS_MAX);
    let listed = watches::list(&call.vault, &call.subject, after.as_ref(), limit).await?;
    let news = delivery::news(&call.finder, &call.vault, &call.subject, &listed, 0).await?;
    let next = match listed.watches.last() {
        Some(last) if listed.watches.len() == limit => {
            Some(call.cursor(Place { order: last.modified.0, id: last.id })?)
        }
        _ => None,
    };
    let labels = listed.watches.iter().map(|watch| watch.label).chain(news.iter().filter_map(|news| news.label));
    let label = joined(&call, labels);
    let items = listed.watches.into_iter().zip(news).map(|(watch, news)| {
        let watch = watches::from_card(watch);
        view(&call, &watch, &listed.seen, Some(told(news)))
    });
    Answer::labelled(&shapes::Page::<WatchView> { items: items.collect(), next }, label)
}

/// `POST /watches`
///
/// # Errors
/// [`ApiError`].
pub async fn create(call: Call) -> Result<Answer, ApiError> {
    let new: NewWatch = call.json()?;
    call.same_label(new.label.as_deref())?;
    let content = WatchContent { name: new.name, query: new.query }.checked()?;
    let mut name = call.repeat()?;
    if let Some(id) = call.repeated(&mut name)? {
        return Ok(present(&call, WatchId(id)).await?.created());
    }
    let id = WatchId(call.vault.entropy().id().map_err(|_exhausted| ApiError::Unavailable)?);
    let names: Vec<_> = name.into_iter().collect();
    let watch = watches::create(&call.vault, &call.subject, id, new.space, content, &names).await?;
    Ok(answer(&call, &watch, &Seen::default())?.created())
}

/// `GET /watches/{id}`
///
/// # Errors
/// [`ApiError`].
pub async fn read(call: Call) -> Result<Answer, ApiError> {
    present(&call, call.id("id")).await
}

/// `PUT /watches/{id}`
///
/// # Errors
/// [`ApiError`].
pub async fn change(call: Call) -> Result<Answer, ApiError> {
    let new: ChangedWatch = call.json()?;
    call.same_label(new.label.as_deref())?;
    let content = WatchContent { name: new.name, query: new.query }.checked()?;
    let id: WatchId = call.id("id");
    let version = call.matched(id.id())?;
    let done = watches::change(&call.vault, &call.subject, id, version, content).await;
    done.map_err(|error| call.told(error, id.id()))?;
    present(&call, id).await
}

/// `DELETE /watches/{id}`
///
/// # Errors
/// [`ApiError`].
pub async fn delete(call: Call) -> Result<Answer, ApiError> {
    let id: WatchId = call.id("id");
    let version = call.matched(id.id())?;
    let done = watches::delete(&call.vault, &call.subject, id, version).await;
    done.map_err(|error| call.told(error, id.id()))?;
    Ok(Answer::done())
}

/// `GET /watches/{id}/matches`
///
/// # Errors
/// [`ApiError`].
pub async fn matches(call: Call) -> Result<Answer, ApiError> {
    let wanted: Wanted = call.query()?;
    let limit = wanted.limit.unwrap_or(limits::SEARCH_ROWS_DEFAULT);
    if !(1..=limits::SEARCH_ROWS_MAX).contains(&limit) {
        return Err(ApiError::BadQuery);
    }
    let asked = Asked { all: wanted.all.unwrap_or(false), after: call.place(wanted.after.as_deref())?, limit };
    let delivered = delivery::matches(&call.finder, &call.vault, &call.subject, call.id("id"), asked).await?;
    match delivered.trouble {
        Some(Trouble::Query(error)) => return Err(ApiError::Search(error)),
        Some(Trouble::Rebuilding) => return Err(ApiError::Rebuilding),
        Some(Trouble::Broad) | None => {}
    }
    let (until, outcome) = (delivered.until(), delivered.outcome);
    let shown = outcome.hits.iter().map(|hit| hit.label).chain(outcome.spaces.values().map(|space| space.label));
    let label = joined(&call, shown.chain([delivered.watch.label]));
    let next = outcome.next.map(|place| call.cursor(place)).transpose()?;
    let names = outcome.names();
    let items = outcome.hits.into_iter().map(|hit| search::view(&call, hit, &names)).collect();
    Answer::labelled(&MatchesPage { items, next, until, missing: delivered.missing }, label)
}

/// `POST /watches/{id}/seen`
///
/// # Errors
/// [`ApiError`].
pub async fn see(call: Call) -> Result<Answer, ApiError> {
    let mark: NewMark = call.json()?;
    let id: WatchId = call.id("id");
    watches::see(&call.vault, &call.subject, id, mark.until).await?;
    present(&call, id).await
}
