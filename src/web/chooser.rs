//! The chooser of the working label: levels, categories and nations that the clearance allows, each with what it changes.

use super::{marking::Chip, say::Tongue};
use crate::{
    label::{Clearance, Label, Policy},
    words::key as k,
};

/// A level that the clearance allows, in the chooser.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LevelChoice {
    /// Word on the wire.
    pub code: String,
    /// What people read.
    pub name: String,
    /// Its chip.
    pub chip: Chip,
    /// What working there changes.
    pub effect: String,
    /// Whether it is the present one.
    pub present: bool,
}

/// A word that may be ticked in the chooser: a category, a nation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WordChoice {
    /// Word on the wire.
    pub code: String,
    /// What people read.
    pub name: String,
    /// Whether it is ticked.
    pub present: bool,
}

/// The chooser of the working label: what the clearance allows, and no word more.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Chooser {
    /// Levels, lowest first.
    pub levels: Vec<LevelChoice>,
    /// Categories held.
    pub categories: Vec<WordChoice>,
    /// Nations and organisations but the owner, who is always named.
    pub nations: Vec<WordChoice>,
    /// Who is named: `usual`, `all` or `some`.
    pub spread: &'static str,
    /// The clearance, in words.
    pub clearance: String,
}

impl Chooser {
    /// The chooser of somebody of that clearance and nation.
    pub fn of(policy: &Policy, working: &Label, clearance: &Clearance, nation: &str, tongue: Tongue) -> Self {
        let words = policy.words_for(clearance);
        let view = policy.view(working, tongue.0);
        let lowest = policy.levels().first().map_or("", |level| level.code());
        let levels = words.levels.iter().map(|level| {
            let text = if level.code() == lowest { format!("{}/ALL", level.code()) } else { level.code().to_owned() };
            let bare = policy.parse_label(&text).unwrap_or_else(|_never| policy.lowest());
            LevelChoice {
                code: level.code().to_owned(),
                name: level.name(tongue.0).to_owned(),
                chip: Chip::under(policy, &bare, tongue),
                effect: if level.code() == lowest {
                    tongue.say(k::WEB_WORKING_LOWEST)
                } else {
                    tongue.with(k::WEB_WORKING_LEVEL, "level", level.name(tongue.0))
                },
                present: level.code() == view.level,
            }
        });
        let categories = words.categories.iter().map(|category| WordChoice {
            code: category.code().to_owned(),
            name: category.name(tongue.0).to_owned(),
            present: view.categories.iter().any(|code| code == category.code()),
        });
        let nations = words.releasability.iter().filter(|nation| nation.code() != policy.owner());
        let nations = nations.map(|nation| WordChoice {
            code: nation.code().to_owned(),
            name: nation.name(tongue.0).to_owned(),
            present: view.releasable.iter().any(|code| code == nation.code()),
        });
        let all = view.releasable.len() == words.releasability.len();
        let usual = match (view.level == lowest, all) {
            (true, all) => all,
            (false, _) => view.releasable.iter().all(|code| code == policy.owner() || code == nation),
        };
        Self {
            levels: levels.collect(),
            categories: categories.collect(),
            nations: nations.collect(),
            spread: if usual {
                "usual"
            } else if all {
                "all"
            } else {
                "some"
            },
            clearance: format!("{}, {nation}", policy.print_clearance(clearance)),
        }
    }
}
