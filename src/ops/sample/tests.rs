//! What the API would refuse is refused here, before anybody runs the demonstration.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use pulldown_cmark::{Event, Options, Parser, Tag};

use super::{Conversation, Link, Note, Place, Sample, Space, sample};
use crate::label::{Label, Policy, builtin};

const TITLE_CHARACTERS_MAX: usize = 120;
const BODY_WORDS: std::ops::RangeInclusive<usize> = 60..=300;
const MESSAGES: std::ops::RangeInclusive<usize> = 2..=8;

/// The policy under which the demonstration runs.
static POLICY: LazyLock<Policy> = LazyLock::new(|| {
    let (_, text) = builtin().iter().find(|(id, _)| *id == "fr-igi1300").expect("the French policy");
    Policy::parse(text).expect("a policy")
});

/// The label, provided that the text is the one that the API prints.
fn label(text: &str) -> Label {
    let label = POLICY.parse_label(text).expect(text);
    assert_eq!(POLICY.print(&label), text);
    label
}

fn level(text: &str) -> &'static str {
    POLICY.level(&label(text)).expect(text).code()
}

fn flows(low: &str, high: &str) -> bool {
    label(low).flows_to(&label(high))
}

/// Whether the account may choose this working label.
fn reaches(account: &str, working: &str) -> bool {
    let (clearance, nation) = match account {
        "analyste-dr" => ("DR", "FRA"),
        "analyste-s" => ("S/ALPHA", "FRA"),
        "analyste-etr" => ("S", "BEL"),
        _ => panic!("no account {account}"),
    };
    POLICY.parse_clearance(clearance, nation).expect(clearance).reaches(&label(working))
}

fn read() -> Sample {
    sample().expect("the sample parses")
}

fn space<'a>(sample: &'a Sample, key: &str) -> &'a Space {
    sample.spaces.iter().find(|space| space.key == key).expect(key)
}

fn note<'a>(sample: &'a Sample, key: &str) -> &'a Note {
    sample.notes.iter().find(|note| note.key == key).expect(key)
}

fn is_member(space: &Space, account: &str) -> bool {
    space.members.iter().any(|member| member == account)
}

/// Titles between double square brackets.
fn wikilinks(body: &str) -> Vec<&str> {
    body.split("[[").skip(1).map(|rest| rest.split_once("]]").expect("a wikilink closes").0).collect()
}

/// What stands in parentheses and reads as a label.
fn portions(body: &str) -> Vec<&str> {
    let inside = body.split('(').skip(1).filter_map(|rest| rest.split_once(')')).map(|(inside, _)| inside);
    inside.filter(|text| ["NP", "DR", "S"].contains(&text.split('/').next().unwrap_or_default())).collect()
}

/// `YYYY-MM-DD` of a day that exists, as its year.
fn year(date: &str) -> i16 {
    let day: jiff::civil::Date = date.parse().expect(date);
    assert_eq!(day.to_string(), date);
    day.year()
}

fn count<'a>(values: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, usize> {
    values.fold(BTreeMap::new(), |mut counts: BTreeMap<_, usize>, value| {
        counts.entry(value).and_modify(|times| *times = times.saturating_add(1)).or_insert(1);
        counts
    })
}

#[test]
fn sample_has_the_announced_size_and_variety() {
    let sample = read();
    let messages: usize = sample.conversations.iter().map(|conversation| conversation.messages.len()).sum();
    assert_eq!((sample.spaces.len(), sample.notes.len()), (6, 60));
    assert_eq!((sample.links.len(), sample.conversations.len(), messages), (99, 13, 58));
    let notes = || sample.notes.iter();
    assert_eq!(count(notes().map(|note| note.language.as_str())), [("de", 2), ("en", 19), ("fr", 39)].into());
    assert_eq!(
        count(notes().map(|note| note.kind.as_str())),
        [("idea", 5), ("question", 6), ("synthesis", 15), ("task", 6), ("watch", 28)].into()
    );
    assert_eq!(
        count(notes().map(|note| note.label.as_str())),
        [("DR", 14), ("DR/FRA,BEL", 7), ("NP", 10), ("NP/ALL", 7), ("S", 9), ("S/ALPHA", 5), ("S/FRA,BEL", 8)].into()
    );
    assert_eq!(
        count(sample.links.iter().map(|link| link.kind.as_str())),
        [("contradicts", 6), ("derived-from", 16), ("related", 27), ("supersedes", 1), ("supports", 22), ("uses", 27)]
            .into()
    );
}

#[test]
fn keys_are_unique_and_notes_are_numbered_from_one_without_a_gap() {
    let sample = read();
    let spaces: BTreeSet<_> = sample.spaces.iter().map(|space| &space.key).collect();
    let notes: BTreeSet<_> = sample.notes.iter().map(|note| &note.key).collect();
    let conversations: BTreeSet<_> = sample.conversations.iter().map(|conversation| &conversation.key).collect();
    assert_eq!(spaces.len(), sample.spaces.len());
    assert_eq!(notes.len(), sample.notes.len());
    assert_eq!(conversations.len(), sample.conversations.len());
    assert!((1..=60).eq(sample.notes.iter().map(|note| note.order)));
}

