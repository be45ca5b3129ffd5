//! Notes, verifier keys and checkpoints.

use super::{
    super::{Checkpoint, Note, NoteError, VerifyingKey, note::SignatureLine, vkey::Kind},
    CHECKPOINTS, for_each_flip, vector, vector_key, vector_text, vector_vkeys,
};
use crate::clock::Time;

const SPEC_KEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const SPEC_NOTE: &str = "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

fn signed_by(bytes: &[u8], keys: &[VerifyingKey]) -> Result<usize, NoteError> {
    Note::parse(bytes)?.signers(keys).map(|signers| signers.len())
}

#[test]
fn the_specification_s_note_verifies_and_no_bit_of_it_can_change() {
    let key = [VerifyingKey::parse(SPEC_KEY).unwrap()];
    assert_eq!(key[0].to_string(), SPEC_KEY);
    let note = Note::parse(SPEC_NOTE.as_bytes()).unwrap();
    assert_eq!(note.text(), "This is an example message.\n");
    assert_eq!(note.to_string(), SPEC_NOTE);
    assert_eq!(signed_by(SPEC_NOTE.as_bytes(), &key), Ok(1));
    for_each_flip(SPEC_NOTE.as_bytes(), |flipped, place| {
        assert!(signed_by(flipped, &key).unwrap_or(0) == 0, "flip at byte {place} accepted");
    });
}

#[test]
fn malformed_notes_are_refused() {
    let line = SPEC_NOTE.lines().last().unwrap();
    let cases: [(String, NoteError); 13] = [
        (String::new(), NoteError::NotText),
        ("text\n".into(), NoteError::NoSignatures),
        ("text\n\n".into(), NoteError::NoSignatures),
        (SPEC_NOTE.trim_end().into(), NoteError::NotText),
        (SPEC_NOTE.replace('\n', "\r\n"), NoteError::NotText),
        (SPEC_NOTE.replace("This is", "This\tis"), NoteError::NotText),
        (SPEC_NOTE.replace("— ", "- "), NoteError::SignatureLine),
        (SPEC_NOTE.replace("— example", "—  example"), NoteError::KeyName),
        (SPEC_NOTE.replace("com/foo", "com+foo"), NoteError::KeyName),
        (SPEC_NOTE.replace("com/foo", "com\u{a0}foo"), NoteError::KeyName),
        (SPEC_NOTE.replace("aQM=", "aQN="), NoteError::SignatureLine),
        (SPEC_NOTE.replace("aQM=", "aQM"), NoteError::SignatureLine),
        (format!("{SPEC_NOTE}{}", format!("{line}\n").repeat(100)), NoteError::TooLong),
    ];
    for (text, error) in cases {
        assert_eq!(Note::parse(text.as_bytes()), Err(error), "{text:?}");
    }
    assert_eq!(Note::parse(b"\xff\n\n"), Err(NoteError::NotText));
    assert_eq!(Note::parse(&vec![b'a'; 200_000]), Err(NoteError::TooLong));
}

#[test]
fn malformed_verifier_keys_are_refused() {
    let cases = [
        ("", NoteError::KeyText),
        ("example.com/foo", NoteError::KeyText),
        ("example.com/foo+530d903a", NoteError::KeyText),
        ("example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", NoteError::KeyText),
        ("example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", NoteError::KeyText),
        ("example.com/bar+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", NoteError::KeyText),
        ("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2", NoteError::KeyText),
        ("example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", NoteError::KeyType),
        ("exa mple+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", NoteError::KeyName),
    ];
    for (text, error) in cases {
        assert_eq!(VerifyingKey::parse(text), Err(error), "{text:?}");
    }
}

#[test]
fn a_text_with_blank_lines_is_cut_at_the_last_one() {
    let key = vector_key(0);
    let mut note = Note::new("first\n\n\nlast\n".into()).unwrap();
    note.sign("log.test/1", &key).unwrap();
    let read = Note::parse(note.to_string().as_bytes()).unwrap();
    assert_eq!(read, note);
    let vkey = [VerifyingKey::new("log.test/1", Kind::Ed25519, key.public()).unwrap()];
    assert_eq!(read.signers(&vkey).unwrap().len(), 1);
}

#[test]
fn lines_of_unknown_keys_pass_through_and_a_bad_line_of_a_known_key_spoils_the_note() {
    let [log, witness] = vector_vkeys();
    let mut note = Note::parse(&vector("checkpoint")).unwrap();
    // A post-quantum line is not understood here and does no harm.
    let mut foreign = vec![1, 2, 3, 4];
    foreign.resize(4 + 8 + 2420, 7);
    let foreign = format!("— other.test/pq {}", data_encoding::BASE64.encode(&foreign));
    note.add(SignatureLine::parse(&foreign).unwrap()).unwrap();
    note.add(SignatureLine::parse(&foreign).unwrap()).unwrap();
    assert_eq!(note.lines().len(), 3, "a line is not repeated");
    let note = Note::parse(note.to_string().as_bytes()).unwrap();
    let both = [log.clone(), witness.clone()];
    assert_eq!(note.signers(&both).unwrap().len(), 2);

    // The witness's line of another checkpoint: right name and key, wrong signature.
    let stolen = Note::parse(&vector("checkpoint.257")).unwrap().lines()[1].clone();
    let mut spoiled = Note::new(note.text().into()).unwrap();
    spoiled.add(note.lines()[0].clone()).unwrap();
    spoiled.add(stolen).unwrap();
    assert_eq!(spoiled.signers(&both), Err(NoteError::BadSignature { name: witness.name().into() }));
    assert_eq!(spoiled.signers(&[log]).unwrap().len(), 1, "who does not know the witness is not concerned");
}

