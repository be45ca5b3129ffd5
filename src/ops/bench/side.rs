//! One deployment, served in this process, and what can be asked of it.

use std::{
    net::Ipv4Addr,
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use http::{HeaderValue, Method, header};
use serde_json::json;
use tokio::{sync::oneshot, task::JoinSet};

use super::{
    BenchError, fill,
    load::{self, Clients, Line, Requests},
    reference::Shape,
    site::{self, CLEARANCE, SERVER_NAME, Site},
    text::{self, Numbers},
};
use crate::{
    api::ApiError,
    edge::Gate,
    identity::Subject,
    ids::{LinkId, NoteId},
    linking::{
        link::LinkContent,
        links::{self, Way},
    },
    ops::{
        client::{Client, ClientError, Credentials, Patience, Target, Version, upload},
        deployment::{Ground, gate},
        report::Silent,
        serve::Server,
    },
    sharing::{
        SharingError,
        notes::{self, Origin},
    },
    store::{Direction, Family, Key, KeyRange},
    vault::Vault,
    web::Preferences,
};

/// Bytes of NDJSON pushed at once.
const PART_BYTES: usize = 32 * 1024;

/// Different notes that the writing clients create, over and over.
const CREATIONS: u64 = 1024;

/// A deployment that is being served.
pub(super) struct Side {
    address: std::net::SocketAddr,
    notes: u64,
    credentials: Credentials,
    ground: Ground,
    vault: Arc<Vault>,
    writer: Subject,
    stop: oneshot::Sender<()>,
    serving: JoinSet<()>,
}

impl Side {
    pub(super) async fn serve(site: &Site) -> Result<Self, BenchError> {
        let running = site.open().await?;
        let (credentials, ground, vault) = (site.credentials()?, running.ground.clone(), Arc::clone(&running.vault));
        let writer = site.subject(&site::config(&running), fill::LABELS[0], ground.entropy())?;
        let server = Server::bind(running, (Ipv4Addr::LOCALHOST, 0).into(), Arc::new(Silent)).await?;
        let address = server.address();
        let (stop, stopped) = oneshot::channel();
        let mut serving = JoinSet::new();
        serving.spawn(server.run(async move {
            // Told to stop, or nobody is left to tell.
            drop(stopped.await);
        }));
        Ok(Self { address, notes: site.notes, credentials, ground, vault, writer, stop, serving })
    }

    pub(super) async fn stop(self) {
        let Self { stop, mut serving, ground, vault, .. } = self;
        drop((ground, vault));
        let _ended_already = stop.send(());
        while serving.join_next().await.is_some() {}
    }

    /// A gate like that of the deployment, for a reference.
    pub(super) fn gate(&self) -> Result<Gate, BenchError> {
        Ok(gate::gate(self.ground.places(), self.ground.config(), self.ground.clock())?)
    }

    pub(super) const fn notes(&self) -> u64 {
        self.notes
    }

    pub(super) const fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// The body of the answer to the reading of one note.
    pub(super) async fn sample(&self) -> Result<Vec<u8>, BenchError> {
        let mut line = self.line().await?;
        match line.ask(&read_of(0)).await? {
            (200, body) => Ok(body.to_vec()),
            (status, _) => Err(BenchError::Status { status, request: "sample" }),
        }
    }

    /// Clients that read notes at random.
    pub(super) async fn readers(&self, count: u64) -> Result<Clients, BenchError> {
        let notes = self.notes;
        let requests: Requests = Arc::new(move |numbers| read_of(numbers.below(notes)));
        self.clients(count, "read", 200, requests).await
    }

    /// Clients that read the first 50 cards of a space at random.
    pub(super) async fn listers(&self, count: u64) -> Result<Clients, BenchError> {
        let requests: Requests = Arc::new(|numbers| {
            let space = fill::space_of(numbers.below(fill::SPACES));
            load::get(&format!("/api/v1/notes?space={space}&limit=50"), CLEARANCE)
        });
        self.clients(count, "list", 200, requests).await
    }

    /// Clients that read the first page of the feed.
    pub(super) async fn feeders(&self, count: u64) -> Result<Clients, BenchError> {
        let requests: Requests = Arc::new(|_numbers| load::get("/api/v1/feed?limit=50", CLEARANCE));
        self.clients(count, "feed", 200, requests).await
    }

    /// Clients that create notes.
    pub(super) async fn writers(&self, count: u64) -> Result<Clients, BenchError> {
        self.clients(count, "create", 201, creations()).await
    }

    /// Creations a second by as many tasks that hold the vault itself, as R2's hold their store: no HTTP, no TLS.
    pub(super) async fn creating(&self, clients: usize, lasting: Duration) -> Result<f64, BenchError> {
        let begun = Instant::now();
        let mut tasks = JoinSet::new();
        for client in 0..clients {
            let (vault, writer) = (Arc::clone(&self.vault), self.writer.clone());
            tasks.spawn(async move {
                let (mut numbers, mut done) = (Numbers::from_seed(u64::try_from(client).unwrap_or(0)), 0_u32);
                while begun.elapsed() < lasting {
                    let number = numbers.below(CREATIONS);
                    let id = NoteId(vault.entropy().id()?);
                    let content = text::note(number).checked(vault.clock().now()).map_err(ApiError::from)?;
                    notes::create(&vault, &writer, id, fill::space_of(number), content, Origin::HERE, &[]).await?;
                    done = done.saturating_add(1);
                }
                Ok::<u32, BenchError>(done)
            });
        }
        let mut done = 0_u32;
        while let Some(ended) = tasks.join_next().await {
            done = done.saturating_add(ended??);
        }
        Ok(f64::from(done) / begun.elapsed().as_secs_f64())
    }

    /// Clients that all ask for the same.
    pub(super) async fn asking(&self, count: u64, request: Vec<u8>) -> Result<Clients, BenchError> {
        let requests: Requests = Arc::new(move |_numbers| request.clone());
        self.clients(count, "page", 200, requests).await
    }

    /// Makes links around a note, if none leads from it yet: what is measured is kept for the next run.
    pub(super) async fn link(
        &self,
        hub: NoteId,
        links: impl Iterator<Item = (NoteId, NoteId)>,
    ) -> Result<(), BenchError> {
        let there = links::of_note(&self.vault, &self.writer, hub, Way::Out, None, 1).await;
        if !there.map_err(SharingError::from)?.0.is_empty() {
            return Ok(());
        }
        for (from, to) in links {
            let content = LinkContent { from, to, kind: "uses".to_owned(), comment: String::new() };
            let id = LinkId(self.vault.entropy().id()?);
            links::create(&self.vault, &self.writer, id, content, None, &[]).await?;
        }
        Ok(())
    }

    /// One connection.
    pub(super) async fn line(&self) -> Result<Line, BenchError> {
        Line::connect(self.address, &self.credentials, 0).await
    }

    /// The cookie of the analyst's browser, who works at the clearance.
    pub(super) fn cookie(&self, site: &Site) -> Result<String, BenchError> {
        let config = self.ground.config().load_full();
        let policy = config.policy();
        let label = policy.parse_label(CLEARANCE).map_err(|_never| BenchError::Broken)?;
        let preferences = Preferences::working_at(policy.stored(&label));
        let cookie = preferences.cookie(&self.vault, &site.fingerprint()?).ok_or(BenchError::Broken)?;
        Ok(cookie.split(';').next().unwrap_or_default().to_owned())
    }

    pub(super) async fn clients(
        &self,
        count: u64,
        what: &'static str,
        wanted: u16,
        requests: Requests,
    ) -> Result<Clients, BenchError> {
        Clients::connect(self.address, &self.credentials, count, what, wanted, requests).await
    }

    /// The rows that the creation of a note writes: its record, its card, the place of its title; not the journal's.
    pub(super) fn shape(&self) -> Result<Shape, BenchError> {
        let engine = self.ground.engine();
        let record = engine.get(Family::Records, &Key::from(fill::note_id(0).id()))?.ok_or(BenchError::Broken)?;
        let rows = engine.snapshot()?.scan(Family::Listings, &KeyRange::all(), Direction::Forward, usize::MAX)?;
        // Rows of lists have keys of 40 bytes; titles are the shortest, cards the others.
        let mut lengths: Vec<_> =
            rows.iter().filter(|(key, _)| key.bytes().len() == 40).map(|(_, row)| row.value.len()).collect();
        lengths.sort_unstable();
        let title = lengths.first().copied().ok_or(BenchError::Broken)?;
        lengths.retain(|length| *length > title);
        let middle = lengths.len().checked_div(2).unwrap_or(0);
        let card = lengths.get(middle).copied().ok_or(BenchError::Broken)?;
        Ok(vec![(Family::Records, record.value.len()), (Family::Listings, card), (Family::Listings, title)])
    }

    /// The row that remembers an imported name.
    pub(super) fn named_shape(&self) -> Result<(Family, usize), BenchError> {
        let engine = self.ground.engine();
        let rows = engine.snapshot()?.scan(Family::Meta, &KeyRange::all(), Direction::Forward, usize::MAX)?;
        let named = rows.iter().find(|(key, _)| key.bytes().len() == 16).ok_or(BenchError::Broken)?;
        Ok((Family::Meta, named.1.value.len()))
    }

    /// Imports so many new notes in one stream; seconds.
    pub(super) async fn import(&self, count: u32) -> Result<f64, BenchError> {
        let parts = items(&self.ground.entropy().id()?.to_string(), count)?;
        let target = Target {
            address: self.address.to_string(),
            name: SERVER_NAME.to_owned(),
            version: Version::Http1,
            patience: Patience::default(),
        };
        let mut client = Client::connect(target, self.credentials.clone()).await?;
        let (feed, body) = upload();
        let request = Client::request(Method::POST, &format!("/api/v1/notes/import?space={}", fill::space_of(0)))
            .header(header::CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson"))
            .header("vigie-working", HeaderValue::from_static(fill::LABELS[0]))
            .body(body)
            .map_err(|_never| BenchError::Broken)?;
        let begun = Instant::now();
        let answer = client.begin(request).await?;
        let feeding = async {
            for part in parts {
                feed.push(part).await?;
            }
            feed.finish().await
        };
        let reading = async {
            let (mut lines, mut created) = (answer.await?.accepted().await?.lines(), 0_u32);
            while let Some(line) = lines.next().await? {
                created = created.saturating_add(u32::from(line.contains(r#""status":"created""#)));
            }
            Ok::<_, ClientError>(created)
        };
        let (fed, created) = tokio::join!(feeding, reading);
        fed?;
        if created? != count {
            return Err(BenchError::Status { status: 200, request: "import" });
        }
        Ok(begun.elapsed().as_secs_f64())
    }
}

fn read_of(number: u64) -> Vec<u8> {
    load::get(&format!("/api/v1/notes/{}", fill::note_id(number)), CLEARANCE)
}

/// Creations of notes in spaces at random, at the lowest of the labels. Made beforehand: the clients must cost little.
pub(super) fn creations() -> Requests {
    let requests: Vec<Vec<u8>> = (0..CREATIONS).map(creation).collect();
    Arc::new(move |numbers| {
        let place = usize::try_from(numbers.below(CREATIONS)).unwrap_or(0);
        requests.get(place).cloned().unwrap_or_default()
    })
}

fn creation(number: u64) -> Vec<u8> {
    let content = text::note(number);
    let body = json!({
        "space": fill::space_of(number),
        "kind": content.kind,
        "title": content.title,
        "body": content.body,
        "tags": content.tags,
        "sources": content.sources,
    });
    load::post("/api/v1/notes", fill::LABELS[0], body.to_string().as_bytes())
}

/// Import items, in parts of some lines each.
fn items(run: &str, count: u32) -> Result<Vec<Bytes>, BenchError> {
    let (mut parts, mut part) = (Vec::new(), Vec::new());
    for number in 0..count {
        let mut note = serde_json::to_value(text::note(number.into())).map_err(|_never| BenchError::Broken)?;
        let fields = note.as_object_mut().ok_or(BenchError::Broken)?;
        fields.insert("external_id".to_owned(), format!("{run}-{number}").into());
        serde_json::to_writer(&mut part, &json!({ "note": fields })).map_err(|_never| BenchError::Broken)?;
        part.push(b'\n');
        if part.len() >= PART_BYTES {
            parts.push(std::mem::take(&mut part).into());
        }
    }
    parts.push(part.into());
    Ok(parts)
}
