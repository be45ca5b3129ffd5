//! The wire text of a label: `LEVEL[/CAT,CAT][/REL,REL]`, as `S/ALPHA/FRA,BEL`.

use super::{
    error::{LabelError, Word},
    lattice::{Clearance, Label},
    policy::{Meaning, Policy},
};
use crate::limits;

/// The word for every releasability code of the policy.
pub(super) const EVERYBODY: &str = "ALL";

impl Policy {
    /// Reads a label. Without releasability it is the owner's alone.
    pub fn parse_label(&self, text: &str) -> Result<Label, LabelError> {
        self.assemble(&self.draft(text, None)?)
    }

    /// Reads the working label that a person asks for.
    ///
    /// A level or a category that the person does not hold gets the same answer as a word that does not exist:
    /// otherwise trying words would list the compartments.
    pub fn parse_working(&self, text: &str, clearance: &Clearance) -> Result<Label, LabelError> {
        let label = self.assemble(&self.draft(text, Some(clearance))?)?;
        match clearance.reaches(&label) {
            true => Ok(label),
            false => Err(LabelError::NationMissing { nation: self.nation(clearance).to_owned() }),
        }
    }

    /// Reads a clearance: `LEVEL[/CAT,CAT]`, for a person of `nation`.
    pub fn parse_clearance(&self, text: &str, nation: &str) -> Result<Clearance, LabelError> {
        let draft = self.draft(text, None)?;
        if draft.releasable.is_some() {
            return Err(LabelError::ClearanceReleasable);
        }
        let Some(code) = self.releasability.iter().find(|code| code.code == nation) else {
            return Err(LabelError::UnknownNation(Word::new(nation)));
        };
        self.permit_together(draft.level, draft.categories, code.bit)?;
        Ok(Clearance::new(Label::new(draft.level, draft.categories, code.bit)))
    }

    /// The shortest text of a label; [`Policy::parse_label`] reads it back.
    pub fn print(&self, label: &Label) -> String {
        let categories = self.leading_codes(label).join(",");
        let releasable = if label.releasable() == self.owner_bit {
            String::new()
        } else if label.releasable() == self.everybody() {
            EVERYBODY.to_owned()
        } else {
            self.releasable_codes(label).join(",")
        };
        self.segments(label, &categories, &releasable)
    }

    /// The text that records keep: every category and every code by name, never `ALL`, so that a word which joins the
    /// policy later changes no label of the past.
    pub fn stored(&self, label: &Label) -> String {
        let categories = self.category_codes(label).join(",");
        let releasable = self.releasable_codes(label).join(",");
        self.segments(label, &categories, &releasable)
    }

    /// The text of a clearance, without its nation; [`Policy::parse_clearance`] reads it back.
    pub fn print_clearance(&self, clearance: &Clearance) -> String {
        let categories = self.leading_codes(clearance.ceiling()).join(",");
        self.segments(clearance.ceiling(), &categories, "")
    }

    /// The nation of a clearance.
    pub fn nation(&self, clearance: &Clearance) -> &str {
        self.releasability_of(clearance.ceiling()).next().map_or("", |code| code.code())
    }

