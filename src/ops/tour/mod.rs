//! The guided tour: the same questions asked by four people through the real API, side by side; then the officer's
//! view of those very questions, the journal recomputed from its leaves, and the disk searched for what was written.
//!
//! | file | idea |
//! |---|---|
//! | `mod.rs` | the questions |
//! | [`table`] | cells beside one another on a terminal |
//! | [`officer`] | what the journal says of it, and that it is whole |
//! | [`at_rest`] | nothing readable in any file of the store |

pub mod at_rest;
mod officer;
pub mod table;

use http::StatusCode;
use serde_json::{Value, json};

use self::table::Table;
use super::{
    client::ClientError,
    demo::{
        DemoError, Site,
        found::{ROLES, Role},
        team::{Ask, Reply, Team, text},
    },
    load::Loaded,
    report::Report,
};
use crate::words::{Key, Language, Sentence, key};

/// A low note that much hangs on.
const LOW_NOTE: &str = "gan-bande-x";
/// A note above `analyste-dr`, in a space that `analyste-dr` is a member of.
const HIGH_NOTE: &str = "ruptures-composants";
/// An identifier that nothing bears.
const NO_NOTE: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaa";
/// A low conversation in which somebody answered higher.
const CONVERSATION: &str = "fiabilite-gan";
/// Who stands low.
const LOW: &str = "analyste-dr";

/// What a look at the system showed: as it should be, or a fault; told either way.
pub(super) type Finding = Result<Sentence, Sentence>;

/// Guides through a loaded demonstration.
///
/// # Errors
/// [`DemoError`] when the server gives no answer; [`DemoError::Faulty`], after the whole tour, when something was not
/// as it should be.
pub async fn tour(site: &Site, team: &mut Team, loaded: &Loaded, report: &dyn Report) -> Result<(), DemoError> {
    let language = report.language();
    report.text("");
    report.say(&Sentence::new(key::DEMO_TOUR));
    same_title(team, loaded).await?;
    let mut columns = Vec::with_capacity(ROLES.len());
    for role in ROLES {
        columns.push(Column::ask(&role, team, loaded).await?);
    }
    let mut table = Table::new(&[30, 24, 24, 24, 24]);
    let header = |title: String| std::iter::once(title).chain(ROLES.iter().map(|role| role.name.to_owned()));
    table.row(header(Sentence::new(key::DEMO_ROW_QUESTION).render(language)));
    for row in Row::ALL {
        let cells = columns.iter().map(|column| row.cell(column, language));
        table.row(std::iter::once(Sentence::new(row.title()).render(language)).chain(cells));
    }
    report.text(&table.to_string());
    let mut findings = vec![];
    for low in columns.iter().filter(|column| column.role.name == LOW) {
        findings.push(tell(low.finding(), report));
    }
    findings.extend(officer::look(team, report).await?);
    findings.push(tell(at_rest::prove(site, loaded)?, report));
    let faults = findings.iter().filter(|finding| finding.is_err()).count();
    if faults == 0 { Ok(()) } else { Err(DemoError::Faulty { faults }) }
}

fn tell(finding: Finding, report: &dyn Report) -> Finding {
    let (Ok(sentence) | Err(sentence)) = &finding;
    report.say(sentence);
    finding
}

/// `analyste-dr` writes a note under a title that a higher note bears already, in the same space. Nobody says a word.
async fn same_title(team: &mut Team, loaded: &Loaded) -> Result<(), DemoError> {
    let Some(high) = high(loaded) else { return Ok(()) };
    let body = json!({
        "space": loaded.space(&high.space), "kind": "question", "title": high.title, "language": high.language,
        "body": "Question posée sans rien savoir de ce qui existe plus haut.",
    });
    // The same bytes under the same name: done once, however often the tour is taken.
    let present = feed(team, LOW, "DR").await?;
    if titled(&present, &high.title) == 0 {
        let ask = Ask::post(LOW, "DR", "/notes", body, "tour.same-title");
        drop(team.ask(ask).await?.done("tour")?);
    }
    Ok(())
}

fn high(loaded: &Loaded) -> Option<&super::sample::Note> {
    loaded.sample.notes.iter().find(|note| note.key == HIGH_NOTE)
}

async fn feed(team: &mut Team, who: &str, working: &str) -> Result<Reply, ClientError> {
    team.ask(Ask::get(who, working, "/feed?limit=200")).await
}

fn titled(page: &Reply, title: &str) -> usize {
    page.items().iter().filter(|item| text(item, "title") == title).count()
}

/// Everything that one person was answered.
struct Column {
    role: Role,
    me: Reply,
    spaces: Reply,
    feed: Reply,
    links_out: Reply,
    links_in: Reply,
    high: Reply,
    nothing: Reply,
    people: Reply,
    messages: Reply,
    journal: Reply,
    same_title: usize,
}

