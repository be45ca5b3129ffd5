//! What watches deliver: nothing is sent to anybody. When a reader asks, the question is put as *his*, at the label that he
//! works at, over what he may see at that moment.
//!
//! So nothing waits anywhere that a raised label, a lost membership or a clearance taken back would have to be taken out of,
//! and what a watch shows of itself in a list is counted over matches that the monitor has decided on, never over an index.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{
    error::{FindingError, QueryError},
    finder::Finder,
    hit::{Hit, hit},
    matches::{Kept, Matches, Sieve, find_apart},
    query::parse,
    search::{Order, Outcome, Request, opened, spaces_of, targets},
    snippet::Sought,
    watch::{Since, Watch, WatchCard},
    watches::{self, Listed},
};
use crate::{
    audit::entry::Act,
    clock::Time,
    identity::Subject,
    ids::{Id, WatchId},
    label::Label,
    limits,
    monitor::Target,
    vault::{Mixed, Opened, Vault, rows::Place},
};

/// What is asked of one watch.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// All matches, seen or not.
    pub all: bool,
    /// Behind this place.
    pub after: Option<Place>,
    /// At most so many.
    pub limit: usize,
}

/// The matches of one watch, last changed first.
#[derive(Debug)]
pub struct Delivered {
    /// The watch.
    pub watch: Opened<Watch>,
    /// From when on they are news.
    pub since: Since,
    /// The matches; none while they cannot be told.
    pub outcome: Outcome,
    /// Names in the question that lead nowhere.
    pub missing: Vec<String>,
    /// Why nothing can be told.
    pub trouble: Option<Trouble>,
}

impl Delivered {
    /// What a mark covers that is made after this page: the newest match on it.
    pub fn until(&self) -> Option<Time> {
        self.outcome.hits.iter().map(|hit| hit.modified).max()
    }

    /// Whether a match is news.
    pub fn is_news(&self, hit: &Hit) -> bool {
        hit.modified > self.since.of(&hit.label)
    }
}

/// Why nothing can be told of a watch's matches now.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Trouble {
    /// The question can no longer be read.
    Query(QueryError),
    /// The index is being made anew.
    Rebuilding,
    /// So much matches that a list does not count it.
    Broad,
}

/// The matches of one watch: its question asked as this reader's, now.
///
/// # Errors
/// [`FindingError`]. A question that can no longer be read is told with the watch, not in its place.
pub async fn matches(
    finder: &Arc<Finder>,
    vault: &Arc<Vault>,
    subject: &Subject,
    id: WatchId,
    asked: Asked,
) -> Result<Delivered, FindingError> {
    let (watch, seen) = watches::read(vault, subject, Act::WatchMatches, id).await?;
    let since = seen.since(watch.id, watch.content.created);
    let question = watch.content.content.query.clone();
    let mut delivered = Delivered { watch, since, outcome: Outcome::default(), missing: Vec::new(), trouble: None };
    let node = match parse(&question) {
        Ok(node) => Arc::new(node),
        Err(error) => return Ok(Delivered { trouble: Some(Trouble::Query(error)), ..delivered }),
    };
    let request = Request { limit: asked.limit, after: asked.after, order: Order::Date, ..Request::of(&question) };
    let sieve = Sieve {
        since: (!asked.all).then(|| delivered.since.clone()),
        most: u64::MAX,
        #[cfg(feature = "exam")]
        author: delivered.watch.author,
    };
    let mut found = match find_apart(finder, vault, subject, &node, request, Some(sieve)).await {
        Ok(found) => found,
        Err(FindingError::Query(error)) => return Ok(Delivered { trouble: Some(Trouble::Query(error)), ..delivered }),
        Err(FindingError::Rebuilding) => return Ok(Delivered { trouble: Some(Trouble::Rebuilding), ..delivered }),
        Err(other) => return Err(other),
    };
    delivered.missing = std::mem::take(&mut found.missing);
    let spaces = spaces_of(vault, subject, &found.kept, None)?;
    let permit = vault.monitor().list(subject, Act::WatchMatches, &[], &targets(&found.kept, &spaces)).await?;
    delivered.outcome = opened(vault, permit, &node, found, spaces)?;
    Ok(delivered)
}

/// What is new of one watch, for a list of watches.
#[derive(Clone, Debug, Default)]
pub struct News {
    /// New matches; no more than [`limits::WATCH_COUNT_MAX`].
    pub count: usize,
    /// Whether there are more.
    pub more: bool,
    /// When the newest was changed.
    pub newest: Option<Time>,
    /// Those that are counted.
    pub ids: BTreeSet<Id>,
    /// The first of them, opened; as many as were asked for.
    pub first: Vec<Hit>,
    /// The join of the labels of what is counted.
    pub label: Option<Label>,
    /// Names in the question that lead nowhere.
    pub missing: Vec<String>,
    /// Why nothing can be told.
    pub trouble: Option<Trouble>,
}

