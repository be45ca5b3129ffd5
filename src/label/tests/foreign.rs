use proptest::prelude::*;

use super::built_in;
use crate::{clock::Time, label::Policy, limits, words::Language};

/// Validated against the schema of ADatP-4774 by another tool.
const EXAMPLE: &str = include_str!("../../../tests/vectors/labels/label-example.xml");

fn example_policy() -> Policy {
    let (_, company) = crate::label::builtin().last().expect("a policy");
    let (head, _) = company.split_once("[[levels]]").expect("levels");
    let names = "names = { fr = \"X\", en = \"X\", de = \"X\" }\n";
    let mut toml = head
        .replace("\"MAISON\"", "\"FRA\"")
        .replace("2.25.316220916413266215416670253509736821996", "2.25.283505922519774543341581604402970826256");
    for (rank, code) in ["UNCLASSIFIED", "SECRET"].iter().enumerate() {
        toml.push_str(&format!("[[levels]]\ncode = \"{code}\"\nrank = {rank}\n{names}"));
        toml.push_str("text = \"#000000\"\nground = \"#ffffff\"\npattern = \"plain\"\n");
    }
    toml.push_str(&format!("[[categories]]\ncode = \"CRYPTO\"\n{names}"));
    for code in ["FRA", "GBR"] {
        toml.push_str(&format!("[[releasability]]\ncode = \"{code}\"\n{names}"));
    }
    let (_, display) = company.split_once("[display]").expect("display");
    toml.push_str("[display]");
    toml.push_str(&display.replace("COMPANY", "EXAMPLE").replace("Additional Sensitivity", "Special Handling"));
    Policy::parse(&toml).expect("the policy of the example")
}

#[test]
fn the_example_of_the_standard_is_read() {
    let policy = example_policy();
    let read = policy.read_stanag(EXAMPLE).expect("it is valid");
    assert_eq!(policy.print(&read.label), "SECRET/CRYPTO/ALL");
    assert_eq!(policy.stored(&read.label), "SECRET/CRYPTO/FRA,GBR");
    assert_eq!(read.created.to_string(), "2026-01-01T12:00:00.000Z");
    assert_eq!(read.review.map(|time| time.to_string()).as_deref(), Some("2036-01-01T00:00:00.000Z"));
}

/// What is put for what in the example, and the refusal.
const REFUSED: &[(&str, &str, &str)] = &[
    ("Type=\"PERMISSIVE\"", "Type=\"permissive\"", "stanag-bad-type"),
    ("<s4774:CreationDateTime>2026-01-01T12:00:00Z</s4774:CreationDateTime>", "", "stanag-missing"),
    ("originatorConfidentialityLabel", "OriginatorConfidentialityLabel", "stanag-wrong-root"),
    ("originatorConfidentialityLabel", "alternativeConfidentialityLabel", "stanag-wrong-root"),
    ("metadatalabel:1:0", "metadatalabel:2:0", "stanag-wrong-root"),
    ("<s4774:orig", "<!DOCTYPE x [<!ENTITY a \"b\">]><s4774:orig", "stanag-doctype"),
    ("<s4774:Classification>", "<!DOCTYPE x><s4774:Classification>", "stanag-doctype"),
    ("<s4774:orig", "<?xml-stylesheet href='x'?><s4774:orig", "stanag-instruction"),
    ("SECRET", "<![CDATA[SECRET]]>", "stanag-cdata"),
    ("SECRET", "&secret;", "stanag-entity"),
    ("SECRET", "SECRET&#0;", "stanag-entity"),
    ("SECRET", "SEC\u{0}RET", "stanag-character"),
    ("UTF-8", "UTF-16", "stanag-encoding"),
    ("<s4774:Classification>SECRET</s4774:Classification>", "<z:x/>", "stanag-prefix"),
    ("<s4774:Classification>", "<x xmlns:z=\"urn:z\"/><z:x/><s4774:Classification>", "stanag-prefix"),
    ("xmlns:s4774=", "xmlns:xml=\"urn:x\" xmlns:s4774=", "stanag-prefix"),
    (">SECRET<", ">SECRET]]><", "stanag-malformed"),
    ("</s4774:Classification>", "</s4774:Classified>", "stanag-malformed"),
    ("</s4774:originator", "<s4774:originator", "stanag-malformed"),
    ("Type=\"RESTRICTIVE\"", "Type=\"RESTRICTIVE\" Type=\"INFORMATIVE\"", "stanag-malformed"),
    ("Type=\"RESTRICTIVE\"", "Type=\"INFORMATIVE\"", "stanag-wrong-tag-type"),
    ("Type=\"PERMISSIVE\"", "Type=\"RESTRICTIVE\"", "stanag-wrong-tag-type"),
    ("Releasable To", "Eyes Only", "stanag-unknown-tag"),
    ("Special Handling", "Releasable To", "stanag-wrong-tag-type"),
    ("TagName=\"Special Handling\"", "", "stanag-missing"),
    ("s4774:GenericValue>CRYPTO</s4774:GenericValue", "s4774:IntegerValue>1</s4774:IntegerValue", "stanag-unexpected"),
    ("<s4774:Classification>", "<s4774:Classification URI=\"urn:x\">", "stanag-unexpected"),
    (">SECRET<", ">COSMIC<", "stanag-unknown-classification"),
    (">EXAMPLE<", ">NATO<", "stanag-wrong-policy"),
    ("256\">EXAMPLE", "257\">EXAMPLE", "stanag-wrong-policy"),
    ("2026-01-01T12:00:00Z", "2026-01-01T12:00:00", "stanag-bad-date"),
    ("ReviewDateTime=\"2036", "ReviewDateTime=\"soon", "stanag-bad-date"),
    ("</s4774:orig", "<s4774:SuccessionHandling/></s4774:orig", "stanag-unexpected"),
    (">CRYPTO<", ">TANGO<", "label-unknown-word"),
    (">CRYPTO<", ">FRA<", "label-misplaced-word"),
    (">GBR<", ">FRA<", "label-duplicate-word"),
    ("<s4774:GenericValue>FRA</s4774:GenericValue>", "", "label-owner-missing"),
];

