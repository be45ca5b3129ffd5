//! The one list of routes. The router, the OpenAPI document and the examinations are made from it.

use std::{pin::Pin, sync::Arc};

use axum::{
    Router,
    extract::{RawPathParams, Request, rejection::RawPathParamsRejection},
    routing::MethodFilter,
};
use http::{HeaderValue, Method, StatusCode};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use tower::ServiceExt;

use super::{App, openapi, pages, pipeline};
use crate::api::{
    Answer, ApiError, Call, attachments, conversations, exports, graph, import, journal, links, me, notes, own, search,
    shapes::{
        AttachmentView, CardView, ConversationView, DraftCardView, DraftView, JournalPage, LinkView, Me, MemberView,
        MentionView, MessageView, NoteView, Page, PolicyWords, Profile, RevisionView, SeenView, SpaceView,
    },
    spaces,
    watches::{self, WatchView},
};
use crate::web::{self, Visit};

/// Where all routes for programs begin.
pub const PREFIX: &str = "/api/v1";

type Handled = Pin<Box<dyn Future<Output = Result<Answer, ApiError>> + Send>>;

type Shown = web::Visited;

/// Who a route speaks to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Programs: JSON, below [`PREFIX`]; the working label is a header.
    Api,
    /// People: a page that is only read; the working label is in the cookie.
    Page,
    /// People: a form that changes something, then leads on.
    Form,
    /// Browsers: style and scripts, nothing of anybody.
    Asset,
}

/// What answers.
#[derive(Clone, Copy)]
pub(super) enum Handler {
    /// JSON.
    Call(fn(Call) -> Handled),
    /// HTML.
    Visit(fn(Visit) -> Shown),
}

/// What body a route reads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reads {
    /// None.
    Nothing,
    /// JSON.
    Json,
    /// JSON lines.
    Lines,
    /// The fields of a form.
    Form,
    /// Bytes, as they come.
    Bytes,
    /// The fields of a form, and a file as it comes.
    Parts,
}

/// Whether a request may carry, or must carry, a header that makes it safe to repeat.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Careful {
    /// Neither.
    Plain,
    /// `If-Match` is required.
    Match,
    /// `Idempotency-Key` is understood.
    Repeat,
}

type Shape = fn(&mut SchemaGenerator) -> Schema;

/// One route.
pub struct Route {
    /// Who it speaks to.
    pub kind: Kind,
    /// Method.
    pub method: Method,
    /// Path: of [`Kind::Api`] below [`PREFIX`], of the others whole.
    pub path: &'static str,
    /// Name, unique.
    pub name: &'static str,
    /// Query parameters.
    pub query: &'static [&'static str],
    /// What body it reads.
    pub reads: Reads,
    /// Which headers make it safe to repeat.
    pub careful: Careful,
    /// Whether only officers find it.
    pub officers: bool,
    /// Whether it sends or receives contents: few at once for each person.
    pub contents: bool,
    pub(super) handler: Handler,
    pub(super) body: Option<Shape>,
    pub(super) answer: Option<Shape>,
}

impl std::fmt::Debug for Route {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} {}", self.method, self.address())
    }
}

fn shape<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

impl Route {
    pub(super) const fn new(
        kind: Kind,
        method: Method,
        path: &'static str,
        name: &'static str,
        handler: Handler,
    ) -> Self {
        Self {
            kind,
            method,
            path,
            name,
            query: &[],
            reads: Reads::Nothing,
            careful: Careful::Plain,
            officers: false,
            contents: false,
            handler,
            body: None,
            answer: None,
        }
    }

    /// The whole path, with its parts in braces.
    pub fn address(&self) -> String {
        match self.kind {
            Kind::Api => format!("{PREFIX}{}", self.path),
            Kind::Page | Kind::Form | Kind::Asset => self.path.to_owned(),
        }
    }

    pub(super) const fn reading(mut self, reads: Reads) -> Self {
        self.reads = reads;
        self
    }

