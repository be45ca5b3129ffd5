//! A question become walks. What it names (spaces, people, links) is looked up first, in what the reader sees.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    analysis::{self, Word, is_stop_word},
    error::FindingError,
    query::{Filter, Has, Marking, Node},
    schema::{Sort, Words},
    union::{Bits, Union},
    view::{Part, Seen, View},
    walk::{All, Listed, Phrase, Postings, Walk as _, Walking, Where, Without},
};
use crate::{
    config::{Account, Config},
    identity::Subject,
    ids::Id,
    label::Label,
    limits,
    sharing::people,
};

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

/// Who asks, for names.
#[derive(Clone, Copy, Debug)]
pub struct Asker<'a> {
    /// Oneself.
    pub id: Id,
    /// For the names of people.
    pub config: &'a Config,
}

fn stems(word: &Word) -> Step {
    Step::Terms(Words::Stem, analysis::sought(word))
}

/// Looks up the names of a question.
///
/// # Errors
/// [`FindingError::Damaged`].
pub fn resolve(node: &Node, view: &View, asker: Asker<'_>) -> Result<Step, FindingError> {
    Ok(match node {
        Node::Word(word) => stems(word),
        Node::Phrase(words) => Step::Phrase(Words::Text, folded(words)),
        Node::Beginning(beginning) => Step::Beginning(Words::Text, beginning.clone()),
        Node::Filter(filter) => filtered(filter, view, asker)?,
        Node::Not(node) => Step::Not(Box::new(resolve(node, view, asker)?)),
        Node::Any(nodes) => alone(each(nodes.iter(), view, asker)?, Step::Any),
        Node::All(nodes) => {
            let is_asked = asked(nodes.iter());
            alone(each(nodes.iter().filter(|node| is_asked(node)), view, asker)?, Step::All)
        }
    })
}

/// Which parts of a question that wants all of `nodes` are asked: "le chiffrement des disques" does not ask for "le" and
/// "des", and "le" alone does; so does "le" with a key, which narrows what there is and is no other word.
pub fn asked<'n, N: Iterator<Item = &'n Node>>(mut nodes: N) -> impl Fn(&Node) -> bool {
    let says = |node: &Node| !matches!(node, Node::Word(word) if is_stop_word(&word.folded));
    let some = nodes.any(|node| says(node) && !matches!(node, Node::Not(_) | Node::Filter(_)));
    move |node| !some || says(node)
}

/// Each of them once: what is asked twice is walked once.
fn each<'n, N: Iterator<Item = &'n Node>>(nodes: N, view: &View, asker: Asker<'_>) -> Result<Vec<Step>, FindingError> {
    let (mut asked, mut steps): (Vec<&Node>, Vec<Step>) = Default::default();
    for node in nodes {
        // Before it is looked up: the notes of a link are a walk of their own.
        if asked.contains(&node) {
            continue;
        }
        asked.push(node);
        let step = resolve(node, view, asker)?;
        if !steps.contains(&step) {
            steps.push(step);
        }
    }
    Ok(steps)
}

/// One, or many joined.
fn alone(mut steps: Vec<Step>, join: fn(Vec<Step>) -> Step) -> Step {
    match steps.pop() {
        Some(step) if steps.is_empty() => step,
        last => {
            steps.extend(last);
            join(steps)
        }
    }
}

fn folded(words: &[Word]) -> Vec<String> {
    words.iter().map(|word| word.folded.clone()).collect()
}

fn key(sort: Sort, value: &str) -> Step {
    Step::Terms(Words::Key, vec![sort.term(value)])
}

fn filtered(filter: &Filter, view: &View, asker: Asker<'_>) -> Result<Step, FindingError> {
    Ok(match filter {
        Filter::In(name) => Step::Homes(homes(name, view)?),
        Filter::From(None) => key(Sort::Author, &asker.id.to_string()),
        Filter::From(Some(name)) => Step::Terms(Words::Key, terms_of(&named(name, asker.config))),
        Filter::Tag(tag) => key(Sort::Tag, tag),
        Filter::Kind(kind) => key(Sort::Kind, kind.word()),
        Filter::Title(words) => {
            Step::All(words.iter().map(|word| Step::Terms(Words::TitleStem, analysis::sought(word))).collect())
        }
        Filter::Time(from, until) => Step::Time(*from, *until),
        Filter::Grade(reliability, credibility) => {
            let reliability = reliability.map(|letter| key(Sort::Reliability, &letter.to_string()));
            let credibility = credibility.map(|digit| key(Sort::Credibility, &digit.to_string()));
            Step::All(reliability.into_iter().chain(credibility).collect())
        }
        Filter::Marking(marking) => Step::Label(marking.label(asker.config.policy())),
        Filter::Language(language) => key(Sort::Language, language.code()),
        Filter::Link(kind, words) => Step::Objects(Arc::new(linked(kind.as_deref(), words, view, asker)?)),
        Filter::Source(words) => Step::All(words.iter().map(|word| key(Sort::Source, &word.folded)).collect()),
        Filter::Has(Has::Source) => key(Sort::Source, ""),
        Filter::Has(Has::Grade) => {
            Step::Terms(Words::Key, ('A'..='F').map(|letter| Sort::Reliability.term(&letter.to_string())).collect())
        }
        Filter::Has(Has::Link) => Step::Objects(Arc::new(linked(None, &[], view, asker)?)),
        Filter::Has(Has::Attachment) => Step::Objects(Arc::new(bearing(view)?)),
    })
}

