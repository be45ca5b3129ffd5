//! `vigie journal show|who-read`: what an officer may read of the journal, page by page from the server.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use clap::Args;
use serde::Deserialize;
use serde_json::Value;

use super::{
    failure::{Exit, Failure, Outcome},
    files,
    label::date,
    session::{Server, Session, in_query},
    terminal::{Form, Terminal, harmless, table},
};
use crate::{
    config::shape::ConfigFile,
    ids::AccountId,
    limits::{CLI_OBJECTS_SHOWN_MAX, JOURNAL_PAGE_ASKED},
    words::{Sentence, key},
};

#[derive(Args)]
pub(super) struct Show {
    #[arg(long, value_name = "ID")]
    account: Option<String>,
    #[arg(long, value_name = "ID")]
    object: Option<String>,
    #[arg(long, value_name = "ACT")]
    act: Option<String>,
    #[arg(long, value_name = "VERDICT", value_parser = ["allow", "deny", "conflict"])]
    verdict: Option<String>,
    #[arg(long, value_name = "LABEL")]
    label: Option<String>,
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: u64,
    #[arg(long, value_name = "TOML")]
    names: Option<PathBuf>,
    #[command(flatten)]
    server: Server,
}

#[derive(Args)]
pub(super) struct WhoRead {
    #[arg(value_name = "ID")]
    object: String,
    #[arg(long, value_name = "TOML")]
    names: Option<PathBuf>,
    #[command(flatten)]
    server: Server,
}

impl Show {
    pub(super) async fn run(self, terminal: &Terminal) -> Outcome {
        let time = |text: Option<String>| text.map(|text| date(&text).map(|time| time.to_string())).transpose();
        let filters = [
            ("account", self.account),
            ("object", self.object),
            ("act", self.act),
            ("verdict", self.verdict),
            ("label", self.label),
            ("since", time(self.since)?),
            ("until", time(self.until)?),
        ];
        let filters = filters.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        let names = names(self.names.as_deref())?;
        Reader::open(&self.server, terminal, filters, names).await?.print(self.limit).await
    }
}

impl WhoRead {
    pub(super) async fn run(self, terminal: &Terminal) -> Outcome {
        let names = names(self.names.as_deref())?;
        let filters = vec![("object", self.object)];
        Reader::open(&self.server, terminal, filters, names).await?.print(u64::MAX).await
    }
}

#[derive(Deserialize)]
struct Page {
    items: Vec<Value>,
    next: Option<u64>,
}

#[derive(Deserialize)]
struct Entry {
    number: u64,
    time: String,
    account: Option<AccountId>,
    act: String,
    #[serde(default)]
    objects: Vec<Object>,
    verdict: String,
    rule: String,
    words: Option<String>,
}

#[derive(Deserialize)]
struct Object {
    id: String,
    version: u64,
}

struct Reader<'a> {
    session: Session,
    terminal: &'a Terminal,
    filters: Vec<(&'static str, String)>,
    names: BTreeMap<AccountId, String>,
}

impl<'a> Reader<'a> {
    async fn open(
        server: &Server,
        terminal: &'a Terminal,
        filters: Vec<(&'static str, String)>,
        names: BTreeMap<AccountId, String>,
    ) -> Result<Self, Failure> {
        Ok(Self { session: Session::open(server, terminal).await?, terminal, filters, names })
    }

    /// Prints the newest entries first, a page at a time: the journal may be longer than the memory.
    async fn print(mut self, limit: u64) -> Outcome {
        let (mut left, mut before, mut first) = (limit, None, true);
        while left > 0 {
            let page = self.page(left.min(JOURNAL_PAGE_ASKED), before).await?;
            left = left.saturating_sub(u64::try_from(page.items.len()).unwrap_or(u64::MAX));
            match self.terminal.form {
                Form::Json => {
                    for item in &page.items {
                        self.terminal.document(item)?;
                    }
                }
                Form::Text => self.rows(page.items, first)?,
            }
            first = false;
            before = page.next;
            if before.is_none() {
                break;
            }
        }
        Ok(Exit::Done)
    }

    async fn page(&mut self, count: u64, before: Option<u64>) -> Result<Page, Failure> {
        let mut query = format!("/api/v1/journal?limit={count}");
        if let Some(before) = before {
            query.push_str(&format!("&before={before}"));
        }
        for (name, value) in &self.filters {
            query.push_str(&format!("&{name}={}", in_query(value)));
        }
        Ok(self.session.json(&query).await?)
    }

    fn rows(&self, items: Vec<Value>, first: bool) -> Result<(), Failure> {
        let mut rows = Vec::with_capacity(items.len());
        for item in items {
            let entry: Entry =
                serde_json::from_value(item).map_err(|_other_shape| crate::ops::client::ClientError::NotJson)?;
            let account = match entry.account {
                Some(id) => self.names.get(&id).cloned().unwrap_or_else(|| id.to_string()),
                None => "-".to_owned(),
            };
            let objects = entry.objects.iter().take(CLI_OBJECTS_SHOWN_MAX);
            let mut objects: Vec<String> = objects.map(|object| format!("{}@{}", object.id, object.version)).collect();
            let more = entry.objects.len().saturating_sub(CLI_OBJECTS_SHOWN_MAX);
            if more > 0 {
                let sentence = Sentence::new(key::CLI_SAY_MORE_OBJECTS).with("count", more);
                objects.push(sentence.render(self.terminal.language));
            }
            objects.extend(entry.words.map(|words| format!("\"{words}\"")));
            let number = entry.number.to_string();
            let cells = [number, entry.time, account, entry.act, entry.verdict, entry.rule, objects.join(" ")];
            rows.push(cells.iter().map(|cell| harmless(cell)).collect());
        }
        if rows.is_empty() && first {
            self.terminal.say(&Sentence::new(key::CLI_SAY_NO_ENTRIES));
            return Ok(());
        }
        let mut lines = table(self.heading(), &rows).into_iter();
        if let Some(heading) = lines.next().filter(|_| first) {
            self.terminal.text(&self.terminal.bold(&heading))?;
        }
        for line in lines {
            self.terminal.text(&line)?;
        }
        Ok(())
    }

    fn heading(&self) -> Vec<String> {
        let keys = [
            key::CLI_COLUMN_NUMBER,
            key::CLI_COLUMN_TIME,
            key::CLI_COLUMN_ACCOUNT,
            key::CLI_COLUMN_ACT,
            key::CLI_COLUMN_VERDICT,
            key::CLI_COLUMN_RULE,
            key::CLI_COLUMN_OBJECTS,
        ];
        keys.map(|key| Sentence::new(key).render(self.terminal.language)).to_vec()
    }
}

/// Account names, out of a copy of the signed configuration: the server names nobody to an officer, and asking it would
/// itself stand in the journal.
fn names(config: Option<&Path>) -> Result<BTreeMap<AccountId, String>, Failure> {
    let Some(path) = config else { return Ok(BTreeMap::new()) };
    let malformed = |_malformed| Failure::reading(path, &std::io::ErrorKind::InvalidData.into());
    let file: ConfigFile = toml::from_str(&files::read_text(path)?).map_err(malformed)?;
    Ok(file.accounts.into_iter().map(|account| (account.id, account.name)).collect())
}
