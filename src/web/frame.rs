//! What stands round every page: banners, the working-label chooser, the rail.

use super::{
    assets::Addresses,
    chooser::Chooser,
    marking::{Chip, Marking},
    preferences::Theme,
    say::{Tongue, own_name},
    visit::Visitor,
    window::Window,
};
use crate::{
    api::ApiError,
    finding::analysis::fold_name,
    ids::SpaceId,
    label::{Label, Policy},
    sharing::space::{self, Space},
    vault::Opened,
    words::{Language, key as k},
};

/// Which room of the rail a page belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Room {
    /// The feed.
    Home,
    /// Conversations.
    Messages,
    /// Search.
    Search,
    /// People.
    People,
    /// All spaces.
    Spaces,
    /// One space, and the notes in it.
    Space(SpaceId),
    /// The journal.
    Journal,
    /// Oneself.
    Me,
    /// The deployment.
    About,
    /// None of them.
    Nowhere,
    /// Watches.
    Watches,
}

/// One of my spaces.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RailSpace {
    /// Which.
    pub id: SpaceId,
    /// Its name.
    pub name: String,
    /// Its label.
    pub chip: Chip,
    /// Whether the page is about it.
    pub here: bool,
}

/// What the rail lists; its names are content, so it has a label.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rail {
    spaces: Vec<(SpaceId, String, Chip)>,
    label: Label,
}

impl Rail {
    /// The rail of whoever asks. Officers have no spaces: for them nothing is asked.
    ///
    /// # Errors
    /// [`ApiError`].
    pub async fn of(visitor: &Visitor) -> Result<Self, ApiError> {
        if visitor.subject.is_officer() {
            return Ok(Self::empty(visitor));
        }
        Ok(Self::among(visitor, &space::list(&visitor.vault, &visitor.subject).await?))
    }

    /// The rail of spaces that were listed already.
    pub fn among(visitor: &Visitor, spaces: &[Opened<Space>]) -> Self {
        let label = visitor.joined(spaces.iter().map(|space| space.label));
        let mut spaces: Vec<_> = spaces
            .iter()
            .map(|space| (SpaceId(space.id), space.content.content.name.clone(), Chip::of(visitor, &space.label)))
            .collect();
        spaces.sort_by_key(|space: &(SpaceId, String, Chip)| (space.1.to_lowercase(), space.0));
        Self { spaces, label }
    }

    /// How many of the spaces listed bear this name, accents and capitals aside.
    pub fn bearers(&self, name: &str) -> usize {
        self.spaces.iter().filter(|(_, other, _)| fold_name(other) == fold_name(name)).count()
    }

    /// The name of one of the spaces listed.
    pub fn name_of(&self, space: SpaceId) -> Option<String> {
        self.spaces.iter().find(|(id, ..)| *id == space).map(|(_, name, _)| name.clone())
    }

    /// The spaces listed, with their names.
    pub fn names(&self) -> impl Iterator<Item = (SpaceId, &str)> {
        self.spaces.iter().map(|(id, name, _)| (*id, name.as_str()))
    }

    /// A rail that lists nothing.
    pub fn empty(visitor: &Visitor) -> Self {
        Self { spaces: Vec::new(), label: visitor.lowest() }
    }
}

/// What stands round a page. Made over the label of what the page shows, which the rail's names join.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Frame {
    label: Label,
    /// Words in the reader's language.
    pub w: Tongue,
    /// Light or dark.
    pub theme: Theme,
    /// Whether shortcuts of a single key are switched off.
    pub keys_off: bool,
    window: Window,
    /// What the banners say.
    pub banner: Marking,
    /// The same in one line, for the window's title.
    pub banner_text: String,
    /// The working label, as a chip and on the wire.
    pub working: Chip,
    /// Wire text of the working label, for scripts that call the JSON interface.
    pub working_text: String,
    /// The chooser; none where nobody is known.
    pub chooser: Option<Chooser>,
    /// Name of whoever asks.
    pub person: String,
    /// Whether he reads the journal.
    pub officer: bool,
    /// Which room this is.
    pub room: Room,
    /// My spaces.
    pub spaces: Vec<RailSpace>,
    /// Where style and scripts stand.
    pub at: Addresses,
    /// Whether the page needs the editor.
    pub editor: bool,
}

impl Frame {
    /// A frame over what the page shows.
    pub fn over(visitor: &Visitor, rail: Rail, room: Room, window: Window, shown: Label) -> Self {
        let (config, tongue) = (visitor.config(), visitor.tongue);
        let (policy, subject) = (config.policy(), &visitor.subject);
        let label = visitor.joined([shown, rail.label].into_iter().chain(visitor.typed_at));
        let account = subject.account();
        let spaces = rail.spaces.into_iter().map(|(id, name, chip)| {
            let here = room == Room::Space(id);
            RailSpace { id, name, chip, here }
        });
        Self {
            label,
            w: tongue,
            theme: visitor.preferences.theme,
            keys_off: visitor.preferences.keys_off,
            window,
            banner: Marking::under(policy, &label, tongue),
            banner_text: policy.marking(&label, tongue.0),
            working: Chip::under(policy, subject.working(), tongue),
            working_text: policy.print(subject.working()),
            chooser: Some(Chooser::of(policy, subject.working(), account.clearance(), account.nation(), tongue)),
            person: account.display().to_owned(),
            officer: subject.is_officer(),
            room,
            spaces: spaces.collect(),
            at: visitor.addresses.clone(),
            editor: false,
        }
    }