    pub(super) fn query(mut self, names: &'static [&'static str]) -> Self {
        self.query = names;
        self
    }

    fn json<T: JsonSchema>(mut self) -> Self {
        self.reads = Reads::Json;
        self.body = Some(shape::<T>);
        self
    }

    fn lines<T: JsonSchema>(mut self) -> Self {
        self.reads = Reads::Lines;
        self.body = Some(shape::<T>);
        self
    }

    pub(super) const fn contents(mut self, reads: Reads) -> Self {
        self.reads = reads;
        self.contents = true;
        self
    }

    fn answers<T: JsonSchema>(mut self) -> Self {
        self.answer = Some(shape::<T>);
        self
    }

    const fn careful(mut self, careful: Careful) -> Self {
        self.careful = careful;
        self
    }

    pub(super) const fn for_officers(mut self) -> Self {
        self.officers = true;
        self
    }
}

macro_rules! route {
    ($method:ident $path:literal $name:literal $handler:path) => {
        Route::new(Kind::Api, Method::$method, $path, $name, Handler::Call(|call| Box::pin($handler(call))))
    };
}

/// All routes.
pub fn routes() -> &'static [Route] {
    static ROUTES: std::sync::LazyLock<Vec<Route>> = std::sync::LazyLock::new(|| {
        let mut all = people_and_spaces();
        all.extend(notes_and_links());
        all.extend(graph_routes());
        all.extend(finding());
        all.extend(ones_own());
        all.extend(attachment_routes());
        all.extend(conversations_and_journal());
        all.extend(watch_routes());
        all.extend(leaving());
        all.extend(pages::all());
        all
    });
    &ROUTES
}

fn people_and_spaces() -> Vec<Route> {
    vec![
        route!(GET "/me" "me" me::me).answers::<Me>(),
        route!(GET "/policy" "policy" me::policy).answers::<PolicyWords>(),
        route!(GET "/people" "people" me::people).answers::<Page<Profile>>(),
        route!(GET "/people/{id}" "person" me::person).answers::<Profile>(),
        route!(GET "/openapi.json" "openapi" openapi::answer),
        route!(GET "/spaces" "spaces" spaces::list).answers::<Page<SpaceView>>(),
        route!(POST "/spaces" "space-create" spaces::create)
            .json::<spaces::NewSpace>()
            .answers::<SpaceView>()
            .careful(Careful::Repeat),
        route!(GET "/spaces/{id}" "space" spaces::read).answers::<SpaceView>(),
        route!(PUT "/spaces/{id}" "space-change" spaces::change)
            .json::<spaces::NewSpace>()
            .answers::<SpaceView>()
            .careful(Careful::Match),
        route!(GET "/spaces/{id}/members" "members" spaces::members).answers::<Page<MemberView>>(),
        route!(PUT "/spaces/{id}/members/{account}" "member-enrol" spaces::enrol).json::<spaces::NewPart>(),
        route!(DELETE "/spaces/{id}/members/{account}" "member-dismiss" spaces::dismiss),
    ]
}

fn notes_and_links() -> Vec<Route> {
    vec![
        route!(GET "/feed" "feed" notes::feed).query(&["after", "limit"]).answers::<Page<CardView>>(),
        route!(GET "/notes" "notes" notes::of_space).query(&["space", "after", "limit"]).answers::<Page<CardView>>(),
        route!(POST "/notes" "note-create" notes::create)
            .json::<notes::NewNote>()
            .answers::<NoteView>()
            .careful(Careful::Repeat),
        route!(GET "/notes/{id}" "note" notes::read).answers::<NoteView>(),
        route!(PUT "/notes/{id}" "note-change" notes::change)
            .json::<notes::NewNote>()
            .answers::<NoteView>()
            .careful(Careful::Match),
        route!(DELETE "/notes/{id}" "note-delete" notes::delete).careful(Careful::Match),
        route!(GET "/notes/{id}/revisions" "revisions" notes::history)
            .query(&["before", "limit"])
            .answers::<Page<RevisionView>>(),
        route!(GET "/notes/{id}/revisions/{version}" "revision" notes::revision).answers::<NoteView>(),
        route!(POST "/notes/{id}/revisions/{version}/restore" "revision-restore" notes::restore)
            .answers::<NoteView>()
            .careful(Careful::Match),
        route!(GET "/notes/{id}/links" "note-links" links::of_note)
            .query(&["way", "after", "limit"])
            .answers::<Page<SeenView>>(),
        route!(POST "/notes/import" "import" import::import).query(&["space"]).lines::<import::Item>(),
        route!(POST "/links" "link-create" links::create)
            .json::<links::NewLink>()
            .answers::<LinkView>()
            .careful(Careful::Repeat),
        route!(GET "/links/{id}" "link" links::read).answers::<LinkView>(),
        route!(DELETE "/links/{id}" "link-delete" links::delete),
    ]
}

