//! A policy: the words of one owner, and the labels they make.

use std::collections::BTreeMap;

use serde::Deserialize;
use unicode_normalization::UnicodeNormalization as _;

use super::{
    lattice::{Clearance, Label},
    marking::{Colours, Display},
    policy_error::PolicyError,
    policy_file,
    stanag::Tags,
};
use crate::words::Language;

/// One name in the three languages of the product.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    pub(super) fr: String,
    pub(super) en: String,
    pub(super) de: String,
}

impl Names {
    /// The name in that language.
    pub fn name(&self, language: Language) -> &str {
        match language {
            Language::French => &self.fr,
            Language::English => &self.en,
            Language::German => &self.de,
        }
    }

    pub(super) fn all(&self) -> [&str; 3] {
        [&self.fr, &self.en, &self.de]
    }
}

/// A level, or a protection mention that stands among them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Level {
    pub(super) place: u8,
    pub(super) code: String,
    pub(super) names: Names,
    pub(super) portion: String,
    pub(super) classification: String,
    pub(super) colours: Colours,
    pub(super) mention: bool,
}

impl Level {
    /// The word on the wire.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// What people read.
    pub fn name(&self, language: Language) -> &str {
        self.names.name(language)
    }

    /// The mark in front of a paragraph, without parentheses.
    pub fn portion(&self) -> &str {
        &self.portion
    }

    /// The colours of its banner.
    pub const fn colours(&self) -> &Colours {
        &self.colours
    }

    /// A protection mention (Diffusion Restreinte), not a classification level.
    pub const fn is_mention(&self) -> bool {
        self.mention
    }
}

/// A category: whoever reads must hold it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Category {
    pub(super) bit: u64,
    /// This bit and those of every category it includes.
    pub(super) closure: u64,
    pub(super) code: String,
    pub(super) names: Names,
    pub(super) portion: String,
    pub(super) minimum: u8,
    pub(super) owner_only: bool,
    pub(super) stamp: Option<String>,
}

impl Category {
    /// The word on the wire.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// What people read.
    pub fn name(&self, language: Language) -> &str {
        self.names.name(language)
    }

    /// Only for the owner: no label with it names anybody else.
    pub const fn is_owner_only(&self) -> bool {
        self.owner_only
    }

    /// Colour of a stamp of its own (`#rrggbb`), as the blue of Spécial France.
    pub fn stamp(&self) -> Option<&str> {
        self.stamp.as_deref()
    }
}

/// A nation (ISO 3166 alpha-3) or an organisation that information may be released to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Releasability {
    pub(super) bit: u128,
    pub(super) code: String,
    pub(super) names: Names,
}

impl Releasability {
    /// The word on the wire.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// What people read.
    pub fn name(&self, language: Language) -> &str {
        self.names.name(language)
    }
}

/// What a word means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Meaning {
    Level(u8),
    Category(u64),
    Releasable(u128),
    Everybody,
}

/// The words that a clearance may use.
#[derive(Clone, Debug)]
pub struct Words<'a> {
    /// Levels up to the clearance, lowest first.
    pub levels: Vec<&'a Level>,
    /// Categories held. A category that is not held is not named: its existence may be the secret.
    pub categories: Vec<&'a Category>,
    /// Nations and organisations, the owner first.
    pub releasability: Vec<&'a Releasability>,
}

/// The words and the rules of one owner. Exists only as the result of [`Policy::parse`].
#[derive(Clone, Debug)]
pub struct Policy {
    pub(super) id: String,
    pub(super) oid: String,
    pub(super) version: String,
    pub(super) names: Names,
    pub(super) owner: String,
    pub(super) owner_bit: u128,
    pub(super) levels: Vec<Level>,
    pub(super) categories: Vec<Category>,
    pub(super) releasability: Vec<Releasability>,
    pub(super) words: BTreeMap<String, Meaning>,
    pub(super) display: Display,
    pub(super) tags: Tags,
}

impl Policy {
    /// Reads and validates a policy file. Everything that could make a label ambiguous is refused here.
    pub fn parse(toml: &str) -> Result<Self, PolicyError> {
        policy_file::read(toml)
    }

    /// The policy's name for machines, such as `fr-igi1300`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The object identifier in dots, such as `1.3.26.1.3.1`.
    pub fn oid(&self) -> &str {
        &self.oid
    }

    /// Date of the policy, `YYYY-MM-DD`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// What people call the policy.
    pub fn name(&self, language: Language) -> &str {
        self.names.name(language)
    }

    /// The code of the owner, which every label names.
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// The levels, lowest first.
    pub fn levels(&self) -> &[Level] {
        &self.levels
    }

    /// The categories, in the order of the file. Show people [`Policy::words_for`] instead.
    pub fn categories(&self) -> &[Category] {
        &self.categories
    }

    /// The nations and organisations, the owner first.
    pub fn releasability(&self) -> &[Releasability] {
        &self.releasability
    }

    /// The bottom of the lattice: lowest level, no category, releasable to everybody the policy names.
    pub fn lowest(&self) -> Label {
        Label::new(0, 0, self.everybody())
    }

    /// The level of a label.
    pub fn level(&self, label: &Label) -> Option<&Level> {
        self.levels.get(usize::from(label.level()))
    }

    /// The words that this clearance may use.
    pub fn words_for(&self, clearance: &Clearance) -> Words<'_> {
        let ceiling = clearance.ceiling();
        Words {
            levels: self.levels.iter().filter(|level| level.place <= ceiling.level()).collect(),
            categories: self.categories_of(ceiling).collect(),
            releasability: self.releasability.iter().collect(),
        }
    }

    /// All categories of a label, included ones too.
    pub(super) fn categories_of(&self, label: &Label) -> impl Iterator<Item = &Category> {
        let held = label.categories();
        self.categories.iter().filter(move |category| category.bit & held != 0)
    }

    /// The categories of a label without those that another of its categories includes.
    pub(super) fn leading_categories_of(&self, label: &Label) -> impl Iterator<Item = &Category> {
        self.categories_of(label).filter(move |category| {
            !self.categories_of(label).any(|other| other.bit != category.bit && other.closure & category.bit != 0)
        })
    }

    pub(super) fn releasability_of(&self, label: &Label) -> impl Iterator<Item = &Releasability> {
        let named = label.releasable();
        self.releasability.iter().filter(move |code| code.bit & named != 0)
    }

    pub(super) fn category_codes(&self, label: &Label) -> Vec<&str> {
        self.categories_of(label).map(Category::code).collect()
    }

    pub(super) fn leading_codes(&self, label: &Label) -> Vec<&str> {
        self.leading_categories_of(label).map(Category::code).collect()
    }

    pub(super) fn releasable_codes(&self, label: &Label) -> Vec<&str> {
        self.releasability_of(label).map(Releasability::code).collect()
    }

    /// The bits of every releasability code.
    pub(super) fn everybody(&self) -> u128 {
        self.releasability.iter().fold(0, |all, code| all | code.bit)
    }

    pub(super) fn meaning(&self, word: &str) -> Option<Meaning> {
        self.words.get(&fold(word)).copied()
    }
}

/// Words are compared without regard to case or to how accents are composed.
pub(super) fn fold(word: &str) -> String {
    word.nfc().collect::<String>().to_uppercase()
}
