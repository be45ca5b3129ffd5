//! The examination of the examination: with each planted leak the two worlds must be told apart, or the test that
//! finds nothing in the true program says nothing.

use std::collections::BTreeSet;

use vigie::exam::{Leak, plant};

use crate::{
    observe::Coverage,
    two_worlds::{ABOVE, BESIDE, Cut, HURRIED, LENGTH, RICHER, Run, play},
};

/// Sequences after which a leak counts as not found.
const SEQUENCES: u64 = 100;

/// Looks for the leak where it would show: the other cuts would only take longer.
async fn found(leak: Leak, cut: Cut) {
    let mut tally = Coverage::default();
    plant(Some(leak));
    for seed in 0..SEQUENCES {
        let run = Run { cut, looks: 4, ..Run::of(seed) };
        if let Err(difference) = play(run, &run.acts(LENGTH), &mut tally).await {
            plant(None);
            println!("{leak:?}: found in sequence {}, after {} acts, by cut {}", seed + 1, tally.acts, run.cut.name);
            println!("{difference}");
            return;
        }
    }
    plant(None);
    panic!("{leak:?} was not found in {SEQUENCES} sequences");
}

macro_rules! leaks {
    ($($name:ident $leak:ident $cut:ident)*) => {
        const EXAMINED: &[Leak] = &[$(Leak::$leak),*];
        $(
            #[tokio::test]
            async fn $name() {
                found(Leak::$leak, $cut).await;
            }
        )*
    };
}

leaks! {
    reading_up_is_found ReadUp ABOVE
    reading_without_membership_is_found MembershipSkipped BESIDE
    forbidden_instead_of_absent_is_found ForbiddenNotAbsent ABOVE
    lists_that_count_what_is_hidden_are_found ListsCountHidden ABOVE
    conversations_listed_from_above_are_found TalksReadUp ABOVE
    links_listed_from_above_are_found LinksReadUp ABOVE
    links_with_a_hidden_end_are_found FarEndUnchecked BESIDE
    pages_that_count_hidden_ends_are_found NextCountsHidden BESIDE
    titles_refused_across_labels_are_found TitleTaken ABOVE
    links_refused_across_labels_are_found LinkTaken ABOVE
    repeat_keys_shared_across_labels_are_found RepeatKeysShared ABOVE
    external_names_shared_across_labels_are_found ExternalNamesShared ABOVE
    link_names_shared_across_spaces_are_found LinkNamesShared BESIDE
    numbered_notes_are_found SequentialIds ABOVE
    numbered_requests_are_found SequentialRequests ABOVE
    mentions_that_resolve_up_are_found MentionsResolveUp ABOVE
    times_moved_by_high_links_are_found ModifiedByLinks ABOVE
    versions_moved_by_high_conversations_are_found VersionByTalks ABOVE
    versions_moved_by_high_messages_are_found VersionByMessages ABOVE
    versions_moved_by_high_notes_are_found VersionByNotes ABOVE
    spaces_ordered_by_high_activity_are_found SpacesByActivity ABOVE
    conversations_ordered_by_high_activity_are_found TalksByActivity ABOVE
    quotas_over_hidden_notes_are_found QuotaCountsHidden ABOVE
    cursors_with_totals_are_found CursorTotals ABOVE
    page_labels_joined_with_hidden_rows_are_found LabelJoinsHidden ABOVE
    deletion_refused_for_hidden_links_is_found DeleteToldOfLinks ABOVE
    leaving_refused_for_hidden_conversations_is_found DismissToldOfTalks ABOVE
    rules_checked_before_the_decision_are_found AnimatorsToldFirst ABOVE
    members_listed_without_a_decision_are_found MembersUndecided ABOVE
    empty_history_instead_of_absence_is_found HistoryEmptyNotAbsent ABOVE
    another_sort_told_from_absence_is_found WrongSortTold ABOVE
    errors_that_tell_of_hidden_notes_are_found ErrorTellsOfHidden ABOVE
    unfiltered_people_are_found PeopleWhole RICHER
    unfiltered_policy_words_are_found WordsWhole RICHER
    refused_words_told_from_unknown_ones_are_found WorkingTold RICHER
    a_shared_bucket_of_requests_is_found RateShared HURRIED
    searches_that_read_up_are_found SearchReadUp ABOVE
    searches_of_other_spaces_are_found SearchBeside BESIDE
    scores_moved_by_high_words_are_found SearchStatistics ABOVE
    counts_of_hidden_results_are_found SearchCounts BESIDE
    completions_from_other_spaces_are_found SuggestWhole BESIDE
    watches_asked_as_their_author_are_found WatchAsAuthor ABOVE
    watches_that_know_every_name_are_found WatchNamesWhole RICHER
    degrees_that_count_hidden_links_are_found GraphDegrees BESIDE
    graphs_cut_by_hidden_links_are_found GraphCutByHidden ABOVE
    rankings_by_hidden_links_are_found StandingCountsHidden ABOVE
    identifiers_left_in_exported_links_are_found ExportFarEnd BESIDE
}

#[test]
fn every_planted_leak_is_examined() {
    let examined: BTreeSet<Leak> = EXAMINED.iter().copied().collect();
    assert_eq!(examined, BTreeSet::from(Leak::ALL));
    assert_eq!(EXAMINED.len(), Leak::ALL.len());
}

#[test]
fn every_leak_is_planted_somewhere() {
    let mut sources = String::new();
    let mut folders = vec![std::path::PathBuf::from("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                sources.push_str(&std::fs::read_to_string(path).expect("a source"));
            }
        }
    }
    for leak in Leak::ALL {
        assert!(
            sources.contains(&format!("planted(crate::exam::Leak::{leak:?})"))
                || sources.contains(&format!("planted(Leak::{leak:?})")),
            "{leak:?}"
        );
    }
}
