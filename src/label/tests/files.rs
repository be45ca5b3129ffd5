use std::collections::BTreeSet;

use proptest::prelude::*;

use super::built_in;
use crate::{
    label::{Counted, Policy, PolicyError, builtin},
    limits,
    words::Language,
};

const SOUND: &str = r##"
id = "house"
oid = "2.25.7"
version = "2026-11-21"
owner = "OWN"
names = { fr = "Maison", en = "House", de = "Haus" }
[[levels]]
code = "LOW"
rank = 1
names = { fr = "BAS", en = "LOW", de = "TIEF" }
text = "#000000"
ground = "#ffffff"
pattern = "plain"
[[levels]]
code = "HIGH"
rank = 2
names = { fr = "HAUT", en = "HIGH", de = "HOCH" }
text = "#ffffff"
ground = "#000000"
pattern = "grid"
[[categories]]
code = "ONE"
names = { fr = "UN", en = "ONE", de = "EINS" }
minimum_level = "HIGH"
includes = ["TWO"]
[[categories]]
code = "TWO"
names = { fr = "DEUX", en = "TWO", de = "ZWEI" }
[[releasability]]
code = "PAR"
names = { fr = "Autre", en = "Other", de = "Andere" }
[[releasability]]
code = "OWN"
names = { fr = "Nous", en = "We", de = "Wir" }
[aliases]
"Haut lieu" = "HIGH"
[display]
separator = " - "
category_separator = ", "
portion_separator = "/"
declassification_date = true
[display.releasable]
prefix = { fr = "POUR", en = "FOR", de = "FÜR" }
all = { fr = "TOUS", en = "ALL", de = "ALLE" }
[stanag]
policy = "HOUSE"
restrictive = "Need"
permissive = "Releasable To"
"##;

/// What is put for what, and the refusal.
const MALFORMED: &[(&str, &str, &str)] = &[
    ("owner = \"OWN\"", "owner = \"OWN\"\ncolour = 1", "policy-malformed"),
    ("rank = 1\n", "", "policy-malformed"),
    ("\"plain\"", "\"tartan\"", "policy-malformed"),
    ("rank = 1\n", "rank = 1\nlevel = 3\n", "policy-malformed"),
    ("id = \"house\"", "id = \"House\"", "policy-bad-id"),
    ("id = \"house\"", "id = \"\"", "policy-bad-id"),
    ("2.25.7", "2.25.07", "policy-bad-oid"),
    ("2.25.7", "3.1", "policy-bad-oid"),
    ("2.25.7", "2", "policy-bad-oid"),
    ("2026-11-21", "2026-02-30", "policy-bad-version"),
    ("2026-11-21", "20261121", "policy-bad-version"),
    ("code = \"LOW\"", "code = \"low\"", "policy-bad-code"),
    ("code = \"LOW\"", "code = \"L/W\"", "policy-bad-code"),
    ("code = \"TWO\"", "code = \"ABCDEFGHIJKLMNOPQRSTUVWXY\"", "policy-unknown-inclusion"),
    ("code = \"PAR\"", "code = \"ABCDEFGHIJKLMNOPQRSTUVWXY\"", "policy-bad-code"),
    ("code = \"PAR\"", "code = \"ALL\"", "policy-reserved-code"),
    ("code = \"PAR\"", "code = \"TWO\"", "policy-ambiguous-word"),
    ("\"Haut lieu\"", "low", "policy-ambiguous-word"),
    ("\"Haut lieu\"", "all", "policy-ambiguous-word"),
    ("rank = 2", "rank = 1", "policy-same-rank"),
    ("rank = 2", "rank = 2\nclassification = \"low\"", "policy-same-classification"),
    ("fr = \"BAS\"", "fr = \"\"", "policy-bad-name"),
    ("fr = \"BAS\"", "fr = \"B\\u001BAS\"", "policy-bad-name"),
    ("separator = \" - \"", "separator = \"\"", "policy-bad-name"),
    ("#ffffff\"\npattern", "white\"\npattern", "policy-bad-colour"),
    ("#ffffff\"\npattern", "#FFFFFF\"\npattern", "policy-bad-colour"),
    ("owner = \"OWN\"", "owner = \"ANY\"", "policy-unknown-owner"),
    ("minimum_level = \"HIGH\"", "minimum_level = \"TOP\"", "policy-unknown-minimum"),
    ("includes = [\"TWO\"]", "includes = [\"SIX\"]", "policy-unknown-inclusion"),
    ("includes = [\"TWO\"]", "includes = [\"ONE\"]", "policy-circular-inclusion"),
    ("de = \"ZWEI\" }", "de = \"ZWEI\" }\nincludes = [\"ONE\"]", "policy-circular-inclusion"),
    ("= \"HIGH\"\n[display]", "= \"TOP\"\n[display]", "policy-unknown-alias-target"),
    ("\"Haut lieu\"", "\"Haut/lieu\"", "policy-bad-alias"),
    ("\"Haut lieu\"", "\"Haut lieu \"", "policy-bad-alias"),
    ("restrictive = \"Need\"", "restrictive = \"releasable to\"", "policy-same-tag"),
];