#[test]
fn each_bad_stanag_label_has_its_own_refusal() {
    let policy = example_policy();
    for (from, to, code) in REFUSED {
        assert!(EXAMPLE.contains(from), "{from}");
        let changed =
            if *code == "stanag-wrong-root" { EXAMPLE.replace(from, to) } else { EXAMPLE.replacen(from, to, 1) };
        let error = policy.read_stanag(&changed).expect_err(to);
        assert_eq!(error.code(), *code, "{to}: {error}");
        assert!(Language::ALL.iter().all(|language| !error.sentence().render(*language).contains("{ $")), "{error}");
    }
    let twice = EXAMPLE.replace("</s4774:ConfidentialityInformation>", "<s4774:Category Type='PERMISSIVE' TagName='Releasable To'><s4774:GenericValue>FRA</s4774:GenericValue></s4774:Category></s4774:ConfidentialityInformation>");
    assert_eq!(policy.read_stanag(&twice).map_err(|error| error.code()), Err("stanag-same-tag-twice"));
}

#[test]
fn deep_and_long_labels_are_refused() {
    let policy = example_policy();
    let code = |text: &str| policy.read_stanag(text).expect_err("refused").code();
    let nest = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
    assert_eq!(code(&nest(limits::LABEL_XML_DEPTH_MAX)), "stanag-wrong-root");
    assert_eq!(code(&nest(limits::LABEL_XML_DEPTH_MAX + 1)), "stanag-too-deep");
    assert_eq!(code(&"<a>".repeat(20_000)), "stanag-too-deep");
    assert_eq!(code(&EXAMPLE.replacen("SECRET", &"S".repeat(limits::LABEL_XML_BYTES_MAX), 1)), "stanag-too-long");
}

#[test]
fn what_only_informs_is_passed_over_and_what_is_commented_is_not_read() {
    let policy = example_policy();
    let more = "<s4774:Category Type='INFORMATIVE' TagName='Administrative'/></s4774:ConfidentialityInformation>";
    let changed = EXAMPLE.replacen("</s4774:ConfidentialityInformation>", more, 1).replacen(
        "<s4774:Category",
        "<!-- > --><s4774:PrivacyMark>for you</s4774:PrivacyMark><s4774:Category",
        1,
    );
    let read = policy.read_stanag(&changed).expect("nothing there decides");
    assert_eq!(policy.print(&read.label), "SECRET/CRYPTO/ALL");
}

#[test]
fn a_label_without_a_permissive_tag_is_the_owners_alone() {
    let policy = example_policy();
    let (before, rest) = EXAMPLE.split_once("<s4774:Category Type=\"PERMISSIVE\"").expect("the tag");
    let (_, after) = rest.split_once("</s4774:Category>").expect("its end");
    let read = policy.read_stanag(&format!("{before}{after}")).expect("it is valid");
    assert_eq!(policy.stored(&read.label), "SECRET/CRYPTO/FRA");
    let written = policy.export_stanag(&read.label, Time(0), Time(1));
    assert!(written.contains("PERMISSIVE") && written.contains(">FRA<"), "the tag is written: {written}");
}

#[test]
fn a_nato_label_must_have_its_context_and_the_context_names_nato() {
    let nato = built_in("nato");
    let label = nato.parse_label("NS/ATOMAL/NATO,AUT").expect("a label");
    let written = nato.export_stanag(&label, Time(0), Time(1));
    assert!(written.contains("urn:oid:1.3.26.1.3.1"), "{written}");
    let partners_only = written.replacen(
        "      <s4774:GenericValue>NATO</s4774:GenericValue>\n      <s4774:GenericValue>AUT",
        "      <s4774:GenericValue>AUT",
        1,
    );
    assert_ne!(partners_only, written);
    assert_eq!(nato.read_stanag(&partners_only).map(|read| read.label), Ok(label));
    let (before, rest) = written.split_once("    <s4774:Category").expect("the context");
    let (_, after) = rest.split_once("</s4774:Category>\n").expect("its end");
    let error = nato.read_stanag(&format!("{before}{after}")).expect_err("no context");
    assert_eq!(error.code(), "stanag-context-missing");
}

proptest! {
    #[test]
    fn a_damaged_stanag_label_is_read_or_refused_but_stops_nothing(place in 0..EXAMPLE.len(), length in 0usize..60, junk in "[<>/&;!?'\"= \\PC]{0,8}") {
        let policy = example_policy();
        let mut damaged = EXAMPLE.to_owned();
        let end = place.saturating_add(length).min(EXAMPLE.len());
        damaged.replace_range(place..end, &junk);
        if let Ok(read) = policy.read_stanag(&damaged) {
            let again = policy.read_stanag(&policy.export_stanag(&read.label, read.created, Time(0)));
            prop_assert_eq!(again.map(|again| again.label), Ok(read.label));
        }
    }
}