#[test]
fn members_of_a_space_reach_it_and_animators_are_members() {
    for space in read().spaces {
        assert!(!space.animators.is_empty(), "{}", space.key);
        assert!(space.animators.iter().all(|animator| is_member(&space, animator)), "{}", space.key);
        assert!(space.members.iter().all(|member| reaches(member, &space.label)), "{}", space.key);
    }
}

#[test]
fn a_note_is_at_or_above_its_space_and_its_author_can_write_it() {
    let sample = read();
    for note in &sample.notes {
        let space = space(&sample, &note.space);
        assert!(flows(&space.label, &note.label), "{}", note.key);
        assert!(reaches(&note.author, &note.label), "{}", note.key);
        assert!(is_member(space, &note.author), "{}", note.key);
    }
}

#[test]
fn notes_keep_to_the_size_and_the_words_of_the_api() {
    for note in read().notes {
        let title = note.title.chars().count();
        assert!((8..=TITLE_CHARACTERS_MAX).contains(&title), "{}: {title}", note.key);
        let words = note.body.split_whitespace().count();
        assert!(BODY_WORDS.contains(&words), "{}: {words}", note.key);
        assert!((2..=6).contains(&note.tags.len()), "{}", note.key);
        assert!(note.tags.iter().all(|tag| *tag == tag.to_lowercase() && !tag.contains(' ')), "{}", note.key);
        assert!(
            Parser::new(&note.body).any(|event| matches!(event, Event::Start(Tag::Heading { .. }))),
            "{}",
            note.key
        );
    }
}

#[test]
fn some_notes_show_a_table_a_list_and_a_task_list() {
    let notes = read().notes;
    let with = |wanted: fn(&Event<'_>) -> bool| {
        let events = |note: &Note| Parser::new_ext(&note.body, Options::all()).any(|event| wanted(&event));
        notes.iter().filter(|note| events(note)).count()
    };
    assert_eq!(with(|event| matches!(event, Event::Start(Tag::Table(_)))), 12);
    assert_eq!(with(|event| matches!(event, Event::TaskListMarker(false))), 6);
    assert!(with(|event| matches!(event, Event::Start(Tag::List(_)))) > 40);
}

#[test]
fn sources_are_fictitious_and_of_2026() {
    for note in read().notes {
        assert!(!note.sources.is_empty(), "{}", note.key);
        for source in &note.sources {
            assert_eq!(year(&source.date), 2026, "{}", note.key);
            assert!(!source.title.is_empty() && !source.author.is_empty(), "{}", note.key);
            if let Some(url) = &source.url {
                let host = url.strip_prefix("https://").and_then(|rest| rest.split('/').next()).expect(url);
                assert!(host.ends_with(".example.org") || host.ends_with(".example"), "{url}");
            }
        }
    }
}

#[test]
fn grades_are_of_the_admiralty_code_and_a_confirmed_fact_has_two_sources() {
    let notes = read().notes;
    let grades: Vec<_> = notes.iter().filter_map(|note| note.grade.map(|grade| (note, grade))).collect();
    assert_eq!(grades.len(), 47);
    for (note, grade) in &grades {
        assert!(('A'..='F').contains(&grade.reliability) && (1..=6).contains(&grade.credibility), "{}", note.key);
        assert!(grade.credibility != 1 || note.sources.len() >= 2, "{}", note.key);
    }
    assert!(grades.iter().any(|(_, grade)| grade.credibility == 1));
    assert!(grades.iter().any(|(_, grade)| grade.reliability == 'F' && grade.credibility == 6));
    assert!(grades.iter().any(|(_, grade)| grade.reliability == 'F' && grade.credibility != 6));
}

#[test]
fn what_is_classified_lapses_within_50_years_or_is_looked_at_within_20() {
    for note in read().notes {
        let (review, expires) = (note.review.as_deref().map(year), note.expires.as_deref().map(year));
        assert!(review.is_none_or(|year| (2027..2046).contains(&year)), "{}", note.key);
        assert!(expires.is_none_or(|year| (2028..2076).contains(&year)), "{}", note.key);
        assert!(level(&note.label) != "S" || review.is_some() || expires.is_some(), "{}", note.key);
    }
}

#[test]
fn a_wikilink_names_one_earlier_note_that_its_author_can_read() {
    let sample = read();
    let mut linked = 0;
    for from in &sample.notes {
        for title in wikilinks(&from.body) {
            let readable = |to: &&Note| to.title == title && flows(&to.label, &from.label);
            let [to] = sample.notes.iter().filter(readable).collect::<Vec<_>>()[..] else {
                panic!("{}: [[{title}]] names no note, or several", from.key);
            };
            assert!(to.order < from.order, "{}: [[{title}]]", from.key);
            assert!(is_member(space(&sample, &to.space), &from.author), "{}: [[{title}]]", from.key);
            linked += 1;
        }
    }
    assert_eq!(linked, 79);
}

