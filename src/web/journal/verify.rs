//! The chain verified when asked: the tree computed anew from the entries, against the newest signed checkpoint.

use std::sync::Arc;

use super::{Filters, JournalPage, failed, looked, page};
use crate::{
    api::ApiError,
    audit::entry::Act,
    monitor::InspectError,
    web::{page::Shown, visit::Visit},
    words::{Sentence, key as k},
};

/// `POST /journal/verify`
///
/// # Errors
/// [`ApiError`].
pub async fn verify(visit: Visit) -> Result<Shown, ApiError> {
    let permit = visit.vault().monitor().inspect(visit.subject(), Act::JournalProve, None).await?;
    let vault = Arc::clone(&visit.call.vault);
    let verified = tokio::task::spawn_blocking(move || vault.monitor().verify(permit));
    let verified = match verified.await.map_err(|_panicked| ApiError::Internal)? {
        Ok(found) => {
            let sentence = Sentence::new(k::WEB_JOURNAL_VERIFIED)
                .with("size", found.size)
                // As the checkpoint writes it, so that the two can be compared by eye.
                .with("root", data_encoding::BASE64.encode(&found.root.0))
                .with("first", found.first);
            (true, visit.tongue().tell(&sentence))
        }
        Err(InspectError::Journal(error)) if error.is_another_tree() => {
            tracing::error!(%error, "the journal is not the tree that was signed: run `vigie store verify`");
            (false, visit.tongue().say(k::WEB_JOURNAL_BROKEN))
        }
        Err(other) => return Err(failed(other)),
    };
    let permit = visit.vault().monitor().inspect(visit.subject(), Act::JournalRead, None).await?;
    let filters = Filters::sent(&visit.form);
    match looked(&visit, permit, filters.clone(), Some(verified.clone())).await {
        // Entries that do not open cannot be listed; that the chain is broken is told all the same.
        Err(ApiError::Internal) if !verified.0 => {
            let page = page(&visit, filters, Vec::new(), Vec::new(), None, false);
            Shown::page(&JournalPage { verified: Some(verified), ..page })
        }
        other => Shown::page(&other?),
    }
}
