//! Why a file is no policy.

use std::{error, fmt};

use super::error::Word;
use crate::words::{Sentence, key};

/// The things of a policy that are counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Counted {
    /// Bytes of the file.
    Bytes,
    /// Levels.
    Levels,
    /// Categories.
    Categories,
    /// Releasability codes.
    Releasability,
    /// Aliases.
    Aliases,
}

impl Counted {
    fn sentence(self) -> Sentence {
        Sentence::new(match self {
            Self::Bytes => key::LABEL_POLICY_COUNTED_BYTES,
            Self::Levels => key::LABEL_POLICY_COUNTED_LEVELS,
            Self::Categories => key::LABEL_POLICY_COUNTED_CATEGORIES,
            Self::Releasability => key::LABEL_POLICY_COUNTED_RELEASABILITY,
            Self::Aliases => key::LABEL_POLICY_COUNTED_ALIASES,
        })
    }
}

/// Why a file is no policy: the fault of whoever wrote the file, one fact each.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PolicyError {
    /// No TOML of the expected shape: an unknown, missing or ill-typed field.
    Malformed {
        /// Line of the file, from 1.
        line: usize,
        /// What the TOML reader says, in English.
        reason: String,
    },
    /// More of something than a label can carry.
    TooMany {
        /// What there is too much of.
        counted: Counted,
        /// How many are allowed.
        maximum: usize,
    },
    /// An id that is not in lower case letters, digits and hyphens.
    BadId(Word),
    /// No object identifier in dots.
    BadOid(Word),
    /// A version that is no date `YYYY-MM-DD`.
    BadVersion(Word),
    /// A policy without levels.
    NoLevel,
    /// A code with signs other than capitals, digits and `+ - . : _`, or too long.
    BadCode(Word),
    /// A code that the grammar keeps for itself.
    ReservedCode(Word),
    /// One word with two meanings: a code twice, or an alias that is a code or another alias.
    Ambiguous(Word),
    /// Two levels of one rank.
    SameRank(Word),
    /// Two levels with one STANAG classification.
    SameClassification(Word),
    /// A text for people that is empty, too long or has control characters.
    BadName(Word),
    /// A colour that is not `#rrggbb`.
    BadColour(Word),
    /// An owner that is no releasability code.
    UnknownOwner(Word),
    /// A minimum level that is no level.
    UnknownMinimum(Word),
    /// An included category that is no category.
    UnknownInclusion(Word),
    /// A category that includes itself, directly or not.
    CircularInclusion(Word),
    /// An alias whose target is no code.
    UnknownAliasTarget(Word),
    /// An alias that is empty or holds a separator of the grammar.
    BadAlias(Word),
    /// Partners without words to show them: a marking would hide who may hold the thing.
    PartnersUnshown,
    /// The two STANAG tags have one name.
    SameTag(Word),
}

impl PolicyError {
    /// Stable name for machines.
    pub const fn code(&self) -> &'static str {
        self.parts().0
    }

    /// What the person reads.
    pub fn sentence(&self) -> Sentence {
        let (_, key, word) = self.parts();
        let sentence = Sentence::new(key);
        match self {
            Self::Malformed { line, reason } => sentence.with("line", *line).with("reason", reason.as_str()),
            Self::TooMany { counted, maximum } => {
                sentence.with("counted", counted.sentence()).with("maximum", *maximum)
            }
            _ => match word {
                Some(word) => sentence.with("word", word.as_str()),
                None => sentence,
            },
        }
    }

    const fn parts(&self) -> (&'static str, crate::words::Key, Option<&Word>) {
        match self {
            Self::Malformed { .. } => ("policy-malformed", key::LABEL_POLICY_MALFORMED, None),
            Self::TooMany { .. } => ("policy-too-many", key::LABEL_POLICY_TOO_MANY, None),
            Self::BadId(word) => ("policy-bad-id", key::LABEL_POLICY_BAD_ID, Some(word)),
            Self::BadOid(word) => ("policy-bad-oid", key::LABEL_POLICY_BAD_OID, Some(word)),
            Self::BadVersion(word) => ("policy-bad-version", key::LABEL_POLICY_BAD_VERSION, Some(word)),
            Self::NoLevel => ("policy-no-level", key::LABEL_POLICY_NO_LEVEL, None),
            Self::BadCode(word) => ("policy-bad-code", key::LABEL_POLICY_BAD_CODE, Some(word)),
            Self::ReservedCode(word) => ("policy-reserved-code", key::LABEL_POLICY_RESERVED_CODE, Some(word)),
            Self::Ambiguous(word) => ("policy-ambiguous-word", key::LABEL_POLICY_AMBIGUOUS_WORD, Some(word)),
            Self::SameRank(word) => ("policy-same-rank", key::LABEL_POLICY_SAME_RANK, Some(word)),
            Self::SameClassification(word) => {
                ("policy-same-classification", key::LABEL_POLICY_SAME_CLASSIFICATION, Some(word))
            }
            Self::BadName(word) => ("policy-bad-name", key::LABEL_POLICY_BAD_NAME, Some(word)),
            Self::BadColour(word) => ("policy-bad-colour", key::LABEL_POLICY_BAD_COLOUR, Some(word)),
            Self::UnknownOwner(word) => ("policy-unknown-owner", key::LABEL_POLICY_UNKNOWN_OWNER, Some(word)),
            Self::UnknownMinimum(word) => ("policy-unknown-minimum", key::LABEL_POLICY_UNKNOWN_MINIMUM, Some(word)),
            Self::UnknownInclusion(word) => {
                ("policy-unknown-inclusion", key::LABEL_POLICY_UNKNOWN_INCLUSION, Some(word))
            }
            Self::CircularInclusion(word) => {
                ("policy-circular-inclusion", key::LABEL_POLICY_CIRCULAR_INCLUSION, Some(word))
            }
            Self::UnknownAliasTarget(word) => {
                ("policy-unknown-alias-target", key::LABEL_POLICY_UNKNOWN_ALIAS_TARGET, Some(word))
            }
            Self::BadAlias(word) => ("policy-bad-alias", key::LABEL_POLICY_BAD_ALIAS, Some(word)),
            Self::PartnersUnshown => ("policy-partners-unshown", key::LABEL_POLICY_PARTNERS_UNSHOWN, None),
            Self::SameTag(word) => ("policy-same-tag", key::LABEL_POLICY_SAME_TAG, Some(word)),
        }
    }
}

/// English, for the log.
impl fmt::Display for PolicyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sentence().fmt(formatter)
    }
}

impl error::Error for PolicyError {}
