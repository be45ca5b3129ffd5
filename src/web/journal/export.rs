//! The entries that the filters of the page find, to be saved: one JSON object a line, as the JSON interface and the command line
//! show entries. Bounded; the last line says where a longer one goes on.

use std::sync::Arc;

use bytes::Bytes;

use super::{Filters, JournalPage, Wanted, failed};
use crate::{
    api::{
        ApiError,
        journal::{view, words},
    },
    audit::entry::Act,
    limits,
    web::{page::Shown, visit::Visit},
};

impl JournalPage {
    /// How many entries an export looks at.
    pub(super) fn exported(&self) -> u64 {
        let scans = u64::try_from(limits::JOURNAL_EXPORT_SCANS_MAX).unwrap_or(0);
        limits::JOURNAL_SCANNED_MAX.saturating_mul(scans)
    }
}

/// `POST /journal/export`
///
/// # Errors
/// [`ApiError`]; [`ApiError::BadQuery`] for a filter that is not understood: a file of other entries would be believed.
pub async fn export(visit: Visit) -> Result<Shown, ApiError> {
    // Decided before anything is read, and once for each scan: so much of the journal was read, and it says so.
    let mut permit = Some(visit.vault().monitor().inspect(visit.subject(), Act::JournalRead, None).await?);
    let wanted = Wanted::of(&Filters::sent(&visit.form), visit.tongue())?;
    let (config, mut before, mut lines) = (visit.visitor.config(), wanted.before, String::new());
    let newest = before.min(visit.vault().monitor().journal().length());
    for _scan in 0..limits::JOURNAL_EXPORT_SCANS_MAX {
        let permit = match permit.take() {
            Some(permit) => permit,
            None => visit.vault().monitor().inspect(visit.subject(), Act::JournalRead, None).await?,
        };
        let vault = Arc::clone(&visit.call.vault);
        let reading =
            tokio::task::spawn_blocking(move || vault.monitor().entries(permit, before, limits::JOURNAL_SCANNED_MAX));
        let reading = reading.await.map_err(|_panicked| ApiError::Internal)?.map_err(failed)?;
        for (number, entry) in reading.entries.iter().filter(|(_, entry)| wanted.takes(entry)) {
            let sought = words(visit.vault(), visit.subject(), entry).map(|(_, words)| words);
            let line = view(&config, *number, entry, sought);
            let line = serde_json::to_string(&line).map_err(|_never| ApiError::Internal)?;
            lines.push_str(&line);
            lines.push('\n');
        }
        before = reading.oldest;
        if before == 0 {
            break;
        }
    }
    if before > 0 {
        lines.push_str(&format!("{{\"next\":{before}}}\n"));
    }
    Ok(Shown::Download {
        name: format!("journal-{before}-{newest}.ndjson"),
        kind: "application/x-ndjson",
        bytes: Bytes::from(lines),
        label: *visit.subject().working(),
    })
}
