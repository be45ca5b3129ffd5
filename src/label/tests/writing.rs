use proptest::prelude::*;

use super::built_in;
use crate::{label::LabelError, words::Language};

#[test]
fn each_bad_text_has_its_own_refusal() {
    let french = built_in("fr-igi1300");
    let long = "S/".repeat(5000);
    let table = [
        ("", "label-empty"),
        (long.as_str(), "label-too-long"),
        ("S/ALPHA/FRA/BEL", "label-too-many-parts"),
        ("/ALPHA", "label-empty-part"),
        ("S//FRA", "label-empty-part"),
        ("S/ALPHA,", "label-empty-part"),
        ("SECRETISSIME", "label-unknown-level"),
        ("ALPHA", "label-unknown-level"),
        (" S", "label-unknown-level"),
        ("SECRET DÉFENSE", "label-unknown-level"),
        ("S/OMEGA", "label-unknown-word"),
        ("S/ALPHA/ZZZ", "label-unknown-word"),
        ("S/FRA/ALPHA", "label-misplaced-word"),
        ("S/ALPHA,FRA", "label-misplaced-word"),
        ("S/TS", "label-misplaced-word"),
        ("S/ALL,FRA", "label-misplaced-word"),
        ("S/ALPHA,ALPHA", "label-duplicate-word"),
        ("S/FRA,BEL,FRA", "label-duplicate-word"),
        ("S/BEL", "label-owner-missing"),
        ("S/SF/FRA,BEL", "label-owner-only"),
        ("NP/SF/ALL", "label-owner-only"),
    ];
    for (text, code) in table {
        let error = french.parse_label(text).expect_err(text);
        assert_eq!(error.code(), code, "{text}");
        assert!(Language::ALL.iter().all(|language| !error.sentence().render(*language).contains('{')));
    }
    let error = built_in("nato").parse_label("NS/BOHEMIA").expect_err("BOHEMIA stands on CTS");
    let expected = LabelError::UnderMinimum { category: "BOHEMIA".to_owned(), minimum: "CTS".to_owned() };
    assert_eq!(error, expected);
}

#[test]
fn a_marking_says_what_an_officer_would_stamp() {
    let table = [
        ("fr-igi1300", "NP/ALL", "NON PROTÉGÉ", "(NP)"),
        ("fr-igi1300", "NP", "NON PROTÉGÉ – COMMUNICABLE À FRA", "(NP/FRA)"),
        ("fr-igi1300", "DR", "DIFFUSION RESTREINTE", "(DR)"),
        ("fr-igi1300", "S/SF", "SECRET – SPÉCIAL FRANCE", "(S/SF)"),
        (
            "fr-igi1300",
            "TS/BRAVO,ALPHA/BEL,FRA",
            "TRÈS SECRET – ALPHA – BRAVO – COMMUNICABLE À FRA, BEL",
            "(TS/ALPHA/BRAVO/FRA, BEL)",
        ),
        ("nato", "CTS/ATOMAL", "COSMIC TOP SECRET – ATOMAL", "(CTS/ATOMAL)"),
        ("us", "U/ALL", "UNCLASSIFIED", "(U)"),
        ("us", "S", "SECRET//NOFORN", "(S//NF)"),
        ("us", "TS/ORCON/USA,GBR", "TOP SECRET//ORCON//REL TO USA, GBR", "(TS//OC//REL TO USA, GBR)"),
        ("tlp", "TLP:WHITE", "TLP:CLEAR", "(TLP:CLEAR)"),
        ("tlp", "TLP:AMBER+STRICT/PAP:RED", "TLP:AMBER+STRICT PAP:RED", "(TLP:AMBER+STRICT PAP:RED)"),
        ("company", "STRICT/RH", "STRICTEMENT CONFIDENTIEL – RESSOURCES HUMAINES", "(SC/RH)"),
    ];
    for (id, text, marking, portion) in table {
        let policy = built_in(id);
        let label = policy.parse_label(text).expect(text);
        assert_eq!(
            (policy.marking(&label, Language::French).as_str(), policy.portion(&label).as_str()),
            (marking, portion)
        );
    }
    let french = built_in("fr-igi1300");
    let special = french.parse_label("S/SPÉCIAL FRANCE").expect("a label");
    let stamps: Vec<_> =
        french.stamps(&special).into_iter().map(|(category, colour)| (category.code(), colour)).collect();
    assert_eq!(stamps, [("SF", "#0434cc")]);
}

