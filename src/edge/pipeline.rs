//! One request, from the handshake's peer to the response: guard, identify, call, reply.

use std::sync::{Arc, Mutex};

use axum::{
    body::Body,
    extract::{Query, RawPathParams, Request},
};
use http::{HeaderMap, Method, Response, Uri, header, request::Parts};
use http_body::Body as _;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

use super::{
    App, Peer, guards, present, reply,
    reply::Stopped,
    routes::{Handler, Kind, Reads, Route},
};
use crate::{
    api::{Answer, ApiError, Call, Content, Inbound, Views},
    config::{Config, KeyFingerprint},
    crypto::Digest,
    finding::Finder,
    identity::{Subject, Unidentified},
    ids::{AccountId, Id, RequestId},
    label::Policy,
    limits,
    vault::Vault,
    web::{self, Form, Preferences, Shown, Visit, Visitor, say::Tongue},
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

/// Whom a request speaks for, as far as its address tells.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reader {
    Program,
    Person,
}

impl Reader {
    fn of(route: Option<&'static Route>, uri: &Uri) -> Self {
        let program = match route {
            Some(route) => route.kind == Kind::Api,
            None => uri.path().starts_with("/api/"),
        };
        if program { Self::Program } else { Self::Person }
    }
}

#[expect(
    clippy::too_many_lines,
    reason = "one request from the handshake to the response, in the order that guards it"
)]
async fn run(
    app: &App,
    route: Option<&'static Route>,
    path: Vec<(String, String)>,
    request: Request,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let reader = Reader::of(route, &parts.uri);
    let wished =
        parts.headers.get(header::ACCEPT_LANGUAGE).and_then(|list| Language::from_preference(list.to_str().ok()?));
    let id = app.entropy.id().map(RequestId);
    let stop = |why, id| stopped(app, reader, why, wished.unwrap_or_default(), id);
    let Ok(id) = id else { return stop(Stopped::Unavailable, RequestId(Id::NONE)) };
    let stop = |why| stop(why, id);
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
    let preferences = match reader {
        Reader::Program => Preferences::default(),
        Reader::Person => Preferences::read(&vault, &fingerprint, only(&parts.headers, header::COOKIE.as_str())),
    };
    let identified = match reader {
        Reader::Program => Subject::identify(&config, &fingerprint, only(&parts.headers, "vigie-working"), id),
        // Sealed by us when it was allowed. What a clearance or a policy no longer allows falls back to the lowest label.
        Reader::Person => match Subject::identify(&config, &fingerprint, preferences.working.as_deref(), id) {
            Err(Unidentified::Working(..)) => Subject::identify(&config, &fingerprint, None, id),
            other => other,
        },
    };
    let subject = match identified {
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
    let language = match reader {
        Reader::Program => wished.unwrap_or_else(|| subject.account().language()),
        Reader::Person => preferences.language().or(wished).unwrap_or_else(|| subject.account().language()),
    };
    if let Err(seconds) = app.rates.take(subject.id(), subject.working().bits(), per_minute, app.clock.now()) {
        let why = Stopped::TooMany(seconds);
        let form = match route {
            Some(route) if route.reads == Reads::Form => typed(route, &parts, body).await,
            Some(_) | None => Form::default(),
        };
        let known = Known { vault, finder: Arc::clone(&app.finder), subject, language };
        let visitor = visitor(app, &known, preferences, &config);
        // What was typed comes back, at the working label that it was typed at.
        return match web::trouble::held(&visitor, &why.parts().2, &form) {
            Some(page) => present::stopped(page, why, config.policy(), language, id),
            None => stopped(app, reader, why, language, id),
        };
    }
    let policy = Arc::clone(config.policy());
    let (who, bits) = (subject.id(), subject.working().bits());
    let contents = route.is_some_and(|route| route.contents);
    // Held until the last byte has come or gone: each content under way takes memory.
    let seat = if contents { app.contents.enter((who, bits)) } else { None };
    if contents && seat.is_none() {
        return stopped(app, reader, Stopped::TooMany(1), language, id);
    }
    let known = Known { vault, finder: Arc::clone(&app.finder), subject, language };
    match (reader, route.map(|route| (route, route.handler))) {
        (Reader::Program, None) => reply::error(&ApiError::NotFound, language, id),
        (_, Some((route, Handler::Call(handler)))) => {
            let called = match call(route, path, &parts, body, known).await {
                Ok(call) => handler(call).await,
                Err(error) => Err(error),
            };
            let answer = match called {
                Ok(answer) => answer,
                Err(error) => return reply::error(&error, language, id),
            };
            match weighed(app, (who, bits), &answer) {
                Ok(()) => reply::answer(answer, &policy, seat),
                Err(why) => reply::stopped(why, language, id),
            }
        }
        (Reader::Person, None) => {
            let visitor = visitor(app, &known, preferences, &config);
            let shown = web::trouble::shown(&visitor, ApiError::NotFound, Vec::new()).await;
            presented(shown, &policy, language, id)
        }
        (_, Some((route, Handler::Visit(handler)))) => {
            let visitor = visitor(app, &known, preferences, &config);
            let shown = match call(route, path, &parts, body, known).await {
                Ok(call) => {
                    let form = match (&call.body, route.reads) {
                        (Inbound::Whole(bytes), Reads::Form) => Form::read(bytes),
                        _ => Form::default(),
                    };
                    let (came_from, unpacks) = (came_from(&parts.headers), unpacks(&parts.headers));
                    let visit = Visit { call, visitor, shelf: Arc::clone(&app.shelf), came_from, unpacks, form };
                    web::serve(handler, visit).await
                }
                Err(error) => web::trouble::shown(&visitor, error, Vec::new()).await,
            };
            match shown {
                Ok(Shown::File(answer)) => match weighed(app, (who, bits), &answer) {
                    Ok(()) => reply::answer(*answer, &policy, seat),
                    Err(why) => stopped(app, reader, why, language, id),
                },
                other => presented(other, &policy, language, id),
            }
        }
    }
}

/// What a form sent, for a request that is not carried out; nothing when it cannot be read.
async fn typed(route: &Route, parts: &Parts, body: Body) -> Form {
    match read(route, &parts.method, &parts.headers, body).await {
        Ok(Inbound::Whole(bytes)) => Form::read(&bytes),
        Ok(Inbound::Stream(_) | Inbound::Parts { .. }) | Err(_) => Form::default(),
    }
}

/// Whether somebody may have so many bytes now.
fn weighed(app: &App, (who, label): (AccountId, [u8; 25]), answer: &Answer) -> Result<(), Stopped> {
    match &answer.content {
        Content::File(file) => {
            app.volumes.take_bytes(who, label, file.length(), app.clock.now()).map_err(Stopped::TooMany)
        }
        Content::Empty | Content::Json(_) | Content::Text(_) | Content::Bytes(_) | Content::Lines(_) => Ok(()),
    }
}

fn visitor(app: &App, known: &Known, preferences: Preferences, config: &Config) -> Visitor {
    Visitor {
        vault: Arc::clone(&known.vault),
        subject: known.subject.clone(),
        preferences,
        tongue: Tongue(known.language),
        addresses: app.shelf.addresses(config),
        typed_at: None,
    }
}

fn presented(shown: Result<Shown, ApiError>, policy: &Policy, language: Language, id: RequestId) -> Response<Body> {
    match shown {
        Ok(shown) => present::shown(shown, policy, language),
        Err(error) => reply::error(&error, language, id),
    }
}

/// A request that did not reach a handler.
fn stopped(app: &App, reader: Reader, why: Stopped, language: Language, id: RequestId) -> Response<Body> {
    if reader == Reader::Program {
        return reply::stopped(why, language, id);
    }
    let config = app.config.load_full();
    let (_, _, sentence) = why.parts();
    let page = web::trouble::bare(config.policy(), Tongue(language), app.shelf.addresses(&config), &sentence);
    present::stopped(page, why, config.policy(), language, id)
}

/// Whether a browser reads zstd. Only files that show nothing of anybody are ever packed: the length of a packed page would
/// tell what stands in it.
fn unpacks(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|accepted| accepted.to_str().ok()).unwrap_or_default();
    accepted.split(',').any(|coding| coding.trim() == "zstd")
}

