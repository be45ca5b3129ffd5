//! What is new of a watch, in a list and on the home page; and one match, wherever it is shown.

use crate::{
    finding::{
        delivery::{News, Trouble},
        hit::Hit,
        matter::Found,
        snippet::Snippet,
        watch::WatchCard,
        watches::{Listed, space_of},
    },
    ids::{ConversationId, Id, NoteId, SpaceId, WatchId},
    label::Label,
    limits,
    vault::Opened,
    web::{
        frame::Rail,
        marking::{Chip, Cote},
        say::Tongue,
        visit::Visit,
    },
    words::{Language, Sentence, Value, key as k},
};

/// A piece of a line, and whether it was sought.
pub type Piece = (String, bool);

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
    pub first: Vec<MatchRow>,
}

/// A match.
pub struct MatchRow {
    /// Its label.
    pub chip: Chip,
    /// Where it is read.
    pub path: String,
    /// Its title; what there is of it.
    pub title: Vec<Piece>,
    /// The sentence that answers.
    pub sentence: Vec<Piece>,
    /// The language of both.
    pub language: Option<&'static str>,
    /// Its grade.
    pub cote: Option<Cote>,
    /// Who wrote it.
    pub who: String,
    /// When it was changed.
    pub day: String,
    /// Where it lives.
    pub space: Option<(SpaceId, String)>,
    /// Whether it is news.
    pub fresh: bool,
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
            first: news.first.iter().map(|hit| MatchRow::of(visit, rail, hit, true)).collect(),
        }
    }
}

impl MatchRow {
    /// The row of a match.
    pub fn of(visit: &Visit, rail: &Rail, hit: &Hit, fresh: bool) -> Self {
        let w = visit.tongue();
        let named = [&hit.title, &hit.sentence].into_iter().find(|text| !text.text.trim().is_empty());
        let mut sentence = pieces(&hit.sentence);
        let title = match named {
            Some(text) => pieces(text),
            None => vec![(w.say(k::WEB_DRAFT_UNTITLED), false)],
        };
        if hit.title.text.trim().is_empty() {
            sentence.clear();
        }
        let space = SpaceId(hit.home);
        Self {
            chip: Chip::of(&visit.visitor, &hit.label),
            path: path(hit),
            title,
            sentence,
            language: hit.language.map(Language::code),
            cote: hit.grade.map(|grade| Cote::of(grade, w)),
            who: visit.visitor.name(hit.author),
            day: w.date(hit.modified),
            space: rail.name_of(space).map(|name| (space, name)),
            fresh,
        }
    }
}

/// Where a match is read.
fn path(hit: &Hit) -> String {
    let about = hit.about.unwrap_or(Id::NONE);
    match hit.kind {
        Found::Note => format!("/notes/{}", NoteId(hit.id)),
        Found::Link => format!("/notes/{}", NoteId(hit.ends.map_or(Id::NONE, |(from, _)| from))),
        Found::Conversation => format!("/messages/{}", ConversationId(hit.id)),
        Found::Message => format!("/messages/{}#m{}", ConversationId(about), hit.id),
        Found::Attachment => format!("/notes/{}", NoteId(about)),
        Found::Space => format!("/spaces/{}", SpaceId(hit.id)),
    }
}

/// A line cut where what was sought begins and ends.
fn pieces(of: &Snippet) -> Vec<Piece> {
    let (mut pieces, mut at) = (Vec::new(), 0);
    let cut = |from: usize, to: usize| of.text.chars().skip(from).take(to.saturating_sub(from)).collect::<String>();
    for (from, to) in &of.highlights {
        pieces.push((cut(at, *from), false));
        pieces.push((cut(*from, *to), true));
        at = *to;
    }
    pieces.push((of.text.chars().skip(at).collect(), false));
    pieces.retain(|(text, _)| !text.is_empty());
    pieces
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_cut_by_characters_where_words_were_found() {
        let snippet = Snippet { text: "Été à « Brest »".to_owned(), highlights: vec![(0, 3), (8, 13)] };
        let cut: Vec<Piece> = pieces(&snippet);
        let text = |text: &str, sought: bool| (text.to_owned(), sought);
        assert_eq!(cut, [text("Été", true), text(" à « ", false), text("Brest", true), text(" »", false)]);
        assert_eq!(pieces(&Snippet::default()), []);
        let beyond = Snippet { text: "ab".to_owned(), highlights: vec![(1, 9)] };
        assert_eq!(pieces(&beyond), [text("a", false), text("b", true)]);
    }
}