#[test]
fn the_stricter_handling_wins_when_tlp_labels_meet() {
    let tlp = built_in("tlp");
    let label = |text: &str| tlp.parse_label(text).expect(text);
    let joined = label("TLP:RED/PAP:GREEN").join(&label("TLP:GREEN/PAP:AMBER"));
    assert_eq!(tlp.print(&joined), "TLP:RED/PAP:AMBER");
    assert!(label("TLP:CLEAR").flows_to(&label("TLP:CLEAR/PAP:CLEAR")));
    assert!(!label("TLP:CLEAR/PAP:RED").flows_to(&label("TLP:RED/PAP:AMBER")));
}

#[test]
fn a_clearance_reaches_no_further_than_its_level_categories_and_nation() {
    let french = built_in("fr-igi1300");
    let belgian = french.parse_clearance("S/ALPHA", "BEL").expect("a clearance");
    for (text, reached) in [
        ("NP/ALL", true),
        ("S/ALPHA/FRA,BEL", true),
        ("S/ALPHA", false),
        ("S/FRA,DEU", false),
        ("TS/FRA,BEL", false),
        ("S/BRAVO/FRA,BEL", false),
    ] {
        let label = french.parse_label(text).expect(text);
        assert_eq!(belgian.reaches(&label), reached, "{text}");
        assert_eq!(french.parse_working(text, &belgian).is_ok(), reached, "{text}");
    }
    assert_eq!((french.print_clearance(&belgian).as_str(), french.nation(&belgian)), ("S/ALPHA", "BEL"));
    let refused = |text: &str, nation: &str| french.parse_clearance(text, nation).expect_err(text).code();
    assert_eq!(refused("S/SF", "BEL"), "label-owner-only");
    assert_eq!(refused("S/FRA", "FRA"), "label-clearance-releasable");
    assert_eq!(refused("S", "ATL"), "label-unknown-nation");
    let error = french.parse_working("S/ALPHA", &belgian).expect_err("it is for France alone");
    assert_eq!(error, LabelError::NationMissing { nation: "BEL".to_owned() });
}

#[test]
fn asking_for_a_compartment_not_held_is_asking_for_one_that_does_not_exist() {
    let french = built_in("fr-igi1300");
    let clearance = french.parse_clearance("S/ALPHA", "FRA").expect("a clearance");
    let answer = |text: &str, word: &str| {
        let error = french.parse_working(text, &clearance).expect_err(text);
        (error.code(), error.to_string().replace(word, "…"))
    };
    assert_eq!(answer("S/BRAVO", "BRAVO"), answer("S/OMEGA", "OMEGA"));
    assert_eq!(answer("S/ALPHA,BRAVO/FRA", "BRAVO"), answer("S/ALPHA,OMEGA/FRA", "OMEGA"));
    assert_eq!(answer("S/SF/BEL", "SF"), answer("S/ZZ/BEL", "ZZ"));
    assert_eq!(answer("S/FRA,BRAVO", "BRAVO"), answer("S/FRA,OMEGA", "OMEGA"));
    assert_eq!(answer("TS", "TS"), answer("ZZ", "ZZ"));
    assert_eq!(answer("S/TS", "TS"), answer("S/ZZ", "ZZ"));
    let words = french.words_for(&clearance);
    assert_eq!(words.categories.iter().map(|category| category.code()).collect::<Vec<_>>(), ["ALPHA"]);
    assert_eq!(words.levels.iter().map(|level| level.code()).collect::<Vec<_>>(), ["NP", "DR", "S"]);
    assert_eq!(words.releasability.first().map(|code| code.code()), Some("FRA"));
}

proptest! {
    #[test]
    fn any_text_is_a_label_that_prints_itself_or_is_refused(text in "[SNPTDRALF/,\\PC]{0,40}|(NP|DR|S|TS|Très secret)(/(SF|ALPHA|bravo|FRA|BEL|ALL)(,(ALPHA|FRA|DEU|ſ))?){0,3}") {
        let french = built_in("fr-igi1300");
        if let Ok(label) = french.parse_label(&text) {
            prop_assert_eq!(french.parse_label(&french.print(&label)), Ok(label));
        }
    }
}
