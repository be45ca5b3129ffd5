//! Keys and their values, in French, English and German.

use super::error::{Fault, QueryError};
use crate::{
    clock::Time,
    finding::{
        analysis::{self, Word, fold},
        matter::{Found, note_kind},
    },
    label::{Label, Level, Policy},
    sharing::note::NoteKind,
    words::Language,
};

/// What a key says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Filter {
    /// In the space of this name, or identifier.
    In(String),
    /// Written by this person; none for oneself.
    From(Option<String>),
    /// With this tag, folded.
    Tag(String),
    /// Of this kind.
    Kind(Kinds),
    /// With these words in the title.
    Title(Vec<Word>),
    /// Last changed at or after the first moment and before the second, in milliseconds.
    Time(u64, u64),
    /// Of this grade: reliability, credibility.
    Grade(Option<char>, Option<u8>),
    /// Marked so.
    Marking(Marking),
    /// In this language.
    Language(Language),
    /// With a link of this type, and at its other end a note with these words in its title.
    Link(Option<String>, Vec<Word>),
    /// With these words in what it says of its sources.
    Source(Vec<Word>),
    /// A note that has this.
    Has(Has),
}

/// What a note may have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Has {
    /// An attachment.
    Attachment,
    /// A link, either way.
    Link,
    /// A source.
    Source,
    /// A grade.
    Grade,
}

/// A marking as somebody wrote it, and where; the same wherever it stands.
#[derive(Clone, Eq, Debug)]
pub struct Marking {
    written: String,
    place: usize,
}

impl PartialEq for Marking {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

impl Marking {
    /// As it was written.
    pub fn written(&self) -> &str {
        &self.written
    }

    /// The label that it names. The lowest level alone is what pages show so: what everybody may hold.
    pub fn label(&self, policy: &Policy) -> Option<Label> {
        let (label, lowest) = (policy.parse_label(&self.written).ok()?, policy.lowest());
        let level = |label: &Label| policy.level(label).map(Level::code);
        let is_bare = !self.written.contains('/') && level(&label) == level(&lowest);
        Some(if is_bare { lowest } else { label })
    }

    /// What is told of one that the reader cannot mean.
    pub fn unknown(&self) -> QueryError {
        QueryError::new(Fault::Marking, self.place, &self.written)
    }
}

/// A kind of object, or of note.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kinds {
    /// A kind of object.
    Object(Found),
    /// A kind of note.
    Note(NoteKind),
}

impl Kinds {
    /// The word that is indexed.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Object(kind) => kind.word(),
            Self::Note(kind) => note_kind(kind),
        }
    }
}

/// All keys, folded.
const KEYS: [&str; 41] = [
    "in",
    "dans",
    "from",
    "de",
    "von",
    "tag",
    "etiquette",
    "schlagwort",
    "type",
    "typ",
    "art",
    "title",
    "titre",
    "titel",
    "before",
    "avant",
    "vor",
    "after",
    "apres",
    "nach",
    "on",
    "le",
    "am",
    "reliability",
    "fiabilite",
    "zuverlassigkeit",
    "marking",
    "label",
    "mention",
    "vermerk",
    "link",
    "lien",
    "verknupfung",
    "lang",
    "langue",
    "sprache",
    "source",
    "quelle",
    "has",
    "avec",
    "mit",
];