#[test]
fn the_vectors_checkpoints_are_reproduced_to_the_byte() {
    let [log, witness] = vector_vkeys();
    for (file, size) in CHECKPOINTS {
        let bytes = vector(file);
        let note = Note::parse(&bytes).unwrap();
        let witnesses = std::slice::from_ref(&witness);
        let (checkpoint, signers) = Checkpoint::open_witnessed(&note, &log, witnesses, 1).unwrap();
        assert_eq!(checkpoint.size, size);
        assert_eq!(checkpoint.to_string(), note.text());
        let mut made = checkpoint.sign(&vector_key(0)).unwrap();
        made.cosign(witness.name(), &vector_key(32), Time(signers[0].seconds.unwrap() * 1000)).unwrap();
        assert_eq!(made.to_string().as_bytes(), bytes, "{file}");
    }
    assert_eq!(log.to_string() + "\n" + &witness.to_string() + "\n", vector_text("vkeys.txt"));
}

#[test]
fn no_bit_of_a_checkpoint_can_change() {
    let [log, witness] = vector_vkeys();
    let witnesses = [witness];
    for (file, _) in CHECKPOINTS {
        let bytes = vector(file);
        for_each_flip(&bytes, |flipped, place| {
            let opened = Note::parse(flipped)
                .and_then(|note| Checkpoint::open_witnessed(&note, &log, &witnesses, 1).map(|_opened| ()));
            assert!(opened.is_err(), "{file}: flip at byte {place} accepted");
        });
    }
}

#[test]
fn a_checkpoint_is_exactly_three_canonical_lines() {
    let root = "MjvuGFYWJ0dKi0ra1Ll+vMOZKs3TPRumTax2MPRQHik=";
    assert!(Checkpoint::parse(&format!("log\n600\n{root}\n")).is_ok());
    let cases = [
        (format!("log\n600\n{root}"), NoteError::Lines),
        (format!("log\n600\n{root}\nextension\n"), NoteError::Lines),
        (format!("\n600\n{root}\n"), NoteError::Lines),
        ("log\n600\n".into(), NoteError::Lines),
        (format!("log\n0600\n{root}\n"), NoteError::Size),
        (format!("log\n+600\n{root}\n"), NoteError::Size),
        (format!("log\n-600\n{root}\n"), NoteError::Size),
        (format!("log\n\n{root}\n"), NoteError::Size),
        (format!("log\n9223372036854775808\n{root}\n"), NoteError::Size),
        (format!("log\n0\n{root}\n"), NoteError::Root),
        (format!("log\n600\n{}\n", root.replace("ik=", "il=")), NoteError::Root),
        ("log\n600\nMjvuGFYW\n".into(), NoteError::Root),
    ];
    for (text, error) in cases {
        assert_eq!(Checkpoint::parse(&text), Err(error), "{text:?}");
    }
}

#[test]
fn a_checkpoint_counts_only_under_the_log_s_own_name_and_key() {
    let [log, witness] = vector_vkeys();
    let note = Note::parse(&vector("checkpoint")).unwrap();
    assert_eq!(Checkpoint::open(&note, &witness), Err(NoteError::Unsigned), "a witness is not the log");
    let stranger = VerifyingKey::new(log.name(), Kind::Ed25519, vector_key(7).public()).unwrap();
    assert_eq!(Checkpoint::open(&note, &stranger), Err(NoteError::Unsigned));

    let mut other = Note::new(note.text().replace(log.name(), "bunker.example/audit/2")).unwrap();
    other.sign(log.name(), &vector_key(0)).unwrap();
    assert_eq!(Checkpoint::open(&other, &log), Err(NoteError::Origin { found: "bunker.example/audit/2".into() }));
}

#[test]
fn one_witness_under_two_names_is_one_witness() {
    let [log, _] = vector_vkeys();
    let mut note =
        Checkpoint::parse(Note::parse(&vector("checkpoint")).unwrap().text()).unwrap().sign(&vector_key(0)).unwrap();
    let witness = vector_key(32);
    let names = ["officer.test/1", "officer.test/2"];
    for name in names {
        note.cosign(name, &witness, Time(1_000)).unwrap();
    }
    let keys = names.map(|name| VerifyingKey::new(name, Kind::Cosignature, witness.public()).unwrap());
    assert!(Checkpoint::open_witnessed(&note, &log, &keys, 1).is_ok());
    assert_eq!(
        Checkpoint::open_witnessed(&note, &log, &keys, 2).map(|_opened| ()),
        Err(NoteError::TooFewWitnesses { signed: 1 })
    );
}
