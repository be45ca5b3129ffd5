//! Why a text is no STANAG 4774 label of this policy.

use std::{error, fmt};

use super::error::{LabelError, Word};
use crate::words::{Key, Sentence, key};

/// Why a text is no XML that we read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// More than 64 KiB.
    TooLong,
    /// Elements nested too deep.
    TooDeep,
    /// A document type, the way to entities that multiply or fetch.
    Doctype,
    /// A processing instruction.
    Instruction,
    /// A CDATA section.
    Cdata,
    /// An entity that is not one of the five, or no character.
    Entity,
    /// A character that XML does not know.
    Character,
    /// Not XML 1.0 in UTF-8.
    Encoding,
    /// A prefix without a namespace.
    Prefix,
    /// Not well formed.
    Malformed,
}

impl Fault {
    const fn parts(self) -> (&'static str, Key) {
        match self {
            Self::TooLong => ("stanag-too-long", key::LABEL_STANAG_TOO_LONG),
            Self::TooDeep => ("stanag-too-deep", key::LABEL_STANAG_TOO_DEEP),
            Self::Doctype => ("stanag-doctype", key::LABEL_STANAG_DOCTYPE),
            Self::Instruction => ("stanag-instruction", key::LABEL_STANAG_INSTRUCTION),
            Self::Cdata => ("stanag-cdata", key::LABEL_STANAG_CDATA),
            Self::Entity => ("stanag-entity", key::LABEL_STANAG_ENTITY),
            Self::Character => ("stanag-character", key::LABEL_STANAG_CHARACTER),
            Self::Encoding => ("stanag-encoding", key::LABEL_STANAG_ENCODING),
            Self::Prefix => ("stanag-prefix", key::LABEL_STANAG_PREFIX),
            Self::Malformed => ("stanag-malformed", key::LABEL_STANAG_MALFORMED),
        }
    }
}

/// Why a text is no STANAG 4774 label of this policy. Its sender's fault.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum StanagError {
    /// No XML that we read.
    Xml(Fault),
    /// The root is no `originatorConfidentialityLabel` of the right namespace.
    WrongRoot(Word),
    /// An element or attribute that does not belong there, or that we would have to understand.
    Unexpected(Word),
    /// An element or attribute that must be there.
    Missing(&'static str),
    /// No date with a time zone after 1970.
    BadDate(Word),
    /// The label of another policy.
    WrongPolicy(Word),
    /// No classification of the policy.
    UnknownClassification(Word),
    /// A `Type` that is none of the three, in capitals.
    BadType(Word),
    /// A tag that restricts in a way the policy does not know.
    UnknownTag(Word),
    /// A known tag with the wrong `Type`: read as given it would let more people in.
    WrongTagType(Word),
    /// A tag twice.
    SameTagTwice(Word),
    /// The context that the policy demands is not there.
    ContextMissing(Word),
    /// The values make no label.
    Label(LabelError),
}

impl StanagError {
    /// Stable name for machines.
    pub const fn code(&self) -> &'static str {
        match self.parts() {
            Ok((code, _)) => code,
            Err(label) => label.code(),
        }
    }

    /// What the person reads.
    pub fn sentence(&self) -> Sentence {
        let sentence = match self.parts() {
            Ok((_, key)) => Sentence::new(key),
            Err(label) => return label.sentence(),
        };
        match self {
            Self::Xml(_) | Self::Label(_) => sentence,
            Self::Missing(name) => sentence.with("name", *name),
            Self::WrongRoot(word)
            | Self::Unexpected(word)
            | Self::BadDate(word)
            | Self::WrongPolicy(word)
            | Self::UnknownClassification(word)
            | Self::BadType(word)
            | Self::UnknownTag(word)
            | Self::WrongTagType(word)
            | Self::SameTagTwice(word)
            | Self::ContextMissing(word) => sentence.with("word", word.as_str()),
        }
    }

    const fn parts(&self) -> Result<(&'static str, Key), &LabelError> {
        Ok(match self {
            Self::Xml(fault) => fault.parts(),
            Self::WrongRoot(_) => ("stanag-wrong-root", key::LABEL_STANAG_WRONG_ROOT),
            Self::Unexpected(_) => ("stanag-unexpected", key::LABEL_STANAG_UNEXPECTED),
            Self::Missing(_) => ("stanag-missing", key::LABEL_STANAG_MISSING),
            Self::BadDate(_) => ("stanag-bad-date", key::LABEL_STANAG_BAD_DATE),
            Self::WrongPolicy(_) => ("stanag-wrong-policy", key::LABEL_STANAG_WRONG_POLICY),
            Self::UnknownClassification(_) => {
                ("stanag-unknown-classification", key::LABEL_STANAG_UNKNOWN_CLASSIFICATION)
            }
            Self::BadType(_) => ("stanag-bad-type", key::LABEL_STANAG_BAD_TYPE),
            Self::UnknownTag(_) => ("stanag-unknown-tag", key::LABEL_STANAG_UNKNOWN_TAG),
            Self::WrongTagType(_) => ("stanag-wrong-tag-type", key::LABEL_STANAG_WRONG_TAG_TYPE),
            Self::SameTagTwice(_) => ("stanag-same-tag-twice", key::LABEL_STANAG_SAME_TAG_TWICE),
            Self::ContextMissing(_) => ("stanag-context-missing", key::LABEL_STANAG_CONTEXT_MISSING),
            Self::Label(label) => return Err(label),
        })
    }
}

/// English, for the log.
impl fmt::Display for StanagError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sentence().fmt(formatter)
    }
}

impl error::Error for StanagError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Label(error) => Some(error),
            _ => None,
        }
    }
}

impl From<Fault> for StanagError {
    fn from(fault: Fault) -> Self {
        Self::Xml(fault)
    }
}

impl From<LabelError> for StanagError {
    fn from(error: LabelError) -> Self {
        Self::Label(error)
    }
}
