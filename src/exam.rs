//! Leaks planted on purpose: the examination of the non-interference test, which must find every one of them.
//!
//! Compiled only with the feature `exam`. Each leak is one line, `exam::planted`, at the place where a mistake of its
//! kind would be made. What is planted belongs to the thread: an examination serves its requests on its own, and what
//! leaves it for another one takes along what is planted.

use std::cell::Cell;

/// A mistake that shows what is above an observer, or beside him.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Leak {
    /// Nobody asks whether the label flows to the working label.
    ReadUp,
    /// Nobody asks whether the person is a member.
    MembershipSkipped,
    /// What is above is forbidden, not absent.
    ForbiddenNotAbsent,
    /// A list is cut to its length before what is above is taken out.
    ListsCountHidden,
    /// A list of conversations shows those above.
    TalksReadUp,
    /// The list of a note's links does not ask for the link's own label.
    LinksReadUp,
    /// The list of a note's links does not ask for the other end.
    FarEndUnchecked,
    /// A page of links is cut before those with a hidden end are taken out.
    NextCountsHidden,
    /// A title is unique in its space.
    TitleTaken,
    /// A second link from a note is refused.
    LinkTaken,
    /// `Idempotency-Key`s of one person are one space of names, whatever the label.
    RepeatKeysShared,
    /// External names of notes are one space of names, whatever the label.
    ExternalNamesShared,
    /// External names of links are one space of names, whatever the space.
    LinkNamesShared,
    /// Notes are numbered.
    SequentialIds,
    /// Requests are numbered.
    SequentialRequests,
    /// A mention leads to the first note of the title, whatever its label.
    MentionsResolveUp,
    /// A link changes the time of the note that it leads to.
    ModifiedByLinks,
    /// A conversation counts as a version of its note.
    VersionByTalks,
    /// A message counts as a version of its conversation.
    VersionByMessages,
    /// A note counts as a version of its space.
    VersionByNotes,
    /// Spaces are listed by activity.
    SpacesByActivity,
    /// Conversations are listed by activity.
    TalksByActivity,
    /// A space holds so many notes, whatever their labels.
    QuotaCountsHidden,
    /// A cursor says how many rows there are.
    CursorTotals,
    /// The label of a page is the join of all there is, shown or not.
    LabelJoinsHidden,
    /// A note that something leads to is not deleted.
    DeleteToldOfLinks,
    /// A member leaves only a space without conversations and notes above.
    DismissToldOfTalks,
    /// Whether an animator would be left is asked before whether one may ask.
    AnimatorsToldFirst,
    /// The members of a space are listed without asking for the space.
    MembersUndecided,
    /// The history of a hidden note is empty, that of an absent one absent.
    HistoryEmptyNotAbsent,
    /// An identifier of another sort is an error of ours.
    WrongSortTold,
    /// The error says when the hidden note was changed.
    ErrorTellsOfHidden,
    /// Everybody is shown to everybody.
    PeopleWhole,
    /// All words of the policy are shown.
    WordsWhole,
    /// A word that exists is refused in other words than one that does not.
    WorkingTold,
    /// One bucket of requests for all working labels of a person.
    RateShared,
    /// A search looks into the indexes of all labels.
    SearchReadUp,
    /// A search looks into all spaces.
    SearchBeside,
    /// The frequencies of words are those of whole indexes.
    SearchStatistics,
    /// The results are counted before what is hidden is taken out.
    SearchCounts,
    /// Words of anybody are offered as completions.
    SuggestWhole,
    /// The matches of a watch are its author's, whoever reads them.
    WatchAsAuthor,
    /// A watch says whether somebody bears a name, whoever that is.
    WatchNamesWhole,
    /// The links of a note in a graph are counted before what is hidden is taken out.
    GraphDegrees,
    /// A graph says that it was cut short where hidden links stand.
    GraphCutByHidden,
    /// Notes are ranked by links that nobody may see.
    StandingCountsHidden,
    /// An export leaves the identifier of a link's far end in, whoever reaches it.
    ExportFarEnd,
}

impl Leak {
    /// All leaks.
    pub const ALL: [Self; 47] = [
        Self::ReadUp,
        Self::MembershipSkipped,
        Self::ForbiddenNotAbsent,
        Self::ListsCountHidden,
        Self::TalksReadUp,
        Self::LinksReadUp,
        Self::FarEndUnchecked,
        Self::NextCountsHidden,
        Self::TitleTaken,
        Self::LinkTaken,
        Self::RepeatKeysShared,
        Self::ExternalNamesShared,
        Self::LinkNamesShared,
        Self::SequentialIds,
        Self::SequentialRequests,
        Self::MentionsResolveUp,
        Self::ModifiedByLinks,
        Self::VersionByTalks,
        Self::VersionByMessages,
        Self::VersionByNotes,
        Self::SpacesByActivity,
        Self::TalksByActivity,
        Self::QuotaCountsHidden,
        Self::CursorTotals,
        Self::LabelJoinsHidden,
        Self::DeleteToldOfLinks,
        Self::DismissToldOfTalks,
        Self::AnimatorsToldFirst,
        Self::MembersUndecided,
        Self::HistoryEmptyNotAbsent,
        Self::WrongSortTold,
        Self::ErrorTellsOfHidden,
        Self::PeopleWhole,
        Self::WordsWhole,
        Self::WorkingTold,
        Self::RateShared,
        Self::SearchReadUp,
        Self::SearchBeside,
        Self::SearchStatistics,
        Self::SearchCounts,
        Self::SuggestWhole,
        Self::WatchAsAuthor,
        Self::WatchNamesWhole,
        Self::GraphDegrees,
        Self::GraphCutByHidden,
        Self::StandingCountsHidden,
        Self::ExportFarEnd,
    ];
}

thread_local! {
    static PLANTED: Cell<Option<Leak>> = const { Cell::new(None) };
    static WIDE: Cell<bool> = const { Cell::new(false) };
}

/// Plants one leak in place of any other, or takes it out.
pub fn plant(leak: Option<Leak>) {
    PLANTED.set(leak);
}

/// What is planted, for another thread.
pub fn present() -> Option<Leak> {
    PLANTED.get()
}

/// Whether this leak is planted.
pub fn planted(leak: Leak) -> bool {
    PLANTED.get() == Some(leak)
}

/// Whether a search is to show what it finds, whoever asks.
pub fn finds_too_much() -> bool {
    planted(Leak::SearchReadUp) || planted(Leak::SearchBeside) || planted(Leak::WatchAsAuthor)
}

/// Looks while lists take in the rows of all labels.
pub fn wide<T>(look: impl FnOnce() -> T) -> T {
    WIDE.set(true);
    let found = look();
    WIDE.set(false);
    found
}

/// Whether lists take in the rows of all labels.
pub fn is_wide() -> bool {
    WIDE.get() || planted(Leak::ListsCountHidden)
}