#[test]
fn each_malformed_policy_has_its_own_refusal() {
    Policy::parse(SOUND).expect("the sound one");
    let mut seen = BTreeSet::from(["policy-too-many"]);
    for (from, to, code) in MALFORMED {
        assert!(SOUND.contains(from), "{from}");
        let error = Policy::parse(&SOUND.replacen(from, to, 1)).map(|_| ()).expect_err(to);
        assert_eq!(error.code(), *code, "{to}: {error}");
        assert!(Language::ALL.iter().all(|language| !error.sentence().render(*language).contains('{')), "{error}");
        seen.insert(code);
    }
    let without = |start: &str, end: &str| {
        let (before, rest) = SOUND.split_once(start).expect("the start");
        format!("{before}{}", rest.split_once(end).map_or(String::new(), |(_, after)| format!("{end}{after}")))
    };
    let code = |toml: &str| Policy::parse(toml).map(|_| ()).expect_err("not sound").code();
    let silent = without("[display.releasable]", "[stanag]");
    assert_eq!(code(&silent), "policy-partners-unshown");
    let bare = without("[[levels]]", "[[categories]]").replacen("[[categories]]", "levels = []\n[[categories]]", 1);
    assert_eq!(code(&bare), "policy-no-level");
    seen.extend(["policy-partners-unshown", "policy-no-level"]);
    assert_eq!(seen.len(), 21, "every refusal of a policy is examined");
}

#[test]
fn a_policy_has_no_more_of_anything_than_a_label_can_carry() {
    let counted = |table: &str, count: usize, extra: &dyn Fn(usize) -> String| {
        let mut toml = String::new();
        for number in 0..count {
            toml.push_str(&format!(
                "[[{table}]]\ncode = \"X{number}\"\nnames = {{ fr = \"X\", en = \"X\", de = \"X\" }}\n{}",
                extra(number)
            ));
        }
        Policy::parse(&SOUND.replacen("[aliases]", &format!("{toml}[aliases]"), 1)).map(|_| ())
    };
    let level = |number: usize| {
        format!("rank = {}\ntext = \"#000000\"\nground = \"#ffffff\"\npattern = \"plain\"\n", 10 + number)
    };
    let none = |_: usize| String::new();
    let too_many = |counted, maximum| Err(PolicyError::TooMany { counted, maximum });
    assert_eq!(counted("levels", 14, &level), Ok(()));
    assert_eq!(counted("levels", 15, &level), too_many(Counted::Levels, limits::POLICY_LEVELS_MAX));
    assert_eq!(counted("categories", 62, &none), Ok(()));
    assert_eq!(counted("categories", 63, &none), too_many(Counted::Categories, limits::POLICY_CATEGORIES_MAX));
    assert_eq!(counted("releasability", 126, &none), Ok(()));
    assert_eq!(
        counted("releasability", 127, &none),
        too_many(Counted::Releasability, limits::POLICY_RELEASABILITY_MAX)
    );
    let aliases: String =
        (0..limits::POLICY_ALIASES_MAX).map(|number| format!("\"Nom {number}\" = \"LOW\"\n")).collect();
    let toml = SOUND.replacen("[display]", &format!("{aliases}[display]"), 1);
    assert_eq!(Policy::parse(&toml).map(|_| ()), too_many(Counted::Aliases, limits::POLICY_ALIASES_MAX));
    let heavy = format!("{SOUND}#{}", "x".repeat(limits::POLICY_FILE_BYTES_MAX));
    assert_eq!(Policy::parse(&heavy).map(|_| ()), too_many(Counted::Bytes, limits::POLICY_FILE_BYTES_MAX));
}

