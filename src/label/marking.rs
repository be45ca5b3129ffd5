//! What people see of a label: banner, portion mark, colours.

use serde::{Deserialize, Serialize};

use super::{
    lattice::Label,
    policy::{Category, Names, Policy},
    text::EVERYBODY,
};
use crate::words::Language;

/// The colours of a banner, with a pattern so that meaning never hangs on colour alone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Colours {
    /// Colour of the letters, `#rrggbb`.
    pub text: String,
    /// Colour of the ground, `#rrggbb`.
    pub ground: String,
    /// Pattern of the banner's edge.
    pub pattern: Pattern,
}

/// A pattern that tells levels apart without colour.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pattern {
    /// No pattern.
    Plain,
    /// Dots.
    Dots,
    /// Thin level lines.
    Lines,
    /// Slanted stripes.
    Stripes,
    /// Arrow heads.
    Chevrons,
    /// Crossed lines.
    Grid,
    /// Filled squares.
    Checks,
    /// A double frame.
    Frame,
}

impl Pattern {
    /// The name for style sheets.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Dots => "dots",
            Self::Lines => "lines",
            Self::Stripes => "stripes",
            Self::Chevrons => "chevrons",
            Self::Grid => "grid",
            Self::Checks => "checks",
            Self::Frame => "frame",
        }
    }
}

/// A marking cut short for the margin of a list; the whole one is said beside it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Brief {
    /// Mark of the level, as `DR`.
    pub level: String,
    /// Codes of the categories that have a stamp of their own.
    pub stamps: Vec<String>,
    /// Marks of the other categories, and of releasability where it must be said.
    pub more: Vec<String>,
}

/// How the policy writes its markings.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Display {
    /// Between level, categories and releasability.
    pub(super) separator: String,
    /// Between two categories.
    pub(super) category_separator: String,
    /// The same in a portion mark.
    pub(super) portion_separator: String,
    /// Whether a banner may show when classification ends.
    pub(super) declassification_date: bool,
    /// Absent only where the policy knows nobody but its owner.
    pub(super) releasable: Option<ReleasableWords>,
}

/// How releasability is written.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReleasableWords {
    /// Before the list of codes.
    pub(super) prefix: Names,
    /// Instead of the list when everybody is named.
    pub(super) all: Names,
    /// When the owner alone is named; nothing is shown without it.
    pub(super) owner: Option<Names>,
    /// The short form of `owner` for portion marks.
    pub(super) owner_portion: Option<String>,
    /// Before the list of codes in a portion mark.
    #[serde(default)]
    pub(super) portion_prefix: String,
}

impl Policy {
    /// What a banner says, such as `SECRET – ALPHA – COMMUNICABLE À FRA, BEL`. Different labels have different markings.
    pub fn marking(&self, label: &Label, language: Language) -> String {
        let mut parts = Vec::new();
        parts.extend(self.level(label).map(|level| level.name(language).to_owned()));
        let categories: Vec<&str> = self.leading_categories_of(label).map(|category| category.name(language)).collect();
        parts.push(categories.join(&self.display.category_separator));
        parts.push(self.releasable_words(label, language));
        parts.retain(|part| !part.is_empty());
        parts.join(&self.display.separator)
    }

    /// The mark in front of a paragraph, such as `(DR)`.
    pub fn portion(&self, label: &Label) -> String {
        let mut parts = Vec::new();
        parts.extend(self.level(label).map(|level| level.portion().to_owned()));
        let categories: Vec<&str> =
            self.leading_categories_of(label).map(|category| category.portion.as_str()).collect();
        parts.push(categories.join("/"));
        parts.push(self.releasable_portion(label));
        parts.retain(|part| !part.is_empty());
        format!("({})", parts.join(&self.display.portion_separator))
    }