#[test]
fn a_portion_mark_is_never_above_its_note() {
    let mut marked = 0;
    for note in read().notes {
        for portion in portions(&note.body) {
            assert!(flows(portion, &note.label), "{}: ({portion})", note.key);
            marked += 1;
        }
    }
    assert!(marked > 100, "{marked}");
}

#[test]
fn a_link_dominates_both_ends_and_its_author_reads_them() {
    let sample = read();
    let mut seen = BTreeSet::new();
    for link in &sample.links {
        assert!(reaches(&link.author, &link.label), "{link:?}");
        assert!(!link.comment.is_empty() && link.from != link.to, "{link:?}");
        assert!(seen.insert((&link.from, &link.to, &link.kind, &link.label)), "{link:?}");
        for end in [&link.from, &link.to] {
            let end = note(&sample, end);
            assert!(flows(&end.label, &link.label), "{link:?}");
            assert!(is_member(space(&sample, &end.space), &link.author), "{link:?}");
        }
    }
}

#[test]
fn a_high_link_joins_two_low_notes_and_a_high_note_points_to_a_low_one() {
    let sample = read();
    let of = |key: &str| level(&note(&sample, key).label);
    let low_ends = |label: &str| {
        let joins = |link: &&Link| link.label == label && of(&link.from) == "NP" && of(&link.to) == "NP";
        sample.links.iter().filter(joins).count()
    };
    assert_eq!((low_ends("S"), low_ends("S/ALPHA")), (2, 1));
    assert!(sample.links.iter().any(|link| of(&link.from) == "S" && of(&link.to) == "NP"));
}

#[test]
fn one_title_lives_at_two_labels_in_one_space() {
    let sample = read();
    let titles = count(sample.notes.iter().map(|note| note.title.as_str()));
    let [(title, 2)] = titles.into_iter().filter(|(_, times)| *times > 1).collect::<Vec<_>>()[..] else {
        panic!("one title, twice");
    };
    let twins: Vec<_> = sample.notes.iter().filter(|note| note.title == title).collect();
    let [low, high] = twins[..] else { panic!("two notes") };
    assert_eq!((low.label.as_str(), high.label.as_str(), &low.space), ("DR", "S", &high.space));
}

/// Label and people of what a conversation hangs on.
fn ground<'a>(sample: &'a Sample, conversation: &'a Conversation) -> (&'a str, &'a Vec<String>) {
    match &conversation.on {
        Place::Note(key) => (&note(sample, key).label, &space(sample, &note(sample, key).space).members),
        Place::Space(key) => (&space(sample, key).label, &space(sample, key).members),
        Place::People(people) => (&conversation.label, people),
    }
}

#[test]
fn conversations_stay_at_or_above_what_they_are_about_and_among_those_concerned() {
    let sample = read();
    for conversation in &sample.conversations {
        let (label, people) = ground(&sample, conversation);
        assert!(flows(label, &conversation.label), "{}", conversation.key);
        assert!(reaches(&conversation.author, &conversation.label), "{}", conversation.key);
        assert!(people.contains(&conversation.author), "{}", conversation.key);
        assert!(MESSAGES.contains(&conversation.messages.len()), "{}", conversation.key);
        assert!(conversation.title.chars().count() <= TITLE_CHARACTERS_MAX, "{}", conversation.key);
        if let Place::People(people) = &conversation.on {
            assert!(people.len() > 1 && people.iter().all(|person| reaches(person, &conversation.label)));
        }
        for message in &conversation.messages {
            assert!(flows(&conversation.label, &message.label), "{}: {}", conversation.key, message.text);
            assert!(reaches(&message.author, &message.label), "{}: {}", conversation.key, message.text);
            assert!(people.contains(&message.author), "{}: {}", conversation.key, message.text);
        }
    }
}

#[test]
fn somebody_says_something_higher_than_the_conversation() {
    let above = |conversation: &Conversation| {
        conversation.messages.iter().any(|message| !flows(&message.label, &conversation.label))
    };
    assert_eq!(read().conversations.iter().filter(|conversation| above(conversation)).count(), 6);
}

#[test]
fn french_keeps_its_narrow_spaces() {
    let sample = read();
    let notes = sample.notes.iter().filter(|note| note.language == "fr");
    let texts = notes.flat_map(|note| [note.title.as_str(), note.body.as_str()]);
    let messages = sample.conversations.iter().flat_map(|conversation| &conversation.messages);
    for text in texts.chain(messages.map(|message| message.text.as_str())) {
        for wide in [" :", " ;", " !", " ?", " %", " »", "« ", "'"] {
            assert!(!text.contains(wide), "{wide:?} in {text}");
        }
        assert!(text.matches('«').count() == text.matches("«\u{202f}").count(), "{text}");
    }
}
