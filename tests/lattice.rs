//! The laws of labels, over every label of a small policy, against an oracle that knows only sets; and that labels
//! survive each of their texts, under every policy that comes with the product.
#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};

use vigie::{
    clock::Time,
    label::{Clearance, Label, Policy, builtin},
    words::Language,
};

/// What a label is, in the plainest terms: the oracle.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Plain {
    level: usize,
    categories: BTreeSet<&'static str>,
    releasable: BTreeSet<&'static str>,
}

impl Plain {
    fn flows_to(&self, other: &Self) -> bool {
        self.level <= other.level
            && self.categories.iter().all(|category| other.categories.contains(category))
            && other.releasable.iter().all(|code| self.releasable.contains(code))
    }

    fn join(&self, other: &Self) -> Self {
        Self {
            level: self.level.max(other.level),
            categories: self.categories.union(&other.categories).copied().collect(),
            releasable: self.releasable.intersection(&other.releasable).copied().collect(),
        }
    }

    fn text(&self) -> String {
        let words = |set: &BTreeSet<&'static str>| set.iter().copied().collect::<Vec<_>>().join(",");
        let parts = [format!("L{}", self.level), words(&self.categories), words(&self.releasable)];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/")
    }
}

const CATEGORIES: [&str; 3] = ["A", "B", "C"];
const PARTNERS: [&str; 3] = ["P", "Q", "R"];

fn small_policy() -> Policy {
    let names = |code: &str| format!("names = {{ fr = \"{code}\", en = \"{code}\", de = \"{code}\" }}\n");
    let mut toml =
        format!("id = \"small\"\noid = \"2.25.1\"\nversion = \"2026-11-21\"\nowner = \"OWN\"\n{}", names("small"));
    for rank in 0..4 {
        let code = format!("L{rank}");
        toml.push_str(&format!("[[levels]]\ncode = \"{code}\"\nrank = {rank}\n{}", names(&code)));
        toml.push_str("text = \"#000000\"\nground = \"#ffffff\"\npattern = \"plain\"\n");
    }
    for code in CATEGORIES {
        toml.push_str(&format!("[[categories]]\ncode = \"{code}\"\n{}", names(code)));
    }
    for code in ["OWN"].iter().chain(&PARTNERS) {
        toml.push_str(&format!("[[releasability]]\ncode = \"{code}\"\n{}", names(code)));
    }
    toml.push_str("[display]\nseparator = \" - \"\ncategory_separator = \" \"\nportion_separator = \"/\"\n");
    toml.push_str("declassification_date = true\n[display.releasable]\n");
    toml.push_str(
        "prefix = { fr = \"REL\", en = \"REL\", de = \"REL\" }\nall = { fr = \"TOUS\", en = \"ALL\", de = \"ALLE\" }\n",
    );
    toml.push_str("[stanag]\npolicy = \"SMALL\"\nrestrictive = \"Need\"\npermissive = \"Releasable To\"\n");
    Policy::parse(&toml).expect("a sound policy")
}

