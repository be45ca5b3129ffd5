use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;
use crate::limits;

fn words(node: &Node) -> Vec<String> {
    node.words().into_iter().map(|word| word.folded.clone()).collect()
}

fn fault(text: &str) -> (Fault, usize) {
    let error = parse(text).expect_err(text);
    (error.fault, error.place)
}

#[test]
fn words_are_all_sought_and_or_parts_alternatives() {
    let node = parse("chiffrement disque OR clé -(usb carte)").expect("a question");
    let Node::Any(alternatives) = &node else { panic!("{node:?}") };
    assert_eq!(alternatives.len(), 2);
    assert_eq!(words(&node), ["chiffrement", "disque", "cle"]);
    let Node::All(parts) = &alternatives[1] else { panic!("{node:?}") };
    assert!(matches!(&parts[1], Node::Not(inner) if matches!(&**inner, Node::All(two) if two.len() == 2)));
}

#[test]
fn every_key_is_known_in_three_languages() {
    for (one, other) in [
        ("dans:Alpha", "in:Alpha"),
        ("de:moi", "from:me"),
        ("von:mich", "from:me"),
        ("étiquette:Radar", "tag:radar"),
        ("type:idée", "type:idea"),
        ("titre:\"nœud central\"", "title:\"noeud central\""),
        ("avant:2026-11", "before:2026-11"),
        ("après:2026-11-21", "after:2026-11-21"),
        ("nach:2026", "after:2026"),
        ("le:2026-11-21", "on:2026-11-21"),
        ("fiabilité:b2", "reliability:B2"),
        ("lien:uses", "link:uses"),
        ("langue:français", "lang:fr"),
        ("quelle:jane", "source:Jane"),
        ("avec:pièce", "has:attachment"),
        ("mit:quelle", "has:sources"),
        ("avec:cote", "has:grade"),
    ] {
        let (one, other) = (parse(one).expect(one), parse(other).expect(other));
        match (&one, &other) {
            (Node::Filter(Filter::Title(one)), Node::Filter(Filter::Title(other)))
            | (Node::Filter(Filter::Source(one)), Node::Filter(Filter::Source(other))) => {
                assert!(one.iter().zip(other).all(|(one, other)| one.folded == other.folded));
            }
            _ => assert_eq!(one, other),
        }
    }
}

#[test]
fn dates_are_periods_and_their_edges_are_exact() {
    let day = 86_400_000;
    let start = 1_795_219_200_000; // 2026-11-21T00:00:00Z
    let read = |text: &str| match parse(text).expect(text) {
        Node::Filter(Filter::Time(from, until)) => (from, until),
        other => panic!("{other:?}"),
    };
    assert_eq!(read("avant:2026-11-21"), (0, start));
    assert_eq!(read("après:2026-11-21"), (start + day, u64::MAX));
    assert_eq!(read("le:2026-11-21"), (start, start + day));
    assert_eq!(read("le:2026-11"), (start - 20 * day, start + 10 * day));
}

#[test]
fn what_cannot_be_read_says_where() {
    assert_eq!(fault(""), (Fault::Empty, 1));
    assert_eq!(fault("  ... "), (Fault::Empty, 1));
    assert_eq!(fault("radar couleur:bleu"), (Fault::Key, 7));
    assert_eq!(fault("été avant:hier"), (Fault::Date, 11));
    assert_eq!(fault("avant:\"2026-02-30\""), (Fault::Date, 8));
    assert_eq!(fault("avant:2026-2-3"), (Fault::Date, 7));
    assert_eq!(fault("type:poème"), (Fault::Kind, 6));
    assert_eq!(fault("fiabilité:B7"), (Fault::Grade, 11));
    assert_eq!(fault("fiabilite\u{301}:BB"), (Fault::Grade, 12));
    assert_eq!(fault("langue:\" xx\""), (Fault::Language, 10));
    assert_eq!(fault("avec:espace"), (Fault::Has, 6));
    assert_eq!(fault("source:..."), (Fault::Value, 1));
    assert_eq!(fault("tag:"), (Fault::Value, 1));
    assert_eq!(fault("a (b"), (Fault::Bracket, 3));
    assert_eq!(fault("a) b"), (Fault::Bracket, 2));
    assert_eq!(fault("\"a b"), (Fault::Quotation, 1));
    assert_eq!(fault("a OR"), (Fault::Or, 3));
    assert_eq!(fault("OR a"), (Fault::Or, 1));
    assert_eq!(fault("(radar -OR x)"), (Fault::Minus, 8));
    assert_eq!(fault("x*"), (Fault::Beginning, 1));
    assert_eq!(fault("radar *"), (Fault::Beginning, 7));
}

