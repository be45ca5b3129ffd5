//! A search: the question read, matches found and put in order, the results fetched, decided, journalled and opened.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use tantivy::TERMINATED;

use super::{
    error::FindingError,
    finder::Finder,
    hit::{Hit, hit},
    matter::Found,
    plan::{Asker, Step, begin, build, missing, resolve},
    query::{Node, parse},
    score::Weights,
    snippet::Sought,
    suggest::corrected,
    view::View,
    watch::Since,
};
use crate::{
    audit::entry::{Act, Rule},
    config::Account,
    identity::Subject,
    ids::{AccountId, Id},
    label::Label,
    limits,
    monitor::{List, Permit, Target},
    sharing::{people, space::Space},
    vault::{Envelope, Kind, Opened, Vault, rows::Place},
};

/// The order of results.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Order {
    /// The best match first.
    #[default]
    Relevance,
    /// The last change first.
    Date,
    /// The best grade first, then the last change.
    Grade,
}

impl Order {
    /// The order of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "relevance" => Some(Self::Relevance),
            "date" => Some(Self::Date),
            "grade" => Some(Self::Grade),
            _ => None,
        }
    }

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Relevance => "relevance",
            Self::Date => "date",
            Self::Grade => "grade",
        }
    }
}

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The question.
    pub text: &'a str,
    /// The order.
    pub order: Order,
    /// Behind this place.
    pub after: Option<Place>,
    /// At most so many.
    pub limit: usize,
    /// Results of this kind alone; all kinds are counted nevertheless.
    pub kind: Option<Found>,
}

/// What is answered.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Results, in order.
    pub hits: Vec<Hit>,
    /// The names of their spaces.
    pub spaces: BTreeMap<Id, Opened<Space>>,
    /// Where the next page starts.
    pub next: Option<Place>,
    /// All that matches, whichever page it stands on.
    pub count: u64,
    /// The same by kind.
    pub kinds: BTreeMap<Found, u64>,
    /// The join of the labels of all that matches.
    pub label: Option<Label>,
    /// People whose names match; with the first page.
    pub people: Vec<Arc<Account>>,
    /// The question as it may have been meant, when nothing answers it.
    pub spelling: Option<String>,
}

impl Outcome {
    /// The names of the spaces that the results live in: those which are results themselves, too.
    pub fn names(&self) -> BTreeMap<Id, String> {
        let own = self.hits.iter().filter(|hit| hit.kind == Found::Space).map(|hit| (hit.id, hit.title.text.clone()));
        let others = self.spaces.values().map(|space| (space.id, space.content.content.name.clone()));
        own.chain(others).collect()
    }
}

/// Searches.
///
/// # Errors
/// [`FindingError`]; refused for those who read no content.
pub async fn search(
    finder: &Arc<Finder>,
    vault: &Arc<Vault>,
    subject: &Subject,
    request: Request<'_>,
) -> Result<Outcome, FindingError> {
    if subject.is_officer() {
        return Err(vault.monitor().refuse_for(subject, Act::Search, Rule::NoContentRole, &[]).await.into());
    }
    let node = Arc::new(parse(request.text)?);
    let found = find_apart(finder, vault, subject, &node, request, None).await?;
    let spaces = spaces_of(vault, subject, &found.kept)?;
    vault.ensure_label(subject).await?;
    let words = vault.seal_words(subject, request.text)?;
    let targets = targets(&found.kept, &spaces);
    let is_first = request.after.is_none() && node.is_plain();
    let people = if is_first { people_named(vault, subject, &node) } else { Vec::new() };
    let shown: Vec<AccountId> = people.iter().map(|person| person.id()).collect();
    let permit = vault.monitor().sought(subject, Act::Search, words, &targets, &shown).await?;
    let mut outcome = Outcome { people, ..opened(vault, permit, &node, found, spaces)? };
    // A name that somebody bears is no slip of the fingers.
    if !outcome.people.is_empty() {
        outcome.spelling = None;
    }
    Ok(outcome)
}

/// What a page of results names: the results, and their spaces.
pub(super) fn targets(kept: &[Kept], spaces: &[Envelope]) -> Vec<Target> {
    kept.iter().map(|kept| &kept.envelope).chain(spaces).map(Envelope::target).collect()
}

