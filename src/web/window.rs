//! What the title of a window says: which kind of page it is, and nothing of what the page shows. Browsers keep titles in
//! their history and in their sessions, on disk and in clear.

use super::say::Tongue;
use crate::words::{Key, key as k};

/// A kind of page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Window {
    /// The feed.
    Home,
    /// Conversations.
    Messages,
    /// One conversation.
    Talk,
    /// A conversation to be opened.
    NewTalk,
    /// A message to be said otherwise.
    Message,
    /// People.
    People,
    /// One person.
    Person,
    /// Spaces.
    Spaces,
    /// One space.
    Space,
    /// Its settings.
    SpaceSettings,
    /// A space to be opened.
    NewSpace,
    /// One note.
    Note,
    /// A note to be written.
    NewNote,
    /// A note to be changed.
    NoteChange,
    /// The history of a note.
    History,
    /// A note on paper.
    Sheet,
    /// A text as it will look.
    Preview,
    /// A link to be made.
    Link,
    /// A question before something is lost.
    Question,
    /// Search.
    Search,
    /// The journal.
    Journal,
    /// Oneself.
    Me,
    /// The deployment.
    About,
    /// The links around a note.
    Graph,
    /// What a note rests on.
    Lineage,
    /// The way to another note.
    Path,
    /// The notes of a space by their links.
    Standing,
    /// Nothing there.
    Absent,
    /// Something went wrong.
    Trouble,
    /// Watches.
    Watches,
    /// One watch.
    Watch,
    /// A watch to be kept.
    NewWatch,
    /// A watch to be changed.
    WatchChange,
}

impl Window {
    const fn key(self) -> Key {
        match self {
            Self::Home => k::WEB_HOME,
            Self::Messages => k::WEB_MESSAGES,
            Self::Talk => k::WEB_WINDOW_TALK,
            Self::NewTalk => k::WEB_TALK_NEW,
            Self::Message => k::WEB_MESSAGE_EDIT,
            Self::People => k::WEB_PEOPLE,
            Self::Person => k::WEB_WINDOW_PERSON,
            Self::Spaces => k::WEB_SPACES,
            Self::Space => k::WEB_FIELD_SPACE,
            Self::SpaceSettings => k::WEB_TAB_SETTINGS,
            Self::NewSpace => k::WEB_SPACE_NEW,
            Self::Note => k::WEB_WINDOW_NOTE,
            Self::NewNote => k::WEB_NOTE_NEW,
            Self::NoteChange => k::WEB_WINDOW_NOTE_CHANGE,
            Self::History => k::WEB_NOTE_HISTORY,
            Self::Sheet => k::WEB_WINDOW_SHEET,
            Self::Preview => k::WEB_PREVIEW,
            Self::Link => k::WEB_LINK_ADD,
            Self::Question => k::WEB_WINDOW_QUESTION,
            Self::Search => k::SEARCH_TITLE,
            Self::Journal => k::WEB_JOURNAL,
            Self::Me => k::WEB_ME,
            Self::About => k::WEB_ABOUT,
            Self::Graph => k::WEB_GRAPH,
            Self::Lineage => k::WEB_LINEAGE,
            Self::Path => k::WEB_PATH,
            Self::Standing => k::WEB_TAB_STANDING,
            Self::Absent => k::WEB_ABSENT_TITLE,
            Self::Trouble => k::WEB_TROUBLE_TITLE,
            Self::Watches => k::WATCH_TITLE,
            Self::Watch => k::WATCH_WINDOW,
            Self::NewWatch => k::WATCH_NEW,
            Self::WatchChange => k::WATCH_EDIT,
        }
    }

    /// Its name in the reader's language.
    pub(super) fn name(self, tongue: Tongue) -> String {
        tongue.say(self.key())
    }
}