#[test]
fn an_address_a_number_and_a_reference_are_no_keys() {
    for (text, count) in [("https://exemple.fr/page", 4), ("10.0.0.1", 4), ("CVE-2026-1234", 3)] {
        let node = parse(text).expect(text);
        assert_eq!(node.words().len(), count, "{node:?}");
    }
    assert!(matches!(parse("10.0.0.1"), Ok(Node::Phrase(_))));
    assert!(matches!(parse("sous-marins"), Ok(Node::All(_))));
}

#[test]
fn a_key_with_its_accents_apart_is_the_same_key() {
    for (together, apart) in
        [("\u{e9}tiquette:radar", "e\u{301}tiquette:radar"), ("fiabilit\u{e9}:B2", "fiabilite\u{301}:B2")]
    {
        assert_eq!(parse(apart).expect(apart), parse(together).expect(together));
    }
    assert_eq!(fault("poe\u{300}me:x"), (Fault::Key, 1));
}

#[test]
fn quotation_marks_of_three_languages_hold_a_phrase() {
    for text in ["\"nœud central\"", "«nœud central»", "»nœud central«", "“nœud central”", "„nœud central“"]
    {
        assert!(matches!(parse(text), Ok(Node::Phrase(words)) if words.len() == 2), "{text}");
        let keyed = format!("titre:{text}");
        assert!(matches!(parse(&keyed), Ok(Node::Filter(Filter::Title(words))) if words.len() == 2), "{keyed}");
    }
    let node = parse("« a b » radar « c d »").expect("a question");
    assert_eq!(words(&node), ["a", "b", "radar", "c", "d"]);
    assert_eq!(fault("radar »a b"), (Fault::Quotation, 7));
}

#[test]
fn dates_and_types_of_links_are_read_as_pages_write_them() {
    for written in ["21/11/2026", "21.11.2026", "21/11/2026"] {
        assert_eq!(parse(&format!("after:{written}")), parse("after:2026-11-21"), "{written}");
    }
    assert_eq!(parse("on:1/3/2026"), parse("on:2026-03-01"));
    assert_eq!(parse("before:11/2026"), parse("before:2026-11"));
    assert_eq!(fault("before:2026/11/21"), (Fault::Date, 8));
    assert_eq!(fault("before:31/02/2026"), (Fault::Date, 8));
    assert_eq!(parse("lien:\"s’appuie sur\""), parse("link:uses"));
    assert_eq!(parse("verknüpfung:\"beruht auf:Lage\""), parse("link:\"derived-from:Lage\""));
    assert_eq!(parse("link:targets"), parse("lien:targets"));
    assert_eq!(parse("label:S/ALPHA"), parse("mention:S/ALPHA"));
}

#[test]
fn too_much_is_refused_at_once() {
    let begun = Instant::now();
    assert_eq!(fault(&"a ".repeat(512 * 1024)), (Fault::TooLong, 1));
    assert_eq!(fault(&"ab ".repeat(limits::SEARCH_WORDS_MAX + 1)), (Fault::TooManyWords, 1));
    let terms: Vec<String> = (0..10_000).map(|number| format!("w{number}")).collect();
    assert_eq!(fault(&terms.join(" OR ")).0, Fault::TooLong);
    assert_eq!(fault(&"(".repeat(limits::SEARCH_DEPTH_MAX + 2)).0, Fault::TooDeep);
    assert_eq!(fault(&"(".repeat(4000)).0, Fault::TooManyWords);
    assert_eq!(fault(&format!("{}a", "-".repeat(200))).0, Fault::TooDeep);
    assert_eq!(fault(&"* ".repeat(50)).0, Fault::Beginning);
    assert!(begun.elapsed() < Duration::from_secs(2));
}

#[test]
fn a_question_is_taken_apart_where_all_of_it_is_wanted() {
    let parted = |text: &str| -> Vec<(String, String)> {
        parts(text).expect(text).into_iter().map(|part| (part.text, part.others)).collect()
    };
    let pairs = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs.iter().map(|(text, others)| ((*text).to_owned(), (*others).to_owned())).collect()
    };
    assert_eq!(parted("radar"), pairs(&[("radar", "")]));
    assert_eq!(
        parted(" « été chaud »  -brevet dans:\"A B\" "),
        pairs(&[
            ("« été chaud »", "-brevet dans:\"A B\""),
            ("-brevet", "« été chaud » dans:\"A B\""),
            ("dans:\"A B\"", "« été chaud »  -brevet"),
        ])
    );
    assert_eq!(
        parted("(a OR b) sous-marins ..."),
        pairs(&[("(a OR b)", "sous-marins ..."), ("sous-marins", "(a OR b) ...")])
    );
    // What is taken away leaves a blank, and what says nothing is nothing.
    assert_eq!(parted("radar\"passif\"sonar")[1], ("\"passif\"".to_owned(), "radar sonar".to_owned()));
    assert_eq!(parted("drone(naval OR marin)-iran")[1].1, "drone -iran");
    assert_eq!(parted("radar ..."), pairs(&[("radar", "")]));
    // What has alternatives is one part; of it nothing can be taken away.
    assert_eq!(parted("radar passif OR sonar"), pairs(&[("radar passif OR sonar", "")]));
    assert!(parts("couleur:bleu").is_err());
}

