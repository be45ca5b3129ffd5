//! Several partitions of a listing, walked as one.
//!
//! A page of the feed looks into one partition for each space and label, and needs few rows of most: each is read a
//! little at a time, and further only when its rows have been used up.

use std::collections::VecDeque;

use super::rows::Place;
use crate::{
    label::Label,
    store::{Direction, EngineError, Family, Key, KeyRange, Row, Snapshot},
};

/// A row of a listing, where it stands in the order, and the label of its partition.
pub(super) type Found = (Place, Key, Row, Label);

/// One partition, as far as it has been read.
pub(super) struct Partition {
    label: Label,
    range: KeyRange,
    waiting: VecDeque<(Place, Key, Row)>,
    ended: bool,
}

impl Partition {
    pub(super) const fn new(label: Label, range: KeyRange) -> Self {
        Self { label, range, waiting: VecDeque::new(), ended: false }
    }

    fn read(&mut self, snapshot: &dyn Snapshot, direction: Direction, count: usize) -> Result<(), EngineError> {
        let rows = snapshot.scan(Family::Listings, &self.range, direction, count)?;
        self.ended = rows.len() < count;
        if let Some((last, _)) = rows.last() {
            self.range = self.range.clone().past(direction, last);
        }
        self.waiting.extend(rows.into_iter().map(|(key, row)| (Place::of(&key), key, row)));
        Ok(())
    }
}

/// The first `limit` rows of all partitions together.
pub(super) fn first(
    snapshot: &dyn Snapshot,
    direction: Direction,
    mut partitions: Vec<Partition>,
    limit: usize,
) -> Result<Vec<Found>, EngineError> {
    let share = limit.div_ceil(partitions.len().max(1)).saturating_add(1).min(limit.max(1));
    let mut found = Vec::with_capacity(limit);
    while found.len() < limit {
        for partition in partitions.iter_mut().filter(|partition| partition.waiting.is_empty() && !partition.ended) {
            // Its share was not enough: it is a busy one, so twice as much.
            let count = if found.is_empty() { share } else { share.saturating_mul(2) };
            partition.read(snapshot, direction, count)?;
        }
        let heads = partitions.iter_mut().filter(|partition| !partition.waiting.is_empty());
        let next = heads.min_by(|left, right| {
            let order = head(left).cmp(&head(right));
            if direction == Direction::Forward { order } else { order.reverse() }
        });
        let Some(partition) = next else { break };
        if let Some((place, key, row)) = partition.waiting.pop_front() {
            found.push((place, key, row, partition.label));
        }
    }
    Ok(found)
}

fn head(partition: &Partition) -> Option<Place> {
    partition.waiting.front().map(|(place, ..)| *place)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        ids::Id,
        label::{Policy, builtin},
        store::{Engine as _, Memory, Writes},
        vault::rows::listing_key,
    };

    fn key(partition: u8, order: u64, id: u8) -> Key {
        listing_key(&[partition; 16], order, Id::from_bytes([id; 16]))
    }

    proptest! {
        #[test]
        fn a_page_over_many_partitions_is_the_head_of_their_sorted_sum(
            places in proptest::collection::btree_set((0..9_u8, 0..40_u64, 0..200_u8), 0..200),
            limit in 0..60_usize,
            forward: bool,
        ) {
            let direction = if forward { Direction::Forward } else { Direction::Backward };
            let engine = Memory::new();
            let mut writes = Writes::default();
            for (partition, order, id) in &places {
                let row = Row { version: 1, value: vec![*partition] };
                writes.puts.push((Family::Listings, key(*partition, *order, *id), row));
            }
            engine.commit(writes).unwrap();
            let label = Policy::parse(builtin()[0].1).unwrap().lowest();
            let partitions = (0..9).map(|number| Partition::new(label, KeyRange::prefix(&[number; 16]))).collect();
            let snapshot = engine.snapshot().unwrap();
            let found = first(&*snapshot, direction, partitions, limit).unwrap();

            let mut all: Vec<Place> =
                places.iter().map(|(_, order, id)| Place { order: *order, id: Id::from_bytes([*id; 16]) }).collect();
            all.sort();
            if !forward {
                all.reverse();
            }
            all.truncate(limit);
            prop_assert_eq!(found.iter().map(|(place, ..)| *place).collect::<Vec<_>>(), all);
            let own = found
                .iter()
                .all(|(place, key, row, _)| Place::of(key) == *place && key.bytes().first() == row.value.first());
            prop_assert!(own);
        }
    }
}