    /// A label from words already told apart; the rules hold or it is refused.
    pub(super) fn assemble_words<'a>(
        &self,
        level: &str,
        categories: impl IntoIterator<Item = &'a str>,
        releasable: Option<Vec<&'a str>>,
    ) -> Result<Label, LabelError> {
        let mut draft = Draft { level: self.level_named(level, None)?, categories: 0, releasable: None };
        let mut named = 0;
        for word in categories {
            let Some(Meaning::Category(bit)) = self.meaning(word) else {
                return Err(self.stranger(word));
            };
            self.add_category(&mut draft, &mut named, bit, word)?;
        }
        // An empty list names nobody, not even the owner: it is not the absence of a list.
        draft.releasable = releasable.is_some().then_some(0);
        for word in releasable.into_iter().flatten() {
            let Some(Meaning::Releasable(bit)) = self.meaning(word) else {
                return Err(self.stranger(word));
            };
            add_releasable(&mut draft, bit, word)?;
        }
        self.assemble(&draft)
    }

    fn draft(&self, text: &str, within: Option<&Clearance>) -> Result<Draft, LabelError> {
        if text.is_empty() {
            return Err(LabelError::Empty);
        }
        if text.len() > limits::LABEL_TEXT_BYTES_MAX {
            return Err(LabelError::TooLong);
        }
        let parts: Vec<&str> = text.split('/').collect();
        if parts.iter().any(|part| part.split(',').any(str::is_empty)) {
            return Err(LabelError::EmptyPart);
        }
        let (level, rest) = match parts.as_slice() {
            [] => return Err(LabelError::Empty),
            [level, rest @ ..] => (*level, rest),
        };
        let mut draft = Draft { level: self.level_named(level, within)?, categories: 0, releasable: None };
        match rest {
            [] => {}
            [only] if self.names_categories(only) => self.read_categories(&mut draft, only, within)?,
            [only] => self.read_releasable(&mut draft, only, within)?,
            [categories, releasable] => {
                self.read_categories(&mut draft, categories, within)?;
                self.read_releasable(&mut draft, releasable, within)?;
            }
            _ => return Err(LabelError::TooManyParts),
        }
        Ok(draft)
    }

    fn level_named(&self, word: &str, within: Option<&Clearance>) -> Result<u8, LabelError> {
        match self.meaning(word) {
            Some(Meaning::Level(place)) if within.is_none_or(|clearance| place <= clearance.ceiling().level()) => {
                Ok(place)
            }
            _ => Err(LabelError::UnknownLevel(Word::new(word))),
        }
    }

    /// A lone second part is told by its first word: the codes of categories and of nations are disjoint.
    fn names_categories(&self, part: &str) -> bool {
        let first = part.split(',').next().unwrap_or_default();
        matches!(self.meaning(first), Some(Meaning::Category(_)))
    }

    fn read_categories(&self, draft: &mut Draft, part: &str, within: Option<&Clearance>) -> Result<(), LabelError> {
        let mut named = 0;
        for word in part.split(',') {
            match self.known(word, within)? {
                Meaning::Category(bit) => self.add_category(draft, &mut named, bit, word)?,
                Meaning::Level(_) | Meaning::Releasable(_) | Meaning::Everybody => {
                    return Err(LabelError::Misplaced(Word::new(word)));
                }
            }
        }
        Ok(())
    }

    fn read_releasable(&self, draft: &mut Draft, part: &str, within: Option<&Clearance>) -> Result<(), LabelError> {
        for word in part.split(',') {
            match self.known(word, within)? {
                Meaning::Releasable(bit) => add_releasable(draft, bit, word)?,
                // Together with a nation it would say one thing twice.
                Meaning::Everybody if part == word => draft.releasable = Some(self.everybody()),
                Meaning::Level(_) | Meaning::Category(_) | Meaning::Everybody => {
                    return Err(LabelError::Misplaced(Word::new(word)));
                }
            }
        }
        Ok(())
    }

    fn known(&self, word: &str, within: Option<&Clearance>) -> Result<Meaning, LabelError> {
        let held = |meaning: &Meaning| {
            within.is_none_or(|clearance| match meaning {
                Meaning::Level(place) => *place <= clearance.ceiling().level(),
                Meaning::Category(bit) => clearance.ceiling().categories() & bit != 0,
                Meaning::Releasable(_) | Meaning::Everybody => true,
            })
        };
        self.meaning(word).filter(held).ok_or_else(|| LabelError::UnknownWord(Word::new(word)))
    }

    fn stranger(&self, word: &str) -> LabelError {
        match self.meaning(word) {
            Some(_) => LabelError::Misplaced(Word::new(word)),
            None => LabelError::UnknownWord(Word::new(word)),
        }
    }

    /// Adds a category with all it includes. Naming an included one as well is no fault: stored texts do.
    fn add_category(&self, draft: &mut Draft, named: &mut u64, bit: u64, word: &str) -> Result<(), LabelError> {
        if *named & bit != 0 {
            return Err(LabelError::Duplicate(Word::new(word)));
        }
        *named |= bit;
        let closure = self.categories.iter().find(|category| category.bit == bit).map_or(bit, |found| found.closure);
        draft.categories |= closure;
        Ok(())
    }

    fn assemble(&self, draft: &Draft) -> Result<Label, LabelError> {
        let releasable = draft.releasable.unwrap_or(self.owner_bit);
        if releasable & self.owner_bit == 0 {
            return Err(LabelError::OwnerMissing { owner: self.owner.clone() });
        }
        self.permit_together(draft.level, draft.categories, releasable)?;
        Ok(Label::new(draft.level, draft.categories, releasable))
    }

    /// The rules between level, categories and releasability. All of them survive a join.
    fn permit_together(&self, level: u8, categories: u64, releasable: u128) -> Result<(), LabelError> {
        for category in self.categories.iter().filter(|category| category.bit & categories != 0) {
            if level < category.minimum {
                let minimum = self.levels.get(usize::from(category.minimum)).map_or("", |level| level.code());
                return Err(LabelError::UnderMinimum { category: category.code.clone(), minimum: minimum.to_owned() });
            }
            if category.owner_only && releasable != self.owner_bit {
                return Err(LabelError::OwnerOnly { category: category.code.clone(), owner: self.owner.clone() });
            }
        }
        Ok(())
    }

    fn segments(&self, label: &Label, categories: &str, releasable: &str) -> String {
        let level = self.level(label).map_or("", |level| level.code());
        [level, categories, releasable].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/")
    }
}

/// What a text says, before the rules were asked.
struct Draft {
    level: u8,
    categories: u64,
    releasable: Option<u128>,
}

fn add_releasable(draft: &mut Draft, bit: u128, word: &str) -> Result<(), LabelError> {
    let before = draft.releasable.unwrap_or_default();
    if before & bit != 0 {
        return Err(LabelError::Duplicate(Word::new(word)));
    }
    draft.releasable = Some(before | bit);
    Ok(())
}
