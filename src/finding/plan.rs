//! A question become walks.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    error::FindingError,
    schema::{Sort, Words},
    union::{Bits, Union},
    view::{Part, Seen, View},
    walk::{All, Listed, Phrase, Postings, Walk as _, Walking, Where, Without},
};
use crate::{ids::Id, label::Label, limits};

/// A question with all its names looked up.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    /// Any of these terms.
    Terms(Words, Vec<String>),
    /// These folded words, one behind the other, in a field with positions.
    Phrase(Words, Vec<String>),
    /// A word that begins so.
    Beginning(Words, String),
    /// Last changed at or after the first moment and before the second.
    Time(u64, u64),
    /// What bears this label; nothing, of none.
    Label(Option<Label>),
    /// What lives in these homes.
    Homes(BTreeSet<Id>),
    /// These objects.
    Objects(Arc<BTreeSet<Id>>),
    /// All of them; everything, of none.
    All(Vec<Self>),
    /// Any of them.
    Any(Vec<Self>),
    /// Everything but.
    Not(Box<Self>),
}

/// Words that a step looks up in each partition.
fn lookups(step: &Step) -> usize {
    match step {
        Step::Terms(_, terms) | Step::Phrase(_, terms) => terms.len(),
        Step::Beginning(..) | Step::Time(..) | Step::Label(_) | Step::Homes(_) | Step::Objects(_) => 1,
        Step::Not(step) => lookups(step).saturating_add(1),
        Step::All(steps) | Step::Any(steps) => {
            steps.iter().map(lookups).fold(1, |sum: usize, more| sum.saturating_add(more))
        }
    }
}

/// Counts what a step looks up, before its walks are built in any segment.
///
/// # Errors
/// [`FindingError::Query`] for too much work.
pub fn begin(step: &Step, view: &View) -> Result<(), FindingError> {
    view.look_up(lookups(step))
}

/// Everything alive that matches, in no order that means anything.
///
/// # Errors
/// [`FindingError::Damaged`], [`FindingError::Query`] for too much work.
pub fn each_match(step: &Step, view: &View, mut take: impl FnMut(&Part, tantivy::DocId)) -> Result<(), FindingError> {
    begin(step, view)?;
    for part in view.parts.iter().filter(|part| !part.seen.is_empty()) {
        let mut walk = part.blamed(build(step, part))?;
        while walk.doc() != tantivy::TERMINATED {
            if part.leaf.is_alive(walk.doc()) {
                take(part, walk.doc());
            }
            walk.advance();
        }
    }
    Ok(())
}

/// The walk of a step over one segment, within the partitions that the reader sees. Every word in it is counted as work,
/// also one that cannot match here any more: what else is in this segment is decided by what others write. Only what cannot
/// match for its label is not looked at: labels are the reader's own to know.
///
/// # Errors
/// [`FindingError::Damaged`], [`FindingError::Query`] for too much work.
pub fn build(step: &Step, part: &Part) -> Result<Walking, FindingError> {
    Ok(match step {
        Step::Terms(words, terms) => any_term(part, *words, terms)?,
        Step::Phrase(words, terms) => {
            let mut found = Bits::new(part.leaf.objects());
            for seen in &part.seen {
                let mut lists = Vec::with_capacity(terms.len());
                for term in terms {
                    lists.push(part.postings(*words, seen, term, true)?);
                }
                if let Some(lists) = lists.into_iter().collect::<Option<Vec<_>>>() {
                    phrase(part, Phrase::new(lists), &mut found)?;
                }
            }
            Box::new(found.walk())
        }
        Step::Beginning(words, beginning) => {
            // One bit an object: a list would hold each object once for each of its words.
            let mut found = Bits::new(part.leaf.objects());
            for seen in &part.seen {
                part.leaf.beginning(
                    *words,
                    &seen.tag,
                    beginning,
                    |_| true,
                    |_, postings| {
                        part.work.spend(part.leaf.living(&postings))?;
                        found.add(&mut Postings(postings));
                        Ok(())
                    },
                )?;
            }
            Box::new(found.walk())
        }
        Step::Time(from, until) => timed(part, everything(part)?, *from, *until),
        Step::Label(label) if label.is_some_and(|label| label == part.label) => everything(part)?,
        Step::Label(_) => nothing(),
        Step::Homes(homes) => {
            let inside = |seen: &&Seen| homes.contains(&seen.partition.home) && seen.partition.far.is_none();
            let mut union = Union::new(part.leaf.objects());
            for seen in part.seen.iter().filter(inside) {
                if let Some(postings) = part.postings_in(Words::Key, seen, &Sort::Any.term(""))? {
                    union.push(Box::new(Postings(postings)));
                }
            }
            union.walk()
        }
        Step::Objects(objects) if objects.len() > limits::SEARCH_OBJECTS_LOOKED_UP_MAX => {
            let (leaf, objects) = (Arc::clone(&part.leaf), Arc::clone(objects));
            Box::new(Where::new(everything(part)?, move |doc| objects.contains(&leaf.id(doc))))
        }
        Step::Objects(objects) => {
            let mut docs = Vec::new();
            for object in &**objects {
                docs.extend(part.leaf.documents_of(*object)?);
            }
            let seen: BTreeSet<_> = part.seen.iter().map(|seen| seen.partition).collect();
            docs.retain(|doc| seen.contains(&part.leaf.partition(*doc)));
            Box::new(Listed::new(docs))
        }
        Step::Any(steps) => any(steps.iter(), part)?,
        Step::Not(step) => Box::new(Without::new(everything(part)?, build(step, part)?)),
        Step::All(steps) => all(steps, part)?,
    })
}

