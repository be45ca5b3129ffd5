//! What writing note by note costs: small segments are merged with one another, not again and again with a large one.

use std::sync::Arc;

use crate::{
    crypto::Entropy,
    finding::{Place, analysis::Stems, index::LabelIndex, matter::Matter},
    ids::Id,
    limits::INDEX_SMALL_OBJECTS,
    vault::LabelHandle,
};

fn put(index: &LabelIndex, stems: &mut Stems, number: u32) {
    let mut bytes = [7; 16];
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    let id = Id::from_bytes(bytes);
    let matter = Matter::danger_example(id, Id::from_bytes([1; 16]), "Relevé", "Rien à signaler");
    index.put(id, Some(matter.document(index.fields(), stems))).unwrap();
}

#[test]
fn a_large_segment_is_not_rewritten_for_a_few_notes_and_segments_stay_few() {
    let entropy = Entropy::default();
    let key = Arc::new(entropy.secret().unwrap());
    let (index, _) =
        LabelIndex::open(LabelHandle::default(), &Place::memory(), key, &entropy, &Arc::default()).unwrap();
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
