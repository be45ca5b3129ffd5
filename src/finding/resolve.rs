//! The names in a question (spaces, people, markings, links), looked up in what the reader sees.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    analysis::{self, Word, is_stop_word},
    error::FindingError,
    matter::Found,
    plan::{Step, each_match},
    query::{Filter, Has, Marking, Node},
    schema::{Sort, Words},
    view::View,
};
use crate::{
    config::{Account, Config},
    identity::Subject,
    ids::Id,
    sharing::people,
};

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
    let mut homes = BTreeSet::new();
    each_match(&key(Sort::Name, &analysis::fold_name(name)), view, |part, doc| {
        homes.insert(part.leaf.id(doc));
    })?;
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
        None => key(Sort::Kind, Found::Link.word()),
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
    each_match(&key(Sort::Kind, Found::Attachment.word()), view, |part, doc| {
        let [note, _] = part.leaf.ends(doc);
        found.insert(note);
    })?;
    Ok(found)
}