/// Opens what was found, as far as the permit covers it.
pub(super) fn opened(
    vault: &Vault,
    permit: Permit<List>,
    node: &Node,
    found: Matches,
    spaces: Vec<Envelope>,
) -> Result<Outcome, FindingError> {
    let mut page = vault.mixed(permit);
    let mut outcome =
        Outcome { next: found.next, count: found.count, kinds: found.kinds, label: found.label, ..Outcome::default() };
    outcome.spelling = found.spelling;
    for envelope in spaces {
        if let Some(space) = vault.open_mixed::<Space>(&mut page, envelope)? {
            outcome.spaces.insert(space.id, space);
        }
    }
    let sought = Sought::of(node);
    for kept in found.kept {
        outcome.hits.extend(hit(vault, &mut page, kept.kind, kept.envelope, kept.order, &sought)?);
    }
    Ok(outcome)
}

/// Closes an index that turned out to be damaged; the asker hears that it is being made anew.
pub(super) fn guarded<T>(finder: &Finder, outcome: Result<T, FindingError>) -> Result<T, FindingError> {
    match outcome {
        Err(FindingError::DamagedIndex(label, what)) => {
            finder.damaged(label, &FindingError::Damaged(what));
            Err(FindingError::Rebuilding)
        }
        other => other,
    }
}

/// A match that is still what the index says, unopened.
pub(super) struct Kept {
    pub(super) kind: Found,
    pub(super) envelope: Envelope,
    pub(super) order: u64,
}

/// What was found, unopened.
#[derive(Default)]
pub(super) struct Matches {
    pub(super) kept: Vec<Kept>,
    pub(super) next: Option<Place>,
    /// More matches than were to be looked at: nothing of them is told.
    pub(super) broad: bool,
    /// Names in the question that lead to nothing the reader sees; for watches.
    pub(super) missing: Vec<String>,
    count: u64,
    kinds: BTreeMap<Found, u64>,
    label: Option<Label>,
    spelling: Option<String>,
}

/// What a watch asks beyond its question.
#[derive(Clone, Debug)]
pub(super) struct Sieve {
    /// Only what was changed since; all of it, without.
    pub(super) since: Option<Since>,
    /// Matches that are looked at.
    pub(super) most: u64,
    /// Whose watch it is: what a planted leak asks for.
    #[cfg(feature = "exam")]
    pub(super) author: AccountId,
}

/// A match that may be shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Candidate {
    order: u64,
    id: Id,
    kind: Found,
    label: Label,
    ends: [Id; 2],
}

/// By what matches are put in order, and behind which place.
#[derive(Clone, Copy)]
struct Ranking<'w> {
    order: Order,
    weights: Option<&'w Weights>,
    after: Option<Place>,
    kind: Option<Found>,
    sieve: Option<&'w Sieve>,
}

/// What is counted of all matches.
#[derive(Default)]
struct Counts {
    kinds: BTreeMap<Found, u64>,
    label: Option<Label>,
    /// Looked at, whether or not it came through the sieve.
    walked: u64,
}

impl Counts {
    fn add(&mut self, kind: Found, label: &Label) {
        let counted = self.kinds.entry(kind).or_default();
        *counted = counted.saturating_add(1);
        self.label = Some(self.label.map_or(*label, |all| all.join(label)));
    }
}

/// As [`find`], on a thread that may block.
pub(super) async fn find_apart(
    finder: &Arc<Finder>,
    vault: &Arc<Vault>,
    subject: &Subject,
    node: &Arc<Node>,
    request: Request<'_>,
    sieve: Option<Sieve>,
) -> Result<Matches, FindingError> {
    let (vault, subject, node, text) = (Arc::clone(vault), subject.clone(), Arc::clone(node), request.text.to_owned());
    let Request { order, after, limit, kind, text: _ } = request;
    let look = move |finder: &Finder| {
        let request = Request { text: &text, order, after, limit, kind };
        find(finder, &vault, &subject, &node, request, sieve.as_ref())
    };
    finder.apart(look).await
}

