//! What a watch is: a question that is kept, under a name; and what each reader has seen of its matches.
//!
//! A mark is an object of the reader's own, of the label at which he marked. So nobody writes into somebody else's object,
//! and what he has seen while he worked high is nowhere to be seen below.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::query::{QueryError, parse};
use crate::{
    clock::Time,
    ids::Id,
    label::Label,
    limits,
    sharing::{Invalid, line},
    vault::{Kind, Stored},
};

/// What its author gives of a watch.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct WatchContent {
    /// Name, one line.
    pub name: String,
    /// The question, as it is typed into a search.
    pub query: String,
}

/// Why a watch is not kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum WatchFault {
    /// A field breaks a rule.
    Invalid(Invalid),
    /// The question cannot be read.
    Query(QueryError),
}

impl From<Invalid> for WatchFault {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid(invalid)
    }
}

impl From<QueryError> for WatchFault {
    fn from(error: QueryError) -> Self {
        Self::Query(error)
    }
}

impl WatchContent {
    /// The content as it is stored, if it keeps the rules and its question can be read.
    ///
    /// # Errors
    /// [`WatchFault`].
    pub fn checked(self) -> Result<Self, WatchFault> {
        // As typed first: places in what is told are those of what the person sees.
        parse(&self.query)?;
        let name = line("name", &self.name, limits::WATCH_NAME_CHARS_MAX)?;
        let query = line("query", &self.query, limits::SEARCH_BYTES_MAX)?;
        parse(&query)?;
        Ok(Self { name, query })
    }
}

/// A watch as stored.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Watch {
    /// What its author gave.
    pub content: WatchContent,
    /// When it was made: what was there before is not news to anybody.
    pub created: Time,
}

impl Stored for Watch {
    const KIND: Kind = Kind::Watch;
    const SCHEMA: u8 = 1;
}

/// A watch in the list of its space or of its author: all of it, because lists say what is new.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct WatchCard(pub Watch);

impl Stored for WatchCard {
    const KIND: Kind = Kind::WatchCard;
    const SCHEMA: u8 = 1;
}

/// Up to when a reader has seen the matches of watches, while he worked at one label.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Marks {
    /// By watch.
    pub until: BTreeMap<Id, Time>,
}

impl Stored for Marks {
    const KIND: Kind = Kind::Marks;
    const SCHEMA: u8 = 1;
}

impl Marks {
    /// Notes that the matches of `watch` were seen up to a moment. A mark never goes back.
    pub fn note(&mut self, watch: Id, until: Time) {
        let mark = self.until.entry(watch).or_default();
        *mark = until.max(*mark);
    }

    /// Forgets the oldest of too many.
    pub fn trim(&mut self) {
        while self.until.len() > limits::WATCH_MARKS_MAX {
            let oldest = self.until.iter().min_by_key(|(watch, until)| (**until, **watch)).map(|(watch, _)| *watch);
            let Some(oldest) = oldest else { break };
            self.until.remove(&oldest);
        }
    }
}

/// Marks in their reader's list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MarksCard(pub Marks);

impl Stored for MarksCard {
    const KIND: Kind = Kind::MarksCard;
    const SCHEMA: u8 = 1;
}

/// What a reader has seen, at all labels that flow to the one he works at.
#[derive(Clone, Debug, Default)]
pub struct Seen(Vec<(Label, Marks)>);

impl Seen {
    /// With the marks of one label.
    pub fn add(&mut self, label: Label, marks: Marks) {
        self.0.push((label, marks));
    }

    /// From when on the matches of a watch are news.
    pub fn since(&self, watch: Id, begun: Time) -> Since {
        let of = |(label, marks): &(Label, Marks)| marks.until.get(&watch).map(|until| (*label, *until));
        Since { begun, marks: self.0.iter().filter_map(of).collect() }
    }
}

/// From when on the matches of one watch are news to one reader.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Since {
    begun: Time,
    marks: Vec<(Label, Time)>,
}