/// Reads a key and its value, and the characters at which each begins. What is wrong with a value is told where that stands.
pub(super) fn filter(key: &str, place: usize, value: &str, value_place: usize) -> Result<Filter, QueryError> {
    let folded = fold(key);
    if !KEYS.contains(&folded.as_str()) {
        return Err(QueryError::new(Fault::Key, place, key));
    }
    let nothing = || Err(QueryError::new(Fault::Value, place, key));
    let value_place = value_place.saturating_add(value.chars().take_while(|one| one.is_whitespace()).count());
    let value = value.trim();
    if value.is_empty() {
        return nothing();
    }
    let fault = |fault: Fault| Err(QueryError::new(fault, value_place, value));
    let plain = fold(value);
    Ok(match folded.as_str() {
        "in" | "dans" => Filter::In(value.to_owned()),
        "from" | "de" | "von" => {
            Filter::From((!matches!(plain.as_str(), "me" | "moi" | "mich" | "mir")).then(|| value.to_owned()))
        }
        "tag" | "etiquette" | "schlagwort" => Filter::Tag(analysis::fold_name(value)),
        "type" | "typ" | "art" => match kind(&plain) {
            Some(kind) => Filter::Kind(kind),
            None => return fault(Fault::Kind),
        },
        "title" | "titre" | "titel" => match analysis::words(value) {
            words if words.is_empty() => return nothing(),
            words => Filter::Title(words),
        },
        "reliability" | "fiabilite" | "zuverlassigkeit" => match grade(value) {
            Some((reliability, credibility)) => Filter::Grade(reliability, credibility),
            None => return fault(Fault::Grade),
        },
        "marking" | "label" | "mention" | "vermerk" => {
            Filter::Marking(Marking { written: value.to_owned(), place: value_place })
        }
        "link" | "lien" | "verknupfung" => link(value),
        "source" | "quelle" => match analysis::words(value) {
            words if words.is_empty() => return nothing(),
            words => Filter::Source(words),
        },
        "has" | "avec" | "mit" => match has(&plain) {
            Some(has) => Filter::Has(has),
            None => return fault(Fault::Has),
        },
        "lang" | "langue" | "sprache" => match language(&plain) {
            Some(language) => Filter::Language(language),
            None => return fault(Fault::Language),
        },
        _ => match period(value) {
            None => return fault(Fault::Date),
            Some((from, until)) => match folded.as_str() {
                "before" | "avant" | "vor" => Filter::Time(0, from),
                "after" | "apres" | "nach" => Filter::Time(until, u64::MAX),
                _ => Filter::Time(from, until),
            },
        },
    })
}

fn kind(word: &str) -> Option<Kinds> {
    Some(match word {
        "note" | "notes" | "notiz" | "notizen" => Kinds::Object(Found::Note),
        "link" | "links" | "lien" | "liens" | "verknupfung" | "verknupfungen" => Kinds::Object(Found::Link),
        "conversation" | "conversations" | "gesprach" | "gesprache" => Kinds::Object(Found::Conversation),
        "message" | "messages" | "nachricht" | "nachrichten" => Kinds::Object(Found::Message),
        "attachment" | "attachments" | "piece" | "pieces" | "piece jointe" | "pieces jointes" | "fichier" | "file"
        | "anhang" | "anlage" | "anlagen" => Kinds::Object(Found::Attachment),
        "space" | "spaces" | "espace" | "espaces" | "raum" | "raume" => Kinds::Object(Found::Space),
        "watch" | "veille" | "beobachtung" => Kinds::Note(NoteKind::Watch),
        "synthesis" | "synthese" => Kinds::Note(NoteKind::Synthesis),
        "idea" | "idee" => Kinds::Note(NoteKind::Idea),
        "question" | "frage" => Kinds::Note(NoteKind::Question),
        "task" | "tache" | "aufgabe" => Kinds::Note(NoteKind::Task),
        "template" | "modele" | "vorlage" => Kinds::Note(NoteKind::Template),
        _ => return None,
    })
}

fn has(word: &str) -> Option<Has> {
    Some(match word {
        "grade" | "cote" | "bewertung" => Has::Grade,
        "source" | "sources" | "quelle" | "quellen" => Has::Source,
        other => match kind(other)? {
            Kinds::Object(Found::Attachment) => Has::Attachment,
            Kinds::Object(Found::Link) => Has::Link,
            Kinds::Object(_) | Kinds::Note(_) => return None,
        },
    })
}

fn language(word: &str) -> Option<Language> {
    Some(match word {
        "fr" | "francais" | "french" | "franzosisch" => Language::French,
        "en" | "anglais" | "english" | "englisch" => Language::English,
        "de" | "allemand" | "german" | "deutsch" => Language::German,
        _ => return None,
    })
}

