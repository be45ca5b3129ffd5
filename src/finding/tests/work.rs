//! What questions cost: counted, never timed. Whoever asks the heaviest question that the language allows gets its whole
//! answer or none, and the same one whatever he may not see.

use std::{collections::BTreeSet, sync::Arc};

use crate::{
    config::{
        Config,
        danger_example::{Example, account},
    },
    crypto::Entropy,
    finding::{
        FindingError, Place,
        analysis::Stems,
        index::LabelIndex,
        matter::Matter,
        plan::each_match,
        query::{Fault, parse},
        resolve::{Asker, resolve},
        score::Weights,
        suggest::{completions, spelling},
        view::View,
        work::Work,
    },
    ids::Id,
    label::{Policy, builtin},
    limits::{SEARCH_GLANCES_PER_STEP, SEARCH_LOOKUP_STEPS, SEARCH_STEPS_MAX, SUGGEST_WORDS_MAX},
    vault::{LabelHandle, follow::Side},
};

/// More homes than walks go side by side.
const HOMES: u32 = 12;

fn id(number: u32) -> Id {
    let mut bytes = [0x5a; 16];
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    Id::from_bytes(bytes)
}

fn home(note: u32) -> Id {
    id(1_000_000 + note % HOMES)
}

fn homes() -> BTreeSet<Id> {
    (0..HOMES).map(home).collect()
}

fn hidden_home() -> Id {
    id(2_000_000)
}

fn config() -> Config {
    Example::new(vec![account(1, "martin", "DR")]).config
}

fn index() -> Arc<LabelIndex> {
    let entropy = Entropy::default();
    let key = Arc::new(entropy.secret().unwrap());
    let (index, _) =
        LabelIndex::open(LabelHandle::default(), Side::default(), &Place::memory(), key, &entropy, &Arc::default())
            .unwrap();
    Arc::new(index)
}

/// Two letters of eight: sixty-four beginnings.
fn beginning(number: u32) -> String {
    let letter = |number: u32| char::from(b'a' + u8::try_from(number % 8).unwrap());
    format!("{}{}", letter(number / 8), letter(number))
}

/// The different words of a note that begin with one of the sixty-four.
fn own_words(note: u32) -> BTreeSet<String> {
    (0..10).map(|word| format!("{}x{}", beginning((note * 7 + word * 5) % 64), (note + word) % 9)).collect()
}

fn text(note: u32) -> String {
    let words: Vec<String> = own_words(note).into_iter().collect();
    let middle = if note.is_multiple_of(3) { "radar passif" } else { "passif radar" };
    format!("{} {middle} {}", words[..5].join(" "), words[5..].join(" "))
}

fn put(index: &LabelIndex, number: u32, home: Id, text: &str) {
    let matter = Matter::danger_example(id(number), home, &format!("Note {number}"), text);
    index.put(id(number), Some(matter.document(index.fields(), &mut Stems::default()))).unwrap();
}

fn link(index: &LabelIndex, number: u32, from: u32, to: u32) {
    assert_eq!(home(from), home(to));
    let matter = Matter::danger_example(id(number), home(from), "", "").danger_linking(id(from), id(to));
    index.put(id(number), Some(matter.document(index.fields(), &mut Stems::default()))).unwrap();
}

/// So many notes, in one commit.
fn plain(notes: u32) -> Arc<LabelIndex> {
    let index = index();
    (0..notes).for_each(|note| put(&index, note, home(note), &text(note)));
    index.commit(1, true).unwrap();
    index
}

/// The same notes with others among them that the reader does not see, some of either changed or gone, the first last and
/// in many commits: other segments, another order, other merges.
fn crowded(notes: u32) -> Arc<LabelIndex> {
    let index = index();
    let mut generation = 1;
    for note in (0..notes).rev() {
        if note.is_multiple_of(2) {
            put(&index, 500_000 + note, hidden_home(), &text(note).repeat(3));
        }
        let text = text(note);
        put(&index, note, home(note), if note.is_multiple_of(7) { "radar passif abandonné" } else { text.as_str() });
        if note.is_multiple_of(5) {
            put(&index, 700_000 + note, home(note), &text);
        }
        if note.is_multiple_of(60) {
            generation += 1;
            index.commit(generation, true).unwrap();
        }
    }
    for note in 0..notes {
        if note.is_multiple_of(7) {
            put(&index, note, home(note), &text(note));
        }
        if note.is_multiple_of(5) {
            index.forget(id(700_000 + note)).unwrap();
        }
        if note.is_multiple_of(4) {
            index.forget(id(500_000 + note)).unwrap();
        }
    }
    index.commit(generation + 1, true).unwrap();
    index
}

