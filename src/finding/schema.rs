//! What stands in an index: fields of words, keys and numbers. No text is stored: results are opened from the vault.
//!
//! Every term begins with the [`Partition`] of its object, so the words of a space are a range of the dictionary of
//! their own. A search names the partitions that its reader may see, and there is no question by which it would touch
//! another one: not a list, not a statistic, not a completion.

use tantivy::{
    Term,
    schema::{FAST, Field, INDEXED, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions},
};

use super::terms;
use crate::{crypto::sha256, ids::Id};

/// The shape of the index. Another number makes every index anew.
pub const SHAPE: u64 = 5;

/// The part of an index that is seen as a whole: what lives in one home, or the links between two.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Partition {
    /// The home.
    pub home: Id,
    /// The home of a link's other end, when it is another one; or [`Id::NONE`].
    pub far: Id,
}

/// Characters of a partition in front of a term.
pub const TAG_CHARS: usize = 13;

impl Partition {
    /// What lives in a home.
    pub const fn of(home: Id) -> Self {
        Self { home, far: Id::NONE }
    }

    /// Links between two homes. The direction is the link's own affair.
    pub fn between(one: Id, other: Id) -> Self {
        if one == other { Self::of(one) } else { Self { home: one.min(other), far: one.max(other) } }
    }

    /// What its terms begin with: 64 bits that no two homes share but by a chance of 2^-64 for a pair.
    pub fn tag(&self) -> String {
        let bytes = if self.far.is_none() {
            *self.home.bytes()
        } else {
            let whole = sha256(&[b"vigie/between/v1\0", self.home.bytes(), self.far.bytes()]);
            whole.0.first_chunk().copied().unwrap_or_default()
        };
        let mut tag = data_encoding::BASE32HEX_NOPAD.encode(bytes.get(..8).unwrap_or_default());
        debug_assert_eq!(tag.len(), TAG_CHARS);
        tag.make_ascii_lowercase();
        tag
    }
}

/// The fields of words.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Words {
    /// Stems of everything that is said: what a search looks into.
    Stem,
    /// Stems of the title.
    TitleStem,
    /// Everything, folded, with positions: phrases and beginnings.
    Text,
    /// The title, folded, with positions.
    Title,
    /// Folded and as written, for words that are written otherwise than folded: completions.
    Written,
    /// Tags, authors, kinds and the like.
    Key,
}

/// What a term of [`Words::Key`] is about: its first character behind the partition.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sort {
    /// Stands for every object.
    Any,
    /// The kind of object, and of note.
    Kind,
    /// A tag.
    Tag,
    /// A tag as it is written, behind its folded form.
    TagWritten,
    /// Who wrote it.
    Author,
    /// The language.
    Language,
    /// Reliability of the source.
    Reliability,
    /// Credibility of the information.
    Credibility,
    /// Type of a link.
    Link,
    /// The name of a space.
    Name,
    /// A word of a source; without one, that there is a source.
    Source,
}

impl Sort {
    const fn letter(self) -> char {
        match self {
            Self::Any => '*',
            Self::Kind => 'k',
            Self::Tag => 't',
            Self::TagWritten => 'g',
            Self::Author => 'a',
            Self::Language => 'l',
            Self::Reliability => 'r',
            Self::Credibility => 'c',
            Self::Link => 'y',
            Self::Name => 'n',
            Self::Source => 's',
        }
    }

    /// The term of a value, without its partition.
    pub fn term(self, value: &str) -> String {
        format!("{}{value}", self.letter())
    }
}

/// The numbers of every object.
#[derive(Clone, Copy, Debug)]
pub struct Numbers {
    /// The object.
    pub id: [Field; 2],
    /// Its home.
    pub home: [Field; 2],
    /// The home of its other end.
    pub far: [Field; 2],
    /// From, for links; the note, for attachments.
    pub from: [Field; 2],
    /// To, for links.
    pub to: [Field; 2],
    /// When this version was written, in milliseconds.
    pub modified: Field,
    /// The grade, the better the larger; 0 without one.
    pub grade: Field,
    /// The kind of object.
    pub kind: Field,
    /// Words of all, and of the title.
    pub lengths: [Field; 2],
}