fn subsets(words: &[&'static str]) -> Vec<BTreeSet<&'static str>> {
    words.iter().fold(vec![BTreeSet::new()], |sets, word| {
        let with = sets.iter().map(|set| set.iter().copied().chain([*word]).collect()).collect::<Vec<_>>();
        sets.into_iter().chain(with).collect()
    })
}

/// Every label of the policy with these categories and partners, beside its plain form.
fn labels(policy: &Policy, categories: &[&'static str], partners: &[&'static str]) -> Vec<(Label, Plain)> {
    let mut labels = Vec::new();
    for level in 0..4 {
        for categories in subsets(categories) {
            for partners in subsets(partners) {
                let releasable = partners.iter().copied().chain(["OWN"]).collect();
                let plain = Plain { level, categories: categories.clone(), releasable };
                labels.push((policy.parse_label(&plain.text()).expect("a label"), plain));
            }
        }
    }
    labels
}

#[test]
fn every_pair_of_labels_agrees_with_the_oracle() {
    let policy = small_policy();
    let labels = labels(&policy, &CATEGORIES, &PARTNERS);
    assert_eq!(labels.len(), 256);
    let by_text: BTreeMap<String, Label> = labels.iter().map(|(label, plain)| (plain.text(), *label)).collect();
    for (a, plain_a) in &labels {
        assert!(a.flows_to(a), "{plain_a:?} flows to itself");
        assert_eq!(a.join(a), *a);
        assert!(policy.lowest().flows_to(a), "the lowest label flows to all");
        for (b, plain_b) in &labels {
            assert_eq!(a.flows_to(b), plain_a.flows_to(plain_b), "{plain_a:?} ⊑ {plain_b:?}");
            let joined = a.join(b);
            assert_eq!(by_text.get(&plain_a.join(plain_b).text()), Some(&joined), "{plain_a:?} ⊔ {plain_b:?}");
            assert_eq!(joined, b.join(a));
            assert!(a.flows_to(&joined) && b.flows_to(&joined));
            assert_eq!(a.flows_to(b), joined == *b, "the order is the one of the join");
            assert_eq!(a.flows_to(b) && b.flows_to(a), a == b, "no two labels stand at one place");
        }
    }
}

#[test]
fn every_triple_of_a_sub_lattice_obeys_the_laws() {
    let policy = small_policy();
    let labels = labels(&policy, &["A", "B"], &["P", "Q"]);
    assert_eq!(labels.len(), 64);
    for (a, _) in &labels {
        for (b, _) in &labels {
            let joined = a.join(b);
            for (c, _) in &labels {
                assert!(!(a.flows_to(b) && b.flows_to(c)) || a.flows_to(c), "⊑ is transitive");
                assert_eq!(joined.join(c), a.join(&b.join(c)), "⊔ is associative");
                assert_eq!(joined.flows_to(c), a.flows_to(c) && b.flows_to(c), "⊔ is the least upper bound");
            }
        }
    }
}

#[test]
fn whoever_reads_a_join_reads_both_parts() {
    let policy = small_policy();
    let labels = labels(&policy, &CATEGORIES, &PARTNERS);
    let mut clearances: Vec<Clearance> = Vec::new();
    for level in 0..4 {
        for categories in subsets(&CATEGORIES) {
            let text = Plain { level, categories, releasable: BTreeSet::new() }.text();
            for nation in ["OWN"].iter().chain(&PARTNERS) {
                clearances.push(policy.parse_clearance(&text, nation).expect("a clearance"));
            }
        }
    }
    assert_eq!(clearances.len(), 128);
    for (a, _) in &labels {
        for (b, _) in &labels {
            let joined = a.join(b);
            for clearance in &clearances {
                assert_eq!(clearance.reaches(&joined), clearance.reaches(a) && clearance.reaches(b));
            }
        }
    }
}

#[test]
fn labels_have_bits_of_their_own() {
    let policy = small_policy();
    let labels = labels(&policy, &CATEGORIES, &PARTNERS);
    let bits: BTreeSet<[u8; 25]> = labels.iter().map(|(label, _)| label.bits()).collect();
    assert_eq!(bits.len(), labels.len());
}

/// Every label of a policy whose categories and partners are among the first few. Texts that the policy's rules refuse
/// (a category under its minimum, an owner's category with partners) are left out, by those two errors only.
fn labels_of(policy: &Policy) -> Vec<Label> {
    let few = |words: Vec<String>| {
        (0..1usize << words.len()).map(move |chosen| {
            let kept = words.iter().enumerate().filter(move |(place, _)| chosen >> place & 1 == 1);
            kept.map(|(_, word)| word.clone()).collect::<Vec<_>>().join(",")
        })
    };
    let categories: Vec<String> = policy.categories().iter().take(4).map(|one| one.code().to_owned()).collect();
    let partners: Vec<String> =
        policy.releasability().iter().skip(1).take(3).map(|one| one.code().to_owned()).collect();
    let mut labels = Vec::new();
    for level in policy.levels() {
        for categories in few(categories.clone()) {
            let releasable = few(partners.clone()).map(|some| match some.is_empty() {
                true => policy.owner().to_owned(),
                false => format!("{},{some}", policy.owner()),
            });
            for releasable in releasable.chain([String::new(), "ALL".to_owned()]) {
                let parts = [level.code(), &categories, &releasable];
                let text = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/");
                match policy.parse_label(&text) {
                    Ok(label) if labels.contains(&label) => {}
                    Ok(label) => labels.push(label),
                    Err(error) => {
                        assert!(matches!(error.code(), "label-under-minimum" | "label-owner-only"), "{text}: {error}")
                    }
                }
            }
        }
    }
    labels
}

fn builtin_policies() -> Vec<Policy> {
    builtin()
        .iter()
        .map(|(id, toml)| {
            let policy = Policy::parse(toml).unwrap_or_else(|error| panic!("{id}: {error}"));
            assert_eq!(policy.id(), *id);
            policy
        })
        .collect()
}

#[test]
fn a_label_survives_each_of_its_texts() {
    let (created, review) = (Time(1_795_248_000_000), Time(2_000_000_000_000));
    for policy in builtin_policies() {
        let labels = labels_of(&policy);
        assert!(labels.len() >= policy.levels().len() * 2, "{}: {} labels", policy.id(), labels.len());
        for label in &labels {
            let (text, stored) = (policy.print(label), policy.stored(label));
            assert_eq!(policy.parse_label(&text).as_ref(), Ok(label), "{text}");
            assert_eq!(policy.parse_label(&text.to_lowercase()).as_ref(), Ok(label), "{text}");
            assert_eq!(policy.parse_label(&stored).as_ref(), Ok(label), "{stored}");
            assert!(!stored.split(['/', ',']).any(|word| word == "ALL"), "{stored}");
            assert!(stored.split(['/', ',']).any(|word| word == policy.owner()), "{stored} names the owner");
            let view = policy.view(label, Language::French);
            assert_eq!(policy.parse_view(&view).as_ref(), Ok(label), "{view:?}");
            let read =
                policy.read_stanag(&policy.export_stanag(label, created, review)).expect("what we write we read");
            assert_eq!((read.label, read.created, read.review), (*label, created, Some(review)));
        }
    }
}

#[test]
fn a_join_keeps_the_rules_of_its_policy() {
    for policy in builtin_policies() {
        let labels = labels_of(&policy);
        for a in &labels {
            for b in labels.iter().step_by(7) {
                let joined = a.join(b);
                assert_eq!(policy.parse_label(&policy.stored(&joined)), Ok(joined), "{}", policy.stored(&joined));
            }
        }
    }
}

#[test]
fn different_labels_have_different_markings() {
    for policy in builtin_policies() {
        let labels = labels_of(&policy);
        let told_apart = |mark: &dyn Fn(&Label) -> String| labels.iter().map(mark).collect::<BTreeSet<_>>().len();
        for language in Language::ALL {
            assert_eq!(told_apart(&|label| policy.marking(label, language)), labels.len(), "{}", policy.id());
        }
        assert_eq!(told_apart(&|label| policy.portion(label)), labels.len(), "{}", policy.id());
    }
}

/// A STANAG label of the small policy, as somebody else would write it.
fn stanag(level: &str, restrictive: &[&str], permissive: Option<&[&str]>) -> String {
    let category = |kind: &str, tag: &str, values: &[&str]| {
        let values: String = values.iter().map(|value| format!("<GenericValue>{value}</GenericValue>")).collect();
        format!("<Category TagName='{tag}' Type='{kind}'>{values}</Category>")
    };
    let restrictive = if restrictive.is_empty() { String::new() } else { category("RESTRICTIVE", "Need", restrictive) };
    let permissive = permissive.map_or(String::new(), |codes| category("PERMISSIVE", "Releasable To", codes));
    format!(
        "<originatorConfidentialityLabel xmlns='urn:nato:stanag:4774:confidentialitymetadatalabel:1:0'>\
         <ConfidentialityInformation><PolicyIdentifier>SMALL</PolicyIdentifier><Classification>{level}</Classification>\
         {restrictive}{permissive}</ConfidentialityInformation>\
         <CreationDateTime>2026-01-01T12:00:00+01:00</CreationDateTime></originatorConfidentialityLabel>"
    )
}

/// ADatP-4774.1 §4.4, rules 1 to 9 and the examples of its table 12, with P for MOCK and Q for PHONY, and the owner named in
/// every list. Where the standard drops the tag (rules 5 and 6) or asks for a decision, we keep the owner alone.
#[test]
fn dominance_follows_the_nato_rules_where_they_are_safe() {
    let policy = small_policy();
    let read = |text: &str| policy.read_stanag(text).unwrap_or_else(|error| panic!("{error}: {text}")).label;
    let none: Option<&[&str]> = None;
    let table = [
        // The higher classification wins.
        (("L1", &[][..], none), ("L3", &[][..], none), "L3"),
        // RESTRICTIVE values add up.
        (("L2", &["A"], none), ("L2", &["B", "C"], none), "L2/A,B,C"),
        // PERMISSIVE values are those in both: REL MOCK,PHONY with REL MOCK is REL MOCK.
        (("L2", &[], Some(&["OWN", "P", "Q"][..])), ("L2", &[], Some(&["OWN", "P"][..])), "L2/OWN,P"),
        // REL MOCK with REL PHONY: nothing in common, the owner alone decides.
        (("L2", &[], Some(&["OWN", "P"])), ("L2", &[], Some(&["OWN", "Q"])), "L2"),
        // One side without the tag: the standard would drop it and open the whole to everybody.
        (("L2", &[], Some(&["OWN", "P"])), ("L2", &[], none), "L2"),
        // Each rule on its own part.
        (("L1", &["A"], Some(&["OWN", "P", "R"])), ("L2", &["C"], Some(&["OWN", "R", "Q"])), "L2/A,C/OWN,R"),
    ];
    for ((level_a, need_a, rel_a), (level_b, need_b, rel_b), expected) in table {
        let (a, b) = (read(&stanag(level_a, need_a, rel_a)), read(&stanag(level_b, need_b, rel_b)));
        assert_eq!(policy.print(&a.join(&b)), expected);
        assert_eq!(policy.print(&b.join(&a)), expected);
    }
    assert_eq!(policy.print(&read(&stanag("L0", &[], None))), "L0", "without the tag it is the owner's alone");
    let empty = policy.read_stanag(&stanag("L0", &[], Some(&[])));
    assert_eq!(empty.map_err(|error| error.code()), Err("label-owner-missing"), "an empty tag is no missing tag");
}
