//! Proofs against RFC 6962's recursion; readers against whatever comes.

use proptest::prelude::*;

use super::{
    super::{
        Bundle, Checkpoint, Note, ProofError, ProofFile, Resource, Tile, TileError, VerifyingKey,
        proof::{check_consistency, check_inclusion, consistency, inclusion, root},
        tile::{decode_bundle, encode_bundle},
    },
    Failure, Held, for_each_flip, naive_path, naive_root, naive_subproof, vector, vector_text, vector_vkeys,
};
use crate::crypto::Digest;

#[test]
fn no_bit_of_a_proof_file_can_change() {
    let text = vector("entry417.tlog-proof");
    let entry = Held::vectors().entries[417].clone();
    let [log, _] = vector_vkeys();
    // Lines of keys that the reader does not know are not his concern: keep the log's own line only.
    let witness = text.windows(4).rposition(|window| window == "\n—".as_bytes()).unwrap() + 1;
    let alone = &text[..witness];
    let verify = |bytes: &[u8]| {
        let text = str::from_utf8(bytes).map_err(|_utf8| ProofError::Malformed)?;
        ProofFile::parse(text)?.verify(&entry, &log)
    };
    assert!(verify(alone).is_ok());
    for_each_flip(alone, |flipped, place| assert!(verify(flipped).is_err(), "flip at byte {place} accepted"));
}

#[test]
fn an_extra_line_of_a_proof_is_kept_and_misplaced_lines_are_refused() {
    let text = vector_text("entry417.tlog-proof");
    let extra = text.replacen("index", "extra aGVsbG8=\nindex", 1);
    let file = ProofFile::parse(&extra).unwrap();
    assert_eq!(file.extra.as_deref(), Some(&b"hello"[..]));
    assert_eq!(file.to_string(), extra);
    let many = format!("index 417\n{}", "tqZDD+ePZEgbdc/2f+WSDxNd8suKXb1gZ4gb1Fpef/o=\n".repeat(60));
    for wrong in [
        text.replacen("index 417", "index 0417", 1),
        text.replacen("index 417", "index", 1),
        text.replacen("@v1", "@v2", 1),
        text.replacen("index 417\n", "index 417\nextra aGVsbG8=\n", 1),
        text.replacen("index", "extra aGVsbG9=\nindex", 1),
        text.replacen("index 417\n", &many, 1),
        text.replacen("\n\n", "\n", 1),
    ] {
        assert_eq!(ProofFile::parse(&wrong), Err(ProofError::Malformed), "{wrong}");
    }
}

#[test]
fn every_proof_of_every_small_tree_is_rfc_6962_s_and_convinces() {
    let held = Held::numbered(70);
    let leaves = held.leaves();
    let view = held.view();
    for size in 0..=70_usize {
        let tree = &leaves[..size];
        let size = u64::try_from(size).unwrap();
        let root_here = naive_root(tree);
        assert_eq!(root(&view, size).unwrap(), root_here);
        for (index, leaf) in (0..).zip(tree) {
            let proof = inclusion(&view, index, size).unwrap();
            assert_eq!(proof, naive_path(usize::try_from(index).unwrap(), tree));
            assert_eq!(check_inclusion(leaf, index, size, &proof, &root_here), Ok(()));
            for other in (0..size).filter(|other| *other != index) {
                assert!(
                    check_inclusion(leaf, other, size, &proof, &root_here).is_err(),
                    "{index} as {other} of {size}"
                );
            }
        }
        assert_eq!(inclusion(&view, size, size), Err(Failure::Tile(TileError::BeyondSize)));
        for old in 0..=size {
            let old_root = naive_root(&leaves[..usize::try_from(old).unwrap()]);
            let proof = consistency(&view, old, size).unwrap();
            if old > 0 {
                assert_eq!(proof, naive_subproof(usize::try_from(old).unwrap(), tree, true));
            }
            assert_eq!(check_consistency(old, size, &old_root, &root_here, &proof), Ok(()));
        }
        assert_eq!(consistency(&view, size + 1, size), Err(Failure::Tile(TileError::BeyondSize)));
    }
}