fn view(index: &Arc<LabelIndex>) -> View {
    let label = Policy::parse(builtin()[0].1).unwrap().lowest();
    View::over(&[Arc::clone(index)], &[(LabelHandle::default(), label)], homes(), &[])
}

/// A view whose questions may cost no more than that.
fn bounded(index: &Arc<LabelIndex>, most: u64) -> View {
    let mut view = view(index);
    view.work = Arc::new(Work::of(most));
    view.parts.iter_mut().for_each(|part| part.work = Arc::clone(&view.work));
    view
}

/// How many objects match, and what that cost.
fn ask(view: &View, config: &Config, question: &str) -> Result<(usize, u64), FindingError> {
    let node = parse(question)?;
    let before = view.work.spent();
    let step = resolve(&node, view, Asker { id: id(0), config })?;
    let weights = Weights::of(&node, view)?;
    let mut found = 0;
    each_match(&step, view, |_, _| found += 1)?;
    for part in &view.parts {
        weights.count(part)?;
    }
    Ok((found, view.work.spent() - before))
}

fn cost(index: &Arc<LabelIndex>, question: &str) -> (usize, u64) {
    ask(&view(index), &config(), question).unwrap()
}

fn beginnings(join: &str) -> String {
    (0..64).map(|number| format!("{}*", beginning(number))).collect::<Vec<_>>().join(join)
}

fn questions() -> Vec<String> {
    let mut questions: Vec<String> = [
        "radar",
        "radar passif",
        "\"radar passif\"",
        "\"passif abandonné\"",
        "ra*",
        "-radar",
        "-abandonné",
        "lien:uses",
    ]
    .map(str::to_owned)
    .into();
    questions
        .extend(["après:1969", "de:moi", "type:note -pas*", "titre:note", "radar OR axx1 OR abx2"].map(str::to_owned));
    questions.extend([beginnings(" "), beginnings(" OR ")]);
    questions.push(format!("{}ra*{}", "(".repeat(15), ")".repeat(15)));
    questions.push("\"radar passif\" -(ab* OR -(ac* -radar))".to_owned());
    questions
}

#[test]
fn what_a_question_costs_and_finds_is_the_same_whatever_is_hidden_deleted_or_parted_otherwise() {
    let (plain, crowded) = (plain(600), crowded(600));
    let leaves = crowded.leaves();
    assert!(
        leaves.iter().any(|leaf| leaf.partitions().keys().any(|one| one.home == hidden_home())),
        "others write too"
    );
    for question in questions() {
        assert_eq!(cost(&plain, &question), cost(&crowded, &question), "{question}");
    }
    for word in ["ra", "rad", "ab", "pas", "zz"] {
        let offered = [&plain, &crowded].map(|index| {
            let view = view(index);
            (completions(&view, word).unwrap(), spelling(&view, &format!("{word}ar")).unwrap(), view.work.spent())
        });
        assert_eq!(offered[0], offered[1], "{word}");
    }
}

#[test]
fn a_question_beyond_the_bound_has_no_answer_and_one_within_it_has_all_of_it() {
    let (plain, crowded, config) = (plain(600), crowded(600), config());
    for question in questions() {
        let (found, spent) = cost(&plain, &question);
        for index in [&plain, &crowded] {
            assert_eq!(ask(&bounded(index, spent), &config, &question).unwrap(), (found, spent), "{question}");
            let error = ask(&bounded(index, spent - 1), &config, &question).expect_err(&question);
            match error {
                FindingError::Query(error) => {
                    assert_eq!((error.fault, error.code()), (Fault::TooWide, "search-too-wide"));
                }
                other => panic!("{question}: {other}"),
            }
        }
    }
}

