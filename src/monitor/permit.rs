//! Permits: what one needs to open or seal anything, and how one comes by them.
//!
//! A permit is minted in this folder only, for one right on one thing, and is spent
//! by move in the vault. A read permit is minted against the [`Receipt`] of its
//! journal entry: no grant without a durable trace. A write permit carries the
//! entry itself, which the committer makes durable in the same synced batch as the
//! data: the decision and its effect are one entry and cannot be parted. A walk permit carries
//! its entry too: what is looked at along links is answered only once the entry that names it is durable.
//!
//! ```compile_fail
//! // A permit cannot be built outside the monitor.
//! let permit = vigie::monitor::Permit::<vigie::monitor::Read> { scope: todo!() };
//! ```
//! ```compile_fail
//! // Minting is closed too.
//! vigie::monitor::Permit::<vigie::monitor::Read>::mint(todo!());
//! ```

use crate::{audit::entry::Entry, ids::Id, label::Label, store::Receipt};

mod sealed {
    pub trait Right {
        type Scope;
    }
}

/// A right a permit may carry. Closed: the seven below.
pub trait Right: sealed::Right {}

/// Open one record.
#[derive(Debug)]
pub enum Read {}
/// Open the records of one page.
#[derive(Debug)]
pub enum List {}
/// Seal and remove records at one label.
#[derive(Debug)]
pub enum Write {}
/// Read the journal.
#[derive(Debug)]
pub enum Inspect {}
/// Remove what was deleted before.
#[derive(Debug)]
pub enum Sweep {}
/// Open what is written, for the index.
#[derive(Debug)]
pub enum Follow {}
/// Look along links, to find what is to be shown.
#[derive(Debug)]
pub enum Walk {}

/// One record that a permit covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Granted {
    id: Id,
    version: u64,
    label: Label,
}

impl Granted {
    pub(super) const fn new(id: Id, version: u64, label: Label) -> Self {
        Self { id, version, label }
    }

    /// The record.
    pub const fn id(&self) -> Id {
        self.id
    }

    /// Its version.
    pub const fn version(&self) -> u64 {
        self.version
    }

    /// Its label.
    pub const fn label(&self) -> &Label {
        &self.label
    }
}

/// What a write permit allows: seal at `label`, and the entry that must go with it.
#[derive(Debug)]
pub struct Mandate {
    /// The working label of the writer.
    pub label: Label,
    /// The journal entry that the batch is born with.
    pub entry: Entry,
}

impl sealed::Right for Read {
    type Scope = Granted;
}
impl sealed::Right for List {
    type Scope = Vec<Granted>;
}
impl sealed::Right for Write {
    type Scope = Mandate;
}
impl sealed::Right for Inspect {
    type Scope = ();
}
impl sealed::Right for Sweep {
    type Scope = Entry;
}
impl sealed::Right for Follow {
    type Scope = ();
}
impl sealed::Right for Walk {
    type Scope = Entry;
}
impl Right for Read {}
impl Right for List {}
impl Right for Write {}
impl Right for Inspect {}
impl Right for Sweep {}
impl Right for Follow {}
impl Right for Walk {}

/// The right `R` on one thing, once. Not Clone, not Copy.
#[derive(Debug)]
#[must_use = "a permit that is not spent is a decision without an act"]
pub struct Permit<R: Right> {
    scope: R::Scope,
}

impl<R: Right> Permit<R> {
    /// Spends the permit.
    pub fn spend(self) -> R::Scope {
        self.scope
    }
}

impl Permit<Read> {
    pub(super) fn mint(_journalled: Receipt, granted: Granted) -> Self {
        Self { scope: granted }
    }
}

impl Permit<List> {
    pub(super) fn mint(_journalled: Receipt, granted: Vec<Granted>) -> Self {
        Self { scope: granted }
    }
}

impl Permit<Inspect> {
    pub(super) fn mint(_journalled: Receipt) -> Self {
        Self { scope: () }
    }
}

impl Permit<Follow> {
    pub(super) fn mint(_journalled: Receipt) -> Self {
        Self { scope: () }
    }
}

impl Permit<Sweep> {
    pub(super) const fn mint(entry: Entry) -> Self {
        Self { scope: entry }
    }
}

impl Permit<Walk> {
    pub(super) const fn mint(entry: Entry) -> Self {
        Self { scope: entry }
    }
}

impl Permit<Write> {
    pub(super) const fn mint(label: Label, entry: Entry) -> Self {
        Self { scope: Mandate { label, entry } }
    }
}