#[test]
fn the_fullest_label_fits_its_text() {
    let mut toml = SOUND.to_owned();
    for (table, count) in [("categories", 62), ("releasability", 126)] {
        let initial = table.chars().next().expect("a letter").to_ascii_uppercase();
        let entries: String = (0..count)
            .map(|number| {
                format!(
                    "[[{table}]]\ncode = \"{initial}{number:023}\"\nnames = {{ fr = \"X\", en = \"X\", de = \"X\" }}\n"
                )
            })
            .collect();
        toml = toml.replacen("[aliases]", &format!("{entries}[aliases]"), 1);
    }
    let policy = Policy::parse(&toml).expect("as full as can be");
    let categories: Vec<&str> = policy.categories().iter().map(|category| category.code()).collect();
    let label = policy.parse_label(&format!("HIGH/{}/ALL", categories.join(","))).expect("a label");
    assert_eq!(policy.parse_label(&policy.stored(&label)), Ok(label));
    assert_eq!(policy.print(&policy.lowest()), "LOW/ALL");
}

#[test]
fn ranks_order_the_levels_wherever_they_stand_in_the_file() {
    let policy = Policy::parse(&SOUND.replacen("rank = 1\n", "rank = 3\n", 1)).expect("sound");
    assert_eq!(policy.levels().iter().map(|level| level.code()).collect::<Vec<_>>(), ["HIGH", "LOW"]);
    let label = |text: &str| policy.parse_label(text).expect(text);
    assert!(label("HIGH").flows_to(&label("LOW")) && !label("LOW").flows_to(&label("HIGH")));
}

#[test]
fn a_malformed_file_is_refused_with_its_line() {
    let error = Policy::parse("id = \"x\"\noid = 4\n").map(|_| ()).expect_err("no string");
    assert!(matches!(error, PolicyError::Malformed { line: 2, .. }), "{error:?}");
}

#[test]
fn a_level_is_known_without_its_colour_and_read_with_it() {
    for (id, _) in builtin() {
        let policy = built_in(id);
        let patterns: BTreeSet<_> = policy.levels().iter().map(|level| level.colours().pattern).collect();
        assert_eq!(patterns.len(), policy.levels().len(), "{id}: one pattern a level");
        for level in policy.levels() {
            let ratio = contrast(&level.colours().text, &level.colours().ground);
            assert!(ratio >= 4.5, "{id} {}: contrast {ratio:.2} is below WCAG AA", level.code());
        }
    }
}

/// WCAG 2 contrast of two colours `#rrggbb`.
fn contrast(one: &str, other: &str) -> f64 {
    let luminance = |colour: &str| {
        let part = |place: usize| {
            let value = f64::from(
                u8::from_str_radix(colour.get(place..place.saturating_add(2)).expect("two digits"), 16).expect("hex"),
            ) / 255.0;
            if value <= 0.03928 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
    };
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

proptest! {
    #[test]
    fn a_damaged_policy_file_is_read_or_refused_but_stops_nothing(place in 0..SOUND.len(), length in 0usize..40, junk in "\\PC{0,6}") {
        let mut damaged = SOUND.to_owned();
        let end = place.saturating_add(length).min(SOUND.len());
        if SOUND.is_char_boundary(place) && SOUND.is_char_boundary(end) {
            damaged.replace_range(place..end, &junk);
        }
        if let Ok(policy) = Policy::parse(&damaged) {
            let lowest = policy.lowest();
            prop_assert_eq!(policy.parse_label(&policy.print(&lowest)), Ok(lowest));
        }
    }
}