/// The spaces that bear a name, or an identifier, among those that the reader sees.
fn homes(name: &str, view: &View) -> Result<BTreeSet<Id>, FindingError> {
    if let Ok(id) = name.parse::<Id>() {
        return Ok(view.homes.get(&id).copied().into_iter().collect());
    }
    let step = key(Sort::Name, &analysis::fold_name(name));
    begin(&step, view)?;
    let mut homes = BTreeSet::new();
    for part in &view.parts {
        let mut walk = part.blamed(build(&step, part))?;
        while walk.doc() != tantivy::TERMINATED {
            if part.leaf.is_alive(walk.doc()) {
                homes.insert(part.leaf.id(walk.doc()));
            }
            walk.advance();
        }
    }
    Ok(homes)
}

/// The people of a name: the short one, or words of the one shown.
fn named<'c>(name: &str, config: &'c Config) -> Vec<&'c Arc<Account>> {
    let sought = analysis::fold_name(name);
    let asked: BTreeSet<&str> = sought.split(' ').collect();
    let bears = |account: &&Arc<Account>| {
        let shown = analysis::fold_name(account.display());
        let parts: BTreeSet<&str> = shown.split(' ').collect();
        analysis::fold_name(account.name()) == sought || (!sought.is_empty() && asked.is_subset(&parts))
    };
    config.accounts().filter(bears).collect()
}

fn terms_of(people: &[&Arc<Account>]) -> Vec<String> {
    people.iter().map(|account| Sort::Author.term(&account.id().id().to_string())).collect()
}

/// The names in a question that lead to nothing the reader sees: a space that is gone, was renamed or left, somebody whom he
/// may not know. To him the three are one; and what cannot match any more is told, not answered with an empty result.
///
/// # Errors
/// [`FindingError::Damaged`].
pub fn missing(node: &Node, view: &View, subject: &Subject, asker: Asker<'_>) -> Result<Vec<String>, FindingError> {
    let mut names = Vec::new();
    match node {
        Node::Filter(Filter::In(name)) if is_nowhere(name, view)? => names.push(name.clone()),
        Node::Filter(Filter::From(Some(name))) if is_nobody(name, view, subject, asker)? => names.push(name.clone()),
        Node::Filter(Filter::Marking(marking)) if is_above(marking, subject, asker) => {
            names.push(marking.written().to_owned());
        }
        Node::Not(node) => names = missing(node, view, subject, asker)?,
        Node::All(nodes) | Node::Any(nodes) => {
            for node in nodes {
                names.extend(missing(node, view, subject, asker)?);
            }
        }
        Node::Word(_) | Node::Phrase(_) | Node::Beginning(_) | Node::Filter(_) => {}
    }
    Ok(names)
}

/// Whether nothing that the reader sees lives in a space of that name. He may belong to one that is above where he works.
fn is_nowhere(name: &str, view: &View) -> Result<bool, FindingError> {
    let homes = homes(name, view)?;
    Ok(!view.parts.iter().flat_map(|part| &part.seen).any(|seen| homes.contains(&seen.partition.home)))
}

/// Whether a marking is none, or one that does not flow to where the reader works.
fn is_above(marking: &Marking, subject: &Subject, asker: Asker<'_>) -> bool {
    !marking.label(asker.config.policy()).is_some_and(|label| label.flows_to(subject.working()))
}

/// Whether a name is that of nobody whom the reader may know, and of nobody who wrote what he sees.
fn is_nobody(name: &str, view: &View, subject: &Subject, asker: Asker<'_>) -> Result<bool, FindingError> {
    let named = named(name, asker.config);
    let knows = |account: &&Arc<Account>| {
        #[cfg(feature = "exam")]
        if crate::exam::planted(crate::exam::Leak::WatchNamesWhole) {
            return true;
        }
        account.id() == subject.id() || people::knows(subject, account)
    };
    if named.iter().any(knows) {
        return Ok(false);
    }
    let mut wrote = false;
    each_match(&Step::Terms(Words::Key, terms_of(&named)), view, |_, _| wrote = true)?;
    Ok(!wrote)
}

/// The notes that have a link of a type, to or from a note with these words in its title. Of links that the reader sees.
fn linked(kind: Option<&str>, words: &[Word], view: &View, asker: Asker<'_>) -> Result<BTreeSet<Id>, FindingError> {
    let others = if words.is_empty() {
        None
    } else {
        let titled = filtered(&Filter::Title(words.to_vec()), view, asker)?;
        let mut ids = BTreeSet::new();
        each_match(&titled, view, |part, doc| {
            ids.insert(part.leaf.id(doc));
        })?;
        Some(ids)
    };
    let links = match kind {
        Some(kind) => key(Sort::Link, kind),
        None => key(Sort::Kind, super::matter::Found::Link.word()),
    };
    let mut found = BTreeSet::new();
    each_match(&links, view, |part, doc| {
        let [from, to] = part.leaf.ends(doc);
        let meant = |other: &Id| others.as_ref().is_none_or(|others| others.contains(other));
        found.extend(Some(from).filter(|_| meant(&to)));
        found.extend(Some(to).filter(|_| meant(&from)));
    })?;
    Ok(found)
}

/// The notes that have an attachment, of those that the reader sees.
fn bearing(view: &View) -> Result<BTreeSet<Id>, FindingError> {
    let mut found = BTreeSet::new();
    each_match(&key(Sort::Kind, super::matter::Found::Attachment.word()), view, |part, doc| {
        let [note, _] = part.leaf.ends(doc);
        found.insert(note);
    })?;
    Ok(found)
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
