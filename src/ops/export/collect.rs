//! Fetches all of an export: page after page into the spool, then what came in between.

use std::{collections::BTreeSet, fs::File, io::Write as _, time::Duration};

use http::{HeaderValue, Method, header::ACCEPT_LANGUAGE};
use serde::{Deserialize, de::DeserializeOwned};

use super::{
    ExportError,
    names::Names,
    packet::{Attachment, Packet, Page, Space, label_text},
    spool::Spool,
};
use crate::{
    crypto::Sha256,
    label::LabelView,
    limits::{EXPORT_ROUNDS_MAX, EXPORT_WAIT_MS, EXPORT_WAITS_MAX},
    ops::client::{self, Client, ClientError},
};

const WORKING: &str = "vigie-working";

/// A connection, the working label of its requests, and the language of their answers.
pub struct Server<'a> {
    /// The connection.
    pub client: &'a mut Client,
    /// `Vigie-Working`; none for the lowest label.
    pub working: Option<HeaderValue>,
    /// `Accept-Language`.
    pub language: HeaderValue,
}

/// What is exported. Identifiers as they may stand in a path.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Wanted {
    /// All notes of a space.
    Space(String),
    /// One note.
    Note(String),
}

impl Wanted {
    fn path(&self) -> String {
        match self {
            Self::Space(id) => format!("/api/v1/exports/spaces/{id}"),
            Self::Note(id) => format!("/api/v1/exports/notes/{id}"),
        }
    }
}

/// All that leaves.
pub struct Collected {
    /// The notes.
    pub spool: Spool,
    /// Their names.
    pub names: Names,
    /// The space, when the ceiling lets one know it.
    pub space: Option<Space>,
    /// The policy that the labels are of.
    pub policy: String,
    /// Nothing above it is here.
    pub ceiling: LabelView,
    /// The join of the labels of all that is here.
    pub label: LabelView,
}

/// The words of the policy that a join needs.
#[derive(Deserialize)]
struct Words {
    id: String,
    levels: Vec<Word>,
}

#[derive(Deserialize)]
struct Word {
    code: String,
}

#[derive(Deserialize)]
struct Me {
    working: LabelView,
}

impl Server<'_> {
    async fn answer(&mut self, path: &str, working: Option<&HeaderValue>) -> Result<client::Answer, ClientError> {
        let mut waits = 0_u32;
        loop {
            let mut request = Client::request(Method::GET, path).header(ACCEPT_LANGUAGE, self.language.clone());
            if let Some(working) = working.or(self.working.as_ref()) {
                request = request.header(WORKING, working.clone());
            }
            let bad = |_bad_path| ClientError::BadAddress { address: path.to_owned() };
            let request = request.body(client::empty()).map_err(bad)?;
            match self.client.send(request).await?.accepted().await {
                // Many attachments are many requests: we are asked to be slower.
                Err(ClientError::Problem { status: 429, .. }) if waits < EXPORT_WAITS_MAX => {
                    waits = waits.saturating_add(1);
                    tokio::time::sleep(Duration::from_millis(EXPORT_WAIT_MS)).await;
                }
                answer => return answer,
            }
        }
    }

    async fn json<T: DeserializeOwned>(&mut self, path: &str) -> Result<T, ClientError> {
        self.answer(path, None).await?.json().await
    }

    /// The content of an attachment into a file. It is read at the ceiling: the server decides on it there too.
    ///
    /// # Errors
    /// [`ExportError`]; [`ExportError::Differs`] when it is not what was announced.
    pub async fn content(&mut self, of: &Attachment, ceiling: &LabelView, file: &mut File) -> Result<(), ExportError> {
        let path = format!("/api/v1/attachments/{}/content", of.id);
        let ceiling = HeaderValue::from_str(&label_text(ceiling)).map_err(|_not_a_header| ClientError::Protocol)?;
        let mut answer = self.answer(&path, Some(&ceiling)).await?;
        let (mut digest, mut size) = (Sha256::default(), 0_u64);
        while let Some(bytes) = answer.chunk().await? {
            digest.update(&bytes);
            size = size.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
            file.write_all(&bytes)?;
        }
        file.sync_all()?;
        let same = of.digest.as_ref().is_none_or(|announced| *announced == digest.finish().to_string());
        if size == of.size && same { Ok(()) } else { Err(ExportError::Differs(of.id.clone())) }
    }
}