fn graph_routes() -> Vec<Route> {
    vec![
        route!(GET "/graph" "graph" graph::around)
            .query(&["root", "depth", "type", "from", "until", "grade", "space"])
            .answers::<graph::GraphView>(),
        route!(GET "/graph/path" "path" graph::between).query(&["from", "to"]).answers::<graph::PathView>(),
        route!(GET "/notes/{id}/lineage" "lineage" graph::lineage).answers::<graph::LineageView>(),
        route!(GET "/spaces/{id}/standing" "standing" graph::standing)
            .query(&["list"])
            .answers::<graph::StandingsView>(),
    ]
}

fn finding() -> Vec<Route> {
    vec![
        route!(GET "/search" "search" search::search)
            .query(&["q", "sort", "after", "limit", "facets"])
            .answers::<search::SearchPage>(),
        route!(GET "/suggest" "suggest" search::suggest).query(&["q"]).answers::<search::Suggested>(),
    ]
}

fn ones_own() -> Vec<Route> {
    vec![
        route!(GET "/mentions" "mentions" own::mentions).query(&["after", "limit"]).answers::<Page<MentionView>>(),
        route!(GET "/reviews" "reviews" own::reviews).query(&["after", "limit"]).answers::<Page<CardView>>(),
        route!(GET "/spaces/{id}/templates" "templates" own::templates)
            .query(&["after", "limit"])
            .answers::<Page<CardView>>(),
        route!(GET "/drafts" "drafts" own::drafts).query(&["after", "limit"]).answers::<Page<DraftCardView>>(),
        route!(POST "/drafts" "draft-create" own::begin_draft)
            .json::<own::NewDraft>()
            .answers::<DraftView>()
            .careful(Careful::Repeat),
        route!(GET "/drafts/{id}" "draft" own::draft).answers::<DraftView>(),
        route!(PUT "/drafts/{id}" "draft-change" own::save_draft)
            .json::<own::NewDraft>()
            .answers::<DraftView>()
            .careful(Careful::Match),
        route!(DELETE "/drafts/{id}" "draft-delete" own::drop_draft).careful(Careful::Match),
    ]
}

fn attachment_routes() -> Vec<Route> {
    vec![
        route!(GET "/notes/{id}/attachments" "attachments" attachments::of_note).answers::<Page<AttachmentView>>(),
        route!(POST "/notes/{id}/attachments" "attachment-begin" attachments::begin)
            .json::<attachments::NewAttachment>()
            .answers::<AttachmentView>()
            .careful(Careful::Repeat),
        route!(GET "/attachments/{id}" "attachment" attachments::read).answers::<AttachmentView>(),
        route!(DELETE "/attachments/{id}" "attachment-delete" attachments::delete).careful(Careful::Match),
        route!(GET "/attachments/{id}/content" "attachment-content" attachments::content)
            .query(&["inline"])
            .contents(Reads::Nothing),
        route!(PUT "/attachments/{id}/content" "attachment-append" attachments::append)
            .query(&["offset"])
            .answers::<AttachmentView>()
            .contents(Reads::Bytes),
    ]
}

