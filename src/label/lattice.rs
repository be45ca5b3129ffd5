//! The lattice: `A ⊑ B` means that what is labelled A may be read where B is allowed.

/// A classification label: a level, categories that are all required, and who may hold it.
///
/// There is no `Ord`: two labels may be incomparable. Two labels are compared only under the one policy of the deployment.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Label {
    /// Place of the level in the policy, lowest first.
    level: u8,
    /// One bit a category.
    categories: u64,
    /// One bit a nation or organisation.
    releasable: u128,
}

impl Label {
    /// Only `text.rs` and `policy.rs` call this, after the rules of the policy held.
    pub(super) const fn new(level: u8, categories: u64, releasable: u128) -> Self {
        Self { level, categories, releasable }
    }

    /// `self ⊑ other`: level not higher, categories all held, and everybody whom `other` names is named here.
    #[must_use]
    pub const fn flows_to(&self, other: &Self) -> bool {
        self.level <= other.level
            && self.categories & !other.categories == 0
            && other.releasable & !self.releasable == 0
    }

    /// The least label that both flow to: the marking of a page that shows the two.
    ///
    /// Releasability is intersected and is never empty, for every label names the owner. This departs from
    /// ADatP-4774.1 rules 5 and 6, under which a join could become readable by more people than its parts.
    #[must_use]
    pub const fn join(&self, other: &Self) -> Self {
        Self {
            level: if self.level < other.level { other.level } else { self.level },
            categories: self.categories | other.categories,
            releasable: self.releasable & other.releasable,
        }
    }

    /// The label as an opaque map key; the order of these bytes means nothing.
    pub fn bits(&self) -> [u8; 25] {
        let mut bits = [0; 25];
        let fields = [self.level].into_iter().chain(self.categories.to_be_bytes()).chain(self.releasable.to_be_bytes());
        for (place, byte) in bits.iter_mut().zip(fields) {
            *place = byte;
        }
        bits
    }

    pub(super) const fn level(&self) -> u8 {
        self.level
    }

    pub(super) const fn categories(&self) -> u64 {
        self.categories
    }

    pub(super) const fn releasable(&self) -> u128 {
        self.releasable
    }
}

/// The most that a person may work at. A type of its own, so that it is never taken for the label of an object.
///
/// Its releasability is the person's own nation alone: a working label reaches no further than where that nation is named.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Clearance(Label);

impl Clearance {
    /// Only a policy makes one ([`super::Policy::parse_clearance`]).
    pub(super) const fn new(ceiling: Label) -> Self {
        Self(ceiling)
    }

    /// May this person work at that label?
    #[must_use]
    pub const fn reaches(&self, working: &Label) -> bool {
        working.flows_to(&self.0)
    }

    /// The highest point, for `⊑` only. It is no label of an object: it may lack the owner.
    pub const fn ceiling(&self) -> &Label {
        &self.0
    }
}
