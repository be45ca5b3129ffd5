//! The matches of a question that a reader may be shown, in order: walked, counted, ranked, fetched again.

use std::{cmp::Reverse, collections::BTreeMap, sync::Arc};

use tantivy::TERMINATED;

use super::{
    error::{FindingError, intact},
    facets::Facets,
    finder::Finder,
    matter::Found,
    plan::{Step, begin, build},
    query::Node,
    resolve::{Asker, missing, resolve},
    score::Weights,
    search::{Order, Request},
    suggest::corrected,
    view::View,
    watch::Since,
};
#[cfg(feature = "exam")]
use crate::ids::AccountId;
use crate::{
    identity::Subject,
    ids::Id,
    label::Label,
    limits,
    vault::{Envelope, Kind, Vault, rows::Place},
};

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
    /// Names in the question that lead to nothing the reader sees.
    pub(super) missing: Vec<String>,
    pub(super) count: u64,
    pub(super) kinds: BTreeMap<Found, u64>,
    pub(super) label: Option<Label>,
    pub(super) facets: Option<Facets>,
    pub(super) spelling: Option<String>,
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
    facets: Option<Facets>,
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
    let Request { order, after, limit, kind, facets, text: _ } = request;
    let look = move |finder: &Finder| {
        let request = Request { text: &text, order, after, limit, kind, facets };
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
        let missing = missing(node, &view, subject, asker)?;
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
        let facets = request.facets.filter(|_| round == 0).map(Facets::new);
        let mut counts = Counts { facets, ..Counts::default() };
        let ranking = Ranking { order: request.order, weights: weights.as_ref(), after, kind: request.kind, sieve };
        let candidates = first(&view, &step, ranking, room.saturating_add(1), &mut counts)?;
        if sieve.is_some_and(|sieve| counts.walked > sieve.most) {
            return Ok(Matches { broad: true, missing: matches.missing, ..Matches::default() });
        }
        if round == 0 {
            matches.count = counts.kinds.values().fold(0, |sum: u64, count| sum.saturating_add(*count));
            matches.kinds = counts.kinds;
            matches.label = counts.label;
            matches.facets = counts.facets;
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
        walks.push((part, part.blamed(build(step, part))?));
        weights.map_or(Ok(()), |weights| weights.count(part))?;
    }
    for (part, mut walk) in walks {
        if walk.doc() == TERMINATED {
            continue;
        }
        let mut scorer = weights.map(|weights| weights.scorer(part)).transpose()?;
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
            if let Some(facets) = &mut counts.facets {
                facets.add(leaf, doc, &part.label);
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
    let Some(envelope) = intact(vault.fetch(of.kind.record(), of.id))? else { return Ok(None) };
    #[cfg(feature = "exam")]
    if crate::exam::finds_too_much() {
        return Ok(Some(envelope));
    }
    let reached = |id: Id| -> Result<bool, FindingError> {
        let note = intact(vault.fetch(Kind::Note, id))?;
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
