//! One request, as a handler sees it: who, on what, with which body.

use std::sync::{Arc, Mutex, PoisonError};

use axum::{body::Body, extract::Query};
use bytes::Bytes;
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use http::Uri;
use serde::de::DeserializeOwned;

use super::ApiError;
use crate::{
    audit::entry::{Act, Rule},
    config::Config,
    finding::Finder,
    identity::Subject,
    ids::{AccountId, Id},
    label::{Label, LabelView},
    limits,
    monitor::Refusal,
    sharing::{SharingError, repeat},
    vault::{Opened, Vault, WriteError, rows::Place},
    words::Language,
};

/// The body of a request.
#[derive(Debug)]
pub enum Inbound {
    /// Read whole, within its limit.
    Whole(Bytes),
    /// Still coming. Locked, so that a request can be looked at from two places; it is taken whole by the one who reads it.
    Stream(Mutex<Body>),
    /// A form with a file, still coming.
    Parts {
        /// What stands between its parts.
        boundary: String,
        /// Bytes of all of it.
        length: u64,
        /// The rest.
        body: Mutex<Body>,
    },
}

/// One request.
#[derive(Debug)]
pub struct Call {
    /// The vault, as it was when the request came.
    pub vault: Arc<Vault>,
    /// The indexes.
    pub finder: Arc<Finder>,
    /// Who asks.
    pub subject: Subject,
    /// The language of sentences in the answer.
    pub language: Language,
    /// The address.
    pub uri: Uri,
    /// Parts of the path, by name.
    pub path: Vec<(String, String)>,
    /// `If-Match`.
    pub if_match: Option<String>,
    /// `Idempotency-Key`.
    pub repeat_key: Option<String>,
    /// `Range`.
    pub range: Option<String>,
    /// `If-Range`.
    pub if_range: Option<String>,
    /// The body.
    pub body: Inbound,
    /// Labels shown so far.
    pub views: Views,
}

/// Labels as JSON shows them, each made once for one answer: a page shows few, many times.
#[derive(Debug, Default)]
pub struct Views(Mutex<Vec<(Label, LabelView)>>);

impl Call {
    /// An identifier in the path. What is no identifier is an identifier that nothing bears.
    pub fn id<T: From<Id>>(&self, name: &str) -> T {
        T::from(self.part(name).parse::<Id>().unwrap_or(Id::NONE))
    }

    /// A part of the path.
    pub fn part(&self, name: &str) -> &str {
        self.path.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// The query.
    ///
    /// # Errors
    /// [`ApiError::BadQuery`] for unknown parameters too: a filter that is ignored answers another question.
    pub fn query<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        Query::<T>::try_from_uri(&self.uri).map(|Query(value)| value).map_err(|_rejection| ApiError::BadQuery)
    }