/// What is wanted meets first; what is barred, and moments, are asked of that alone. Everything in a segment bears one label:
/// under another one nothing is walked.
fn all(steps: &[Step], part: &Part) -> Result<Walking, FindingError> {
    if steps.iter().any(|step| matches!(step, Step::Label(label) if *label != Some(part.label))) {
        return Ok(nothing());
    }
    let (mut wanted, mut barred, mut times): (Vec<Walking>, Vec<&Step>, Vec<(u64, u64)>) = Default::default();
    for step in steps {
        match step {
            Step::Not(step) => barred.push(step),
            Step::Time(from, until) => times.push((*from, *until)),
            Step::Label(_) => {}
            other => wanted.push(build(other, part)?),
        }
    }
    let mut walk: Walking = match wanted.len() {
        0 => everything(part)?,
        1 => wanted.pop().unwrap_or_else(nothing),
        _ => Box::new(All::new(wanted)),
    };
    if !barred.is_empty() {
        walk = Box::new(Without::new(walk, any(barred.into_iter(), part)?));
    }
    for (from, until) in times {
        walk = timed(part, walk, from, until);
    }
    Ok(walk)
}

fn timed(part: &Part, walk: Walking, from: u64, until: u64) -> Walking {
    let leaf = Arc::clone(&part.leaf);
    Box::new(Where::new(walk, move |doc| (from..until).contains(&leaf.modified(doc))))
}

fn nothing() -> Walking {
    Box::new(Listed::new(Vec::new()))
}

fn everything(part: &Part) -> Result<Walking, FindingError> {
    any_term(part, Words::Key, &[Sort::Any.term("")])
}

fn any<'s, S: Iterator<Item = &'s Step>>(steps: S, part: &Part) -> Result<Walking, FindingError> {
    let mut union = Union::new(part.leaf.objects());
    for step in steps {
        union.push(build(step, part)?);
    }
    Ok(union.walk())
}

fn any_term(part: &Part, words: Words, terms: &[String]) -> Result<Walking, FindingError> {
    let mut union = Union::new(part.leaf.objects());
    for seen in &part.seen {
        for term in terms {
            if let Some(postings) = part.postings(words, seen, term, false)? {
                union.push(Box::new(Postings(postings)));
            }
        }
    }
    Ok(union.walk())
}

/// Adds the living objects of a phrase. All of them, not those that a leap would come by: positions are counted too, and
/// where leaps lead depends on the order of objects.
fn phrase(part: &Part, mut together: Phrase, found: &mut Bits) -> Result<(), FindingError> {
    while together.doc() != tantivy::TERMINATED {
        let doc = together.doc();
        if part.leaf.is_alive(doc) {
            let (follows, read) = together.follows();
            part.work.spend(read / limits::SEARCH_GLANCES_PER_STEP)?;
            if follows {
                found.insert(doc);
            }
        }
        together.advance();
    }
    Ok(())
}
