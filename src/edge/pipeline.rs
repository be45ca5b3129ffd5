//! One request, from the handshake's peer to the response: guard, identify, call, reply.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Query, RawPathParams, Request},
};
use http::{HeaderMap, Method, Response, Uri, header, request::Parts};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

use super::{
    App, Peer, guards, reply,
    reply::Stopped,
    routes::{Reads, Route},
};
use crate::{
    api::{Answer, ApiError, Call, Content, Inbound},
    config::KeyFingerprint,
    crypto::Digest,
    identity::{Subject, Unidentified},
    ids::{Id, RequestId},
    limits,
    vault::Vault,
    words::Language,
};

/// Answers one request on a known route.
pub(super) async fn answer(
    app: Arc<App>,
    route: &'static Route,
    path: RawPathParams,
    request: Request,
) -> Response<Body> {
    let path = path.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    run(&app, Some(route), path, request).await
}

/// Answers one request that no route takes: for who it is, and as any absent thing.
pub(super) async fn nowhere(app: Arc<App>, request: Request) -> Response<Body> {
    run(&app, None, Vec::new(), request).await
}

async fn run(
    app: &App,
    route: Option<&'static Route>,
    path: Vec<(String, String)>,
    request: Request,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let wished =
        parts.headers.get(header::ACCEPT_LANGUAGE).and_then(|list| Language::from_preference(list.to_str().ok()?));
    let Ok(id) = app.entropy.id() else {
        return reply::stopped(Stopped::Unavailable, wished.unwrap_or_default(), RequestId(Id::NONE));
    };
    let id = RequestId(id);
    let stop = |why| reply::stopped(why, wished.unwrap_or_default(), id);
    let Some(vault) = app.vault.load_full() else { return stop(Stopped::Unavailable) };
    // Between a failed commit and the keeper that takes the vault out of service: what needs no entry would still be answered.
    if vault.monitor().journal().is_stopped() {
        return stop(Stopped::Unavailable);
    }
    #[cfg(feature = "exam")]
    let id = if crate::exam::planted(crate::exam::Leak::SequentialRequests) {
        RequestId(Id::from_bytes(u128::from(vault.monitor().journal().length()).to_be_bytes()))
    } else {
        id
    };
    let Some(peer) = parts.extensions.get::<Peer>() else { return stop(Stopped::UnknownAccount) };
    if guards::is_cross_site(&parts.method, &parts.headers) {
        return stop(Stopped::CrossSite);
    }
    // Looked up again on every request: a certificate revoked a moment ago has no account now.
    let config = app.config.load_full();
    if !config.in_force(app.clock.now()) {
        tracing::error!("the signed configuration has expired: nobody is served until the next one is accepted");
        return stop(Stopped::Unavailable);
    }
    let fingerprint = KeyFingerprint::from_digest(Digest(*peer.fingerprint()));
    let per_minute = config.limits().requests_per_minute;
    let working = only(&parts.headers, "vigie-working");
    let subject = match Subject::identify(&config, &fingerprint, working, id) {
        Ok(subject) => subject,
        Err(Unidentified::UnknownKey) => return stop(Stopped::UnknownAccount),
        Err(Unidentified::Working(account, error)) => {
            // A bucket of its own, of no label: every such refusal costs an entry of the journal.
            if let Err(seconds) = app.rates.take(account, [u8::MAX; 25], per_minute, app.clock.now()) {
                return stop(Stopped::TooMany(seconds));
            }
            let told = match vault.monitor().refuse_working(account, id).await {
                Ok(()) => ApiError::Working(error),
                Err(refusal) => refusal.into(),
            };
            return reply::error(&told, wished.unwrap_or_default(), id);
        }
    };
    let language = wished.unwrap_or_else(|| subject.account().language());
    if let Err(seconds) = app.rates.take(subject.id(), subject.working().bits(), per_minute, app.clock.now()) {
        return reply::stopped(Stopped::TooMany(seconds), language, id);
    }
    let Some(route) = route else {
        return reply::error(&ApiError::NotFound, language, id);
    };
    let policy = Arc::clone(config.policy());
    let (who, label) = (subject.id(), subject.working().bits());
    // Held until the last byte has come or gone: each content under way takes memory.
    let seat = if route.contents { app.contents.enter((who, label)) } else { None };
    if route.contents && seat.is_none() {
        return reply::stopped(Stopped::TooMany(1), language, id);
    }
    let answer = match call(route, path, &parts, body, Known { vault, subject, language }).await {
        Ok(answer) => answer,
        Err(error) => return reply::error(&error, language, id),
    };
    if let Content::File(file) = &answer.content
        && let Err(seconds) = app.volumes.take_bytes(who, label, file.length(), app.clock.now())
    {
        return reply::stopped(Stopped::TooMany(seconds), language, id);
    }
    reply::answer(answer, &policy, seat)
}

