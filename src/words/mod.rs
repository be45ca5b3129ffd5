//! Every text that a person can see, in French, English and German.
//!
//! The texts stand in `src/words/{fr,en,de}/*.ftl` (Project Fluent); `build.rs`
//! makes one constant a key in [`key`] and fails the build when a language lacks
//! one. Code never holds a sentence for people: it holds a [`Sentence`], which is
//! rendered where the reader's language is known.

use std::{fmt, sync::LazyLock};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;

/// The keys, generated from the Fluent files.
pub mod key {
    include!(concat!(env!("OUT_DIR"), "/keys.rs"));
}

/// The name of one text. Only `build.rs` makes them, so a key that is used exists.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Key(&'static str);

impl Key {
    /// The name in the Fluent files.
    pub const fn name(self) -> &'static str {
        self.0
    }

    /// The key of that name, for texts named by data (command-line help).
    pub fn named(name: &str) -> Option<Self> {
        let place = key::ALL.binary_search_by(|key| key.0.cmp(name)).ok()?;
        key::ALL.get(place).copied()
    }
}

/// A language of the product. French comes first.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Language {
    /// French.
    #[default]
    French,
    /// English.
    English,
    /// German.
    German,
}

impl Language {
    /// All of them, the default first.
    pub const ALL: [Self; 3] = [Self::French, Self::English, Self::German];

    /// ISO 639-1 code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::French => "fr",
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// The first language we have in a list such as `de-DE,de;q=0.9` or `en_GB.UTF-8`; weights are read as order.
    pub fn from_preference(list: &str) -> Option<Self> {
        list.split(',').find_map(|item| {
            let code = item.trim_start().get(..2)?;
            Self::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(code))
        })
    }

    fn bundle(self) -> &'static FluentBundle<FluentResource> {
        static BUNDLES: LazyLock<[FluentBundle<FluentResource>; 3]> = LazyLock::new(|| {
            [
                load(key::FR, "fr-FR".parse().unwrap_or_default()),
                load(key::EN, "en-GB".parse().unwrap_or_default()),
                load(key::DE, "de-DE".parse().unwrap_or_default()),
            ]
        });
        let [french, english, german] = &*BUNDLES;
        match self {
            Self::French => french,
            Self::English => english,
            Self::German => german,
        }
    }
}

fn load(text: &str, locale: LanguageIdentifier) -> FluentBundle<FluentResource> {
    let mut bundle = FluentBundle::new_concurrent(vec![locale]);
    // Isolation marks would land in terminals, files and JSON.
    bundle.set_use_isolating(false);
    let resource = match FluentResource::try_new(text.to_owned()) {
        Ok(resource) | Err((resource, _)) => resource,
    };
    bundle.add_resource_overriding(resource);
    bundle
}

/// A value put into a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value {
    /// A word or a name, shown as it is.
    Text(String),
    /// A number, shown by the rules of the language.
    Number(u64),
    /// Another text, rendered in the same language.
    Sentence(Box<Sentence>),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<usize> for Value {
    fn from(number: usize) -> Self {
        Self::Number(u64::try_from(number).unwrap_or(u64::MAX))
    }
}

impl From<Sentence> for Value {
    fn from(sentence: Sentence) -> Self {
        Self::Sentence(Box::new(sentence))
    }
}

/// One clear sentence for a person, not yet in a language.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sentence {
    key: Key,
    values: Vec<(&'static str, Value)>,
}

impl Sentence {
    /// The text of this key, without values so far.
    pub const fn new(key: Key) -> Self {
        Self { key, values: Vec::new() }
    }

    /// With a value for one of the text's variables.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.values.push((name, value.into()));
        self
    }

    /// The key, which is stable and may serve machines.
    pub const fn key(&self) -> Key {
        self.key
    }

    /// The sentence in that language.
    pub fn render(&self, language: Language) -> String {
        let bundle = language.bundle();
        let Some(pattern) = bundle.get_message(self.key.0).and_then(|message| message.value()) else {
            return self.key.0.to_owned();
        };
        let mut arguments = FluentArgs::new();
        for (name, value) in &self.values {
            let value = match value {
                Value::Text(text) => FluentValue::from(text.as_str()),
                Value::Number(number) => FluentValue::from(*number),
                Value::Sentence(sentence) => FluentValue::from(sentence.render(language)),
            };
            arguments.set(*name, value);
        }
        let mut faults = Vec::new();
        bundle.format_pattern(pattern, Some(&arguments), &mut faults).into_owned()
    }
}

/// English, for logs and for tests; people get [`Sentence::render`].
impl fmt::Display for Sentence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.render(Language::English))
    }
}
