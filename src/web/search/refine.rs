//! A question as it was understood, part by part, and what would narrow it. Everything is a question of its own: what is added
//! or taken away stands in the field afterwards.

use std::collections::BTreeMap;

use super::{Question, sought};
use crate::{
    api::ApiError,
    clock::Time,
    finding::{
        facets::Facets,
        matter::Found,
        query::{Filter, Has, Kinds, Node, Part, parse, parts},
        resolve::asked,
        search::Outcome,
    },
    ids::Id,
    limits,
    sharing::note::Reliability,
    web::{
        frame::Rail,
        graph::verb,
        marking::Chip,
        result::{found_name, kind_name},
        say::{Tongue, own_name},
        visit::Visit,
    },
    words::{Key, Language, key as k},
};

/// A part of the question.
pub(super) struct Understood {
    /// What sort of part.
    pub(super) name: String,
    /// What it asks.
    pub(super) value: String,
    /// The question without it.
    pub(super) without: String,
    /// Whether it is asked at all: "le" and "des" are not, beside other words.
    pub(super) asked: bool,
}

impl Understood {
    /// The whole of it, for the button that takes it away.
    pub(super) fn whole(&self) -> String {
        format!("{} {}", self.name, self.value)
    }
}

/// Ways to narrow the question that are alike.
pub(super) struct Group {
    pub(super) name: String,
    pub(super) choices: Vec<Narrower>,
}

/// One of them, and how many results are left.
pub(super) struct Narrower {
    pub(super) chip: Option<Chip>,
    pub(super) name: String,
    pub(super) path: String,
    /// None of what takes the place of something stricter: it brings results that nobody has counted.
    pub(super) count: Option<u64>,
    /// Whether the question says so already; then it leads to the question without.
    pub(super) here: bool,
}

/// What becomes of a part of the question beside a choice.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Beside {
    /// It says the same.
    Same,
    /// It gives way to the choice.
    GivesWay,
    Stays,
}

/// The keys that are added, in French, English and German.
const IN: [&str; 3] = ["dans", "in", "in"];
const MARKING: [&str; 3] = ["mention", "marking", "vermerk"];
const RELIABILITY: [&str; 3] = ["fiabilité", "reliability", "zuverlässigkeit"];
const AFTER: [&str; 3] = ["après", "after", "nach"];

const RELIABILITIES: [(char, Reliability); 6] = [
    ('A', Reliability::A),
    ('B', Reliability::B),
    ('C', Reliability::C),
    ('D', Reliability::D),
    ('E', Reliability::E),
    ('F', Reliability::F),
];