/// The fields.
#[derive(Clone, Debug)]
pub struct Fields {
    /// All of them.
    pub schema: Schema,
    stem: Field,
    title_stem: Field,
    text: Field,
    title: Field,
    written: Field,
    key: Field,
    /// The object, for its removal.
    pub own: Field,
    /// What it is about: gone with that.
    pub about: Field,
    /// Numbers.
    pub numbers: Numbers,
}

impl Default for Fields {
    fn default() -> Self {
        let mut schema = Schema::builder();
        let mut text = |name: &str, option| {
            // Lengths are ours, exact: those of the engine are rounded.
            let indexing =
                TextFieldIndexing::default().set_tokenizer(terms::NAME).set_fieldnorms(false).set_index_option(option);
            schema.add_text_field(name, TextOptions::default().set_indexing_options(indexing))
        };
        let stem = text("stem", IndexRecordOption::WithFreqs);
        let title_stem = text("title_stem", IndexRecordOption::WithFreqs);
        let whole = text("text", IndexRecordOption::WithFreqsAndPositions);
        let title = text("title", IndexRecordOption::WithFreqsAndPositions);
        let written = text("written", IndexRecordOption::Basic);
        let key = text("key", IndexRecordOption::Basic);
        let own = schema.add_bytes_field("own", INDEXED);
        let about = schema.add_bytes_field("about", INDEXED);
        let mut number = |name: &str| schema.add_u64_field(name, NumericOptions::from(FAST));
        let mut pair = |name: &str| [number(&format!("{name}_high")), number(&format!("{name}_low"))];
        let (id, home, far, from, to) = (pair("id"), pair("home"), pair("far"), pair("from"), pair("to"));
        let numbers = Numbers {
            id,
            home,
            far,
            from,
            to,
            modified: number("modified"),
            grade: number("grade"),
            kind: number("kind"),
            lengths: [number("words"), number("title_words")],
        };
        Self { schema: schema.build(), stem, title_stem, text: whole, title, written, key, own, about, numbers }
    }
}

impl Fields {
    /// The field of words.
    pub const fn words(&self, words: Words) -> Field {
        match words {
            Words::Stem => self.stem,
            Words::TitleStem => self.title_stem,
            Words::Text => self.text,
            Words::Title => self.title,
            Words::Written => self.written,
            Words::Key => self.key,
        }
    }

    /// The term that names an object.
    pub fn own_term(&self, id: Id) -> Term {
        Term::from_field_bytes(self.own, id.bytes())
    }

    /// The term that names what is about an object.
    pub fn about_term(&self, id: Id) -> Term {
        Term::from_field_bytes(self.about, id.bytes())
    }
}

/// An identifier as two numbers.
pub fn halves(id: Id) -> [u64; 2] {
    let whole = u128::from_be_bytes(*id.bytes());
    let low = u64::try_from(whole & u128::from(u64::MAX)).unwrap_or(0);
    [u64::try_from(whole >> 64).unwrap_or(0), low]
}

/// The identifier of two numbers.
pub fn whole([high, low]: [u64; 2]) -> Id {
    Id::from_bytes(((u128::from(high) << 64) | u128::from(low)).to_be_bytes())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_identifier_comes_back_from_its_numbers(bytes: [u8; 16]) {
            prop_assert_eq!(whole(halves(Id::from_bytes(bytes))), Id::from_bytes(bytes));
        }

        #[test]
        fn different_homes_have_different_tags_of_one_length(one: [u8; 16], other: [u8; 16]) {
            let (one, other) = (Id::from_bytes(one), Id::from_bytes(other));
            let tags = [Partition::of(one).tag(), Partition::of(other).tag(), Partition::between(one, other).tag()];
            prop_assert!(tags.iter().all(|tag| tag.len() == TAG_CHARS));
            if one != other {
                prop_assert!(tags[0] != tags[1] && tags[1] != tags[2] && tags[0] != tags[2]);
            }
            prop_assert_eq!(Partition::between(one, other), Partition::between(other, one));
        }
    }
}