/// The matches that a reader may be shown, in order. What a watch asks goes through its sieve as well.
fn find(
    finder: &Finder,
    vault: &Vault,
    subject: &Subject,
    node: &Node,
    request: Request<'_>,
    sieve: Option<&Sieve>,
) -> Result<Matches, FindingError> {
    let view = View::of(finder, vault, subject)?;
    #[cfg(feature = "exam")]
    let view = match sieve {
        Some(sieve) if crate::exam::planted(crate::exam::Leak::WatchAsAuthor) => {
            View::of_author(finder, vault, subject, sieve.author)?
        }
        _ => view,
    };
    let (step, missing) = {
        let config = vault.monitor().config();
        let asker = Asker { id: subject.id().id(), config: &config };
        let missing = if sieve.is_some() { missing(node, &view, subject, asker)? } else { Vec::new() };
        (resolve(node, &view, asker)?, missing)
    };
    let weights = match request.order {
        Order::Relevance => Some(Weights::of(node, &view)?),
        Order::Date | Order::Grade => None,
    };
    begin(&step, &view)?;
    let limit = request.limit.clamp(1, limits::SEARCH_ROWS_MAX);
    let (mut matches, mut after) = (Matches { missing, ..Matches::default() }, request.after);
    for round in 0..limits::SEARCH_ROUNDS_MAX {
        let room = limit.saturating_sub(matches.kept.len());
        if round > 0 {
            view.work.again();
        }
        // One more than shown: whether there is a next page.
        let mut counts = Counts::default();
        let ranking = Ranking { order: request.order, weights: weights.as_ref(), after, kind: request.kind, sieve };
        let candidates = first(&view, &step, ranking, room.saturating_add(1), &mut counts)?;
        if sieve.is_some_and(|sieve| counts.walked > sieve.most) {
            return Ok(Matches { broad: true, missing: matches.missing, ..Matches::default() });
        }
        if round == 0 {
            matches.count = counts.kinds.values().fold(0, |sum: u64, count| sum.saturating_add(*count));
            matches.kinds = counts.kinds;
            matches.label = counts.label;
        }
        let more = candidates.len() > room;
        for candidate in candidates.into_iter().take(room) {
            after = Some(Place { order: candidate.order, id: candidate.id });
            if let Some(envelope) = fetched(vault, subject, &candidate)? {
                matches.kept.push(Kept { kind: candidate.kind, envelope, order: candidate.order });
            }
        }
        matches.next = after.filter(|_| more);
        // What has gone since it was indexed makes room for what comes next.
        if matches.kept.len() >= limit || !more {
            break;
        }
    }
    if sieve.is_none() && matches.count == 0 && request.after.is_none() && node.is_plain() {
        matches.spelling = corrected(&view, request.text)?;
    }
    Ok(matches)
}

/// The spaces that results live in, as far as the reader reaches them.
pub(super) fn spaces_of(vault: &Vault, subject: &Subject, kept: &[Kept]) -> Result<Vec<Envelope>, FindingError> {
    let homes: BTreeSet<Id> = kept.iter().map(|kept| kept.envelope.header().home).collect();
    let mut spaces = Vec::new();
    for home in homes.into_iter().filter(|home| !home.is_none()) {
        spaces.extend(vault.fetch(Kind::Space, home)?.filter(|space| {
            // A space that is itself a result is opened as one.
            let shown = kept.iter().any(|kept| kept.envelope.header().id == home);
            !shown && vault.monitor().reaches(subject, &space.target())
        }));
    }
    Ok(spaces)
}