/// What questions are made of, and what is nearly that.
const PIECES: [&str; 48] = [
    "radar",
    "Été",
    "l’État",
    "sous-marins",
    "10.0.0.1",
    "CVE-2026-1234",
    "ra*",
    "*",
    "-",
    "−",
    "(",
    ")",
    "\"",
    "«",
    "»",
    "“",
    "”",
    "„",
    "OR",
    "OU",
    "ODER",
    " ",
    "\u{a0}",
    "\u{202f}",
    ":",
    "::",
    "//",
    "dans:",
    "in:",
    "de:moi",
    "étiquette:",
    "type:idée",
    "type:",
    "titre:",
    "avant:2026-11",
    "nach:31.02.2026",
    "le:",
    "fiabilité:B2",
    "mention:S/ALPHA",
    "lien:uses:",
    "lang:fr",
    "couleur:bleu",
    "e\u{301}tiquette:",
    "\u{202e}",
    "\u{feff}",
    "\0",
    "\u{1f600}",
    "ﬁn",
];

fn anything() -> impl Strategy<Value = String> {
    let piece = prop_oneof![6 => proptest::sample::select(&PIECES[..]).prop_map(str::to_owned), 1 => "\\PC{0,6}", 1 => any::<String>()];
    proptest::collection::vec((piece, any::<bool>()), 0..24).prop_map(|pieces| {
        pieces.into_iter().map(|(piece, blank)| if blank { format!("{piece} ") } else { piece }).collect()
    })
}

/// It is read or refused, the same way each time; a refusal has a place in it; it asks for no more than questions may; it is
/// taken apart exactly when it is read, and what is left of it without a part is a question or nothing.
fn is_read_or_refused(text: &str) -> Result<(), TestCaseError> {
    let read = parse(text);
    prop_assert_eq!(&read, &parse(text));
    match (&read, parts(text)) {
        (Err(error), apart) => {
            prop_assert!(error.place >= 1 && error.place <= text.chars().count().max(1), "{:?}", error);
            prop_assert!(apart.is_err());
        }
        (Ok(node), apart) => {
            prop_assert!(node.words().len() <= limits::SEARCH_WORDS_MAX);
            for part in apart.map_err(|error| TestCaseError::fail(format!("{error:?}")))? {
                prop_assert!(part.others.is_empty() || parse(&part.others).is_ok(), "{:?}", part);
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000_000))]

    #[test]
    #[ignore = "a million executions: make fuzz"]
    fn a_million_of_questions(text in anything()) {
        is_read_or_refused(&text)?;
    }
}

proptest! {
    #[test]
    fn any_pieces_are_read_or_refused(text in anything()) {
        is_read_or_refused(&text)?;
    }

    #[test]
    fn a_question_without_a_part_asks_for_the_other_parts(
        words in proptest::collection::vec("[a-z]{2,8}|-[a-z]{3}|\"[a-z]{2,5} [a-z]{2,5}\"|type:note|[a-z]{3}\\*|\\([a-z]{2,4} OR [a-z]{2,4}\\)", 1..7),
    ) {
        let all = parts(&words.join(" ")).expect("a question");
        prop_assert_eq!(all.len(), words.len());
        for (place, part) in all.iter().enumerate() {
            let others: Vec<&Node> = all.iter().enumerate().filter(|(at, _)| *at != place).map(|(_, part)| &part.node).collect();
            let left = if part.others.is_empty() { Vec::new() } else { parts(&part.others).expect("a question") };
            prop_assert_eq!(left.iter().map(|part| &part.node).collect::<Vec<_>>(), others);
        }
    }

    #[test]
    fn any_text_is_read_or_refused_with_a_place_in_it(text in "\\PC{0,300}") {
        is_read_or_refused(&text)?;
    }

    #[test]
    fn any_text_of_signs_is_read_or_refused(text in "[a-c \\-()\"*:ORé0-9]{0,80}") {
        is_read_or_refused(&text)?;
    }
}
