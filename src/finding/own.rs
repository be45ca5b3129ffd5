//! What the indexes remember of themselves: how far they have followed, and which of them are whole.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{error::FindingError, place::Place, schema::SHAPE};
use crate::{
    limits,
    vault::{Following, LabelHandle, Vault, follow::Side},
};

/// Name of the file.
pub(super) const NAME: &str = "own";

/// An index that holds everything.
#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Whole {
    /// What its last commit named.
    pub(super) generation: u64,
    /// Where it lies: what lies on the other side is nobody's.
    pub(super) side: Side,
}

/// The content of the file.
#[derive(Serialize, Deserialize, Default, Clone, PartialEq, Eq, Debug)]
pub(super) struct Own {
    /// [`SHAPE`], or nothing else is believed.
    shape: u64,
    /// Everything before this entry is in the indexes that are whole.
    pub(super) position: u64,
    /// Digest of the entry before it: a store that was put back and went another way has another one there.
    last: [u8; 32],
    /// None for one that is not whole.
    pub(super) indexes: BTreeMap<LabelHandle, Option<Whole>>,
}

impl Own {
    /// Where nothing is known: all that was written so far is made anew, and what comes from now on is followed.
    pub(super) fn fresh(right: &Following, vault: &Vault) -> Result<Self, FindingError> {
        let mut own = Self { shape: SHAPE, ..Self::default() };
        own.indexes.extend(right.labels(vault).into_iter().map(|label| (label, None)));
        own.advance(right, vault, vault.monitor().journal().length())?;
        Ok(own)
    }

    /// Everything before `position` is followed.
    pub(super) fn advance(&mut self, right: &Following, vault: &Vault, position: u64) -> Result<(), FindingError> {
        self.last = right.digest(vault, position.checked_sub(1))?;
        self.position = position;
        Ok(())
    }

    /// What was remembered, if it is of this journal.
    pub(super) fn read(right: &Following, place: &Place, vault: &Vault) -> Option<Self> {
        let source = place.open(NAME).ok()?;
        let length = usize::try_from(source.length()).ok().filter(|length| *length <= limits::INDEX_OWN_BYTES_MAX)?;
        let bytes = right.open_own(vault, &source.read(0, length).ok()?)?;
        let own: Self = postcard::from_bytes(&bytes).ok()?;
        let is_ours = own.shape == SHAPE
            && own.position <= vault.monitor().journal().length()
            && right.digest(vault, own.position.checked_sub(1)).ok()? == own.last;
        is_ours.then_some(own)
    }

    pub(super) fn write(&self, right: &Following, place: &Place, vault: &Vault) -> Result<(), FindingError> {
        let bytes = postcard::to_stdvec(self).map_err(|_never| FindingError::Damaged(NAME.to_owned()))?;
        Ok(place.replace(NAME, &right.seal_own(vault, &bytes)?)?)
    }
}
