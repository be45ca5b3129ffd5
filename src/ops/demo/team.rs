//! The four people of the demonstration, each behind their own certificate. Whatever they see comes from the server.

use std::{collections::BTreeMap, fs, net::SocketAddr};

use http::{HeaderValue, Method, header};
use serde_json::Value;

use super::{DemoError, Site, found::ROLES};
use crate::{
    clock::Clock,
    ids::AccountId,
    ops::{
        client::{Client, ClientError, Credentials, Target, Version, empty, full},
        deployment::OpenError,
    },
};

/// One request of a person, to complete and hand to [`Team::ask`].
#[derive(Clone, Debug)]
pub struct Ask<'a> {
    /// Who asks.
    pub who: &'a str,
    /// At which working label.
    pub working: &'a str,
    /// How.
    pub method: Method,
    /// What, under `/api/v1`.
    pub path: String,
    /// With which body.
    pub body: Option<Value>,
    /// Under which name a repetition is recognised.
    pub once: Option<String>,
}

impl<'a> Ask<'a> {
    /// A `GET`.
    pub fn get(who: &'a str, working: &'a str, path: impl Into<String>) -> Self {
        Self { who, working, method: Method::GET, path: path.into(), body: None, once: None }
    }

    /// A `POST` that may be repeated without doing it twice.
    pub fn post(who: &'a str, working: &'a str, path: &str, body: Value, once: impl Into<String>) -> Self {
        let once = Some(once.into());
        Self { who, working, method: Method::POST, path: path.to_owned(), body: Some(body), once }
    }
}

/// What came back.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// `Vigie-Label`: the join of what is in it.
    pub label: Option<String>,
    /// How many bytes the body has.
    pub length: usize,
    /// The body as JSON; null when it is none.
    pub json: Value,
    /// The body as it came.
    pub bytes: Vec<u8>,
}

impl Reply {
    /// The items of a page.
    pub fn items(&self) -> &[Value] {
        self.json.get("items").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
    }

    /// A text in the answer.
    pub fn text(&self, name: &str) -> &str {
        text(&self.json, name)
    }

    /// The answer, unless the server did not do it.
    ///
    /// # Errors
    /// [`DemoError::Refused`].
    pub fn done(self, what: &str) -> Result<Self, DemoError> {
        if (200..300).contains(&self.status) {
            return Ok(self);
        }
        let code = self.text("code").to_owned();
        Err(DemoError::Refused { what: what.to_owned(), status: self.status, code })
    }
}

/// A text inside a JSON object; empty when it is not there.
pub fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The four, connected.
pub struct Team {
    clients: BTreeMap<&'static str, Client>,
    people: BTreeMap<String, AccountId>,
}

impl Team {
    /// Connects everybody.
    ///
    /// # Errors
    /// [`DemoError`] when a file is not there or the server lets somebody not in.
    pub async fn gather(
        site: &Site,
        address: SocketAddr,
        people: BTreeMap<String, AccountId>,
        clock: &Clock,
    ) -> Result<Self, DemoError> {
        let read = |path: std::path::PathBuf| fs::read(&path).map_err(|error| OpenError::of_file(&path, &error));
        let authority = read(site.authority())?;
        let mut clients = BTreeMap::new();
        for role in ROLES {
            let (certificate, key) = (read(site.certificate(role.name))?, read(site.key(role.name))?);
            let credentials = Credentials::from_pem(&authority, &certificate, &key, clock)?;
            let target = Target::parse(&format!("https://{address}"), Version::Http2)?;
            clients.insert(role.name, Client::connect(target, credentials).await?);
        }
        Ok(Self { clients, people })
    }

    /// Somebody's identifier.
    pub fn id(&self, name: &str) -> String {
        self.people.get(name).map(ToString::to_string).unwrap_or_default()
    }

    /// Asks the server.
    ///
    /// # Errors
    /// [`ClientError`] when there is no answer; a refusal is an answer.
    pub async fn ask(&mut self, ask: Ask<'_>) -> Result<Reply, ClientError> {
        let unknown = || ClientError::BadAddress { address: ask.path.clone() };
        let client = self.clients.get_mut(ask.who).ok_or_else(unknown)?;
        let mut request =
            Client::request(ask.method.clone(), &format!("/api/v1{}", ask.path)).header("vigie-working", ask.working);
        if let Some(once) = &ask.once {
            request = request.header("idempotency-key", once.as_str());
        }
        let body = match &ask.body {
            Some(value) => {
                request = request.header(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
                full(value.to_string())
            }
            None => empty(),
        };
        let answer = client.send(request.body(body).map_err(|_bad_path| unknown())?).await?;
        let status = answer.status().as_u16();
        let label = answer.headers().get("vigie-label").and_then(|label| label.to_str().ok()).map(ToOwned::to_owned);
        let bytes = answer.bytes().await?.to_vec();
        let json = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Ok(Reply { status, label, length: bytes.len(), json, bytes })
    }
}