/// Fetches everything. `ceiling` is as it may stand in a query; `tell` hears how many notes have come.
///
/// # Errors
/// [`ExportError`].
pub async fn collect(
    server: &mut Server<'_>,
    wanted: &Wanted,
    ceiling: Option<&str>,
    mut spool: Spool,
    tell: &mut (dyn FnMut(usize) + Send),
) -> Result<Collected, ExportError> {
    let words: Words = server.json("/api/v1/policy").await?;
    let under = ceiling.map(|ceiling| format!("ceiling={ceiling}")).unwrap_or_default();
    let mut joined = Joined { levels: words.levels.iter().map(|word| word.code.clone()).collect(), label: None };
    let first = page(server, &wanted.path(), &under, None).await?;
    let (space, top) = (first.space.clone(), first.ceiling.clone());
    take(server, &under, first, &mut spool, &mut joined, wanted, Round::Whole, tell).await?;
    // The list is by last change: what was changed while we read stands at its head now, and may have passed us by.
    for _ in 0..EXPORT_ROUNDS_MAX {
        if matches!(wanted, Wanted::Note(_)) {
            break;
        }
        let before = spool.writes();
        let head = page(server, &wanted.path(), &under, None).await?;
        take(server, &under, head, &mut spool, &mut joined, wanted, Round::News, tell).await?;
        if spool.writes() == before {
            break;
        }
    }
    let mut names = Names::default();
    for packet in spool.packets()? {
        names.give(&packet?.note);
    }
    let label = joined.label.unwrap_or_else(|| top.clone());
    // The marking of a join is the server's to write.
    let header = HeaderValue::from_str(&label_text(&label)).map_err(|_not_a_header| ClientError::Protocol)?;
    let me: Me = server.answer("/api/v1/me", Some(&header)).await?.json().await?;
    Ok(Collected { spool, names, space, policy: words.id, ceiling: top, label: me.working })
}

/// Whether all pages are read, or those with something new.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Round {
    Whole,
    News,
}

async fn page(server: &mut Server<'_>, path: &str, under: &str, after: Option<&str>) -> Result<Page, ClientError> {
    let after = after.map(|after| format!("after={after}"));
    let query: Vec<&str> = [under].into_iter().chain(after.as_deref()).filter(|part| !part.is_empty()).collect();
    let path = if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) };
    server.json(&path).await
}

#[expect(clippy::too_many_arguments, reason = "one walk, told in full; a struct would only rename them")]
async fn take(
    server: &mut Server<'_>,
    under: &str,
    mut page_at: Page,
    spool: &mut Spool,
    joined: &mut Joined,
    wanted: &Wanted,
    round: Round,
    tell: &mut (dyn FnMut(usize) + Send),
) -> Result<(), ExportError> {
    loop {
        joined.add(&page_at.label);
        let mut known = false;
        for packet in page_at.items {
            if spool.has(&packet) {
                known = true;
                continue;
            }
            let further = packet.further || matches!(wanted, Wanted::Note(_)) && page_at.next.is_some();
            let whole = if further { complete(server, under, packet, joined).await? } else { Some(packet) };
            if let Some(packet) = whole {
                spool.keep(&packet)?;
            }
            tell(spool.length());
        }
        let more = page_at.next.filter(|_| matches!(wanted, Wanted::Space(_)));
        let Some(next) = more.filter(|_| round == Round::Whole || !known) else { return Ok(()) };
        page_at = page(server, &wanted.path(), under, Some(&next)).await?;
    }
}

/// The note with all its links; none when it has gone meanwhile.
async fn complete(
    server: &mut Server<'_>,
    under: &str,
    packet: Packet,
    joined: &mut Joined,
) -> Result<Option<Packet>, ExportError> {
    let path = Wanted::Note(packet.note.id.clone()).path();
    let (mut whole, mut after): (Option<Packet>, Option<String>) = (None, None);
    loop {
        let found = match page(server, &path, under, after.as_deref()).await {
            Err(ClientError::Problem { status: 404, .. }) => return Ok(None),
            found => found?,
        };
        joined.add(&found.label);
        let Some(part) = found.items.into_iter().next() else { return Ok(None) };
        whole = Some(match whole {
            None => part,
            Some(mut whole) => {
                whole.links.extend(part.links);
                whole
            }
        });
        after = found.next;
        if after.is_none() {
            return Ok(whole);
        }
    }
}

/// The join of labels, by the words of the policy: the highest level, all categories, those who may hold all of it.
struct Joined {
    levels: Vec<String>,
    label: Option<LabelView>,
}

impl Joined {
    fn add(&mut self, other: &LabelView) {
        let Some(label) = &mut self.label else {
            self.label = Some(other.clone());
            return;
        };
        let rank = |level: &str| self.levels.iter().position(|known| known == level);
        if rank(&other.level) > rank(&label.level) {
            label.level.clone_from(&other.level);
        }
        let known: BTreeSet<String> = label.categories.iter().cloned().collect();
        label.categories.extend(other.categories.iter().filter(|category| !known.contains(*category)).cloned());
        label.releasable.retain(|code| other.releasable.contains(code));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::{Policy, builtin};

    #[test]
    fn our_join_is_that_of_the_lattice() {
        for (_, text) in builtin() {
            let policy = Policy::parse(text).expect("a policy");
            let words: Vec<String> = policy.levels().iter().map(|level| level.code().to_owned()).collect();
            let mut labels = vec![policy.lowest()];
            for level in &words {
                labels.extend(policy.parse_label(level).ok());
                for category in policy.categories() {
                    labels.extend(policy.parse_label(&format!("{level}/{}", category.code())).ok());
                }
                for code in policy.releasability() {
                    labels.extend(policy.parse_label(&format!("{level}/{},{}", policy.owner(), code.code())).ok());
                }
            }
            let view = |label| policy.view(label, crate::words::Language::English);
            for one in &labels {
                for other in labels.iter().step_by(3) {
                    let mut joined = Joined { levels: words.clone(), label: None };
                    joined.add(&view(one));
                    joined.add(&view(other));
                    let text = label_text(&joined.label.expect("a label"));
                    assert_eq!(policy.parse_label(&text), Ok(one.join(other)), "{text}");
                }
            }
        }
    }
}