    /// A frame for whoever is not known here: the lowest label, no rail, nothing to choose.
    pub fn bare(policy: &Policy, tongue: Tongue, at: Addresses, window: Window) -> Self {
        let label = policy.lowest();
        Self {
            label,
            w: tongue,
            theme: Theme::Auto,
            keys_off: false,
            window,
            banner: Marking::under(policy, &label, tongue),
            banner_text: policy.marking(&label, tongue.0),
            working: Chip::under(policy, &label, tongue),
            working_text: String::new(),
            chooser: None,
            person: String::new(),
            officer: false,
            room: Room::Nowhere,
            spaces: Vec::new(),
            at,
            editor: false,
        }
    }

    /// With the editor's script.
    #[must_use]
    pub const fn with_editor(mut self) -> Self {
        self.editor = true;
        self
    }

    /// Whether the rail stands beside the page: not beside a sheet that goes to paper nor a preview, whose marking is of what
    /// they show and of no other thing's name.
    pub fn has_rail(&self) -> bool {
        self.chooser.is_some() && !matches!(self.window, Window::Sheet | Window::Preview)
    }

    /// The title of the window, without marking and house: the kind of page, never what it shows.
    pub fn title(&self) -> String {
        self.window.name(self.w)
    }

    /// The label of the page: the join of all it shows.
    pub const fn label(&self) -> Label {
        self.label
    }

    /// Whether the page is in that room, by its name in the template.
    pub fn is_in(&self, room: &str) -> bool {
        match self.room {
            Room::Home => room == "home",
            Room::Messages => room == "messages",
            Room::Search => room == "search",
            Room::People => room == "people",
            Room::Spaces => room == "spaces",
            Room::Journal => room == "journal",
            Room::Me => room == "me",
            Room::About => room == "about",
            Room::Watches => room == "watches",
            Room::Space(_) | Room::Nowhere => false,
        }
    }

    /// The words of palette and shortcuts for the script that shows them: a name and a text a line. JSON would be longer in a page,
    /// where each of its quotation marks takes five bytes.
    pub fn palette(&self) -> String {
        let w = self.w;
        let words = [
            ("label", w.say(k::WEB_PALETTE)),
            ("notes", w.say(k::WEB_TAB_NOTES)),
            ("spaces", w.say(k::WEB_SPACES)),
            ("people", w.say(k::WEB_PEOPLE)),
            ("commands", w.say(k::WEB_PALETTE_COMMANDS)),
            ("tags", w.say(k::WEB_FIELD_TAGS)),
            // The sign stands for what is typed.
            ("search", w.with(k::SEARCH_FOR, "words", "%")),
            ("tag", w.say(k::SEARCH_TAG)),
            ("help", w.say(k::WEB_KEYS)),
            ("close", w.say(k::WEB_CLOSE)),
        ];
        let keys = [
            (w.say(k::WEB_GOTO_KEY), k::WEB_PALETTE),
            (w.say(k::WEB_SEND_KEY), k::WEB_KEYS_SEND),
            ("/".to_owned(), k::SEARCH_TITLE),
            ("n".to_owned(), k::WEB_NOTE_NEW),
            ("e".to_owned(), k::WEB_KEYS_EDIT),
            ("h".to_owned(), k::WEB_HOME),
            ("m".to_owned(), k::WEB_MESSAGES),
            ("?".to_owned(), k::WEB_KEYS),
        ];
        let words = words.into_iter().map(|(name, text)| format!("{name}\t{text}"));
        let keys = keys.into_iter().map(|(key, what)| format!("key {key}\t{}", w.say(what)));
        words.chain(keys).collect::<Vec<_>>().join("\n")
    }

    /// The query that says in which space something new begins; nothing outside a space.
    pub fn in_space(&self) -> String {
        match self.room {
            Room::Space(id) => format!("?space={id}"),
            Room::Home
            | Room::Messages
            | Room::Search
            | Room::People
            | Room::Spaces
            | Room::Journal
            | Room::Me
            | Room::About
            | Room::Nowhere
            | Room::Watches => String::new(),
        }
    }

    /// The languages, with the present one marked.
    pub fn languages(&self) -> Vec<(&'static str, &'static str, bool)> {
        Language::ALL.into_iter().map(|language| (language.code(), own_name(language), language == self.w.0)).collect()
    }
}
