//! What is new of a watch, in a list and on the home page.

use crate::{
    finding::{
        delivery::{News, Trouble},
        hit::Hit,
        watch::WatchCard,
        watches::{Listed, space_of},
    },
    ids::{SpaceId, WatchId},
    label::Label,
    limits,
    vault::Opened,
    web::{frame::Rail, marking::Chip, result::ResultRow, say::Tongue, visit::Visit},
    words::{Sentence, Value, key as k},
};

/// A watch in a list.
pub struct WatchRow {
    /// Its label.
    pub chip: Chip,
    /// Its path.
    pub path: String,
    /// Its name.
    pub name: String,
    /// Its question.
    pub query: String,
    /// Where it is shared.
    pub space: Option<(SpaceId, String)>,
    /// What is new, in one sentence.
    pub told: Option<String>,
    /// Whether anything is.
    pub fresh: bool,
    /// What is wrong with it.
    pub notices: Vec<String>,
    /// The first of what is new.
    pub first: Vec<ResultRow>,
}

impl WatchRow {
    /// The row of a watch.
    pub fn of(visit: &Visit, rail: &Rail, watch: &Opened<WatchCard>, news: &News) -> Self {
        let (w, content) = (visit.tongue(), &watch.content.0.content);
        Self {
            chip: Chip::of(&visit.visitor, &watch.label),
            path: format!("/watches/{}", WatchId(watch.id)),
            name: content.name.clone(),
            query: content.query.clone(),
            space: space_of(watch).and_then(|space| Some((space, rail.name_of(space)?))),
            told: told(news, w),
            fresh: news.count > 0,
            notices: notices(&news.missing, news.trouble.as_ref(), w),
            first: news.first.iter().map(|hit| row(visit, rail, hit)).collect(),
        }
    }
}

/// The row of a match.
pub fn row(visit: &Visit, rail: &Rail, hit: &Hit) -> ResultRow {
    ResultRow::of(&visit.visitor, hit, rail.name_of(SpaceId(hit.home)))
}

/// What is new, in one sentence; nothing where that cannot be told.
fn told(news: &News, w: Tongue) -> Option<String> {
    let count = |count: usize| Value::Number(u64::try_from(count).unwrap_or(u64::MAX));
    let sentence = match (news.trouble.is_some(), news.more, news.count) {
        (true, ..) => return None,
        (false, true, _) => Sentence::new(k::WATCH_MANY).with("count", count(limits::WATCH_COUNT_MAX)),
        (false, false, 0) => Sentence::new(k::WATCH_NOTHING),
        (false, false, some) => Sentence::new(k::WATCH_SOME).with("count", count(some)),
    };
    Some(w.tell(&sentence))
}

/// What is wrong with a watch, in sentences.
pub fn notices(missing: &[String], trouble: Option<&Trouble>, w: Tongue) -> Vec<String> {
    let wrong = trouble.map(|trouble| match trouble {
        Trouble::Query(error) => {
            w.tell(&Sentence::new(k::WATCH_BROKEN).with("why", w.tell(&error.sentence()).as_str()))
        }
        Trouble::Rebuilding => w.say(k::FINDING_REBUILDING),
        Trouble::Broad => w.say(k::WATCH_BROAD),
    });
    let missing = missing.iter().map(|name| w.with(k::WATCH_MISSING, "name", name));
    wrong.into_iter().chain(missing).collect()
}

/// The join of the labels of watches and of what is counted of them.
pub fn label(visit: &Visit, listed: &Listed, news: &[News]) -> Label {
    let watches = listed.watches.iter().map(|watch| watch.label);
    visit.visitor.joined(watches.chain(news.iter().filter_map(|news| news.label)))
}
