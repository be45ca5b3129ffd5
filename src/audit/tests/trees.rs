//! Trees, tiles, bundles, paths, views.

use super::{
    super::{
        Bundle, Checkpoint, Frontier, Note, ProofError, ProofFile, Resource, Tile, TileError, Tiles as _, leaf_hash,
        proof::{consistency, inclusion, root},
        tile::{decode_bundle, encode_bundle, encode_hashes},
        tree::root_of,
    },
    CHECKPOINTS, Failure, Held, hash_hex, vector, vector_text, vector_vkeys,
};

#[test]
fn empty_tree_and_certificate_transparency_s_eight_leaves_have_their_known_roots() {
    assert_eq!(Frontier::new().root(), hash_hex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    let leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
    let held = Held::of(leaves.map(|leaf| data_encoding::HEXLOWER.decode(leaf.as_bytes()).unwrap()));
    let known = hash_hex("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
    assert_eq!(held.frontier.root(), known);
    assert_eq!(root_of(&held.leaves()), known);
}

#[test]
fn the_vectors_tiles_roots_and_proofs_are_reproduced_to_the_byte() {
    let held = Held::vectors();
    let view = held.view();
    for tile in Tile::all(600) {
        assert_eq!(view.tile(tile).unwrap(), vector(&tile.to_string()), "{tile}");
    }
    for bundle in Bundle::all(600) {
        assert_eq!(view.bundle(bundle).unwrap(), vector(&bundle.to_string()), "{bundle}");
    }
    for (file, size) in CHECKPOINTS {
        let checkpoint = Checkpoint::parse(Note::parse(&vector(file)).unwrap().text()).unwrap();
        assert_eq!(root(&view, size).unwrap(), checkpoint.root, "{file}");
    }
    let proof = consistency(&view, 257, 600).unwrap();
    let lines: String = proof.iter().map(|hash| data_encoding::BASE64.encode(&hash.0) + "\n").collect();
    assert_eq!(lines, vector_text("consistency.257-600.txt"));

    let text = vector_text("entry417.tlog-proof");
    let file = ProofFile::parse(&text).unwrap();
    assert_eq!(file.to_string(), text);
    assert_eq!(file.hashes, inclusion(&view, 417, 600).unwrap());
    let [log, _] = vector_vkeys();
    assert_eq!(file.verify(&held.entries[417], &log).unwrap().size, 600);
    assert_eq!(file.verify(&held.entries[416], &log), Err(ProofError::WrongRoot));
}

#[test]
fn trees_have_the_tiles_that_the_specification_says() {
    let shape = |size| Tile::all(size).map(|tile| tile.to_string()).collect::<Vec<_>>();
    assert_eq!(shape(0), [""; 0]);
    assert_eq!(shape(1), ["tile/0/000.p/1"]);
    assert_eq!(shape(255), ["tile/0/000.p/255"]);
    assert_eq!(shape(256), ["tile/0/000", "tile/1/000.p/1"]);
    assert_eq!(shape(257), ["tile/0/000", "tile/0/001.p/1", "tile/1/000.p/1"]);
    let large = shape(70_000);
    assert_eq!(large.len(), 273 + 1 + 1 + 1 + 1);
    assert_eq!(large[272..], ["tile/0/272", "tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"]);
    let open: Vec<_> = Tile::unfinished(70_000).map(|tile| tile.to_string()).collect();
    assert_eq!(open, ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"]);
    assert_eq!(Bundle::all(70_000).last().unwrap().to_string(), "tile/entries/273.p/112");
    assert_eq!(Tile::full(3, 1_234_067).to_string(), "tile/3/x001/x234/067");
    // The largest size that a checkpoint may bear.
    assert_eq!(
        Tile::unfinished(u64::MAX >> 1).map(|tile| tile.width()).collect::<Vec<_>>(),
        [255, 255, 255, 255, 255, 255, 255, 127]
    );
    assert!(Tile::at(8, 0, u64::MAX).is_none() && Tile::at(63, 0, u64::MAX).is_none());
}

#[test]
fn growing_trees_complete_exactly_the_tiles_that_appending_returns() {
    let mut frontier = Frontier::new();
    for size in 0..66_000_u64 {
        let full: Vec<Tile> = frontier.append(leaf_hash(&size.to_be_bytes())).iter().map(|full| full.tile).collect();
        assert_eq!(full, Tile::completed(size, size + 1).collect::<Vec<_>>());
    }
    assert_eq!(Tile::completed(0, 66_000).count(), 257 + 1);
    assert_eq!(Tile::completed(255, 257).collect::<Vec<_>>(), [Tile::full(0, 0)]);
}

#[test]
fn paths_have_one_spelling() {
    for path in [
        "checkpoint",
        "tile/0/000",
        "tile/0/999",
        "tile/0/x001/000",
        "tile/63/x001/x234/067.p/255",
        "tile/entries/x001/x234/067.p/1",
        "tile/entries/000",
    ] {
        assert_eq!(Resource::parse(path).unwrap().to_string(), path);
    }
    for path in [
        "",
        "/checkpoint",
        "tile",
        "tile/0",
        "tile/0/",
        "tile/0/0",
        "tile/0/0000",
        "tile/0/001/000",
        "tile/0/x000/000",
        "tile/0/x001",
        "tile/0/+01",
        "tile/0/xx01/000",
        "tile/0/X001/000",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/",
        "tile/0/000.p/1/2",
        "tile/data/000",
        "tile/0/000/",
        "tile/0/../000",
        "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
        "tile/0/\u{661}00",
    ] {
        assert_eq!(Resource::parse(path), None, "{path}");
    }
}

#[test]
fn bundles_of_another_shape_are_refused() {
    assert_eq!(encode_bundle(&[vec![0; 65_536]]), Err(TileError::EntryTooLong));
    assert_eq!(encode_bundle(&[[0_u8; 0]; 257]), Err(TileError::Entries));
    assert_eq!(encode_bundle::<Vec<u8>>(&[]), Err(TileError::Entries));
    let bytes = encode_bundle(&[vec![], vec![1; 65_535]]).unwrap();
    assert_eq!(decode_bundle(&bytes, 2).unwrap(), [&[][..], &[1; 65_535]]);
    assert_eq!(decode_bundle(&bytes, 1), Err(TileError::Entries));
    assert_eq!(decode_bundle(&bytes, 3), Err(TileError::Entries));
    assert_eq!(decode_bundle(&bytes[..bytes.len() - 1], 2), Err(TileError::Entries));
    assert_eq!(decode_bundle(&[bytes.as_slice(), &[0]].concat(), 2), Err(TileError::Entries));
}

#[test]
fn a_view_serves_the_narrower_tiles_of_earlier_checkpoints_and_nothing_beyond() {
    let held = Held::numbered(600);
    let view = held.view();
    let leaves = held.leaves();
    for size in [1, 255, 256, 300, 512, 599] {
        for tile in Tile::all(size).filter(|tile| tile.level() == 0) {
            let first = usize::try_from(tile.index() * 256).unwrap();
            let hashes = &leaves[first..first + usize::from(tile.width())];
            assert_eq!(view.tile(tile).unwrap(), encode_hashes(hashes));
        }
        for bundle in Bundle::all(size) {
            let bytes = view.bundle(bundle).unwrap();
            assert_eq!(decode_bundle(&bytes, bundle.width()).unwrap().len(), usize::from(bundle.width()));
        }
    }
    for size in [601, 768, 1000] {
        let tile = Tile::at(0, (size - 1) / 256, size).unwrap();
        assert_eq!(view.tile(tile), Err(Failure::Tile(TileError::BeyondSize)));
        let bundle = Bundle::at((size - 1) / 256, size).unwrap();
        assert_eq!(view.bundle(bundle), Err(Failure::Tile(TileError::BeyondSize)));
    }
}
