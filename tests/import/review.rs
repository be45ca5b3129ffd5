//! The review that sends nothing.

use vigie::{
    ops::{
        import::{mail, misp},
        import_review::{Seen, review},
    },
    words::Language,
};

use crate::bundle;

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
    assert_eq!((found.repeated, found.left_out(), found.unreadable()), (1, 1, 5));
    assert_eq!(found.unreadable.get("no-such-end"), Some(&2));
    assert!(!found.is_complete());
    assert_eq!((items, refused), (15, 6));
}

#[test]
fn a_review_measures_what_notes_carry() {
    let mail = mail::from_bundles(vec![bundle("m.eml", &include_bytes!("samples/mail.eml")[..])], Language::French);
    let found = review(mail, &mut |_seen| {});
    assert_eq!((found.notes, found.files, found.file_bytes, found.is_complete()), (1, 1, 8, true));
}
