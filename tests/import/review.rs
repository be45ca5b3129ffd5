//! The review that sends nothing.

use vigie::{
    ops::{
        import::{Folders, Unsaid, mail, markdown, misp},
        import_review::{Seen, review},
    },
    words::Language,
};

use std::fs;

use crate::{bundle, scratch};

#[test]
fn a_review_counts_what_would_be_sent_and_what_would_be_dropped() {
    let galaxy = || {
        misp::from_bundles(vec![
            bundle("g.json", include_str!("samples/galaxy.json")),
            bundle("e.json", include_str!("samples/event.json")),
        ])
    };
    let (mut items, mut refused) = (0_u64, 0_u64);
    let found = review(galaxy(), &mut |seen| match seen {
        Seen::Item(_) => items += 1,
        Seen::Refused(_) => refused += 1,
        Seen::Progress(progress) => assert!(progress.bytes_read <= progress.bytes_total),
    });
    assert_eq!((found.notes, found.links, found.files), (8, 7, 0));
    assert_eq!(found.links_by_type.get("part-of"), Some(&4));
    assert_eq!((found.repeated, found.left_out(), found.unreadable()), (1, 3, 3));
    assert_eq!(found.left_out.get("no-such-end"), Some(&2));
    assert!(!found.is_complete());
    assert_eq!((items, refused), (15, 6));
}

#[test]
fn a_review_measures_what_notes_carry() {
    let mail = mail::from_bundles(
        vec![bundle("m.eml", &include_bytes!("samples/mail.eml")[..])],
        Unsaid::Guessed(Language::French),
    );
    let found = review(mail, &mut |_seen| {});
    assert_eq!((found.notes, found.files, found.file_bytes, found.is_complete()), (1, 1, 8, true));
}

#[test]
fn a_review_says_what_becomes_of_folders_and_what_is_left_behind() {
    let scratch = scratch("review");
    let root = &scratch.0;
    for folder in ["plans/2026", "veille", ".obsidian"] {
        fs::create_dir_all(root.join(folder)).expect("folders");
    }
    let write = |path: &str, text: &str| fs::write(root.join(path), text).expect("a file");
    write("a.md", "[[b]] ![](shown.png)\n");
    write("plans/2026/b.md", "[[c]]\n");
    write("veille/c.md", "[[d]]\n");
    write("veille/d.md", "d\n");
    write("shown.png", "PNG");
    write("orphan.pdf", "PDF");
    write(".obsidian/app.json", "{}");
    let read = |folders| {
        let mut told = Vec::new();
        let stream = markdown::import(root, Unsaid::Guessed(Language::French), folders);
        let found = review(stream, &mut |seen| {
            if let Seen::Refused(refused) = seen {
                told.push((refused.place.file.clone(), refused.code()));
            }
        });
        (found, told)
    };
    let (found, told) = read(Folders::Spaces);
    assert_eq!((found.notes, found.links, found.links_across, found.files), (4, 3, 2, 1));
    assert_eq!(found.spaces, [("plans".to_owned(), 1), ("veille".to_owned(), 2)].into());
    assert_eq!((found.folders.kept_as, found.folders.count), (Folders::Spaces, 3));
    let left = [(".obsidian/".to_owned(), "hidden"), ("orphan.pdf".to_owned(), "not-shown")];
    assert_eq!((told.as_slice(), found.left_out(), found.is_complete()), (&left[..], 2, true));
    let (found, _) = read(Folders::None);
    assert_eq!((found.links_across, found.spaces.len(), found.folders.count), (0, 0, 3));
    assert_eq!(serde_json::to_value(found.folders).ok(), Some(serde_json::json!({"kept_as": "none", "count": 3})));
}