/// Who asks, once that is known.
struct Known {
    vault: Arc<Vault>,
    subject: Subject,
    language: Language,
}

/// Reads what the route takes, and calls its handler.
async fn call(
    route: &'static Route,
    path: Vec<(String, String)>,
    parts: &Parts,
    body: Body,
    known: Known,
) -> Result<Answer, ApiError> {
    // The journal's own routes are decided first: for others they do not exist, whatever is asked.
    if !route.officers && !asks_only(route, &parts.uri) {
        return Err(ApiError::BadQuery);
    }
    let body = read(route, &parts.method, &parts.headers, body).await?;
    let text = |name: header::HeaderName| only(&parts.headers, name.as_str()).map(str::to_owned);
    let call = Call {
        vault: known.vault,
        subject: known.subject,
        language: known.language,
        uri: parts.uri.clone(),
        path,
        if_match: text(header::IF_MATCH),
        repeat_key: text(header::HeaderName::from_static("idempotency-key")),
        range: text(header::RANGE),
        if_range: text(header::IF_RANGE),
        body,
    };
    (route.handler)(call).await
}

/// The value of a header. One that comes twice, or is no text, says nothing that could be meant: it becomes a word that
/// is never one of ours.
fn only<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?;
    Some(if values.next().is_some() { "?" } else { first.to_str().unwrap_or("?") })
}

/// Whether the query has no parameter but the route's: one that is passed over would answer another question.
fn asks_only(route: &Route, uri: &Uri) -> bool {
    Query::<Vec<(String, String)>>::try_from_uri(uri)
        .is_ok_and(|Query(given)| given.iter().all(|(name, _)| route.query.contains(&name.as_str())))
}

/// The body as the route wants it, within its limit and of its content type.
async fn read(route: &Route, method: &Method, headers: &HeaderMap, body: Body) -> Result<Inbound, ApiError> {
    let kind = headers.get(header::CONTENT_TYPE).map(|kind| kind.to_str().unwrap_or("?"));
    let kind = kind.map(|kind| kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    match route.reads {
        Reads::Nothing => {
            let whole = Limited::new(body, 0).collect().await.map_err(|_anything| ApiError::TooLarge)?;
            Ok(Inbound::Whole(whole.to_bytes()))
        }
        Reads::Json => {
            debug_assert!(*method != Method::GET);
            if kind.as_deref() != Some("application/json") {
                return Err(ApiError::UnsupportedMediaType);
            }
            let whole = Limited::new(body, limits::JSON_BYTES_MAX).collect().await.map_err(|error| {
                if error.is::<LengthLimitError>() { ApiError::TooLarge } else { ApiError::MalformedJson }
            })?;
            Ok(Inbound::Whole(whole.to_bytes()))
        }
        Reads::Lines => match kind.as_deref() {
            Some("application/x-ndjson") => Ok(Inbound::Stream(body)),
            _ => Err(ApiError::UnsupportedMediaType),
        },
        Reads::Bytes => match kind.as_deref() {
            Some("application/octet-stream") => Ok(Inbound::Stream(body)),
            _ => Err(ApiError::UnsupportedMediaType),
        },
    }
}