/// What is new of each of these watches, in their order, and the first `shown` matches of each opened. One entry names the
/// watches and all that was counted.
///
/// # Errors
/// [`FindingError`]; what is wrong with one question is told with its watch.
pub async fn news(
    finder: &Arc<Finder>,
    vault: &Arc<Vault>,
    subject: &Subject,
    listed: &Listed,
    shown: usize,
) -> Result<Vec<News>, FindingError> {
    if listed.watches.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = Vec::with_capacity(listed.watches.len());
    for watch in &listed.watches {
        let since = listed.seen.since(watch.id, watch.content.0.created);
        found.push(counted(finder, vault, subject, watch, &since).await?);
    }
    let named = listed.watches.iter().map(|watch| Target {
        id: watch.id,
        version: watch.version,
        label: watch.label,
        home: watch.home,
        author: watch.author,
        digest: None,
    });
    let mut decided: BTreeMap<(Id, u64), Target> = BTreeMap::new();
    for kept in found.iter().filter_map(|found| found.as_ref().ok()).flat_map(|matches| &matches.kept) {
        let target = kept.envelope.target();
        decided.insert((target.id, target.version), target);
    }
    let decided: Vec<Target> = named.chain(decided.into_values()).collect();
    let permit = vault.monitor().list(subject, Act::WatchMatches, &[], &decided).await?;
    let page = vault.mixed(permit);
    // Before anything is opened: what several watches match is opened once.
    let granted = decided.iter().map(|target| (target.id, target.version));
    let granted = granted.filter(|(id, version)| page.covers(*id, *version)).collect();
    let mut granted = Granted { vault, page, granted, opened: BTreeMap::new(), shown };
    let told = found.into_iter().map(|found| match found {
        Ok(matches) => granted.news(matches),
        Err(trouble) => Ok(News { trouble: Some(trouble), ..News::default() }),
    });
    told.collect()
}

/// What the monitor granted of all that was found, and what of it has been opened.
struct Granted<'v> {
    vault: &'v Vault,
    page: Mixed,
    granted: BTreeSet<(Id, u64)>,
    opened: BTreeMap<Id, Hit>,
    shown: usize,
}

impl Granted<'_> {
    /// What is new of one watch.
    fn news(&mut self, matches: Matches) -> Result<News, FindingError> {
        let trouble = matches.broad.then_some(Trouble::Broad);
        let mut news = News { missing: matches.missing, trouble, ..News::default() };
        for kept in matches.kept {
            let (header, label) = (*kept.envelope.header(), *kept.envelope.label());
            if !self.granted.contains(&(header.id, header.version)) {
                continue;
            }
            if news.count == limits::WATCH_COUNT_MAX {
                news.more = true;
                break;
            }
            news.count = news.count.saturating_add(1);
            news.newest = news.newest.max(Some(header.modified));
            news.label = Some(news.label.map_or(label, |all| all.join(&label)));
            news.ids.insert(header.id);
            if news.first.len() < self.shown {
                news.first.extend(self.open(header.id, kept)?);
            }
        }
        Ok(news)
    }

    fn open(&mut self, id: Id, kept: Kept) -> Result<Option<Hit>, FindingError> {
        if let Some(known) = self.opened.get(&id) {
            return Ok(Some(known.clone()));
        }
        let Kept { kind, envelope, order } = kept;
        let opened = hit(self.vault, &mut self.page, kind, envelope, order, &Sought::default())?;
        self.opened.extend(opened.clone().map(|hit| (id, hit)));
        Ok(opened)
    }
}

/// The news of one question, unopened: one more than is counted.
async fn counted(
    finder: &Arc<Finder>,
    vault: &Arc<Vault>,
    subject: &Subject,
    watch: &Opened<WatchCard>,
    since: &Since,
) -> Result<Result<Matches, Trouble>, FindingError> {
    let question = watch.content.0.content.query.as_str();
    let node = match parse(question) {
        Ok(node) => Arc::new(node),
        Err(error) => return Ok(Err(Trouble::Query(error))),
    };
    let limit = limits::WATCH_COUNT_MAX.saturating_add(1);
    let request = Request { limit, order: Order::Date, ..Request::of(question) };
    let sieve = Sieve {
        since: Some(since.clone()),
        most: limits::WATCH_WALKED_MAX,
        #[cfg(feature = "exam")]
        author: watch.author,
    };
    match find_apart(finder, vault, subject, &node, request, Some(sieve)).await {
        Ok(matches) => Ok(Ok(matches)),
        // Too wide for what there is now: told with this watch, and the others are counted.
        Err(FindingError::Query(error)) => Ok(Err(Trouble::Query(error))),
        Err(FindingError::Rebuilding) => Ok(Err(Trouble::Rebuilding)),
        Err(other) => Err(other),
    }
}
