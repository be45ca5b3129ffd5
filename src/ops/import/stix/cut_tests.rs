#![expect(clippy::as_conversions, clippy::arithmetic_side_effects, reason = "places in small test texts")]

use std::io::Read;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

/// Where a slice stood, and its text.
type Cut = (u64, Result<String, Shape>);

/// What a file gives: the slices as text, and the break.
fn cut_all(reader: impl Read) -> (Vec<Cut>, Option<Break>) {
    let mut objects = Objects::new(reader);
    let mut found = Vec::new();
    while let Some(step) = objects.next_object() {
        match step {
            Ok(Object { byte, content }) => found.push((
                byte,
                match content {
                    Content::Whole(bytes) => Ok(String::from_utf8_lossy(bytes).into_owned()),
                    Content::TooLarge => Err(Shape::TooLarge),
                    Content::TooDeep => Err(Shape::TooDeep),
                },
            )),
            Err(found_break) => {
                assert_eq!(objects.next_object(), None, "nothing comes after a break");
                return (found, Some(found_break));
            }
        }
        assert!(objects.bytes_held() <= 2 * IMPORT_OBJECT_BYTES_MAX + IMPORT_READ_BYTES);
    }
    (found, None)
}

/// Gives one byte at a time: a slice must not depend on how the file is read.
struct Dripping<'a>(&'a [u8]);

impl Read for Dripping<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some((first, rest)) = self.0.split_first() else { return Ok(0) };
        buffer[0] = *first;
        self.0 = rest;
        Ok(1)
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[ -~éé\"\\\\{}\\[\\],:\n]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::btree_map("[a-z\"{}]{0,6}", inner, 0..5)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn every_object_comes_out_whole_and_where_it_stood(
        objects in proptest::collection::vec(any_json(), 0..8),
        before in any_json(),
        after in any_json(),
        pretty: bool,
    ) {
        let bundle = format!(
            "{{\"a\":{before} , \"objects\" : {}\n,\"z\":{after}}}\n",
            if pretty { serde_json::to_string_pretty(&objects) } else { serde_json::to_string(&objects) }.unwrap(),
        );
        let (found, broke) = cut_all(Dripping(bundle.as_bytes()));
        prop_assert_eq!(broke, None);
        prop_assert_eq!(&found, &cut_all(bundle.as_bytes()).0);
        let values: Vec<Value> =
            found.iter().map(|(_, text)| serde_json::from_str(text.as_ref().unwrap()).unwrap()).collect();
        prop_assert_eq!(values, objects);
        for (byte, text) in found {
            let byte = usize::try_from(byte).unwrap();
            prop_assert!(bundle.get(byte..).unwrap().starts_with(text.as_ref().unwrap()));
        }
    }

    #[test]
    fn a_bundle_cut_short_gives_what_stood_before_and_the_place_of_the_break(
        objects in proptest::collection::vec(any_json(), 1..6),
        share in 0.0..1.0_f64,
    ) {
        let bundle = json!({ "objects": objects }).to_string();
        let (whole, _) = cut_all(bundle.as_bytes());
        let length = ((bundle.len() - 1) as f64 * share) as usize;
        let (found, broke) = cut_all(&bundle.as_bytes()[..length]);
        prop_assert_eq!(broke.unwrap().byte, length as u64);
        prop_assert_eq!(&found[..], &whole[..found.len()]);
        // Only an object whose end is not reached may be missing.
        let next = whole.get(found.len());
        prop_assert!(next.is_none_or(|(byte, text)| *byte as usize + text.as_ref().unwrap().len() + 1 > length));
    }

    #[test]
    fn no_bytes_make_the_cutter_panic_or_run_on(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut start = b"{\"objects\":[{},".to_vec();
        start.extend_from_slice(&bytes);
        let (found, _) = cut_all(&start[..]);
        prop_assert!(found.len() <= start.len());
        cut_all(&bytes[..]);
    }
}

#[test]
fn what_is_no_bundle_says_so() {
    for text in
        ["", " ", "[]", "12", "{}", "{\"mapping_objects\":[{}]}", "{\"objects\":{}}", "\u{feff}{\"type\":\"bundle\"}"]
    {
        let (found, broke) = cut_all(text.as_bytes());
        assert!(found.is_empty(), "{text}");
        assert_eq!(broke.map(|found| found.cause), Some(Cause::NotABundle), "{text}");
    }
    assert_eq!(cut_all("\u{feff} {\"objects\":[ ]} ".as_bytes()), (Vec::new(), None));
}

#[test]
fn a_byte_out_of_place_is_a_break_at_that_byte() {
    for (text, byte, before) in [
        ("{\"objects\":[{} {}]}", 15, 1),
        ("{\"objects\":[{},]}", 15, 1),
        ("{\"objects\":[,{}]}", 12, 0),
        ("{\"objects\":[{}]]", 15, 1),
        ("{\"objects\":[{}]} x", 17, 1),
        ("{\"objects\" [{}]}", 11, 0),
        ("{objects:[{}]}", 1, 0),
        ("{\"objects\":[{\"a\":\"}]}", 21, 0),
    ] {
        let (found, broke) = cut_all(text.as_bytes());
        assert_eq!(broke, Some(Break { byte, cause: Cause::Broken }), "{text}");
        assert_eq!(found.len(), before, "{text}");
    }
}

#[test]
fn a_string_of_200_megabytes_is_passed_over_without_being_kept() {
    let reader =
        b"{\"objects\":[{\"a\":1},{\"a\":\"".chain(io::repeat(b'a').take(200_000_000)).chain(&b"\"},{\"a\":2}]}"[..]);
    let (found, broke) = cut_all(reader);
    assert_eq!(broke, None);
    let contents: Vec<_> = found.into_iter().map(|(_, content)| content).collect();
    assert_eq!(contents, [Ok("{\"a\":1}".to_owned()), Err(Shape::TooLarge), Ok("{\"a\":2}".to_owned())]);
}

#[test]
fn ten_thousand_levels_spoil_one_object_only() {
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let bundle = format!("{{\"objects\":[{{\"a\":{deep}}},{{}}],\"more\":{deep}}}");
    let (found, broke) = cut_all(bundle.as_bytes());
    assert_eq!(broke, None);
    let contents: Vec<_> = found.into_iter().map(|(_, content)| content).collect();
    assert_eq!(contents, [Err(Shape::TooDeep), Ok("{}".to_owned())]);
}

#[test]
fn a_file_that_fails_to_be_read_says_where() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _buffer: &mut [u8]) -> io::Result<usize> {
            Err(io::ErrorKind::PermissionDenied.into())
        }
    }
    let (found, broke) = cut_all(b"{\"objects\":[{}".chain(Failing));
    assert_eq!(found.len(), 1);
    assert_eq!(broke, Some(Break { byte: 14, cause: Cause::Unreadable(io::ErrorKind::PermissionDenied) }));
}
