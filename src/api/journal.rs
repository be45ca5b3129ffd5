//! The journal, for officers. Nobody else finds these routes.

use serde::Deserialize;

use super::{Answer, ApiError, Call, Content, shapes, spaces::joined};
use crate::{
    audit::{
        Resource,
        entry::{Act, Detail, Entry, Rule, Verdict},
    },
    clock::Time,
    config::Config,
    identity::Subject,
    ids::{AccountId, Id},
    label::Label,
    limits,
    monitor::InspectError,
    vault::Vault,
};

/// Query of `GET /journal`.
#[derive(Deserialize, Debug, Default)]
#[serde(deny_unknown_fields)]
struct Filters {
    account: Option<AccountId>,
    object: Option<Id>,
    act: Option<String>,
    verdict: Option<String>,
    rule: Option<String>,
    label: Option<String>,
    since: Option<Time>,
    until: Option<Time>,
    before: Option<u64>,
    limit: Option<usize>,
}

/// Filters whose words were understood.
struct Wanted {
    filters: Filters,
    act: Option<Act>,
    verdict: Option<Verdict>,
    rule: Option<Rule>,
    label: Option<String>,
}

impl Wanted {
    fn read(filters: Filters, config: &Config) -> Result<Self, ApiError> {
        let policy = config.policy();
        let label = match &filters.label {
            Some(text) => Some(policy.stored(&policy.parse_label(text).map_err(|_unknown| ApiError::BadQuery)?)),
            None => None,
        };
        Ok(Self {
            act: known(filters.act.as_deref(), Act::from_code)?,
            verdict: known(filters.verdict.as_deref(), Verdict::from_code)?,
            rule: known(filters.rule.as_deref(), Rule::from_code)?,
            label,
            filters,
        })
    }

    fn takes(&self, entry: &Entry) -> bool {
        let filters = &self.filters;
        filters.account.is_none_or(|account| entry.account == Some(account) || names(entry, account.id()))
            && filters.object.is_none_or(|object| names(entry, object))
            && self.act.is_none_or(|act| entry.act == act)
            && self.verdict.is_none_or(|verdict| entry.verdict == verdict)
            && self.rule.is_none_or(|rule| entry.rule == rule)
            && self.label.as_ref().is_none_or(|label| entry.labels.contains(label))
            && filters.since.is_none_or(|since| entry.time >= since)
            && filters.until.is_none_or(|until| entry.time <= until)
    }
}

fn names(entry: &Entry, object: Id) -> bool {
    entry.objects.iter().any(|named| named.id == object)
}

