//! The one place where an answer or an error becomes a status, headers and bytes.

use std::{convert::Infallible, io};

use axum::body::Body;
use bytes::Bytes;
use futures_util::stream;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use serde::Serialize;

use crate::{
    api::{Answer, ApiError, Content, File, Shown},
    audit::entry::Rule,
    ids::RequestId,
    label::Policy,
    vault::VaultError,
    words::{Language, Sentence, key},
};

/// Why a request did not even reach a handler.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stopped {
    /// The key is no account's any more; the connection is closed.
    UnknownAccount,
    /// Made by another site's page.
    CrossSite,
    /// Too many requests; seconds to wait.
    TooMany(u64),
    /// The store is not whole.
    Unavailable,
}

impl Stopped {
    pub(super) fn parts(self) -> (StatusCode, &'static str, Sentence) {
        match self {
            Self::UnknownAccount => {
                (StatusCode::UNAUTHORIZED, "unknown-account", Sentence::new(key::PROBLEM_UNKNOWN_ACCOUNT))
            }
            Self::CrossSite => (StatusCode::FORBIDDEN, "cross-site", Sentence::new(key::PROBLEM_CROSS_SITE)),
            Self::TooMany(_) => {
                (StatusCode::TOO_MANY_REQUESTS, "too-many-requests", Sentence::new(key::PROBLEM_TOO_MANY))
            }
            Self::Unavailable => {
                (StatusCode::SERVICE_UNAVAILABLE, "unavailable", Sentence::new(key::PROBLEM_UNAVAILABLE))
            }
        }
    }
}

