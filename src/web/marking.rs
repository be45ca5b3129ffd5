//! A label as people see it: chip in the margin, stamp at the head, banner round the page.

use askama::{Template, filters::HtmlSafe};

use super::{say::Tongue, visit::Visitor};
use crate::{
    label::{Label, Policy},
    sharing::note::{Grade, Reliability},
};

/// A label in the margin of a row.
#[derive(Clone, PartialEq, Eq, Debug, Template)]
#[template(path = "chip.html")]
pub struct Chip {
    level: String,
    short: String,
    stamps: Vec<String>,
    more: Vec<String>,
    full: String,
}

impl HtmlSafe for Chip {}

/// Words of a marking that fit on one line of a chip: two nations as they are, of more the first and how many others. The
/// whole marking is in the chip's title, and read out with it.
fn shortened(words: &str) -> String {
    let all: Vec<&str> = words.split(", ").collect();
    let [first, others @ ..] = all.as_slice() else { return String::new() };
    let nation = first.rsplit(' ').next().unwrap_or_default();
    match others {
        [] => (*first).to_owned(),
        [other] => format!("{nation},{other}"),
        others => format!("{nation}\u{a0}+{}", others.len()),
    }
}

impl Chip {
    /// The chip of a label.
    pub fn of(visitor: &Visitor, label: &Label) -> Self {
        let config = visitor.config();
        Self::under(config.policy(), label, visitor.tongue)
    }

    /// The chip of a label under a policy.
    pub fn under(policy: &Policy, label: &Label, tongue: Tongue) -> Self {
        let brief = policy.brief(label);
        let more = brief.more.iter().map(|words| shortened(words));
        Self {
            level: policy.level(label).map_or("", |level| level.code()).to_owned(),
            short: brief.level,
            stamps: brief.stamps,
            more: more.collect(),
            full: policy.marking(label, tongue.0),
        }
    }

    /// The level's code, for style.
    pub fn level(&self) -> &str {
        &self.level
    }

    /// The whole marking.
    pub fn full(&self) -> &str {
        &self.full
    }
}

/// A label in full, as on paper: `stamp.html` puts it at the head of a note, the frame into its banners.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Marking {
    /// The level's code, for style.
    pub level: String,
    /// The parts, each with the code of its stamp if it has one.
    pub parts: Vec<(String, Option<String>)>,
}

impl Marking {
    /// The marking of a label.
    pub fn under(policy: &Policy, label: &Label, tongue: Tongue) -> Self {
        Self {
            level: policy.level(label).map_or("", |level| level.code()).to_owned(),
            parts: policy.marking_parts(label, tongue.0),
        }
    }
}

/// A label in full, at the head of one thing.
#[derive(Clone, PartialEq, Eq, Debug, Template)]
#[template(path = "stamp.html")]
pub struct Stamp {
    marking: Marking,
}

impl HtmlSafe for Stamp {}

impl Stamp {
    /// The stamp of a label.
    pub fn of(visitor: &Visitor, label: &Label) -> Self {
        let config = visitor.config();
        Self { marking: Marking::under(config.policy(), label, visitor.tongue) }
    }
}

/// The two judgements of the Admiralty code.
#[derive(Clone, PartialEq, Eq, Debug, Template)]
#[template(path = "grade.html")]
pub struct Cote {
    letter: String,
    figure: u8,
    /// What the letter says.
    pub source: String,
    /// What the figure says.
    pub information: String,
    unknown_source: bool,
    unknown_information: bool,
}

impl HtmlSafe for Cote {}

impl Cote {
    /// A grade in words and signs.
    pub fn of(grade: Grade, tongue: Tongue) -> Self {
        Self {
            letter: format!("{:?}", grade.reliability),
            figure: grade.credibility,
            source: tongue.reliability(grade.reliability),
            information: tongue.credibility(grade.credibility),
            unknown_source: grade.reliability == Reliability::F,
            unknown_information: grade.credibility == 6,
        }
    }

    /// Both signs, as on paper: `B2`.
    pub fn short(&self) -> String {
        format!("{}{}", self.letter, self.figure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chip_says_two_nations_on_one_line_and_counts_the_others() {
        let cases = [
            ("ALPHA", "ALPHA"),
            ("FRA, BEL", "FRA,BEL"),
            ("REL TO USA, GBR", "USA,GBR"),
            ("FRA, BEL, DEU", "FRA\u{a0}+2"),
            ("", ""),
        ];
        for (words, short) in cases {
            assert_eq!(shortened(words), short);
        }
    }
}