/// An unknown filter word is an error: an empty page would say "never happened".
fn known<T>(word: Option<&str>, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, ApiError> {
    match word {
        Some(word) => read(word).map(Some).ok_or(ApiError::BadQuery),
        None => Ok(None),
    }
}

/// What is told of a reading of the journal that failed; the cause goes to the log.
pub fn failed(error: InspectError) -> ApiError {
    match error {
        InspectError::Absent => ApiError::NotFound,
        InspectError::Journal(error) => {
            tracing::error!(%error, "the journal could not be read");
            ApiError::Unavailable
        }
        InspectError::Unsealable(number) => {
            tracing::error!(number, "a journal entry does not open: run `vigie journal verify`");
            ApiError::Internal
        }
    }
}

/// `GET /journal`
///
/// # Errors
/// [`ApiError`].
pub async fn list(call: Call) -> Result<Answer, ApiError> {
    // Decided before the query is read: for others the route does not exist, whatever they ask.
    let permit = call.vault.monitor().inspect(&call.subject, Act::JournalRead, None).await?;
    let config = call.config();
    let wanted = Wanted::read(call.query()?, &config)?;
    let limit = super::notes::page_limit(wanted.filters.limit);
    let before = wanted.filters.before.unwrap_or(u64::MAX);
    let vault = std::sync::Arc::clone(&call.vault);
    let reading =
        tokio::task::spawn_blocking(move || vault.monitor().entries(permit, before, limits::JOURNAL_SCANNED_MAX));
    let reading = reading.await.map_err(|_panicked| ApiError::Internal)?.map_err(failed)?;
    let (mut items, mut labels) = (Vec::new(), Vec::new());
    let mut next = Some(reading.oldest).filter(|oldest| *oldest > 0);
    for (number, entry) in reading.entries {
        if wanted.takes(&entry) {
            let sought = words(&call.vault, &call.subject, &entry);
            labels.extend(sought.as_ref().map(|(label, _)| *label));
            items.push(view(&config, number, &entry, sought.map(|(_, words)| words)));
            if items.len() == limit {
                next = Some(number).filter(|number| *number > 0);
                break;
            }
        }
    }
    let page = shapes::JournalPage { items, next };
    if labels.is_empty() { Answer::plain(&page) } else { Answer::labelled(&page, joined(&call, labels.into_iter())) }
}

/// What was sought, and the label that it was sealed under: for an officer whose working label reaches it. Others read that
/// something was sought. The entry of the reading itself says at which working label it was done.
pub fn words(vault: &Vault, subject: &Subject, entry: &Entry) -> Option<(Label, String)> {
    let Detail::Sought(sealed) = &entry.detail else { return None };
    let config = vault.monitor().config();
    let label = config.policy().parse_label(entry.labels.first()?).ok()?;
    Some((label, vault.open_words(subject, &label, sealed)?))
}

/// An entry as JSON shows it to an officer.
pub fn view(config: &Config, number: u64, entry: &Entry, words: Option<String>) -> shapes::EntryView {
    let object = |object: &crate::audit::entry::ObjectRef| shapes::ObjectView {
        id: object.id.to_string(),
        version: object.version,
        digest: object.digest.map(|digest| digest.to_string()),
        label: object.label.and_then(|index| entry.labels.get(usize::from(index)).cloned()),
    };
    shapes::EntryView {
        number,
        time: entry.time,
        basis: entry.basis,
        account: entry.account,
        name: entry.account.and_then(|id| Some(config.account(id)?.name().to_owned())),
        fingerprint: entry.fingerprint.map(|fingerprint| fingerprint.to_string()),
        working: entry.account.and_then(|_| entry.labels.first().cloned()),
        act: entry.act.code().to_owned(),
        objects: entry.objects.iter().map(object).collect(),
        verdict: entry.verdict.code().to_owned(),
        rule: entry.rule.code().to_owned(),
        request: entry.request.map(|request| request.to_string()),
        detail: detail(&entry.detail),
        words,
    }
}

fn detail(detail: &Detail) -> Option<String> {
    match detail {
        Detail::None => None,
        Detail::Config { kind, epoch, digest, code, signers } => {
            let code = code.as_deref().unwrap_or("accepted");
            Some(format!("{kind} epoch={epoch} sha256={digest} {code} signers={}", signers.join(",")))
        }
        Detail::Handshake { reason, address } => Some(format!("{reason} from={address}")),
        Detail::Sought(_) => None,
        Detail::Exported { ceiling, joined } => Some(format!("ceiling={ceiling} joined={joined}")),
        Detail::Start { version, length } => Some(format!("version={version} length={length}")),
    }
}

/// `GET /journal/checkpoint`
///
/// # Errors
/// [`ApiError`].
pub async fn checkpoint(call: Call) -> Result<Answer, ApiError> {
    let permit = call.vault.monitor().inspect(&call.subject, Act::JournalTile, None).await?;
    let text = call.vault.monitor().checkpoint(permit);
    Ok(Answer { content: Content::Text(text), ..Answer::done() })
}

/// `GET /journal/key`: the C2SP vkey that checkpoints are verified with.
///
/// # Errors
/// [`ApiError`].
pub async fn key(call: Call) -> Result<Answer, ApiError> {
    let permit = call.vault.monitor().inspect(&call.subject, Act::JournalTile, None).await?;
    permit.spend();
    let text = format!("{}\n", call.vault.monitor().journal().verifier());
    Ok(Answer { content: Content::Text(text), ..Answer::done() })
}

/// `GET /journal/tile/{…}`
///
/// # Errors
/// [`ApiError`].
pub async fn tile(call: Call) -> Result<Answer, ApiError> {
    let permit = call.vault.monitor().inspect(&call.subject, Act::JournalTile, None).await?;
    let resource = Resource::parse(&format!("tile/{}", call.part("path"))).ok_or(ApiError::NotFound)?;
    let bytes = call.vault.monitor().resource(permit, resource).map_err(failed)?;
    Ok(Answer { content: Content::Bytes(bytes), ..Answer::done() })
}

/// `GET /journal/proof/{number}`
///
/// # Errors
/// [`ApiError`].
pub async fn proof(call: Call) -> Result<Answer, ApiError> {
    let number = call.part("number").parse().ok();
    let permit = call.vault.monitor().inspect(&call.subject, Act::JournalProve, number).await?;
    let text = call.vault.monitor().proof(permit, number.ok_or(ApiError::NotFound)?).map_err(failed)?;
    Ok(Answer { content: Content::Text(text), ..Answer::done() })
}

/// `GET /journal/leaf/{number}`: the sealed leaf that a proof is about.
///
/// # Errors
/// [`ApiError`].
pub async fn leaf(call: Call) -> Result<Answer, ApiError> {
    let number = call.part("number").parse().ok();
    let permit = call.vault.monitor().inspect(&call.subject, Act::JournalProve, number).await?;
    let bytes = call.vault.monitor().leaf(permit, number.ok_or(ApiError::NotFound)?).map_err(failed)?;
    Ok(Answer { content: Content::Bytes(bytes), ..Answer::done() })
}