#[test]
fn a_proof_with_a_hash_more_less_or_changed_convinces_nobody() {
    let held = Held::numbered(300);
    let (view, leaves) = (held.view(), held.leaves());
    let new_root = held.frontier.root();
    let old_root = naive_root(&leaves[..77]);
    let zero = Digest([0; 32]);
    let spoiled = |proof: &[Digest]| {
        let mut all = vec![[proof, &[zero]].concat(), [&[zero], proof].concat()];
        all.push(proof[1..].to_vec());
        all.push(proof[..proof.len() - 1].to_vec());
        for place in 0..proof.len() {
            let mut changed = proof.to_vec();
            changed[place].0[31] ^= 1;
            all.push(changed);
        }
        all
    };
    for proof in spoiled(&inclusion(&view, 123, 300).unwrap()) {
        assert_eq!(check_inclusion(&leaves[123], 123, 300, &proof, &new_root), Err(ProofError::WrongRoot));
    }
    for proof in spoiled(&consistency(&view, 77, 300).unwrap()) {
        assert_eq!(check_consistency(77, 300, &old_root, &new_root, &proof), Err(ProofError::WrongRoot));
    }
    let proof = consistency(&view, 77, 300).unwrap();
    for (old, new) in [(76, 300), (78, 300), (77, u64::MAX), (300, 300), (0, 300)] {
        assert!(check_consistency(old, new, &old_root, &new_root, &proof).is_err(), "{old} to {new}");
    }
    assert_eq!(check_consistency(300, 77, &new_root, &old_root, &proof), Err(ProofError::BeyondSize));
    assert_eq!(check_consistency(0, 300, &old_root, &new_root, &[]), Err(ProofError::WrongRoot));
    assert_eq!(check_consistency(300, 300, &old_root, &new_root, &[]), Err(ProofError::WrongRoot));
    assert_eq!(check_inclusion(&leaves[0], 300, 300, &[], &new_root), Err(ProofError::BeyondSize));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn proofs_across_tiles_are_rfc_6962_s(size in 200_u64..3000, index in any::<u64>(), old in any::<u64>()) {
        let held = Held::numbered(size);
        let (view, leaves) = (held.view(), held.leaves());
        let (index, old) = (index % size, old % size + 1);
        let root_here = naive_root(&leaves);
        prop_assert_eq!(held.frontier.root(), root_here);
        let proof = inclusion(&view, index, size).unwrap();
        let place = usize::try_from(index).unwrap();
        prop_assert_eq!(&proof, &naive_path(place, &leaves));
        prop_assert_eq!(check_inclusion(&leaves[place], index, size, &proof, &root_here), Ok(()));
        let proof = consistency(&view, old, size).unwrap();
        let count = usize::try_from(old).unwrap();
        prop_assert_eq!(&proof, &naive_subproof(count, &leaves, true));
        let old_root = naive_root(&leaves[..count]);
        prop_assert_eq!(root(&view, old).unwrap(), old_root);
        prop_assert_eq!(check_consistency(old, size, &old_root, &root_here, &proof), Ok(()));
    }

    #[test]
    fn whatever_bytes_come_no_reader_panics_and_what_it_accepts_it_prints_again(bytes in "\\PC{0,40}(\n\\PC{0,40}){0,6}") {
        if let Ok(note) = Note::parse(bytes.as_bytes()) {
            prop_assert_eq!(note.to_string(), bytes.clone());
        }
        if let Ok(checkpoint) = Checkpoint::parse(&bytes) {
            prop_assert_eq!(checkpoint.to_string(), bytes.clone());
        }
        if let Ok(key) = VerifyingKey::parse(&bytes) {
            prop_assert_eq!(key.to_string(), bytes.clone());
        }
        if let Ok(proof) = ProofFile::parse(&bytes) {
            prop_assert_eq!(proof.to_string(), bytes.clone());
        }
        if let Ok(entries) = decode_bundle(bytes.as_bytes(), 3) {
            prop_assert_eq!(encode_bundle(&entries).unwrap(), bytes.as_bytes());
        }
    }

    #[test]
    fn every_tile_s_path_is_read_back(level in 0_u32..8, index in any::<u64>(), size in any::<u64>()) {
        for index in [index, index >> 20, index >> 40, index >> 60] {
            let shapes = [Some(Tile::full(level, index)), Tile::at(level, index, size)];
            for tile in shapes.into_iter().flatten() {
                prop_assert_eq!(Resource::parse(&tile.to_string()), Some(Resource::Tile(tile)));
            }
            if let Some(bundle) = Bundle::at(index, size) {
                prop_assert_eq!(Resource::parse(&bundle.to_string()), Some(Resource::Bundle(bundle)));
            }
        }
    }
}