pub(super) const fn status_of(error: &ApiError) -> StatusCode {
    match error {
        ApiError::NotFound => StatusCode::NOT_FOUND,
        ApiError::Forbidden(Rule::OtherBeyondClearance)
        | ApiError::Invalid(_)
        | ApiError::LabelMismatch
        | ApiError::MarkedAbove => StatusCode::UNPROCESSABLE_ENTITY,
        ApiError::RepeatMismatch => StatusCode::UNPROCESSABLE_ENTITY,
        ApiError::Forbidden(_) => StatusCode::FORBIDDEN,
        ApiError::Working(_)
        | ApiError::Ceiling
        | ApiError::MalformedJson
        | ApiError::WrongShape(_)
        | ApiError::BadQuery
        | ApiError::BadParameter(_)
        | ApiError::BadCursor
        | ApiError::BadRepeatKey
        | ApiError::Search(_) => StatusCode::BAD_REQUEST,
        ApiError::PreconditionRequired => StatusCode::PRECONDITION_REQUIRED,
        ApiError::Stale(_) => StatusCode::PRECONDITION_FAILED,
        ApiError::Conflict | ApiError::Offset(_) => StatusCode::CONFLICT,
        ApiError::Cut => StatusCode::REQUEST_TIMEOUT,
        ApiError::Range(_) => StatusCode::RANGE_NOT_SATISFIABLE,
        ApiError::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ApiError::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ApiError::Unavailable | ApiError::Rebuilding => StatusCode::SERVICE_UNAVAILABLE,
        ApiError::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Bytes that are stored of an upload.
const UPLOAD_OFFSET: HeaderName = HeaderName::from_static("upload-offset");

/// RFC 9457.
#[derive(Serialize, schemars::JsonSchema)]
pub(super) struct Problem {
    /// Address of the kind of problem.
    #[serde(rename = "type")]
    kind: String,
    /// The kind of problem in one sentence.
    title: String,
    /// The status.
    status: u16,
    /// What to do, in one sentence.
    detail: String,
    /// Stable word for programs.
    code: String,
    /// The request.
    instance: String,
}

/// An error as a response.
pub(super) fn error(error: &ApiError, language: Language, request: RequestId) -> Response<Body> {
    let mut response = problem(status_of(error), error.code(), &error.sentence(), language, request);
    if let ApiError::Stale(tag) = error
        && let Ok(tag) = HeaderValue::from_str(tag)
        && !tag.is_empty()
    {
        response.headers_mut().insert(header::ETAG, tag);
    }
    match error {
        ApiError::Unavailable | ApiError::Rebuilding => set(response.headers_mut(), header::RETRY_AFTER, "5"),
        ApiError::Offset(offset) => set(response.headers_mut(), UPLOAD_OFFSET, &offset.to_string()),
        ApiError::Range(size) => set(response.headers_mut(), header::CONTENT_RANGE, &format!("bytes */{size}")),
        _ => {}
    }
    response
}

/// A request that did not reach a handler, as a response.
pub(super) fn stopped(why: Stopped, language: Language, request: RequestId) -> Response<Body> {
    let (status, code, sentence) = why.parts();
    let mut response = problem(status, code, &sentence, language, request);
    wait(response.headers_mut(), why);
    response
}

/// What a stopped client is told to do: to close, or when to come back.
pub(super) fn wait(headers: &mut HeaderMap, why: Stopped) {
    match why {
        Stopped::UnknownAccount => drop(headers.insert(header::CONNECTION, HeaderValue::from_static("close"))),
        Stopped::TooMany(seconds) => drop(headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds))),
        Stopped::Unavailable => drop(headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"))),
        Stopped::CrossSite => {}
    }
}

fn problem(
    status: StatusCode,
    code: &str,
    sentence: &Sentence,
    language: Language,
    request: RequestId,
) -> Response<Body> {
    let text = sentence.render(language);
    let problem = Problem {
        kind: format!("/problems/{code}"),
        title: text.clone(),
        status: status.as_u16(),
        detail: text,
        code: code.to_owned(),
        instance: request.to_string(),
    };
    let bytes = serde_json::to_vec(&problem).unwrap_or_default();
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = status;
    set(response.headers_mut(), header::CONTENT_TYPE, "application/problem+json");
    set(response.headers_mut(), header::CONTENT_LANGUAGE, language.code());
    common(response.headers_mut());
    response
}

/// An answer as a response. `held` is given back with the last byte of a content.
pub(super) fn answer<H: Send + 'static>(answer: Answer, policy: &Policy, held: H) -> Response<Body> {
    let mut more = Vec::new();
    let (body, kind) = match answer.content {
        Content::Empty => (Body::empty(), None),
        Content::Json(bytes) => (Body::from(bytes), Some("application/json")),
        Content::Text(text) => (Body::from(text), Some("text/plain; charset=utf-8")),
        Content::Bytes(bytes) => (Body::from(bytes), Some("application/octet-stream")),
        Content::Lines(receiver) => {
            let lines = stream::unfold(receiver, |mut receiver| async move {
                let line = receiver.recv().await?;
                Some((Ok::<_, Infallible>(Bytes::from(line)), receiver))
            });
            (Body::from_stream(lines), Some("application/x-ndjson"))
        }
        Content::File(file) => {
            let kind = match file.shown {
                Shown::Inline(media) => media,
                Shown::Saved => "application/octet-stream",
            };
            more = headers_of(&file);
            (streamed(*file, held), Some(kind))
        }
    };
    let partial = more.iter().any(|(name, _)| *name == header::CONTENT_RANGE);
    let mut response = Response::new(body);
    *response.status_mut() = match (answer.created, kind) {
        (true, _) => StatusCode::CREATED,
        (false, Some(_)) if partial => StatusCode::PARTIAL_CONTENT,
        (false, None) => StatusCode::NO_CONTENT,
        (false, Some(_)) => StatusCode::OK,
    };
    let headers = response.headers_mut();
    headers.reserve(HEADERS);
    if let Some(kind) = kind {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    if let Some(label) = &answer.label {
        set(headers, HeaderName::from_static("vigie-label"), &policy.print(label));
    }
    if let Some(tag) = &answer.tag {
        set(headers, header::ETAG, tag);
    }
    if let Some(offset) = answer.offset {
        set(headers, UPLOAD_OFFSET, &offset.to_string());
    }
    common(headers);
    for (name, value) in more {
        set(headers, name, &value);
    }
    response
}

/// What a content needs beside its type: nothing that somebody uploaded may run, whatever a browser makes of it.
fn headers_of(file: &File) -> Vec<(HeaderName, String)> {
    let mut headers = vec![
        (header::CONTENT_LENGTH, file.length().to_string()),
        (header::CONTENT_DISPOSITION, file.disposition.clone()),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
        (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'; frame-ancestors 'none'".to_owned()),
    ];
    if let Some((start, end)) = file.part {
        let last = end.saturating_sub(1);
        headers.push((header::CONTENT_RANGE, format!("bytes {start}-{last}/{}", file.size)));
    }
    headers
}

/// Reads the next chunk when the last one has been taken: a slow reader holds one.
fn streamed<H: Send + 'static>(file: File, held: H) -> Body {
    let state = Some((file.content, held));
    Body::from_stream(stream::unfold(state, |state| async move {
        let (mut content, held) = state?;
        match content.next_bytes() {
            Ok(Some(bytes)) => Some((Ok(Bytes::from(bytes)), Some((content, held)))),
            Ok(None) => None,
            Err(error) => {
                if let VaultError::Tampered(id) = &error {
                    tracing::error!(%id, "a chunk does not open or is missing: run `vigie store verify`");
                }
                // The connection breaks before the length that was said: nobody takes a part for the whole.
                Some((Err(io::Error::other("the content ends here")), None))
            }
        }
    }))
}

/// About as many as any response has, those that hyper adds included.
const HEADERS: usize = 16;

/// On every response: kept nowhere, sniffed by nobody, framed by nobody.
pub(super) fn common(headers: &mut HeaderMap) {
    headers.extend([
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=63072000")),
        (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
        (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
        (header::VARY, HeaderValue::from_static("Accept-Language, Vigie-Working")),
    ]);
}

pub(super) fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
