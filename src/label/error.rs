//! Why a text is no label.

use std::{error, fmt};

use crate::words::{Sentence, key};

/// Characters of a foreign word that an error repeats.
const SHOWN: usize = 40;

/// A word as somebody wrote it, cut short and without control characters, fit for a log and a screen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Word(String);

impl Word {
    pub(super) fn new(text: &str) -> Self {
        Self(text.chars().take(SHOWN).map(|letter| if letter.is_control() { '\u{FFFD}' } else { letter }).collect())
    }

    /// The word.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Word {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Why a text is no label, or no clearance, of this policy. The writer's fault, always.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LabelError {
    /// Nothing was written.
    Empty,
    /// Longer than any label can be.
    TooLong,
    /// More than level, categories and releasability.
    TooManyParts,
    /// Two separators with nothing between them.
    EmptyPart,
    /// No level of the policy, or none that the person may use.
    UnknownLevel(Word),
    /// No category or code of the policy, or a category that the person does not hold.
    UnknownWord(Word),
    /// A level among categories, a nation among categories, or the like.
    Misplaced(Word),
    /// The same word twice.
    Duplicate(Word),
    /// Releasability that leaves the owner out.
    OwnerMissing {
        /// The owner's code.
        owner: String,
    },
    /// A category below its minimum level.
    UnderMinimum {
        /// The category's code.
        category: String,
        /// The code of the lowest level it may stand at.
        minimum: String,
    },
    /// A category for the owner alone, with others named.
    OwnerOnly {
        /// The category's code.
        category: String,
        /// The owner's code.
        owner: String,
    },
    /// A nation that the policy does not know.
    UnknownNation(Word),
    /// A working label that does not name the person's own nation.
    NationMissing {
        /// The nation's code.
        nation: String,
    },
    /// A clearance that names releasability: that is the person's nation, given apart.
    ClearanceReleasable,
}

impl LabelError {
    /// Stable name for machines.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "label-empty",
            Self::TooLong => "label-too-long",
            Self::TooManyParts => "label-too-many-parts",
            Self::EmptyPart => "label-empty-part",
            Self::UnknownLevel(_) => "label-unknown-level",
            Self::UnknownWord(_) => "label-unknown-word",
            Self::Misplaced(_) => "label-misplaced-word",
            Self::Duplicate(_) => "label-duplicate-word",
            Self::OwnerMissing { .. } => "label-owner-missing",
            Self::UnderMinimum { .. } => "label-under-minimum",
            Self::OwnerOnly { .. } => "label-owner-only",
            Self::UnknownNation(_) => "label-unknown-nation",
            Self::NationMissing { .. } => "label-nation-missing",
            Self::ClearanceReleasable => "label-clearance-releasable",
        }
    }

    /// What the person reads.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::Empty => Sentence::new(key::LABEL_EMPTY),
            Self::TooLong => Sentence::new(key::LABEL_TOO_LONG),
            Self::TooManyParts => Sentence::new(key::LABEL_TOO_MANY_PARTS),
            Self::EmptyPart => Sentence::new(key::LABEL_EMPTY_PART),
            Self::UnknownLevel(word) => Sentence::new(key::LABEL_UNKNOWN_LEVEL).with("word", word.as_str()),
            Self::UnknownWord(word) => Sentence::new(key::LABEL_UNKNOWN_WORD).with("word", word.as_str()),
            Self::Misplaced(word) => Sentence::new(key::LABEL_MISPLACED_WORD).with("word", word.as_str()),
            Self::Duplicate(word) => Sentence::new(key::LABEL_DUPLICATE_WORD).with("word", word.as_str()),
            Self::OwnerMissing { owner } => Sentence::new(key::LABEL_OWNER_MISSING).with("owner", owner.as_str()),
            Self::UnderMinimum { category, minimum } => Sentence::new(key::LABEL_UNDER_MINIMUM)
                .with("category", category.as_str())
                .with("minimum", minimum.as_str()),
            Self::OwnerOnly { category, owner } => {
                Sentence::new(key::LABEL_OWNER_ONLY).with("category", category.as_str()).with("owner", owner.as_str())
            }
            Self::UnknownNation(word) => Sentence::new(key::LABEL_UNKNOWN_NATION).with("word", word.as_str()),
            Self::NationMissing { nation } => Sentence::new(key::LABEL_NATION_MISSING).with("nation", nation.as_str()),
            Self::ClearanceReleasable => Sentence::new(key::LABEL_CLEARANCE_RELEASABLE),
        }
    }
}

/// English, for the log.
impl fmt::Display for LabelError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sentence().fmt(formatter)
    }
}

impl error::Error for LabelError {}
