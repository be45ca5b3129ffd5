//! At start: the rows against the last signed checkpoint.

use super::{
    super::{Divergence, Frontier, FullTile, Replay, Tile, TileError, replay::resume, view::frontier_at},
    Failure, Held,
};

#[test]
fn the_frontier_comes_back_from_the_rows_at_any_size() {
    let held = Held::numbered(66_100);
    let mut frontier = Frontier::new();
    for (size, leaf) in (0..).zip(held.leaves()) {
        let near_an_edge = [0, 1, 255, 256, 257, 300, 511, 512, 65_535, 65_536, 65_537, 65_800].contains(&size);
        if near_an_edge {
            assert_eq!(frontier_at(&held, size).unwrap(), frontier, "{size}");
        }
        let _completed = frontier.append(leaf);
    }
    assert_eq!(frontier_at(&held, 66_100).unwrap(), held.frontier);
    assert_eq!(Frontier::from_unfinished(1, vec![vec![]]), None);
    assert_eq!(Frontier::from_unfinished(256, vec![held.leaves()[..256].to_vec()]), None);
}

#[test]
fn rows_that_continue_the_signed_checkpoint_start_and_others_do_not() {
    let held = Held::numbered(700);
    for signed in [0, 1, 255, 256, 257, 600, 699, 700] {
        let checkpoint = Held::numbered(signed).checkpoint();
        assert_eq!(resume(&held, 700, Some(&checkpoint)).unwrap(), held.frontier, "{signed}");
        let mut replay = Replay::new(Some(checkpoint));
        for entry in &held.entries {
            let _full = replay.entry(entry);
        }
        assert_eq!(replay.finish().unwrap(), held.frontier, "{signed}");
    }
    assert_eq!(resume(&held, 700, None).unwrap(), held.frontier);

    let longer = Held::numbered(701).checkpoint();
    let rollback = Divergence::Rollback { entries: 700, signed: 701 };
    assert_eq!(resume(&held, 700, Some(&longer)), Err(Failure::Divergence(rollback)));
    let mut replay = Replay::new(Some(longer));
    for index in 0..2 {
        assert_eq!(
            replay.tile(&held.tiles[&(0, index)]).unwrap(),
            [FullTile { tile: Tile::full(0, index), bytes: held.tiles[&(0, index)].clone() }]
        );
    }
    for entry in &held.entries[512..] {
        let _full = replay.entry(entry);
    }
    assert_eq!(replay.finish(), Err(rollback));

    let mut other = held.entries.clone();
    other[300] = b"another entry".to_vec();
    let forked = Divergence::Forked { signed: 600 };
    let checkpoint = Held::of(other[..600].to_vec()).checkpoint();
    assert_eq!(resume(&held, 700, Some(&checkpoint)), Err(Failure::Divergence(forked)));
    let mut replay = Replay::new(Some(checkpoint));
    for entry in &held.entries {
        let _full = replay.entry(entry);
    }
    assert_eq!(replay.finish(), Err(forked));
    assert_eq!(Replay::new(None).tile(&[0; 31]), Err(TileError::Width));
}

#[test]
fn damaged_rows_at_the_right_edge_stop_the_start() {
    let held = Held::numbered(700);
    let checkpoint = held.checkpoint();
    let forked = Err(Failure::Divergence(Divergence::Forked { signed: 700 }));
    let mut damaged = held.clone();
    damaged.entries[650].push(b'!');
    assert_eq!(resume(&damaged, 700, Some(&checkpoint)), forked);
    let mut damaged = held.clone();
    damaged.tiles.get_mut(&(0, 1)).unwrap()[100] ^= 1;
    assert_eq!(resume(&damaged, 700, Some(&checkpoint)), forked);
    let mut damaged = held.clone();
    damaged.tiles.get_mut(&(0, 1)).unwrap().pop();
    assert_eq!(resume(&damaged, 700, Some(&checkpoint)), Err(Failure::Tile(TileError::Width)));
    let mut damaged = held;
    damaged.tiles.remove(&(0, 0));
    assert_eq!(resume(&damaged, 700, Some(&checkpoint)), Err(Failure::Row));
}