fn conversations_and_journal() -> Vec<Route> {
    vec![
        route!(GET "/conversations" "conversations" conversations::list)
            .query(&["space", "note", "after", "limit"])
            .answers::<Page<ConversationView>>(),
        route!(POST "/conversations" "conversation-create" conversations::create)
            .json::<conversations::NewConversation>()
            .answers::<ConversationView>()
            .careful(Careful::Repeat),
        route!(GET "/conversations/{id}" "conversation" conversations::read).answers::<ConversationView>(),
        route!(GET "/conversations/{id}/messages" "messages" conversations::messages)
            .query(&["after", "limit"])
            .answers::<Page<MessageView>>(),
        route!(POST "/conversations/{id}/messages" "message-post" conversations::post)
            .json::<conversations::NewMessage>()
            .answers::<MessageView>()
            .careful(Careful::Repeat),
        route!(PUT "/conversations/{id}/messages/{message}" "message-edit" conversations::edit)
            .json::<conversations::NewMessage>()
            .answers::<MessageView>()
            .careful(Careful::Match),
        route!(DELETE "/conversations/{id}/messages/{message}" "message-withdraw" conversations::withdraw)
            .careful(Careful::Match),
        route!(GET "/journal" "journal" journal::list)
            .query(&["account", "object", "act", "verdict", "rule", "label", "since", "until", "before", "limit"])
            .answers::<JournalPage>()
            .for_officers(),
        route!(GET "/journal/checkpoint" "journal-checkpoint" journal::checkpoint).for_officers(),
        route!(GET "/journal/key" "journal-key" journal::key).for_officers(),
        route!(GET "/journal/tile/{*path}" "journal-tile" journal::tile).for_officers(),
        route!(GET "/journal/proof/{number}" "journal-proof" journal::proof).for_officers(),
        route!(GET "/journal/leaf/{number}" "journal-leaf" journal::leaf).for_officers(),
    ]
}

fn watch_routes() -> Vec<Route> {
    vec![
        route!(GET "/watches" "watches" watches::list).query(&["after", "limit"]).answers::<Page<WatchView>>(),
        route!(POST "/watches" "watch-create" watches::create)
            .json::<watches::NewWatch>()
            .answers::<WatchView>()
            .careful(Careful::Repeat),
        route!(GET "/watches/{id}" "watch" watches::read).answers::<WatchView>(),
        route!(PUT "/watches/{id}" "watch-change" watches::change)
            .json::<watches::ChangedWatch>()
            .answers::<WatchView>()
            .careful(Careful::Match),
        route!(DELETE "/watches/{id}" "watch-delete" watches::delete).careful(Careful::Match),
        route!(GET "/watches/{id}/matches" "watch-matches" watches::matches)
            .query(&["all", "after", "limit"])
            .answers::<watches::MatchesPage>(),
        route!(POST "/watches/{id}/seen" "watch-seen" watches::see).json::<watches::NewMark>().answers::<WatchView>(),
    ]
}

fn leaving() -> Vec<Route> {
    vec![
        route!(GET "/exports/spaces/{id}" "export-space" exports::space)
            .query(&["ceiling", "after", "limit"])
            .answers::<exports::ExportPage>(),
        route!(GET "/exports/notes/{id}" "export-note" exports::note)
            .query(&["ceiling", "after", "limit"])
            .answers::<exports::ExportPage>(),
    ]
}

/// The router of all routes over an application. Anything else is absent.
pub fn router(app: &Arc<App>) -> Router {
    let mut router = Router::new();
    for route in routes() {
        let path = route.address();
        let Ok(filter) = MethodFilter::try_from(route.method.clone()) else { continue };
        let shared = Arc::clone(app);
        let handler = move |path: Result<RawPathParams, RawPathParamsRejection>, request: Request| {
            let app = Arc::clone(&shared);
            async move {
                match path {
                    Ok(path) => pipeline::answer(app, route, path, request).await,
                    // Bytes that are no text name nothing; and a stranger is told that he is one first.
                    Err(_not_text) => pipeline::nowhere(app, request).await,
                }
            }
        };
        router = router.route(&path, axum::routing::on(filter, handler));
    }
    let shared = Arc::clone(app);
    let nowhere = move |request: Request| {
        let app = Arc::clone(&shared);
        async move { pipeline::nowhere(app, request).await }
    };
    let router = router.method_not_allowed_fallback(nowhere.clone()).fallback(nowhere);
    // Around the whole router: a layer of its routes runs before the router adds `Allow`.
    Router::new().fallback_service(ServiceExt::<Request>::map_response(router, silent))
}

/// A route's own `Allow` header would list methods of a route that the caller may not even know.
fn silent(mut response: axum::response::Response) -> axum::response::Response {
    if response.status() == StatusCode::NOT_FOUND {
        response.headers_mut().remove(http::header::ALLOW);
    }
    response.headers_mut().insert(http::header::SERVER, HeaderValue::from_static("vigie"));
    response
}