impl Since {
    /// Up to when what bears `label` has been seen: a mark speaks of what could be seen where it was made, and of no more.
    pub fn of(&self, label: &Label) -> Time {
        let marks = self.marks.iter().filter(|(made, _)| label.flows_to(made)).map(|(_, until)| *until);
        marks.fold(self.begun, Time::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        finding::query::Fault,
        label::{Policy, builtin},
    };

    fn checked(name: &str, query: &str) -> Result<WatchContent, WatchFault> {
        WatchContent { name: name.to_owned(), query: query.to_owned() }.checked()
    }

    #[test]
    fn a_watch_whose_question_cannot_be_read_is_not_kept_and_the_place_is_told() {
        let kept = checked(" Radars ", " radar -sonar ").unwrap();
        assert_eq!((kept.name.as_str(), kept.query.as_str()), ("Radars", "radar -sonar"));
        for (query, fault, place) in
            [("", Fault::Empty, 1), ("radar (sonar", Fault::Bracket, 7), ("radar couleur:bleu", Fault::Key, 7)]
        {
            let Err(WatchFault::Query(error)) = checked("Radars", query) else { panic!("{query}") };
            assert_eq!((error.fault, error.place), (fault, place), "{query}");
        }
        assert_eq!(checked("", "radar"), Err(Invalid::Empty("name").into()));
        assert_eq!(checked("Ra\u{202e}dar", "radar"), Err(Invalid::Hidden("name").into()));
        assert_eq!(checked("Radars", "ra\u{202e}dar"), Err(Invalid::Hidden("query").into()));
        let most = limits::WATCH_NAME_CHARS_MAX;
        let long = Invalid::TooLong { field: "name", maximum: most };
        assert_eq!(checked(&"a".repeat(most + 1), "radar"), Err(long.into()));
    }

    #[test]
    fn a_mark_speaks_of_what_could_be_seen_where_it_was_made() {
        let policy = Policy::parse(builtin()[0].1).unwrap();
        let label = |text: &str| policy.parse_label(text).unwrap();
        let (watch, other) = (Id::from_bytes([1; 16]), Id::from_bytes([2; 16]));
        let marks = |until: u64| {
            let mut marks = Marks::default();
            marks.note(watch, Time(until));
            marks
        };
        let mut seen = Seen::default();
        assert_eq!(seen.since(watch, Time(5)).of(&label("DR")), Time(5), "nothing is marked: since it was made");
        seen.add(label("DR"), marks(20));
        seen.add(label("S"), marks(10));
        let since = seen.since(watch, Time(5));
        assert_eq!(since.of(&label("NP")), Time(20));
        assert_eq!(since.of(&label("DR")), Time(20));
        assert_eq!(since.of(&label("S")), Time(10), "what was marked low does not hide what is high");
        assert_eq!(since.of(&label("S/ALPHA")), Time(5));
        assert_eq!(seen.since(other, Time(5)).of(&label("DR")), Time(5));
        assert_eq!(seen.since(watch, Time(30)).of(&label("DR")), Time(30));
    }

    #[test]
    fn marks_never_go_back_and_the_oldest_of_too_many_go() {
        let mut marks = Marks::default();
        let id = |number: usize| {
            let mut bytes = [0; 16];
            bytes[..8].copy_from_slice(&u64::try_from(number).unwrap().to_be_bytes());
            Id::from_bytes(bytes)
        };
        for number in 0..=limits::WATCH_MARKS_MAX {
            marks.note(id(number), Time(1000 + u64::try_from(number).unwrap()));
        }
        marks.note(id(7), Time(3));
        assert_eq!(marks.until[&id(7)], Time(1007));
        marks.trim();
        assert_eq!(marks.until.len(), limits::WATCH_MARKS_MAX);
        assert!(!marks.until.contains_key(&id(0)) && marks.until.contains_key(&id(1)));
    }

    #[test]
    fn the_stored_shapes_of_the_first_schema_still_read() {
        let content = WatchContent { name: "Radars".to_owned(), query: "radar".to_owned() };
        let watch = Watch { content, created: Time(7) };
        let bytes = postcard::to_stdvec(&watch).unwrap();
        assert_eq!(data_encoding::HEXLOWER.encode(&bytes), "06526164617273057261646172 07".replace(' ', ""));
        assert_eq!(postcard::to_stdvec(&WatchCard(watch.clone())).unwrap(), bytes);
        assert_eq!(postcard::from_bytes::<Watch>(&bytes).unwrap(), watch);
        let mut marks = Marks::default();
        marks.note(Id::from_bytes([0xaa; 16]), Time(300));
        let bytes = postcard::to_stdvec(&marks).unwrap();
        assert_eq!(data_encoding::HEXLOWER.encode(&bytes), format!("01{}ac02", "aa".repeat(16)));
        assert_eq!(postcard::from_bytes::<MarksCard>(&bytes).unwrap(), MarksCard(marks));
    }
}
