//! The journal, for officers: who did what, when, on which object, and how it was decided. Never a title, a text or a name of
//! a file: the journal does not know them. It knows the words of searches, sealed: they open at a working label that reaches
//! the one of the search.

mod export;
mod verify;

use std::{collections::BTreeMap, sync::Arc};

use askama::Template;
use serde::Deserialize;

pub use self::{export::export, verify::verify};
use crate::{
    api::{
        ApiError,
        journal::{failed, words},
    },
    audit::entry::{Act, Entry, Rule, Verdict},
    clock::Time,
    ids::{AccountId, Id},
    limits,
    monitor::{Inspect, Permit},
    web::{
        form::Form,
        frame::{Frame, Rail, Room},
        marking::Chip,
        page::{Shown, framed},
        say::Tongue,
        visit::Visit,
        window::Window,
    },
    words::{Key, Sentence, key as k},
};

#[derive(Template)]
#[template(path = "journal.html")]
struct JournalPage {
    frame: Frame,
    filters: Filters,
    people: Vec<(AccountId, String, bool)>,
    acts: Vec<(&'static str, String, bool)>,
    verdicts: Vec<(&'static str, String, bool)>,
    rows: Vec<EntryRow>,
    next: Option<String>,
    /// Who has read the object asked for, among the entries looked at.
    readers: Vec<Reader>,
    length: u64,
    root: String,
    wrong: bool,
    /// What a verification found, and whether the chain is whole.
    verified: Option<(bool, String)>,
}

framed!(JournalPage);

struct EntryRow {
    number: u64,
    chip: Option<Chip>,
    time: String,
    who: String,
    act: String,
    /// What was sought, where the working label reaches that of the search.
    words: Option<String>,
    objects: Vec<(String, String)>,
    more: usize,
    granted: bool,
    verdict: String,
    rule: String,
}

struct Reader {
    name: String,
    count: u64,
    last: String,
}

/// What is sought, as typed.
#[derive(Deserialize, Debug, Default, Clone)]
#[serde(deny_unknown_fields, default)]
struct Filters {
    account: String,
    object: String,
    act: String,
    verdict: String,
    since: String,
    until: String,
    before: String,
}

/// What is sought, understood.
struct Wanted {
    account: Option<AccountId>,
    object: Option<Id>,
    act: Option<Act>,
    verdict: Option<Verdict>,
    since: Option<Time>,
    until: Option<Time>,
    before: u64,
}

/// What a word of the query means; an empty one asks for everything, an unreadable one is told.
fn read<T>(text: &str, of: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>, ApiError> {
    match text.trim() {
        "" => Ok(None),
        text => of(text).map(Some).ok_or(ApiError::BadQuery),
    }
}

impl Filters {
    /// The filters that a form of the page sent along.
    fn sent(form: &Form) -> Self {
        let text = |name: &str| form.text(name).to_owned();
        Self {
            account: text("account"),
            object: text("object"),
            act: text("act"),
            verdict: text("verdict"),
            since: text("since"),
            until: text("until"),
            before: text("before"),
        }
    }

    fn pairs(&self) -> [(&'static str, &str); 7] {
        [
            ("account", &self.account),
            ("object", &self.object),
            ("act", &self.act),
            ("verdict", &self.verdict),
            ("since", &self.since),
            ("until", &self.until),
            ("before", &self.before),
        ]
    }
}

impl Wanted {
    fn of(filters: &Filters, w: Tongue) -> Result<Self, ApiError> {
        let day = |end: &'static str| move |text: &str| Time::parse(&format!("{}T{end}Z", w.typed_day(text)??));
        Ok(Self {
            account: read(&filters.account, |text| text.parse().ok())?,
            object: read(&filters.object, |text| text.parse().ok())?,
            act: read(&filters.act, Act::from_code)?,
            verdict: read(&filters.verdict, Verdict::from_code)?,
            since: read(&filters.since, day("00:00:00"))?,
            until: read(&filters.until, day("23:59:59.999"))?,
            before: read(&filters.before, |text| text.parse().ok())?.unwrap_or(u64::MAX),
        })
    }

    fn takes(&self, entry: &Entry) -> bool {
        let names = |id: Id| entry.objects.iter().any(|object| object.id == id);
        self.account.is_none_or(|account| entry.account == Some(account) || names(account.id()))
            && self.object.is_none_or(names)
            && self.act.is_none_or(|act| entry.act == act)
            && self.verdict.is_none_or(|verdict| entry.verdict == verdict)
            && self.since.is_none_or(|since| entry.time >= since)
            && self.until.is_none_or(|until| entry.time <= until)
    }
}

/// `GET /journal`
///
/// # Errors
/// [`ApiError`].
pub async fn journal(visit: Visit) -> Result<Shown, ApiError> {
    // Decided before anything is read: for others the page does not exist, whatever they ask.
    let permit = visit.vault().monitor().inspect(visit.subject(), Act::JournalRead, None).await?;
    let filters: Filters = visit.call.query()?;
    Shown::page(&looked(&visit, permit, filters, None).await?)
}

async fn looked(
    visit: &Visit,
    permit: Permit<Inspect>,
    filters: Filters,
    verified: Option<(bool, String)>,
) -> Result<JournalPage, ApiError> {
    let (wanted, wrong) = match Wanted::of(&filters, visit.tongue()) {
        Ok(wanted) => (wanted, false),
        Err(_unread) => (Wanted::of(&Filters::default(), visit.tongue())?, true),
    };
    let (vault, before) = (Arc::clone(&visit.call.vault), wanted.before);
    let reading =
        tokio::task::spawn_blocking(move || vault.monitor().entries(permit, before, limits::JOURNAL_SCANNED_MAX));
    let reading = reading.await.map_err(|_panicked| ApiError::Internal)?.map_err(failed)?;
    let mut next = Some(reading.oldest).filter(|oldest| *oldest > 0);
    let mut rows = Vec::new();
    let mut readers: BTreeMap<AccountId, (u64, Time)> = BTreeMap::new();
    for (number, entry) in reading.entries.iter().filter(|(_, entry)| wanted.takes(entry)) {
        if let Some(account) = entry.account.filter(|_| wanted.object.is_some() && opens(entry)) {
            let (count, last) = readers.entry(account).or_insert((0, entry.time));
            *count = count.saturating_add(1);
            *last = (*last).max(entry.time);
        }
        if rows.len() < limits::PAGE_ROWS_DEFAULT {
            rows.push(row(visit, *number, entry));
            if rows.len() == limits::PAGE_ROWS_DEFAULT {
                next = Some(*number).filter(|number| *number > 0);
            }
        }
    }
    let readers = readers.into_iter().map(|(account, (count, last))| Reader {
        name: visit.visitor.name(account),
        count,
        last: visit.tongue().moment(last),
    });
    let readers = readers.collect();
    Ok(JournalPage { verified, ..page(visit, filters, rows, readers, next, wrong) })
}

/// Whether the entry says that something was opened to whoever asked.
fn opens(entry: &Entry) -> bool {
    entry.verdict == Verdict::Allow && (entry.act == Act::NoteRead || entry.act == Act::RevisionRead)
}

fn page(
    visit: &Visit,
    filters: Filters,
    rows: Vec<EntryRow>,
    readers: Vec<Reader>,
    next: Option<u64>,
    wrong: bool,
) -> JournalPage {
    let (w, config) = (visit.tongue(), visit.visitor.config());
    let mut people: Vec<_> = config
        .accounts()
        .map(|account| {
            let here = filters.account == account.id().to_string();
            (account.id(), account.display().to_owned(), here)
        })
        .collect();
    people.sort_by_key(|person| person.1.to_lowercase());
    let acts = Act::ALL.iter().map(|act| (act.code(), act_name(*act, w), filters.act == act.code()));
    let verdicts = Verdict::ALL
        .iter()
        .map(|verdict| (verdict.code(), verdict_name(*verdict, w), filters.verdict == verdict.code()));
    let published = visit.vault().monitor().journal().published();
    JournalPage {
        // Numbers and names of accounts, and words of searches that flow to the working label: nothing of any object.
        frame: Frame::over(
            &visit.visitor,
            Rail::empty(&visit.visitor),
            Room::Journal,
            Window::Journal,
            *visit.subject().working(),
        ),
        acts: acts.collect(),
        verdicts: verdicts.collect(),
        next: next.map(|number| older(&filters, number)),
        length: published.frontier.size(),
        root: published.note.lines().nth(2).unwrap_or_default().to_owned(),
        filters,
        people,
        rows,
        readers,
        wrong,
        verified: None,
    }
}

/// The query of the page before a number, with the same filters.
fn older(filters: &Filters, number: u64) -> String {
    let filters = Filters { before: number.to_string(), ..filters.clone() };
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in filters.pairs().into_iter().filter(|(_, value)| !value.is_empty()) {
        query.append_pair(name, value);
    }
    query.finish()
}

fn row(visit: &Visit, number: u64, entry: &Entry) -> EntryRow {
    const SHOWN: usize = 3;
    let (w, config) = (visit.tongue(), visit.visitor.config());
    let policy = config.policy();
    let working = entry.account.and(entry.labels.first()).and_then(|text| policy.parse_label(text).ok());
    let objects = entry.objects.iter().filter(|object| !object.id.is_none()).take(SHOWN).map(|object| {
        let id = object.id.to_string();
        (id.get(..8).unwrap_or_default().to_owned(), id)
    });
    EntryRow {
        number,
        chip: working.map(|label| Chip::under(policy, &label, w)),
        time: w.moment(entry.time),
        who: entry.account.map_or_else(|| w.say(k::WEB_JOURNAL_SYSTEM), |account| visit.visitor.name(account)),
        act: act_name(entry.act, w),
        words: words(visit.vault(), visit.subject(), entry).map(|(_, words)| words),
        objects: objects.collect(),
        more: entry.objects.len().saturating_sub(SHOWN),
        granted: entry.verdict == Verdict::Allow,
        verdict: verdict_name(entry.verdict, w),
        rule: rule_name(entry.rule, w),
    }
}

/// The words of acts and rules are made from their codes, so that a new one is missed by a test and not by an officer.
fn named(kind: &str, code: &str, w: Tongue) -> String {
    Key::named(&format!("web-{kind}-{code}")).map_or_else(|| code.to_owned(), |key| w.tell(&Sentence::new(key)))
}

fn act_name(act: Act, w: Tongue) -> String {
    named("act", act.code(), w)
}

fn verdict_name(verdict: Verdict, w: Tongue) -> String {
    named("verdict", verdict.code(), w)
}

fn rule_name(rule: Rule, w: Tongue) -> String {
    named("rule", rule.code(), w)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_journal_has_words_for_people() {
        let codes = Act::ALL.iter().map(|act| ("act", act.code()));
        let codes = codes.chain(Verdict::ALL.iter().map(|verdict| ("verdict", verdict.code())));
        for (kind, code) in codes.chain(Rule::ALL.iter().map(|rule| ("rule", rule.code()))) {
            assert!(Key::named(&format!("web-{kind}-{code}")).is_some(), "{kind} {code}");
        }
    }
}
