//! STANAG 4774 labels (`originatorConfidentialityLabel`), out and in.
//!
//! The standard takes a label without a PERMISSIVE tag for one that may go to anybody. Here it belongs to the owner alone,
//! and what we write always has the tag, even when it names only the owner: no join and no loss of a tag lets more people in.

use serde::Deserialize;

use super::{
    error::Word,
    lattice::Label,
    policy::{Policy, fold},
    stanag_error::StanagError,
    xml::{self, Element, escape},
};
use crate::clock::Time;

const NAMESPACE: &str = "urn:nato:stanag:4774:confidentialitymetadatalabel:1:0";
const ROOT: &str = "originatorConfidentialityLabel";
const CONTEXT: &str = "Context";

/// The names that a policy gives to its parts in STANAG labels.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tags {
    /// Text of `PolicyIdentifier`.
    pub(super) policy: String,
    /// Tag of the categories.
    pub(super) restrictive: String,
    /// Tag of the releasability.
    pub(super) permissive: String,
    /// Value of the `Context` tag that labels of this policy must have. It names the owner.
    pub(super) context: Option<String>,
}

/// A STANAG label, read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ConfidentialityLabel {
    /// The label under our policy.
    pub label: Label,
    /// When it was given.
    pub created: Time,
    /// When it must be looked at again.
    pub review: Option<Time>,
}

impl Policy {
    /// Writes the label as an `originatorConfidentialityLabel`. The standard demands both dates.
    pub fn export_stanag(&self, label: &Label, created: Time, review: Time) -> String {
        let mut categories = String::new();
        if let Some(context) = &self.tags.context {
            categories.push_str(&category("PERMISSIVE", CONTEXT, &[context.as_str()]));
        }
        let restrictive = self.category_codes(label);
        if !restrictive.is_empty() {
            categories.push_str(&category("RESTRICTIVE", &self.tags.restrictive, &restrictive));
        }
        let permissive = self.releasable_codes(label);
        categories.push_str(&category("PERMISSIVE", &self.tags.permissive, &permissive));
        let classification = self.level(label).map_or("", |level| level.classification.as_str());
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <s4774:{ROOT} xmlns:s4774=\"{NAMESPACE}\" ReviewDateTime=\"{review}\">\n\
             \x20 <s4774:ConfidentialityInformation>\n\
             \x20   <s4774:PolicyIdentifier URI=\"urn:oid:{}\">{}</s4774:PolicyIdentifier>\n\
             \x20   <s4774:Classification>{}</s4774:Classification>\n\
             {categories}\
             \x20 </s4774:ConfidentialityInformation>\n\
             \x20 <s4774:CreationDateTime>{created}</s4774:CreationDateTime>\n\
             </s4774:{ROOT}>\n",
            self.oid,
            escape(&self.tags.policy),
            escape(classification),
        )
    }

    /// Reads an `originatorConfidentialityLabel` of this policy. Whatever could change who may read, and is not
    /// understood, is refused: unknown tags that restrict, successor labels, other policies.
    pub fn read_stanag(&self, text: &str) -> Result<ConfidentialityLabel, StanagError> {
        let root = xml::read(text)?;
        if root.namespace != NAMESPACE || root.name != ROOT {
            return Err(StanagError::WrongRoot(Word::new(&root.name)));
        }
        only_attributes(&root, &["Id", "ReviewDateTime"])?;
        no_text(&root)?;
        let review = attribute(&root, "ReviewDateTime").map(date).transpose()?;
        let mut children = root.children.iter().peekable();
        let information = next(&mut children, "ConfidentialityInformation")
            .ok_or(StanagError::Missing("ConfidentialityInformation"))?;
        if let Some(originator) = next(&mut children, "OriginatorID") {
            only_attributes(originator, &["IDType"])?;
        }
        let created = next(&mut children, "CreationDateTime").ok_or(StanagError::Missing("CreationDateTime"))?;
        leaf(created, &[])?;
        let created = date(&created.text)?;
        match children.next() {
            Some(more) => Err(StanagError::Unexpected(Word::new(&more.name))),
            None => Ok(ConfidentialityLabel { label: self.read_information(information)?, created, review }),
        }
    }

    fn read_information(&self, information: &Element) -> Result<Label, StanagError> {
        only_attributes(information, &[])?;
        no_text(information)?;
        let mut children = information.children.iter().peekable();
        let policy = next(&mut children, "PolicyIdentifier").ok_or(StanagError::Missing("PolicyIdentifier"))?;
        leaf(policy, &["URI"])?;
        let foreign = attribute(policy, "URI").is_some_and(|uri| uri.strip_prefix("urn:oid:") != Some(&self.oid));
        if foreign || fold(&token(&policy.text)) != fold(&self.tags.policy) {
            return Err(StanagError::WrongPolicy(Word::new(&token(&policy.text))));
        }
        let classification = next(&mut children, "Classification").ok_or(StanagError::Missing("Classification"))?;
        leaf(classification, &[])?;
        let classification = token(&classification.text);
        let level = self.levels.iter().find(|level| fold(&level.classification) == fold(&classification));
        let level = level.ok_or_else(|| StanagError::UnknownClassification(Word::new(&classification)))?;
        if let Some(mark) = next(&mut children, "PrivacyMark") {
            leaf(mark, &[])?;
        }
        let mut read = Read::default();
        while let Some(element) = next(&mut children, "Category") {
            self.read_category(element, &mut read)?;
        }
        if let Some(more) = children.next() {
            return Err(StanagError::Unexpected(Word::new(&more.name)));
        }
        if let Some(context) = &self.tags.context {
            if read.context.as_ref().is_none_or(|values| !values.iter().any(|value| fold(value) == fold(context))) {
                return Err(StanagError::ContextMissing(Word::new(context)));
            }
            // The context is the owner's: it names him where the list of partners does not.
            if let Some(releasable) = &mut read.permissive
                && !releasable.iter().any(|code| fold(code) == fold(&self.owner))
            {
                releasable.push(self.owner.clone());
            }
        }
        let permissive = read.permissive.as_ref().map(|values| values.iter().map(String::as_str).collect());
        let restrictive = read.restrictive.iter().flatten().map(String::as_str);
        Ok(self.assemble_words(&level.code, restrictive, permissive)?)
    }

    fn read_category(&self, element: &Element, read: &mut Read) -> Result<(), StanagError> {
        only_attributes(element, &["Type", "TagName", "URI"])?;
        no_text(element)?;
        let kind = attribute(element, "Type").ok_or(StanagError::Missing("Type"))?;
        let tag = token(attribute(element, "TagName").ok_or(StanagError::Missing("TagName"))?);
        if !matches!(kind, "RESTRICTIVE" | "PERMISSIVE" | "INFORMATIVE") {
            return Err(StanagError::BadType(Word::new(kind)));
        }
        let is = |name: &str| fold(&tag) == fold(name);
        let (place, expected) = if is(&self.tags.restrictive) {
            (&mut read.restrictive, "RESTRICTIVE")
        } else if is(&self.tags.permissive) {
            (&mut read.permissive, "PERMISSIVE")
        } else if is(CONTEXT) && self.tags.context.is_some() {
            (&mut read.context, "PERMISSIVE")
        } else if kind == "INFORMATIVE" {
            return Ok(());
        } else {
            return Err(StanagError::UnknownTag(Word::new(&tag)));
        };
        if kind != expected {
            return Err(StanagError::WrongTagType(Word::new(&tag)));
        }
        let mut values = Vec::new();
        for value in &element.children {
            if value.namespace != NAMESPACE || value.name != "GenericValue" {
                return Err(StanagError::Unexpected(Word::new(&value.name)));
            }
            leaf(value, &[])?;
            values.push(token(&value.text));
        }
        match place.replace(values) {
            None => Ok(()),
            Some(_) => Err(StanagError::SameTagTwice(Word::new(&tag))),
        }
    }
}

