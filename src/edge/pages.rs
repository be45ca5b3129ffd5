//! The part of the one list of routes that people see: pages, forms, and the files they need.

use http::Method;

use super::routes::{Handler, Kind, Reads, Route};
use crate::web::{assets, home, me, note, space, spaces};

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
    all
}

fn rooms() -> Vec<Route> {
    let asset = Handler::Visit(|visit| Box::pin(assets::asset(visit)));
    vec![
        Route::new(Kind::Asset, Method::GET, "/assets/{hash}/{name}", "asset", asset),
        page!(GET "/" "home-page" home::home).query(&["after"]),
        page!(POST "/working" "working-form" me::choose_working),
        page!(POST "/preferences" "preferences-form" me::choose),
        page!(GET "/spaces" "spaces-page" spaces::list),
        page!(GET "/spaces/new" "space-new-page" spaces::fresh),
        page!(POST "/spaces/new" "space-new-form" spaces::create),
        page!(GET "/spaces/{id}" "space-page" space::of_notes).query(&["after"]),
        page!(GET "/spaces/{id}/conversations" "space-talks-page" space::of_talks),
        page!(GET "/spaces/{id}/members" "space-members-page" space::of_members),
        page!(POST "/spaces/{id}/members" "space-members-form" space::change_members),
        page!(GET "/spaces/{id}/edit" "space-edit-page" space::edit),
        page!(POST "/spaces/{id}/edit" "space-edit-form" space::change),
    ]
}

fn notes() -> Vec<Route> {
    vec![
        page!(GET "/notes/{id}" "note-page" note::read::note),
        page!(GET "/notes/{id}/print" "note-print-page" note::read::print),
    ]
}
