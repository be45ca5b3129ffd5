//! A write that leaves no entry.
use vigie::store::{Batch, Writes};

pub fn batch(writes: Writes) -> Batch {
    Batch { writes, ..Default::default() }
}
