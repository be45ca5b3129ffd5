//! A search: the question read, its matches decided on, journalled and opened.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{
    error::{FindingError, intact},
    facets::Facets,
    finder::Finder,
    hit::{Hit, hit},
    matches::{Kept, Matches, find_apart},
    matter::Found,
    query::{Filter, Node, QueryError, parse},
    snippet::Sought,
};
use crate::{
    audit::entry::{Act, Rule},
    clock::Time,
    config::Account,
    identity::Subject,
    ids::{AccountId, Id},
    label::{Label, Policy},
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
    /// Whether facets are counted, and the present time for them.
    pub facets: Option<Time>,
}

impl<'a> Request<'a> {
    /// The first page of what answers, the best first, without facets.
    pub const fn of(text: &'a str) -> Self {
        let (order, limit) = (Order::Relevance, limits::SEARCH_ROWS_DEFAULT);
        Self { text, order, after: None, limit, kind: None, facets: None }
    }
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
    /// What the results have in common, if that was asked for; of the kind that is shown.
    pub facets: Option<Facets>,
    /// People whose names match; with the first page.
    pub people: Vec<Arc<Account>>,
    /// The question as it may have been meant, when nothing answers it.
    pub spelling: Option<String>,
    /// Names in the question that lead to nothing the reader sees.
    pub missing: Vec<String>,
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
    check_markings(&node, subject, vault.monitor().config().policy())?;
    let found = find_apart(finder, vault, subject, &node, request, None).await?;
    let spaces = spaces_of(vault, subject, &found.kept, found.facets.as_ref())?;
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
    outcome.facets = found.facets;
    outcome.spelling = found.spelling;
    outcome.missing = found.missing;
    for envelope in spaces {
        if let Some(space) = intact(vault.open_mixed::<Space>(&mut page, envelope))? {
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
        Err(FindingError::DamagedIndex(label, side, what)) => {
            finder.damaged(label, side, &FindingError::Damaged(what));
            Err(FindingError::Rebuilding)
        }
        other => other,
    }
}

/// Refuses a marking that is none, or that does not flow to where the reader works: what categories there are above is told
/// to nobody.
fn check_markings(node: &Node, subject: &Subject, policy: &Policy) -> Result<(), QueryError> {
    match node {
        Node::Filter(Filter::Marking(marking)) => {
            let known = marking.label(policy).is_some_and(|label| label.flows_to(subject.working()));
            if known { Ok(()) } else { Err(marking.unknown()) }
        }
        Node::Not(node) => check_markings(node, subject, policy),
        Node::All(nodes) | Node::Any(nodes) => nodes.iter().try_for_each(|node| check_markings(node, subject, policy)),
        Node::Word(_) | Node::Phrase(_) | Node::Beginning(_) | Node::Filter(_) => Ok(()),
    }
}

/// The spaces that results live in, and those whose matches are counted by name, as far as the reader reaches them.
pub(super) fn spaces_of(
    vault: &Vault,
    subject: &Subject,
    kept: &[Kept],
    facets: Option<&Facets>,
) -> Result<Vec<Envelope>, FindingError> {
    let mut homes: BTreeSet<Id> = kept.iter().map(|kept| kept.envelope.header().home).collect();
    let counted = facets.map(|facets| facets.first_homes(limits::SEARCH_FACET_SPACES_MAX)).unwrap_or_default();
    homes.extend(counted.into_iter().map(|(home, _)| home));
    let mut spaces = Vec::new();
    for home in homes.into_iter().filter(|home| !home.is_none()) {
        spaces.extend(intact(vault.fetch(Kind::Space, home))?.filter(|space| {
            // A space that is itself a result is opened as one.
            let shown = kept.iter().any(|kept| kept.envelope.header().id == home);
            !shown && vault.monitor().reaches(subject, &space.target())
        }));
    }
    Ok(spaces)
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
