//! What writing note by note costs: small segments are merged with one another, not again and again with a large one; and
//! what quiet brings: one segment.

use std::sync::Arc;

use crate::{
    crypto::Entropy,
    finding::{Place, analysis::Stems, index::LabelIndex, matter::Matter},
    ids::Id,
    limits::INDEX_SMALL_OBJECTS,
    vault::{LabelHandle, follow::Side},
};

fn index() -> LabelIndex {
    let entropy = Entropy::default();
    let key = Arc::new(entropy.secret().unwrap());
    LabelIndex::open(LabelHandle::default(), Side::default(), &Place::memory(), key, &entropy, &Arc::default())
        .unwrap()
        .0
}

fn number_id(number: u32) -> Id {
    let mut bytes = [7; 16];
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    Id::from_bytes(bytes)
}

fn put(index: &LabelIndex, stems: &mut Stems, number: u32) {
    let id = number_id(number);
    let matter = Matter::danger_example(id, Id::from_bytes([1; 16]), "Relevé", "Rien à signaler");
    index.put(id, Some(matter.document(index.fields(), stems))).unwrap();
}

#[test]
fn a_large_segment_is_not_rewritten_for_a_few_notes_and_segments_stay_few() {
    let index = index();
    let mut stems = Stems::default();
    let large = INDEX_SMALL_OBJECTS * 9;
    (0..large).for_each(|number| put(&index, &mut stems, number));
    index.commit(1, true).unwrap();
    index.rest().unwrap();
    let biggest = |index: &LabelIndex| {
        let leaf = index.leaves().iter().max_by_key(|leaf| leaf.objects()).cloned().unwrap();
        (leaf.own_version(), leaf.objects())
    };
    let before = biggest(&index);
    assert!(before.1 > large / 2, "one segment has most of them: {before:?}");
    for number in 0..60 {
        put(&index, &mut stems, large + number);
        index.commit(2 + u64::from(number), true).unwrap();
    }
    index.rest().unwrap();
    assert_eq!(biggest(&index), before);
    assert!(index.leaves().len() <= 8, "{} segments", index.leaves().len());
}

#[test]
fn segments_become_one_without_what_has_gone_and_without_another_commit() {
    let index = index();
    let mut stems = Stems::default();
    // Fewer than are merged as they gather, and fewer gone than have a segment made anew by itself.
    for number in 0..3 {
        (0..4).for_each(|note| put(&index, &mut stems, 4 * number + note));
        index.commit(1 + u64::from(number), true).unwrap();
    }
    index.put(number_id(5), None).unwrap();
    index.commit(4, true).unwrap();
    assert_eq!(index.leaves().len(), 3);
    let merge = index.begin_merge().unwrap().expect("several segments");
    merge.wait().unwrap();
    index.renew().unwrap();
    let leaves = index.leaves();
    assert_eq!((leaves.len(), leaves[0].objects(), leaves[0].has_gone()), (1, 11, false));
    assert_eq!(index.generation(), Some(4));
    assert!(index.begin_merge().unwrap().is_none(), "it is one");
    assert!(!index.commit(5, true).unwrap(), "there is nothing to commit");
}