/// The first matches behind a place, in order; and how many there are of each kind in all.
fn first(
    view: &View,
    step: &Step,
    ranking: Ranking<'_>,
    count: usize,
    counts: &mut Counts,
) -> Result<Vec<Candidate>, FindingError> {
    let Ranking { order, weights, after, kind: only, sieve } = ranking;
    let steps = weights.map_or(1, Weights::steps);
    let mut best: BTreeMap<(Reverse<u64>, Id), Candidate> = BTreeMap::new();
    let mut walks = Vec::with_capacity(view.parts.len());
    for part in view.parts.iter().filter(|part| !part.seen.is_empty()) {
        // All of them before the first is walked: what ends a walk early must not decide how much of the work is counted.
        walks.push((part, part.blamed(build(step, part))?, weights.map(|weights| weights.scorer(part)).transpose()?));
    }
    for (part, mut walk, mut scorer) in walks {
        let leaf = &part.leaf;
        let seen_until = sieve.and_then(|sieve| sieve.since.as_ref()).map(|since| since.of(&part.label).0);
        while walk.doc() != TERMINATED {
            let doc = walk.doc();
            walk.advance();
            let Some(kind) = Found::from_code(leaf.kind(doc)).filter(|_| leaf.is_alive(doc)) else { continue };
            // What is gone is not counted here: when it leaves the index depends on what others write into it.
            view.work.spend(steps)?;
            counts.walked = counts.walked.saturating_add(1);
            if sieve.is_some_and(|sieve| counts.walked > sieve.most) {
                return Ok(Vec::new());
            }
            if seen_until.is_some_and(|until| leaf.modified(doc) <= until) {
                continue;
            }
            counts.add(kind, &part.label);
            if only.is_some_and(|only| only != kind) {
                continue;
            }
            let order = match (&mut scorer, order) {
                (Some(scorer), _) => scorer.score(doc),
                (None, Order::Grade) => graded(leaf.grade(doc), leaf.modified(doc)),
                (None, Order::Relevance | Order::Date) => leaf.modified(doc),
            };
            let worst = best.last_key_value().filter(|_| best.len() >= count).map(|((order, _), _)| order.0);
            if worst.is_some_and(|worst| order < worst) {
                continue;
            }
            let id = leaf.id(doc);
            let behind = after.is_none_or(|after| (Reverse(order), id) > (Reverse(after.order), after.id));
            if behind {
                let candidate = Candidate { order, id, kind, label: part.label, ends: leaf.ends(doc) };
                best.insert((Reverse(order), id), candidate);
                if best.len() > count {
                    best.pop_last();
                }
            }
        }
    }
    #[cfg(feature = "exam")]
    if crate::exam::planted(crate::exam::Leak::SearchCounts) {
        let hidden = view.parts.iter().flat_map(|part| part.leaf.partitions().values());
        let all = hidden.fold(0, |sum: u64, (_, tally)| sum.saturating_add(tally.objects));
        counts.kinds.insert(Found::Space, all);
    }
    Ok(best.into_values().collect())
}

/// The grade, then the time: milliseconds take 44 bits until the year 2527.
fn graded(grade: u64, modified: u64) -> u64 {
    const TIME: u64 = 1 << 44;
    grade.saturating_mul(TIME).saturating_add(modified.min(TIME.saturating_sub(1)))
}

/// The present record of a match, if it still is what the index says and may be read. The monitor decides in any case.
fn fetched(vault: &Vault, subject: &Subject, of: &Candidate) -> Result<Option<Envelope>, FindingError> {
    let Some(envelope) = vault.fetch(of.kind.record(), of.id)? else { return Ok(None) };
    #[cfg(feature = "exam")]
    if crate::exam::finds_too_much() {
        return Ok(Some(envelope));
    }
    let reached = |id: Id| -> Result<bool, FindingError> {
        let note = vault.fetch(Kind::Note, id)?;
        Ok(note.is_some_and(|note| vault.monitor().reaches(subject, &note.target())))
    };
    let with_others = match of.kind {
        Found::Attachment => reached(envelope.header().about)?,
        Found::Link => reached(of.ends[0])? && reached(of.ends[1])?,
        Found::Note | Found::Conversation | Found::Message | Found::Space => true,
    };
    let same = *envelope.label() == of.label && vault.monitor().reaches(subject, &envelope.target());
    Ok((same && with_others).then_some(envelope))
}

/// The people whom the working label lets one know, and whose names have all the words of a question.
fn people_named(vault: &Vault, subject: &Subject, node: &Node) -> Vec<Arc<Account>> {
    let words = node.words();
    let config = vault.monitor().config();
    let named = |account: &&Arc<Account>| {
        let name = super::analysis::fold_name(&format!("{} {}", account.display(), account.name()));
        words.iter().all(|word| name.split(' ').any(|part| part.starts_with(&word.folded)))
    };
    let mut people: Vec<Arc<Account>> =
        config.accounts().filter(|account| people::knows(subject, account)).filter(named).cloned().collect();
    people.sort_by(|left, right| left.name().cmp(right.name()));
    people.truncate(limits::SEARCH_PEOPLE_MAX);
    people
}
