//! `vigie label check|join|convert`: what the label commands answer. Pure; files and the command line stay outside.

use serde::Serialize;

use crate::{
    clock::Time,
    label::{self, Label, LabelError, LabelView, Policy, PolicyError, StanagError},
    words::{Language, Sentence, key},
};

/// The policy meant when none is named: the first that comes with the product.
pub fn default_policy() -> &'static str {
    label::builtin().first().map_or("", |(id, _)| id)
}

/// Where the words come from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Source<'a> {
    /// A policy that comes with the product, by its id.
    Builtin(&'a str),
    /// The text of a policy file.
    Text(&'a str),
}

/// Reads the policy that the command works with.
pub fn policy(source: Source<'_>) -> Result<Policy, Refused> {
    let toml = match source {
        Source::Text(toml) => toml,
        Source::Builtin(id) => match label::builtin().iter().find(|(known, _)| *known == id) {
            Some((_, toml)) => toml,
            None => return Err(Refused::UnknownPolicy { id: id.to_owned() }),
        },
    };
    Ok(Policy::parse(toml)?)
}

/// Everything that can be said of one label.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Report {
    /// Id of the policy.
    pub policy: String,
    /// The shortest wire text.
    pub text: String,
    /// The explicit text that records keep.
    pub stored: String,
    /// The mark in front of a paragraph.
    pub portion: String,
    /// The label itself, with its marking.
    pub label: LabelView,
}

impl Report {
    fn new(policy: &Policy, label: &Label, language: Language) -> Self {
        Self {
            policy: policy.id().to_owned(),
            text: policy.print(label),
            stored: policy.stored(label),
            portion: policy.portion(label),
            label: policy.view(label, language),
        }
    }

    /// The report for people.
    pub fn sentence(&self) -> Sentence {
        let sentence = Sentence::new(key::LABEL_CHECKED)
            .with("policy", self.policy.as_str())
            .with("marking", self.label.marking.as_str())
            .with("portion", self.portion.as_str())
            .with("level", self.label.level.as_str())
            .with("releasable", self.label.releasable.join(", "))
            .with("text", self.text.as_str());
        if self.label.categories.is_empty() {
            sentence.with("categories", Sentence::new(key::LABEL_NO_CATEGORY))
        } else {
            sentence.with("categories", self.label.categories.join(", "))
        }
    }
}

/// `vigie label check TEXT`: is it a label, and what does it say?
pub fn check(policy: &Policy, text: &str, language: Language) -> Result<Report, Refused> {
    Ok(Report::new(policy, &read(policy, text)?, language))
}

/// `vigie label join A B…`: the label of what holds all of them.
pub fn join(policy: &Policy, texts: &[&str], language: Language) -> Result<Report, Refused> {
    let mut joined: Option<Label> = None;
    for text in texts {
        let label = read(policy, text)?;
        joined = Some(joined.map_or(label, |before| before.join(&label)));
    }
    joined.map(|label| Report::new(policy, &label, language)).ok_or(Refused::NothingToJoin)
}

/// The forms that a label is converted to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// The wire text.
    Text,
    /// JSON.
    Json,
    /// A STANAG 4774 label.
    Stanag,
    /// What a banner says.
    Marking,
}

impl Form {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Text, Self::Json, Self::Stanag, Self::Marking];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Stanag => "stanag",
            Self::Marking => "marking",
        }
    }

    /// The form of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.name() == name)
    }
}

/// The dates of a STANAG label.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Dates {
    /// When the label was given.
    pub created: Time,
    /// When it must be looked at again.
    pub review: Time,
}

/// `vigie label convert TEXT --to FORM`.
pub fn convert(policy: &Policy, text: &str, form: Form, dates: Dates, language: Language) -> Result<String, Refused> {
    let label = read(policy, text)?;
    match form {
        Form::Text => Ok(policy.print(&label)),
        Form::Marking => Ok(policy.marking(&label, language)),
        Form::Stanag => Ok(policy.export_stanag(&label, dates.created, dates.review)),
        Form::Json => serde_json::to_string(&policy.view(&label, language)).map_err(|_never| Refused::NoJson),
    }
}

/// Why a label command gives no answer. The writer's fault.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refused {
    /// No policy of that id comes with the product.
    UnknownPolicy {
        /// The id that was asked for.
        id: String,
    },
    /// The file is no policy.
    Policy(PolicyError),
    /// The text is no label.
    Label(LabelError),
    /// The text is no STANAG label.
    Stanag(StanagError),
    /// The text begins like JSON and is no label in JSON.
    NoJson,
    /// There was nothing to join.
    NothingToJoin,
}

