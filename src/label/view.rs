//! A label as JSON carries it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{error::LabelError, lattice::Label, policy::Policy};
use crate::words::Language;

/// A label in an answer or a request. In a request only the first three fields count; the marking is for people.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LabelView {
    /// Code of the level.
    pub level: String,
    /// Codes of the categories, in the order of the policy.
    #[serde(default)]
    pub categories: Vec<String>,
    /// Codes of the nations and organisations that may hold it, the owner first. Always explicit.
    pub releasable: Vec<String>,
    /// What a banner says.
    #[serde(default)]
    pub marking: String,
}

impl Policy {
    /// The label as JSON carries it, with its marking in that language.
    pub fn view(&self, label: &Label, language: Language) -> LabelView {
        LabelView {
            level: self.level(label).map_or("", |level| level.code()).to_owned(),
            categories: self.leading_categories_of(label).map(|category| category.code().to_owned()).collect(),
            releasable: self.releasability_of(label).map(|code| code.code().to_owned()).collect(),
            marking: self.marking(label, language),
        }
    }

    /// The label that a request names; its marking is not read.
    pub fn parse_view(&self, view: &LabelView) -> Result<Label, LabelError> {
        let releasable = view.releasable.iter().map(String::as_str).collect::<Vec<_>>();
        self.assemble_words(&view.level, view.categories.iter().map(String::as_str), Some(releasable))
    }
}