/// `B`, `2` or `B2`.
fn grade(value: &str) -> Option<(Option<char>, Option<u8>)> {
    let upper = value.to_ascii_uppercase();
    let mut rest = upper.chars();
    let mut next = rest.next();
    let reliability = next.filter(|letter| matches!(letter, 'A'..='F'));
    if reliability.is_some() {
        next = rest.next();
    }
    let credibility = next.and_then(|digit| digit.to_digit(10)).filter(|digit| (1..=6).contains(digit));
    let whole = rest.next().is_none() && next.is_some() == credibility.is_some();
    let credibility = credibility.and_then(|digit| u8::try_from(digit).ok());
    (whole && (reliability.is_some() || credibility.is_some())).then_some((reliability, credibility))
}

/// What pages call our own types of links, folded.
const TYPES: [(&str, [&str; 5]); 6] = [
    ("uses", ["s'appuie sur", "utilise", "verwendet", "nutzt", "uses"]),
    ("supports", ["appuie", "soutient", "stutzt", "unterstutzt", "supports"]),
    ("contradicts", ["contredit", "contradiction", "widerspricht", "widerspruch", "contradicts"]),
    ("supersedes", ["remplace", "ersetzt", "replaces", "lost ab", "supersedes"]),
    ("derived-from", ["decoule de", "beruht auf", "derives from", "derive de", "derived from"]),
    ("related", ["voir aussi", "siehe auch", "see also", "verwandt", "related"]),
];

/// A type, a title, or a type and a title: `uses`, `"APT 28"`, `uses:APT28`.
fn link(value: &str) -> Filter {
    let named = |words: &str| {
        let folded = fold(words.trim()).replace('\u{2019}', "'");
        TYPES.into_iter().find(|(_, names)| names.contains(&folded.as_str())).map(|(kind, _)| kind.to_owned())
    };
    let (first, title) = value.split_once(':').unwrap_or((value, ""));
    if let Some(kind) = named(first) {
        return Filter::Link(Some(kind), analysis::words(title));
    }
    let is_type = |word: &str| {
        !word.is_empty() && word.chars().all(|one| one.is_ascii_lowercase() || one.is_ascii_digit() || one == '-')
    };
    match value.split_once(':') {
        Some((kind, title)) if is_type(kind) => Filter::Link(Some(kind.to_owned()), analysis::words(title)),
        None if is_type(value) => Filter::Link(Some(value.to_owned()), Vec::new()),
        _ => Filter::Link(None, analysis::words(value)),
    }
}

/// The first moment of a year, month or day, and the first one behind it, in milliseconds. `2026-11-21`, and as pages write
/// it: `21/11/2026`, `21.11.2026`, the day first.
fn period(value: &str) -> Option<(u64, u64)> {
    let turned = |sign: char| {
        let mut parts: Vec<String> = value.split(sign).map(|part| format!("{part:0>2}")).collect();
        parts.reverse();
        parts.join("-")
    };
    let value = &match value.chars().find(|one| matches!(one, '/' | '.')) {
        Some(sign) => turned(sign),
        None => value.to_owned(),
    };
    let number = |text: &str, digits: usize| {
        (text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse::<i16>().ok())?
    };
    let mut parts = value.split('-');
    let year = number(parts.next()?, 4)?;
    let month = parts.next().map(|part| number(part, 2).and_then(|month| i8::try_from(month).ok()));
    let day = parts.next().map(|part| number(part, 2).and_then(|day| i8::try_from(day).ok()));
    if parts.next().is_some() || month == Some(None) || day == Some(None) {
        return None;
    }
    let (month, day) = (month.flatten(), day.flatten());
    let first = jiff::civil::Date::new(year, month.unwrap_or(1), day.unwrap_or(1)).ok()?;
    let step = match (month, day) {
        (None, _) => jiff::Span::new().try_years(1).ok()?,
        (Some(_), None) => jiff::Span::new().try_months(1).ok()?,
        (Some(_), Some(_)) => jiff::Span::new().try_days(1).ok()?,
    };
    let behind = first.checked_add(step).ok()?;
    let moment = |date: jiff::civil::Date| Time::parse(&format!("{date}T00:00:00Z")).map(|time| time.0);
    // A year before 1970 begins before all times.
    Some((moment(first).unwrap_or(0), moment(behind).unwrap_or(0)))
}