impl Refused {
    /// Stable name for machines.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownPolicy { .. } => "label-unknown-policy",
            Self::Policy(error) => error.code(),
            Self::Label(error) => error.code(),
            Self::Stanag(error) => error.code(),
            Self::NoJson => "label-no-json",
            Self::NothingToJoin => "label-nothing-to-join",
        }
    }

    /// What the person reads.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::UnknownPolicy { id } => {
                let known: Vec<&str> = label::builtin().iter().map(|(id, _)| *id).collect();
                Sentence::new(key::LABEL_UNKNOWN_POLICY).with("word", id.as_str()).with("known", known.join(", "))
            }
            Self::Policy(error) => error.sentence(),
            Self::Label(error) => error.sentence(),
            Self::Stanag(error) => error.sentence(),
            Self::NoJson => Sentence::new(key::LABEL_NO_JSON),
            Self::NothingToJoin => Sentence::new(key::LABEL_NOTHING_TO_JOIN),
        }
    }
}

impl From<PolicyError> for Refused {
    fn from(error: PolicyError) -> Self {
        Self::Policy(error)
    }
}

impl From<LabelError> for Refused {
    fn from(error: LabelError) -> Self {
        Self::Label(error)
    }
}

/// A label in any of its written forms: STANAG 4774 XML, JSON, or wire text.
fn read(policy: &Policy, text: &str) -> Result<Label, Refused> {
    let trimmed = text.trim();
    if trimmed.starts_with('<') {
        return policy.read_stanag(trimmed).map(|read| read.label).map_err(Refused::Stanag);
    }
    if trimmed.starts_with('{') {
        let view: LabelView = serde_json::from_str(trimmed).map_err(|_no_label| Refused::NoJson)?;
        return Ok(policy.parse_view(&view)?);
    }
    Ok(policy.parse_label(trimmed)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATES: Dates = Dates { created: Time(1_795_248_000_000), review: Time(2_000_000_000_000) };

    fn french() -> Policy {
        policy(Source::Builtin(default_policy())).expect("the French policy is a policy")
    }

    #[test]
    fn a_label_survives_every_form_but_its_marking() {
        let policy = french();
        for text in ["NP/ALL", "DR", "S/SF", "TS/ALPHA,BRAVO/FRA,BEL,DEU"] {
            for form in [Form::Text, Form::Json, Form::Stanag] {
                let written = convert(&policy, text, form, DATES, Language::French).expect("a label");
                let read = check(&policy, &written, Language::French).expect("what we write we read");
                assert_eq!(read.text, text, "{}", form.name());
            }
        }
    }

    #[test]
    fn joining_keeps_what_all_allow() {
        let joined =
            join(&french(), &["DR/FRA,BEL,DEU", "S/ALPHA/FRA,BEL", "NP/ALL"], Language::French).expect("labels");
        assert_eq!(joined.text, "S/ALPHA/FRA,BEL");
        assert_eq!(joined.label.marking, "SECRET – ALPHA – COMMUNICABLE À FRA, BEL");
        assert_eq!(join(&french(), &[], Language::French), Err(Refused::NothingToJoin));
    }

    #[test]
    fn a_refusal_has_a_code_and_a_sentence_in_every_language() {
        let refused = [
            policy(Source::Builtin("atlantis")).expect_err("no such policy"),
            policy(Source::Text("id = 3")).expect_err("no policy"),
            check(&french(), "X", Language::French).expect_err("no level"),
            check(&french(), "<x/>", Language::French).expect_err("no label"),
            check(&french(), "{}", Language::French).expect_err("no label"),
        ];
        let codes =
            ["label-unknown-policy", "policy-malformed", "label-unknown-level", "stanag-wrong-root", "label-no-json"];
        for (refused, code) in refused.iter().zip(codes) {
            assert_eq!(refused.code(), code);
            for language in Language::ALL {
                let text = refused.sentence().render(language);
                assert!(text.len() > 10 && !text.contains('{'), "{text}");
            }
        }
    }

    #[test]
    fn a_report_speaks_of_the_label_alone() {
        let report = check(&french(), "très secret/bravo", Language::French).expect("a label");
        let text = report.sentence().render(Language::French);
        assert!(text.contains("TRÈS SECRET – BRAVO") && text.contains("(TS/BRAVO)") && text.contains("FRA"), "{text}");
    }
}