/// The page of this site that a form was sent from. The guards have seen that it is ours.
fn came_from(headers: &HeaderMap) -> Option<String> {
    let referer: Uri = only(headers, header::REFERER.as_str())?.parse().ok()?;
    let path = referer.path_and_query()?.as_str();
    // "//host" would lead away.
    (path.starts_with('/') && !path.starts_with("//")).then(|| path.to_owned())
}

/// Who asks, once that is known.
struct Known {
    vault: Arc<Vault>,
    finder: Arc<Finder>,
    subject: Subject,
    language: Language,
}

/// Reads what the route takes.
async fn call(
    route: &'static Route,
    path: Vec<(String, String)>,
    parts: &Parts,
    body: Body,
    known: Known,
) -> Result<Call, ApiError> {
    // The journal's own routes are decided first: for others they do not exist, whatever is asked.
    if !route.officers && !asks_only(route, &parts.uri) {
        return Err(ApiError::BadQuery);
    }
    let body = read(route, &parts.method, &parts.headers, body).await?;
    let text = |name: header::HeaderName| only(&parts.headers, name.as_str()).map(str::to_owned);
    Ok(Call {
        vault: known.vault,
        finder: known.finder,
        subject: known.subject,
        language: known.language,
        uri: parts.uri.clone(),
        path,
        if_match: text(header::IF_MATCH),
        repeat_key: text(header::HeaderName::from_static("idempotency-key")),
        range: text(header::RANGE),
        if_range: text(header::IF_RANGE),
        body,
        views: Views::default(),
    })
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
    let whole = headers.get(header::CONTENT_TYPE).map(|kind| kind.to_str().unwrap_or("?"));
    let kind = whole.map(|kind| kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
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
        Reads::Form => {
            if kind.as_deref() != Some("application/x-www-form-urlencoded") {
                return Err(ApiError::UnsupportedMediaType);
            }
            let whole = Limited::new(body, limits::FORM_BYTES_MAX).collect().await.map_err(|error| {
                if error.is::<LengthLimitError>() { ApiError::TooLarge } else { ApiError::BadQuery }
            })?;
            Ok(Inbound::Whole(whole.to_bytes()))
        }
        Reads::Lines => match kind.as_deref() {
            Some("application/x-ndjson") => Ok(Inbound::Stream(Mutex::new(body))),
            _ => Err(ApiError::UnsupportedMediaType),
        },
        Reads::Bytes => match kind.as_deref() {
            Some("application/octet-stream") => Ok(Inbound::Stream(Mutex::new(body))),
            _ => Err(ApiError::UnsupportedMediaType),
        },
        // Browsers say how long a form is; one that does not cannot be announced.
        Reads::Parts => match (whole.and_then(web::parts::boundary), body.size_hint().exact()) {
            (Some(boundary), Some(length)) => Ok(Inbound::Parts { boundary, length, body: Mutex::new(body) }),
            _ => Err(ApiError::UnsupportedMediaType),
        },
    }
}