    /// The marking of one row of a list: the level's mark, then what else must be known, each as short as the policy writes it.
    pub fn brief(&self, label: &Label) -> Brief {
        let stamped = |category: &&Category| category.stamp().is_some();
        Brief {
            level: self.level(label).map_or("", |level| level.portion()).to_owned(),
            stamps: self.leading_categories_of(label).filter(stamped).map(|category| category.code.clone()).collect(),
            more: self
                .leading_categories_of(label)
                .filter(|category| !stamped(category))
                .map(|category| category.portion.clone())
                .chain(Some(self.releasable_portion(label)).filter(|text| !text.is_empty()))
                .collect(),
        }
    }

    /// The marking in its parts, for a banner that sets a stamp apart: each with the code of its stamp, if it has one.
    pub fn marking_parts(&self, label: &Label, language: Language) -> Vec<(String, Option<String>)> {
        let mut parts: Vec<(String, Option<String>)> = Vec::new();
        parts.extend(self.level(label).map(|level| (level.name(language).to_owned(), None)));
        for category in self.leading_categories_of(label) {
            parts.push((category.name(language).to_owned(), category.stamp().map(|_| category.code.clone())));
        }
        parts.push((self.releasable_words(label, language), None));
        parts.retain(|(text, _)| !text.is_empty());
        parts
    }

    /// The colours of the banner.
    pub fn colours(&self, label: &Label) -> Colours {
        self.level(label).map_or_else(
            || Colours { text: "#000000".to_owned(), ground: "#ffffff".to_owned(), pattern: Pattern::Plain },
            |level| level.colours().clone(),
        )
    }

    /// The colours of stamps that stand beside the banner, as the blue one of Spécial France: the category and its colour.
    pub fn stamps(&self, label: &Label) -> Vec<(&Category, &str)> {
        self.leading_categories_of(label)
            .filter_map(|category| category.stamp().map(|colour| (category, colour)))
            .collect()
    }

    /// Whether a banner may show when classification ends; the United States forbid it.
    pub const fn shows_declassification_date(&self) -> bool {
        self.display.declassification_date
    }

    fn releasable_words(&self, label: &Label, language: Language) -> String {
        let Some(words) = &self.display.releasable else { return String::new() };
        match self.spread(label) {
            Spread::Unsaid => String::new(),
            Spread::Everybody => words.all.name(language).to_owned(),
            Spread::Owner if words.owner.is_some() => {
                words.owner.as_ref().map_or("", |owner| owner.name(language)).to_owned()
            }
            Spread::Owner | Spread::Some => format!("{} {}", words.prefix.name(language), self.list(label)),
        }
    }

    fn releasable_portion(&self, label: &Label) -> String {
        let Some(words) = &self.display.releasable else { return String::new() };
        match (self.spread(label), &words.owner_portion) {
            (Spread::Unsaid, _) => String::new(),
            (Spread::Everybody, _) => format!("{}{EVERYBODY}", words.portion_prefix),
            (Spread::Owner, Some(short)) => short.clone(),
            (Spread::Owner | Spread::Some, _) => format!("{}{}", words.portion_prefix, self.list(label)),
        }
    }

    fn list(&self, label: &Label) -> String {
        self.releasable_codes(label).join(", ")
    }

    /// A bare marking means everybody at the lowest level and the owner alone above it, unless the policy has a word for
    /// that; whatever departs from this is written out.
    fn spread(&self, label: &Label) -> Spread {
        let owner = label.releasable() == self.owner_bit;
        let everybody = label.releasable() == self.everybody();
        let worded = self.display.releasable.as_ref().is_some_and(|words| words.owner.is_some());
        match (owner, everybody, label.level()) {
            (_, true, 0) => Spread::Unsaid,
            (true, _, 1..) if !worded => Spread::Unsaid,
            (true, _, _) => Spread::Owner,
            (_, true, _) => Spread::Everybody,
            _ => Spread::Some,
        }
    }
}

enum Spread {
    Unsaid,
    Owner,
    Some,
    Everybody,
}
