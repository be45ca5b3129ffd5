//! Mail.

use vigie::{
    ops::import::{Unsaid, item::Content, mail},
    words::Language,
};

use crate::{Sorted, bundle, sorted};

const FIRST: &[u8] = include_bytes!("samples/mail.eml");
const REPLY: &[u8] = include_bytes!("samples/reply.eml");

fn import(messages: &[&[u8]]) -> Sorted {
    let bundles = messages.iter().enumerate().map(|(number, message)| bundle(&format!("{number}.eml"), *message));
    sorted(mail::from_bundles(bundles.collect(), Unsaid::Guessed(Language::French)))
}

#[test]
fn a_message_becomes_a_note_with_what_it_carries() {
    let found = import(&[FIRST, REPLY]);
    assert_eq!(found.titles(), ["Réunion", "Re: reunion"]);
    let first = &found.notes[0];
    assert_eq!(first.external_id, "mail:one@example.org");
    assert!(first.body.starts_with("Bonjour,  \n> cité \\*ici\\*  \n\nSuite."), "{}", first.body);
    assert!(first.body.contains("| To | André \\<andre@example.org\\> |"), "{}", first.body);
    let source = &first.sources[0];
    assert_eq!(source.author.as_deref(), Some("Jane Doe <jane@example.org>"));
    assert_eq!(source.date.as_deref(), Some("2026-11-21"));
    assert!(found.notes[1].body.starts_with("Oui & non"), "{}", found.notes[1].body);
    assert_eq!(found.ends(), [("mail:two@example.org", "reply-to", "mail:one@example.org")]);
    let file = &found.files[0];
    assert_eq!((file.note.as_str(), file.name.as_str()), ("mail:one@example.org", "plan.pdf"), "folders in names go");
    assert!(matches!(&file.content, Content::Bytes(bytes) if &**bytes == b"%PDF-1.4"));
}

#[test]
fn a_message_is_in_the_language_of_its_words() {
    let language = |subject: &str, words: &str| {
        import(&[format!("From: a@b.example\r\nSubject: {subject}\r\n\r\n{words}\r\n").as_bytes()]).notes[0].language
    };
    assert_eq!(language("Radar", "The lists are with the report."), Language::English);
    assert_eq!(language("Radar", "Radar"), Language::French);
}

#[test]
fn what_is_no_mail_is_refused() {
    assert_eq!(import(&[b"", b"words\n", b"\x00\x01"]).codes(), ["wrong-format"; 3]);
}

#[test]
fn mail_inside_mail_beyond_reason_is_refused() {
    let mut deep = b"From: a@b.example\r\n".to_vec();
    for _ in 0..100_000 {
        deep.extend_from_slice(b"Content-Type: message/rfc822\r\n\r\n");
    }
    assert_eq!(import(&[&deep]).codes(), ["too-deep"]);
}
