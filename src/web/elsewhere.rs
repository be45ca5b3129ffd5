//! What can be changed at its own label alone, met at another one: that is said, with a button that goes to work there.

use askama::{Template, filters::HtmlSafe};

use super::{
    frame::Frame,
    marking::{Chip, Stamp},
    page::framed,
    visit::Visitor,
};
use crate::{label::Label, words::key as k};

/// Why something can only be read, and the chooser's own form, filled in with the label at which it can be changed.
#[derive(Clone, PartialEq, Eq, Debug, Template)]
#[template(path = "switch.html")]
pub struct Switch {
    why: String,
    button: String,
    there: Option<There>,
}

/// The words that the chooser sends for a label.
#[derive(Clone, PartialEq, Eq, Debug)]
struct There {
    chip: Chip,
    level: String,
    categories: Vec<String>,
    spread: &'static str,
    nations: Vec<String>,
}

impl HtmlSafe for Switch {}

impl Switch {
    /// The way to that label; none for whoever works there already. Whose clearance does not reach it reads why, and gets no
    /// button.
    pub fn to(visitor: &Visitor, label: &Label) -> Option<Self> {
        if visitor.works_at(label) {
            return None;
        }
        let (config, tongue) = (visitor.config(), visitor.tongue);
        let policy = config.policy();
        let there = visitor.subject.account().clearance().reaches(label).then(|| {
            let view = policy.view(label, tongue.0);
            let all = view.releasable.len() == policy.releasability().len();
            There {
                chip: Chip::under(policy, label, tongue),
                level: view.level,
                categories: view.categories,
                spread: if all { "all" } else { "some" },
                nations: if all { Vec::new() } else { view.releasable },
            }
        });
        Some(Self { why: tongue.say(k::WEB_WHY_LABEL), button: tongue.say(k::WEB_WORK_THERE), there })
    }
}

/// The page in place of a form that could not be sent.
#[derive(Template)]
#[template(path = "elsewhere.html")]
pub(super) struct ElsewherePage {
    pub(super) frame: Frame,
    /// What it is, and its path: where the page leads back to.
    pub(super) what: String,
    pub(super) back: String,
    /// What the form would have been for.
    pub(super) deed: String,
    pub(super) stamp: Stamp,
    pub(super) switch: Switch,
}

framed!(ElsewherePage);