/// The values of the tags that decide.
#[derive(Default)]
struct Read {
    restrictive: Option<Vec<String>>,
    permissive: Option<Vec<String>>,
    context: Option<Vec<String>>,
}

fn category(kind: &str, tag: &str, values: &[&str]) -> String {
    let values: String = values
        .iter()
        .map(|value| format!("      <s4774:GenericValue>{}</s4774:GenericValue>\n", escape(value)))
        .collect();
    let tag = escape(tag);
    format!("    <s4774:Category Type=\"{kind}\" TagName=\"{tag}\">\n{values}    </s4774:Category>\n")
}

type Children<'a> = std::iter::Peekable<std::slice::Iter<'a, Element>>;

/// The next element if it bears that name; the order of the elements is fixed.
fn next<'a>(children: &mut Children<'a>, name: &str) -> Option<&'a Element> {
    children.next_if(|element| element.namespace == NAMESPACE && element.name == name)
}

fn attribute<'a>(element: &'a Element, name: &str) -> Option<&'a str> {
    element.attributes.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
}

fn only_attributes(element: &Element, known: &[&str]) -> Result<(), StanagError> {
    match element.attributes.iter().find(|(name, _)| !known.contains(&name.as_str())) {
        Some((name, _)) => Err(StanagError::Unexpected(Word::new(name))),
        None => Ok(()),
    }
}

fn leaf(element: &Element, known: &[&str]) -> Result<(), StanagError> {
    only_attributes(element, known)?;
    match element.children.first() {
        Some(child) => Err(StanagError::Unexpected(Word::new(&child.name))),
        None => Ok(()),
    }
}

fn no_text(element: &Element) -> Result<(), StanagError> {
    if element.text.trim().is_empty() { Ok(()) } else { Err(StanagError::Unexpected(Word::new(element.text.trim()))) }
}

/// `xs:token`: white space at the ends goes, runs of it become one space.
fn token(text: &str) -> String {
    text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

fn date(text: &str) -> Result<Time, StanagError> {
    Time::parse(text.trim()).ok_or_else(|| StanagError::BadDate(Word::new(text.trim())))
}
