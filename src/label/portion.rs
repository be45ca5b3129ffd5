//! Portion marks read back: `(DR)`, `(S/ALPHA)`, `(S//REL TO USA, GBR)` in front of a paragraph.

use super::{
    lattice::{Clearance, Label},
    policy::{Meaning, Policy, fold},
    text::EVERYBODY,
};
use crate::limits;

impl Policy {
    /// The label that a mark says, parentheses included; none when it is no mark.
    ///
    /// The level is written exactly as its mark or its code is, so that `(s)` and `(c)` stay what they are. A category that
    /// the reader does not hold makes it an ordinary text, as a word that does not exist does: otherwise writing marks
    /// would list the compartments. A level above the clearance is still told, for it is what must be warned about.
    pub fn parse_portion(&self, text: &str, reader: &Clearance) -> Option<Label> {
        let inside = text.strip_prefix('(')?.strip_suffix(')')?;
        if inside.len() > limits::LABEL_TEXT_BYTES_MAX {
            return None;
        }
        // The longest first: a mark may begin as another one does.
        let mut levels: Vec<(&str, &str)> = self
            .levels()
            .iter()
            .flat_map(|level| [(level.portion(), level.code()), (level.code(), level.code())])
            .collect();
        levels.sort_by_key(|(mark, _)| std::cmp::Reverse(mark.len()));
        let (mark, level) = levels.into_iter().find(|(mark, _)| {
            inside.strip_prefix(mark).is_some_and(|rest| rest.is_empty() || self.separated(rest).is_some())
        })?;
        let rest = inside.strip_prefix(mark)?;
        let (categories, releasable) = match self.separated(rest) {
            None => (Vec::new(), None),
            Some(rest) => self.portion_words(rest, reader)?,
        };
        let lowest = self.levels().first().is_some_and(|lowest| lowest.code() == level);
        // Bare at the lowest level means everybody, as in a banner.
        let releasable = releasable.or_else(|| (lowest && categories.is_empty()).then(|| vec![EVERYBODY]));
        let releasable = match releasable.as_deref() {
            Some([EVERYBODY]) => Some(self.releasability().iter().map(|code| code.code()).collect()),
            _ => releasable,
        };
        self.assemble_words(level, categories, releasable).ok()
    }

    /// What follows the separator that a mark has behind its level: the policy's own, or the one of the wire.
    fn separated<'a>(&self, rest: &'a str) -> Option<&'a str> {
        rest.strip_prefix(self.display.portion_separator.as_str()).or_else(|| rest.strip_prefix('/'))
    }

    fn portion_words<'a>(&'a self, rest: &'a str, reader: &Clearance) -> Option<(Vec<&'a str>, Option<Vec<&'a str>>)> {
        let separator = self.display.portion_separator.as_str();
        let parts: Vec<&str> = if separator == "/" {
            rest.split('/').collect()
        } else {
            rest.split(separator).flat_map(|part| part.split('/')).collect()
        };
        let (mut categories, mut releasable) = (Vec::new(), None);
        for part in parts {
            let codes = self.portion_codes(part);
            if codes.is_some() && releasable.is_none() {
                releasable = codes;
                continue;
            }
            // Releasability comes last.
            if releasable.is_some() {
                return None;
            }
            for word in part.split(',').map(str::trim) {
                let category = self.categories().iter().find(|category| {
                    fold(&category.portion) == fold(word) || self.meaning(word) == Some(Meaning::Category(category.bit))
                })?;
                if reader.ceiling().categories() & category.bit == 0 {
                    return None;
                }
                categories.push(category.code());
            }
        }
        Some((categories, releasable))
    }

    /// The codes of a part that says to whom, such as `FRA,BEL`, `REL TO USA, GBR`, `NF`.
    fn portion_codes<'a>(&'a self, part: &'a str) -> Option<Vec<&'a str>> {
        let words = self.display.releasable.as_ref();
        if words.and_then(|words| words.owner_portion.as_deref()).is_some_and(|short| short == part) {
            return Some(vec![self.owner()]);
        }
        let prefix = words.map_or("", |words| words.portion_prefix.as_str());
        let list = part.strip_prefix(prefix).unwrap_or(part);
        list.split(',')
            .map(str::trim)
            .map(|word| matches!(self.meaning(word)?, Meaning::Releasable(_) | Meaning::Everybody).then_some(word))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(id: &str) -> Policy {
        let (_, toml) = super::super::builtin().iter().find(|(name, _)| *name == id).expect("a policy of the product");
        Policy::parse(toml).expect("a good policy")
    }

    #[test]
    fn every_mark_of_every_policy_is_read_back() {
        for (id, toml) in super::super::builtin() {
            let policy = Policy::parse(toml).expect("a good policy");
            for level in policy.levels() {
                let bare = format!("({})", level.portion());
                let mut texts = vec![level.code().to_owned(), format!("{}/ALL", level.code())];
                texts
                    .extend(policy.categories().iter().map(|category| format!("{}/{}", level.code(), category.code())));
                let nations: Vec<&str> = policy.releasability().iter().take(2).map(|code| code.code()).collect();
                texts.push(format!("{}/{}", level.code(), nations.join(",")));
                let every: Vec<&str> = policy.categories().iter().map(|category| category.code()).collect();
                let top = policy.levels().last().expect("a level").code();
                let clearance = if every.is_empty() { top.to_owned() } else { format!("{top}/{}", every.join(",")) };
                let reader = policy.parse_clearance(&clearance, policy.owner()).expect("the whole policy");
                assert!(policy.parse_portion(&bare, &reader).is_some(), "{id}: {bare}");
                for label in texts.iter().filter_map(|text| policy.parse_label(text).ok()) {
                    let mark = policy.portion(&label);
                    // Where a policy knows nobody but its owner, or says nothing of him, the mark is the bare one.
                    let read = policy.parse_portion(&mark, &reader).unwrap_or_else(|| panic!("{id}: {mark}"));
                    assert_eq!(policy.portion(&read), mark, "{id}");
                    assert!(policy.display.releasable.is_none() || read == label, "{id}: {mark}");
                }
            }
        }
    }

    #[test]
    fn marks_are_read_and_other_words_are_not() {
        let policy = policy("fr-igi1300");
        let reader = policy.parse_clearance("DR", "FRA").expect("a clearance");
        let read = |mark: &str| policy.parse_portion(mark, &reader).map(|label| policy.print(&label));
        assert_eq!(read("(DR)").as_deref(), Some("DR"));
        assert_eq!(read("(NP)").as_deref(), Some("NP/ALL"));
        assert_eq!(read("(S)").as_deref(), Some("S"), "a level above the clearance is what one warns about");
        assert_eq!(read("(S/FRA,BEL)").as_deref(), Some("S/FRA,BEL"));
        assert_eq!(read("(S/FRA, BEL)").as_deref(), Some("S/FRA,BEL"));
        for other in
            ["(s)", "(dr)", "(SX)", "(S/)", "(S/XYZ)", "()", "DR", "(DR", "(S/FRA/SF)", "(S/BEL)", "(S/FRA,FRA)"]
        {
            assert_eq!(read(other), None, "{other}");
        }
    }

    #[test]
    fn a_category_that_the_reader_does_not_hold_is_no_word() {
        let policy = policy("fr-igi1300");
        let (held, not) = ("S/SF", "S");
        let mark = policy.portion(&policy.parse_label("S/SF").expect("a label"));
        let reads = |clearance: &str| {
            policy.parse_portion(&mark, &policy.parse_clearance(clearance, "FRA").expect("a clearance")).is_some()
        };
        assert!(reads(held) && !reads(not));
    }
}
