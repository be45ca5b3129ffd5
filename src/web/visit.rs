//! One request for a page.

use std::sync::Arc;

use super::{
    assets::{Addresses, Shelf},
    form::Form,
    preferences::Preferences,
    say::Tongue,
};
use crate::{
    api::Call,
    config::Config,
    identity::Subject,
    label::{Label, Policy},
    vault::Vault,
};

/// Who visits: all that the frame of a page needs, and an error page too.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// The vault, as it was when the request came.
    pub vault: Arc<Vault>,
    /// Who asks.
    pub subject: Subject,
    /// What the browser remembers for this person.
    pub preferences: Preferences,
    /// Language of the page.
    pub tongue: Tongue,
    /// Where style and scripts stand.
    pub addresses: Addresses,
    /// The label that the form which came was filled in at, if that is another one than the working label.
    pub typed_at: Option<Label>,
}

impl Visitor {
    /// The configuration in force.
    pub fn config(&self) -> Arc<Config> {
        Arc::clone(&self.vault.monitor().config())
    }

    /// The lowest label: of a page that shows nothing.
    pub fn lowest(&self) -> Label {
        self.config().policy().lowest()
    }

    /// The join of the labels of what a page shows.
    pub fn joined(&self, labels: impl IntoIterator<Item = Label>) -> Label {
        labels.into_iter().fold(self.lowest(), |all, label| all.join(&label))
    }

    /// Whether something of this label may be changed at the working label.
    pub fn works_at(&self, label: &Label) -> bool {
        label == self.subject.working()
    }

    /// What a banner says of a label.
    pub fn marking(&self, label: &Label) -> String {
        let config = self.config();
        let policy: &Policy = config.policy();
        policy.marking(label, self.tongue.0)
    }

    /// The name of a person, as whoever reads what he wrote may know it.
    pub fn name(&self, account: crate::ids::AccountId) -> String {
        self.config().account(account).map_or_else(String::new, |account| account.display().to_owned())
    }
}

/// One request for a page.
#[derive(Debug)]
pub struct Visit {
    /// Path, query and what makes a request safe to repeat.
    pub call: Call,
    /// Who asks.
    pub visitor: Visitor,
    /// Style and scripts.
    pub shelf: Arc<Shelf>,
    /// The page that sent the person here: path and query, of this site.
    pub came_from: Option<String>,
    /// Whether the browser reads zstd.
    pub unpacks: bool,
    /// What a form sent; empty for a page that is only read.
    pub form: Form,
}

impl Visit {
    /// The vault.
    pub const fn vault(&self) -> &Arc<Vault> {
        &self.call.vault
    }

    /// Who asks.
    pub const fn subject(&self) -> &Subject {
        &self.call.subject
    }

    /// Words in the reader's language.
    pub const fn tongue(&self) -> Tongue {
        self.visitor.tongue
    }
}
