//! Completions of what is being written: words, tags, titles; and a better spelling for a word that stands nowhere.
//!
//! Everything comes from ranges of terms of partitions that the reader sees, and counts living objects there: a word that
//! stands only above, or in a space of others, is offered to nobody below or outside (LEAKS T03, T04).

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{
    analysis::{self, Word},
    error::{FindingError, intact},
    finder::Finder,
    hit::{Hit, hit},
    matter::Found,
    plan::{Step, each_match},
    query::{Fault, QueryError, parse},
    schema::{Sort, Words},
    snippet::Sought,
    view::View,
};
use crate::{
    audit::entry::{Act, Rule},
    identity::Subject,
    ids::Id,
    limits,
    monitor::Target,
    vault::{Envelope, Kind, Vault},
};

/// What is offered.
#[derive(Debug, Default)]
pub struct Suggestions {
    /// Words that begin like the last one.
    pub words: Vec<String>,
    /// Tags that begin like it.
    pub tags: Vec<String>,
    /// Notes whose titles have all the words, the last one begun.
    pub notes: Vec<Hit>,
    /// The last word as it may have been meant, when it stands nowhere.
    pub spelling: Option<String>,
}

/// Offers completions.
///
/// # Errors
/// [`FindingError`]; refused for those who read no content.
pub async fn suggest(
    finder: &Arc<Finder>,
    vault: &Arc<Vault>,
    subject: &Subject,
    text: &str,
) -> Result<Suggestions, FindingError> {
    if subject.is_officer() {
        return Err(vault.monitor().refuse_for(subject, Act::Suggest, Rule::NoContentRole, &[]).await.into());
    }
    if text.len() > limits::SEARCH_BYTES_MAX {
        return Err(QueryError { fault: Fault::TooLong, place: 1, piece: String::new() }.into());
    }
    let mut words = analysis::words(text);
    words.truncate(limits::SEARCH_WORDS_MAX);
    let (mut offered, notes) = {
        let (vault, subject, words) = (Arc::clone(vault), subject.clone(), words.clone());
        finder.apart(move |finder| offers(finder, &vault, &subject, &words)).await?
    };
    vault.ensure_label(subject).await?;
    let sealed = vault.seal_words(subject, text)?;
    let targets: Vec<Target> = notes.iter().map(Envelope::target).collect();
    let permit = vault.monitor().sought(subject, Act::Suggest, sealed, &targets, &[]).await?;
    let mut page = vault.mixed(permit);
    let highlighted = words.last().map(|last| format!("{}*", last.folded));
    let sought = highlighted.and_then(|question| parse(&question).ok());
    let sought = Sought::of(&sought.unwrap_or(super::query::Node::All(Vec::new())));
    for envelope in notes {
        offered.notes.extend(hit(vault, &mut page, Found::Note, envelope, 0, &sought)?);
    }
    Ok(offered)
}

fn offers(
    finder: &Finder,
    vault: &Vault,
    subject: &Subject,
    words: &[Word],
) -> Result<(Suggestions, Vec<Envelope>), FindingError> {
    let view = View::of(finder, vault, subject)?;
    #[cfg(feature = "exam")]
    let view = if crate::exam::planted(crate::exam::Leak::SuggestWhole) { view.opened_wide() } else { view };
    let Some((last, before)) = words.split_last() else { return Ok(Default::default()) };
    if last.folded.chars().count() < limits::SEARCH_PREFIX_CHARS_MIN {
        return Ok(Default::default());
    }
    let mut offered = Suggestions {
        words: completions(&view, &last.folded)?,
        tags: tags(&view, &analysis::fold_name(&last.folded))?,
        ..Suggestions::default()
    };
    if offered.words.is_empty() {
        offered.spelling = spelling(&view, &last.folded)?;
    }
    let mut steps: Vec<Step> =
        before.iter().map(|word| Step::Terms(Words::TitleStem, analysis::sought(word))).collect();
    steps.push(Step::Beginning(Words::Title, last.folded.clone()));
    steps.push(Step::Terms(Words::Key, vec![Sort::Kind.term(Found::Note.word())]));
    let mut titled: BTreeMap<(Reverse<u64>, Id), ()> = BTreeMap::new();
    each_match(&Step::All(steps), &view, |part, doc| {
        titled.insert((Reverse(part.leaf.modified(doc)), part.leaf.id(doc)), ());
        if titled.len() > limits::SUGGESTIONS_MAX {
            titled.pop_last();
        }
    })?;
    let mut notes = Vec::new();
    for (_, id) in titled.into_keys() {
        let found = intact(vault.fetch(Kind::Note, id))?;
        notes.extend(found.filter(|note| vault.monitor().reaches(subject, &note.target())));
    }
    Ok((offered, notes))
}

/// The most frequent, then by the alphabet.
fn foremost(counts: BTreeMap<String, u64>) -> Vec<String> {
    let mut words: Vec<(Reverse<u64>, String)> =
        counts.into_iter().map(|(word, count)| (Reverse(count), word)).collect();
    words.sort_unstable();
    words.truncate(limits::SUGGESTIONS_MAX);
    words.into_iter().map(|(_, word)| word).collect()
}

/// How many living objects have each term of this beginning.
fn counted(view: &View, words: Words, beginning: &str) -> Result<BTreeMap<String, u64>, FindingError> {
    counted_of(view, words, beginning, |_| true)
}

