//! The part of the one list of routes that people see: pages, forms, and the files they need.

use http::Method;

use super::routes::{Handler, Kind, Reads, Route};
use crate::web::{
    assets, graph, home, journal, me, message, messages, note, people, search, space, space_print, spaces, watches,
};

macro_rules! page {
    (GET $path:literal $name:literal $handler:path) => {
        Route::new(Kind::Page, Method::GET, $path, $name, Handler::Visit(|visit| Box::pin($handler(visit))))
    };
    (POST $path:literal $name:literal $handler:path) => {
        Route::new(Kind::Form, Method::POST, $path, $name, Handler::Visit(|visit| Box::pin($handler(visit))))
            .reading(Reads::Form)
    };
}

/// All pages, forms and files.
pub(super) fn all() -> Vec<Route> {
    let mut all = rooms();
    all.extend(notes());
    all.extend(people_and_talks());
    all.extend(watch_pages());
    all.extend(graphs());
    all
}

fn rooms() -> Vec<Route> {
    let asset = Handler::Visit(|visit| Box::pin(assets::asset(visit)));
    vec![
        Route::new(Kind::Asset, Method::GET, "/assets/{hash}/{name}", "asset", asset),
        page!(GET "/" "home-page" home::home).query(&["after"]),
        page!(GET "/me" "me-page" me::me),
        page!(GET "/about" "about-page" me::about),
        page!(GET "/journal" "journal-page" journal::journal)
            .query(&["account", "object", "act", "verdict", "since", "until", "before"])
            .for_officers(),
        page!(POST "/journal/export" "journal-export-form" journal::export).for_officers(),
        page!(POST "/journal/verify" "journal-verify-form" journal::verify).for_officers(),
        page!(POST "/working" "working-form" me::choose_working),
        page!(POST "/preferences" "preferences-form" me::choose),
        page!(GET "/spaces" "spaces-page" spaces::list),
        page!(GET "/spaces/new" "space-new-page" spaces::fresh),
        page!(POST "/spaces/new" "space-new-form" spaces::create),
        page!(GET "/spaces/{id}" "space-page" space::of_notes).query(&["after"]),
        page!(GET "/spaces/{id}/conversations" "space-talks-page" space::of_talks),
        page!(GET "/spaces/{id}/members" "space-members-page" space::of_members),
        page!(POST "/spaces/{id}/members" "space-members-form" space::change_members),
        page!(GET "/spaces/{id}/print" "space-print-page" space_print::print).query(&["ceiling", "after"]),
        page!(GET "/spaces/{id}/edit" "space-edit-page" space::edit),
        page!(POST "/spaces/{id}/edit" "space-edit-form" space::change),
    ]
}

fn notes() -> Vec<Route> {
    vec![
        page!(GET "/notes/new" "note-new-page" note::write::fresh).query(&["space", "template", "draft"]),
        page!(POST "/notes/new" "note-new-form" note::write::create),
        page!(POST "/notes/preview" "note-preview-form" note::preview::alone),
        page!(GET "/drafts/{id}/delete" "draft-delete-page" note::drafts::ask_drop),
        page!(POST "/drafts/{id}/delete" "draft-delete-form" note::drafts::drop),
        page!(GET "/notes/{id}" "note-page" note::read::note),
        page!(POST "/notes/{id}/tasks" "note-tasks-form" note::tasks::tick),
        page!(POST "/notes/{id}/template" "note-template-form" note::tasks::mark),
        page!(GET "/notes/{id}/edit" "note-edit-page" note::write::edit).query(&["draft"]),
        page!(POST "/notes/{id}/edit" "note-edit-form" note::write::change),
        page!(GET "/notes/{id}/history" "note-history-page" note::history::history).query(&["before", "from", "to"]),
        page!(POST "/notes/{id}/history" "note-restore-form" note::history::restore),
        page!(GET "/notes/{id}/delete" "note-delete-page" note::acts::ask_delete),
        page!(POST "/notes/{id}/delete" "note-delete-form" note::acts::delete),
        page!(GET "/notes/{id}/link" "note-link-page" note::link::ask),
        page!(POST "/notes/{id}/link" "note-link-form" note::link::link),
        page!(POST "/notes/{id}/comment" "note-comment-form" note::acts::comment),
        page!(POST "/notes/{id}/files" "note-file-form" note::files::send).contents(Reads::Parts),
        page!(GET "/files/{id}" "file-page" note::files::content).query(&["inline"]).contents(Reads::Nothing),
        page!(GET "/files/{id}/delete" "file-delete-page" note::files::ask_delete),
        page!(POST "/files/{id}/delete" "file-delete-form" note::files::delete),
        page!(GET "/links/{id}/delete" "link-delete-page" note::acts::ask_unlink),
        page!(POST "/links/{id}/delete" "link-delete-form" note::acts::unlink),
        page!(GET "/notes/{id}/print" "note-print-page" note::print::print).query(&["ceiling"]),
    ]
}

fn people_and_talks() -> Vec<Route> {
    vec![
        page!(GET "/people" "people-page" people::list),
        page!(GET "/people/{id}" "person-page" people::person),
        page!(GET "/messages" "messages-page" messages::list).query(&["after"]),
        page!(GET "/messages/new" "talk-new-page" messages::begin).query(&["person", "space"]),
        page!(POST "/messages/new" "talk-new-form" messages::open),
        page!(GET "/messages/{id}" "thread-page" messages::thread).query(&["after"]),
        page!(POST "/messages/{id}" "thread-form" messages::post),
        page!(GET "/search" "search-page" search::search).query(&["q", "s", "sort", "kind", "after"]),
        page!(POST "/search" "search-form" search::ask),
        page!(GET "/messages/{id}/{message}" "message-edit-page" message::edit),
        page!(POST "/messages/{id}/{message}" "message-edit-form" message::change),
    ]
}

fn watch_pages() -> Vec<Route> {
    vec![
        page!(GET "/watches" "watches-page" watches::list).query(&["after"]),
        page!(GET "/watches/new" "watch-new-page" watches::form::fresh).query(&["q"]),
        page!(POST "/watches/new" "watch-new-form" watches::form::create),
        page!(GET "/watches/{id}" "watch-page" watches::matches::watch).query(&["all", "after"]),
        page!(POST "/watches/{id}/seen" "watch-seen-form" watches::matches::see),
        page!(GET "/watches/{id}/edit" "watch-edit-page" watches::form::edit),
        page!(POST "/watches/{id}/edit" "watch-edit-form" watches::form::change),
        page!(GET "/watches/{id}/delete" "watch-delete-page" watches::form::ask_delete),
        page!(POST "/watches/{id}/delete" "watch-delete-form" watches::form::delete),
    ]
}

fn graphs() -> Vec<Route> {
    vec![
        page!(GET "/notes/{id}/graph" "note-graph-page" graph::around)
            .query(&["depth", "type", "from", "until", "grade", "space", "open"]),
        page!(GET "/notes/{id}/lineage" "note-lineage-page" graph::lineage),
        page!(GET "/notes/{id}/path" "note-path-page" graph::way::between).query(&["to"]),
        page!(POST "/notes/{id}/path" "note-path-form" graph::way::choose),
        page!(GET "/spaces/{id}/standing" "space-standing-page" graph::standing::of_space).query(&["list"]),
    ]
}