fn said([french, english, german]: [&'static str; 3], w: Tongue) -> &'static str {
    match w.0 {
        Language::French => french,
        Language::English => english,
        Language::German => german,
    }
}

/// The value of a key, or a phrase, without its quotation marks.
fn bare(text: &str) -> &str {
    text.trim_matches(|sign: char| sign.is_whitespace() || "\"«»“”„".contains(sign))
}

/// `key:value`, in quotation marks where it needs them.
fn addition(key: [&'static str; 3], value: &str, w: Tongue) -> String {
    let key = said(key, w);
    if value.contains(char::is_whitespace) { format!("{key}:\"{value}\"") } else { format!("{key}:{value}") }
}

/// A text without the brackets round it.
fn unbracketed(mut text: &str) -> &str {
    // Where the first bracket is closed before the end, the last one is another's: `(a OR b) (c OR d)`.
    let is_one = |inner: &str| {
        let mut open = 0_usize;
        inner.chars().all(|sign| match sign {
            '(' => {
                open = open.saturating_add(1);
                true
            }
            ')' => open.checked_sub(1).map(|left| open = left).is_some(),
            _ => true,
        })
    };
    while let Some(inner) = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).filter(|text| is_one(text)) {
        text = inner.trim();
    }
    text
}

/// A question with one more part, which each of its alternatives must meet.
fn added(text: &str, addition: &str) -> String {
    let joined = format!("{text} {addition}");
    let is_one = !text.is_empty() && parts(&joined).is_ok_and(|parts| parts.len() == 1);
    if is_one { format!("({text}) {addition}") } else { joined.trim_start().to_owned() }
}

/// A question, taken apart for one reader.
pub(super) struct Refiner<'v> {
    visit: &'v Visit,
    question: &'v Question,
    parts: Vec<Part>,
    names: BTreeMap<Id, String>,
    /// All spaces of the reader.
    rail: &'v Rail,
}

impl<'v> Refiner<'v> {
    /// Of a question that could be read; of another one nothing is told.
    pub(super) fn new(visit: &'v Visit, rail: &'v Rail, question: &'v Question, outcome: &Outcome) -> Self {
        Self { visit, rail, question, parts: parts(&question.text).unwrap_or_default(), names: outcome.names() }
    }

    /// The address of another question, looked at in the same way.
    fn path(&self, text: &str) -> Result<String, ApiError> {
        if text.is_empty() {
            return Ok("/search".to_owned());
        }
        let Question { order, kind, .. } = *self.question;
        let value = sought::sealed(self.visit, text)?;
        Ok(Question { text: String::new(), name: "s", value, order, kind }.path(order, kind, None))
    }

    /// The parts of the question, as they were understood.
    ///
    /// # Errors
    /// [`ApiError::Unavailable`] without random bytes.
    pub(super) fn understood(&self) -> Result<Vec<Understood>, ApiError> {
        let is_asked = asked(self.parts.iter().map(|part| &part.node));
        let understood = self.parts.iter().map(|part| {
            let asked = is_asked(&part.node);
            let (name, value) = self.worded(&part.node, &part.text);
            let name = if asked { name } else { self.visit.tongue().say(k::SEARCH_PART_IGNORED) };
            Ok(Understood { name, value, without: self.path(&part.others)?, asked })
        });
        understood.collect()
    }

    /// What a part is called, and what it says.
    fn worded(&self, node: &Node, text: &str) -> (String, String) {
        let w = self.visit.tongue();
        let text = unbracketed(text);
        match node {
            Node::Not(inner) => {
                let rest = text.strip_prefix(['-', '\u{2212}']).unwrap_or(text).trim();
                match &**inner {
                    // What is barred twice is asked for.
                    Node::Not(twice) => {
                        let rest = unbracketed(rest);
                        self.worded(twice, rest.strip_prefix(['-', '\u{2212}']).unwrap_or(rest).trim())
                    }
                    Node::Filter(filter) => {
                        let (name, value) = self.filtered(filter, unbracketed(rest));
                        (w.with(k::SEARCH_PART_WITHOUT_KEY, "part", name), value)
                    }
                    other => (w.say(k::SEARCH_PART_WITHOUT), self.worded(other, rest).1),
                }
            }
            Node::Filter(filter) => self.filtered(filter, text),
            Node::Phrase(_) => (w.say(k::SEARCH_PART_PHRASE), bare(text).to_owned()),
            Node::Word(_) => (w.say(k::SEARCH_PART_WORD), text.to_owned()),
            Node::Beginning(_) => (w.say(k::SEARCH_PART_BEGINS), text.to_owned()),
            Node::All(_) => (w.say(k::SEARCH_PART_ALL), text.to_owned()),
            Node::Any(_) => (w.say(k::SEARCH_PART_ANY), text.to_owned()),
        }
    }

    fn filtered(&self, filter: &Filter, text: &str) -> (String, String) {
        let w = self.visit.tongue();
        let written = bare(text.split_once(':').map_or(text, |(_, value)| value));
        let named: (Key, String) = match filter {
            Filter::In(name) => {
                let known = name.parse::<Id>().ok().and_then(|id| self.names.get(&id).cloned());
                (k::SEARCH_PART_IN, known.unwrap_or_else(|| name.clone()))
            }
            Filter::From(None) => (k::SEARCH_PART_FROM, w.say(k::SEARCH_PART_ME)),
            Filter::From(Some(name)) => (k::SEARCH_PART_FROM, name.clone()),
            Filter::Tag(_) => (k::SEARCH_PART_TAG, written.to_owned()),
            Filter::Kind(Kinds::Object(kind)) => (k::SEARCH_PART_TYPE, found_name(*kind, w)),
            Filter::Kind(Kinds::Note(kind)) => (k::SEARCH_PART_TYPE, w.kind(kind)),
            Filter::Title(_) => (k::SEARCH_PART_TITLE, written.to_owned()),
            Filter::Time(_, u64::MAX) => (k::SEARCH_PART_AFTER, w.day(written)),
            Filter::Time(0, _) => (k::SEARCH_PART_BEFORE, w.day(written)),
            Filter::Time(..) => (k::SEARCH_PART_ON, w.day(written)),
            Filter::Grade(..) => (k::SEARCH_PART_GRADE, written.to_uppercase()),
            Filter::Marking(marking) => {
                let policy = self.visit.visitor.config();
                let label = marking.label(policy.policy());
                (
                    k::SEARCH_PART_MARKING,
                    label.map_or_else(|| written.to_owned(), |label| self.visit.visitor.marking(&label)),
                )
            }
            Filter::Language(language) => (k::SEARCH_PART_LANG, own_name(*language).to_owned()),
            Filter::Link(kind, words) => {
                let kind = kind.as_ref().map(|kind| verb(kind, w));
                let title = (!words.is_empty()).then(|| written.rsplit(':').next().map_or(written, bare).to_owned());
                let said: Vec<String> = kind.into_iter().chain(title).collect();
                (k::SEARCH_PART_LINK, said.join(" "))
            }
            Filter::Source(_) => (k::SEARCH_PART_SOURCE, written.to_owned()),
            Filter::Has(has) => {
                let what = match has {
                    Has::Attachment => k::SEARCH_FOUND_ATTACHMENT,
                    Has::Link => k::SEARCH_FOUND_LINK,
                    Has::Source => k::SEARCH_PART_SOURCE,
                    Has::Grade => k::SEARCH_PART_GRADE,
                };
                let what = w.say(what);
                // German nouns keep their capital.
                (k::SEARCH_PART_HAS, if w.0 == Language::German { what } else { what.to_lowercase() })
            }
        };
        (w.say(named.0), named.1)
    }

    /// One way to narrow the question: `key:value` added to it, taken away where it says so already, or put in the place of
    /// what gives way. None where the question would be too long for one.
    fn narrower(
        &self,
        key: [&'static str; 3],
        value: &str,
        (name, count): (String, u64),
        beside: impl Fn(&Filter) -> Beside,
    ) -> Result<Option<Narrower>, ApiError> {
        let addition = addition(key, value, self.visit.tongue());
        let meant = parse(&addition).ok();
        let stands = self.parts.iter().find_map(|part| match &part.node {
            node if meant.as_ref() == Some(node) => Some((part, Beside::Same)),
            Node::Filter(filter) => Some((part, beside(filter))).filter(|(_, beside)| *beside != Beside::Stays),
            _ => None,
        });
        let here = matches!(stands, Some((_, Beside::Same)));
        let other = match stands {
            Some((part, Beside::Same)) => part.others.clone(),
            Some((part, _)) => added(&part.others, &addition),
            None => added(&self.question.text, &addition),
        };
        if !other.is_empty() && parse(&other).is_err() {
            return Ok(None);
        }
        let count = Some(count).filter(|_| stands.is_none() || here);
        Ok(Some(Narrower { chip: None, name, path: self.path(&other)?, count, here }))
    }

    /// The ways to narrow it, but for the kinds, which have a place in the address.
    ///
    /// # Errors
    /// [`ApiError::Unavailable`] without random bytes.
    pub(super) fn groups(&self, facets: &Facets) -> Result<Vec<Group>, ApiError> {
        let w = self.visit.tongue();
        let named = |name: Key, choices: Result<Vec<Narrower>, ApiError>| {
            choices.map(|choices| Group { name: w.say(name), choices })
        };
        let groups = [
            named(k::SEARCH_MARKINGS, self.markings(facets)),
            named(k::WEB_SPACES, self.spaces(facets)),
            named(k::SEARCH_RELIABILITIES, self.reliabilities(facets)),
            named(k::SEARCH_SINCE, self.since(facets)),
        ];
        let groups: Result<Vec<Group>, ApiError> = groups.into_iter().collect();
        Ok(groups?.into_iter().filter(|group| !group.choices.is_empty()).collect())
    }

    fn markings(&self, facets: &Facets) -> Result<Vec<Narrower>, ApiError> {
        let (visitor, config) = (&self.visit.visitor, self.visit.visitor.config());
        let policy = config.policy();
        let each = facets.markings(policy).into_iter().map(|(label, count)| {
            // The shortest text, where it means this very label here.
            let short = policy.print(&label);
            let means =
                |node| matches!(node, Node::Filter(Filter::Marking(marking)) if marking.label(policy) == Some(label));
            let written =
                if parse(&format!("marking:{short}")).is_ok_and(means) { short } else { policy.stored(&label) };
            let named = (visitor.marking(&label), count);
            let narrower = self.narrower(MARKING, &written, named, |_| Beside::Stays)?;
            Ok(narrower.map(|narrower| Narrower { chip: Some(Chip::of(visitor, &label)), ..narrower }))
        });
        each.filter_map(Result::transpose).collect()
    }

    fn spaces(&self, facets: &Facets) -> Result<Vec<Narrower>, ApiError> {
        let w = self.visit.tongue();
        let named = facets.first_homes(limits::SEARCH_FACET_SPACES_MAX).into_iter().filter_map(|(home, count)| {
            let name = self.names.get(&home)?;
            // A name that several spaces bear, that reads as something else or would end its own quotation says less than
            // the identifier.
            let reads = parse(&addition(IN, name, w)) == Ok(Node::Filter(Filter::In(name.clone())));
            let clear = reads && name.parse::<Id>().is_err() && self.rail.bearers(name) <= 1;
            Some((if clear { name.clone() } else { home.to_string() }, name.clone(), count))
        });
        let each = named.map(|(value, name, count)| self.narrower(IN, &value, (name, count), |_| Beside::Stays));
        each.filter_map(Result::transpose).collect()
    }

    fn reliabilities(&self, facets: &Facets) -> Result<Vec<Narrower>, ApiError> {
        let w = self.visit.tongue();
        let counted = RELIABILITIES.into_iter().filter_map(|(letter, reliability)| {
            Some((letter, reliability, facets.reliabilities.get(&letter).copied()?))
        });
        let each = counted.map(|(letter, reliability, count)| {
            let name = format!("{letter}, {}", w.reliability(reliability));
            let beside = |filter: &Filter| match filter {
                Filter::Grade(Some(asked), _) if *asked == letter => Beside::Same,
                _ => Beside::Stays,
            };
            self.narrower(RELIABILITY, &letter.to_string(), (name, count), beside)
        });
        each.filter_map(Result::transpose).collect()
    }

    fn since(&self, facets: &Facets) -> Result<Vec<Narrower>, ApiError> {
        const DAY_MS: u64 = 24 * 60 * 60 * 1000;
        let w = self.visit.tongue();
        let names = [k::SEARCH_SINCE_WEEK, k::SEARCH_SINCE_MONTH, k::SEARCH_SINCE_YEAR];
        let counted = names.into_iter().zip(facets.since).filter(|(_, (_, count))| *count > 0);
        let each = counted.map(|(name, (from, count))| {
            let before = Time(from.0.saturating_sub(DAY_MS)).to_string();
            // Another period takes the place of this one, or nobody could choose a longer one.
            let beside = |filter: &Filter| match filter {
                Filter::Time(_, u64::MAX) => Beside::GivesWay,
                _ => Beside::Stays,
            };
            self.narrower(AFTER, before.get(..10).unwrap_or_default(), (w.say(name), count), beside)
        });
        each.filter_map(Result::transpose).collect()
    }
}

/// The kinds, in front of the other groups: all of them, and each that there is.
pub(super) fn kinds(question: &Question, outcome: &Outcome, w: Tongue) -> Group {
    let (order, shown) = (question.order, question.kind);
    let counted = |kind: Found| outcome.kinds.get(&kind).copied().unwrap_or(0);
    let choice = |name: String, kind: Option<Found>, count: u64| Narrower {
        chip: None,
        name,
        path: question.path(order, kind, None),
        count: Some(count),
        here: shown == kind,
    };
    let all = choice(w.say(k::SEARCH_ALL), None, outcome.count);
    let each = Found::ALL.into_iter().filter(|kind| counted(*kind) > 0 || shown == Some(*kind));
    let each = each.map(|kind| choice(kind_name(kind, w), Some(kind), counted(kind)));
    Group { name: w.say(k::SEARCH_KINDS), choices: std::iter::once(all).chain(each).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sharing::note::NoteKind;

    #[test]
    fn what_is_shown_on_pages_can_be_asked_for() {
        for w in Language::ALL.map(Tongue) {
            for kind in Found::ALL {
                for name in [found_name(kind, w), kind_name(kind, w)] {
                    let node = parse(&format!("type:\"{name}\""));
                    assert_eq!(node, Ok(Node::Filter(Filter::Kind(Kinds::Object(kind)))), "{name}");
                }
            }
            use NoteKind::{Idea, Question, Synthesis, Task, Template, Watch};
            for kind in [Watch, Synthesis, Idea, Question, Task, Template] {
                let node = parse(&format!("type:\"{}\"", w.kind(kind)));
                assert_eq!(node, Ok(Node::Filter(Filter::Kind(Kinds::Note(kind)))), "{kind:?}");
            }
            for kind in ["uses", "supports", "contradicts", "supersedes", "derived-from", "related"] {
                let node = parse(&format!("link:\"{}\"", verb(kind, w)));
                assert_eq!(node, Ok(Node::Filter(Filter::Link(Some(kind.to_owned()), Vec::new()))), "{kind}");
            }
        }
    }

    #[test]
    fn brackets_go_in_pairs() {
        assert_eq!(unbracketed("((a OR b))"), "a OR b");
        assert_eq!(unbracketed("(a OR b) (c OR d)"), "(a OR b) (c OR d)");
    }

    #[test]
    fn a_part_is_added_to_each_of_the_alternatives() {
        assert_eq!(added("radar OR sonar", "in:Mer"), "(radar OR sonar) in:Mer");
        assert_eq!(added("radar sonar", "in:Mer"), "radar sonar in:Mer");
        assert_eq!(added("", "in:Mer"), "in:Mer");
    }
}