/// The same of the terms that `wants` wants. None at all when there are too many of them to be held: the first ones to come
/// by would depend on how segments part them.
fn counted_of(
    view: &View,
    words: Words,
    beginning: &str,
    wants: impl Fn(&str) -> bool,
) -> Result<BTreeMap<String, u64>, FindingError> {
    view.look_up(1)?;
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    let mut too_many = false;
    for part in &view.parts {
        for seen in &part.seen {
            let counting = part.leaf.beginning(words, &seen.tag, beginning, &wants, |term, postings| {
                let living = part.leaf.living(&postings);
                // Counted to the end, so that the work too is the same in any order.
                part.work.spend(living)?;
                if living > 0 && !too_many {
                    let count = counts.entry(term.to_owned()).or_default();
                    *count = count.saturating_add(living);
                    too_many = counts.len() > limits::SUGGEST_WORDS_MAX;
                }
                Ok(())
            });
            part.blamed(counting)?;
        }
    }
    if too_many {
        counts.clear();
    }
    Ok(counts)
}

pub(super) fn completions(view: &View, beginning: &str) -> Result<Vec<String>, FindingError> {
    let folded = foremost(counted(view, Words::Text, beginning)?);
    let mut words = Vec::with_capacity(folded.len());
    for word in folded {
        words.push(written(view, &word)?);
    }
    Ok(words)
}

/// A folded word as it is mostly written.
fn written(view: &View, folded: &str) -> Result<String, FindingError> {
    let forms = counted(view, Words::Written, &format!("{folded}\0"))?;
    let best = foremost(forms).into_iter().next();
    Ok(best.and_then(|form| form.split_once('\0').map(|(_, written)| written.to_owned())).unwrap_or(folded.to_owned()))
}

fn tags(view: &View, beginning: &str) -> Result<Vec<String>, FindingError> {
    let sort = Sort::TagWritten.term("");
    let counts = counted(view, Words::Key, &Sort::TagWritten.term(beginning))?;
    let shown = |term: String| term.strip_prefix(&sort)?.split_once('\0').map(|(_, written)| written.to_owned());
    let tags: BTreeSet<String> = foremost(counts).into_iter().filter_map(shown).collect();
    Ok(tags.into_iter().collect())
}

/// A question of plain words as it may have been meant: those that stand nowhere, in their nearest spelling. None when every
/// word stands somewhere, or one of them has nothing near it: it would find no more than what was typed.
pub(super) fn corrected(view: &View, text: &str) -> Result<Option<String>, FindingError> {
    let mut corrected = text.to_owned();
    let words = analysis::words(text);
    let long = |word: &&Word| word.folded.chars().count() >= limits::SEARCH_PREFIX_CHARS_MIN;
    // From behind, so that the places of those before stay right.
    for word in words.iter().take(limits::SEARCH_CORRECTED_MAX).filter(long).rev() {
        if counted_of(view, Words::Text, &word.folded, |term| term == word.folded)?.contains_key(&word.folded) {
            continue;
        }
        let Some(meant) = spelling(view, &word.folded)? else { return Ok(None) };
        corrected.replace_range(word.start..word.end, &meant);
    }
    Ok(Some(corrected).filter(|corrected| corrected != text))
}

/// The nearest word that stands somewhere: at most two letters away, one for a short word, and with the same first one.
pub(super) fn spelling(view: &View, word: &str) -> Result<Option<String>, FindingError> {
    let Some(first) = word.chars().next() else { return Ok(None) };
    let length = word.chars().count();
    let most = if length <= 4 { 1 } else { 2 };
    let near = |candidate: &str| {
        let other = candidate.chars().count();
        (other.abs_diff(length) <= most).then(|| distance(word, candidate)).filter(|apart| *apart <= most)
    };
    // Near by its letters first: of all others nothing is read.
    let counts = counted_of(view, Words::Text, &first.to_string(), |candidate| near(candidate).is_some())?;
    let best =
        counts.iter().filter_map(|(candidate, count)| Some((near(candidate)?, Reverse(*count), candidate))).min();
    best.map(|(_, _, word)| written(view, word)).transpose()
}

/// Letters to add, drop, replace or exchange with their neighbour (optimal string alignment).
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (row, letter) in one.iter().enumerate() {
        let mut here = vec![row.saturating_add(1)];
        for (column, opposite) in other.iter().enumerate() {
            let at = |line: &[usize], column: usize| line.get(column).copied().unwrap_or(usize::MAX / 2);
            let replace = at(&last, column).saturating_add(usize::from(letter != opposite));
            let drop = at(&last, column.saturating_add(1)).saturating_add(1);
            let add = at(&here, column).saturating_add(1);
            let mut best = replace.min(drop).min(add);
            let exchanged = row
                .checked_sub(1)
                .zip(column.checked_sub(1))
                .is_some_and(|(above, left)| one.get(above) == Some(opposite) && other.get(left) == Some(letter));
            if exchanged {
                best = best.min(at(&before_last, column.saturating_sub(1)).saturating_add(1));
            }
            here.push(best);
        }
        before_last = std::mem::replace(&mut last, here);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn distances_by_hand() {
        for (one, other, apart) in
            [("radar", "radar", 0), ("rdar", "radar", 1), ("raadr", "radar", 1), ("sonar", "radar", 3), ("", "ab", 2)]
        {
            assert_eq!(distance(one, other), apart, "{one} {other}");
        }
    }

    proptest! {
        #[test]
        fn distance_is_symmetric_and_bounded(one in "[abc]{0,8}", other in "[abc]{0,8}") {
            prop_assert_eq!(distance(&one, &other), distance(&other, &one));
            prop_assert!(distance(&one, &other) <= one.len().max(other.len()));
            prop_assert_eq!(distance(&one, &other) == 0, one == other);
        }
    }
}