#[test]
fn sixty_four_beginnings_cost_the_words_that_begin_so_and_find_what_has_them() {
    let notes = 3000;
    let index = plain(notes);
    let pairs: usize = (0..notes).map(|note| own_words(note).len()).sum();
    let lookups = 65 * u64::from(HOMES) * SEARCH_LOOKUP_STEPS;
    let expected = u64::try_from(pairs).unwrap() + lookups;
    assert_eq!(cost(&index, &beginnings(" OR ")), (usize::try_from(notes).unwrap(), expected));
    let all = |note: &u32| (0..64).all(|start| own_words(*note).iter().any(|word| word.starts_with(&beginning(start))));
    assert_eq!(cost(&index, &beginnings(" ")), ((0..notes).filter(all).count(), expected));
    let one = |note: &u32| own_words(*note).iter().any(|word| word.starts_with("ab"));
    assert_eq!(cost(&index, "ab*").0, (0..notes).filter(one).count());
    assert_eq!(cost(&index, "-ab*").0, (0..notes).filter(|note| !one(note)).count());
    assert!(expected < SEARCH_STEPS_MAX);
}

#[test]
fn what_is_asked_many_times_and_in_brackets_costs_what_it_costs_once() {
    let index = plain(300);
    for word in ["radar", "ra*", "type:note", "\"radar passif\"", "lien:uses"] {
        let once = cost(&index, word);
        assert_eq!(cost(&index, &[word; 30].join(" ")), once, "{word}");
        assert_eq!(cost(&index, &[word; 30].join(" OR ")), once, "{word}");
        assert_eq!(cost(&index, &format!("{}{word}{}", "(".repeat(15), ")".repeat(15))), once, "{word}");
    }
    let once = cost(&index, "radar");
    assert_eq!(cost(&index, &["radar"; 64].join(" ")), once);
}

#[test]
fn a_phrase_counts_the_places_of_its_words() {
    let index = index();
    put(&index, 1, home(1), &"bis ".repeat(8000));
    put(&index, 2, home(2), "bis");
    index.commit(1, true).unwrap();
    let (found, spent) = cost(&index, "\"bis bis bis\"");
    assert_eq!(found, 1);
    assert!(spent >= 3 * 8000 / SEARCH_GLANCES_PER_STEP, "{spent}");
    assert!(cost(&index, "bis").1 < spent);
}

#[test]
fn notes_of_links_are_the_same_looked_up_one_by_one_or_sought_among_all() {
    for links in [1, 20, 200] {
        let index = plain(600);
        (0..links).for_each(|number| link(&index, 800_000 + number, number, number + HOMES));
        index.commit(2, true).unwrap();
        let ends: BTreeSet<u32> = (0..links).flat_map(|number| [number, number + HOMES]).collect();
        assert_eq!(cost(&index, "lien:uses").0, ends.len());
        assert_eq!(cost(&index, "lien:uses -type:note").0, 0);
        assert_eq!(cost(&index, "lien:uses type:note").0, ends.len());
    }
}

#[test]
fn a_spelling_reads_nothing_of_words_that_are_not_near() {
    let index = index();
    let far: Vec<String> = (0..500).map(|number| format!("r{number:06}")).collect();
    (0..100).for_each(|note| put(&index, note, home(note), &far.join(" ")));
    put(&index, 900, home(0), "radar");
    index.commit(1, true).unwrap();
    let view = view(&index);
    assert_eq!(spelling(&view, "radxr").unwrap().as_deref(), Some("radar"));
    assert_eq!(view.work.spent(), 1 + 2 * u64::from(HOMES) * SEARCH_LOOKUP_STEPS, "one object, and two looks");
}

#[test]
fn among_too_many_words_no_completion_is_chosen() {
    let index = index();
    let words = u32::try_from(SUGGEST_WORDS_MAX).unwrap() + 1;
    // In two notes: in neither of them are there too many.
    for note in 0..2 {
        let text: Vec<String> = (0..words).filter(|word| word % 2 == note).map(|word| format!("zz{word:06}")).collect();
        put(&index, note, home(note), &text.join(" "));
    }
    index.commit(1, true).unwrap();
    let view = view(&index);
    assert_eq!(completions(&view, "zz").unwrap(), Vec::<String>::new());
    assert_eq!(completions(&view, "zz00000").unwrap().len(), 8);
    assert!(view.work.spent() >= u64::from(words));
}
