//! Words in the reader's language, for templates.

use std::borrow::Borrow;

use crate::{
    clock::Time,
    sharing::note::{NoteKind, Reliability},
    text::{Html, locale::Locale},
    words::{Key, Language, Sentence, Value, key as k},
};

/// Markup that only `text/` makes goes into pages as it is.
impl askama::filters::HtmlSafe for Html {}

/// What a language is called by those who speak it.
pub const fn own_name(language: Language) -> &'static str {
    match language {
        Language::French => "Français",
        Language::English => "English",
        Language::German => "Deutsch",
    }
}

/// The reader's language.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Tongue(pub Language);

impl Tongue {
    /// A text without variables.
    pub fn say(self, key: impl Borrow<Key>) -> String {
        Sentence::new(*key.borrow()).render(self.0)
    }

    /// A text with one word in it.
    pub fn with(self, key: impl Borrow<Key>, name: &'static str, value: impl ToString) -> String {
        Sentence::new(*key.borrow()).with(name, value.to_string()).render(self.0)
    }

    /// A text with one number in it, by the rules of the language.
    pub fn count(self, key: impl Borrow<Key>, name: &'static str, value: impl Borrow<u64>) -> String {
        Sentence::new(*key.borrow()).with(name, Value::Number(*value.borrow())).render(self.0)
    }

    /// A sentence.
    pub fn tell(self, sentence: &Sentence) -> String {
        sentence.render(self.0)
    }

    /// A day of a record, `2026-11-21`, as people of that language write it; what is no whole day stays as it is.
    pub fn day(self, text: impl AsRef<str>) -> String {
        let text = text.as_ref();
        match (text.len(), text.parse()) {
            (10, Ok(date)) => self.locale().date(date),
            _ => text.to_owned(),
        }
    }

    /// A day as typed, as records keep it: nothing for nothing, a year or a month as they are; none when it cannot be read.
    pub fn typed_day(self, text: &str) -> Option<Option<String>> {
        let text = text.trim();
        let partial =
            matches!(text.len(), 4 | 7) && text.split('-').all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
        match text {
            "" => Some(None),
            text if partial => Some(Some(text.to_owned())),
            text => self.locale().parse_date(text).ok().map(|date| Some(date.to_string())),
        }
    }

    fn locale(self) -> Locale {
        Locale::new(self.0)
    }

    /// The day of a moment.
    pub fn date(self, time: impl Borrow<Time>) -> String {
        self.locale().day(*time.borrow())
    }

    /// Hours and minutes of a moment. The signed configuration names no time zone: it is universal time, and says so.
    pub fn hour(self, time: impl Borrow<Time>) -> String {
        self.with(k::WEB_UTC, "time", self.locale().hour(*time.borrow()))
    }

    /// Day and hour of a moment, in words, universal time.
    pub fn moment(self, time: impl Borrow<Time>) -> String {
        self.with(k::WEB_UTC, "time", self.locale().moment(*time.borrow()))
    }

    /// The heading of a day in a list.
    pub fn heading(self, time: Time, now: Time) -> String {
        self.locale().heading(time, now)
    }

    /// The size of a file.
    pub fn size(self, bytes: u64) -> String {
        self.locale().size(bytes)
    }

    /// A number with its groups.
    pub fn number(self, number: impl Borrow<u64>) -> String {
        self.locale().number(*number.borrow())
    }

    /// What a note is for.
    pub fn kind(self, kind: impl Borrow<NoteKind>) -> String {
        self.say(match kind.borrow() {
            NoteKind::Watch => k::WEB_KIND_WATCH,
            NoteKind::Synthesis => k::WEB_KIND_SYNTHESIS,
            NoteKind::Idea => k::WEB_KIND_IDEA,
            NoteKind::Question => k::WEB_KIND_QUESTION,
            NoteKind::Task => k::WEB_KIND_TASK,
            NoteKind::Template => k::WEB_KIND_TEMPLATE,
        })
    }

    /// What a letter says of a source.
    pub fn reliability(self, reliability: Reliability) -> String {
        self.say(match reliability {
            Reliability::A => k::WEB_SOURCE_A,
            Reliability::B => k::WEB_SOURCE_B,
            Reliability::C => k::WEB_SOURCE_C,
            Reliability::D => k::WEB_SOURCE_D,
            Reliability::E => k::WEB_SOURCE_E,
            Reliability::F => k::WEB_SOURCE_F,
        })
    }

    /// What a figure says of an information.
    pub fn credibility(self, credibility: u8) -> String {
        self.say(match credibility {
            1 => k::WEB_INFORMATION_1,
            2 => k::WEB_INFORMATION_2,
            3 => k::WEB_INFORMATION_3,
            4 => k::WEB_INFORMATION_4,
            5 => k::WEB_INFORMATION_5,
            _ => k::WEB_INFORMATION_6,
        })
    }
}
