//! The rules (DESIGN §1), pure: who may do what to an object of which label.
//!
//! Every function answers the rule that decided, so that the journal can say it.

use crate::{
    audit::entry::Rule,
    identity::Subject,
    ids::{AccountId, Id},
    label::Label,
};

/// What is known of an object before it is opened: the authenticated header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// The object.
    pub id: Id,
    /// Its version.
    pub version: u64,
    /// Its label.
    pub label: Label,
    /// The space or conversation it lives in, or [`Id::NONE`].
    pub home: Id,
    /// Who created it.
    pub author: AccountId,
    /// SHA-256 of the stored bytes, for the journal.
    pub digest: Option<crate::crypto::Digest>,
}

/// The part that somebody plays in a space or conversation.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// Reads and writes.
    Member,
    /// Also changes the space and its members.
    Animator,
}

/// What an act demands of one of its targets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// The object can be read at the working label.
    Reach,
    /// The object can be read and bears the working label itself.
    Change,
    /// As [`Need::Change`], by an animator of its home.
    ChangeAsAnimator,
    /// As [`Need::Change`], by its author.
    ChangeAsAuthor,
    /// As [`Need::Change`], by its author or an animator of its home.
    ChangeAsAuthorOrAnimator,
}

/// Whether the subject may read `target`, being `part` of its home.
///
/// # Errors
/// The rule that forbids it.
pub fn reach(subject: &Subject, target: &Target, part: Option<Part>) -> Result<(), Rule> {
    if subject.is_officer() {
        return Err(Rule::NoContentRole);
    }
    #[cfg(feature = "exam")]
    if crate::exam::planted(crate::exam::Leak::MembershipSkipped) && target.label.flows_to(subject.working()) {
        return Ok(());
    }
    #[cfg(feature = "exam")]
    if crate::exam::planted(crate::exam::Leak::ReadUp) && (target.home.is_none() || part.is_some()) {
        return Ok(());
    }
    if !target.label.flows_to(subject.working()) {
        return Err(Rule::NotDominated);
    }
    if !target.home.is_none() && part.is_none() {
        return Err(Rule::NotMember);
    }
    Ok(())
}

/// Whether the subject may do to `target` what `need` says.
///
/// # Errors
/// The rule that forbids it; the rules of [`reach`] first, so that what cannot be read looks absent.
pub fn need(subject: &Subject, target: &Target, part: Option<Part>, need: Need) -> Result<(), Rule> {
    reach(subject, target, part)?;
    if need == Need::Reach {
        return Ok(());
    }
    if target.label != *subject.working() {
        return Err(Rule::LabelDiffers);
    }
    let author = target.author == subject.id();
    let animator = part == Some(Part::Animator);
    match need {
        Need::Reach | Need::Change => Ok(()),
        Need::ChangeAsAnimator if animator => Ok(()),
        Need::ChangeAsAuthor if author => Ok(()),
        Need::ChangeAsAuthorOrAnimator if author || animator => Ok(()),
        Need::ChangeAsAnimator => Err(Rule::NotAnimator),
        Need::ChangeAsAuthor | Need::ChangeAsAuthorOrAnimator => Err(Rule::NotAuthor),
    }
}

/// Whether the rule speaks of an object that the person may not even know of.
pub const fn hides(rule: Rule) -> bool {
    matches!(rule, Rule::Absent | Rule::NotDominated | Rule::NotMember | Rule::NoContentRole)
}