    /// The body as JSON of the shape.
    ///
    /// # Errors
    /// [`ApiError::MalformedJson`], [`ApiError::WrongShape`].
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        let Inbound::Whole(bytes) = &self.body else { return Err(ApiError::Internal) };
        // A list of values without names would be taken for a structure.
        if bytes.trim_ascii_start().first() == Some(&b'[') {
            return Err(ApiError::WrongShape("an object is expected".to_owned()));
        }
        serde_json::from_slice(bytes).map_err(|error| match error.classify() {
            serde_json::error::Category::Data => ApiError::WrongShape(shortened(&error.to_string())),
            serde_json::error::Category::Io
            | serde_json::error::Category::Syntax
            | serde_json::error::Category::Eof => ApiError::MalformedJson,
        })
    }

    /// Refuses a label in a request that is not the working label: labels are computed, never chosen.
    ///
    /// # Errors
    /// [`ApiError::LabelMismatch`].
    pub fn same_label(&self, claimed: Option<&str>) -> Result<(), ApiError> {
        let Some(claimed) = claimed else { return Ok(()) };
        match self.config().policy().parse_label(claimed) {
            Ok(label) if label == *self.subject.working() => Ok(()),
            Ok(_) | Err(_) => Err(ApiError::LabelMismatch),
        }
    }

    /// Goes on as if the working label were `ceiling`: what does not flow to it is not there, for any list or cursor.
    ///
    /// # Errors
    /// [`ApiError::Ceiling`], journalled as a refusal of `act` on `about`.
    pub async fn under(&mut self, ceiling: Option<&str>, act: Act, about: Id) -> Result<(), ApiError> {
        let Some(ceiling) = ceiling else { return Ok(()) };
        let label = self.config().policy().parse_label(ceiling).ok();
        if let Some(lower) = label.and_then(|label| self.subject.beneath(&label)) {
            self.subject = lower;
            return Ok(());
        }
        let monitor = self.vault.monitor();
        match monitor.refuse_for(&self.subject, act, Rule::BeyondClearance, &[about]).await {
            Refusal::Stopped => Err(ApiError::Unavailable),
            Refusal::Absent | Refusal::Forbidden(_) => Err(ApiError::Ceiling),
        }
    }

    /// The configuration in force.
    pub fn config(&self) -> Arc<Config> {
        Arc::clone(&self.vault.monitor().config())
    }

    /// A label as JSON shows it.
    pub fn view(&self, label: &Label) -> LabelView {
        let mut views = self.views.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, view)) = views.iter().find(|(known, _)| known == label) {
            return view.clone();
        }
        let view = self.config().policy().view(label, self.language);
        views.push((*label, view.clone()));
        view
    }

    /// The entity tag of a version: a keyed hash, so that nobody compares contents across readers.
    ///
    /// # Errors
    /// [`ApiError::Internal`] without a key; never for an open keyring.
    pub fn tag<T>(&self, opened: &Opened<T>) -> Result<String, ApiError> {
        self.tag_of(opened.id, opened.version)
    }

    fn tag_of(&self, id: Id, version: u64) -> Result<String, ApiError> {
        let mark = self.vault.mark(&tagged(&id, &version.to_be_bytes())).map_err(|_never| ApiError::Internal)?;
        Ok(format!("\"{version}.{}\"", HEXLOWER.encode(&mark)))
    }

    /// The version that `If-Match` names; 0, which nothing has, for a tag that this object never had.
    ///
    /// # Errors
    /// [`ApiError::PreconditionRequired`] without one.
    pub fn matched(&self, id: Id) -> Result<u64, ApiError> {
        let given = self.if_match.as_deref().ok_or(ApiError::PreconditionRequired)?;
        Ok(self.version_of(id, given).unwrap_or(0))
    }

    fn version_of(&self, id: Id, tag: &str) -> Option<u64> {
        let (digits, mark) = tag.strip_prefix('"')?.strip_suffix('"')?.split_once('.')?;
        let version: u64 = digits.parse().ok()?;
        let mark = HEXLOWER.decode(mark.as_bytes()).ok()?;
        // A number has one way of being written here: "+7" and "07" were never answered.
        let ours = version.to_string() == digits && self.vault.marked(&tagged(&id, &version.to_be_bytes()), &mark);
        ours.then_some(version)
    }

    /// An error of a change, a stale version told with the present entity tag.
    pub fn told(&self, error: SharingError, id: Id) -> ApiError {
        match error {
            SharingError::Write(WriteError::Stale(present)) => {
                self.tag_of(id, present).map_or(ApiError::Internal, ApiError::Stale)
            }
            other => other.into(),
        }
    }

    /// The name under which this request is remembered, if it has an `Idempotency-Key`.
    ///
    /// # Errors
    /// [`ApiError::BadRepeatKey`].
    pub fn repeat(&self) -> Result<Option<repeat::Name>, ApiError> {
        let Some(key) = &self.repeat_key else { return Ok(None) };
        if key.is_empty() || key.len() > limits::REPEAT_KEY_BYTES_MAX {
            return Err(ApiError::BadRepeatKey);
        }
        let Inbound::Whole(bytes) = &self.body else { return Ok(None) };
        let sent = [self.uri.path().as_bytes(), b"\0", bytes].concat();
        Ok(Some(repeat::Name::request(&self.subject, key).saying(&sent)))
    }

    /// The object that this very request made before, if it is sent again.
    ///
    /// # Errors
    /// [`ApiError::RepeatMismatch`] for the same key with another body.
    pub fn repeated(&self, name: &mut Option<repeat::Name>) -> Result<Option<Id>, ApiError> {
        let Some(name) = name else { return Ok(None) };
        match name.find_recent(&self.vault, &self.subject)? {
            Some(found) if found.digest == name.digest() => Ok(Some(found.id)),
            Some(_) => Err(ApiError::RepeatMismatch),
            None => Ok(None),
        }
    }

    /// A cursor behind a place in a list: readable by us alone, for this person, list and working label.
    ///
    /// # Errors
    /// [`ApiError::Internal`] without a key; never for an open keyring.
    pub fn cursor(&self, place: Place) -> Result<String, ApiError> {
        let mut bytes = place.order.to_be_bytes().to_vec();
        bytes.extend_from_slice(place.id.bytes());
        let mark = self.vault.mark(&[&self.covered(&bytes)]).map_err(|_never| ApiError::Internal)?;
        bytes.extend_from_slice(&mark);
        Ok(BASE64URL_NOPAD.encode(&bytes))
    }

    /// The place that a cursor of this list names.
    ///
    /// # Errors
    /// [`ApiError::BadCursor`].
    pub fn place(&self, cursor: Option<&str>) -> Result<Option<Place>, ApiError> {
        let Some(cursor) = cursor else { return Ok(None) };
        let bytes = BASE64URL_NOPAD.decode(cursor.as_bytes()).map_err(|_not_base64| ApiError::BadCursor)?;
        let (named, mark) = bytes.split_at_checked(24).ok_or(ApiError::BadCursor)?;
        if !self.vault.marked(&[&self.covered(named)], mark) {
            return Err(ApiError::BadCursor);
        }
        let (order, id) = named.split_at_checked(8).ok_or(ApiError::BadCursor)?;
        let order = u64::from_be_bytes(order.try_into().map_err(|_length| ApiError::BadCursor)?);
        let id = Id::from_bytes(id.try_into().map_err(|_length| ApiError::BadCursor)?);
        Ok(Some(Place { order, id }))
    }

    /// What the mark of a cursor covers. All lengths but the last are fixed: no two calls give the same bytes.
    fn covered(&self, named: &[u8]) -> Vec<u8> {
        let label = self.subject.working().bits();
        [b"cursor\0", self.subject.id().0.bytes().as_slice(), &label, named, self.uri.path().as_bytes()].concat()
    }

    /// A person as an answer names him: whoever may read what he wrote may read his name.
    pub fn person(&self, id: AccountId) -> super::shapes::Person {
        let config = self.config();
        let display = config.account(id).map(|account| account.display().to_owned());
        super::shapes::Person { id, display }
    }
}

/// What the mark of an entity tag covers.
const fn tagged<'p>(id: &'p Id, version: &'p [u8; 8]) -> [&'p [u8]; 3] {
    [b"etag\0", id.bytes(), version]
}

/// The reason, without the end that a hostile body could stretch.
fn shortened(text: &str) -> String {
    text.chars().take(200).collect()
}
