//! The files that notes carry: sent one by one when the notes are there, each once. To import again sends only what is
//! new: a file of that name and digest stays as it is.

use std::{
    collections::BTreeSet,
    io::{self, Read},
};

use http::{HeaderValue, Method, header::CONTENT_TYPE};
use serde::{Deserialize, Serialize};

use super::{FileRefused, ImportError, Ledger, NotTaken, Step, caller::Caller, name};
use crate::{
    crypto::{Digest, Sha256},
    limits::IMPORT_UPLOAD_PART_BYTES,
    ops::{
        client::{ClientError, empty, json, upload},
        import::{Attachment, Place, Reason, Refused, item::Content},
    },
};

/// Sends files one by one.
#[derive(Default)]
pub(super) struct Carrier {
    /// The note that the last file was for, and what it carries already.
    note: Option<(String, BTreeSet<(String, String)>)>,
}

/// What is asked of an attachment in answers; it says more.
#[derive(Deserialize)]
struct View {
    id: String,
    name: String,
    #[serde(default)]
    digest: Option<String>,
    complete: bool,
}

#[derive(Deserialize)]
struct Page {
    items: Vec<View>,
}

#[derive(Serialize)]
struct New<'a> {
    name: &'a str,
    size: u64,
    digest: &'a str,
}

impl Carrier {
    /// Sends one file, unless its note has it. What the server says against this file is told, and the next has its turn.
    pub(super) async fn carry(
        &mut self,
        caller: &mut Caller<'_>,
        attachment: Attachment,
        ledger: &mut Ledger<'_>,
    ) -> Result<(), ImportError> {
        let place = || Place { file: attachment.name.clone(), byte: None, id: Some(attachment.note.clone()) };
        let Some(id) = ledger.ids.get(&name(&attachment.note)).cloned() else {
            ledger.unsent(Refused { place: place(), reason: Reason::NoNote });
            return Ok(());
        };
        let (size, digest) = match measured(attachment.content.clone()).await? {
            Ok(measured) => measured,
            Err(error) => {
                ledger.unsent(Refused { place: place(), reason: Reason::Unreadable(error) });
                return Ok(());
            }
        };
        match self.sent(caller, &id, &attachment, (size, &digest.to_string())).await {
            Ok(Sent::Now) => ledger.counts.attached = ledger.counts.attached.saturating_add(1),
            Ok(Sent::Before) => ledger.counts.attached_before = ledger.counts.attached_before.saturating_add(1),
            Err(ClientError::Problem { status, code, detail }) if status < 500 && status != 401 => {
                ledger.counts.refused_files = ledger.counts.refused_files.saturating_add(1);
                let refused = FileRefused { note: attachment.note, name: attachment.name, code, detail };
                (ledger.tell)(Step::NotTaken(NotTaken::File(refused)));
            }
            Err(error) => return Err(error.into()),
        }
        ledger.progress();
        Ok(())
    }

    async fn sent(
        &mut self,
        caller: &mut Caller<'_>,
        note: &str,
        file: &Attachment,
        (size, digest): (u64, &str),
    ) -> Result<Sent, ClientError> {
        let known = match &self.note {
            Some((known, there)) if known == note => there.clone(),
            _ => {
                let page: Page =
                    caller.json(Method::GET, &format!("/api/v1/notes/{note}/attachments"), empty()).await?;
                let whole = page.items.into_iter().filter(|view| view.complete);
                whole.filter_map(|view| Some((view.name, view.digest?))).collect()
            }
        };
        let this = (file.name.clone(), digest.to_owned());
        let there = known.contains(&this);
        let mut known = known;
        if !there {
            let new = json(&New { name: &file.name, size, digest })?;
            let begun: View = caller.json(Method::POST, &format!("/api/v1/notes/{note}/attachments"), new).await?;
            if !begun.complete {
                content(caller, &begun.id, &file.content).await?;
            }
            known.insert(this);
        }
        self.note = Some((note.to_owned(), known));
        Ok(if there { Sent::Before } else { Sent::Now })
    }
}

async fn content(caller: &mut Caller<'_>, id: &str, content: &Content) -> Result<(), ClientError> {
    let path = format!("/api/v1/attachments/{id}/content?offset=0");
    let (feed, body) = upload();
    let request = (caller.ask)(Method::PUT, &path)
        .header(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"))
        .body(body)
        .map_err(|_bad_path| ClientError::BadAddress { address: path })?;
    let answer = caller.client.begin(request).await?;
    let mut reader = content.open().map_err(|_gone_meanwhile| ClientError::Closed)?;
    let feeding = async {
        loop {
            let (part, rest) = tokio::task::spawn_blocking(move || (part(&mut reader), reader))
                .await
                .map_err(|_panicked| ClientError::Closed)?;
            reader = rest;
            match part.map_err(|_unreadable| ClientError::Closed)? {
                part if part.is_empty() => return feed.finish().await,
                part => feed.push(part).await?,
            }
        }
    };
    let (fed, answered) = tokio::join!(feeding, answer);
    answered?.accepted().await?;
    fed
}

enum Sent {
    Now,
    Before,
}

fn part(reader: &mut (dyn Read + Send)) -> io::Result<Vec<u8>> {
    let mut part = Vec::with_capacity(IMPORT_UPLOAD_PART_BYTES);
    reader.take(u64::try_from(IMPORT_UPLOAD_PART_BYTES).unwrap_or(u64::MAX)).read_to_end(&mut part)?;
    Ok(part)
}

/// Length and digest of a content; read on a thread of its own.
async fn measured(content: Content) -> Result<Result<(u64, Digest), io::ErrorKind>, ImportError> {
    let measure = move || -> io::Result<(u64, Digest)> {
        let (mut reader, mut size, mut digest) = (content.open()?, 0_u64, Sha256::default());
        loop {
            let part = part(&mut *reader)?;
            if part.is_empty() {
                return Ok((size, digest.finish()));
            }
            size = size.saturating_add(u64::try_from(part.len()).unwrap_or(u64::MAX));
            digest.update(&part);
        }
    };
    let measured = tokio::task::spawn_blocking(measure).await.map_err(|_panicked| ImportError::Reading)?;
    Ok(measured.map_err(|error| error.kind()))
}
