//! What the notes of a group have in common, and how an address names it.

use std::collections::BTreeSet;

use crate::{ids::NoteId, limits};

/// One sort of link, seen from the note that a group hangs on.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Tie {
    /// Whether the link begins there.
    pub outward: bool,
    /// Its type.
    pub kind: String,
}

/// How the notes of a group hang on another one.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum By {
    /// By these links, which each of them has with it.
    Ties(BTreeSet<Tie>),
    /// From farther off: by a way of so many links.
    Way {
        /// Whether the first of them begins there.
        outward: bool,
        /// How many.
        steps: u8,
    },
}

/// What the notes of a group have in common.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Bond {
    /// The note that they hang on.
    pub on: NoteId,
    /// How they do.
    pub by: By,
}

impl Bond {
    /// The links that each note of the group has with the one that it hangs on; none from farther off.
    pub fn ties(&self) -> impl Iterator<Item = &Tie> {
        let ties = match &self.by {
            By::Ties(ties) => Some(ties),
            By::Way { .. } => None,
        };
        ties.into_iter().flatten()
    }

    /// Links between its notes and the one that they hang on.
    pub const fn steps(&self) -> u8 {
        match self.by {
            By::Ties(_) => 1,
            By::Way { steps, .. } => steps,
        }
    }

    /// As an address names it: the note, then `.o` or `.i` and the type of each link, or the number of steps and `o` or `i`.
    pub fn word(&self) -> String {
        let letter = |outward| if outward { 'o' } else { 'i' };
        match &self.by {
            By::Ties(ties) => {
                let ties: Vec<_> = ties.iter().map(|tie| format!(".{}{}", letter(tie.outward), tie.kind)).collect();
                format!("{}{}", self.on, ties.concat())
            }
            By::Way { outward, steps } => format!("{}.{steps}{}", self.on, letter(*outward)),
        }
    }

    /// What a word names.
    pub fn from_word(word: &str) -> Option<Self> {
        let (on, by) = word.split_once('.')?;
        let on = NoteId(on.parse().ok()?);
        way(by).or_else(|| ties(by)).map(|by| Self { on, by })
    }
}

fn way(word: &str) -> Option<By> {
    let (steps, outward) = match word.strip_suffix('o') {
        Some(steps) => (steps, true),
        None => (word.strip_suffix('i')?, false),
    };
    steps.parse().ok().map(|steps| By::Way { outward, steps })
}

fn ties(word: &str) -> Option<By> {
    let tie = |part: &str| {
        let (outward, kind) = match part.split_at_checked(1)? {
            ("o", kind) => (true, kind),
            ("i", kind) => (false, kind),
            _ => return None,
        };
        (kind.len() <= limits::LINK_TYPE_CHARS_MAX).then(|| Tie { outward, kind: kind.to_owned() })
    };
    let ties: Option<BTreeSet<Tie>> = word.split('.').take(limits::GRAPH_TIES_MAX).map(tie).collect();
    ties.map(By::Ties)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bond_is_the_one_that_its_word_names_and_no_word_is_too_long() {
        let on = NoteId("aaaaaaaaaaaaaaaaaaaaaaaaae".parse().unwrap());
        let tie = |outward, kind: &str| Tie { outward, kind: kind.to_owned() };
        for (by, word) in [
            (By::Ties([tie(true, "derived-from"), tie(false, "uses")].into()), "iuses.oderived-from"),
            (By::Ties([tie(true, "3o")].into()), "o3o"),
            (By::Way { outward: true, steps: 3 }, "3o"),
            (By::Way { outward: false, steps: 32 }, "32i"),
        ] {
            let bond = Bond { on, by };
            assert_eq!(bond.word(), format!("aaaaaaaaaaaaaaaaaaaaaaaaae.{word}"));
            assert_eq!(Bond::from_word(&bond.word()), Some(bond));
        }
        let long = format!("{on}.o{}", "x".repeat(100));
        for none in ["", ".ouses", "x.ouses", "aaaaaaaaaaaaaaaaaaaaaaaaae", "aaaaaaaaaaaaaaaaaaaaaaaaae.uses", &long] {
            assert_eq!(Bond::from_word(none), None, "{none}");
        }
    }
}