impl Column {
    async fn ask(role: &Role, team: &mut Team, loaded: &Loaded) -> Result<Self, DemoError> {
        let (who, working) = (role.name, role.working);
        let (low, conversation) = (loaded.note(LOW_NOTE), loaded.conversation(CONVERSATION));
        let mut get = async |path: String| team.ask(Ask::get(who, working, path)).await;
        let feed = get("/feed?limit=200".to_owned()).await?;
        let title = high(loaded).map_or("", |note| note.title.as_str());
        Ok(Self {
            role: *role,
            me: get("/me".to_owned()).await?,
            spaces: get("/spaces".to_owned()).await?,
            links_out: get(format!("/notes/{low}/links?way=out&limit=200")).await?,
            links_in: get(format!("/notes/{low}/links?way=in&limit=200")).await?,
            high: get(format!("/notes/{}", loaded.note(HIGH_NOTE))).await?,
            nothing: get(format!("/notes/{NO_NOTE}")).await?,
            people: get("/people".to_owned()).await?,
            messages: get(format!("/conversations/{conversation}/messages?limit=200")).await?,
            journal: get("/journal?limit=50".to_owned()).await?,
            same_title: titled(&feed, title),
            feed,
        })
    }

    /// Whether refused and absent were the same answer to this person.
    fn finding(&self) -> Finding {
        let (high, nothing) = (without_request(&self.high), without_request(&self.nothing));
        let same =
            self.high.status == self.nothing.status && self.high.length == self.nothing.length && high == nothing;
        if same && self.high.status == StatusCode::NOT_FOUND.as_u16() {
            let sentence = Sentence::new(key::DEMO_SAME_ANSWER).with("name", self.role.name);
            Ok(sentence.with("bytes", self.high.length))
        } else {
            Err(Sentence::new(key::DEMO_OTHER_ANSWER).with("name", self.role.name))
        }
    }
}

/// A problem without the number of its request, which differs in any two answers.
fn without_request(reply: &Reply) -> Value {
    let mut json = reply.json.clone();
    if let Some(fields) = json.as_object_mut() {
        fields.remove("instance");
    }
    json
}

/// One question of the table.
#[derive(Clone, Copy)]
enum Row {
    Working,
    Spaces,
    Feed,
    Highest,
    Links,
    High,
    Nothing,
    SameTitle,
    Messages,
    People,
    Journal,
}

impl Row {
    const ALL: [Self; 11] = [
        Self::Working,
        Self::Spaces,
        Self::Feed,
        Self::Highest,
        Self::Links,
        Self::High,
        Self::Nothing,
        Self::SameTitle,
        Self::Messages,
        Self::People,
        Self::Journal,
    ];

    const fn title(self) -> Key {
        match self {
            Self::Working => key::DEMO_ROW_WORKING,
            Self::Spaces => key::DEMO_ROW_SPACES,
            Self::Feed => key::DEMO_ROW_FEED,
            Self::Highest => key::DEMO_ROW_HIGHEST,
            Self::Links => key::DEMO_ROW_LINKS,
            Self::High => key::DEMO_ROW_HIGH,
            Self::Nothing => key::DEMO_ROW_NOTHING,
            Self::SameTitle => key::DEMO_ROW_SAME_TITLE,
            Self::Messages => key::DEMO_ROW_MESSAGES,
            Self::People => key::DEMO_ROW_PEOPLE,
            Self::Journal => key::DEMO_ROW_JOURNAL,
        }
    }

    fn cell(self, column: &Column, language: Language) -> String {
        let say = |sentence: Sentence| sentence.render(language);
        let counted = |key: Key, reply: &Reply| match reply.status {
            200 => say(Sentence::new(key).with("count", reply.items().len())),
            _ => refused(reply, language),
        };
        match self {
            Self::Working => column
                .me
                .json
                .get("working")
                .map_or_else(|| refused(&column.me, language), |label| text(label, "marking").to_owned()),
            Self::Spaces => listed(&column.spaces, "name", language),
            Self::Feed => counted(key::DEMO_CELL_NOTES, &column.feed),
            Self::Highest => column.feed.label.clone().unwrap_or_else(|| "—".to_owned()),
            Self::Links if column.links_out.status != 200 => refused(&column.links_out, language),
            Self::Links => say(Sentence::new(key::DEMO_CELL_LINKS)
                .with("out", column.links_out.items().len())
                .with("in", column.links_in.items().len())),
            Self::High if column.high.status == 200 => {
                say(Sentence::new(key::DEMO_CELL_READ).with("title", column.high.text("title")))
            }
            Self::High => refused(&column.high, language),
            Self::Nothing => refused(&column.nothing, language),
            Self::SameTitle => say(Sentence::new(key::DEMO_CELL_NOTES).with("count", column.same_title)),
            Self::Messages => counted(key::DEMO_CELL_MESSAGES, &column.messages),
            Self::People => listed(&column.people, "display", language),
            Self::Journal => counted(key::DEMO_CELL_ENTRIES, &column.journal),
        }
    }
}

fn listed(reply: &Reply, name: &str, language: Language) -> String {
    if reply.status != 200 {
        return refused(reply, language);
    }
    match reply.items() {
        [] => "—".to_owned(),
        items => items.iter().map(|item| text(item, name)).collect::<Vec<_>>().join(" · "),
    }
}

/// A refusal as the client sees it: status and size, nothing else to go by.
fn refused(reply: &Reply, language: Language) -> String {
    let status = StatusCode::from_u16(reply.status)
        .map_or_else(|_odd| reply.status.to_string(), |status| status.as_str().to_owned());
    Sentence::new(key::DEMO_CELL_REFUSED).with("status", status).with("bytes", reply.length).render(language)
}
